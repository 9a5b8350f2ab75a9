"""Where our own time goes: one submission after the other, in this process, under the profiler."""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.autograded import write_autograded
from autograder.context import Context
from autograder.course import Course
from autograder.gradebook import Projection
from autograder.marking import mark
from autograder.runtime.servers import Child, Servers
from autograder.submission import read_submission
from benchmarks.course import ASSIGNMENT

# stage -> functions (module, name), none of which calls another one here
STAGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "read": (("autograder.submission", "read_submission"),),
    "lay over": (("autograder.notebook", "lay_over"), ("autograder.planning", "plan")),
    "fork": (
        ("autograder.runtime.session", "_start_student"),
        ("autograder.runtime.session", "_start_examiner"),
        ("autograder.runtime.session", "close"),
    ),
    "cells": (("autograder.runtime.session", "_cell"),),
    "tests": (("autograder.runtime.session", "_test"),),
    "render": (("autograder.marking", "_executed"),),
    "write": (("autograder.autograded", "write_autograded"), ("autograder.result", "write_atomically")),
    "database": (("autograder.gradebook", "project"),),
}


@dataclass(frozen=True, slots=True)
class Stages:
    """Wall seconds a submission by stage, "other" and "total" included; MiB by notebook.

    `private` is what a student's process does not share with the warm server at its end.
    """

    seconds: Mapping[str, float]
    private: Mapping[str, float]


def measure_stages(folder: Path, students: list[str]) -> Stages:
    """Grades them one after the other; the first student is warm-up."""
    course = Course.open(folder)
    context = Context.of(course, ASSIGNMENT)
    profile = cProfile.Profile()
    with context.servers() as servers, Projection(course.db_url) as projection:
        projection.register(context.assignment)
        started = time.perf_counter()
        for number, student in enumerate(students):
            if number == 1:
                started = time.perf_counter()
                profile.enable()
            path = course.submitted(student, ASSIGNMENT)
            submission = read_submission(path, student, ASSIGNMENT, context.settings.limits)
            marked = mark(context.assignment, submission, context.settings, servers)
            marked.result.write_atomically(course.result_path(ASSIGNMENT, student))
            write_autograded(course.autograded(student, ASSIGNMENT), context.assignment, submission, marked)
            projection.project(marked.result, context.assignment, submission.timestamp)
        profile.disable()
        total = time.perf_counter() - started
        notebooks = [notebook.name for notebook in context.assignment.notebooks]
        private = _private_memory(context, course.submitted(students[0], ASSIGNMENT), servers)
    count = len(students) - 1
    seconds = _by_function(profile)
    stages = {stage: sum(seconds[key] for key in keys) / count for stage, keys in STAGES.items()}
    every = stages | {"other": total / count - sum(stages.values()), "total": total / count}
    return Stages(every, dict(zip(notebooks, private, strict=True)))


def _private_memory(context: Context, path: Path, servers: Servers) -> list[float]:
    """MiB of each student process when its notebook has ended, just before it is killed."""
    found: list[float] = []
    kill = Child.kill

    def look_and_kill(child: Child) -> dict[str, Any] | None:
        if child.end is None and child in students:
            found.append(_private(child.pid))
        return kill(child)

    students: list[Child] = []
    fork = servers.fork_student

    def noted_fork(config: dict[str, Any], descriptors: Sequence[int]) -> Child:
        students.append(fork(config, descriptors))
        return students[-1]

    submission = read_submission(path, path.parent.name, ASSIGNMENT, context.settings.limits)
    with (
        mock.patch.object(Child, "kill", look_and_kill),
        mock.patch.object(servers, "fork_student", noted_fork),
    ):
        mark(context.assignment, submission, context.settings, servers)
    return found


def _private(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kib = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return kib / 1024


def _by_function(profile: cProfile.Profile) -> dict[tuple[str, str], float]:
    """Seconds below each function of STAGES; a KeyError tells of one that is no longer there."""
    module_of = {sys.modules[module].__file__: module for keys in STAGES.values() for module, _ in keys}
    # typeshed leaves `stats` out
    table: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(pstats.Stats(profile))[
        "stats"
    ]
    return {
        (module_of[file], name): cumulative
        for (file, _, name), (_, _, _, cumulative, _) in table.items()
        if file in module_of
    }
