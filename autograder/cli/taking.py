"""Commands that take over what was written for other graders."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import course_of


@click.group("import")
def take() -> None:
    """Make an assignment of the course out of one that was written for another grader."""


@take.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="What the assignment is called (default: as its author called it).")
@click.pass_context
def otter(ctx: click.Context, file: Path, name: str | None) -> None:
    """Take over FILE: a master notebook, an autograder zip or folder, or a notebook with tests inside."""
    from autograder.display.terminal import visible
    from autograder.otter.taking import take_over

    taken = take_over(course_of(ctx), file, name)
    cells = taken.notebook.cells
    points = f"{taken.notebook.max_points:g} points"
    click.echo(visible(f"{taken.name}: {len(cells)} questions, {points}, in source/{taken.name}"))
    if taken.release is not None:
        click.echo(f"students' notebook: {taken.release}")
    for note in taken.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(
        f"put submissions into submitted/STUDENT/{taken.name}/ and run `autograder grade {taken.name}`"
    )
