"""Commands that give out marks and answers; `interchange` gathers them under `autograder export`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from autograder.cli.common import course_of, json_option
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.marks.canvas import Missing
    from autograder.marks.filling import Filling

_FILE = click.Path(path_type=Path)


def _shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that gives out marks."""
    for option in (
        click.option(
            "--dry-run", is_flag=True, help="Show who would get what, and what to know; write nothing."
        ),
        click.option(
            "--anyway", is_flag=True, help="Also where `grade` says that marks should be held back."
        ),
        click.option("--to", type=_FILE, help="Write this file instead of showing it."),
    ):
        function = option(function)
    return json_option(function)


_pseudonyms = click.option(
    "--pseudonyms", is_flag=True, help="Stable pseudonyms in place of ids; no names, addresses or other ids."
)
_scale = click.option(
    "--scale", is_flag=True, help="Scale marks to the platform's maximum, if it is another."
)
_missing = click.option(
    "--missing",
    type=click.Choice(["empty", "zero"]),
    default="empty",
    help="What those get who handed nothing in (default: nothing).",
)
_overwrite = click.option("--overwrite", is_flag=True, help="Replace what people gave on the platform.")


@click.command("csv")
@click.argument("assignment")
@_shared
@_pseudonyms
@click.pass_context
def as_csv(ctx: click.Context, /, assignment: str, anyway: bool, pseudonyms: bool, **output: Any) -> None:
    """Marks of ASSIGNMENT as CSV, as nbgrader counts them."""
    course = course_of(ctx)
    _give_out(_plain(course, assignment, "csv", anyway, pseudonyms), assignment, None, **output)


@click.command("json")
@click.argument("assignment")
@_shared
@_pseudonyms
@click.pass_context
def as_json(ctx: click.Context, /, assignment: str, anyway: bool, pseudonyms: bool, **output: Any) -> None:
    """Marks of ASSIGNMENT as JSON, as nbgrader counts them."""
    course = course_of(ctx)
    _give_out(_plain(course, assignment, "json", anyway, pseudonyms), assignment, None, **output)


def _plain(
    course: Course, assignment: str, form: Literal["csv", "json"], anyway: bool, pseudonyms: bool
) -> Filling:
    from autograder.marks.plain import filling
    from autograder.marks.pseudonyms import Pseudonyms
    from autograder.marks.table import marks_of

    table = marks_of(course, assignment, anyway)
    return filling(Pseudonyms.of(course).hide(table) if pseudonyms else table, form)


@click.command()
@click.argument("assignment")
@click.option("--gradebook", type=_FILE, help="The gradebook that Canvas exported, to be filled in.")
@click.option("--column", default="", help='The assignment in Canvas: "TITLE (NUMBER)", or one of both.')
@_scale
@_missing
@_overwrite
@_shared
@click.pass_context
def canvas(
    ctx: click.Context,
    /,
    assignment: str,
    gradebook: Path | None,
    column: str,
    scale: bool,
    missing: Missing,
    overwrite: bool,
    anyway: bool,
    **output: Any,
) -> None:
    """Marks of ASSIGNMENT for Canvas: its exported gradebook, with one column filled in."""
    from autograder.marks.canvas import Choice, fill, make
    from autograder.marks.table import marks_of
    from autograder.tables import read_sheet

    table = marks_of(course_of(ctx), assignment, anyway)
    choice = Choice(column, scale, missing, overwrite)
    if gradebook is None and scale:
        raise UsageError("--scale needs the points of Canvas; give its exported gradebook with --gradebook")
    found = make(table, choice) if gradebook is None else fill(table, read_sheet(gradebook), choice)
    _give_out(found, assignment, gradebook, **output)


