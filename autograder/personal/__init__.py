"""Data of each student's own: drawn from a seed that depends on the course's key and the student's id."""
