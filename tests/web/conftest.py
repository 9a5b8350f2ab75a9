"""A site on the toy course, with people who are signed in to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autograder.web.accounts import Accounts
from autograder.web.app import create_app
from autograder.web.people import Account, Role
from autograder.web.site import Options, Site
from tests.classroom import Classroom

PEOPLE = (
    Account("ada", Role.STUDENT, "Ada Lovelace"),
    Account("bob", Role.STUDENT, "Bob Noyce"),
    Account("gus", Role.GRADER, "Gus Grader"),
    Account("ina", Role.INSTRUCTOR, "Ina Instructor"),
)


class Visitor:
    """A browser without a screen, of one of these people or of nobody."""

    def __init__(self, site: "Served", account: str = "") -> None:
        self.client = TestClient(site.app, base_url=site.options.address, follow_redirects=False)
        self.csrf = ""
        if account:
            token = site.site.sessions.begin(site.accounts.require(account))
            session = site.site.sessions.find(token)
            assert session is not None
            self.csrf = session.csrf
            self.client.cookies.set("session", token)

    def get(self, path: str, **options):
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options):
        """As from a form of ours."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **options)


class Served:
    """The application on a course, without a server around it."""

    def __init__(self, room: Classroom, **options) -> None:
        self.room = room
        self.options = Options(**options)
        self.app = create_app(room.course, self.options)
        self.site: Site = self.app.state.site
        self.accounts: Accounts = self.site.accounts

    def visitor(self, account: str = "") -> Visitor:
        return Visitor(self, account)


def populate(accounts: Accounts) -> None:
    for one in PEOPLE:
        accounts.add(one.id, one.role, one.name)


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path / "course")


@pytest.fixture
def served(room) -> Iterator[Served]:
    made = Served(room)
    populate(made.accounts)
    yield made
    made.site.store.close()
