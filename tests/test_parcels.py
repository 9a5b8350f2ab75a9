import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading import grade
from autograder.keys import versions
from autograder.marking import Marked, Task
from autograder.scheduling.parcels import (
    Answer,
    BadParcel,
    Content,
    Expected,
    Kind,
    Unlike,
    lay_out,
    pack,
    pack_answer,
    pack_content,
    pack_marked,
    pack_task,
    require_alike,
    unpack,
    unpack_answer,
    unpack_task,
)
from autograder.submission import Submission, read_submission
from tests.building import hidden_test, solution
from tests.classroom import SETTINGS, Classroom
from tests.personal.example import RidgeRoom


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    cells = (solution("x = 2", "x"), hidden_test("import truth\nassert x == truth.X", "test_x", 2))
    made = Classroom(tmp_path_factory.mktemp("parcels") / "course", None, *cells)
    made.settings(SETTINGS + 'test_path = ["."]\n')
    made.write("truth/__init__.py", "from .number import X\n")
    made.write("truth/number.py", "X = 2\n")
    made.write("source/toy/data/given.csv", "1,2\n")
    made.write("not_asked_for.py", "secret = 1\n")
    return made


@pytest.fixture(scope="module")
def marked(room, servers) -> Marked:
    folder = room.hand_in("ada")
    submission = read_submission(folder, "ada", "toy", room.context().settings.limits)
    result = grade(room.context().assignment, submission, servers=servers)
    return Marked(result, {"nb": "{}"}, {"data/made.txt": b"made"}, 1.5)


def opened(room: Classroom, parcel: bytes, student: str = "ada") -> Marked:
    answer, files = unpack_answer(parcel)
    return Expected(room.context()).marked(student, answer, files)


def test_an_assignment_arrives_with_all_that_marks_depend_on(room, tmp_path):
    context = room.context()
    there = lay_out(pack_content(context), tmp_path)
    assert there.inputs == context.inputs
    assert there.settings == context.settings
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert names == [
        "modules/0/truth/__init__.py",
        "modules/0/truth/number.py",
        "source/toy/data/given.csv",
        "source/toy/nb.ipynb",
    ]


def test_an_assignment_of_another_version_is_refused_by_name(room, tmp_path):
    content, files = unpack(Content, pack_content(room.context()))
    other = replace(content, versions={**content.versions, "numpy": "0.1"})
    with pytest.raises(Unlike, match=r"^numpy .*, here 0\.1$"):
        lay_out(pack(other, files), tmp_path)


def test_an_assignment_that_changed_on_its_way_is_refused_by_name(room, tmp_path):
    content, files = unpack(Content, pack_content(room.context()))
    changed = files | {"modules/0/truth/number.py": b"X = 3\n"}
    with pytest.raises(Unlike, match="another digest of modules"):
        lay_out(pack(content, changed), tmp_path)


@pytest.mark.parametrize("path", ["../out", "/out", "a/../../out", "a//b", "", "a\0b", "./a"])
def test_a_file_of_an_assignment_stays_in_its_folder(room, tmp_path, path):
    content, files = unpack(Content, pack_content(room.context()))
    with pytest.raises(BadParcel):
        lay_out(pack(content, files | {path: b"x"}), tmp_path / "in")
    assert not (tmp_path / "out").exists()


def test_a_submission_arrives_without_timestamp_and_secret(room, tmp_path):
    files = {"own.py": b"x = 1", "timestamp.txt": b"now", "submission_secret.txt": b"s"}
    sent = Submission("ada", "toy", Path("/x"), {"nb": b"{"}, files, None, {"bad": "is a folder"}, ("note",))
    assignment = room.context().assignment
    there = unpack_task(pack_task(Task(assignment, sent)), assignment, tmp_path)
    assert there.submission == replace(sent, path=Path(), files={"own.py": b"x = 1"})
    assert there.assignment is assignment
    assert not [*tmp_path.iterdir()]


@pytest.fixture(scope="module")
def ridge(tmp_path_factory) -> RidgeRoom:
    room = RidgeRoom(tmp_path_factory.mktemp("parcels") / "ridge")
    room.hand_out()
    room.context().prepare(["ada"])
    return room


def test_a_student_s_own_data_arrive_without_seed_or_key(ridge, tmp_path):
    context = ridge.context()
    sent = Task(context.assignment_of("ada"), Submission("ada", "toy", Path(), {"nb": b"{"}))
    parcel = pack_task(sent)
    lay_out(pack_content(context), tmp_path / "course")
    (tmp_path / "own").mkdir()
    own = unpack_task(parcel, context.assignment, tmp_path / "own").assignment.own
    assert own.data.read_bytes() == ridge.own("ada")
    assert own.solved.read_bytes() == sent.assignment.own.solved.read_bytes()
    assert own.solve == sent.assignment.own.solve
    seed, key = context.personal.seed_of("ada"), ridge.key.read_bytes()
    for secret in (key, key.strip(), seed, seed.hex().encode()):
        assert secret not in parcel
        assert secret not in pack_content(context)


