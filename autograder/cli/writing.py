"""Commands for who writes an assignment, or takes one over."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from autograder.cli.common import course_of, device_option, jobs_option, json_option, tier_options
from autograder.errors import AutograderError, UsageError
from autograder.settings import Device

if TYPE_CHECKING:
    from autograder.context import Context
    from autograder.verifying.changing import Round


@click.command()
@click.argument("assignment")
@click.pass_context
def generate(ctx: click.Context, assignment: str) -> None:
    """Make release/ASSIGNMENT, what students get, from source/ASSIGNMENT."""
    from autograder.assignment import PERSONAL_FILE
    from autograder.generating import generate as run

    course = course_of(ctx)
    folder = run(course, assignment)
    click.echo(f"{assignment}: released in {folder}")
    if course.settings.for_assignment(assignment).personal is not None:
        click.echo(
            f"{PERSONAL_FILE} in it is an example; each student's own come from `autograder serve`, or from "
            f"`autograder personal {assignment} --to FOLDER`"
        )


@click.command()
@click.argument("assignment")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="A folder for one file a student.")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@click.option("--renew", is_flag=True, help="Although other data were handed out before.")
@json_option
@click.pass_context
def personal(
    ctx: click.Context, assignment: str, to: Path, students: tuple[str, ...], renew: bool, as_json: bool
) -> None:
    """Write each student's own data of ASSIGNMENT into a file of theirs, to be handed out."""
    from autograder.personal.handing_out import hand_out

    done = hand_out(course_of(ctx), assignment, to, students, renew)
    if as_json:
        click.echo(json.dumps(asdict(done), indent=1, default=str))
        return
    click.echo(f"{assignment}: {len(done.files)} files, {to}/STUDENT/{done.files[0].name}")
    if done.is_new:
        click.echo(f"keep a copy of {done.key} in a safe place: without it none of them can be graded")


@click.command()
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
@click.option(
    "--changed", is_flag=True, help="Run a part of what changed since it was verified, nearest first."
)
@click.option("--watch", is_flag=True, help="With --changed: go on, and run again whenever a file is saved.")
@jobs_option
@device_option
@tier_options
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    assignment: str,
    cases: Path | None,
    keep: Path | None,
    mutants: bool,
    changed: bool,
    watch: bool,
    jobs: int | None,
    device: Device | None,
    min_tier: int | None,
    max_tier: int | None,
    as_json: bool,
) -> None:
    """Check ASSIGNMENT's grading: the solution, the untouched release, and every case."""
    from autograder.context import Context
    from autograder.course import Course
    from autograder.display import terminal, verdicts
    from autograder.linting.lint import lint_source
    from autograder.verifying.cases import read_cases
    from autograder.verifying.changing import Round, verify_changed
    from autograder.verifying.judging import Verification
    from autograder.verifying.mutation import Equivalents, MutationTest, mutation_test
    from autograder.verifying.verify import verify as run

    _refuse_together(mutants=mutants, changed=changed, watch=watch, keep=keep, as_json=as_json)
    course = course_of(ctx)

    def context_now() -> Context:
        at_root = Course.open(course.root)  # the settings may have changed too
        return Context.of(at_root, assignment, min_tier=min_tier, max_tier=max_tier, device=device)

    context = context_now()
    folder = cases or course.root / "cases" / assignment
    found_cases = read_cases(folder, context.assignment) if cases or folder.is_dir() else []
    started = time.perf_counter()
    for problem in lint_source(context.assignment, context.settings.shared_cells, context.settings.engine):
        if not problem.is_error:
            click.echo(f"note: {problem}", err=True)
    at_once, note = context.jobs(jobs)
    for line in filter(None, (context.weakness, note)):
        click.echo(f"note: {line}", err=True)
    if watch:
        _follow(context_now, folder, at_once)
    found: MutationTest | Verification
    with terminal.meter("verifying", quiet=as_json or not sys.stderr.isatty()) as meter:
        if mutants:
            found = mutation_test(
                context, Equivalents.read(folder), jobs=at_once, on_start=meter.start, on_trial=meter.done
            )
        elif changed:
            found = verify_changed(
                context, found_cases, jobs=at_once, on_start=meter.start, on_trial=meter.done
            )
        else:
            found = run(
                context, found_cases, jobs=at_once, keep=keep, on_start=meter.start, on_trial=meter.done
            )
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    elif not isinstance(found, Verification):
        verdicts.print_mutation_test(found, seconds)
    elif isinstance(found, Round):
        verdicts.print_round(found, seconds)
        verdicts.print_not_run(found)
    else:
        verdicts.print_verification(found, seconds)
    ctx.exit(found.exit_code)


