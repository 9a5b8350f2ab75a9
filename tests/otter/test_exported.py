"""lab6 as otter's: every example answer gets the same points from `otter run` as from us.

`OTTER_CASES=all` in the environment takes every case instead of a sample; or name some, with commas between.
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.context import Context
from autograder.course import Course
from autograder.otter.exporting import Exported, export
from autograder.regions import SOLUTION, without_marks
from autograder.runtime.servers import Servers
from autograder.verifying.cases import Case, answers_of, read_cases
from tests.commands import REPOSITORY, environment
from tests.otter.filling import filled
from tests.otter.oracle import otters_marks
from tests.parity.test_lab6 import by_us, sample, submissions
from tests.parity.warm_kernel import warm_kernels

INTENDED = tomllib.loads(Path(__file__).with_name("intended.toml").read_text()).get("difference", [])
MOST_DIFFERENCES = 20


@pytest.fixture(scope="module")
def context() -> Context:
    """With limits that no answer reaches: otter has none."""
    found = Context.of(Course.open(REPOSITORY), "lab6")
    patient = replace(found.settings.limits, cell_seconds=300, test_seconds=300, submission_seconds=900)
    return replace(found, settings=replace(found.settings, limits=patient))


@pytest.fixture(scope="module")
def lab6_servers(context: Context) -> Iterator[Servers]:
    with context.servers() as warm:
        yield warm


@pytest.fixture(scope="module")
def exported(context: Context, lab6_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(context, tmp_path_factory.mktemp("otter") / "lab6", lab6_servers)


@pytest.fixture(scope="module")
def cases(context: Context) -> list[Case]:
    """Answers meant to be honest: an attack may well get more out of a single process."""
    every = read_cases(REPOSITORY / "cases" / "lab6", context.assignment)
    honest = [case for case in every if case.name.startswith(("right/", "wrong/")) and case.answers]
    asked = os.environ.get("OTTER_CASES", "")
    named = [case for case in honest if case.name in asked.split(",")]
    return honest if asked == "all" else named or sample(honest, context)


@pytest.mark.ci
def test_nothing_of_lab6_is_left_out(exported: Exported, context: Context) -> None:
    assert [notebook.left_out for notebook in exported.notebooks] == [(), ()]
    assert sum(sum(n.questions.values()) for n in exported.notebooks) == context.assignment.automatic_points


@pytest.mark.slow
def test_each_case_gets_the_same_points(
    exported: Exported, cases: list[Case], context: Context, lab6_servers: Servers, tmp_path: Path
) -> None:
    given: dict[tuple[str, str], tuple[Path, Path]] = {}
    for case in cases:
        for name in case.notebooks(context.assignment):
            notebook = context.assignment.notebook(name)
            answers = {cell.id: without_marks(cell.source, SOLUTION) for cell in answers_of(notebook)}
            answers |= {cell: text for (where, cell), text in case.answers.items() if where == name}
            folder = Path(exported.folder) / name
            path = tmp_path / case.name / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(filled(folder / "student" / f"{name}.ipynb", answers))
            given[case.name, name] = folder / "autograder.zip", path
    ours = by_us(submissions(cases, context), context, lab6_servers)
    with warm_kernels(environment(), "otter") as more:
        marks = otters_marks(list(given.values()), environment(**more))
    theirs = {
        (case, name, test): score
        for (case, name), found in zip(given, marks, strict=True)
        for test, (score, _) in (found or {}).items()
    }
    differing = {
        (case, test): (points, theirs.get((case, name, test)))
        for (case, name, test), points in ours.items()
        if theirs.get((case, name, test)) != points
    }
    here = [each for each in INTENDED if each["case"] in {case.name for case in cases}]
    intended = {(each["case"], test) for each in here for test in each["tests"]}
    always = {each["case"] for each in here if not each.get("by_chance")}
    details = {key: both for key, both in differing.items() if key not in intended}
    assert not details, f"(our points, otter's) differ: {details}"
    gone = always - {case for case, _ in differing}
    assert not gone, f"no longer different; take them out of intended.toml: {gone}"


def test_intended_differences_are_few_and_each_has_its_reason(context: Context) -> None:
    names = {case.name for case in read_cases(REPOSITORY / "cases" / "lab6", context.assignment)}
    assert len(INTENDED) <= MOST_DIFFERENCES
    assert all(each["reason"].strip() and "\n" not in each["reason"] for each in INTENDED)
    assert {each["case"] for each in INTENDED} <= names
