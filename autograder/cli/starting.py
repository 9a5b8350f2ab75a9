"""Commands that make something to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from autograder.cli.common import course_of
from autograder.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.pass_context
def init(ctx: click.Context, folder: Path) -> None:
    """Make FOLDER (default: where you are) a course: settings, folders, and what nbgrader needs.

    What is there already is left as it is.
    """
    from autograder.display.terminal import visible
    from autograder.errors import some_of
    from autograder.starting.course import start_course

    if ctx.obj is not None:
        raise UsageError("--course names a course that there is; write `autograder init FOLDER`")
    found = start_course(folder)
    for name in found.made:
        click.echo(f"made {name}")
    if found.left:
        click.echo(f"left as they were: {some_of(found.left)}")
    there = "" if found.root == Path.cwd() else f"cd {shlex.quote(str(folder))}, then "
    click.echo(visible(f"{found.root} is a course; next: {there}autograder new hw1"))


@click.command()
@click.argument("assignment")
@click.pass_context
def new(ctx: click.Context, assignment: str) -> None:
    """Make source/ASSIGNMENT to start from: one question of each kind, with tests and example answers."""
    from autograder.display.terminal import visible
    from autograder.starting.assignment import start_assignment

    made = start_assignment(course_of(ctx), assignment)
    click.echo(visible(f"made {made.notebook}, and example answers in {made.cases}"))
    name = shlex.quote(made.name)
    click.echo(visible(f"next: autograder verify {name}, then what students get: autograder generate {name}"))
