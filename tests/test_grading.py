import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

import autograder
from autograder.assignment import Assignment
from autograder.errors import GraderFault, UsageError
from autograder.gradebook import Projection
from autograder.grading import exit_code, grade
from autograder.keys import versions
from autograder.marking import servers_for
from autograder.result import Outcome, Result, Status
from autograder.runtime.servers import Servers
from tests.building import hidden_test, locked, notebook, solution
from tests.classroom import QUICK, SETTINGS, Classroom

WRONG_HALF = "def half(x):\n    return x // 2"


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def human(room: Classroom, student: str, cell: str, **values: float | str) -> None:
    """What a human writes in formgrader."""
    with Gradebook(room.course.db_url) as book:
        part = book.find_submission_notebook("nb", "toy", student)
        rows = [*part.grades, *part.comments]
        for key, value in values.items():
            row = next(row for row in rows if row.name == cell and hasattr(row, key))
            setattr(row, key, value)
        book.db.commit()


# One class, graded ------------------------------------------------------------------------------


def test_a_class_has_results_notebooks_and_marks(room):
    room.hand_in("ada")
    room.hand_in("bob", half=WRONG_HALF)
    graded = room.grade()
    assert {name: one.result.points for name, one in graded.items()} == {"ada": 5, "bob": 2}
    assert room.result("bob").notebook("nb").tests[1].outcome is Outcome.FAILED
    assert "AssertionError" in room.shown("bob")
    assert room.marks_of("ada") == {"test_double": (2, 0), "test_half": (3, 0), "why": (None, 1)}
    assert room.marks_of("bob") == {"test_double": (2, 0), "test_half": (0, 0), "why": (None, 1)}
    assert exit_code(list(graded.values())) == 0


def test_nbgrader_reads_the_gradebook(room):
    room.hand_in("ada", half=WRONG_HALF)
    room.grade()
    with Gradebook(room.course.db_url) as book:
        submission = book.find_submission("toy", "ada")
        assert (submission.score, submission.max_score) == (2, 9)
        assert submission.needs_manual_grade


def test_what_the_result_says_of_the_student_and_of_us(room):
    room.hand_in("ada")
    result = room.grade()["ada"].result
    assert (result.student, result.assignment, result.status) == ("ada", "toy", Status.GRADED)
    assert result.tier >= 1
    assert result.versions.items() >= versions().items()
    assert result.seeds == {"student": 2020, "hidden": 0}
    assert room.result("ada") == result


def test_files_of_the_submission_and_of_its_code_lie_in_autograded(room):
    folder = room.hand_in(
        "ada", double="open('made.txt', 'w').write('made')\ndef double(x):\n    return 2 * x"
    )
    (folder / "own.py").write_text("x = 1")
    room.write("source/toy/data/given.csv", "1,2")
    room.grade()
    names = sorted(str(p.relative_to(room.autograded("ada"))) for p in room.autograded("ada").rglob("*.*"))
    assert names == ["data/given.csv", "made.txt", "nb.ipynb", "own.py"]


def test_a_missing_notebook_is_told_with_what_was_handed_in_instead(room):
    folder = room.hand_in("ada")
    (folder / "nb.ipynb").rename(folder / "notes.txt")
    (folder / "other.ipynb").write_bytes(notebook())
    (folder / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC")
    room.grade()
    reason = "the notebook was not handed in (what was: notes.txt, other.ipynb)"
    assert room.result("ada").notebook("nb").reason == reason


def test_a_missing_notebook_is_graded_zero(room):
    folder = room.hand_in("ada")
    (folder / "nb.ipynb").unlink()
    graded = room.grade()
    assert graded["ada"].result.status is Status.MISSING
    assert room.result("ada").notebook("nb").reason == "the notebook was not handed in"
    assert room.marks_of("ada") == {"test_double": (0, 0), "test_half": (0, 0), "why": (0, 0)}
    assert exit_code(list(graded.values())) == 0


def test_one_of_two_notebooks_missing_costs_only_its_points(room):
    room.write(
        "source/toy/second.ipynb", notebook(solution("y = 1", "y"), hidden_test("assert y == 1", "test_y"))
    )
    room.hand_in("ada")
    assert room.points() == {"ada": 5}
    assert room.marks_of("ada")["test_y"] == (0, 0)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"nbformat": 4}', b"\xff\xfe\x00", b"[" * 100_000])