@pytest.mark.parametrize("extra", [{"own/data": b""}, {"own/other": b""}, {"own/../x": b""}])
def test_personal_data_that_are_none_are_refused(room, tmp_path, extra):
    assignment = room.context().assignment
    about = {"student": "ada", "assignment": "toy", "unreadable": {}, "notes": [], "solve": None}
    head = {"about": about, "files": [{"path": path, "size": len(data)} for path, data in extra.items()]}
    with pytest.raises(BadParcel):
        unpack_task(envelope(head), assignment, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_neither_the_gradebook_s_address_nor_other_assignments_go_to_a_worker(room):
    context = room.context()
    told = replace(
        context.settings, db_url="postgresql://db.example/grades", assignments={"other": {"jobs": 1}}
    )
    content, _ = unpack(Content, pack_content(replace(context, settings=told)))
    assert (content.settings.db_url, content.settings.assignments) == ("", {})


def test_what_was_marked_arrives_as_it_was(room, marked):
    there = opened(room, pack_marked(marked))
    assert there == marked


def test_why_a_worker_is_unfit_arrives():
    assert unpack_answer(pack_answer(Kind.UNFIT, "no room")) == (Answer(Kind.UNFIT, "no room"), {})


@pytest.mark.parametrize(
    "change",
    [
        {"student": "bob"},
        {"assignment": "other"},
        {"key": "k"},
        {"tier": 0},
        {"tier": None},
        {"retries": ("first try",)},
        {"inputs": {"a": "b"}},
        {"notebooks": ()},
        {"schema": 2},
    ],
)
def test_a_result_of_something_else_is_refused(room, marked, change):
    with pytest.raises(BadParcel):
        opened(room, pack_marked(replace(marked, result=replace(marked.result, **change))))


def test_points_for_tests_that_are_none_are_refused(room, marked):
    (notebook,) = marked.result.notebooks
    (test,) = notebook.tests
    for tests in ((replace(test, id="other"),), (replace(test, max=200.0, points=200.0),), (test, test)):
        forged = replace(marked.result, notebooks=(replace(notebook, tests=tests),))
        with pytest.raises(BadParcel):
            opened(room, pack_marked(replace(marked, result=forged)))


@pytest.mark.parametrize("path", ["../x", "/x", "nb.ipynb", "result.json", "timestamp.txt", "a/../x", "a\nb"])
def test_a_written_file_stays_where_files_of_students_may_lie(room, marked, path):
    with pytest.raises(BadParcel):
        opened(room, pack_marked(replace(marked, written={path: b""})))


def test_a_notebook_that_is_none_of_the_assignment_s_is_refused(room, marked):
    with pytest.raises(BadParcel):
        opened(room, pack_marked(replace(marked, executed={"../nb": "{}"})))


def test_more_files_than_may_be_written_are_refused(room, marked):
    with pytest.raises(BadParcel):
        opened(room, pack_marked(replace(marked, written={f"f{n}": b"" for n in range(1001)})))


@pytest.mark.parametrize(
    "extra", [{"pictures": b"[1]"}, {"pictures": b"{"}, {"executed/nb": b"\xff"}, {"result": b"{}"}]
)
def test_files_that_are_not_what_they_should_be_are_refused(room, marked, extra):
    answer, files = unpack_answer(pack_marked(marked))
    with pytest.raises(BadParcel):
        opened(room, pack(answer, {**files, **extra}))


def envelope(head: object, rest: bytes = b"") -> bytes:
    data = json.dumps(head).encode()
    return len(data).to_bytes(8, "big") + data + rest


ABOUT = {"kind": "marked", "reason": "", "cpu_seconds": 0.0}


@pytest.mark.parametrize(
    "parcel",
    [
        b"",
        b"\xff" * 100,
        envelope({}),
        envelope({"about": ABOUT, "files": [{"path": "a", "size": 5}]}, b"1234"),
        envelope({"about": ABOUT, "files": [{"path": "a", "size": -1}, {"path": "b", "size": 1}]}),
        envelope({"about": ABOUT, "files": [{"path": "a", "size": 1}, {"path": "a", "size": 1}]}, b"12"),
        envelope({"about": ABOUT, "files": [{"path": "a", "size": 1 << 60}]}),
        envelope({"about": {**ABOUT, "kind": "else"}, "files": []}),
        envelope({"about": ABOUT, "files": [], "more": 1}),
        (100).to_bytes(8, "big") + b"[" * 100,
        None,
        bytearray(b"1"),
        "text",
    ],
    ids=range(13),
)
def test_bytes_that_are_no_parcel_are_refused(parcel):
    with pytest.raises(BadParcel):
        unpack_answer(parcel)


@given(st.data())
def test_whatever_is_changed_in_a_parcel_it_is_read_or_refused(data):
    parcel = bytearray(pack(Answer(Kind.MARKED), {"result": b"{}", "executed/nb": b"{}"}))
    for _ in range(data.draw(st.integers(1, 4))):
        parcel[data.draw(st.integers(0, len(parcel) - 1))] = data.draw(st.integers(0, 255))
    try:
        _answer, files = unpack_answer(bytes(parcel))
    except BadParcel:
        return
    assert sum(map(len, files.values())) < len(parcel)


@given(st.dictionaries(st.text(), st.binary()))
def test_files_of_any_name_and_content_come_back(files):
    assert unpack(Answer, pack(Answer(Kind.DIED), files)) == (Answer(Kind.DIED), files)


@pytest.mark.parametrize("theirs", [None, [], {"python": 3}, {}, {**versions(), "torch": "0"}])
def test_only_our_own_versions_are_alike(theirs):
    with pytest.raises(Unlike):
        require_alike(theirs)
    require_alike(dict(versions()))
