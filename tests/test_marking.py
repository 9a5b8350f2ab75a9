import json
from pathlib import Path

import pytest

from autograder.keys import imported_paths
from autograder.marking import MESSAGE, Marked, mark, preloaded
from autograder.result import Outcome, Status
from autograder.runtime.servers import Servers
from autograder.settings import Settings
from autograder.submission import Submission
from autograder.verifying.cases import submitted_notebook
from tests.building import hidden_test, notebook, plain, solution
from tests.classroom import DOUBLE, Classroom


class Desk:
    """Marks submissions of the toy assignment, one at a time, in this process."""

    def __init__(self, root: Path, servers: Servers, *cells) -> None:
        self.room = Classroom(root, servers, *cells)
        self.servers = servers

    def mark(self, scratch: Path | None = None, **answers: str) -> Marked:
        context = self.room.context()
        data = submitted_notebook(context.assignment.notebook("nb"), answers)
        submission = Submission("ada", "toy", Path(), {"nb": data})
        return mark(context.assignment, submission, context.settings, self.servers, scratch)


@pytest.fixture
def desk(tmp_path, servers) -> Desk:
    return Desk(tmp_path / "course", servers)


def outcome_of(marked: Marked, grade_id: str):
    return next(test for test in marked.result.notebook("nb").tests if test.id == grade_id)


def shown(marked: Marked, grade_id: str) -> dict:
    cells = json.loads(marked.executed["nb"])["cells"]
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def test_a_passed_test_shows_nothing(desk):
    marked = desk.mark()
    assert outcome_of(marked, "test_half").outcome is Outcome.PASSED
    assert shown(marked, "test_half")["outputs"] == []


def test_a_failed_test_shows_its_message_to_the_student(desk):
    marked = desk.mark(double="def double(x):\n    return 3")
    test = outcome_of(marked, "test_double")
    assert (test.outcome, test.points, test.message) == (Outcome.FAILED, 0, "two times two is four")
    (output,) = shown(marked, "test_double")["outputs"]
    assert (output["output_type"], output["evalue"]) == ("error", "two times two is four")


def test_an_error_in_a_test_shows_its_kind_alone_and_the_instructor_all_of_it(desk):
    marked = desk.mark(half="def half(x):\n    raise KeyError(f'got {x}')")
    assert outcome_of(marked, "test_half").outcome is Outcome.ERROR
    assert "got 3" not in marked.executed["nb"].replace("got {x}", "")
    assert "got 3" in marked.result.withheld["nb/test_half"]


def test_what_a_student_prints_while_a_test_runs_is_withheld(desk):
    marked = desk.mark(half="def half(x):\n    print('asked for', x)\n    return x / 2")
    assert "asked for 3" not in marked.executed["nb"]
    assert "asked for 3" in marked.result.withheld["nb/test_half"]


def test_what_a_student_prints_in_a_cell_is_shown(desk):
    marked = desk.mark(double=f"{DOUBLE}\nprint('hello')")
    assert shown(marked, "double")["outputs"][0]["text"] in ("hello\n", ["hello\n"])


@pytest.mark.parametrize(
    "warn", ["import warnings; warnings.warn('w')", "import sys; print('e', file=sys.stderr)"]
)
def test_what_goes_to_stderr_costs_nothing(desk, warn):
    marked = desk.mark(half=f"def half(x):\n    {warn}\n    return x / 2")
    assert marked.result.points == 5


def test_a_cell_that_fails_costs_its_own_questions_only(desk):
    marked = desk.mark(double="1 / 0")
    assert marked.result.points == 3
    cell = next(cell for cell in marked.result.notebook("nb").cells if cell.id == "double")
    assert (cell.outcome, cell.message) == (Outcome.ERROR, "ZeroDivisionError: division by zero")


def test_an_unanswered_cell_is_told_from_a_changed_one(desk):
    marked = desk.mark(double="# YOUR CODE HERE\nraise NotImplementedError()", half="x = 1")
    changed = {cell.id: cell.changed for cell in marked.result.notebook("nb").cells}
    assert (changed["double"], changed["half"]) == (False, True)


@pytest.mark.parametrize(
    "last, points, outcome",
    [
        ("1.5", 1.5, Outcome.PARTIAL),
        ("3", 3, Outcome.PASSED),
        ("30", 3, Outcome.PASSED),
        ("0", 0, Outcome.FAILED),
        ("-1", 0, Outcome.ERROR),
        ("float('nan')", 0, Outcome.ERROR),
        ("None", 3, Outcome.PASSED),
        ("'2'", 3, Outcome.PASSED),
    ],
)
def test_partial_credit_is_the_last_number_of_the_test_within_its_points(
    tmp_path, servers, last, points, outcome
):
    cells = (solution("x = 1", "x"), hidden_test(f"assert x == 1\n{last}", "test_x", 3))
    test = outcome_of(Desk(tmp_path, servers, *cells).mark(), "test_x")
    assert (test.points, test.outcome) == (points, outcome)


