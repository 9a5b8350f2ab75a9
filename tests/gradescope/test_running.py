"""run_autograder on submissions of every kind, in a folder that plays the container's part."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.gradescope.archive import zipped
from autograder.gradescope.packing import Plan
from autograder.gradescope.results import NO_ZERO
from autograder.runtime.tiers import strongest
from autograder.verifying.cases import submitted_notebook
from tests.building import flagged, hidden_test, manual, solution, source
from tests.classroom import DOUBLE, HALF, SETTINGS, Classroom
from tests.gradescope.container import Container, points

pytestmark = pytest.mark.ci

CELLS = (
    solution(f"### BEGIN SOLUTION\n{DOUBLE}\n### END SOLUTION", "double"),
    flagged("code", "assert double(1) == 2", "test_seen", 1, grade=True, locked=True),
    hidden_test("assert double(2) == 4, 'two times two'", "test_double", 2),
    solution(f"### BEGIN SOLUTION\n{HALF}\n### END SOLUTION", "half"),
    hidden_test("got = half(3)\nassert got == 1.5, got", "test_half", 3),
    manual("Because.", "why", 4),
)


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder through which every user of the machine may pass, as /autograder is one."""
    folder = Path(tempfile.mkdtemp(prefix="plays-gradescope-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def built(tmp_path: Path, root: Path, settings: str = "") -> Container:
    room = Classroom(tmp_path / "course", None, *CELLS)
    room.settings(SETTINGS + settings)
    return Container(root, zipped(Plan(room.course, "toy").files())).with_program()


def solved(name: str = "nb.ipynb", **answers: str) -> dict[str, bytes]:
    """A submission: the solution with some answers replaced."""
    return {name: submitted_notebook(source(*CELLS), answers)}


def by_id(results: dict) -> dict[str, dict]:
    return {test["extra_data"]["grade_id"]: test for test in results["tests"]}


def test_right_half_right_and_nothing(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in(solved())
    right = container.run()
    assert points(right) == 6
    assert f"Run in a jail of tier {strongest().tier} of 3." in right["output"]
    assert right["extra_data"]["student"] == "ada@example.org"
    assert "ada@example.org: graded, 6 of 6 points" in container.said

    container.hand_in(solved("lab/nb (1).ipynb", half="def half(x): return 'x'") | {"__MACOSX/._x": b"\0"})
    half = container.run()
    assert points(half) == 3
    assert (by_id(half)["test_half"]["status"], by_id(half)["test_half"]["output"]) == ("failed", "x")
    assert by_id(half)["test_half"]["visibility"] == "after_published"

    container.hand_in({})
    nothing = container.run()
    assert points(nothing) == 0
    assert "nb: the notebook was not handed in" in nothing["output"]


def test_a_notebook_that_cannot_be_read_is_no_zero(tmp_path, root):
    container = built(tmp_path, root)
    for data in (b"\xff{", b'{"cells": ' + b"[" * 10**7):
        container.hand_in({"nb.ipynb": data})
        results = container.run()
        assert "nb: NOT GRADED" in results["output"]
        assert {test["visibility"] for test in results["tests"]} == {"after_published"}
        assert "not_gradable" in container.said


# What a student's code reaches: all that lies beside the submission, and the results.
ATTACKS = """
import os
root = {root!r}
def half(x):
    got = []
    for what, attempt in {{
        "reads the tests": lambda: open(root + "/source/course/source/toy/nb.ipynb").read(),
        "lists the source": lambda: os.listdir(root + "/source"),
        "reads who it is": lambda: open(root + "/submission_metadata.json").read(),
        "reads the results": lambda: open(root + "/results/results.json").read(),
        "writes the results": lambda: open(root + "/results/results.json", "w").write('{{"score": 100}}'),
        "puts results beside": lambda: open(root + "/results/other.json", "w"),
        "opens the results to all": lambda: os.chmod(root + "/results", 0o777),
        "moves the results away": lambda: os.rename(root + "/results", root + "/away"),
        "appends to the script": lambda: open(root + "/run_autograder", "a"),
        "changes the submission": lambda: open(root + "/submission/nb.ipynb", "w"),
    }}.items():
        try:
            attempt()
            got.append(what)
        except OSError:
            pass
    return ", ".join(got) or x / 2
"""


def attacked(tmp_path: Path, root: Path, tier: int, closed: bool = True) -> dict:
    """The results of a submission that tries all of it, in a jail of this tier; folders may be open."""
    if strongest(tier).tier < tier:
        pytest.skip(f"this machine has no jail of tier {tier}")
    container = built(tmp_path, root, f"min_tier = {tier}\nmax_tier = {tier}\n")
    if not closed:
        script = root / "run_autograder"
        script.write_text(script.read_text().replace("\nchmod go= ", "\n: "))
    container.hand_in(solved(half=ATTACKS.format(root=str(root))))
    return container.run()


@pytest.mark.parametrize("tier", [3, 2])
def test_students_read_no_test_and_write_no_result(tmp_path, root, tier):
    results = attacked(tmp_path, root, tier)
    assert by_id(results)["test_half"]["output"] == "passed"
    assert points(results) == 6
    assert f"tier {tier} of 3" in results["output"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give students another user id")
@pytest.mark.parametrize("closed", [True, False])
def test_without_landlock_another_user_id_keeps_them_out_of_closed_folders(tmp_path, root, closed):
    """As in a container whose kernel has none: run_autograder runs as root, and closes its folders."""
    if not all(folder.stat().st_mode & 1 for folder in Path(sys.base_prefix).parents):
        pytest.skip("where Python is open to root alone, students have no other user id at tier 1")
    words = by_id(attacked(tmp_path, root, 1, closed))["test_half"]["output"]
    assert ("reads the tests" in words) is not closed
    assert words == "passed" or not closed


def test_a_crash_and_an_exit_cost_their_own_question(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in(solved(half="import os\ndef half(x): os._exit(0)"))
    results = container.run()
    assert points(results) == 3
    assert "your code ended the process" in by_id(results)["test_half"]["output"]
    assert "first try: nb/test_half: crashed" in container.said  # and it was tried again


# Faults of ours ---------------------------------------------------------------------------------


def assert_no_mark(results: dict) -> None:
    assert results["output"].startswith(NO_ZERO)
    assert {test["visibility"] for test in results["tests"]} == {"after_published"}
    assert all(test["output"].startswith("Not graded; this is no zero.") for test in results["tests"])


def test_in_too_weak_a_jail_nothing_is_run(tmp_path, root):
    container = built(tmp_path, root, "min_tier = 3\nmax_tier = 2\n")
    container.hand_in(solved(double=f"open({str(root / 'ran')!r}, 'w')"))
    results = container.run()
    assert_no_mark(results)
    assert "min_tier is 3" in results["output"] and "min_tier is 3" in container.said
    assert not (root / "ran").exists()


@pytest.mark.parametrize("program", ["#!/bin/sh\nkill -9 $$", "#!/nowhere/sh", "#!/bin/sh\nexec sleep 600"])
def test_a_grader_that_does_not_get_to_its_end_leaves_no_zero(tmp_path, root, program):
    """Killed for its memory; not installed; still at work when its time is over."""
    container = built(tmp_path, root).with_program(program)
    container.hand_in(solved())
    results = container.run(GRADESCOPE_SECONDS="1")
    assert_no_mark(results)
    assert "It was stopped from outside" in results["output"]


def test_when_the_time_is_over_nobody_waits_for_a_student(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in(
        solved(half="while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    )
    assert_no_mark(container.run(GRADESCOPE_SECONDS="6"))


def test_a_course_that_cannot_be_read_leaves_no_zero(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in(solved())
    (root / "source/course/source/toy/nb.ipynb").write_text("{")
    assert_no_mark(container.run())
    assert "source/toy/nb.ipynb: the notebook is not valid JSON" in container.said


def test_without_a_folder_of_submissions_there_is_no_zero(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in({})
    (root / "submission").rmdir()
    results = container.run()
    assert_no_mark(results)
    assert str(root) not in results["output"]  # what is for instructors is in what was printed
    assert "no such folder" in container.said


def test_whose_it_is_need_not_be_known(tmp_path, root):
    container = built(tmp_path, root)
    container.hand_in(solved())
    (root / "submission_metadata.json").unlink()
    assert points(container.run()) == 6
    assert "unknown: graded, 6 of 6 points" in container.said
