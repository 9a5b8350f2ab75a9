import json
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.linting import errors_of, lint_release, lint_source
from tests.building import (
    TOY,
    flagged,
    hidden_test,
    locked,
    manual,
    notebook,
    plain,
    solution,
    source,
    task,
)


def assignment(*cells) -> Assignment:
    return Assignment("toy", (source(*cells),))


def messages(*cells, shared=()) -> list[str]:
    return [str(problem) for problem in errors_of(lint_source(assignment(*cells), shared))]


def test_an_assignment_without_problems_has_none():
    assert lint_source(assignment(*TOY)) == []


ANSWER = solution("import numpy as np\ndef f(x):\n    return x\ncurves = {}", "answer")


def of_test(text: str) -> list[str]:
    setup = locked("import numpy as np\nimport torch", "setup")
    return messages(setup, ANSWER, hidden_test(text, "t"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nglobal x", "line 4: declares `global x`"),
        ("def g():\n    global x", "line 4: declares `global x`"),
        ("globals()['f']", "line 3: uses `globals`"),
        ("exec('1')", "uses `exec`"),
        ("assert eval('1')", "uses `eval`"),
        ("%matplotlib inline", "uses a magic or a shell command"),
        ("!ls", "uses a magic or a shell command"),
        ("In[0]", "reads `In`"),
        ("Out[1]", "reads `Out`"),
        ("assert _ == 3", "reads `_`"),
        ("import __main__", "imports `__main__`"),
        ("curves = {'a': 1}", "assigns data to 'curves'"),
        ("f = 3", "assigns data to 'f'"),
        ("f: int = 3", "assigns data to 'f'"),
        ("f += 1", "assigns data to 'f'"),
        ("g, f = 1, [2]", "assigns data to 'f'"),
        ("for f in range(3): pass", "assigns data to 'f'"),
        ("if (f := 3): pass", "assigns data to 'f'"),
        ("with open('x') as f: pass", "assigns data to 'f'"),
        ("if True:\n    f = np.zeros(3)", "line 4: assigns data to 'f'"),
        ("f = list(range(3))", "assigns data to 'f'"),
        ("class f: pass", "assigns data to 'f'"),
        ("torch.manual_seed = print", "patches torch.manual_seed"),
        ("torch.nn.Linear.forward = print", "patches torch.nn.Linear.forward"),
        ("del torch.randn", "patches torch.randn"),
        ("import builtins\nbuiltins.print = 1", "patches builtins.print"),
        ("setattr(torch, 'randn', 1)", "patches torch"),
        ("from unittest.mock import patch", "patches a library"),
        ("def", "is not Python"),
    ],
)
def test_what_the_wall_refuses_is_told_with_its_line(text, message):
    found = of_test(text)
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("nb.ipynb, cell t")


@pytest.mark.parametrize(
    "text",
    [
        "assert f(1) == 1",
        "saved = f\ndel f\nf = saved",
        "def f(x):\n    return 1",
        "f = lambda x: 1",
        "def g():\n    f = 3\n    return f",
        "assert [f for f in range(3)]",
        "for _ in range(3): pass",
        "model = torch.nn.Linear(1, 1)\nmodel.weight = torch.nn.Parameter(torch.ones(1, 1))",
        "x = np.zeros(3)\nx[0] = 1",
        "f = make_spy(f)",
        "import re\nre.compile('x')",
    ],
)
def test_what_the_wall_allows_is_no_problem(text):
    assert of_test(text) == []


def test_a_test_beside_the_students_code_may_do_all_that():
    assert messages(ANSWER, hidden_test("globals()['f'] = 3", "t"), shared=["t"]) == []


def test_a_test_that_students_can_read_is_noted_but_no_error():
    cells = flagged("code", "assert True", "t", 1, grade=True)
    (problem,) = lint_source(assignment(cells))
    assert not problem.is_error
    assert "is a test that students can read" in str(problem)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (plain("### BEGIN SOLUTION\n1\n### END SOLUTION"), "BEGIN SOLUTION, which only a solution or manual"),
        (
            locked("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "a"),
            "BEGIN HIDDEN TESTS, which only a test",
        ),
        (manual("BEGIN MARK SCHEME\nEND MARK SCHEME", "a"), "BEGIN MARK SCHEME, which only a task"),
        (solution("x = 1\n### AUTOTEST x", "a"), "AUTOTEST"),
        (locked("from autograder import checks", "a"), "imports autograder where students see it"),
        (locked("def", "a"), "is not Python"),
    ],
)
def test_regions_and_imports_out_of_place_are_told(cell, message):
    (found,) = messages(cell)
    assert message in found


def test_a_plain_cell_need_not_be_python():
    assert messages(plain("?help")) == []


# the release


def released(folder: Path, *cells, **changes) -> list[str]:
    content = json.loads(notebook(*cells))
    content["cells"][0] |= changes
    (folder / "nb.ipynb").write_text(json.dumps(content))
    return [str(problem) for problem in lint_release(folder)]


@pytest.mark.parametrize("marker", ["BEGIN SOLUTION", "END HIDDEN TESTS", "BEGIN MARK SCHEME"])
def test_a_marker_in_a_release_is_a_leak(tmp_path, marker):
    assert "still has a marker" in released(tmp_path, plain(f"### {marker}"))[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}]}, "holds outputs"),
        ({"execution_count": 1}, "holds outputs"),
        ({"metadata": {"answer": 42}}, "has metadata answer"),
        ({"source": "import autograder"}, "imports autograder"),
        ({"cell_type": "markdown", "attachments": {"a.png": {}}}, "carries the file 'a.png'"),
    ],
)
def test_what_tells_an_answer_in_a_release_is_told(tmp_path, changes, message):
    (found,) = released(tmp_path, plain("x"), **changes)
    assert message in found


def test_an_attachment_that_is_shown_is_no_problem(tmp_path):
    picture = {"cell_type": "markdown", "source": "![](attachment:a.png)", "attachments": {"a.png": {}}}
    assert released(tmp_path, plain("x"), **picture) == []


def test_an_id_twice_in_a_release_is_told(tmp_path):
    assert "bears an id that another cell has" in released(tmp_path, locked("", "a"), locked("", "a"))[0]


def test_a_release_that_is_no_notebook_is_told(tmp_path):
    (tmp_path / "nb.ipynb").write_text("{")
    assert "not valid JSON" in str(lint_release(tmp_path)[0])


@pytest.mark.parametrize(
    "secret",
    [
        hidden_test("assert area(2) == 12.566370614359172 and area(0) == 0", "s"),
        solution(
            "### BEGIN SOLUTION\ndef area(r):\n    return 3.141592653589793 * r * r\n### END SOLUTION", "s"
        ),
        manual("Because the area grows with the square of the radius, as we saw.", "s"),
        task("BEGIN MARK SCHEME\nTwo points for the square, one for the constant\nEND MARK SCHEME", "s"),
    ],
    ids=["test", "solution", "manual", "task"],
)
def test_a_copy_of_a_hidden_part_is_found(tmp_path, secret):
    hidden = "\n".join(
        line for line in secret["source"].split("\n") if "BEGIN" not in line and "END" not in line
    )
    (tmp_path / "nb.ipynb").write_bytes(notebook(plain(f"Note:\n{hidden}", "markdown")))
    (problem,) = lint_release(tmp_path, assignment(secret))
    assert "shows the hidden part of cell 's'" in str(problem)
