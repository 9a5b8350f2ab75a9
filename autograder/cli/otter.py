"""The command that gives an assignment to otter-grader."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import course_of, json_option

if TYPE_CHECKING:
    from autograder.otter.exporting import ExportedNotebook


@click.command()
@click.argument("assignment")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, help="A new folder to write into."
)
@json_option
@click.pass_context
def otter(ctx: click.Context, assignment: str, folder: Path, as_json: bool) -> None:
    """Write ASSIGNMENT for otter-grader 7: a student's notebook and an autograder.zip for each notebook."""
    from autograder.context import Context
    from autograder.otter.exporting import ARCHIVE, export

    exported = export(Context.of(course_of(ctx), assignment), folder)
    if as_json:
        click.echo(json.dumps(asdict(exported), indent=1))
    else:
        for notebook in exported.notebooks:
            _print_notebook(notebook)
        click.echo(f"{exported.assignment}: written to {folder}; each {ARCHIVE} holds the hidden tests")
    ctx.exit(1 if any(notebook.left_out for notebook in exported.notebooks) else 0)


def _print_notebook(notebook: ExportedNotebook) -> None:
    from autograder.display.terminal import visible

    questions = notebook.questions
    click.echo(f"{visible(notebook.name)}: {len(questions)} questions, {sum(questions.values()):g} points")
    if notebook.by_hand:
        told = ", ".join(f"{id} ({points:g})" for id, points in notebook.by_hand.items())
        click.echo(f"  for a human: {told}")
    for each in notebook.left_out:
        click.echo(f"  left out: {each.test}, {each.points:g} points: {visible(each.why)}")
