"""`autograder report`: numbers of a class, written as one page and CSV files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.errors import UsageError, cannot_write
from autograder.reporting.figures import Report
from autograder.reporting.page import page_of
from autograder.reporting.reading import read_report
from autograder.reporting.sheets import sheets_of
from autograder.result import write_atomically

PAGE = "index.html"
_OURS = b'<meta name="generator" content="autograder report">'


def write_report(course: Course, assignment: str, to: Path | None = None) -> tuple[Report, Path]:
    """The report and its page, in the folder `to` or that of the assignment's reports.

    Raises UsageError where nothing is graded, and where another page lies in its place.
    """
    folder = to or course.state / "reports" / course.require_assignment(assignment)
    page = folder / PAGE
    _require_ours(page)
    report = read_report(course, assignment)
    sheets = sheets_of(report)
    try:
        for name, text in sheets.items():
            write_atomically(folder / name, text)
        write_atomically(page, page_of(report, datetime.now(UTC), list(sheets)))
    except OSError as error:
        if to is not None:
            raise UsageError(
                f"{to}: cannot be written ({error.strerror}); name another folder with --to"
            ) from None
        raise cannot_write(error, folder) from None
    return report, page


def _require_ours(page: Path) -> None:
    try:
        theirs = _OURS not in page.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(
            f"{page}: cannot be replaced ({error.strerror}); name another folder with --to"
        ) from None
    if theirs:
        raise UsageError(f"{page} is no report of ours; name another folder with --to")
