"""The command line: a thin layer over the verbs. Modules are imported when their command runs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from autograder.errors import AutograderError, UsageError
from autograder.settings import DEVICES, Device

if TYPE_CHECKING:
    from autograder.context import Context
    from autograder.course import Course

EPILOG = (
    "Exit codes: 0 done; 1 done, but a submission is not gradable or a verification failed; "
    "2 wrong usage; 3 interrupted, run again to go on; 4 a fault of the grader or of a test."
)


class Group(click.Group):
    """Answers the family of our errors in one line, and Ctrl-C with how to go on."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            click.echo(f"autograder: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(
                "autograder: interrupted; what was graded is kept, run the same command to go on", err=True
            )
            ctx.exit(3)


@click.group(cls=Group, epilog=EPILOG)
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder of the course (default: where you are).",
)
@click.version_option(package_name="autograder")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Grades notebooks with hidden tests: student code in one process, the tests in another."""
    ctx.obj = root


def _course(ctx: click.Context) -> Course:
    from autograder.course import Course

    return Course.open(ctx.obj) if ctx.obj is not None else Course.find(Path.cwd())


def _json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")(
        function
    )


def _jobs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--jobs", type=click.IntRange(min=1), default=None, help="Submissions at once (default: one a core)."
    )(function)


def _tier_options(function: Callable[..., Any]) -> Callable[..., Any]:
    tier = click.IntRange(0, 3)
    least = click.option("--min-tier", type=tier, default=None, help="Refuse a weaker jail than this.")
    most = click.option("--max-tier", type=tier, default=None, help="Use no stronger jail than this.")
    return least(most(function))


def _device_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--device",
        type=click.Choice(DEVICES),
        default=None,
        help="cuda lets the machine's GPUs into the jail, for students' torch code (default: the settings').",
    )(function)


@main.command()
@click.argument("assignment")
@click.pass_context
def generate(ctx: click.Context, assignment: str) -> None:
    """Make release/ASSIGNMENT, what students get, from source/ASSIGNMENT."""
    from autograder.generating import generate as run

    folder = run(_course(ctx), assignment)
    click.echo(f"{assignment}: released in {folder}")


@main.command()
@click.argument("assignment")
@click.option(
    "--cases", type=click.Path(path_type=Path), help="A folder of case files (default: cases/ASSIGNMENT)."
)
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Leave one executed notebook a case in this folder."
)
@click.option(
    "--mutants", is_flag=True, help="Instead, try small mistakes in the solution: does a test notice each?"
)
@_jobs_option
@_device_option
@_tier_options
@_json_option
@click.pass_context
def verify(
    ctx: click.Context,
    assignment: str,
    cases: Path | None,
    keep: Path | None,
    mutants: bool,
    jobs: int | None,
    device: Device | None,
    min_tier: int | None,
    max_tier: int | None,
    as_json: bool,
) -> None:
    """Check ASSIGNMENT's grading: the solution, the untouched release, and every case."""
    from autograder import display
    from autograder.cases import read_cases
    from autograder.context import Context
    from autograder.linting import lint_source
    from autograder.mutation import Equivalents, MutationTest, mutation_test
    from autograder.verifying import Verification
    from autograder.verifying import verify as run

    course = _course(ctx)
    context = Context.of(course, assignment, min_tier=min_tier, max_tier=max_tier, device=device)
    folder = cases or course.root / "cases" / assignment
    if mutants and keep is not None:
        raise UsageError("--keep is for cases; mutants leave no notebooks")
    found_cases = read_cases(folder, context.assignment) if cases or folder.is_dir() else []
    started = time.perf_counter()
    for problem in lint_source(context.assignment, context.settings.shared_cells, context.settings.engine):
        if not problem.is_error:
            click.echo(f"note: {problem}", err=True)
    at_once, note = context.jobs(jobs)
    for line in filter(None, (context.weakness, note)):
        click.echo(f"note: {line}", err=True)
    found: MutationTest | Verification
    with display.meter("verifying", quiet=as_json or not sys.stderr.isatty()) as meter:
        if mutants:
            found = mutation_test(
                context, Equivalents.read(folder), jobs=at_once, on_start=meter.start, on_trial=meter.done
            )
        else:
            found = run(
                context, found_cases, jobs=at_once, keep=keep, on_start=meter.start, on_trial=meter.done
            )
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    elif isinstance(found, Verification):
        display.print_verification(found, seconds)
    else:
        display.print_mutation_test(found, seconds)
    ctx.exit(found.exit_code)


