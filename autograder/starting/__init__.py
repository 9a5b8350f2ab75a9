"""Something to start from: a course, and an assignment with one question of each kind."""
