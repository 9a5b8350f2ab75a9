"""The pages of `autograder serve`: students hand in and see what came of it, instructors mark and release.

`routes` is the list of all addresses, each with who may ask for it; `app` makes the application of it.
"""
