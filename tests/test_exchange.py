"""nbgrader's whole round on a course of ours: release, fetch, submit, collect, autograde, feedback."""

import getpass
import json
from pathlib import Path

import pytest

from tests.classroom import REPOSITORY, Classroom
from tests.commands import nbgrader

pytestmark = pytest.mark.ci

CONFIG = """
c.CourseDirectory.course_id = "toys"
c.Exchange.root = {exchange!r}
"""


class Room:
    """The folder from which one person calls nbgrader."""

    def __init__(self, folder: Path, exchange: Path, before: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "nbgrader_config.py").write_text(before + CONFIG.format(exchange=str(exchange)))

    def nbgrader(self, *arguments: str) -> str:
        home = {"HOME": str(self.folder), "JUPYTER_DATA_DIR": str(self.folder / ".jupyter")}
        return nbgrader(self.folder, *arguments, **home)


@pytest.fixture(scope="module")
def round_trip(tmp_path_factory):
    """Everything done once; the instructor's course and the student's folder."""
    folder = tmp_path_factory.mktemp("round")
    exchange = folder / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    course = Classroom(folder / "course")
    ours = (REPOSITORY / "nbgrader_config.py").read_text()
    instructor = Room(course.root, exchange, ours)
    student = Room(folder / "home", exchange, "c = get_config()")

    instructor.nbgrader("generate_assignment", "toy")
    instructor.nbgrader("release_assignment", "toy")
    student.nbgrader("fetch_assignment", "toy")
    released = student.folder / "toy" / "nb.ipynb"
    notebook = json.loads(released.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
            cell["source"] = "def double(x):\n    return x + x"
    released.write_text(json.dumps(notebook))
    student.nbgrader("submit", "toy")
    instructor.nbgrader("collect", "toy")
    course.hand_in("by_mail")
    instructor.nbgrader("autograde", "toy")
    instructor.nbgrader("generate_feedback", "toy")
    said = instructor.nbgrader("release_feedback", "toy")
    assert "Feedback for student 'by_mail' cannot be released" in said
    student.nbgrader("fetch_feedback", "toy")
    return course, student.folder


def test_the_release_holds_no_hidden_test(round_trip):
    _, home = round_trip
    assert "two times two is four" not in (home / "toy" / "nb.ipynb").read_text()


def test_what_was_submitted_is_graded_behind_the_wall(round_trip):
    course, _ = round_trip
    marks = course.marks_of(getpass.getuser())
    assert (marks["test_double"], marks["test_half"]) == ((2.0, 0), (0.0, 0))
    assert marks["why"] == (0.0, 0)


def test_the_submission_keeps_its_time_and_its_secret(round_trip):
    course, _ = round_trip
    folder = course.autograded(getpass.getuser())
    assert {"nb.ipynb", "timestamp.txt", "submission_secret.txt"} <= {path.name for path in folder.iterdir()}


def test_the_feedback_comes_back_without_hidden_tests(round_trip):
    _, home = round_trip
    (page,) = (home / "toy" / "feedback").rglob("nb.html")
    assert "test_half" in page.read_text() and "two times two is four" not in page.read_text()


def test_the_export_has_the_student(round_trip):
    course, home = round_trip
    Room(course.root, home.parent / "exchange", (REPOSITORY / "nbgrader_config.py").read_text()).nbgrader(
        "export", "--to", "marks.csv"
    )
    (line,) = [
        row for row in (course.root / "marks.csv").read_text().splitlines() if getpass.getuser() in row
    ]
    assert ",2.0," in line
