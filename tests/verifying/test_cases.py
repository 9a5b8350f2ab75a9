import json

import pytest

from autograder.errors import UsageError
from autograder.verifying.cases import Case, parse_case, read_cases, submitted_notebook
from tests.building import hidden_test, notebook, solution
from tests.classroom import NUMBERS, Classroom

HEAD = "# /// case\n# about = 'rounds down'\n# expect = { test_half = 'zero' }\n# ///\n"
SECOND = (
    solution("half = 0", "half"),
    solution("other = 1", "other"),
    hidden_test("assert other", "test_other"),
)


@pytest.fixture
def assignment(tmp_path):
    room = Classroom(tmp_path)
    room.write("source/toy/second.ipynb", notebook(*SECOND))
    return room.context().assignment


def test_a_case_has_answers_and_the_verdicts_they_deserve(assignment):
    text = f"{HEAD}# %% nb:half\ndef half(x):\n    return x // 2\n\n\n# %% other\nother = 2\n"
    assert parse_case("wrong/floor", text, assignment) == Case(
        name="wrong/floor",
        about="rounds down",
        answers={("nb", "half"): "def half(x):\n    return x // 2", ("second", "other"): "other = 2"},
        expect={"test_half": "zero"},
    )


def test_a_head_after_many_empty_lines_is_found_and_its_lack_is_told(assignment):
    """Tried in every way, thirty lines would take minutes."""
    empty = "\n \t\n" * 10_000
    assert parse_case("c", empty + "# /// case\n# ///\n", assignment).answers == {}
    with pytest.raises(UsageError, match="c: "):
        parse_case("c", empty + "x = 1\n", assignment)


def test_a_written_answer_loses_the_hash_before_each_line(assignment):
    case = parse_case("c", "# /// case\n# ///\n# %% why\n# # Title\n#\n# Because.\n", assignment)
    assert case.answers == {("nb", "why"): "# Title\n\nBecause."}


@pytest.mark.parametrize("rest, rest_any", [("", False), ('# rest = "any"\n', True)])
def test_the_rest_is_full_unless_it_may_be_anything(assignment, rest, rest_any):
    assert parse_case("c", f"# /// case\n{rest}# ///\n", assignment).rest_any is rest_any


def test_an_attack_may_carry_notes(assignment):
    head = "# kind = 'memory'\n# promise = 4\n# succeeds_at = ['nbgrader', 'tier0']\n# needs = 'numpy'\n"
    case = parse_case("c", f"# /// case\n{head}# ///\n", assignment)
    assert (case.promise, case.succeeds_at, case.expect) == (4, ("nbgrader", "tier0"), {})


def test_notes_of_another_form_are_no_error(assignment):
    head = "# promise = 'none of yours'\n# succeeds_at = 'everywhere'\n# needs = 3\n"
    case = parse_case("c", f"\n# /// case\n{head}# ///\n", assignment)
    assert (case.promise, case.succeeds_at) == (None, ("everywhere",))


@pytest.mark.parametrize(
    "answers, notebooks",
    [
        ("", ["nb", "second"]),
        ("# %% double\nx\n", ["nb"]),
        ("# %% double\nx\n# %% other\nx\n", ["nb", "second"]),
    ],
)
def test_a_case_touches_the_notebooks_of_its_answers_or_all(assignment, answers, notebooks):
    assert parse_case("c", f"# /// case\n# ///\n{answers}", assignment).notebooks(assignment) == notebooks


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "begins with"),
        ("# %% half\n", "begins with"),
        ("# /// case\n# about = 'x'\n", "begins with"),
        ("# /// case\n# about = x\n# ///\n", "not valid TOML"),
        ("# /// case\n# points = 3\n# ///\n", "unknown key 'points'"),
        ("# /// case\n# rest = 'full'\n# ///\n", "rest can only be"),
        ("# /// case\n# expect = 'zero'\n# ///\n", "expect maps"),
        ("# /// case\n# expect = { test_hlf = 'zero' }\n# ///\n", "did you mean 'test_half'"),
        ("# /// case\n# expect = { test_half = 0 }\n# ///\n", "write full, partial or zero"),
        ("# /// case\n# ///\nx = 1\n# %% double\n", "before the first"),
        ("# /// case\n# ///\n# %% duble\n", "did you mean 'double'"),
        ("# /// case\n# ///\n# %% test_half\n", "no solution cell"),
        ("# /// case\n# ///\n# %% setup\n", "no solution cell"),
        ("# /// case\n# ///\n# %% half\n", "write NOTEBOOK:half"),
        ("# /// case\n# ///\n# %% third:half\n", "no solution cell"),
        ("# /// case\n# ///\n# %% double\nx\n# %% nb:double\ny\n", "two cells"),
    ],
)
def test_what_is_wrong_with_a_case_is_said_with_its_file(assignment, text, told):
    with pytest.raises(UsageError, match=r"^cases/bad\.py: ") as error:
        parse_case("bad", text, assignment, "cases/bad.py")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_is_searched_through_and_names_are_paths_without_suffix(assignment, tmp_path):
    for name in ("b.py", "wrong/deep/a.py", "notes.txt"):
        (tmp_path / "cases" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cases" / name).write_text("# /// case\n# ///\n")
    assert [case.name for case in read_cases(tmp_path / "cases", assignment)] == ["b", "wrong/deep/a"]


def test_a_case_that_is_no_text_is_named(assignment, tmp_path):
    (tmp_path / "x.py").write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"x\.py: cannot be read"):
        read_cases(tmp_path, assignment)


# A notebook as a student hands it in --------------------------------------------------------------


def sources(data: bytes) -> dict[str, str]:
    cells = json.loads(data)["cells"]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell["source"] for cell in cells}


def test_a_submitted_notebook_holds_the_solution_but_for_the_answers(assignment):
    given = sources(submitted_notebook(assignment.notebook("nb"), {"half": "half = 1"}))
    assert given["half"] == "half = 1"
    assert "return 2 * x" in given["double"]
    assert "SOLUTION" not in given["double"], "students see no marks of the instructor's"


def test_a_submitted_notebook_shows_no_hidden_test(assignment):
    assert "assert" not in sources(submitted_notebook(assignment.notebook("nb")))["test_half"]


def test_an_unsolved_notebook_is_as_it_was_released(assignment):
    given = sources(submitted_notebook(assignment.notebook("nb"), solved=False))
    assert "raise NotImplementedError()" in given["double"]
    assert given["setup"] == "import numpy as np"


def test_locked_cells_and_written_answers_are_there(assignment):
    assert sources(submitted_notebook(assignment.notebook("nb"))).keys() == {
        cell["metadata"]["nbgrader"]["grade_id"] for cell in NUMBERS
    }
