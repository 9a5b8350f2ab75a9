"""Attacks that are known to succeed: each test begins to pass, and says so, once its hole is closed."""

import pytest

from autograder.result import Status
from autograder.runtime.outputs import clean
from autograder.runtime.wire import decode, encode
from tests.building import hidden_test, solution
from tests.classroom import DOUBLE, Classroom


@pytest.mark.xfail(
    strict=True, reason="Peer._result takes STOP for an answer to any request, not to `next` alone"
)
def test_the_end_of_an_iterator_is_no_answer_to_a_call(tmp_path, servers):
    test = "assert all(map(lambda x: double(x) == 2 * x, [1, 2, 3]))"
    cells = (
        solution(f"### BEGIN SOLUTION\n{DOUBLE}\n### END SOLUTION", "double"),
        hidden_test(test, "test_all"),
    )
    room = Classroom(tmp_path / "course", servers, *cells)
    forged = "import sys\nsys.modules['runtime.student'].OPERATIONS['call'] = lambda *_: (6, None)\n"
    room.hand_in("eve", double=f"{forged}\ndef double(x):\n    return None")
    assert room.points() == {"eve": 0}


@pytest.mark.xfail(strict=True, reason="outputs._data keeps lone surrogates in application/json")
def test_half_a_character_in_an_output_is_no_fault(tmp_path, servers):
    room = Classroom(tmp_path / "course", servers)
    shown = "from IPython.display import display\ndisplay({'application/json': ['\\ud800']}, raw=True)"
    room.hand_in("eve", double=f"{DOUBLE}\n{shown}")
    assert room.grade()["eve"].result.status is Status.GRADED


@pytest.mark.xfail(strict=True, reason="outputs._data writes a list out as often as it is referred to")
def test_an_output_is_not_larger_than_its_limit():
    shared = ["x" * 1000]
    for _ in range(12):
        shared = [shared, shared]
    output = {"output_type": "display_data", "data": {"application/json": shared}, "metadata": {}}
    assert len(str(clean(decode(encode([output])), 1_000_000))) < 2_000_000


@pytest.mark.xfail(strict=True, reason="outputs.clean keeps the first output, whatever its size")
def test_a_single_output_is_not_larger_than_its_limit():
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}
    assert len(str(clean([output], 1_000_000))) < 2_000_000
