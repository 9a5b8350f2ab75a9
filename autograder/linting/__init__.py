"""`autograder lint`: what a reading of an assignment's notebooks finds wrong, before anything runs."""
