"""What a run over an assignment needs to know: course, assignment, settings, tests, tier."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.keys import assignment_inputs, modules, result_key, test_imports
from autograder.marking import jail_for, servers_for
from autograder.personal.given import EXAMPLES, PersonalData
from autograder.personal.seeds import digest_of, example_seed
from autograder.runtime.servers import Servers
from autograder.scheduling.local import fitting_jobs
from autograder.settings import Device, Settings
from autograder.submission import Submission


@dataclass(frozen=True, slots=True)
class Context:
    """One assignment of a course, ready to be graded; worker processes inherit it."""

    course: Course
    assignment: Assignment
    settings: Settings
    test_folders: tuple[Path, ...]
    inputs: Mapping[str, str]  # digests of all that marks depend on besides a submission
    tier: int
    student_python: str = ""
    personal: PersonalData | None = None

    @classmethod
    def of(
        cls,
        course: Course,
        name: str,
        min_tier: int | None = None,
        max_tier: int | None = None,
        device: Device | None = None,
    ) -> Context:
        """Loads the assignment; tiers and device are those of the settings where they are not given.

        Raises UsageError for what an instructor has to mend.
        """
        assignment = Assignment.load(course, name)
        settings = course.settings.for_assignment(name)
        settings = replace(
            settings,
            min_tier=settings.min_tier if min_tier is None else min_tier,
            max_tier=settings.max_tier if max_tier is None else max_tier,
            device=settings.device if device is None else device,
        )
        return cls.around(course, assignment, settings)

    @classmethod
    def around(
        cls,
        course: Course,
        assignment: Assignment,
        settings: Settings,
        folders: tuple[Path, ...] | None = None,
        python: str | None = None,
    ) -> Context:
        """The context of an assignment that is loaded already, under `settings`. Raises UsageError.

        The `folders` of the tests' modules and the students' `python` are those of the settings, unless
        they lie elsewhere than the settings say.
        """
        if folders is None:
            folders = course.test_folders(settings)
        personal = PersonalData.of(course, assignment, settings, folders)
        tier = jail_for(settings).tier
        if python is None:
            given = settings.student.python
            python = str(course.root / given) if given else ""
        inputs = assignment_inputs(assignment, settings, folders, python)
        return cls(course, assignment, settings, folders, inputs, tier, python, personal)

    @property
    def digest(self) -> str:
        """Over all that marks depend on besides a submission."""
        return self.key_of(self.inputs)

    def inputs_of(self, submission: Submission) -> dict[str, str]:
        """Digests of all that the marks of this submission depend on."""
        found = {**self.inputs, "submission": submission.digest()}
        if self.personal is not None:
            found["personal"] = digest_of(self.personal.seed_of(submission.student))
        return found

    def key_of(self, inputs: Mapping[str, str], tier: int | None = None) -> str:
        """Of a result with these inputs, made at this tier or ours: equal keys, equal results."""
        return result_key(inputs, self.tier if tier is None else tier)

    def modules(self) -> Iterator[tuple[Path, Path]]:
        """Folder and path of each module that marking imports: the tests', and those of personal data."""
        return modules(test_imports(self.assignment, self.settings), self.test_folders)

    def prepare(self, students: Iterable[str]) -> None:
        """Has the data of these students ready, where each has their own: made and solved in one batch."""
        if self.personal is not None:
            self.personal.prepare(students)

    def assignment_of(self, student: str) -> Assignment:
        """The assignment as this student has it. The id is what the grader was given, never a notebook's.

        Raises UsageError where data are personal and were not handed out.
        """
        if self.personal is None:
            return self.assignment
        return self.personal.give(self.assignment, self.personal.seed_of(student))

    def prepare_examples(self) -> None:
        """As `prepare`, of the students who are made up to try tests out."""
        if self.personal is not None:
            self.personal.make(map(example_seed, range(EXAMPLES)), solved=True)

    def assignment_of_example(self, number: int) -> Assignment:
        """The assignment as a student has it who is made up."""
        if self.personal is None:
            return self.assignment
        return self.personal.give(self.assignment, example_seed(number))

    @property
    def weakness(self) -> str:
        """Why the jail is weaker than the settings allow, or nothing."""
        jail = jail_for(self.settings)
        return f"the jail is of tier {jail.tier}: {jail.why_not_higher}" if jail.why_not_higher else ""

    def jobs(self, asked: int | None) -> tuple[int, str]:
        """How many submissions to grade at once, and a note if memory allows fewer than asked for."""
        cores = 1 if self.settings.device == "cuda" else len(os.sched_getaffinity(0))  # they share one GPU
        wanted = asked or self.settings.jobs or cores
        each = self.settings.limits.worker_bytes
        fitting = fitting_jobs(wanted, each)
        if fitting == wanted:
            return wanted, ""
        return (
            fitting,
            f"{fitting} at once instead of {wanted}: each may use {each / 2**30:.1f} GiB of memory",
        )

    def servers(self, threads: int = 1) -> Servers:
        """Warm servers, with so many threads for numpy and torch in every process."""
        folders = tuple(map(str, self.test_folders))
        return servers_for([self.assignment], self.settings, folders, self.student_python, threads)
