"""Commands that bring submissions and students in, and marks out."""

from __future__ import annotations

import click

from autograder.cli.marks import answers, as_csv, as_json, canvas, moodle


@click.group()
def export() -> None:
    """Give out marks and answers, unless something says that they should be held back."""


for command in (as_csv, as_json, canvas, moodle, answers):
    export.add_command(command)
