"""Commands that bring submissions in, and give marks, answers and assignments out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import course_of, jobs_option, json_option
from autograder.cli.gradescope import export as gradescope
from autograder.cli.marks import answers, as_csv, as_json, canvas, moodle
from autograder.cli.otter import otter


@click.command()
@click.argument("assignment")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "origin",
    type=click.Choice(["canvas", "moodle", "gradescope", "folder"]),
    help="Whose download it is (default: told by the names in it).",
)
@click.option(
    "--worksheet", type=click.Path(path_type=Path), help="Moodle's grading worksheet, which tells who is who."
)
@click.option(
    "--groups",
    type=click.Path(path_type=Path),
    help="A CSV with the columns group and student_id: what one hands in counts for each.",
)
@click.option("--new-students", is_flag=True, help="Folders may name students that are not in the roster.")
@click.option(
    "--match-by-order", "by_order", is_flag=True, help="Find the cells of notebooks that lost their ids."
)
@click.option(
    "--keep",
    type=click.Choice(["last", "best"]),
    default="last",
    help="Which attempt counts; best grades them all (default: last).",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@jobs_option
@json_option
@click.pass_context
def collect(
    ctx: click.Context, /, assignment: str, files: tuple[Path, ...], as_json: bool, **options: Any
) -> None:
    """Lay submissions to ASSIGNMENT out of downloads, zips and folders into submitted/.

    FILE is a bulk download of Canvas, Moodle or Gradescope, or a folder or zip that names students by id.
    Every attempt is kept. Exit code 1 says that something asks to be looked at.
    """
    from autograder.collecting.collect import Options
    from autograder.collecting.collect import collect as run
    from autograder.display import rosters, terminal

    with terminal.meter("grading attempts", quiet=as_json) as meter:
        found = run(course_of(ctx), assignment, files, Options(**options), meter.start, meter.done)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        rosters.print_collection(found)
    ctx.exit(found.exit_code)


@click.group()
def export() -> None:
    """Give out marks and answers, or an assignment for another grader."""


for command in (as_csv, as_json, canvas, moodle, answers, otter, gradescope):
    export.add_command(command)
