"""Commands for the roster."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError


@click.group()
def students() -> None:
    """Bring the class list in, show it, and take a student out."""


@students.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def import_(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Write the students in FILE, a CSV with the columns id, first_name, last_name, email, lms_user_id."""
    from autograder import display
    from autograder.students import import_students

    found = import_students(course_of(ctx), file)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        display.print_import(found)
    ctx.exit(1 if found.left_out else 0)


@students.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Show the students in gradebook.db."""
    from autograder import display
    from autograder.roster import Roster

    roster = Roster.of(course_of(ctx))
    if as_json:
        click.echo(json.dumps([asdict(person) for person in roster], indent=1))
    else:
        display.print_roster(roster)


@students.command()
@click.argument("student", metavar="ID")
@click.option("--yes", is_flag=True, help="Remove it all; without this, only show what would be removed.")
@json_option
@click.pass_context
def delete(ctx: click.Context, student: str, yes: bool, as_json: bool) -> None:
    """Remove everything of the student ID: marks, also in backups, submissions, results, history."""
    from autograder import display
    from autograder.students import delete_student, traces_of

    course = course_of(ctx)
    traces = traces_of(course, student)
    left = delete_student(course, traces) if yes else list(traces.problems)
    if as_json:
        found = [{"where": trace.where, "what": trace.what} for trace in traces.found]
        click.echo(json.dumps({"student": student, "removed": yes, "found": found, "left": left}, indent=1))
    else:
        display.print_traces(traces, left, removed=yes)
    if not yes:
        raise UsageError("nothing was removed yet; add --yes to remove all this for good, backups included")
    ctx.exit(1 if left else 0)
