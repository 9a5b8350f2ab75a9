"""Grading on Gradescope's platform: the zip that it builds an image of, and what runs in that image."""
