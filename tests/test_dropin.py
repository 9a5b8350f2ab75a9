"""`nbgrader autograde` with our line in its configuration: what nbgrader's own tests do not ask."""

import json
import os
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.dropin.converter import Autograde
from tests.building import hidden_test, locked, notebook, plain, solution
from tests.classroom import DOUBLE, HALF, REPOSITORY, Classroom
from tests.commands import nbgrader
from tests.words import SOLVED_IN_WORDS, in_words, show_words

pytestmark = pytest.mark.ci

CONFIG = "from autograder.dropin import install; install()\nc = get_config()\n"
SLOW = (
    f"import time\nwith open('begin.txt', 'w') as f: f.write(str(time.time()))\ntime.sleep(1.5)\n{DOUBLE}\n"
)
SLOW += "with open('end.txt', 'w') as f: f.write(str(time.time()))"

LOOP = """def double(x):
    while True:
        try:
            while True: pass
        except BaseException: pass"""


class DropIn(Classroom):
    """The toy course, graded by nbgrader's command."""

    def __init__(self, root: Path, *cells, config: str = "") -> None:
        super().__init__(root, None, *cells)
        self.write("nbgrader_config.py", CONFIG + config)
        self.nbgrader("generate_assignment", "toy")

    def nbgrader(self, *arguments: str, code: int = 0) -> str:
        return nbgrader(self.root, *arguments, code=code, TMPDIR=self.environment()["TMPDIR"])

    def autograde(self, *options: str, code: int = 0) -> str:
        return self.nbgrader("autograde", "toy", *options, code=code)

    def edit(self, student: str, change) -> None:
        path = self.submitted(student) / "nb.ipynb"
        data = json.loads(path.read_text())
        data["cells"] = change(data["cells"])
        path.write_text(json.dumps(data))


def about(cell) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A class that nbgrader would not get through, graded in one run; what the run said."""
    room = DropIn(tmp_path_factory.mktemp("dropin") / "course", config="c.Execute.timeout = 3\n")
    (room.root / "secret").write_text("of the instructor")
    for student in ("ada", "copies", "deletes", "links", "loops", "grows", "dies", "lost"):
        room.hand_in(student)
    room.edit("copies", lambda cells: [*cells, *(c for c in cells if about(c) == "test_double")])
    room.edit("deletes", lambda cells: [c for c in cells if about(c) != "test_double"])
    (room.submitted("links") / "stolen").symlink_to(room.root / "secret")
    room.hand_in("loops", double=LOOP)
    room.hand_in("grows", double="def double(x):\n    held = []\n    while True: held.append(bytes(10**7))")
    room.hand_in("dies", double="def double(x):\n    import os\n    os._exit(1)")
    (room.submitted("lost") / "nb.ipynb").write_text("{")
    said = room.autograde(code=1)
    return room, said


@pytest.mark.parametrize("student", ["ada", "copies", "deletes", "links"])
def test_what_stops_nbgrader_costs_nobody_a_point(hostile, student):
    room, _ = hostile
    marks = room.marks_of(student)
    assert (marks["test_double"], marks["test_half"]) == ((2, 0), (3, 0))


@pytest.mark.parametrize("student", ["loops", "grows", "dies"])
def test_a_loop_memory_or_death_costs_its_own_question(hostile, student):
    room, _ = hostile
    marks = room.marks_of(student)
    assert (marks["test_double"], marks["test_half"]) == ((0, 0), (3, 0))
    assert room.autograded(student).is_dir()


def test_an_unreadable_notebook_is_reported_and_keeps_its_marks_open(hostile):
    room, said = hostile
    assert (
        said.splitlines()[-1].endswith("lost: nb cannot be graded: the file is not JSON")
        or "lost: nb cannot" in said
    )
    assert set(room.marks_of("lost").values()) == {(None, 1)}
    assert "could not be graded" in room.shown("lost")
    assert (room.autograded("lost") / "nb.ipynb.original").read_text() == "{"


def test_a_notebook_that_lost_its_ids_waits_for_a_human(tmp_path):
    room = DropIn(tmp_path / "course")
    room.hand_in("ada")
    room.autograde()
    room.write("submitted/ada/toy/nb.ipynb", notebook(plain("double = abs")))
    assert "lost their ids" in room.autograde("--force")
    assert set(room.marks_of("ada").values()) == {(None, 1)}


def test_a_link_is_not_followed(hostile):
    room, _ = hostile
    assert not (room.autograded("links") / "stolen").exists()


def test_nothing_of_a_hidden_test_is_left_where_students_run(hostile):
    room, _ = hostile
    assert "two times two is four" in room.shown("ada")  # the instructor's folder, as nbgrader has it
    assert not list(room.temporary.glob("autograder-*"))


def test_submissions_run_at_the_same_time(tmp_path):
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    room = DropIn(tmp_path / "course")
    for student in ("ada", "bob"):
        room.hand_in(student, double=SLOW)
    room.autograde()
    times = {
        s: [float((room.autograded(s) / f"{at}.txt").read_text()) for at in ("begin", "end")]
        for s in ("ada", "bob")
    }
    assert max(begin for begin, _ in times.values()) < min(end for _, end in times.values())


def test_a_fault_leaves_its_mark_open(tmp_path):
    room = DropIn(tmp_path / "course")
    room.hand_in("ada")
    room.autograde()
    config = Config({"CourseDirectory": {"root": str(room.root)}})
    converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
    converter._leave_open(["test_double"], "nb", "toy", "ada")
    assert room.marks_of("ada")["test_double"] == (None, 1) and room.marks_of("ada")["test_half"] == (3, 0)


HOOK = """
def mend(assignment, student, notebooks):
    for path in notebooks:
        text = open(path).read()
        open(path, "w").write(text.replace("return 3 * x", "return 2 * x"))
