"""Where our own time goes: one submission after the other, in this process, under the profiler."""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from autograder.autograded import write_autograded
from autograder.context import Context
from autograder.course import Course
from autograder.gradebook import Projection
from autograder.marking import mark
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


def stage_seconds(folder: Path, students: list[str]) -> dict[str, float]:
    """Wall seconds a submission by stage, "other" and "total" included; the first student is warm-up."""
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
    count = len(students) - 1
    seconds = _by_function(profile)
    stages = {stage: sum(seconds[key] for key in keys) / count for stage, keys in STAGES.items()}
    return stages | {"other": total / count - sum(stages.values()), "total": total / count}


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
