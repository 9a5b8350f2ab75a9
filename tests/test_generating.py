import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.generating import generate
from autograder.linting.lint import lint_release
from autograder.notebook import lay_over
from autograder.settings import Limits
from tests.building import TOY, hidden_test, manual, notebook, plain, solution, toy_course


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_has_no_solution_and_no_hidden_test(tmp_path):
    release = generate(toy_course(tmp_path), "toy")
    text = (release / "nb.ipynb").read_text()
    assert "return 2 * x" not in text
    assert "double(2) == 4" not in text
    assert "Two for trying" not in text
    assert lint_release(release) == []
    assert (release / "data.csv").read_text() == "1,2\n"


def test_the_same_source_gives_the_same_bytes(tmp_path):
    course = toy_course(tmp_path)
    first = contents(generate(course, "toy"))
    assert contents(generate(course, "toy")) == first


def test_cells_without_ids_get_stable_ones(tmp_path):
    course = toy_course(tmp_path)
    path = course.source("toy") / "nb.ipynb"
    old = json.loads(path.read_text()) | {"nbformat_minor": 2}
    for cell in old["cells"]:
        del cell["id"]
    path.write_text(json.dumps(old))
    first = contents(generate(course, "toy"))
    assert contents(generate(course, "toy")) == first


def test_outputs_and_counts_are_cleared(tmp_path):
    shown = {"output_type": "stream", "name": "stdout", "text": "the answer"}
    cell = {**plain("print('the ' + 'answer')"), "outputs": [shown], "execution_count": 3}
    release = generate(toy_course(tmp_path, *TOY, cell), "toy")
    last = json.loads((release / "nb.ipynb").read_text())["cells"][-1]
    assert (last["outputs"], last["execution_count"]) == ([], None)


def test_the_release_handed_in_untouched_is_honest_and_unanswered(tmp_path):
    course = toy_course(tmp_path)
    release = generate(course, "toy")
    source = Assignment.load(course, "toy").notebooks[0]
    laid = lay_over(source, (release / "nb.ipynb").read_bytes(), Limits())
    assert laid.tampering == ()
    assert not any(cell.changed for cell in laid.cells)


def test_generating_registers_the_assignment(tmp_path):
    course = toy_course(tmp_path)
    generate(course, "toy")
    with closing(sqlite3.connect(course.gradebook)) as connection:
        assert connection.execute("SELECT name FROM assignment").fetchall() == [("toy",)]


def test_no_temporary_file_stays(tmp_path):
    course = toy_course(tmp_path)
    generate(course, "toy")
    generate(course, "toy")
    assert sorted(entry.name for entry in course.state.iterdir()) == ["backups"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        ".autograder",
        "gradebook.db",
        "release",
        "source",
    ]


def test_a_source_with_a_problem_leaves_the_old_release(tmp_path):
    course = toy_course(tmp_path)
    before = contents(generate(course, "toy"))
    (course.source("toy") / "nb.ipynb").write_bytes(
        notebook(*TOY, hidden_test("global x", "a"), hidden_test("eval('1')", "b"))
    )
    with pytest.raises(UsageError, match=r"cell 9 \(a\), line 3: declares `global x`.*and 1 more"):
        generate(course, "toy")
    assert contents(course.release("toy")) == before


def test_a_solution_that_a_later_cell_repeats_is_not_released(tmp_path):
    answer = "def area(radius):\n    return math.pi * radius ** 2"
    region = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    course = toy_course(tmp_path, solution(region, "a"), plain(answer))
    with pytest.raises(UsageError, match="shows the hidden part of cell 'a'"):
        generate(course, "toy")


def test_what_only_nbgrader_refuses_is_one_line(tmp_path):
    cell = manual("Because.", "why")
    cell["metadata"]["nbgrader"]["unknown"] = 1
    with pytest.raises(UsageError) as error:
        generate(toy_course(tmp_path, cell), "toy")
    assert str(error.value).startswith("toy: nbgrader refuses it: ")
    assert "\n" not in str(error.value)
