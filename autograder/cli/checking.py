"""The command for students: what their notebook's visible tests say."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import json_option
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.checking import Checked, Question


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.argument("questions", nargs=-1, metavar="[QUESTION]...")
@json_option
@click.pass_context
def check(ctx: click.Context, notebook: Path, questions: tuple[str, ...], as_json: bool) -> None:
    """For students: run NOTEBOOK with the tests that one can see, as grading runs them.

    All questions, or those named by their ids. The code runs as in Jupyter, not locked in: check your own
    notebooks, and nobody else's. Exit codes: 0 all passed; 1 some did not; 2 wrong usage.
    """
    if platform.system() != "Linux":  # before what needs it is imported
        raise UsageError(
            f"`check` needs Linux, and this is {platform.system()}; run the notebook from top to bottom in "
            "Jupyter instead, its visible tests are the same (on Windows there is also WSL)"
        )
    from autograder.checking import check as run

    found = run(notebook, questions)
    if as_json:
        click.echo(json.dumps({**asdict(found), "passed": found.exit_code == 0}, indent=1))
    else:
        _print(found)
    ctx.exit(found.exit_code)


def _print(found: Checked) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from autograder.display.terminal import visible

    table = Table()
    for name in ("question", "result", "points", "why"):
        table.add_column(name, overflow="fold")
    for question in found.questions:
        words = (question.id, question.verdict, _points(question), question.message)
        table.add_row(*(escape(visible(text)) for text in words))
    Console().print(table)
    for note in found.notes:
        click.echo(f"note: {visible(note)}")
    count = sum(question.is_open for question in found.questions)
    click.echo(
        f"{count} of {len(found.questions)} to do" if count else "all that can be seen from here is passed"
    )
    click.echo("hidden tests look at more values than these: they may still find a mistake")


def _points(question: Question) -> str:
    """What the visible tests say of the points, and how many others decide."""
    hidden = question.points - question.seen_points
    if not question.seen_points:
        return f"{question.points:g}"
    more = f", {hidden:g} hidden" if hidden else ""
    return f"{question.got:g} of {question.seen_points:g} so far{more}"
