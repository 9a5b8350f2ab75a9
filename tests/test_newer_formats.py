"""Files of a course that a newer version of the program wrote: nothing is read from them, nothing is lost."""

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from autograder.allowances import Allowances
from autograder.cli import main
from autograder.formats import Format, NewerFormat
from autograder.result import SCHEMA
from autograder.web import schema
from autograder.web.seen import outline
from autograder.web.store import Store
from tests.classroom import Classroom


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def command(room: Classroom, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--course", str(room.root), *arguments])
    return done.exit_code, done.stderr


def files(room: Classroom) -> dict[str, bytes]:
    """All that a student's marks are kept in."""
    folders = ("autograded", ".autograder/results", ".autograder/history")
    found = {path for folder in folders for path in (room.root / folder).rglob("*") if path.is_file()}
    kept = (path for path in found if path.name not in ("lock", "projected"))
    return {str(path): path.read_bytes() for path in [*kept, room.course.gradebook]}


def test_a_newer_result_is_neither_replaced_nor_graded_again_nor_given_out(room):
    room.hand_in("ada")
    room.grade()
    path = room.course.result_path("toy", "ada")
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"schema": SCHEMA + 1, "invented_later": 1}))
    before = files(room)
    for arguments in (
        ["grade", "toy"],
        ["grade", "toy", "--force"],
        ["grade", "toy", "--dry-run"],
        ["export", "csv", "toy"],
        ["report", "toy"],
        ["feedback", "toy"],
        ["explain", "ada", "test_half", "--assignment", "toy"],
    ):
        code, said = command(room, *arguments)
        assert code == 2, arguments
        (line,) = said.splitlines()
        assert line.startswith(f"autograder: {path}: written by a newer version"), arguments
    assert files(room) == before


def test_a_student_is_shown_nothing_of_a_newer_result(room):
    path = room.write(".autograder/results/toy/ada/result.json", json.dumps({"schema": SCHEMA + 1}))
    assert path == room.course.result_path("toy", "ada")
    assert outline(room.course, "toy", "ada") is None


def test_newer_allowances_stay(room):
    path = room.write(".autograder/allowances.json", '{"schema": 2, "allowances": []}')
    with pytest.raises(NewerFormat, match=r"allowances\.json: written by a newer version"):
        Allowances.read(room.course)
    assert path.read_text() == '{"schema": 2, "allowances": []}'


def version_of(store: Store) -> int:
    with closing(sqlite3.connect(store.path)) as connection:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def test_a_newer_database_of_the_web_pages_stays(room):
    store = Store.of(room.course)
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    with pytest.raises(NewerFormat, match=r"web\.db: written by a newer version"):
        Store.of(room.course)
    assert version_of(store) == 7


def test_an_older_database_of_the_web_pages_takes_the_steps_in_one_transaction(room, monkeypatch):
    old = Store.of(room.course)
    old.put("kept", "yes")
    old.close()

    def step(connection):
        connection.exec_driver_sql("ALTER TABLE phrases ADD COLUMN colour TEXT")
        return connection

    def broken(connection):
        step(connection)
        raise ValueError("a step that fails")

    monkeypatch.setattr(schema, "FORMAT", Format((broken,)))
    with pytest.raises(ValueError, match="a step that fails"):
        Store.of(room.course)
    assert version_of(old) == 1

    monkeypatch.setattr(schema, "FORMAT", Format((step,)))
    for _ in range(2):  # the second time there is nothing to do
        new = Store.of(room.course)
        with new.reading() as connection:
            assert connection.exec_driver_sql("SELECT colour FROM phrases").all() == []
        assert (new.get("kept"), version_of(new)) == ("yes", 2)
        new.close()
