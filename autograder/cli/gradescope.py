"""Commands for Gradescope: the zip that an instructor uploads, and what runs in its container."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import course_of, tier_options

if TYPE_CHECKING:
    from autograder.gradescope.results import Visibility

# those of autograder.gradescope.results, which is not loaded for a help text
_hidden_option = click.option(
    "--hidden-tests",
    "hidden",
    type=click.Choice(["after_published", "after_due_date", "hidden", "visible"]),
    default="after_published",
    show_default=True,
    help="When students see what hidden tests made of their work, and the total.",
)


@click.command(name="gradescope")
@click.argument("assignment")
@click.option(
    "--to", required=True, type=click.Path(path_type=Path), help="The zip to write; an older one is replaced."
)
@click.option(
    "--timeout",
    "minutes",
    type=click.IntRange(2, 40),
    default=10,
    show_default=True,
    help="Minutes: the same as in the assignment's settings on Gradescope.",
)
@_hidden_option
@click.option(
    "--requirements",
    type=click.Path(path_type=Path),
    help="A file for pip: what the course imports besides numpy, torch, scikit-learn and matplotlib.",
)
@click.option(
    "--min-tier",
    type=click.IntRange(0, 3),
    default=None,
    help="Grade nothing there in a weaker jail than this (default: the settings').",
)
@click.option("--unverified", is_flag=True, help="Write it although its tests were not tried here.")
@click.pass_context
def export(
    ctx: click.Context,
    assignment: str,
    to: Path,
    minutes: int,
    hidden: Visibility,
    requirements: Path | None,
    min_tier: int | None,
    unverified: bool,
) -> None:
    """Write an autograder zip of ASSIGNMENT for Gradescope. It holds the hidden tests."""
    from autograder.gradescope.packing import Plan

    plan = Plan(course_of(ctx), assignment, minutes, hidden, min_tier, requirements)
    plan.write(to, tried=not unverified, note=lambda line: click.echo(f"note: {line}", err=True))
    click.echo(f"{assignment}: {plan.points:g} autograder points")
    click.echo(
        f"{assignment}: written to {to}; it holds the hidden tests: give it to Gradescope and nobody else"
    )


@click.command(name="gradescope")
@click.argument("assignment")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/autograder"),
    show_default=True,
    help="Where submission/ and results/ lie.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=570.0,
    show_default=True,
    help="The time that there is; what may be the machine's fault is tried again if half of it is left.",
)
@_hidden_option
@tier_options
@click.pass_context
def grade_one(
    ctx: click.Context,
    assignment: str,
    root: Path,
    seconds: float,
    hidden: Visibility,
    min_tier: int | None,
    max_tier: int | None,
) -> None:
    """Grade the submission in a container of Gradescope's; its run_autograder calls this."""
    from autograder.display.terminal import visible
    from autograder.gradescope.running import Run

    run = Run(course_of(ctx), assignment, root, seconds, hidden, min_tier, max_tier)
    ctx.exit(run.grade(lambda text: click.echo("\n".join(map(visible, text.splitlines())))))