def test_an_unreadable_notebook_stays_open_for_a_human(room, data):
    folder = room.hand_in("ada")
    (folder / "nb.ipynb").write_bytes(data)
    graded = room.grade()
    assert graded["ada"].result.status is Status.NOT_GRADABLE
    assert set(room.marks_of("ada").values()) == {(None, 1)}
    assert (room.autograded("ada") / "nb.ipynb.original").read_bytes() == data
    assert exit_code(list(graded.values())) == 1


def test_in_place_of_an_unreadable_notebook_lies_one_that_formgrader_can_show(room):
    (room.hand_in("ada") / "nb.ipynb").write_bytes(b"{")
    room.grade()
    shown = nbformat.read(room.autograded("ada") / "nb.ipynb", as_version=4)
    nbformat.validate(shown)
    assert "could not be graded" in shown.cells[0].source
    assert {c.metadata.nbgrader.grade_id for c in shown.cells if "nbgrader" in c.metadata} >= {
        "double",
        "why",
    }


def test_a_late_submission_is_late_in_the_database(room):
    folder = room.hand_in("ada")
    (folder / "timestamp.txt").write_text("2026-11-20 15:00:00.000000 UTC")
    with Projection(room.course.db_url) as projection:
        projection.register(room.context().assignment, datetime(2026, 11, 20, 12))
    room.grade()
    with Gradebook(room.course.db_url) as book:
        assert book.find_submission("toy", "ada").total_seconds_late == 3 * 3600


def test_a_new_timestamp_alone_reaches_the_database_and_executes_nothing(room):
    folder = room.hand_in("ada")
    room.grade()
    (folder / "timestamp.txt").write_text("2026-11-20 15:00:00.000000 UTC")
    assert room.grade()["ada"].skipped
    assert room.sql("SELECT timestamp FROM submitted_assignment") == [("2026-11-20 15:00:00.000000",)]


def test_only_the_students_asked_for_are_graded(room):
    for student in ("ada", "bob", "cyd"):
        room.hand_in(student)
    assert room.points("cyd", "ada", "cyd").keys() == {"ada", "cyd"}
    assert not room.autograded("bob").exists()


# What is there already --------------------------------------------------------------------------


def test_an_unchanged_submission_is_not_executed_again(room):
    room.hand_in("ada")
    room.grade()
    before = room.facts()
    written = room.course.result_path("toy", "ada").stat().st_mtime_ns
    again = room.grade(servers=None)  # there is nothing that servers would be needed for
    assert again["ada"].skipped
    assert room.course.result_path("toy", "ada").stat().st_mtime_ns == written
    assert room.facts() == before


def test_an_unchanged_rerun_imports_nothing_heavy(room):
    room.hand_in("ada")
    room.grade()
    heavy = {"nbgrader", "nbformat", "sqlalchemy", "IPython", "numpy", "torch"}
    again = (
        "import sys; from autograder.cli import main; main(['grade', 'toy'], standalone_mode=False); "
        f"print(sorted({heavy} & sys.modules.keys()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", again],
        cwd=room.root,
        env=room.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"
    assert "(unchanged)" in ran.stderr


def test_a_deleted_gradebook_is_made_again_without_executing_anything(room):
    room.hand_in("ada")
    room.hand_in("bob", half=WRONG_HALF)
    room.grade()
    marks = room.marks()
    room.course.gradebook.unlink()
    assert all(one.skipped for one in room.grade().values())
    assert room.marks() == marks


def test_an_older_gradebook_that_was_put_back_is_brought_up_to_date(room):
    room.hand_in("ada", half=WRONG_HALF)
    room.grade()
    old = room.course.gradebook.read_bytes()
    room.hand_in("ada")
    room.grade()
    marks = room.marks()
    room.course.gradebook.write_bytes(old)
    assert room.grade()["ada"].skipped
    assert room.marks() == marks


