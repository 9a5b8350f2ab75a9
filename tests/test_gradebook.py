import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.database.sqlite import SqliteFile
from autograder.errors import UsageError
from autograder.generating import generate
from autograder.gradebook import Projection, Submitted
from autograder.notebook import dumps, lay_over, render
from autograder.result import CellResult, NotebookResult, Outcome, Result, Status, TestResult
from autograder.settings import Limits
from tests.building import TOY, hidden_test, notebook, plain, toy_assignment, toy_course

DUE = datetime(2020, 1, 10, 12)
PASSED, FAILED, FAULT = Outcome.PASSED, Outcome.FAILED, Outcome.FAULT


def graded(double=PASSED, text=FAILED, changed=("double", "why", "drawing"), student="ada") -> Result:
    """A result for the toy assignment with these outcomes and these answers given."""
    tests = [
        TestResult(id, points if outcome is PASSED else 0.0, points, outcome)
        for id, points, outcome in (("test_double", 2.0, double), ("test_text", 3.0, text))
    ]
    cells = [
        CellResult(number, id, "solution", id in changed, PASSED)
        for number, id in enumerate(("setup", "double", "why", "drawing"))
    ]
    return result(NotebookResult("nb", tests=tuple(tests), cells=tuple(cells)), student=student)


def result(*notebooks: NotebookResult, status=Status.GRADED, student="ada") -> Result:
    return Result(
        schema=1,
        assignment="toy",
        student=student,
        status=status,
        key="k",
        tier=3,
        isolation="wall",
        seeds={},
        versions={},
        notebooks=notebooks,
    )


