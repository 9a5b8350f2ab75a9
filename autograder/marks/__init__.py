"""Marks on their way out: out of nbgrader's gradebook, into the files that learning platforms take."""