def test_a_deleted_autograded_folder_is_made_again(room):
    room.hand_in("ada")
    room.grade()
    shown = room.shown("ada")
    (room.autograded("ada") / "nb.ipynb").unlink()
    room.autograded("ada").rmdir()
    room.grade()
    assert room.shown("ada") == shown


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b'{"schema": 1', b"null"])
def test_a_damaged_result_is_made_again(room, damage):
    room.hand_in("ada")
    room.grade()
    before = room.facts()
    room.course.result_path("toy", "ada").write_bytes(damage)
    assert not room.grade()["ada"].skipped
    assert room.facts() == before


def test_a_result_cut_off_in_the_middle_is_made_again(room):
    room.hand_in("ada")
    room.grade()
    path = room.course.result_path("toy", "ada")
    path.write_bytes(path.read_bytes()[:-20])
    assert not room.grade()["ada"].skipped


def test_force_grades_again_what_has_not_changed(room):
    room.hand_in("ada")
    room.grade()
    assert not room.grade(force=True)["ada"].skipped


def test_a_changed_submission_is_graded_again(room):
    room.hand_in("ada", half=WRONG_HALF)
    room.hand_in("bob")
    room.grade()
    room.hand_in("ada")
    graded = room.grade()
    assert {name: one.skipped for name, one in graded.items()} == {"ada": False, "bob": True}
    assert room.marks_of("ada")["test_half"] == (3, 0)


def test_a_changed_test_grades_the_class_again(room):
    room.hand_in("ada", half=WRONG_HALF)
    room.grade()
    source = room.root / "source/toy/nb.ipynb"
    source.write_text(source.read_text().replace("half(3) == 1.5", "half(4) == 2"))
    assert room.points() == {"ada": 5}


def test_a_changed_setting_grades_the_class_again(room):
    room.hand_in("ada")
    room.grade()
    room.settings(SETTINGS + "seed = 7\n")
    assert not room.grade()["ada"].skipped


def test_a_setting_that_marks_do_not_depend_on_changes_nothing(room):
    room.hand_in("ada")
    room.grade()
    room.settings(SETTINGS + "jobs = 1\n")
    assert room.grade()["ada"].skipped


def test_a_changed_module_of_the_tests_grades_the_class_again(tmp_path):
    cells = (
        solution("x = 2", "x"),
        hidden_test("import truth\nassert x == truth.X", "test_x", 2),
    )
    room = Classroom(tmp_path / "course", None, *cells)
    room.settings(SETTINGS + 'test_path = ["."]\n')
    room.write("truth.py", "X = 2\n")
    room.hand_in("ada")
    assert room.points() == {"ada": 2}
    room.write("truth.py", "X = 3\n")
    assert room.points() == {"ada": 0}


# What humans wrote ------------------------------------------------------------------------------


def test_manual_scores_comments_and_extra_credit_survive(room):
    room.hand_in("ada")
    room.grade()
    human(room, "ada", "why", manual_score=3.5, extra_credit=1.0, manual_comment="Well said.")
    human(room, "ada", "test_half", manual_score=1.0)
    room.hand_in("ada", half=WRONG_HALF)
    room.grade()
    with Gradebook(room.course.db_url) as book:
        assert book.find_grade("why", "nb", "toy", "ada").manual_score == 3.5
        assert book.find_grade("why", "nb", "toy", "ada").extra_credit == 1.0
        assert book.find_grade("test_half", "nb", "toy", "ada").manual_score == 1.0
        assert book.find_grade("test_half", "nb", "toy", "ada").auto_score == 0
        assert book.find_comment("why", "nb", "toy", "ada").manual_comment == "Well said."


def test_the_gradebook_is_backed_up_before_the_first_write_of_a_run(room):
    room.hand_in("ada", half=WRONG_HALF)
    room.grade()
    assert list(room.course.backups.glob("*.db")) == []
    before = room.marks()
    room.hand_in("ada")
    room.grade()
    (backup,) = room.course.backups.glob("*.db")
    room.course.gradebook.write_bytes(backup.read_bytes())
    assert room.marks() == before


def test_a_run_that_changes_nothing_makes_no_backup(room):
    room.hand_in("ada")
    room.grade()
    room.grade()
    assert list(room.course.backups.glob("*.db")) == []


# What is not final ------------------------------------------------------------------------------


