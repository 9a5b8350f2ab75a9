"""The command that tells students what became of their answers."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from autograder.cli.common import course_of, jobs_option, json_option


@click.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@click.option("--notebook", default=None, help="Only this notebook of the assignment.")
@click.option("--force", is_flag=True, help="Write pages again that have not changed.")
@click.option("--anyway", is_flag=True, help="Also where `grade` says that marks should be held back.")
@jobs_option
@json_option
@click.pass_context
def feedback(
    ctx: click.Context,
    assignment: str,
    students: tuple[str, ...],
    notebook: str | None,
    force: bool,
    anyway: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Write a page for each student and notebook of ASSIGNMENT into feedback/, for release_feedback too."""
    from autograder.assignment import Assignment
    from autograder.display import standings, terminal
    from autograder.feedback.publishing import publish_class

    course = course_of(ctx)
    with terminal.meter("writing feedback", quiet=as_json) as meter:
        done = publish_class(
            course,
            Assignment.load(course, assignment),
            students,
            notebook=notebook,
            force=force,
            anyway=anyway,
            jobs=jobs,
            on_start=meter.start,
            on_done=lambda one: meter.done(standings.line_of_feedback(one)),
        )
    problems = [one for one in done if one.problem]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in done], indent=1))
    else:
        for one in problems:
            click.echo(f"left out: {standings.line_of_feedback(one)}", err=True)
        written, unchanged = sum(one.written for one in done), sum(one.unchanged for one in done)
        pages = f"{written} page{'s' * (written != 1)}"
        click.echo(f"{assignment}: {pages} written, {unchanged} unchanged, in {course.root / 'feedback'}")
    ctx.exit(1 if problems else 0)
