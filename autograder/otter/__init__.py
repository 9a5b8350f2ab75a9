"""Assignments for otter-grader: theirs, graded behind the wall, and ours, written for them."""
