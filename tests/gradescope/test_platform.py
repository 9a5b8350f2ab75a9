"""What Gradescope does: build the image by setup.sh, with a network, then grade without one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.gradescope.archive import zipped
from autograder.gradescope.packing import Plan
from autograder.regions import SOLUTION, without_marks
from autograder.runtime.tiers import strongest
from autograder.verifying.cases import submitted_notebooks
from tests.classroom import REPOSITORY
from tests.gradescope.container import Container, points

pytestmark = pytest.mark.slow

LAB6 = Assignment.from_folder("lab6", REPOSITORY / "source" / "lab6")
# a process of its own network, in which nothing is reached
WITHOUT_NETWORK = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")


@pytest.fixture(scope="module")
def container() -> Iterator[Container]:
    """lab6 in a clean environment."""
    root = Path(tempfile.mkdtemp(prefix="plays-gradescope-"))
    built = Container(root, zipped(Plan(Course.open(REPOSITORY), "lab6").files()))
    environment = {**os.environ, "GRADESCOPE_ROOT": str(root), "PIP_EXTRA_INDEX_URL": ""}
    done = subprocess.run(
        ["bash", root / "source/setup.sh"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1_800,
    )
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "NOT VERIFIED HERE" not in done.stdout
    assert "0 wrong answers accepted, 0 right answers rejected, 0 faults, 0 leaks" in done.stdout
    yield built
    shutil.rmtree(root)


def handed_in(**answers: str) -> dict[str, bytes]:
    given = {
        (n.name, cell.id): answers[cell.id] for n in LAB6.notebooks for cell in n.cells if cell.id in answers
    }
    return {f"{name}.ipynb": data for name, data in submitted_notebooks(LAB6.notebooks, given).items()}


# right as long as it reaches nothing, so that its marks tell whether it did
HOSTILE = """
import os
right, root = sigmoid, {root!r}
def sigmoid(*args, **more):
    got = []
    for folder in ("/source", "/results", "/submission"):
        for attempt in (os.listdir, lambda path: open(path + "/results.json", "w")):
            try:
                got.append(attempt(root + folder))
            except OSError:
                pass
    return -1 if got else right(*args, **more)
"""


def test_right_half_right_hostile_unreadable_and_nothing(container):
    container.hand_in(handed_in())
    assert points(container.run(*WITHOUT_NETWORK)) == LAB6.automatic_points, container.said

    half = handed_in()
    del half["pytorch_regression.ipynb"]
    container.hand_in(half)
    results = container.run(*WITHOUT_NETWORK)
    assert points(results) == 45
    assert "pytorch_regression: the notebook was not handed in" in results["output"]

    (right,) = (cell.source for n in LAB6.notebooks for cell in n.cells if cell.id == "sigmoid")
    attack = without_marks(right, SOLUTION) + HOSTILE.format(root=str(container.root))
    container.hand_in(handed_in(sigmoid=attack))
    assert points(container.run(*WITHOUT_NETWORK)) == LAB6.automatic_points

    container.hand_in(handed_in() | {"pytorch_regression.ipynb": b"{"})
    results = container.run(*WITHOUT_NETWORK)
    assert points(results) == 45
    assert "pytorch_regression: NOT GRADED" in results["output"]

    container.hand_in({})
    assert points(container.run(*WITHOUT_NETWORK)) == 0
    assert len(results["tests"]) == 27


def test_it_is_graded_as_strongly_locked_in_as_here(container):
    container.hand_in(handed_in())
    results = container.run(*WITHOUT_NETWORK)
    assert f"tier {strongest().tier} of 3" in results["output"]
