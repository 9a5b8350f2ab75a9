"""`python -m autograder`: the command, by the interpreter that is named."""

from autograder.cli import main

if __name__ == "__main__":
    main(prog_name="autograder")
