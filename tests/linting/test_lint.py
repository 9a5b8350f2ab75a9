import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment import Assignment
from autograder.cli import main
from autograder.linting.lint import errors_of, lint, lint_release, lint_source
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
    toy_course,
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
    assert found[0].startswith("source/toy/nb.ipynb, cell 3 (t)")


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
    assert "cell 2 (a): bears the id of cell 1" in released(tmp_path, locked("", "a"), locked("", "a"))[0]


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


# all of it


def linted(root: Path, *cells) -> list[str]:
    course = toy_course(root, *cells)
    return [f"{problem.place.in_full}: {problem.message}; {problem.mend}" for problem in lint(course, "toy")]


def test_an_assignment_that_is_right_has_no_problem_at_all(tmp_path):
    assert linted(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "# YOUR CODE HERE\nraise NotImplementedError()",
        "",
        "### BEGIN SOLUTION\n### END SOLUTION",
        "def f(x):\n    ### BEGIN SOLUTION\n    pass  # soon\n    ### END SOLUTION",
        "def f(x):\n    ### BEGIN SOLUTION\n    ...\n    ### END SOLUTION",
    ],
)
def test_a_cell_without_its_solution_is_told(tmp_path, text):
    (problem,) = linted(tmp_path, solution(text, "f"), hidden_test("assert f", "t"))
    assert problem.startswith(
        "source/toy/nb.ipynb, cell 1 (f): holds no solution, so 't' has nothing right to pass with; write"
    )


def test_an_answer_that_no_test_follows_may_be_empty_and_is_noted():
    (problem,) = lint_source(assignment(solution("pass", "f")))
    assert not problem.is_error


@pytest.mark.parametrize(
    "text", ["x = 1", "def f():\n    raise NotImplementedError('abstract')", "#!x\ny = 2"]
)
def test_a_solution_is_one_however_short(text):
    assert lint_source(assignment(solution(text, "f"), hidden_test("assert f", "t"))) == []


def test_every_cell_that_is_wrong_is_told_at_once(tmp_path):
    found = linted(
        tmp_path,
        locked("", "a"),
        locked("", "a"),
        flagged("code", "", "b", -1, grade=True),
        locked("", "a"),
        manual("### BEGIN SOLUTION", "c"),
    )
    assert found == [
        "source/toy/nb.ipynb, cell 2: cell 1 has the id 'a' too; give each cell its own",
        "source/toy/nb.ipynb, cell 3: a graded cell needs points, a number that is not negative; set them",
        "source/toy/nb.ipynb, cell 4: cell 1 has the id 'a' too; give each cell its own",
        "source/toy/nb.ipynb, cell 5: BEGIN SOLUTION without END SOLUTION; "
        "correct the line that opens or closes it",
    ]


def test_the_line_that_a_problem_is_about_is_shown(tmp_path):
    (problem,) = linted(tmp_path, ANSWER, hidden_test("x = 1\n  \nf = 3", "t"))
    assert problem.startswith("source/toy/nb.ipynb, cell 2 (t), line 5: f = 3: assigns data to 'f'")


SECRET = "def area(r):\n    quarter_turn = 1.5707963\n    return 2 * quarter_turn * r * r"
HIDING = solution(f"### BEGIN SOLUTION\n{SECRET}\n### END SOLUTION", "area")


def with_metadata(**metadata) -> dict:
    return plain("Look.", "markdown") | {"metadata": metadata}


def pictured(name: str, data: str) -> dict:
    return plain(f"![](attachment:{name})", "markdown") | {"attachments": {name: {"image/svg+xml": data}}}


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (plain(f"As in\n{SECRET}", "markdown"), "shows the hidden part of cell 'area'"),
        (locked(SECRET, "demo"), "shows the hidden part of cell 'area'"),
        (with_metadata(tags=[SECRET]), "shows in its metadata what cell 'area' hides"),
        (with_metadata(tags=["quarter_turn = 1.5707963"]), "shows in its metadata what cell 'area' hides"),
        (with_metadata(jupyter={"quarter_turn = 1.5707963": 1}), "shows in its metadata"),
        (pictured("a.svg", f"<svg><text>{SECRET}</text></svg>"), "shows in the attachment 'a.svg'"),
        (pictured("a.svg", base64.b64encode(SECRET.encode()).decode()), "shows in the attachment 'a.svg'"),
    ],
)
def test_an_answer_that_shows_elsewhere_is_found_in_the_source(tmp_path, cell, message):
    found = linted(tmp_path, HIDING, hidden_test("assert area(0) == 0", "t"), cell)
    assert len(found) == 1 and message in found[0] and "nb.ipynb, cell 3" in found[0]


