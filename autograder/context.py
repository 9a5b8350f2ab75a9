"""What a run over an assignment needs to know: course, assignment, settings, tests, tier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError
from autograder.keys import assignment_digest
from autograder.marking import servers_for
from autograder.runtime.jail import describe
from autograder.runtime.servers import Servers
from autograder.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """One assignment of a course, ready to be graded; worker processes inherit it."""

    course: Course
    assignment: Assignment
    settings: Settings
    test_folders: tuple[Path, ...]
    digest: str
    tier: int

    @classmethod
    def of(cls, course: Course, name: str, min_tier: int | None = None) -> Context:
        """Loads the assignment. Raises UsageError for what an instructor has to mend."""
        assignment = Assignment.load(course, name)
        settings = course.settings.for_assignment(name)
        if min_tier is not None:
            settings = replace(settings, min_tier=min_tier)
        folders = tuple((course.root / path).resolve() for path in settings.test_path)
        for folder in folders:
            if not folder.is_dir():
                raise UsageError(f"autograder.toml: test_path names {str(folder)!r}, which is no folder")
        tier = int(describe()["tier"])
        if tier < settings.min_tier:
            raise UsageError(
                f"this machine offers jail tier {tier}, but min_tier is {settings.min_tier}; "
                "lower it in autograder.toml or use --min-tier"
            )
        digest = assignment_digest(assignment, settings, folders)
        return cls(course, assignment, settings, folders, digest, tier)

    def servers(self) -> Servers:
        return servers_for([self.assignment], self.settings, tuple(map(str, self.test_folders)))
