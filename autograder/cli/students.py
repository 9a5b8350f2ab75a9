"""Commands about the students of a course."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError


@click.group()
def students() -> None:
    """The class list, what its students are allowed, and taking one out."""


@students.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def import_(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Write the students in FILE, a CSV with the columns id, first_name, last_name, email, lms_user_id."""
    from autograder.display import rosters
    from autograder.students import import_students

    found = import_students(course_of(ctx), file)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        rosters.print_import(found)
    ctx.exit(1 if found.left_out else 0)


@students.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Show the students in gradebook.db."""
    from autograder.display import rosters
    from autograder.roster import Roster

    roster = Roster.of(course_of(ctx))
    if as_json:
        click.echo(json.dumps([asdict(person) for person in roster], indent=1))
    else:
        rosters.print_roster(roster)


@students.command()
@click.argument("student", metavar="ID")
@click.option("--yes", is_flag=True, help="Remove it all; without this, only show what would be removed.")
@json_option
@click.pass_context
def delete(ctx: click.Context, student: str, yes: bool, as_json: bool) -> None:
    """Remove everything of the student ID: marks, also in backups, submissions, results, history."""
    from autograder.display import rosters
    from autograder.students import delete_student, traces_of

    course = course_of(ctx)
    traces = traces_of(course, student)
    left = delete_student(course, traces) if yes else list(traces.problems)
    if as_json:
        found = [{"where": trace.where, "what": trace.what} for trace in traces.found]
        click.echo(json.dumps({"student": student, "removed": yes, "found": found, "left": left}, indent=1))
    else:
        rosters.print_traces(traces, left, removed=yes)
    if not yes:
        raise UsageError("nothing was removed yet; add --yes to remove all this for good, backups included")
    ctx.exit(1 if left else 0)


@students.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def allow(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Grant what FILE says: student_id, assignment, extension (`2d 12h`), excused (`yes`), reason.

    A row with neither extension nor excused takes back what was granted.
    """
    from autograder.allowing import allow as run
    from autograder.display.terminal import visible

    found = run(course_of(ctx), file)
    for line in found.problems:
        click.echo(f"not taken over: {visible(line)}", err=True)
    for line in found.notes:
        click.echo(f"note: {visible(line)}", err=True)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        click.echo(f"{len(found.entries)} allowances taken over")
    ctx.exit(found.exit_code)


@students.command()
@click.argument("assignment")
@json_option
@click.pass_context
def allowances(ctx: click.Context, assignment: str, as_json: bool) -> None:
    """List who has more time for ASSIGNMENT, or is excused from it."""
    from autograder.allowances import Allowances, words_of
    from autograder.display.terminal import visible

    course = course_of(ctx)
    found = Allowances.read(course).of(course.require_assignment(assignment))
    if as_json:
        click.echo(json.dumps({who: asdict(one) for who, one in sorted(found.items())}, indent=1))
        return
    for who, one in sorted(found.items()):
        parts = [f"{words_of(one.more_time)} more" if one.more_time else "", "excused" * one.excused]
        reason = f" ({one.reason})" if one.reason else ""
        click.echo(visible(f"{who}: {', '.join(filter(None, parts))}{reason}"))
    if not found:
        click.echo(f"{assignment}: nobody has an allowance")
