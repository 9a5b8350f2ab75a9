"""One course whose data were handed out, with warm servers, for all tests that change nothing in it."""

from collections.abc import Iterator

import pytest

from tests.personal.example import RidgeRoom


@pytest.fixture(scope="package")
def handed_out(tmp_path_factory) -> Iterator[RidgeRoom]:
    room = RidgeRoom(tmp_path_factory.mktemp("personal") / "course", with_torch=True)
    room.hand_out()
    with room.context().servers() as servers:
        room.servers = servers
        yield room


@pytest.fixture
def room(tmp_path) -> RidgeRoom:
    """A course of a test's own, without servers."""
    return RidgeRoom(tmp_path / "course")
