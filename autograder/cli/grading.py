"""Commands that grade a class, and that look back at what grading did."""

from __future__ import annotations

import importlib.util
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import course_of, device_option, jobs_option, json_option, tier_options
from autograder.errors import UsageError
from autograder.settings import Device

if TYPE_CHECKING:
    from autograder.context import Context
    from autograder.course import Course

_NEEDED = "--scheduler needs Dask, here and on the workers: pip install 'autograder[cluster]'"


@click.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@jobs_option
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--dry-run", is_flag=True, help="Show which marks would move and why; write none.")
@device_option
@tier_options
@click.option("--unverified", is_flag=True, help="Grade although the assignment does not verify.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on the Dask cluster at tcp://HOST:8786.")
@json_option
@click.pass_context
def grade(
    ctx: click.Context,
    assignment: str,
    students: tuple[str, ...],
    jobs: int | None,
    force: bool,
    dry_run: bool,
    device: Device | None,
    min_tier: int | None,
    max_tier: int | None,
    unverified: bool,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Grade the submissions of ASSIGNMENT into results, autograded/ and gradebook.db."""
    from autograder.context import Context
    from autograder.display import standings, terminal
    from autograder.grading import exit_code, grade_class
    from autograder.holding import holds
    from autograder.roster import Roster

    if scheduler is not None:
        if importlib.util.find_spec("distributed") is None:
            raise UsageError(_NEEDED)
        if jobs is not None:
            raise UsageError(
                "--jobs is for this machine; leave it out with --scheduler, or start fewer workers"
            )
    context = Context.of(course_of(ctx), assignment, min_tier=min_tier, max_tier=max_tier, device=device)
    most = context.assignment.automatic_points
    options: dict[str, Any] = {
        "force": force,
        "jobs": jobs,
        "unverified": unverified,
        "scheduler": scheduler,
        "on_note": lambda note: click.echo(f"note: {note}", err=True),
    }
    if context.weakness:
        click.echo(f"note: {context.weakness}", err=True)
    if dry_run:
        ctx.exit(_preview(context, students, as_json, **options))
    roster = Roster.of(context.course)  # now: grading enters whoever handed something in
    started = time.perf_counter()
    with terminal.meter("grading", quiet=as_json) as meter:
        graded = grade_class(
            context,
            students,
            on_start=meter.start,
            on_graded=lambda one: meter.done(standings.line_of(one, most)),
            **options,
        )
    for line in holds(one.result for one in graded):
        click.echo(f"hold: {terminal.visible(line)}", err=True)
    if as_json:
        click.echo(json.dumps([json.loads(one.result.to_json()) for one in graded], indent=1))
    else:
        standings.print_class(graded, most)
        standings.print_strangers(roster.strangers(one.result.student for one in graded))
        click.echo(f"{time.perf_counter() - started:.1f} s")
    ctx.exit(exit_code(graded))


def _preview(context: Context, students: tuple[str, ...], as_json: bool, **options: Any) -> int:
    from autograder.display import standings, terminal
    from autograder.repairing import preview

    with terminal.meter("grading", quiet=as_json) as meter:
        found = preview(
            context,
            students,
            on_start=meter.start,
            on_graded=lambda one: meter.done(standings.line_of(one, context.assignment.automatic_points)),
            **options,
        )
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        standings.print_preview(found)
    return found.exit_code


@click.command()
@click.argument("assignment")
@click.option("--to", type=click.Path(path_type=Path), help="Write into this folder instead.")
@click.option(
    "--moves", is_flag=True, help="Instead, which marks moved after they were first given, and why."
)
@click.option("--student", "students", multiple=True, help="Of --moves, only this student; may be repeated.")
@click.option("--similarity", is_flag=True, help="Instead, which answers are alike, question by question.")
@click.option(
    "--top", type=click.IntRange(min=1), default=10, help="So many pairs a question, of --similarity."
)
@json_option
@click.pass_context
def report(
    ctx: click.Context,
    assignment: str,
    to: Path | None,
    moves: bool,
    students: tuple[str, ...],
    similarity: bool,
    top: int,
    as_json: bool,
) -> None:
    """Write a report on ASSIGNMENT: marks, tests, common failures, times, what went wrong and what moved.

    One page and the same numbers as CSV files, in .autograder/reports/ASSIGNMENT/.
    """
    moves = moves or bool(students)
    if similarity and moves:
        raise UsageError("--similarity compares the whole class; leave out --student and --moves")
    if to is not None and (similarity or moves):
        raise UsageError("--to is where the report goes; leave it out with --similarity and --moves")
    course = course_of(ctx)
    if similarity:
        _similarity(course, assignment, top, as_json)
    elif moves:
        _moves(course, assignment, students, as_json)
    else:
        _report(course, assignment, to, as_json)


def _report(course: Course, assignment: str, to: Path | None, as_json: bool) -> None:
    from autograder.display import standings
    from autograder.records import encode
    from autograder.reporting.report import write_report

    found, page = write_report(course, assignment, to)
    if as_json:
        click.echo(json.dumps({"page": str(page), **encode(found)}, indent=1, default=str))
    else:
        standings.print_report(found, page)


def _moves(course: Course, assignment: str, students: tuple[str, ...], as_json: bool) -> None:
    from autograder.display import standings
    from autograder.history import History
    from autograder.projecting import manual_scores

    history = History(course, course.require_assignment(assignment))
    found = [
        (run, [move for move in history.moves(run) if not students or move.student in students])
        for run in history.runs()
    ]
    found = [(run, moves) for run, moves in found if moves]
    if as_json:
        runs = [
            {"time": run.time.isoformat(), "undone": run.is_undone, "moves": [asdict(m) for m in moves]}
            for run, moves in found
        ]
        click.echo(json.dumps(runs, indent=1))
    else:
        standings.print_history(assignment, found, manual_scores(course, assignment))


def _similarity(course: Course, assignment: str, top: int, as_json: bool) -> None:
    from autograder.display import standings
    from autograder.similarity import similarities

    found = similarities(course, assignment, top)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=1))
    else:
        standings.print_similarities(found)


@click.command()
@click.argument("assignment")
@click.pass_context
def undo(ctx: click.Context, assignment: str) -> None:
    """Take back the last run that replaced results of ASSIGNMENT: marks, results and notebooks."""
    from autograder.repairing import undo as run

    done = run(course_of(ctx), assignment)
    click.echo(
        f"{assignment}: the run of {done.time:%F %T} UTC is undone; put the old source back too, or the next "
        f"`autograder grade {assignment}` does it again"
    )


@click.command()
@click.argument("copy", type=click.Path(path_type=Path))
@click.pass_context
def restore(ctx: click.Context, copy: Path) -> None:
    """Put COPY, a backup of a gradebook, in the place of the gradebook, which is copied first."""
    from autograder.repairing import restore as run

    course = course_of(ctx)
    before = run(course, copy)
    if before is not None:
        click.echo(f"what was there is kept in {before}")
    click.echo(f"{course.database}: as in {copy}; `autograder grade` writes what was graded since")


@click.command()
@click.argument("assignment", default="lab6")
@click.option("--attacks", is_flag=True, help="Let every fifth submission attack the others.")
@jobs_option
@click.pass_context
def demo(ctx: click.Context, assignment: str, attacks: bool, jobs: int | None) -> None:
    """Grade a class of thirty that is made out of the cases of ASSIGNMENT."""
    from autograder.assignment import Assignment
    from autograder.demo import demo as run
    from autograder.display import standings, terminal

    course = course_of(ctx)
    most = Assignment.load(course, assignment).automatic_points
    started = time.perf_counter()
    with terminal.meter("grading", quiet=False) as meter:
        graded, planned, differences = run(
            course,
            assignment,
            jobs=jobs,
            attacks=attacks,
            on_start=meter.start,
            on_graded=lambda one: meter.done(standings.line_of(one, most)),
        )
    seconds = time.perf_counter() - started
    standings.print_class(graded, most)
    late = ", ".join(one.student for one in planned if one.is_late)
    click.echo(f"late: {late}")
    click.echo(
        f"graded {len(graded)} submissions in {seconds:.1f} s, servers started and tests verified included"
    )
    click.echo(f"marks:     {course.database}")
    click.echo(f"notebooks: {course.root / 'autograded'}")
    for difference in differences:
        click.echo(f"not as planned: {difference}", err=True)
    if not differences:
        click.echo("every test judged as it was planned")
    ctx.exit(1 if differences else 0)
