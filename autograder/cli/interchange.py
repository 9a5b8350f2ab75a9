"""Commands that bring submissions and students in, and marks out."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from autograder.cli.common import course_of
from autograder.cli.otter import otter
from autograder.errors import UsageError


@click.group()
def export() -> None:
    """Give out marks, or an assignment to another grader."""


def _command(form: Literal["csv", "json"]) -> None:
    @export.command(form, help=f"Give out the marks of ASSIGNMENT as {form}, as nbgrader counts them.")
    @click.argument("assignment")
    @click.option("--to", type=click.Path(path_type=Path), help="Write this file instead of showing it.")
    @click.option("--anyway", is_flag=True, help="Also where `grade` says that marks should be held back.")
    @click.pass_context
    def marks(ctx: click.Context, assignment: str, to: Path | None, anyway: bool) -> None:
        from autograder.exporting import export as run

        text = run(course_of(ctx), assignment, form, anyway)
        if to is None:
            click.echo(text, nl=False)
            return
        try:
            to.write_text(text, "utf-8", newline="")
        except OSError as error:
            why = f"cannot be written ({error.strerror}); name another file with --to"
            raise UsageError(f"{to}: {why}") from None
        click.echo(f"{assignment}: marks written to {to}")


_command("csv")
_command("json")
export.add_command(otter)
