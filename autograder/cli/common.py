"""What the commands have in common: the course they are about, and their shared options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.settings import DEVICES

if TYPE_CHECKING:
    from autograder.course import Course


def course_of(ctx: click.Context) -> Course:
    from autograder.course import Course
    from autograder.database.addresses import require_same_as_nbgrader

    course = Course.open(ctx.obj) if ctx.obj is not None else Course.find(Path.cwd())
    require_same_as_nbgrader(course.root, course.db_url)
    return course


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")(
        function
    )


def jobs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--jobs", type=click.IntRange(min=1), default=None, help="Submissions at once (default: one a core)."
    )(function)


def tier_options(function: Callable[..., Any]) -> Callable[..., Any]:
    tier = click.IntRange(0, 3)
    least = click.option("--min-tier", type=tier, default=None, help="Refuse a weaker jail than this.")
    most = click.option("--max-tier", type=tier, default=None, help="Use no stronger jail than this.")
    return least(most(function))


def device_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--device",
        type=click.Choice(DEVICES),
        default=None,
        help="cuda lets the machine's GPUs into the jail, for students' torch code (default: the settings').",
    )(function)
