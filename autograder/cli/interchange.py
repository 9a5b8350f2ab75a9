"""Commands that bring submissions and students in, and marks out."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from autograder.cli.common import course_of
from autograder.errors import UsageError


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "json"]))
@click.argument("assignment")
@click.option("--to", type=click.Path(path_type=Path), help="Write this file instead of showing it.")
@click.option("--anyway", is_flag=True, help="Also where `grade` says that marks should be held back.")
@click.pass_context
def export(
    ctx: click.Context, form: Literal["csv", "json"], assignment: str, to: Path | None, anyway: bool
) -> None:
    """Give out the marks of ASSIGNMENT as csv or json, as nbgrader counts them."""
    from autograder.exporting import export as run

    text = run(course_of(ctx), assignment, form, anyway)
    if to is None:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{to}: cannot be written ({error.strerror}); name another file with --to") from None
    click.echo(f"{assignment}: marks written to {to}")
