"""Commands that bring submissions and students in, and marks out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from autograder.cli.common import course_of
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.course import Course


@click.group()
def export() -> None:
    """Give out an assignment: its marks, or what another platform grades it with."""


def _marks_as(form: Literal["csv", "json"]) -> click.Command:
    """The command that gives out marks in this form."""

    @click.command(form, help=f"Give out the marks of ASSIGNMENT as {form}, as nbgrader counts them.")
    @click.argument("assignment")
    @click.option("--to", type=click.Path(path_type=Path), help="Write this file instead of showing it.")
    @click.option("--anyway", is_flag=True, help="Also where `grade` says that marks should be held back.")
    @click.pass_context
    def marks(ctx: click.Context, assignment: str, to: Path | None, anyway: bool) -> None:
        _give_out(course_of(ctx), form, assignment, to, anyway)

    return marks


for each in ("csv", "json"):
    export.add_command(_marks_as(each))


def _give_out(
    course: Course, form: Literal["csv", "json"], assignment: str, to: Path | None, anyway: bool
) -> None:
    from autograder.exporting import export as run

    text = run(course, assignment, form, anyway)
    if to is None:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{to}: cannot be written ({error.strerror}); name another file with --to") from None
    click.echo(f"{assignment}: marks written to {to}")
