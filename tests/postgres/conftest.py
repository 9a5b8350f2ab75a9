"""A real server, one for the whole run, and courses whose gradebook lies on it.

Where PostgreSQL is missing these tests fail: they are run where they are asked for.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.database.postgresql import PostgreSQL
from benchmarks.postgres_server import Server, server
from tests.classroom import SETTINGS, Classroom

_numbers = itertools.count()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.postgres)


class Room(Classroom):
    """The toy course, with its gradebook at an address."""

    address = ""

    def on(self, address: str) -> "Room":
        self.address = address
        self.settings(f'{SETTINGS}db_url = "{address}"\n')
        return self

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with PostgreSQL(self.address).connect() as connection:
            found = connection.execute(query)
            return found.fetchall() if found.description else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server("fsync=off") as running, pytest.MonkeyPatch.context() as patch:
        # as an operator would: it is in no file of the course
        patch.setenv("PGPASSWORD", running.password)
        yield running


@pytest.fixture
def empty(postgres) -> Callable[[], str]:
    """Makes an empty database; its address."""
    return lambda: postgres.make(f"course{next(_numbers)}")


@pytest.fixture
def room(tmp_path, empty, servers) -> Room:
    return Room(tmp_path / "course", servers).on(empty())