def _refuse_together(*, mutants: bool, changed: bool, watch: bool, keep: Path | None, as_json: bool) -> None:
    if mutants and keep is not None:
        raise UsageError("--keep is for cases; mutants leave no notebooks")
    if changed and mutants:
        raise UsageError("--changed is for cases; leave out --mutants")
    if changed and keep is not None:
        raise UsageError("--keep needs every case to run; leave out --changed")
    if watch and not changed:
        raise UsageError("--watch goes with --changed; give both")
    if watch and as_json:
        raise UsageError("--watch prints for people, and does not end; leave out --json")


def _follow(context_now: Callable[[], Context], cases: Path, jobs: int) -> NoReturn:
    from autograder.display import verdicts
    from autograder.verifying.following import follow

    def on_problem(error: AutograderError) -> None:
        click.echo(f"autograder: {error}")

    before: Round | None = None

    def on_round(found: Round, seconds: float) -> None:
        nonlocal before
        verdicts.print_round(found, seconds, before)
        before = found

    click.echo("the servers warm up; then a round runs whenever a file is saved, until Ctrl-C", err=True)
    follow(context_now, cases, jobs, on_round, on_problem)


@click.command()
@click.argument("assignment")
@json_option
@click.pass_context
def lint(ctx: click.Context, assignment: str, as_json: bool) -> None:
    """Read source/ASSIGNMENT, and its release: what leaks, what is unsolved, what cannot be tested."""
    from autograder.display import verdicts
    from autograder.linting.lint import errors_of
    from autograder.linting.lint import lint as run

    found = run(course_of(ctx), assignment)
    errors = errors_of(found)
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "problems": [asdict(p) for p in found]}, indent=1))
    else:
        verdicts.print_problems(found)
        notes = len(found) - len(errors)
        counts = f"{len(errors)} problem{'s' * (len(errors) != 1)}, {notes} note{'s' * (notes != 1)}"
        click.echo(f"{assignment}: {counts}")
    ctx.exit(1 if errors else 0)


@click.command(no_args_is_help=True)
@click.argument("words", nargs=-1, metavar="[STUDENT] TEST")
@click.option("--case", help="A case instead of a student, such as wrong/sigmoid_sign.")
@click.option(
    "--cases", type=click.Path(path_type=Path), help="A folder of case files (default: cases/ASSIGNMENT)."
)
@click.option("--assignment", help="Which assignment, if several have a test of that id.")
@json_option
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
    from autograder.display import verdicts
    from autograder.explaining import explain_case, explain_student

    course = course_of(ctx)
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
        verdicts.print_explanation(found)


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the settings instead of writing them.")
@click.option(
    "--compare/--no-compare",
    default=True,
    help="Grade the submissions that have marks, and say which of them would change (default: yes).",
)
@json_option
@click.pass_context
def adopt(ctx: click.Context, dry_run: bool, compare: bool, as_json: bool) -> None:
    """Find out how the tests of a course written for nbgrader can be run here, and write autograder.toml."""
    from autograder.adopting import Way, changes, require_no_settings, write_settings
    from autograder.adopting import adopt as run
    from autograder.display import verdicts

    course = course_of(ctx)
    if not dry_run:
        require_no_settings(course)
    found = run(course, on_test=(lambda _: None) if as_json else verdicts.print_verdict)
    changed = list(changes(course, found)) if compare else []
    if as_json:
        click.echo(json.dumps(asdict(found) | {"changes": [asdict(each) for each in changed]}, indent=1))
    else:
        verdicts.print_adoption(found, changed if compare else None)
    if dry_run and not as_json:
        click.echo(f"\n{found.settings}", nl=False)
    elif not dry_run:
        click.echo(f"wrote {write_settings(course, found)}", err=as_json)
    ctx.exit(1 if found.refused or any(v.way is Way.NEITHER for v in found.verdicts) else 0)