@main.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@_jobs_option
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--dry-run", is_flag=True, help="Show which marks would move and why; write none.")
@_device_option
@_tier_options
@click.option("--unverified", is_flag=True, help="Grade although the assignment does not verify.")
@_json_option
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
    as_json: bool,
) -> None:
    """Grade the submissions of ASSIGNMENT into results, autograded/ and gradebook.db."""
    from autograder import display
    from autograder.context import Context
    from autograder.grading import exit_code, grade_class
    from autograder.holding import holds

    context = Context.of(_course(ctx), assignment, min_tier=min_tier, max_tier=max_tier, device=device)
    most = context.assignment.automatic_points
    if context.weakness:
        click.echo(f"note: {context.weakness}", err=True)
    if dry_run:
        ctx.exit(_preview(context, students, as_json, force=force, jobs=jobs, unverified=unverified))
    started = time.perf_counter()
    with display.meter("grading", quiet=as_json) as meter:
        graded = grade_class(
            context,
            students,
            force=force,
            jobs=jobs,
            unverified=unverified,
            on_note=lambda note: click.echo(f"note: {note}", err=True),
            on_start=meter.start,
            on_graded=lambda one: meter.done(display.line_of(one, most)),
        )
    for line in holds(one.result for one in graded):
        click.echo(f"hold: {display.visible(line)}", err=True)
    if as_json:
        click.echo(json.dumps([json.loads(one.result.to_json()) for one in graded], indent=1))
    else:
        display.print_class(graded, most)
        click.echo(f"{time.perf_counter() - started:.1f} s")
    ctx.exit(exit_code(graded))


def _preview(context: Context, students: tuple[str, ...], as_json: bool, **options: Any) -> int:
    from autograder import display
    from autograder.repairing import preview

    with display.meter("grading", quiet=as_json) as meter:
        found = preview(
            context,
            students,
            on_start=meter.start,
            on_graded=lambda one: meter.done(display.line_of(one, context.assignment.automatic_points)),
            **options,
        )
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        display.print_preview(found)
    return found.exit_code


@main.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@_json_option
@click.pass_context
def report(ctx: click.Context, assignment: str, students: tuple[str, ...], as_json: bool) -> None:
    """Show which marks of ASSIGNMENT moved after they were first given, when, and why."""
    from autograder import display
    from autograder.history import History
    from autograder.projecting import manual_scores

    course = _course(ctx)
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
        display.print_history(assignment, found, manual_scores(course, assignment))


@main.command()
@click.argument("assignment")
@click.pass_context
def undo(ctx: click.Context, assignment: str) -> None:
    """Take back the last run that replaced results of ASSIGNMENT: marks, results and notebooks."""
    from autograder.repairing import undo as run

    done = run(_course(ctx), assignment)
    click.echo(
        f"{assignment}: the run of {done.time:%F %T} UTC is undone; put the old source back too, or the next "
        f"`autograder grade {assignment}` does it again"
    )


@main.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "json"]))
@click.argument("assignment")
@click.option("--to", type=click.Path(path_type=Path), help="Write this file instead of showing it.")
@click.option("--anyway", is_flag=True, help="Also where `grade` says that marks should be held back.")
@click.pass_context
def export(
    ctx: click.Context, form: Literal["csv", "json"], assignment: str, to: Path | None, anyway: bool
) -> None:
    """Give out the marks of ASSIGNMENT as csv or json, as nbgrader counts them."""
    from autograder.exporting import export as run

    text = run(_course(ctx), assignment, form, anyway)
    if to is None:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{to}: cannot be written ({error.strerror}); name another file with --to") from None
    click.echo(f"{assignment}: marks written to {to}")


