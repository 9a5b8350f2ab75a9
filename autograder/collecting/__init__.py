"""`autograder collect`: bulk downloads of learning platforms, and folders, laid into `submitted/`."""
