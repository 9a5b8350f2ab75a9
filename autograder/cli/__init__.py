"""The command line: a thin layer over the verbs. Modules are imported when their command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autograder.cli import (
    checking,
    feedback,
    gradescope,
    grading,
    interchange,
    machine,
    starting,
    students,
    taking,
    web,
    writing,
)
from autograder.errors import AutograderError
from autograder.startup import leave_out_grammars

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


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from autograder.keys import build

        click.echo(f"autograder {build()}")
        ctx.exit()


@click.group(cls=Group, epilog=EPILOG)
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder of the course (default: where you are).",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version, with a digest of what makes marks, as results have it.",
)
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Grades notebooks with hidden tests: student code in one process, the tests in another."""
    leave_out_grammars()
    ctx.obj = root


for command in (
    *(starting.init, starting.new, checking.check),
    *(writing.generate, writing.personal, writing.lint, writing.verify, writing.explain, writing.adopt),
    *(grading.grade, grading.report, grading.undo, grading.restore, grading.demo),
    *(interchange.collect, interchange.export, students.students, taking.take),
    *(gradescope.grade_one, machine.doctor, feedback.feedback, web.serve, web.accounts),
):
    main.add_command(command)
