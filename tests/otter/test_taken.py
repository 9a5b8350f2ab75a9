"""An assignment of otter's behind the wall: what notebooks get, and what attacks on otter get here."""

import json

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError
from autograder.grading import grade
from autograder.otter.taking import take_over
from autograder.result import Outcome, Status
from autograder.settings import Settings
from tests.otter.writing import autograder_zip, code, exception_file, notebook, ok_file, raw, spec

START = "import otter\nimport numpy as np\ngrader = otter.Notebook('hw.ipynb')"
TWICE = "def twice(a):\n    return 2 * a"
FIVE = ok_file(
    spec(
        "five",
        {"code": ">>> x + 0 > 4\nTrue", "hidden": False, "points": 1},
        {"code": ">>> np.isclose(x, 5)\nnp.True_", "points": 2, "failure_message": "x is not five"},
    )
)
DOUBLE = exception_file(
    "double",
    ("points=1", "def test_two(twice):\n    assert twice(2) == 4, 'two times two is four'"),
    (
        "points=3, hidden=True",
        "def test_all(env):\n    assert [env['twice'](i) for i in range(3)] == [0, 2, 4]",
    ),
)


@pytest.fixture
def course(tmp_path) -> Course:
    (tmp_path / "course" / "source").mkdir(parents=True)
    return Course.open(tmp_path / "course")


@pytest.fixture
def taken(course, tmp_path) -> Assignment:
    take_over(course, autograder_zip(tmp_path / "hw.zip", {"five": FIVE, "double": DOUBLE}))
    return Assignment.load(course, "hw")


def results(servers, taken, tmp_path, *cells, name="hw", **settings):
    path = tmp_path / f"{name}.ipynb"
    path.write_bytes(notebook(*cells))
    (part,) = grade(taken, path, settings=Settings(**settings), servers=servers).notebooks
    return part, {test.id: test for test in part.tests}


def points(*arguments, **settings) -> dict[str, float]:
    return {name: test.points for name, test in results(*arguments, **settings)[1].items()}


def test_a_question_is_tested_where_it_is_last_checked(servers, taken, tmp_path):
    cells = (START, TWICE, "x = 4", "grader.check('five')", "x = 5", "grader.check('five')", "x = 6")
    assert points(servers, taken, tmp_path, *cells) == {"five": 3, "double": 4}
    cells = (START, TWICE, "x = 5", "grader.check('five')", "x = 4", "grader.check('five')")
    assert points(servers, taken, tmp_path, *cells) == {"five": 0, "double": 4}


def test_a_question_that_no_cell_checks_is_tested_at_the_end(servers, taken, tmp_path):
    assert points(servers, taken, tmp_path, START, "x = 4", TWICE, "x = 5") == {"five": 3, "double": 4}


def test_metadata_of_a_cell_check_too_and_ignored_cells_do_not_run(servers, taken, tmp_path):
    cells = (START, code("x = 5", otter={"tests": ["five"]}), TWICE, code("x = 0", otter={"tests": []}))
    assert points(servers, taken, tmp_path, *cells)["five"] == 3
    cells = (
        START,
        TWICE,
        "x = 5",
        code("x = 0", tags=["otter_ignore"]),
        code("x = 0", otter={"ignore": True}),
    )
    assert points(servers, taken, tmp_path, *cells)["five"] == 3


def test_what_failed_is_said_case_by_case(servers, taken, tmp_path):
    _, tests = results(servers, taken, tmp_path, START, "x = 4.5", "def twice(a):\n    return a + 2")
    assert tests["five"].message == "five - 2: x is not five"
    assert tests["double"].message.startswith("double - 2: ")
    assert (tests["five"].points, tests["double"].points) == (1, 1)
    _, tests = results(servers, taken, tmp_path, START, "x = 4", "def twice(a):\n    return 1 / 0")
    assert tests["five"].message.startswith("five - 1: expected True, got False\n")
    assert "your code raised ZeroDivisionError" in tests["double"].message


def test_a_notebook_of_any_name_is_taken_and_two_are_not(servers, taken, tmp_path):
    part, tests = results(servers, taken, tmp_path, START, TWICE, "x = 5", name="mine (2)")
    assert (part.name, tests["five"].points) == ("hw", 3)
    folder = tmp_path / "two"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.ipynb").write_bytes(notebook("x = 5"))
    (part,) = grade(taken, folder, servers=servers).notebooks
    assert part.status is Status.NOT_GRADABLE
    assert "a.ipynb, b.ipynb" in part.reason