def test_a_timeout_is_tried_once_more_and_both_are_recorded(room):
    room.settings(SETTINGS + QUICK)
    room.hand_in("ada", half="def half(x):\n    while True: pass")
    room.hand_in("bob")
    result = room.grade()["ada"].result
    assert result.notebook("nb").tests[1].outcome is Outcome.TIMEOUT
    assert result.retries == ("first try: nb/test_half: timeout",)
    assert room.marks_of("ada")["test_half"] == (0, 0)
    assert room.grade()["ada"].skipped


def test_a_dead_process_is_tried_once_more(room):
    room.hand_in("ada", half="import os\ndef half(x):\n    os._exit(0)")
    result = room.grade()["ada"].result
    assert result.notebook("nb").tests[1].outcome is Outcome.CRASHED
    assert result.retries == ("first try: nb/test_half: crashed",)


def test_too_much_memory_is_tried_once_more(room):
    room.settings(SETTINGS + "[limits]\nmemory_mb = 200\n")
    room.hand_in("ada", half="def half(x):\n    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)")
    result = room.grade()["ada"].result
    assert result.notebook("nb").tests[1].outcome is Outcome.MEMORY
    assert result.retries == ("first try: nb/test_half: memory",)


def test_what_failed_by_chance_counts_as_the_second_try_says(room, tmp_path):
    """A dead worker process, as the kernel kills one when memory is short, is nobody's fault."""
    room.hand_in("ada")
    room.grade()
    path = room.course.result_path("toy", "ada")
    fault = path.read_text().replace('"status": "graded"', '"status": "fault"')
    path.write_text(fault)
    result = room.grade()["ada"].result
    assert (result.status, result.points) == (Status.GRADED, 5)


@pytest.mark.parametrize("side", ["student", "examiner"])
def test_a_warm_server_that_died_is_replaced(room, side):
    room.hand_in("ada")
    room.hand_in("bob")
    with Servers(("numpy",), ("numpy",)) as killed:
        assert room.points("ada", servers=killed) == {"ada": 5}
        os.kill(getattr(killed, side).pid, signal.SIGKILL)
        graded = room.grade("bob", servers=killed)
    assert graded["bob"].result.points == 5
    assert graded["bob"].result.retries == ()


def test_a_server_that_dies_at_every_start_is_replaced_once(room, monkeypatch):
    room.hand_in("ada")
    starts = []
    with Servers((), ()) as broken:
        start = Servers._start_student
        monkeypatch.setattr(Servers, "_start_student", lambda self: starts.append(1) or killed(start(self)))
        os.kill(broken.student.pid, signal.SIGKILL)
        for _ in range(2):
            result = autograder.grade(room.root / "source/toy", room.submitted("ada"), servers=broken)
            assert result.status is Status.FAULT
            assert "a warm server died at its start" in result.withheld["fault"]
    assert starts == [1]


def killed(server):
    os.kill(server.pid, signal.SIGKILL)
    return server


def test_a_fault_leaves_all_grades_open_and_is_loud(room, monkeypatch):
    room.hand_in("ada")

    def refuse(self, config, descriptors):
        raise GraderFault("no fork")

    with monkeypatch.context() as patch:
        patch.setattr(Servers, "fork_student", refuse)
        graded = room.grade()
    assert graded["ada"].result.status is Status.FAULT
    assert "no fork" in graded["ada"].result.withheld["fault"]
    assert graded["ada"].result.retries[0].startswith("first try: fault: ")
    assert set(room.marks_of("ada").values()) == {(None, 1)}
    assert exit_code(list(graded.values())) == 4
    assert not room.autograded("ada").exists()
    assert not room.grade()["ada"].skipped


# Wrong usage ------------------------------------------------------------------------------------


def test_an_unknown_student_is_answered_with_the_nearest(room):
    room.hand_in("ada")
    with pytest.raises(UsageError, match=r"no submission of 'adda' .*did you mean 'ada'"):
        room.grade("adda")


def test_no_submissions_is_an_error_that_says_where_they_belong(room):
    with pytest.raises(UsageError, match="submitted/STUDENT/toy"):
        room.grade()


