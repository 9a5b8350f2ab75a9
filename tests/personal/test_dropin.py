"""`nbgrader autograde` with our line in its configuration, where data are each student's own."""

import pytest

from tests.commands import nbgrader

pytestmark = pytest.mark.ci

CONFIG = "from autograder.dropin import install; install()\nc = get_config()\n"


def test_nbgrader_judges_by_the_same_data_and_says_why_it_cannot(room):
    room.write("nbgrader_config.py", CONFIG)
    environment = {"TMPDIR": room.environment()["TMPDIR"]}
    nbgrader(room.root, "generate_assignment", "toy", **environment)
    room.hand_in("ada")
    said = nbgrader(room.root, "autograde", "toy", code=1, **environment)
    assert "no student was given data of their own" in said
    room.hand_out()
    room.hand_in("bob", w=f"w = np.array({room.answers('ada')})")
    nbgrader(room.root, "autograde", "toy", **environment)
    assert {who: room.marks_of(who)["test_w"][0] for who in ("ada", "bob")} == {"ada": 4, "bob": 0}
    assert (room.autograded("bob") / "personal.npz").read_bytes() == room.own("bob")
