"""A site on the toy course, with people who are signed in to it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autograder.assignment import Assignment
from autograder.gradebook import Projection
from autograder.students import import_students
from autograder.web.accounts import Accounts
from autograder.web.app import create_app
from autograder.web.people import Account, Role
from autograder.web.receipts import Receipt
from autograder.web.site import Options, Site
from tests.building import notebook, plain
from tests.classroom import Classroom

PEOPLE = (
    Account("ada", Role.STUDENT, "Ada Lovelace"),
    Account("bob", Role.STUDENT, "Bob Noyce"),
    Account("gus", Role.GRADER, "Gus Grader"),
    Account("ina", Role.INSTRUCTOR, "Ina Instructor"),
)


DUE = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(hours=12)
ANSWERS = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


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

    def hand_in(self, visitor: Visitor, *files: tuple[str, bytes], assignment: str = "toy"):
        """As from the form on the assignment's page; files by name and content."""
        uploads = [("files", file) for file in (files or (("nb.ipynb", ANSWERS),))]
        return visitor.post(f"/assignments/{assignment}/uploads", files=uploads)

    def receipt(self, account: str, *files: tuple[str, bytes], assignment: str = "toy") -> Receipt:
        """Of an upload that was taken."""
        answer = self.hand_in(self.visitor(account), *files, assignment=assignment)
        assert answer.status_code == 303, answer.text
        return self.site.receipts.of(account, assignment)[0]


def populate(accounts: Accounts) -> None:
    for one in PEOPLE:
        accounts.add(one.id, one.role, one.name)


@pytest.fixture(scope="session")
def gradebook(tmp_path_factory) -> Path:
    """A gradebook with the students and the assignment, due in half a day."""
    made = Classroom(tmp_path_factory.mktemp("gradebook") / "course")
    table = "id,first_name,last_name\n" + "".join(
        f"{one.id},{one.name.replace(' ', ',')}\n" for one in PEOPLE[:2]
    )
    import_students(made.course, made.write("students.csv", table))
    with Projection(made.course.db_url) as projection:
        projection.register(Assignment.load(made.course, "toy"), DUE)
    return made.course.gradebook


@pytest.fixture
def room(tmp_path: Path, gradebook: Path) -> Classroom:
    """The toy course, with its assignment released and a roster."""
    made = Classroom(tmp_path / "course")
    made.write("release/toy/nb.ipynb", notebook(plain("# what students get", "markdown")))
    made.write("release/toy/data/points.csv", "1,2\n")
    shutil.copy(gradebook, made.root)
    return made


@pytest.fixture
def served(room) -> Iterator[Served]:
    made = Served(room)
    populate(made.accounts)
    yield made
    made.site.store.close()