@main.command(no_args_is_help=True)
@click.argument("words", nargs=-1, metavar="[STUDENT] TEST")
@click.option("--case", help="A case instead of a student, such as wrong/sigmoid_sign.")
@click.option(
    "--cases", type=click.Path(path_type=Path), help="A folder of case files (default: cases/ASSIGNMENT)."
)
@click.option("--assignment", help="Which assignment, if several have a test of that id.")
@_json_option
@click.pass_context
def explain(
    ctx: click.Context,
    words: tuple[str, ...],
    case: str | None,
    cases: Path | None,
    assignment: str | None,
    as_json: bool,
) -> None:
    """Run one test of STUDENT's submission again and show why it judged as it did."""
    from autograder import display
    from autograder.explaining import explain_case, explain_student

    course = _course(ctx)
    if len(words) != (1 if case else 2):
        form = "autograder explain --case NAME TEST" if case else "autograder explain STUDENT TEST"
        raise UsageError(f"write `{form}`")
    if case:
        found = explain_case(course, case, words[0], assignment, cases)
    elif cases is not None:
        raise UsageError("--cases is the folder of a --case; name one")
    else:
        found = explain_student(course, words[0], words[1], assignment)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        display.print_explanation(found)


@main.command()
@click.option("--dry-run", is_flag=True, help="Print the settings instead of writing them.")
@click.option(
    "--compare/--no-compare",
    default=True,
    help="Grade the submissions that have marks, and say which of them would change (default: yes).",
)
@_json_option
@click.pass_context
def adopt(ctx: click.Context, dry_run: bool, compare: bool, as_json: bool) -> None:
    """Find out how the tests of a course written for nbgrader can be run here, and write autograder.toml."""
    from autograder import display
    from autograder.adopting import Way, changes, require_no_settings, write_settings
    from autograder.adopting import adopt as run

    course = _course(ctx)
    if not dry_run:
        require_no_settings(course)
    found = run(course, on_test=(lambda _: None) if as_json else display.print_verdict)
    changed = list(changes(course, found)) if compare else []
    if as_json:
        click.echo(json.dumps(asdict(found) | {"changes": [asdict(each) for each in changed]}, indent=1))
    else:
        display.print_adoption(found, changed if compare else None)
    if dry_run and not as_json:
        click.echo(f"\n{found.settings}", nl=False)
    elif not dry_run:
        click.echo(f"wrote {write_settings(course, found)}", err=as_json)
    ctx.exit(1 if found.refused or any(v.way is Way.NEITHER for v in found.verdicts) else 0)


@main.command()
@_json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine offers for grading, and what to do to get a stronger jail."""
    from autograder import display
    from autograder.doctor import examine
    from autograder.settings import Settings

    try:
        settings = _course(ctx).settings
    except UsageError:
        if ctx.obj is not None:
            raise
        settings = Settings()  # no course is needed to look at a machine
    found = examine(settings)
    if as_json:
        click.echo(json.dumps({finding.what: asdict(finding) for finding in found}, indent=1))
    else:
        display.print_examination(found)


@main.command()
@click.argument("assignment", default="lab6")
@click.option("--attacks", is_flag=True, help="Let every fifth submission attack the others.")
@_jobs_option
@click.pass_context
def demo(ctx: click.Context, assignment: str, attacks: bool, jobs: int | None) -> None:
    """Grade a class of thirty that is made out of the cases of ASSIGNMENT."""
    from autograder import display
    from autograder.assignment import Assignment
    from autograder.demo import demo as run

    course = _course(ctx)
    most = Assignment.load(course, assignment).automatic_points
    started = time.perf_counter()
    with display.meter("grading", quiet=False) as meter:
        graded, planned, differences = run(
            course,
            assignment,
            jobs=jobs,
            attacks=attacks,
            on_start=meter.start,
            on_graded=lambda one: meter.done(display.line_of(one, most)),
        )
    seconds = time.perf_counter() - started
    display.print_class(graded, most)
    late = ", ".join(one.student for one in planned if one.is_late)
    click.echo(f"late: {late}")
    click.echo(
        f"graded {len(graded)} submissions in {seconds:.1f} s, servers started and tests verified included"
    )
    click.echo(f"marks:     {course.gradebook}")
    click.echo(f"notebooks: {course.root / 'autograded'}")
    for difference in differences:
        click.echo(f"not as planned: {difference}", err=True)
    if not differences:
        click.echo("every test judged as it was planned")
    ctx.exit(1 if differences else 0)
