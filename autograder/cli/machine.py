"""The command that looks at this machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.doctor import Finding


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine offers for grading, and what to do to get a stronger jail."""
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
        _print(found)


def _print(found: Sequence[Finding]) -> None:
    """What `doctor` found, a line each, with what to do below it."""
    width = max(len(finding.what) for finding in found)
    for finding in found:
        click.echo(f"{finding.what:{width}}  {finding.state}")
        if finding.advice:
            click.echo(f"{'':{width}}  -> {finding.advice}")
