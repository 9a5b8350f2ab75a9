"""Small random courses: an assignment with questions of every kind, and students who do anything to it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autograder.source import SourceNotebook
from autograder.verifying.cases import submitted_notebook
from tests.building import Cell, hidden_test, locked, manual, notebook, plain, solution, task

# what a student makes of a function that should return 3 * x + 1
ANSWERS = {
    "right": "def {name}(x):\n    return 3 * x + 1",
    "wrong": "def {name}(x):\n    return 3 * x",
    "right for one": "def {name}(x):\n    return 4",
    "raises": "def {name}(x):\n    raise ValueError('no idea')",
    "no python": "def {name}(x:",
    "another name": "def other(x):\n    return 3 * x + 1",
    "prints": "def {name}(x):\n    print('x is', x)\n    return 3 * x + 1",
    "warns": "import sys\ndef {name}(x):\n    print('x is', x, file=sys.stderr)\n    return 3 * x + 1",
    "untouched": None,
}
TESTS = {
    "plain": "assert {name}(1) == 4\nassert {name}(2) == 7",
    "in part": "({name}(1) == 4) * 0.5 + ({name}(2) == 7) * 1.5",
    "with text": "assert {name}(1) == 4, 'one gives four'\nprint('done')",
    "of a locked value": "assert {name}(BASE) == 3 * BASE + 1",
    "none": "None",
}
EDITS = ("none", "none", "delete test", "edit test", "more points", "own cell", "edit locked", "stale output")


@dataclass(frozen=True)
class Student:
    """By question: what the answer is, and what was done to the cells around it."""

    answers: tuple[str, ...]
    edits: tuple[str, ...]
    writes: bool


@dataclass(frozen=True)
class Small:
    """`tests` is the kind of each question's test; the students are called s0, s1, ..."""

    tests: tuple[str, ...]
    students: tuple[Student, ...]

    def cells(self) -> list[Cell]:
        made = [plain("# Small", "markdown"), locked("BASE = 5", "base")]
        for number, kind in enumerate(self.tests):
            name = f"f{number}"
            answer = ANSWERS["right"].format(name=name)
            made.append(solution(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", name))
            made.append(hidden_test(TESTS[kind].format(name=name), f"test_{name}", 2))
        made.append(manual("Because.", "why", 3))
        made.append(manual("### BEGIN SOLUTION\nz = 1\n### END SOLUTION", "drawing", 2, "code"))
        made.append(task("Do it.", "chore", 1))
        return made

    def write(self, root: Path) -> Path:
        """The course in the new folder `root`."""
        folder = root / "source" / "small"
        folder.mkdir(parents=True)
        (folder / "nb.ipynb").write_bytes(notebook(*self.cells()))
        (root / "autograder.toml").write_text("preload = []\n")
        source = SourceNotebook.parse("nb", (folder / "nb.ipynb").read_bytes())
        for number, student in enumerate(self.students):
            target = root / "submitted" / f"s{number}" / "small" / "nb.ipynb"
            target.parent.mkdir(parents=True)
            target.write_text(json.dumps(self._handed_in(source, student)))
        return root

    def _handed_in(self, source: SourceNotebook, student: Student) -> dict[str, Any]:
        texts = {}
        for number, kind in enumerate(student.answers):
            if (text := ANSWERS[kind]) is not None:
                texts[f"f{number}"] = text.format(name=f"f{number}")
        if student.writes:
            texts |= {"why": "Since it is so.", "drawing": "z = 2"}
        made: dict[str, Any] = json.loads(submitted_notebook(source, texts, solved=False))
        for number, edit in enumerate(student.edits):
            made["cells"] = list(_edited(made["cells"], f"test_f{number}", edit))
        return made

    def is_intended(self, key: tuple[str, ...], theirs: Any, ours: Any) -> bool:
        """Whether a row differs as docs/nbgrader.md says that it does."""
        if key[0] != "grade" or not key[3].startswith("test_f"):
            return False
        number = int(key[3].removeprefix("test_f"))
        student = self.students[int(key[1].removeprefix("s"))]
        if student.edits[number] == "delete test":  # left open for ever by nbgrader; put back and run here
            return theirs == (None, None, None, 1) and ours[1:] == (None, None, 0)
        # what is written to stderr costs no marks here
        return student.answers[number] == "warns" and theirs == (0.0, None, None, 0) and ours[0] > 0


def _edited(cells: list[Cell], test: str, edit: str) -> list[Cell]:
    made = []
    for cell in cells:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade_id") == test:
            match edit:
                case "delete test":
                    continue
                case "edit test":
                    cell = {**cell, "source": "pass"}
                case "more points":
                    cell = {**cell, "metadata": {"nbgrader": {**about, "points": 100}}}
                case "own cell":
                    made.append({**plain("mine = 1"), "id": f"mine-{test}"})
                case "stale output":
                    output = {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}}
                    cell = {**cell, "outputs": [{**output, "execution_count": 1}]}
        if edit == "edit locked" and about.get("grade_id") == "base":
            cell = {**cell, "source": "BASE = 0"}
        made.append(cell)
    return made


@st.composite
def small_courses(draw: st.DrawFn, students: int = 4) -> Small:
    tests = tuple(draw(st.lists(st.sampled_from(sorted(TESTS)), min_size=2, max_size=4)))
    each = {"min_size": len(tests), "max_size": len(tests)}
    return Small(
        tests,
        tuple(
            Student(
                tuple(draw(st.lists(st.sampled_from(sorted(ANSWERS)), **each))),
                tuple(draw(st.lists(st.sampled_from(EDITS), **each))),
                draw(st.booleans()),
            )
            for _ in range(students)
        ),
    )
