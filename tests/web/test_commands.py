"""`autograder accounts` and `autograder serve`, as they are typed."""

import csv
import json
import re

from click.testing import CliRunner

from autograder.cli import main
from autograder.web.accounts import Accounts
from autograder.web.people import Role
from autograder.web.serving import first_link
from autograder.web.store import Store
from tests.web.conftest import Served


def run(room, *arguments: str, **options):
    return CliRunner().invoke(main, ["--course", str(room.root), *arguments], **options)


def test_links_are_made_for_the_roster_once(room):
    done = run(room, "accounts", "students")
    assert re.findall(r"^(\w+): http://127.0.0.1:8000/enter/\S+$", done.output, re.MULTILINE) == [
        "ada",
        "bob",
    ]
    assert "every student has a link" in run(room, "accounts", "students").output
    again = run(room, "accounts", "students", "--again").output
    assert "ada: " in again and again != done.output


def test_links_go_into_a_table_for_a_mail_merge_and_no_name_is_a_formula(room):
    room.sql("UPDATE student SET first_name = '=HYPERLINK(1)', email = 'ada@example.org' WHERE id = 'ada'")
    target = room.root / "links.csv"
    assert "2 links" in run(room, "accounts", "students", "--to", str(target)).output
    with target.open() as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["ada"]["email"] == "ada@example.org" and not rows["ada"]["name"].startswith("=")
    secret = rows["bob"]["link"].rpartition("/")[2]
    served = Served(room)
    assert served.accounts.by_link(secret).id == "bob"
    served.site.store.close()


def test_staff_are_added_listed_and_removed(room):
    assert "/enter/" in run(room, "accounts", "add", "gus", "--role", "grader", "--name", "Gus").output
    assert json.loads(run(room, "accounts", "--json").output) == [
        {"id": "gus", "role": "grader", "name": "Gus", "has_password": False}
    ]
    assert run(room, "accounts", "password", "gus", input="a longer sentence\n" * 2).exit_code == 0
    assert "with a password" in run(room, "accounts").output
    assert run(room, "accounts", "remove", "gus").exit_code == 0
    assert "nobody may sign in yet" in run(room, "accounts").output


def test_a_wrong_id_is_answered_in_one_line(room):
    run(room, "accounts", "students")
    done = run(room, "accounts", "link", "adda")
    assert done.exit_code == 2 and "did you mean 'ada'?" in done.output
    assert run(room, "accounts", "add", "../x", "--role", "grader").exit_code == 2
    assert run(room, "accounts", "add", "ada", "--role", "grader").exit_code == 2


def test_the_first_instructor_gets_a_link_and_only_the_first(room):
    store = Store.of(room.course)
    link = first_link(store)
    assert link is not None and link.account.role is Role.INSTRUCTOR
    assert first_link(store) is None
    assert [one.role for one in Accounts(store).all()] == [Role.INSTRUCTOR]
    store.close()


def test_an_address_that_is_none_and_a_port_that_is_taken_are_said(room):
    import socket

    assert "is no address" in run(room, "serve", "--url", "grades.example.edu").output
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(room, "serve", "--port", str(taken.getsockname()[1]))
    assert done.exit_code == 2 and "choose others with --host and --port" in done.output


def test_the_database_is_for_its_owner_alone(room):
    Store.of(room.course).close()
    assert (room.course.state / "web.db").stat().st_mode & 0o077 == 0
