"""nbgrader's own commands, and our line in its configuration, on a server."""

import csv

import pytest
from nbgrader.api import Gradebook

from tests.commands import nbgrader
from tests.parity.rows import rows
from tests.postgres.conftest import Room
from tests.postgres.test_grading import WRONG

CONFIG = """from pathlib import Path
from autograder.course import Course
from autograder.dropin import install
install()
c = get_config()
c.CourseDirectory.course_id = "numbers"
c.CourseDirectory.db_url = Course.open(Path(__file__).parent).db_url
"""


@pytest.fixture
def room(tmp_path, empty) -> Room:
    made = Room(tmp_path / "course").on(empty())
    made.write("nbgrader_config.py", CONFIG)
    made.hand_in("ada")
    made.hand_in("bob", double=WRONG)
    return made


@pytest.mark.ci
def test_nbgrader_s_commands_work_on_what_we_registered_and_we_on_what_they_graded(room):
    assert room.run("generate", "toy").code == 0
    nbgrader(room.root, "autograde", "toy", "--create")
    by_nbgrader = rows(room.root)
    assert by_nbgrader["grade", "bob", "nb", "test_double"][0] == 0
    assert by_nbgrader["grade", "ada", "nb", "test_double"][0] == 2
    nbgrader(room.root, "export", "--to", str(room.root / "grades.csv"))
    table = csv.DictReader((room.root / "grades.csv").read_text().splitlines())
    assert {line["student_id"]: float(line["score"]) for line in table} == {"ada": 5, "bob": 3}
    nbgrader(room.root, "db", "student", "add", "cyd", "--first-name", "Cyd")
    assert "cyd" in nbgrader(room.root, "db", "student", "list")
    nbgrader(room.root, "db", "upgrade")
    nbgrader(room.root, "generate_feedback", "toy")
    assert room.run("grade", "toy", "--unverified").code == 0
    assert rows(room.root) == by_nbgrader
    with Gradebook(room.course.db_url, "numbers") as gradebook:
        # what formgrader's pages ask for
        assert [one["name"] for one in gradebook.notebook_submission_dicts("nb", "toy")]
        assert {one["id"]: one["score"] for one in gradebook.student_dicts()} == {
            "ada": 5,
            "bob": 3,
            "cyd": 0,
        }
        assert gradebook.average_assignment_score("toy") == 4
        assert len(gradebook.submission_dicts("toy")) == 2
    listed = room.run("students", "list")
    assert listed.code == 0 and "cyd" in listed.out


def test_a_configuration_that_plainly_names_another_gradebook_is_told(room):
    room.write("nbgrader_config.py", 'c = get_config()\nc.CourseDirectory.db_url = "postgresql://u:pw@h/x"\n')
    ran = room.run("students", "list")
    assert ran.code == 2 and "names another gradebook" in ran.line and "pw@" not in ran.err
    same = f"postgresql://somebody:pw@{room.address.rpartition('@')[2]}"
    room.write("nbgrader_config.py", f'c = get_config()\nc.CourseDirectory.db_url = "{same}"\n')
    assert room.run("students", "list").code == 0
