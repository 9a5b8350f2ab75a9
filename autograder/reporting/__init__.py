"""What a class's marks say of the assignment: numbers, a page, the same numbers as CSV."""
