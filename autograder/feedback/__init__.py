"""What students and graders get to see of an executed notebook, hidden tests and scripts taken out."""
