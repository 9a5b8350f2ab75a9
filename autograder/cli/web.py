"""Commands of the web pages: serving them, and who may sign in."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.web.accounts import Accounts, Link
    from autograder.web.store import Store

ROLES = ("student", "grader", "instructor")
_NEEDED = "the web pages need more packages: pip install 'autograder[web]'"


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address of this machine to serve at."
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="The port of this machine to listen at.",
)
@click.option("--url", default="", help="Where browsers find it, such as https://grades.example.edu.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, url: str) -> None:
    """Serve the course's web pages: students hand in and see results, instructors mark and release."""
    _require_extra()
    from autograder.web.serving import serve as run
    from autograder.web.site import Options

    run(course_of(ctx), Options(host, port, url), click.echo)


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def accounts(ctx: click.Context, as_json: bool) -> None:
    """Who may sign in to the web pages, and how. Without a command, list them."""
    _require_extra()
    if ctx.invoked_subcommand is not None:
        return
    from autograder.display.terminal import visible

    found = _accounts(ctx).all()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
        return
    for one in found:
        click.echo(visible(f"{one.id}: {one.name}, {one.role}{', with a password' * one.has_password}"))
    if not found:
        click.echo("nobody may sign in yet; `autograder accounts students` makes links for the roster")


@accounts.command()
@click.argument("account", metavar="ID")
@click.option("--role", type=click.Choice(ROLES[1:]), required=True, help="What they may do.")
@click.option("--name", default="", help="The full name.")
@click.pass_context
def add(ctx: click.Context, account: str, role: str, name: str) -> None:
    """Make an account for ID, a grader or an instructor, and print the personal link."""
    from autograder.web.people import Role

    known = _accounts(ctx)
    _print_links(ctx, known.new_links([known.add(account, Role(role), name)]), None)


@accounts.command()
@click.option("--to", type=click.Path(path_type=Path), default=None, help="A CSV file for a mail merge.")
@click.option("--again", is_flag=True, help="New links for everybody; the old ones and all sessions end.")
@click.pass_context
def students(ctx: click.Context, to: Path | None, again: bool) -> None:
    """Make accounts and personal links for the students of the roster who have none."""
    from autograder.roster import Roster
    from autograder.web.people import Role

    roster = Roster.of(course_of(ctx))
    if not len(roster):
        raise UsageError("the roster is empty; run `autograder students import students.csv` first")
    known = _accounts(ctx)
    made = known.add_students((person.id, person.name) for person in roster)
    if again:
        made = [one for one in known.all() if one.role is Role.STUDENT]
    if not made:
        click.echo("every student has a link; --again makes new ones")
        return
    _print_links(ctx, known.new_links(made), to)


@accounts.command()
@click.argument("account", metavar="ID")
@click.pass_context
def link(ctx: click.Context, account: str) -> None:
    """Print a new personal link for ID; the old one, and all sessions, end."""
    known = _accounts(ctx)
    _print_links(ctx, known.new_links([known.require(account)]), None)


@accounts.command()
@click.argument("account", metavar="ID")
@click.password_option(help="Asked for where it is not given.")
@click.pass_context
def password(ctx: click.Context, account: str, password: str) -> None:
    """Set the password of ID; all sessions end."""
    known = _accounts(ctx)
    known.set_password(known.require(account).id, password)
    click.echo(f"{account}: the password is set")


@accounts.command()
@click.argument("account", metavar="ID")
@click.pass_context
def remove(ctx: click.Context, account: str) -> None:
    """Let ID sign in no longer. What a student handed in stays."""
    known = _accounts(ctx)
    known.remove(known.require(account).id)
    click.echo(f"{account}: removed")


def _require_extra() -> None:
    """Before anything is done: a command that finds out later has made half of what it was to make."""
    try:
        import autograder.web.serving  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is missing; {_NEEDED}") from None


def _store(ctx: click.Context) -> Store:
    from autograder.web.store import Store

    return Store.of(course_of(ctx))


def _accounts(ctx: click.Context) -> Accounts:
    from autograder.web.accounts import Accounts

    return Accounts(_store(ctx))


def _print_links(ctx: click.Context, links: list[Link], to: Path | None) -> None:
    from autograder.display.terminal import visible
    from autograder.web.site import Options

    address = _store(ctx).get("address") or Options().address
    if to is None:
        for link in links:
            click.echo(visible(f"{link.account.id}: {link.address(address)}"))
        return
    from autograder.marks.spreadsheets import safe_cell
    from autograder.result import write_atomically
    from autograder.roster import Roster

    emails = {person.id: person.email for person in Roster.of(course_of(ctx))}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("id", "name", "email", "link"))
    for link in links:
        account = link.account
        row = (account.id, account.name, emails.get(account.id, ""), link.address(address))
        table.writerow([safe_cell(value) for value in row])
    write_atomically(to, text.getvalue())
    click.echo(f"{len(links)} links in {to}; whoever has one can sign in with it")
