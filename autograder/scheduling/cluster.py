"""A crew on a Dask cluster. Only marking happens there: what is read and written lies with the grader."""

from __future__ import annotations

import contextlib
import hashlib
import resource
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from autograder.context import Context
from autograder.errors import GraderFault, UsageError
from autograder.keys import versions
from autograder.marking import Marked, Task
from autograder.result import Outcome, Status
from autograder.scheduling import remote
from autograder.scheduling.local import INTERRUPT_SECONDS, WorkerDied, noted_interrupts
from autograder.scheduling.members import Member, Members
from autograder.scheduling.parcels import (
    BadParcel,
    Expected,
    Kind,
    Unlike,
    pack_content,
    pack_task,
    require_alike,
    unpack_answer,
)
from autograder.scheduling.steps import LATER_SECONDS, Later
from autograder.verifying.trials import SOLUTION, solution_trial, task_of

WAIT_SECONDS = 60.0  # for a worker, where there is none
MOST_TRIES = 3  # of a submission whose worker was lost: a machine may go for reasons of its own

Item = TypeVar("Item")
Given = TypeVar("Given")
Steps = Generator[Task, Marked, Given]


@dataclass(eq=False, slots=True)
class _Job:
    """A submission on its way, the steps that wait for it, and how often the worker that had it was lost."""

    item: Any
    student: str
    steps: Steps[Any]
    parcel: bytes
    losses: int = 0


