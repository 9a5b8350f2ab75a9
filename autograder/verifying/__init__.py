"""`autograder verify`: are the tests right? Cases, mutants, answers without knowledge, and what they get."""
