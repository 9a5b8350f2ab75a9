import pytest

from autograder.assignment import Assignment
from autograder.autograded import write_autograded
from autograder.marking import Marked
from autograder.result import Result, Status
from autograder.submission import Submission
from tests.building import toy_assignment

MARKED = Marked(
    Result(1, "toy", "ada", Status.GRADED, "k", 1, "wall", {}, {}, ()),
    {"nb": "executed"},
    {"made.txt": b"made"},
)


@pytest.fixture
def assignment(tmp_path) -> Assignment:
    return toy_assignment(tmp_path)


def write(tmp_path, assignment, marked=MARKED, **submitted) -> dict[str, bytes]:
    folder = tmp_path / "autograded" / "ada" / "toy"
    submission = Submission("ada", "toy", tmp_path, **{"notebooks": {"nb": b"handed in"}, **submitted})
    write_autograded(folder, assignment, submission, marked)
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_executed_notebook_and_all_files_lie_there(tmp_path, assignment):
    assert write(tmp_path, assignment, files={"own/x.py": b"x"}) == {
        "nb.ipynb": b"executed",
        "data.csv": b"1,2\n",
        "made.txt": b"made",
        "own/x.py": b"x",
    }


def test_a_notebook_of_another_name_is_left_out(tmp_path, assignment):
    found = write(tmp_path, assignment, notebooks={"nb": b"", "Untitled": b""})
    assert "Untitled.ipynb" not in found


def test_files_of_the_instructor_win(tmp_path, assignment):
    assert write(tmp_path, assignment, files={"data.csv": b"forged"})["data.csv"] == b"1,2\n"


def test_what_was_there_before_is_gone(tmp_path, assignment):
    write(tmp_path, assignment, files={"old.txt": b"old"})
    assert "old.txt" not in write(tmp_path, assignment)
    assert [path.name for path in (tmp_path / "autograded" / "ada").iterdir()] == ["toy"]


def test_what_a_killed_grader_left_half_done_is_gone(tmp_path, assignment):
    for name in (".new-toy", ".old-toy"):
        (tmp_path / "autograded/ada" / name / "inner").mkdir(parents=True)
    write(tmp_path, assignment)
    assert [path.name for path in (tmp_path / "autograded" / "ada").iterdir()] == ["toy"]


def test_files_are_read_only_as_nbgrader_leaves_them(tmp_path, assignment):
    write(tmp_path, assignment, files={"own/x.py": b"x"})
    files = [p for p in (tmp_path / "autograded").rglob("*") if p.is_file()]
    assert {p.stat().st_mode & 0o777 for p in files} == {0o444}


@pytest.mark.parametrize("handed_in, made", [("made.txt", "made.txt/x"), ("made/x", "made")])
def test_a_file_made_where_a_folder_was_handed_in_wins(tmp_path, assignment, handed_in, made):
    marked = Marked(MARKED.result, MARKED.executed, {made: b"made"})
    found = write(tmp_path, assignment, marked, files={handed_in: b"handed in"})
    assert found[made] == b"made" and handed_in not in found
