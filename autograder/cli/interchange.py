"""Commands that bring submissions in, and give marks, answers and assignments out."""

from __future__ import annotations

import click

from autograder.cli.gradescope import export as gradescope
from autograder.cli.marks import answers, as_csv, as_json, canvas, moodle
from autograder.cli.otter import otter


@click.group()
def export() -> None:
    """Give out marks and answers, or an assignment for another grader."""


for command in (as_csv, as_json, canvas, moodle, answers, otter, gradescope):
    export.add_command(command)