IN_PARTS = """from autograder import checks
parts = checks.Parts()
with parts.worth(1, "of two"):
    assert double(2) == 4, "two times two is four"
with parts.worth(1, "of text"):
    assert double("a") == "aa", "text is doubled too"
with parts.worth(1):
    double(None)
parts.points"""


def test_a_test_in_parts_gives_points_and_messages(tmp_path, servers):
    desk = Desk(tmp_path / "course", servers, solution(DOUBLE, "double"), hidden_test(IN_PARTS, "test", 3))
    marked = desk.mark(double="def double(x):\n    return x + x if x == 2 else 2 * x if x else 1 / 0")
    test = outcome_of(marked, "test")
    assert (test.outcome, test.points) == (Outcome.PARTIAL, 2)
    assert test.message == "your code raised ZeroDivisionError when it was tested"
    said, points = shown(marked, "test")["outputs"]
    assert (said["data"]["text/plain"], said["metadata"]) == (test.message, MESSAGE)
    assert points["data"]["text/plain"] == "2.0"
    marked = desk.mark(double="def double(x):\n    return 3")
    assert outcome_of(marked, "test").message.splitlines() == [
        "of two: two times two is four",
        "of text: text is doubled too",
    ]


def test_a_student_who_dies_in_one_part_gets_none(tmp_path, servers):
    desk = Desk(tmp_path / "course", servers, solution(DOUBLE, "double"), hidden_test(IN_PARTS, "test", 3))
    marked = desk.mark(double="def double(x):\n    import os\n    return 2 * x if x else os._exit(0)")
    test = outcome_of(marked, "test")
    assert (test.outcome, test.points) == (Outcome.CRASHED, 0)


def test_a_number_of_the_student_s_is_no_partial_credit(tmp_path, servers):
    cells = (solution("x = 1", "x"), hidden_test("0.5 if x == 1 else 0", "test_x", 3))
    assert Desk(tmp_path, servers, *cells).mark(x="x = 1\nprint(3)\n3").result.points == 0.5


def test_students_servers_have_what_the_notebooks_import_and_takes_long(tmp_path):
    cells = (solution("import sklearn.svm\nimport json", "setup"), hidden_test("import torch.nn", "test", 1))
    lab = Classroom(tmp_path, None, *cells).context().assignment
    imported = imported_paths(lab)
    assert preloaded(imported, Settings()) == ("torch", "sklearn.linear_model")
    assert preloaded(imported, Settings(preload=("pandas",))) == ("pandas",)


def test_tests_of_a_shared_assignment_run_among_the_student_s(desk):
    desk.room.settings('preload = ["numpy"]\nisolation = "shared"\n')
    marked = desk.mark(half="def half(x):\n    return 0")
    assert marked.result.isolation == "shared"
    assert marked.result.points == 2
    assert outcome_of(marked, "test_half").outcome is Outcome.FAILED


def test_repairs_and_limits_that_were_hit_are_in_the_result(desk):
    desk.room.settings('preload = ["numpy"]\n[limits]\ncell_seconds = 1\ntest_seconds = 1\n')
    context = desk.room.context()
    data = json.loads(
        submitted_notebook(context.assignment.notebook("nb"), {"half": "def half(x):\n    while True: pass"})
    )
    del data["cells"][0]
    submission = Submission("ada", "toy", Path(), {"nb": json.dumps(data).encode()})
    result = mark(context.assignment, submission, context.settings, desk.servers).result
    assert "nb: has no cell 'setup'; it was put in" in result.tampering
    assert outcome_of(Marked(result), "test_half").outcome is Outcome.TIMEOUT


def test_the_same_submission_has_the_same_result_but_for_times(tmp_path, servers):
    cells = (
        plain("import numpy as np"),
        solution("import random\nx = random.random()\nprint(x)", "x"),
        hidden_test("round(x, 3)", "test_x"),
    )
    desk = Desk(tmp_path, servers, *cells)
    first, second = desk.mark(), desk.mark()
    assert first.executed == second.executed
    assert first.result.points == second.result.points


def test_a_renamed_notebook_is_found_by_its_cells(desk):
    context = desk.room.context()
    data = submitted_notebook(context.assignment.notebook("nb"), {})
    other = notebook(plain("x = 1"))
    files = {"nb (1)": data, "notes": other, "broken": b"{"}
    marked = mark(context.assignment, Submission("ada", "toy", Path(), files), context.settings, desk.servers)
    assert marked.result.points == 5
    assert "nb: renamed; nb (1).ipynb has its cells and was taken for it" in marked.result.tampering


def test_nothing_is_guessed_where_two_notebooks_could_be_the_renamed_one(desk):
    context = desk.room.context()
    data = submitted_notebook(context.assignment.notebook("nb"), {})
    files = {"nb (1)": data, "nb (2)": data}
    marked = mark(context.assignment, Submission("ada", "toy", Path(), files), context.settings, desk.servers)
    assert marked.result.status is Status.NOT_GRADABLE
    assert "nb (1).ipynb, nb (2).ipynb" in marked.result.notebook("nb").reason