@pytest.mark.parametrize("ending", ["import os; os._exit(0)", "raise SystemExit", "import os; os.chdir('/')"])
def test_a_cell_that_ends_the_process_costs_nothing_else(servers, taken, tmp_path, ending):
    cells = (START, TWICE, "x = 5", "grader.check('five')", ending)
    assert points(servers, taken, tmp_path, *cells) == {"five": 3, "double": 4}


def test_a_crash_in_a_test_costs_one_question(servers, taken, tmp_path):
    cells = (START, "x = 5", "def twice(a):\n    import os; os._exit(0)")
    _, tests = results(servers, taken, tmp_path, *cells)
    assert (tests["five"].points, tests["double"].outcome) == (3, Outcome.CRASHED)


NOTHING = "\nx = 4.5\ndef twice(a):\n    return None"
ANY = """
class Any:
    def __eq__(self, other): return True
    def __gt__(self, other): return True
    def __add__(self, other): return self
    def __repr__(self): return "True"
x = Any()
def twice(a): return Any()
"""
FORGERIES = {
    "always equal": ANY,
    "own numpy": "class np:\n    isclose = staticmethod(lambda *a: True)" + NOTHING,
    "patched numpy": "np.isclose = lambda *a: np.True_" + NOTHING,
    "patched doctest": "import doctest\ndoctest.DocTestRunner.run = lambda *a, **k: None" + NOTHING,
    "patched otter": "otter.Question.points = 100.0\notter.Failed = ValueError" + NOTHING,
    "results of its own": "open('results.json', 'w').write('{\"score\": 100}')" + NOTHING,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_forges_marks_of_otter_forges_none_here(servers, taken, tmp_path, name):
    found = points(servers, taken, tmp_path, START, FORGERIES[name])
    assert found["five"] <= 1  # the public case holds for 4.5
    assert found["double"] == 0


SEARCH = """
import contextlib, pathlib
found = []
for path in (p for root in ("/tmp", "/home", "/root", "/srv", ".") for p in pathlib.Path(root).rglob("*.py")):
    with contextlib.suppress(OSError):
        if "x is not " + "five" in path.read_text("utf-8", "ignore"):
            found.append(path)
assert not found
"""


def test_no_file_of_the_students_tells_the_tests(servers, taken, tmp_path):
    part, _ = results(servers, taken, tmp_path, START, SEARCH, "x = 5")
    assert part.cells[1].outcome is Outcome.PASSED, part.cells[1].message


def test_a_question_can_be_run_in_the_students_process(servers, taken, tmp_path):
    cells = (START, TWICE, "x = 5")
    assert points(servers, taken, tmp_path, *cells, isolation="shared") == {"five": 3, "double": 4}
    cells = (START, "def twice(a):\n    return a + 2", "x = 4.5")
    assert points(servers, taken, tmp_path, *cells, isolation="shared") == {"five": 1, "double": 1}


def test_a_seed_is_set_before_every_cell(servers, course, tmp_path):
    tests = {"same": ok_file(spec("same", {"code": ">>> a == b\nTrue\n>>> c\n3", "points": 1}))}
    config = {"seed": 3, "seed_variable": "s"}
    for name, settings, cells in (
        ("plain", {"seed": 3}, ("import random; c = 3", "a = random.random()", "b = random.random()")),
        ("variable", config, ("c = s", "a = s; s = 0", "b = s")),
    ):
        take_over(course, autograder_zip(tmp_path / f"{name}.zip", tests, settings))
        assert points(servers, Assignment.load(course, name), tmp_path, *cells) == {"same": 1}


def test_scalars_of_numpy_2_are_what_numpy_1_printed(servers, course, tmp_path):
    case = {"code": ">>> v.sum()\n6\n>>> v.mean() == 2\nTrue\n>>> np.float64(2)\n2.0", "points": 1}
    take_over(course, autograder_zip(tmp_path / "hw.zip", {"sum": ok_file(spec("sum", case))}))
    found = points(
        servers, Assignment.load(course, "hw"), tmp_path, "import numpy as np\nv = np.arange(1, 4)"
    )
    assert found == {"sum": 1}


def test_files_of_the_instructor_lie_beside_the_notebook(servers, course, tmp_path):
    tests = {"data": ok_file(spec("data", {"code": ">>> text\n'ours'", "points": 1}))}
    take_over(course, autograder_zip(tmp_path / "hw.zip", tests, files=[("data/a.txt", "ours")]))
    cells = ("text = open('data/a.txt').read()",)
    assert points(servers, Assignment.load(course, "hw"), tmp_path, *cells) == {"data": 1}


# taking over --------------------------------------------------------------------------------------


def master(**config) -> bytes:
    head = "\n".join(
        ["# ASSIGNMENT CONFIG", "name: hw01", *(f"{key}: {value}" for key, value in config.items())]
    )
    test = code("isinstance(x, int)")
    hidden = code("# HIDDEN\nx")
    outputs = [("True", test), ("5", hidden)]
    for text, cell in outputs:
        data = {"text/plain": text}
        cell["outputs"] = [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
        ]
    return notebook(
        raw(head),
        raw("# BEGIN QUESTION\nname: q1\npoints: 2"),
        {"cell_type": "markdown", "metadata": {}, "source": "Bind x to five."},
        raw("# BEGIN SOLUTION"),
        code("x = 5 # SOLUTION"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        test,
        hidden,
        raw("# END TESTS"),
        raw("# END QUESTION"),
    )


def test_a_master_notebook_becomes_an_assignment_with_solution_and_release(servers, course, tmp_path):
    (tmp_path / "hw.ipynb").write_bytes(master())
    taken = take_over(course, tmp_path / "hw.ipynb", "hw")
    assert taken.notes == ()
    assert taken.release is not None
    released = (taken.release / "hw.ipynb").read_text()
    assert "x = 5" not in released
    assignment = Assignment.load(course, "hw")
    assert assignment.max_points == 2
    assert points(servers, assignment, tmp_path, "x = 5") == {"q1": 2}
    assert points(servers, assignment, tmp_path, "x = 6") == {"q1": 1}


def test_tests_in_the_metadata_of_a_notebook_are_taken(course, tmp_path):
    tests = {"five": spec("five", {"code": ">>> x\n5", "points": 2})}
    path = tmp_path / "lab.ipynb"
    path.write_bytes(notebook("x = 5", otter={"OK_FORMAT": True, "tests": tests}))
    assert take_over(course, path).notebook.max_points == 2
    path.write_bytes(notebook("x = 5", otter={"OK_FORMAT": False, "tests": {"double": DOUBLE}}))
    assert take_over(course, path, "second").notebook.max_points == 4


def test_what_is_no_assignment_is_said_in_one_line(course, tmp_path):
    for name, data, message in (
        ("a.ipynb", b"{}", "is no notebook"),
        ("b.ipynb", notebook("x"), "neither a master notebook nor one with tests"),
        ("c.txt", b"x", "neither a notebook nor a zip"),
        (
            "d.ipynb",
            notebook("x", otter={"OK_FORMAT": True, "tests": {"../q": spec("q")}}),
            "cannot be a file's name",
        ),
        ("e.ipynb", master(nonsense=1), "`otter assign` refused it"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UsageError, match=message):
            take_over(course, tmp_path / name, "new")
    with pytest.raises(UsageError, match="no such file"):
        take_over(course, tmp_path / "nothere.zip")
    with pytest.raises(UsageError, match="no tests of otter's"):
        take_over(course, autograder_zip(tmp_path / "empty.zip", {}))
    with pytest.raises(UsageError, match="leads out of the folder"):
        take_over(course, autograder_zip(tmp_path / "out.zip", {"five": FIVE}, files=[("../../x", "")]))
    assert course.assignments() == []


def test_an_assignment_that_is_there_stays(course, tmp_path):
    path = autograder_zip(tmp_path / "hw.zip", {"five": FIVE})
    take_over(course, path)
    with pytest.raises(UsageError, match="is there already"):
        take_over(course, path)


@pytest.mark.parametrize(
    "config, message",
    [
        ({"seed": "x"}, "seed must be a whole number"),
        ({"seed": 1, "seed_variable": "a b"}, "seed_variable must be a name"),
        ({"lang": "r"}, "only assignments in Python"),
    ],
)
def test_settings_that_cannot_work_are_said(course, tmp_path, config, message):
    with pytest.raises(UsageError, match=message):
        take_over(course, autograder_zip(tmp_path / "hw.zip", {"five": FIVE}, config))


def test_settings_that_are_not_heeded_are_said(course, tmp_path):
    taken = take_over(course, autograder_zip(tmp_path / "hw.zip", {"five": FIVE}, {"points_possible": 9}))
    assert "points_possible of otter_config.json is not heeded" in taken.notes[0]
    assert json.loads((course.root / "source/hw/otter_config.json").read_text()) == {"points_possible": 9}
