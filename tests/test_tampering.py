"""Tampered notebooks never gain marks, never stop the run, and are noted as what they are."""

import json
from collections.abc import Mapping

import pytest

from autograder.result import Result, Status
from tests import tampering
from tests.building import hidden_test
from tests.classroom import DOUBLE, HALF, Classroom

# One right answer of two: a notebook in which nothing is changed has these points.
ANSWERS = {"double": DOUBLE, "half": "def half(x):\n    return None"}
UNTAMPERED = 2

Graded = Mapping[str, Result]


@pytest.fixture(scope="module")
def base(tmp_path_factory, servers) -> bytes:
    """A notebook in which nothing is changed yet."""
    room = Classroom(tmp_path_factory.mktemp("base") / "course", servers)
    return (room.hand_in("eve", **ANSWERS) / "nb.ipynb").read_bytes()


def graded(room: Classroom) -> Graded:
    room.hand_in("bob")
    room.hand_in("plain", **ANSWERS)
    return {student: one.result for student, one in room.grade().items()}


@pytest.fixture(scope="module")
def class_of_tamperers(tmp_path_factory, servers, base) -> Graded:
    """One student for each way to change the content or the bytes, all graded in one run."""
    room = Classroom(tmp_path_factory.mktemp("notebooks") / "course", servers)
    for name, data in tampering.every(base):
        room.write(f"submitted/{student_of(name)}/toy/nb.ipynb", data)
    return graded(room)


@pytest.fixture(scope="module")
def class_of_odd_folders(tmp_path_factory, servers) -> Graded:
    room = Classroom(tmp_path_factory.mktemp("folders") / "course", servers)
    for name, change in tampering.FOLDERS.items():
        change(room.hand_in(student_of(name), **ANSWERS), "nb.ipynb")
    return graded(room)


def student_of(name: str) -> str:
    names = [*tampering.CHANGES, *tampering.BYTES, *tampering.FOLDERS]
    return f"s{names.index(name):03}"


@pytest.mark.parametrize("name", [*tampering.CHANGES, *tampering.BYTES])
def test_a_tampered_notebook_gains_nothing(class_of_tamperers, name):
    result = class_of_tamperers[student_of(name)]
    assert result.status in (Status.GRADED, Status.NOT_GRADABLE)
    assert result.points <= UNTAMPERED


@pytest.mark.parametrize("name", tampering.FOLDERS)
def test_a_notebook_in_an_odd_folder_gains_nothing(class_of_odd_folders, name):
    result = class_of_odd_folders[student_of(name)]
    assert result.status in (Status.GRADED, Status.NOT_GRADABLE)
    assert result.points <= UNTAMPERED


def test_nobody_else_is_stopped_or_gains(class_of_tamperers, class_of_odd_folders):
    for every in (class_of_tamperers, class_of_odd_folders):
        assert every["bob"].points == 5
        assert every["plain"].points == UNTAMPERED
        assert every["plain"].tampering == ()


@pytest.mark.parametrize("name", [name for name in tampering.CHANGES if name not in tampering.QUIET])
def test_tampering_is_noted_or_leaves_the_notebook_open(class_of_tamperers, name):
    result = class_of_tamperers[student_of(name)]
    assert result.tampering or result.status is Status.NOT_GRADABLE


@pytest.mark.parametrize("name", sorted(tampering.QUIET))
def test_what_any_program_may_write_costs_nothing(class_of_tamperers, name):
    result = class_of_tamperers[student_of(name)]
    assert (result.status, result.points) == (Status.GRADED, UNTAMPERED)


@pytest.mark.parametrize("points", [1, 100])
def test_the_hidden_tests_in_an_answer_gain_nothing(tmp_path, servers, points):
    """Somebody has the source notebook, and hands its test cells in as answers."""
    room = Classroom(tmp_path / "course", servers)
    source = (room.root / "source/toy/nb.ipynb").read_bytes()
    tests = ["".join(cell["source"]) for cell in tampering.tests_in(json.loads(source))]
    own = str(hidden_test("pass", "test_half", points)["source"])
    room.hand_in("eve", double=DOUBLE, half="\n".join([*tests, own, ANSWERS["half"]]))
    assert room.points() == {"eve": UNTAMPERED}


def test_the_source_itself_handed_in_has_no_other_points_than_its_answers(tmp_path, servers):
    room = Classroom(tmp_path / "course", servers)
    content = json.loads((room.root / "source/toy/nb.ipynb").read_bytes())
    for cell in tampering.answers_in(content):
        cell["source"] = HALF
    room.write("submitted/eve/toy/nb.ipynb", json.dumps(content))
    assert room.points() == {"eve": 3}