def test_an_assignment_whose_solution_fails_is_refused(room):
    source = room.root / "source/toy/nb.ipynb"
    source.write_text(source.read_text().replace("half(3) == 1.5", "half(3) == 99"))
    room.hand_in("ada")
    with pytest.raises(GraderFault, match=r"does not verify: the instructor's solution .* test_half"):
        room.grade(unverified=False)
    assert not room.course.result_path("toy", "ada").exists()
    assert room.points(unverified=True) == {"ada": 2}


def test_a_test_that_is_not_python_is_refused_with_its_notebook_cell_and_line(room):
    room.write("source/toy/nb.ipynb", notebook(solution("x = 1", "x"), hidden_test("x\nassert (x", "test_x")))
    room.hand_in("ada")
    with pytest.raises(GraderFault) as refused:
        room.grade(unverified=False)
    place = "source/toy/nb.ipynb, cell 2 (test_x), line 4"
    what = "is not Python ('(' was never closed)"
    assert str(refused.value) == f"toy does not verify: {place}: {what}; correct it"


def test_an_assignment_that_gives_points_for_nothing_is_refused(room):
    source = room.root / "source/toy/nb.ipynb"
    source.write_text(source.read_text().replace("assert half(3) == 1.5", "pass"))
    room.hand_in("ada")
    with pytest.raises(GraderFault, match=r"does not verify: the untouched release scores full on test_half"):
        room.grade(unverified=False)


def test_verifying_is_remembered_until_something_changes(room):
    room.hand_in("ada")
    room.grade(unverified=False)
    record = room.course.state / "verified" / "toy"
    written, text = record.stat().st_mtime_ns, record.read_text()
    room.grade(unverified=False, force=True)
    assert record.stat().st_mtime_ns == written
    room.settings(SETTINGS + "seed = 3\n")
    room.grade(unverified=False)
    assert record.read_text() != text


# Without a course -------------------------------------------------------------------------------


def test_one_submission_is_graded_without_course_or_database(room, servers, tmp_path):
    folder = room.hand_in("ada", half=WRONG_HALF)
    result = autograder.grade(room.root / "source/toy", folder, servers=servers)
    assert isinstance(result, Result) and result.points == 2
    assert not (room.root / ".autograder").exists() and not room.course.gradebook.exists()


def test_a_single_notebook_is_a_submission_too(room, servers):
    path = room.hand_in("ada") / "nb.ipynb"
    assert autograder.grade(room.root / "source/toy", path, servers=servers).points == 5


@pytest.mark.parametrize("path", ["nowhere", "nowhere.ipynb"])
def test_a_wrong_path_is_a_usage_error(room, servers, path):
    with pytest.raises(UsageError, match="nowhere"):
        autograder.grade(room.root / "source/toy", Path(path), servers=servers)
    with pytest.raises(UsageError, match="nowhere"):
        autograder.grade(Path(path), room.root, servers=servers)


def test_no_working_directory_is_left(room, tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    room.hand_in("ada")
    room.hand_in("bob", half="import os\ndef half(x):\n    os._exit(1)")
    room.grade()
    assert list((tmp_path / "tmp").iterdir()) == []


HELPED = (
    locked("import helper", "setup"),
    solution("### BEGIN SOLUTION\nx = helper.five()\n### END SOLUTION", "x"),
    hidden_test("assert x == helper.five() == 5", "test_x", 1),
)


def test_a_module_beside_the_notebook_is_the_student_s_and_the_instructor_s(tmp_path):
    room = Classroom(tmp_path / "course", None, *HELPED)
    room.write("source/toy/helper.py", "def five():\n    return 5\n")
    assignment = Assignment.load(room.course, "toy")
    room.hand_in("ada")
    room.write("submitted/ada/toy/helper.py", "def five():\n    return 6\n")  # ours takes its place
    room.hand_in("eve", x="import own\nx = own.x\nimport helper\nhelper.five = lambda: x")
    room.write("submitted/eve/toy/own.py", "x = 6")
    with servers_for([assignment], room.course.settings, ()) as servers:
        found = {who: grade(assignment, room.submitted(who), servers=servers) for who in ("ada", "eve")}
    assert [result.points for result in found.values()] == [1, 0]
    cells = [cell.outcome for cell in found["eve"].notebook("nb").cells]
    assert cells == [Outcome.PASSED, Outcome.PASSED]
