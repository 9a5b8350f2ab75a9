"""Commands about the students of a course."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from autograder.cli.common import course_of, json_option


@click.group()
def students() -> None:
    """Students of the course: what they are allowed."""


@students.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def allow(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Grant what FILE says: student_id, assignment, extension (`2d 12h`), excused (`yes`), reason.

    A row with neither extension nor excused takes back what was granted.
    """
    from autograder.allowing import allow as run
    from autograder.display import visible

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
    from autograder.display import visible

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