c.Autograde.pre_convert_hook = mend
"""


def test_a_hook_sees_each_submission_before_it_is_run(tmp_path):
    room = DropIn(tmp_path / "course", config=HOOK)
    for student in ("ada", "bob"):
        room.hand_in(student, double="def double(x):\n    return 3 * x")
    room.autograde()
    assert [room.marks_of(student)["test_double"] for student in ("ada", "bob")] == [(2, 0), (2, 0)]


def test_only_one_notebook_is_asked_for(tmp_path):
    room = DropIn(tmp_path / "course")
    room.write(
        "source/toy/other.ipynb", notebook(solution(HALF, "half"), hidden_test("assert half(2) == 1", "t"))
    )
    room.nbgrader("generate_assignment", "toy", "--force")
    room.hand_in("ada")
    room.write("submitted/ada/toy/other.ipynb", (room.root / "release/toy/other.ipynb").read_bytes())
    room.autograde("--notebook", "nb")
    assert (room.autograded("ada") / "nb.ipynb").exists()
    assert not (room.autograded("ada") / "other.ipynb").exists()
    assert room.marks_of("ada")["test_half"] == (3, 0) and room.marks_of("ada")["t"] == (None, 1)


def test_cells_of_header_and_footer_stand_around_the_notebook(tmp_path):
    room = Classroom(tmp_path / "course", None, solution(DOUBLE, "double"))
    room.write("source/head.ipynb", notebook(locked("HEAD = 4", "head")))
    room.write("source/foot.ipynb", notebook(hidden_test("assert double(2) == HEAD", "test_foot", 3)))
    room.write(
        "nbgrader_config.py",
        CONFIG + "c.IncludeHeaderFooter.header = 'source/head.ipynb'\n"
        "c.IncludeHeaderFooter.footer = 'source/foot.ipynb'\n",
    )
    nbgrader(room.root, "generate_assignment", "toy")
    released = json.loads((room.root / "release/toy/nb.ipynb").read_text())
    for cell in released["cells"]:
        if about(cell) == "double":
            cell["source"] = DOUBLE
    room.write("submitted/ada/toy/nb.ipynb", json.dumps(released))
    nbgrader(room.root, "autograde", "toy")
    assert room.marks_of("ada") == {"test_foot": (3, 0)}


def test_a_source_that_was_edited_since_is_said(tmp_path):
    room = DropIn(tmp_path / "course")
    room.hand_in("ada")
    room.write("source/toy/nb.ipynb", notebook(solution(DOUBLE, "double"), hidden_test("pass", "new")))
    said = room.autograde(code=1)
    assert "source and gradebook differ in cells" in said and "generate_assignment" in said


def test_without_executing_no_code_of_students_runs(tmp_path):
    room = DropIn(tmp_path / "course")
    room.hand_in("ada", double=f"open({str(room.root / 'ran')!r}, 'w')\n{DOUBLE}")
    (room.submitted("ada") / "own.txt").write_text("handed in")
    (room.submitted("ada") / "stolen").symlink_to(room.root / "autograder.toml")
    room.autograde("--no-execute")
    assert not (room.root / "ran").exists()
    assert (room.autograded("ada") / "own.txt").read_text() == "handed in"
    assert not (room.autograded("ada") / "stolen").exists()
    assert room.marks_of("ada")["test_double"] == (2, 0)  # no output, and so nbgrader gives full marks


def test_a_kernel_that_is_not_there_is_refused_before_anything_is_removed(tmp_path):
    room = DropIn(tmp_path / "course")
    room.hand_in("ada")
    room.autograde()
    before = room.shown("ada"), room.marks_of("ada")
    room.sql('UPDATE notebook SET kernelspec = \'{"name": "nothere"}\'')
    room.hand_in("bob")
    assert "nothere" in room.autograde("--force", code=1)
    assert (room.shown("ada"), room.marks_of("ada")) == before
    assert not room.marks_of("bob")


def test_our_own_course_has_the_line():
    assert "install()" in (REPOSITORY / "nbgrader_config.py").read_text()


def test_another_language_is_graded_in_its_kernel(tmp_path, monkeypatch):
    show_words(tmp_path, monkeypatch)
    cells = (solution(SOLVED_IN_WORDS, "colour"), hidden_test("colour is green", "test_colour", 2))
    room = Classroom(tmp_path / "course", None, *cells)
    room.write("source/toy/nb.ipynb", in_words(*cells))
    room.write("nbgrader_config.py", CONFIG + "c.ClearSolutions.code_stub = {'words': '# answer'}\n")
    nbgrader(room.root, "generate_assignment", "toy")
    for student, answer in (("ada", "set colour green"), ("bob", "set colour red")):
        released = json.loads((room.root / "release/toy/nb.ipynb").read_text())
        released["cells"][0]["source"] = answer
        room.write(f"submitted/{student}/toy/nb.ipynb", json.dumps(released))
    assert "Jupyter kernels" in nbgrader(room.root, "autograde", "toy")
    assert room.marks() == {("ada", "test_colour"): (2, 0), ("bob", "test_colour"): (0, 0)}


def test_more_time_counts_for_nbgrader_s_late_penalties(tmp_path):
    room = DropIn(tmp_path / "course", config="c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    room.sql("UPDATE assignment SET duedate = '2026-11-20 12:00:00'")
    for student in ("ada", "bob"):
        (room.hand_in(student) / "timestamp.txt").write_text("2026-11-21 12:00:00 UTC")
    room.write("allow.csv", "student_id,assignment,extension\nada,toy,2d\n")
    assert room.run("students", "allow", "allow.csv").code == 0
    room.autograde()
    penalties = dict(
        room.sql(
            "SELECT s.student_id, n.late_submission_penalty FROM submitted_notebook n "
            "JOIN submitted_assignment s ON s.id = n.assignment_id"
        )
    )
    assert not penalties["ada"] and penalties["bob"] == 5
