"""The course of docs/personal.md, built out of what stands there."""

import re
from pathlib import Path

from autograder.personal.given import PersonalData
from autograder.personal.handing_out import Handed, hand_out
from autograder.students import import_students
from tests.building import Cell, flagged, locked, solution
from tests.classroom import REPOSITORY, SETTINGS, Classroom

DOCUMENT = REPOSITORY / "docs" / "personal.md"
STUDENTS = ("ada", "bob", "cyd")
SOLUTION = "w = np.linalg.solve(X.T @ X + strength * np.eye(3), X.T @ y)"
# the same without torch, which each process that draws or solves would load for seconds
SOLVE = """def solve(data: list[dict], device: str) -> list[dict]:
    return [{"w": _ridge(**one)} for one in data]


def _ridge(X, y, strength):
    penalty = strength * np.eye(X.shape[1])
    return np.linalg.solve(X.T @ X + penalty, X.T @ y)
"""


def blocks() -> dict[str, str]:
    """The files and cells of the document, by what their first line calls them."""
    found = re.findall(r"^```(?:python|toml)\n# (\S[^\n]*)\n(.*?)^```", DOCUMENT.read_text(), re.M | re.S)
    return {name.removeprefix("cell: "): text for name, text in found}


def cells() -> tuple[Cell, ...]:
    told = blocks()
    return (
        locked(told["setup"], "setup"),
        solution(told["w"], "w"),
        flagged("code", told["test_w"], "test_w", 4, grade=True, locked=True),
    )


class RidgeRoom(Classroom):
    """The course of the document, with three students; its assignment is called toy, its notebook nb.

    Only `with_torch` it solves as the document does.
    """

    def __init__(
        self, root: Path, settings: str = "", more: tuple[Cell, ...] = (), *, with_torch: bool = False
    ) -> None:
        super().__init__(root, None, *cells(), *more)
        told = blocks()
        module = told["own_data.py"]
        if not with_torch:
            module = module.replace("import torch\n", "").partition("def solve")[0] + SOLVE
        self.write("own_data.py", module)
        self.settings(
            SETTINGS + told["autograder.toml"].replace("assignments.ridge", "assignments.toy") + settings
        )
        roster = "id,first_name,last_name\n" + "".join(f"{one},{one.title()},X\n" for one in STUDENTS)
        import_students(self.course, self.write("students.csv", roster))

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert text.count(old) == 1
        self.write(path, text.replace(old, new))

    @property
    def personal(self) -> PersonalData:
        made = self.context().personal
        assert made is not None
        return made

    @property
    def key(self) -> Path:
        return self.root / ".autograder" / "personal.key"

    def hand_out(self, **options) -> Handed:
        return hand_out(self.course, "toy", self.root / "out", **options)

    def own(self, student: str) -> bytes:
        return (self.root / "out" / student / "personal.npz").read_bytes()

    def answers(self, student: str) -> list[float]:
        """What is right for the student."""
        from autograder.checks.personal import unpacked

        self.context().prepare([student])
        solved = self.context().assignment_of(student).own.solved
        return unpacked(solved.read_bytes())["w"].tolist()
