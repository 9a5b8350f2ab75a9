"""The command that looks at this machine."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine offers for grading, and what to do to get a stronger jail."""
    from autograder import display
    from autograder.doctor import examine
    from autograder.settings import Settings

    try:
        settings = course_of(ctx).settings
    except UsageError:
        if ctx.obj is not None:
            raise
        settings = Settings()  # no course is needed to look at a machine
    found = examine(settings)
    if as_json:
        click.echo(json.dumps({finding.what: asdict(finding) for finding in found}, indent=1))
    else:
        display.print_examination(found)
