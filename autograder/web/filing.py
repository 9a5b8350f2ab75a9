"""An upload becomes an attempt like any other, and the attempt that counts is laid into `submitted/`.

Here the files of a student's are opened for the first time, so this runs in processes that may die of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.collecting import choosing
from autograder.collecting.archives import Bounds, single_files
from autograder.collecting.attempt import HandIn
from autograder.collecting.attempts import Attempt, Attempts, Collected
from autograder.collecting.collect import alone
from autograder.collecting.keeping import keep_standing, lay_out_if_other
from autograder.collecting.placing import Belonging
from autograder.collecting.preparing import Prepared, prepare
from autograder.course import Course
from autograder.errors import AutograderError, cannot_write, some_of
from autograder.scheduling.local import LocalPool
from autograder.settings import Limits
from autograder.submission import read_submission
from autograder.web.intake import files_of
from autograder.web.receipts import Receipt, Receipts

ORIGIN = "web"
DIED = "reading its files ended the process that reads them, twice; tell your instructor"


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of an upload: the number of its attempt, None if nothing of it could be taken."""

    receipt: Receipt
    attempt: int | None
    note: str = ""


def file_uploads(
    course: Course, assignment: Assignment, limits: Limits, receipts: Receipts, waiting: Sequence[Receipt]
) -> None:
    """Makes attempts of uploads of one assignment, and notes it in the receipts.

    May be repeated: what is an attempt already stays that one. Raises UsageError while somebody else collects
    this assignment, and GraderFault where nothing can be written.
    """
    by_student: dict[str, list[Receipt]] = {}
    for receipt in waiting:
        by_student.setdefault(receipt.student, []).append(receipt)

    def run(student: str) -> list[Filed]:
        return [_file(course, assignment, limits, receipt) for receipt in by_student[student]]

    with alone(course, assignment.name):
        for student, answer in LocalPool(run, 1).run(list(by_student)):
            if isinstance(answer, OSError):
                raise cannot_write(answer, f"{student}'s attempts") from None
            if isinstance(answer, AutograderError | KeyboardInterrupt):
                raise answer
            if isinstance(answer, BaseException):
                answer = [Filed(receipt, None, DIED) for receipt in by_student[student]]
            for filed in answer:
                if filed.attempt is None:
                    receipts.refuse(filed.receipt, filed.note)
                else:
                    receipts.keep(filed.receipt, filed.attempt, filed.note)


def counted(course: Course, assignment: str, student: str) -> int | None:
    """The number of the attempt that counts, None where there is none."""
    attempts = list(Attempts(course, assignment, student, dry=True))
    return choosing.last(attempts).number if attempts else None


def _file(course: Course, assignment: Assignment, limits: Limits, receipt: Receipt) -> Filed:
    student = receipt.student
    attempts = Attempts(course, assignment.name, student)
    standing = keep_standing(course, assignment.name, student, attempts, limits)
    prepared = _prepared(course, assignment, limits, receipt)
    submission = prepared.collected.submission
    notes = [*(f"{each.path}: {each.reason}" for each in prepared.refused), *prepared.flags]
    if not submission.notebooks:
        return Filed(receipt, None, "; ".join(notes) or "there is no notebook in it")
    collected, taken_over = _with_earlier(prepared.collected, assignment, limits, attempts)
    if taken_over:
        notes.append(f"{some_of(taken_over)} not in this upload: as handed in before")
    attempt = attempts.add(collected)
    _sync_tree(attempts.files(attempt).parent)
    chosen = choosing.last(list(attempts))
    target = course.submitted(student, assignment.name)
    lay_out_if_other(attempts, chosen, target, standing)
    return Filed(receipt, attempt.number, "; ".join(notes))


def _prepared(course: Course, assignment: Assignment, limits: Limits, receipt: Receipt) -> Prepared:
    bounds = Bounds(file=max(limits.file_bytes, limits.submission_bytes))
    contents = single_files(files_of(course, receipt), bounds)
    names = some_of([file.name for file in receipt.files])
    hand_in = HandIn(
        origin=ORIGIN,
        file=f"{receipt.id}: {names}",
        who=(),
        files={entry.path: entry for entry in contents.entries},
        time=receipt.time.replace(tzinfo=None),
        time_from="platform",
    )
    prepared = prepare(Belonging(hand_in), receipt.student, assignment, limits, by_order=False)
    prepared.refused[:0] = contents.refused
    return prepared


def _with_earlier(
    collected: Collected, assignment: Assignment, limits: Limits, attempts: Attempts
) -> tuple[Collected, list[str]]:
    """With those notebooks of the assignment that it lacks, as they were before it; and their names.

    Somebody who hands in one of two notebooks does not mean to take the other one back.
    """
    earlier = _last_before(collected, attempts)
    ours = [n.name for n in assignment.notebooks if n.is_template]
    there = collected.submission.notebooks
    missing = [name for name in ours if name not in there]
    if earlier is None or not missing or len(missing) == len(ours):
        return collected, []
    before = read_submission(attempts.files(earlier), "", assignment.name, limits)
    more = {name: before.notebooks[name] for name in missing if name in before.notebooks}
    size = sum(map(len, (*there.values(), *collected.submission.files.values(), *more.values())))
    if not more or size > limits.submission_bytes:
        return collected, []
    whole = replace(collected.submission, notebooks={**there, **more})
    record = replace(collected.record, sha256=whole.digest(), came=collected.record.sha256)
    return replace(collected, record=record, submission=whole), [f"{name}.ipynb" for name in more]


def _last_before(collected: Collected, attempts: Attempts) -> Attempt | None:
    mine = Attempt(0, collected.record)
    before = [each for each in attempts if each.order < mine.order]
    return choosing.last(before) if before else None


def _sync_tree(folder: Path) -> None:
    """Puts every file of an attempt on the disk."""
    for path in (folder, *folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
