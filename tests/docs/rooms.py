"""The folders in which the pages' blocks run.

The pages speak of `lab6`, whose tests take minutes for a whole class. What stands in for it here is one
small question of it under the same names, so that every command is the one that the page shows.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.grading import grade_class
from autograder.runtime.servers import Servers
from autograder.students import import_students
from autograder.verifying.cases import submitted_notebook
from tests.building import hidden_test, locked, manual, notebook, plain, solution
from tests.docs.pages import REPOSITORY

FILES = Path(__file__).parent / "course"
NOTEBOOK = "logistic_regression"
SIGMOID = "def sigmoid(x, w=1.0, b=0.0):\n    return 1 / (1 + np.exp(-(w * x + b)))"
CELLS = (
    plain("# Logistic regression\n\n**Question 1.** Write the sigmoid.", "markdown"),
    locked("import numpy as np", "setup"),
    solution(f"### BEGIN SOLUTION\n{SIGMOID}\n### END SOLUTION", "sigmoid"),
    hidden_test(
        "from autograder import checks\nx = checks.rng('sigmoid').normal(size=9)\n"
        "checks.close(sigmoid(x, 2.0, 1.0), 1 / (1 + np.exp(-2 * x - 1)), 'sigmoid(x, 2, 1)', atol=1e-6)",
        "test_sigmoid_values",
        3,
    ),
    manual("It is bounded.", "why", 2),
)
ANSWERS = {
    "ada": {},
    "ann": {"sigmoid": SIGMOID.replace("(w * x + b)", "(w * x)")},
    "bob": {"sigmoid": SIGMOID.replace("-(w", "+(w")},
}


class Rooms:
    """Makes each kind of folder once, and gives out copies."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        self.folder = folder
        self.servers = servers

    def copy(self, name: str, target: Path) -> Path:
        if name == "empty":
            target.mkdir()
            return target
        kept = self.folder / name
        if not kept.exists():
            begun = self.folder / f"{name}.begun"
            {"class": self.make_class, "graded": self.make_graded}[name](begun)
            begun.rename(kept)
        return Path(shutil.copytree(kept, target, symlinks=True))

    def make_class(self, root: Path) -> None:
        """A course with `lab6`, three students, and what they handed in as the platforms pack it."""
        shutil.copytree(FILES, root)
        shutil.copy(REPOSITORY / "nbgrader_config.py", root)
        (root / "source/lab6").mkdir(parents=True)
        (root / f"source/lab6/{NOTEBOOK}.ipynb").write_bytes(notebook(*CELLS))
        source = Assignment.from_folder("lab6", root / "source/lab6").notebook(NOTEBOOK)
        written = {who: submitted_notebook(source, {"why": "So.", **new}) for who, new in ANSWERS.items()}
        names = {
            "submissions.zip": "{id}/{notebook}.ipynb",
            "moodle.zip": "{name}_50{number}_assignsubmission_file_/{notebook}.ipynb",
        }
        for archive, path in names.items():
            with ZipFile(root / archive, "w") as packed:
                for number, (who, data) in enumerate(written.items(), 1):
                    name = path.format(
                        id=who, name=f"{who.title()} Example", number=number, notebook=NOTEBOOK
                    )
                    packed.writestr(name, data)

    def make_graded(self, root: Path) -> None:
        """The same, with the roster imported, everything laid into submitted/, and graded."""
        self.make_class(root)
        course = Course.open(root)
        import_students(course, root / "students.csv")
        with ZipFile(root / "submissions.zip") as packed:
            for who in ANSWERS:
                folder = root / "submitted" / who / "lab6"
                folder.mkdir(parents=True)
                name = f"{NOTEBOOK}.ipynb"
                (folder / name).write_bytes(packed.read(f"{who}/{name}"))
        grade_class(Context.of(course, "lab6"), (), servers=self.servers, jobs=1)