class Book:
    """A gradebook with the toy assignment, written by us and read by SQL."""

    def __init__(self, root: Path, late_penalty=None) -> None:
        self.file = root / "gradebook.db"
        self.assignment: Assignment = toy_assignment(root)
        self.url = f"sqlite:///{self.file}"
        self.late_penalty = late_penalty
        with Projection(self.url) as projection:
            projection.register(self.assignment, DUE)

    def project(self, result: Result, timestamp: datetime | None = None) -> None:
        with Projection(self.url, late_penalty=self.late_penalty) as projection:
            projection.project(result, self.assignment, timestamp)

    def sql(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(query).fetchall()

    def grades(self, columns="auto_score, needs_manual_grade") -> dict[str, tuple]:
        rows = self.sql(f"SELECT name, {columns} FROM grade JOIN base_cell ON base_cell.id = cell_id")
        return {name: values for name, *values in rows}

    def comments(self, columns="auto_comment") -> dict[str, str | None]:
        rows = self.sql(f"SELECT name, {columns} FROM comment JOIN base_cell ON base_cell.id = cell_id")
        return dict(rows)

    def human(self, cell: str, **values: float | str) -> None:
        """What a human writes in formgrader, for one cell."""
        table = "comment" if "manual_comment" in values else "grade"
        setters = ", ".join(f"{key} = {value!r}" for key, value in values.items())
        self.sql(
            f"UPDATE {table} SET {setters} WHERE cell_id IN (SELECT id FROM base_cell WHERE name = '{cell}')"
        )


@pytest.fixture
def book(tmp_path) -> Book:
    return Book(tmp_path)


def test_a_graded_submission_has_the_marks_that_nbgrader_would_give(book):
    book.project(graded(changed=("double", "why")))
    assert book.grades() == {
        "test_double": [2.0, 0],
        "test_text": [0.0, 0],
        "why": [None, 1],
        "drawing": [0.0, 0],
        "chore": [None, 1],
    }
    assert book.comments() == {"double": None, "why": None, "drawing": "No response.", "chore": None}


def test_partial_credit_is_written(book):
    half = TestResult("test_double", 0.5, 2.0, Outcome.PARTIAL)
    book.project(result(NotebookResult("nb", tests=(half,))))
    assert book.grades()["test_double"] == [0.5, 0]


def test_a_test_without_an_outcome_stays_open(book):
    book.project(result(NotebookResult("nb")))
    assert set(map(tuple, book.grades().values())) == {(None, 1)}


def test_a_fault_leaves_its_grade_open(book):
    book.project(graded(text=FAULT))
    assert book.grades()["test_text"] == [None, 1]
    assert book.grades()["test_double"] == [2.0, 0]


@pytest.mark.parametrize("status", [Status.FAULT, Status.NOT_GRADABLE])
def test_a_notebook_that_was_not_graded_stays_open_also_after_an_earlier_grade(book, status):
    book.project(graded())
    book.project(result(NotebookResult("nb", status), status=status))
    assert set(map(tuple, book.grades().values())) == {(None, 1)}
    assert set(book.comments().values()) == {None}


def test_a_missing_notebook_is_zero(book):
    book.project(result(NotebookResult("nb", Status.MISSING)))
    assert set(map(tuple, book.grades().values())) == {(0.0, 0)}


def test_a_notebook_that_the_result_does_not_name_is_missing(book):
    book.project(result())
    assert set(map(tuple, book.grades().values())) == {(0.0, 0)}


def test_a_submission_that_failed_as_a_whole_stays_open(book):
    book.project(result(status=Status.FAULT))
    assert set(map(tuple, book.grades().values())) == {(None, 1)}


def test_what_was_missing_and_is_handed_in_is_open_again(book):
    book.project(result())
    book.project(graded())
    assert book.grades()["chore"] == [None, 1]
    assert book.grades()["why"] == [None, 1]


def test_what_humans_wrote_survives_a_regrade(book):
    book.project(graded())
    book.human("test_text", manual_score=1.5, needs_manual_grade=0)
    book.human("why", manual_score=3.0, extra_credit=0.5, needs_manual_grade=0)
    book.human("chore", manual_score=4.0, needs_manual_grade=0)
    book.human("why", manual_comment="Well said.")
    book.project(graded(text=PASSED))
    columns = "auto_score, manual_score, extra_credit, needs_manual_grade"
    assert book.grades(columns) == {
        "test_double": [2.0, None, None, 0],
        "test_text": [3.0, 1.5, None, 1],
        "why": [None, 3.0, 0.5, 1],
        "drawing": [None, None, None, 1],
        "chore": [None, 4.0, None, 0],
    }
    assert book.comments("manual_comment")["why"] == "Well said."


def test_the_roster_flags_and_extensions_survive(book):
    book.project(graded())
    book.sql("UPDATE student SET last_name = 'Lovelace'")
    book.sql("UPDATE submitted_notebook SET flagged = 1")
    book.sql("UPDATE submitted_assignment SET extension = '1970-01-02 00:00:00.000000'")
    book.project(graded(text=PASSED))
    assert book.sql("SELECT last_name FROM student") == [("Lovelace",)]
    assert book.sql("SELECT flagged FROM submitted_notebook") == [(1,)]
    assert book.sql("SELECT extension FROM submitted_assignment") == [("1970-01-02 00:00:00.000000",)]


def test_projecting_twice_writes_once(book):
    book.project(graded(), DUE)
    before = book.file.read_bytes()
    book.project(graded(), DUE)
    assert book.file.read_bytes() == before


def test_the_timestamp_is_kept_to_the_microsecond_and_reset_when_it_is_gone(book):
    from nbgrader.api import Gradebook

    time = datetime(2020, 1, 2, 3, 4, 5, 678901)
    book.project(graded(), time)
    with Gradebook(book.url) as nbgrader:
        assert nbgrader.find_submission("toy", "ada").timestamp == time
    book.project(graded(), None)
    with Gradebook(book.url) as nbgrader:
        assert nbgrader.find_submission("toy", "ada").timestamp is None


class PointAnHour:
    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        return total_seconds_late / 3600


@pytest.mark.parametrize(("hours", "penalty"), [(-1, None), (0, None), (1, 1.0), (9, 2.0)])
def test_a_late_penalty_takes_at_most_the_score(tmp_path, hours, penalty):
    book = Book(tmp_path, PointAnHour())
    book.project(graded(), DUE + timedelta(hours=hours))
    assert book.sql("SELECT late_submission_penalty FROM submitted_notebook") == [(penalty,)]


def test_a_late_penalty_counts_manual_scores_and_goes_with_the_lateness(tmp_path):
    book = Book(tmp_path, PointAnHour())
    book.project(graded(), DUE)
    book.human("why", manual_score=3.0, extra_credit=0.5)
    book.project(graded(), DUE + timedelta(hours=9))
    assert book.sql("SELECT late_submission_penalty FROM submitted_notebook") == [(5.5,)]
    book.project(graded(), DUE)
    assert book.sql("SELECT late_submission_penalty FROM submitted_notebook") == [(None,)]


def test_the_default_late_penalty_is_none(book):
    book.project(graded(), DUE + timedelta(days=9))
    assert book.sql("SELECT late_submission_penalty FROM submitted_notebook") == [(None,)]


def test_nbgraders_own_models_read_what_we_wrote(book):
    from nbgrader.api import Gradebook

    book.project(graded())
    with Gradebook(book.url) as nbgrader:
        submission = nbgrader.find_submission("toy", "ada")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (2.0, 16.0, True)
        assert (submission.notebooks[0].code_score, submission.notebooks[0].failed_tests) == (2.0, True)
        assert nbgrader.find_grade("test_text", "nb", "toy", "ada").failed_tests
        assert nbgrader.find_comment("double", "nb", "toy", "ada").comment is None


def test_many_graders_at_once_lose_nothing(book):
    def project(number: int) -> None:
        book.project(graded(student=f"s{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(project, range(12)))
    assert book.sql("SELECT count(*) FROM grade") == [(60,)]


def test_what_is_written_together_is_as_if_each_were_written_alone(tmp_path):
    late = DUE + timedelta(days=1)
    those = [
        Submitted(graded(), late, timedelta(hours=2)),
        Submitted(graded(FAILED, FAULT, changed=(), student="bob"), None),
        Submitted(result(student="cyd"), DUE),
        Submitted(graded(student="new"), late),
    ]
    found = []
    for together in (True, False):
        folder = tmp_path / str(together)
        folder.mkdir()
        book = Book(folder, Half())
        book.project(graded(FAILED), DUE)  # ada was there, and has a human's mark; bob is in the roster
        book.sql("UPDATE grade SET manual_score = 1.5 WHERE auto_score = 0")
        book.sql("INSERT INTO student (id) VALUES ('bob')")
        with Projection(book.url, late_penalty=Half()) as projection:
            for part in [those] if together else [[each] for each in those]:
                projection.project_all(book.assignment, part)
        found.append(sorted(book.sql(f"SELECT {SHOWN} {OF_SUBMISSION}"), key=repr))
        assert book.sql("SELECT count(*) FROM comment") == [(16,)]
    assert found[0] == found[1]
    assert len(found[0]) == 20


SHOWN = (
    "s.student_id, s.timestamp, s.extension, n.late_submission_penalty, c.name, "
    "g.auto_score, g.manual_score, g.needs_manual_grade"
)
OF_SUBMISSION = (
    "FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
    "JOIN submitted_assignment s ON s.id = n.assignment_id"
)


class Half:
    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        return score / 2


class Broken:
    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        raise RuntimeError("no penalty today")


def test_an_error_within_a_submission_writes_nothing_of_it(tmp_path):
    book = Book(tmp_path, Broken())
    with pytest.raises(RuntimeError, match="no penalty today"):
        book.project(graded(), DUE + timedelta(days=1))
    assert book.sql("SELECT count(*) FROM submitted_assignment") == [(0,)]
    assert book.sql("SELECT count(*) FROM student") == [(0,)]


def test_an_assignment_that_is_not_registered_is_sent_to_generate(tmp_path):
    assignment = toy_assignment(tmp_path)
    with Projection(f"sqlite:///{tmp_path}/gradebook.db") as projection:
        with pytest.raises(UsageError, match="autograder generate toy"):
            projection.project(graded(), assignment, None)
        projection.register(assignment)
        projection.project(graded(), assignment, None)


def test_an_old_database_is_sent_to_nbgraders_upgrade(book):
    book.sql("ALTER TABLE submitted_assignment DROP COLUMN extension")
    with pytest.raises(UsageError, match="nbgrader db upgrade"):
        book.project(graded())


# register


def cells_changed(root: Path, *cells) -> Assignment:
    (root / "source" / "toy" / "nb.ipynb").write_bytes(notebook(*cells))
    return Assignment.from_folder("toy", root / "source" / "toy")


def test_a_registered_assignment_that_changed_is_told_before_marks_are_written(book, tmp_path):
    changed = cells_changed(tmp_path, *TOY, hidden_test("pass", "new"))
    with (
        Projection(book.url) as projection,
        pytest.raises(UsageError, match=r"nb\.ipynb is not in the gradebook as it is now"),
    ):
        projection.project(graded(), changed, None)


def test_registering_keeps_the_due_date_and_follows_new_points(book, tmp_path):
    changed = cells_changed(
        tmp_path, *TOY[:3], hidden_test("assert double(2) == 4", "test_double", 7), *TOY[4:]
    )
    with Projection(book.url) as projection:
        projection.register(changed)
    assert book.sql("SELECT duedate FROM assignment") == [("2020-01-10 12:00:00.000000",)]
    assert (7.0,) in book.sql("SELECT max_score FROM grade_cells")


def test_cells_come_and_go_as_long_as_nobody_submitted(book, tmp_path):
    with Projection(book.url) as projection:
        projection.register(cells_changed(tmp_path, *TOY[:4], hidden_test("pass", "new")))
    names = {name for (name,) in book.sql("SELECT name FROM source_cell")}
    assert names == {"setup", "double", "test_double", "new"}


def test_a_cell_may_be_added_after_submissions(book, tmp_path):
    book.project(graded())
    book.assignment = cells_changed(tmp_path, *TOY, hidden_test("pass", "new"))
    with Projection(book.url) as projection:
        projection.register(book.assignment)
    book.project(graded())
    assert book.grades()["new"] == [None, 1]


def test_a_cell_goes_with_its_automatic_marks(book, tmp_path):
    book.project(graded())
    book.assignment = cells_changed(tmp_path, *TOY[:-1])
    with Projection(book.url) as projection:
        projection.register(book.assignment)
    assert "chore" not in book.grades()
    assert book.sql("SELECT count(*) FROM grade WHERE cell_id NOT IN (SELECT id FROM base_cell)") == [(0,)]
    assert book.sql("SELECT count(*) FROM comment WHERE cell_id NOT IN (SELECT id FROM base_cell)") == [(0,)]


def test_a_cell_of_another_kind_takes_the_place_of_one_of_the_same_name(book, tmp_path):
    book.project(graded())
    with Projection(book.url) as projection:
        projection.register(cells_changed(tmp_path, *TOY[:-1], hidden_test("pass", "chore")))
    assert book.sql("SELECT count(*) FROM task_cells") == [(0,)]
    assert ("chore",) in book.sql("SELECT name FROM base_cell JOIN grade_cells USING (id)")


@pytest.mark.parametrize("given", [{"manual_score": 1.0}, {"extra_credit": 1.0}, {"manual_comment": "Hm."}])
def test_a_cell_with_what_a_human_gave_cannot_be_taken_out(book, tmp_path, given):
    book.project(graded())
    book.human("chore", **given)
    with (
        Projection(book.url) as projection,
        pytest.raises(UsageError, match="cell 'chore' of 'nb' was taken"),
    ):
        projection.register(cells_changed(tmp_path, *TOY[:-1]))
    assert "chore" in book.grades()


def test_a_notebook_with_marks_cannot_be_taken_out(book, tmp_path):
    book.project(graded())
    (tmp_path / "source" / "toy" / "nb.ipynb").rename(tmp_path / "source" / "toy" / "other.ipynb")
    other = Assignment.from_folder("toy", tmp_path / "source" / "toy")
    with Projection(book.url) as projection, pytest.raises(UsageError, match="notebook 'nb' was taken out"):
        projection.register(other)


def test_a_notebook_goes_as_long_as_nobody_submitted(book, tmp_path):
    (tmp_path / "source" / "toy" / "nb.ipynb").rename(tmp_path / "source" / "toy" / "other.ipynb")
    with Projection(book.url) as projection:
        projection.register(Assignment.from_folder("toy", tmp_path / "source" / "toy"))
    assert book.sql("SELECT name FROM notebook") == [("other",)]
    assert book.sql("SELECT count(*) FROM base_cell") == [(8,)]


# backup


def test_the_database_is_copied_before_the_first_write_of_a_run_and_only_then(book, tmp_path):
    with Projection(book.url, tmp_path / "backups") as projection:
        for student in ("ada", "bob"):
            projection.project(graded(student=student), book.assignment, None)
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM grade_cells").fetchone() == (4,)


def test_a_file_that_is_no_database_is_a_usage_error(tmp_path):
    (tmp_path / "gradebook.db").write_text("not a database " * 100)
    with pytest.raises(UsageError, match="not a database"):
        SqliteFile(tmp_path / "gradebook.db").back_up(tmp_path / "backups")
    with (
        Projection(f"sqlite:///{tmp_path}/gradebook.db") as projection,
        pytest.raises(UsageError, match="not a database"),
    ):
        projection.register(toy_assignment(tmp_path))


# side by side with nbgrader


def run_nbgrader(root: Path, *arguments: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


ROWS = {
    "grade": """SELECT student_id, base_cell.name, base_cell.type, auto_score, needs_manual_grade FROM grade
        JOIN base_cell ON base_cell.id = cell_id JOIN submitted_notebook s ON s.id = grade.notebook_id
        JOIN submitted_assignment a ON a.id = s.assignment_id ORDER BY 1, 2""",
    "comment": """SELECT student_id, base_cell.name, base_cell.type, auto_comment FROM comment
        JOIN base_cell ON base_cell.id = cell_id JOIN submitted_notebook s ON s.id = comment.notebook_id
        JOIN submitted_assignment a ON a.id = s.assignment_id ORDER BY 1, 2""",
    "submission": "SELECT student_id, timestamp, extension FROM submitted_assignment ORDER BY 1",
    "notebook": "SELECT flagged, late_submission_penalty FROM submitted_notebook",
    "source": "SELECT name, cell_type, locked, source, checksum FROM source_cell ORDER BY 1",
    "cells": "SELECT name, type FROM base_cell ORDER BY 1, 2",
    "points": "SELECT name, max_score, cell_type FROM grade_cells JOIN base_cell USING (id) ORDER BY 1",
    "tasks": "SELECT name, max_score, cell_type FROM task_cells JOIN base_cell USING (id) ORDER BY 1",
    "notebooks": "SELECT name, kernelspec FROM notebook",
    "assignment": "SELECT name, duedate, course_id FROM assignment",
    "version": "SELECT version_num FROM alembic_version",
}


def rows(database: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: connection.execute(query).fetchall() for name, query in ROWS.items()}


def submit(root: Path, student: str, cells, time: str) -> bytes:
    folder = root / "submitted" / student / "toy"
    folder.mkdir(parents=True)
    (folder / "nb.ipynb").write_bytes(notebook(*cells))
    (folder / "timestamp.txt").write_text(time)
    return notebook(*cells)


@pytest.mark.ci
def test_the_same_rows_as_nbgrader_and_its_export_and_feedback_run_on_ours(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    course = toy_course(ours)
    toy_course(theirs)
    generate(course, "toy")
    run_nbgrader(theirs, "generate_assignment", "toy")
    released = json.loads((ours / "release" / "toy" / "nb.ipynb").read_text())["cells"]
    for cell in released:
        cell["source"] = "".join(cell["source"])
    answered = [dict(cell) for cell in released]
    answered[2]["source"] = "def double(x):\n    return 2.0 * x"
    answered[5]["source"] = "My words."
    time = "2020-01-02 03:04:05.678901 UTC"
    for root in (ours, theirs):
        submit(root, "ada", [*answered, plain("1 + 1")], time)
        submit(root, "bob", released, time)
    run_nbgrader(theirs, "autograde", "toy", "--create")

    assignment = Assignment.load(course, "toy")
    results = {
        "ada": graded(changed=("double", "why"), student="ada"),
        "bob": graded(double=Outcome.ERROR, text=Outcome.ERROR, changed=(), student="bob"),
    }
    with Projection(course.db_url) as projection:
        for student, its_result in results.items():
            projection.project(its_result, assignment, datetime(2020, 1, 2, 3, 4, 5, 678901))
            submitted = (course.submitted(student, "toy") / "nb.ipynb").read_bytes()
            rendered = render(lay_over(assignment.notebooks[0], submitted, Limits()), {}, {})
            folder = course.autograded(student, "toy")
            folder.mkdir(parents=True)
            (folder / "nb.ipynb").write_text(dumps(rendered))
            (folder / "timestamp.txt").write_text(time)

    assert rows(course.gradebook) == rows(theirs / "gradebook.db")
    run_nbgrader(ours, "export")
    assert "toy,,2020-01-02 03:04:05.678901,ada,,,,2.0,0.0,2.0,16.0" in (ours / "grades.csv").read_text()
    run_nbgrader(ours, "generate_feedback", "toy")
    assert (course.feedback("bob", "toy") / "nb.html").exists()