def test_a_name_that_only_the_solution_has_is_found_in_metadata(tmp_path):
    helper = solution("### BEGIN SOLUTION\nquarter_turn = 1.57\n### END SOLUTION\narea = None", "area")
    (problem,) = linted(tmp_path, helper, with_metadata(tags=["see quarter_turn"]))
    assert "shows in its metadata what cell 'area' hides" in problem


def test_a_name_that_students_read_is_no_secret(tmp_path):
    told = plain("Call it `quarter_turn`, please.", "markdown") | {"metadata": {"tags": ["quarter_turn"]}}
    helper = solution("### BEGIN SOLUTION\nquarter_turn = 1.57\n### END SOLUTION\narea = None", "area")
    assert linted(tmp_path, helper, told) == []


def test_a_file_beside_the_notebook_that_holds_an_answer_is_found(tmp_path):
    course = toy_course(tmp_path, HIDING, hidden_test("assert area(0) == 0", "t"))
    (course.source("toy") / "answers.py").write_text(SECRET)
    (problem,) = lint(course, "toy")
    assert str(problem).startswith("source/toy/answers.py: shows the hidden part of cell 'area'")


def test_a_release_that_was_run_and_saved_again_is_told(tmp_path):
    course = toy_course(tmp_path)
    folder = course.release("toy")
    folder.mkdir(parents=True)
    shown = plain("1 + 1") | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}]}
    content = json.loads(notebook(shown)) | {"metadata": {"note": "def area(r):"}}
    (folder / "nb.ipynb").write_text(json.dumps(content))
    (problem,) = lint(course, "toy")
    assert (
        str(problem)
        == "release/toy/nb.ipynb, cell 1: holds outputs; generate the release again; it clears them"
    )


def test_the_metadata_of_a_released_notebook_are_searched(tmp_path):
    content = json.loads(notebook(plain("x"))) | {"metadata": {"note": SECRET}}
    (tmp_path / "nb.ipynb").write_text(json.dumps(content))
    (problem,) = lint_release(tmp_path, assignment(HIDING))
    assert "shows in the notebook's metadata what cell 'area' hides" in str(problem)


def test_what_is_wrong_in_source_and_release_alike_is_told_once(tmp_path):
    course = toy_course(tmp_path, with_metadata(secret=1))
    folder = course.release("toy")
    folder.mkdir(parents=True)
    (folder / "nb.ipynb").write_bytes(notebook(with_metadata(secret=1)))
    assert [str(problem.place) for problem in lint(course, "toy")] == ["source/toy/nb.ipynb, cell 1"]


def test_the_command_gives_two_lines_and_a_mend_and_one_document_for_programs(tmp_path):
    toy_course(tmp_path, ANSWER, hidden_test("f = '\x1b]0;owned\x07'", "t"))
    base = ["--course", str(tmp_path), "lint", "toy"]
    ran = CliRunner().invoke(main, base)
    assert ran.exit_code == 1
    place, text, mend, total = ran.output.splitlines()
    assert place == "source/toy/nb.ipynb, cell 2 (t), line 3: assigns data to 'f', a name of the student's"
    assert text.strip().startswith("f = '") and "\x1b" not in text
    assert mend == "    mend: choose another name: it stays in the test"
    assert total == "toy: 1 problem, 0 notes"
    (found,) = json.loads(CliRunner().invoke(main, [*base, "--json"]).output)["problems"]
    assert (found["place"]["line"], found["place"]["number"], found["is_error"]) == (3, 2, True)


def test_an_assignment_that_is_not_there_is_one_line(tmp_path):
    toy_course(tmp_path)
    ran = CliRunner().invoke(main, ["--course", str(tmp_path), "lint", "tiy"])
    assert ran.exit_code == 2 and "did you mean 'toy'" in ran.output
