"""Points by otter itself and by us, behind the wall, for assignments of otter's drawn at random."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.grading import grade
from autograder.otter.taking import take_over
from autograder.runtime.servers import Servers
from autograder.settings import Settings
from tests.otter.generated import Generated, generated
from tests.otter.oracle import Marks, otters_marks
from tests.otter.writing import autograder_zip

FEW, MANY = 6, 60


def drawn(count: int) -> list[Generated]:
    """The same ones every time."""
    found: list[Generated] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(generated())
    def collect(made: Generated) -> None:
        found.append(made)

    collect()
    return found[:count]


def ours(servers: Servers, folder: Path) -> Marks:
    """What we give for the zip and the submission in `folder`."""
    course = Course.open(folder)
    take_over(course, folder / "autograder.zip", "hw")
    assignment = Assignment.load(course, "hw")
    result = grade(assignment, folder / "submission.ipynb", settings=Settings(), servers=servers)
    return {test.id: (test.points, test.max) for part in result.notebooks for test in part.tests}


@pytest.mark.parametrize(
    "count",
    [pytest.param(FEW, marks=pytest.mark.ci), pytest.param(MANY, marks=pytest.mark.slow)],
    ids=["few", "many"],
)
def test_questions_get_the_points_that_otter_gives(tmp_path, servers, count):
    pairs = []
    for number, made in enumerate(drawn(count)):
        folder = tmp_path / str(number)
        folder.mkdir()
        zipped = autograder_zip(folder / "autograder.zip", made.tests, made.config)
        submitted = folder / "submission.ipynb"
        submitted.write_bytes(made.submitted)
        pairs.append((zipped, submitted))
    differences = []
    for (zipped, _), theirs in zip(pairs, otters_marks(pairs), strict=True):
        found = ours(servers, zipped.parent)
        if found != {name: pytest.approx(marks) for name, marks in (theirs or {}).items()}:
            differences.append((zipped.parent.name, theirs, found))
    assert len(pairs) == count
    assert differences == []
