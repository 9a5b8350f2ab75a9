"""The pages of graders and instructors: the class, its marks, and all that is done to them."""
