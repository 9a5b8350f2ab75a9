from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.generating import build_release
from autograder.linting.lint import lint_release, lint_source

ROOT = Path(__file__).parents[1]
ASSIGNMENTS = sorted(folder.name for folder in (ROOT / "source").iterdir() if folder.is_dir())


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_tracked_release_is_what_the_source_gives(name, tmp_path):
    assignment = Assignment.from_folder(name, ROOT / "source" / name)
    fresh = build_release(assignment, ROOT / "source" / name, tmp_path)
    assert files(ROOT / "release" / name) == files(fresh), f"run `autograder generate {name}`"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_neither_source_nor_release_has_a_problem(name):
    assignment = Assignment.from_folder(name, ROOT / "source" / name)
    assert lint_source(assignment) == []
    assert lint_release(ROOT / "release" / name, assignment) == []
