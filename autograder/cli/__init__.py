"""The command line: a thin layer over the verbs. Modules are imported when their command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autograder.cli import feedback, gradescope, grading, interchange, machine, students, taking, web, writing
from autograder.errors import AutograderError

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


for command in (
    *(writing.generate, writing.lint, writing.verify, writing.explain, writing.adopt),
    *(grading.grade, grading.report, grading.undo, grading.demo),
    *(interchange.collect, interchange.export, students.students, taking.take),
    *(gradescope.grade_one, machine.doctor, feedback.feedback, web.serve, web.accounts),
):
    main.add_command(command)
