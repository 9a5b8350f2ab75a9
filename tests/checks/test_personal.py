"""What a test is told of a student's own data."""

import numpy as np
import pytest

from autograder.assignment import PERSONAL_FILE
from autograder.checks import personal
from autograder.checks.personal import NotSolved, packed, unpacked

DATA = {"X": np.arange(6.0).reshape(2, 3), "n": 3, "word": "text"}


def double(data, device):
    assert device == "cpu"
    return [{"twice": 2 * one["X"]} for one in data]


def fails(data, device):
    raise ValueError("does not converge")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "own.npz"
    path.write_bytes(packed(DATA))
    yield path
    personal.use_personal(PERSONAL_FILE)


def test_data_come_back_as_they_were_and_numbers_as_numbers():
    found = unpacked(packed(DATA))
    assert np.array_equal(found["X"], DATA["X"])
    assert (found["n"], type(found["n"])) == (3, np.int64)
    assert found["word"] == "text"


def test_the_same_data_give_the_same_bytes():
    assert packed(DATA) == packed(dict(DATA))


@pytest.mark.parametrize(
    "values", [{"x": object()}, {"x": [object()]}, {"x": None}, {"a b": 1}, {"file": 1}, {"x": [[1], [1, 2]]}]
)
def test_what_is_no_array_of_numbers_or_text_is_refused(values):
    with pytest.raises((TypeError, ValueError)):
        packed(values)


def test_data_are_read_anew_with_every_call(file):
    personal.use_personal(str(file))
    personal.data()["X"][:] = -1.0  # as a student's function does with its argument
    assert np.array_equal(personal.data()["X"], DATA["X"])


def test_what_is_expected_is_worked_out_where_it_was_not_before(file):
    personal.use_personal(str(file))
    assert np.array_equal(personal.expected(double)["twice"], 2 * DATA["X"])


def test_what_was_worked_out_before_is_taken_for_the_same_function_alone(file):
    before = packed({"twice": np.zeros(1)})
    personal.use_personal(str(file), f"{__name__}:double", before)
    assert personal.expected(double)["twice"] == 0
    personal.use_personal(str(file), "os.path:join", before)
    assert np.array_equal(personal.expected(double)["twice"], 2 * DATA["X"])


def test_what_cannot_be_worked_out_is_no_wrong_answer(file):
    personal.use_personal(str(file))
    with pytest.raises(NotSolved, match="fails raised ValueError: does not converge"):
        personal.expected(fails)
    assert not issubclass(NotSolved, Exception)


def test_an_assignment_without_personal_data_has_none():
    personal.use_personal(None)
    try:
        with pytest.raises(NotSolved, match="no personal data"):
            personal.data()
    finally:
        personal.use_personal(PERSONAL_FILE)


def test_without_an_examiner_they_lie_in_the_working_directory(tmp_path, monkeypatch):
    """As in plain nbgrader."""
    monkeypatch.chdir(tmp_path)
    assert personal._given == personal._Given(personal.Path(PERSONAL_FILE))
    (tmp_path / PERSONAL_FILE).write_bytes(packed(DATA))
    assert np.array_equal(personal.data()["X"], DATA["X"])
    (tmp_path / PERSONAL_FILE).unlink()
    with pytest.raises(NotSolved):
        personal.data()
