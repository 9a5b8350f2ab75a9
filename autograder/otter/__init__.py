"""Assignments in the formats of otter-grader 7."""