class Cluster:
    """The workers of the scheduler at `address`, for one assignment; a crew, and a context manager.

    Before a worker gets a student's work it has to have our versions, and mark the instructor's solution
    without a fault; with all points, if it `is_verified`. `note` is told who is not used, and why. Raises
    UsageError where there is no scheduler, or no worker to be had within `patience` seconds.
    """

    def __init__(
        self,
        address: str,
        context: Context,
        is_verified: bool,
        note: Callable[[str], None],
        patience: float = WAIT_SECONDS,
    ) -> None:
        given = context.settings.student.python
        if given and not Path(given).is_absolute():
            raise UsageError(
                f"student.python is {given!r}, which does not come along; name an interpreter that lies at "
                "the same absolute path here and on every worker"
            )
        self._context = context
        self._expected = Expected(context)
        self._is_verified = is_verified
        self._note = note
        self._patience = patience
        self._waiting_since: float | None = None
        self._had_any = self._is_warned = False
        self._under_way: dict[_Job, Member] = {}
        self._lost: deque[_Job] = deque()  # to be done elsewhere
        self._answers: list[tuple[Any, Any]] = []
        _allow_many_locks()
        parcel = pack_content(context)
        self._digest = hashlib.sha256(parcel).hexdigest()
        context.prepare_examples()
        self._solution = pack_task(task_of(context, solution_trial(context.assignment)))
        self._members = Members(address, self._greet, self._release, note)
        try:
            self._content = self._members.keep(parcel)
            with noted_interrupts() as raise_if_interrupted:
                while not self._members.ready:
                    raise_if_interrupted()
                    self._members.pump(INTERRUPT_SECONDS)
                    self._require_anybody()
        except BaseException:
            self._members.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._members.close()

    # Who may work for us ----------------------------------------------------------------------------

    def _greet(self, member: Member) -> None:
        self._members.ask(member, partial(self._greeted, member), versions)

    def _greeted(self, member: Member, theirs: object) -> None:
        require_alike(theirs)
        needed = self._at_once(member) * self._context.settings.limits.worker_bytes
        if 0 < member.memory < needed and not self._is_warned:
            self._is_warned = True
            self._note(
                f"{member.address} has {member.memory / 2**30:.1f} GiB of memory; what it does at once may "
                f"use {needed / 2**30:.1f} GiB"
            )
        self._mark(member, self._solution, partial(self._tried, member, 1), is_trial=True)

    def _tried(self, member: Member, tries: int, parcel: object) -> None:
        answer, files = unpack_answer(parcel)
        if answer.kind is not Kind.MARKED:
            raise Unlike(answer.reason or "the process that marks ended")
        result = self._expected.marked(SOLUTION, answer, files).result
        tests = [test for notebook in result.notebooks for test in notebook.tests]
        faults = [test.message for test in tests if test.outcome is Outcome.FAULT]
        if result.status is Status.FAULT or faults:
            why = [*result.withheld.values(), *faults][0].strip().splitlines() or ["no reason is known"]
            raise Unlike(f"marking fails there ({why[-1][:300]})")
        if not result.is_final and tries < MOST_TRIES:  # many start at once, and may keep each other waiting
            self._mark(member, self._solution, partial(self._tried, member, tries + 1))
        elif self._is_verified and result.points < result.max_points:
            raise Unlike(
                f"the instructor's solution gets {result.points:g} of {result.max_points:g} points there"
            )
        else:
            member.is_ready = self._had_any = True

    def _require_anybody(self) -> None:
        if self._members.here:
            self._waiting_since = None
            return
        address = self._members.address
        if self._members.refused and not self._had_any:
            why = next(iter(self._members.refused.values()))
            raise UsageError(
                f"{address}: none of its {len(self._members.refused)} workers can be used: {why}"
            )
        now = time.monotonic()
        if self._waiting_since is None:
            self._waiting_since = now
            self._note(f"{address} has no worker; waiting {self._patience:.0f} s for one")
        elif now - self._waiting_since > self._patience:
            if self._had_any:
                raise GraderFault(
                    f"{address}: every worker is gone, and what is done is kept; start workers, then run the "
                    "same command again to go on"
                )
            raise UsageError(
                f"{address}: no worker came within {self._patience:.0f} s; start some with "
                f"`dask worker {address} --nworkers auto --nthreads 1`"
            )

    # Who gets what ----------------------------------------------------------------------------------

    def run(
        self, items: Iterable[Item], steps: Callable[[Item], Steps[Given]], alone: bool = False
    ) -> Iterator[tuple[Item, Given | BaseException]]:
        """Pairs of an item and what its steps returned, or the exception that they ended with, as they come.

        If `alone`, one at a time on every machine, so that none suffers from what another does.
        """
        waiting = deque(items)
        with noted_interrupts() as raise_if_interrupted:
            try:
                while waiting or self._lost or self._under_way or self._answers:
                    raise_if_interrupted()
                    self._hand_out(waiting, steps, alone)
                    answers, self._answers = self._answers, []
                    yield from answers
                    if waiting or self._lost or self._under_way:
                        # what waits alone waits for another grader's lock, or for a worker
                        self._members.pump(INTERRUPT_SECONDS if self._under_way else LATER_SECONDS)
                        self._require_anybody()
                raise_if_interrupted()
            finally:
                for job in [*self._under_way, *self._lost]:
                    job.steps.close()
                for member in {*self._under_way.values()}:
                    self._members.drop(member)
                self._under_way.clear()
                self._lost.clear()

    def _hand_out(self, waiting: deque[Item], steps: Callable[[Item], Steps[Any]], alone: bool) -> None:
        """Gives the members what they have room for: first what was lost, then what comes next."""
        later: list[Item] = []
        # one more each, so that none waits for us; but at the end nothing should lie with one who is busy
        spare = int(not alone and len(waiting) > sum(map(self._at_once, self._members.ready)))
        while self._lost or waiting:
            member = self._free(spare, alone)
            if member is None:
                break
            job = self._lost.popleft() if self._lost else self._begun(waiting.popleft(), steps, later)
            if job is not None:
                self._under_way[job] = member
                self._mark(member, job.parcel, partial(self._answered, member, job))
        waiting.extend(later)

    def _free(self, spare: int, alone: bool) -> Member | None:
        """The ready member with the most room: one that has nothing to do for what was lost before, and one
        on whose whole machine nothing is done for what has to be `alone`.
        """
        busy: dict[Member, int] = {}
        for job, member in self._under_way.items():
            # what was lost before is alone where it is: if it is lost again, no other is suspected
            busy[member] = busy.get(member, 0) + (member.threads + 1 if job.losses else 1)
        hosts = {member.host for member in busy}

        def has_room(member: Member) -> bool:
            if alone:
                return member.host not in hosts
            return busy.get(member, 0) < (1 if self._lost else self._at_once(member) + spare)

        free = [member for member in self._members.ready if has_room(member)]
        return min(free, key=lambda member: busy.get(member, 0) / self._at_once(member), default=None)

    def _at_once(self, member: Member) -> int:
        return 1 if self._context.settings.device == "cuda" else member.threads  # they would share its GPU

    def _begun(self, item: Item, steps: Callable[[Item], Steps[Any]], later: list[Item]) -> _Job | None:
        """A job whose steps came to where it has to be marked; None where they did not come so far."""
        begun = steps(item)
        try:
            task = next(begun)
            return _Job(item, task.submission.student, begun, pack_task(task))
        except Later:
            later.append(item)
        except StopIteration as end:
            self._answers.append((item, end.value))
        except Exception as error:
            self._answers.append((item, error))
        return None

    def _mark(
        self, member: Member, submission: bytes, then: Callable[[Any], None], is_trial: bool = False
    ) -> None:
        self._members.ask(member, then, remote.mark, self._content, self._digest, submission, is_trial)

    def _answered(self, member: Member, job: _Job, parcel: object) -> None:
        del self._under_way[job]
        try:
            answer, files = unpack_answer(parcel)
            if answer.kind is not Kind.MARKED:
                # whoever fills a worker's disk must not end one after the other
                self._again(job, "the process that had it died")
                if answer.kind is Kind.UNFIT:
                    raise Unlike(answer.reason)
                return
            marked = self._expected.marked(job.student, answer, files)
        except BadParcel as error:
            self._again(job, str(error))
            return
        try:
            job.steps.send(marked)
        except StopIteration as end:
            self._answers.append((job.item, end.value))
        except Exception as error:
            self._answers.append((job.item, error))

    def _release(self, member: Member, by_itself: bool) -> None:
        """What a member had that is gone is to be done elsewhere."""
        for job in [job for job, other in self._under_way.items() if other is member]:
            del self._under_way[job]
            if by_itself:
                self._again(job, "the worker that had it was lost")
            else:
                self._lost.append(job)

    def _again(self, job: _Job, why: str) -> None:
        job.losses += 1
        if job.losses < MOST_TRIES:
            self._lost.append(job)
        else:
            job.steps.close()
            self._answers.append((job.item, WorkerDied(f"tried {MOST_TRIES} times; the last time {why}")))


def _allow_many_locks() -> None:
    """One is held for every submission that is under way."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
