"""How long grading takes: this grader, nbgrader and plain `exec`, side by side in one run."""
