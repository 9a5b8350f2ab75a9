"""`verify`, `generate` and the other ways out of an assignment with personal data."""

import json

import numpy as np
import pytest

from autograder.errors import UsageError
from autograder.generating import generate
from autograder.gradescope.packing import Plan
from autograder.otter.exporting import export
from autograder.personal.given import EXAMPLES
from autograder.personal.seeds import example_seed
from autograder.verifying.verify import verify
from tests.building import flagged, solution
from tests.personal.example import SOLUTION, RidgeRoom

# passes whoever's data they are: what it calls is right for all
CALLS = """### BEGIN HIDDEN TESTS
from autograder import checks
mine = checks.personal.data()
assert abs(mean(mine["y"]) - mine["y"].mean()) < 1e-9
### END HIDDEN TESTS"""
NOT_PERSONAL = (
    solution("### BEGIN SOLUTION\ndef mean(y):\n    return y.mean()\n### END SOLUTION", "mean"),
    flagged("code", CALLS, "test_mean", 1, grade=True, locked=True),
)


@pytest.fixture(scope="module")
def verified(tmp_path_factory):
    """A course with a test that is personal, one that is not, and a solution that is wrong for one draw."""
    room = RidgeRoom(tmp_path_factory.mktemp("verify") / "course", more=NOT_PERSONAL)
    room.change("autograder.toml", '["test_w"]', '["test_w", "test_mean"]')
    seen = []
    with room.context().servers() as servers:
        clean = verify(room.context(), (), servers=servers, on_trial=seen.append)
        with np.load(room.personal.data_of(example_seed(1))) as second:
            luck = f"\nif strength == {float(second['strength'])!r}:\n    w = -w"
        room.change("source/toy/nb.ipynb", json.dumps(SOLUTION)[1:-1], json.dumps(SOLUTION + luck)[1:-1])
        wrong = verify(room.context(), (), probes=False, servers=servers)
    return room, seen, clean, wrong


def test_the_solution_is_tried_as_several_students_without_the_course_s_key(verified):
    room, seen, clean, _ = verified
    assert {name for name in seen if name.startswith("@solution")} == {
        "@solution",
        *(f"@solution/student{n + 1}" for n in range(1, EXAMPLES)),
    }
    assert (clean.faults, clean.false_rejects, clean.leaks) == ([], [], [])
    assert not room.key.exists()


def test_a_test_that_passes_with_another_s_answers_is_named(verified):
    _, _, clean, _ = verified
    (found,) = clean.false_accepts
    assert (found.case, found.test) == ("@another-student", "test_mean")
    assert "answers to another student's data" in found.message


def test_a_solution_that_is_right_for_one_draw_alone_does_not_verify(verified):
    _, _, _, wrong = verified
    assert [(found.case, found.test) for found in wrong.faults] == [("@solution/student2", "test_w")]


def test_the_release_holds_data_of_a_student_who_is_made_up(room):
    room.write("source/toy/personal.npz", b"the instructor's own, to try things out")
    folder = generate(room.course, "toy")
    assert (folder / "personal.npz").read_bytes() == room.personal.data_of(example_seed(0)).read_bytes()
    assert not room.key.exists()


def test_otter_is_not_given_what_it_cannot_judge(room):
    with pytest.raises(UsageError, match="toy: test_w judge by data of each student's own"):
        export(room.context(), room.root / "otter")


def test_the_key_does_not_go_to_gradescope(room):
    room.hand_out(students=("ada",))
    with pytest.raises(
        UsageError, match="test_w judge by data of each student's own, and the key"
    ) as refused:
        Plan(room.course, "toy").write(room.root / "toy.zip", tried=False)
    assert "\n" not in str(refused.value)
    assert not (room.root / "toy.zip").exists()