@click.command()
@click.argument("assignment")
@click.option("--worksheet", type=_FILE, required=True, help="The grading worksheet that Moodle exported.")
@click.option("--grade-column", default="", help="Its column of grades, where it is not found.")
@click.option("--id-column", default="", help="A column with our student ids, where it is not found.")
@click.option("--comments", is_flag=True, help="Fill in the feedback comments too.")
@click.option(
    "--timezone", default="", help="Of the worksheet's times, as Europe/Berlin (default: this machine's)."
)
@_scale
@_missing
@_overwrite
@_shared
@click.pass_context
def moodle(
    ctx: click.Context,
    /,
    assignment: str,
    worksheet: Path,
    grade_column: str,
    id_column: str,
    comments: bool,
    timezone: str,
    scale: bool,
    missing: Missing,
    overwrite: bool,
    anyway: bool,
    **output: Any,
) -> None:
    """Marks of ASSIGNMENT for Moodle: its grading worksheet, with the grades filled in."""
    from autograder.marks.moodle import Choice, fill
    from autograder.marks.table import comments_of, marks_of
    from autograder.tables import read_sheet

    course = course_of(ctx)
    choice = Choice(
        zone=_zone(timezone),
        zone_name=timezone or "of this machine, see --timezone",
        grade_column=grade_column,
        id_column=id_column,
        scale=scale,
        overwrite=overwrite,
        zero_if_missing=missing == "zero",
    )
    table = marks_of(course, assignment, anyway)
    told = comments_of(course, assignment) if comments else None
    _give_out(fill(table, read_sheet(worksheet), choice, told), assignment, worksheet, **output)


@click.command()
@click.argument("assignment")
@click.option("--to", type=_FILE, required=True, help="The new folder.")
@_pseudonyms
@json_option
@click.pass_context
def answers(ctx: click.Context, assignment: str, to: Path, pseudonyms: bool, as_json: bool) -> None:
    """Answers to ASSIGNMENT, a folder a question, as JPlag and MOSS take them."""
    from autograder.answers import export_answers
    from autograder.marks.pseudonyms import Pseudonyms

    course = course_of(ctx)
    name_of = Pseudonyms.of(course).of_student if pseudonyms else str
    count, notes = export_answers(course, assignment, to, name_of)
    _note(notes)
    if as_json:
        click.echo(json.dumps({"answers": count, "to": str(to), "notes": notes}, indent=1))
    else:
        click.echo(f"{assignment}: {count} answers written to {to}")


def _give_out(
    found: Filling, assignment: str, read: Path | None, to: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Shows or writes the file; `read` is the one that was filled in, which is not written over."""
    from autograder.display.terminal import visible

    if to is not None and read is not None and to.resolve() == read.resolve():
        raise UsageError(f"{to}: is the file that the platform exported; name another one with --to")
    if to is None and as_json and not dry_run:
        raise UsageError("--json tells of a file that is written; add --to or --dry-run")
    if to is not None and not dry_run:
        _write(to, found.text)
    if as_json:
        click.echo(json.dumps({"given": [asdict(g) for g in found.given], "notes": found.notes}, indent=1))
        return
    _note(found.notes)
    if dry_run:
        for given in found.given:
            before = f"{given.before} -> " if given.replaces else ""
            label = f" ({given.label})" if given.label not in ("", given.student_id) else ""
            click.echo(visible(f"{given.student_id}{label}: {before}{given.value}"))
        click.echo(f"{_count(found)}; nothing was written, the same command without --dry-run does it")
    elif to is not None:
        click.echo(f"{assignment}: {_count(found)}, written to {to}")
    elif sys.stdout.isatty():
        click.echo("\n".join(map(visible, found.text.splitlines())))
    else:
        click.echo(found.text, nl=False)


def _count(found: Filling) -> str:
    marks = f"{len(found.given)} mark{'s' * (len(found.given) != 1)}"
    return f"{marks}, {len(found.changed)} in the place of another" if found.changed else marks


def _note(notes: list[str] | tuple[str, ...]) -> None:
    from autograder.display.terminal import visible

    for line in notes:
        click.echo(f"note: {visible(line)}", err=True)


def _write(to: Path, text: str) -> None:
    try:
        to.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{to}: cannot be written ({error.strerror}); name another file with --to") from None


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    from dateutil import tz  # type: ignore[import-untyped]

    if not name:
        local: tzinfo = tz.tzlocal()
        return local
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageError(f"no time zone {name!r}; write it like Europe/Berlin") from None
