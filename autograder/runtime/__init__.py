"""The wall: student code in one process, hidden tests in another, data between them."""
