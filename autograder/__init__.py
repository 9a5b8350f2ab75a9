"""Grades notebooks with hidden tests behind a wall."""
