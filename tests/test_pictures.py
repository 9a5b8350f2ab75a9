"""Pictures on their way from a test to a page: checked, kept beside the result, and gone with it."""

import json

import numpy as np
import pytest

from autograder.checks import pictures as checks
from autograder.history import History
from autograder.pictures import Map, Plot, checked, read_pictures
from autograder.repairing import undo
from tests.building import hidden_test, notebook, solution
from tests.classroom import Classroom

HALF = "def half(x):\n    return x / 2"
TEST = """\
import numpy as np
from autograder import checks

x = np.linspace(0, 4, 5)
checks.pictures.curve("half(x)", x, lambda: half(x), x / 2, given=True, labels=("x", "y"))
checks.pictures.curve("half(17)", x, lambda: half(x), x / 2, given=False, labels=("x", "y"))
checks.close(half(3.0), 1.5, "half of 3", atol=0.01)"""


def sent(x=None) -> dict:
    found: list[dict] = []
    with checks.recorded(found.append):
        x = np.linspace(0, 1, 5)
        checks.curve("half(x)", x, x / 2, x / 3, given=True, labels=("x", "y"))
    return found[0]


def with_(**changes) -> dict:
    picture = sent()
    return picture | {"drawing": picture["drawing"] | changes}


def test_what_a_check_makes_is_a_picture():
    (picture,) = checked([sent()])
    assert picture.title == "half(x)" and picture.given and isinstance(picture.drawing, Plot)


def test_what_is_kept_is_what_was_made():
    (picture,) = checked(json.loads(json.dumps([sent()])))
    assert checked([sent()]) == (picture,)


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        7,
        "picture",
        {},
        [[]],
        sent() | {"title": "x" * 300},
        sent() | {"title": 3},
        sent() | {"given": 1},
        sent() | {"more": 1},
        with_(yours=[[[0, 10**9]]]),
        with_(yours=[[[0.5, 1.0]]]),
        with_(yours=[[[1, 2, 3]]]),
        with_(points=[[1, 2]]),
        with_(yours=[[[1, 1]] * 100_000]),
        with_(x={"label": "x", "size": 0, "ticks": []}),
        with_(x={"label": "x", "size": 10, "ticks": [{"at": 11, "text": "1"}]}),
        with_(x={"label": "x", "size": 10, "ticks": [{"at": 1, "text": "datum.x"}]}),
        with_(x={"label": "x" * 300, "size": 10, "ticks": []}),
        {
            "title": "m",
            "given": True,
            "drawing": {
                "x": sent()["drawing"]["x"],
                "y": sent()["drawing"]["y"],
                "yours": [[1], [1, 2]],
                "asked": [[1]],
                "apart": [[1]],
            },
        },
    ],
)
def test_what_is_no_picture_is_left_out_and_the_others_stay(hostile):
    assert checked([hostile, sent()]) == checked([sent()])


def test_a_map_is_one_too():
    levels = {"yours": [[0, 9], [-1, 3]], "asked": [[3]], "apart": [[-2]]}
    axis = {"label": "x", "size": 300, "ticks": []}
    (picture,) = checked([{"title": "m", "given": False, "drawing": {"x": axis, "y": axis, **levels}}])
    assert isinstance(picture.drawing, Map)


def test_text_that_would_steer_a_reader_is_replaced():
    (picture,) = checked([sent() | {"title": "a\x00\u202eb"}])
    assert picture.title == "a\ufffd\ufffdb"


# In a run that gives marks -----------------------------------------------------------------------


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    room = Classroom(tmp_path / "course", servers)
    room.write("source/toy/nb.ipynb", notebook(solution(HALF, "half"), hidden_test(TEST, "test_half", 3)))
    return room


def pictures_of(room: Classroom, student: str):
    result = room.result(student)
    return read_pictures(room.course.result_path("toy", student), result.key)


def files(room: Classroom, student: str) -> list[str]:
    folder = room.course.result_path("toy", student).parent
    return sorted(path.name for path in folder.glob("pictures-*"))


def test_a_test_that_fails_leaves_its_pictures_and_one_that_passes_none(room):
    room.hand_in("ann", half="def half(x):\n    return x / 3")
    room.hand_in("bob")
    assert room.points() == {"ann": 0, "bob": 3}
    found = pictures_of(room, "ann")["nb/test_half"]
    assert [(each.title, each.given) for each in found] == [("half(x)", True), ("half(17)", False)]
    assert pictures_of(room, "bob") == {} and files(room, "bob") == []


@pytest.mark.parametrize(
    "answer",
    [
        "def half(x):\n    return 'x' if hasattr(x, 'shape') else x / 2",
        "import numpy as np\ndef half(x):\n    return np.zeros(5_000_000) if hasattr(x, 'shape') else x / 2",
        "def half(x):\n    if hasattr(x, 'shape'): raise SystemExit\n    return x / 2",
        "class Odd:\n    def __call__(self): raise ValueError\n\n"
        "def half(x):\n    return Odd() if hasattr(x, 'shape') else x / 2",
    ],
    ids=["text", "huge", "exit", "callable"],
)
def test_no_picture_changes_a_verdict(room, answer):
    room.hand_in("ann", half=answer)
    assert room.points() == {"ann": 3}


def test_pictures_are_those_of_the_result_that_stands_and_undo_brings_the_old_ones_back(room):
    room.hand_in("ann", half="def half(x):\n    return x / 3")
    room.grade()
    before, name = pictures_of(room, "ann"), files(room, "ann")
    room.hand_in("ann", half="def half(x):\n    return x / 4")
    room.grade()
    assert pictures_of(room, "ann") != before
    assert len(files(room, "ann")) == 1 and files(room, "ann") != name
    undo(room.course, "toy")
    assert pictures_of(room, "ann") == before and files(room, "ann") == name


def test_a_grader_that_dies_before_its_result_leaves_result_and_pictures_as_they_were(room, monkeypatch):
    room.hand_in("ann", half="def half(x):\n    return x / 3")
    room.grade()
    before = pictures_of(room, "ann")
    room.hand_in("ann", half="def half(x):\n    return x / 4")
    monkeypatch.setattr(
        "autograder.result.Result.write_atomically", lambda *_: (_ for _ in ()).throw(OSError)
    )
    with pytest.raises(Exception, match="cannot write"):
        room.grade(jobs=1)
    assert pictures_of(room, "ann") == before
    monkeypatch.undo()
    room.grade()
    assert len(files(room, "ann")) == 1 and pictures_of(room, "ann") != before
    assert History(room.course, "toy").runs()


def test_a_dry_run_keeps_no_pictures(room):
    from autograder.repairing import preview

    room.hand_in("ann", half="def half(x):\n    return x / 3")
    room.grade()
    before = files(room, "ann")
    room.hand_in("ann", half="def half(x):\n    return x / 4")
    preview(room.context(), jobs=1, unverified=True)
    assert files(room, "ann") == before


def test_damaged_pictures_are_none(tmp_path):
    for text in ("", "{", "[]", "7", '{"a": 3}', '{"a": [' * 50_000):
        (tmp_path / "pictures-k.json").write_text(text)
        assert not any(read_pictures(tmp_path / "result.json", "k").values())
