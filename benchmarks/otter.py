"""Our assignments in otter's formats: hidden tests as its test files, submissions with its marks."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from autograder.source import SourceNotebook


def tests_of(notebook: SourceNotebook) -> dict[str, tuple[str, float]]:
    """Source and points of each test cell."""
    return {
        cell.id: (cell.source, float(cell.metadata["nbgrader"]["points"]))
        for cell in notebook.cells
        if cell.role == "test"
    }


_TEST_FILE = """\
from otter.test_files import test_case
OK_FORMAT = False
name = {name!r}
points = {points!r}
SOURCE = {source!r}

@test_case(hidden=True)
def test(env):
    exec(compile(SOURCE, {name!r}, "exec"), dict(env))
"""


def write_zip(path: Path, notebook: SourceNotebook) -> None:
    """The autograder archive of one notebook, as `otter run -a` takes it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for name, (source, points) in tests_of(notebook).items():
            text = _TEST_FILE.format(name=name, points=points, source=source)
            archive.writestr(f"tests/{name}.py", text)


def with_checks(data: bytes, notebook: SourceNotebook) -> bytes:
    """The submission with Otter's mark on each test cell: there it runs the test of that name."""
    content = json.loads(data)
    tests = tests_of(notebook)
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["metadata"] = {"otter": {"tests": [name]}} if name in tests else {}
    return json.dumps(content).encode()


def run_arguments(archive: Path, results: Path, notebook: Path) -> list[str]:
    """Of `otter`: grade a notebook by an archive, with its results into the folder `results`."""
    return ["run", "-a", str(archive), "-o", str(results), "--no-logo", str(notebook)]


def points_of(path: Path, notebook: SourceNotebook) -> dict[str, float]:
    """Takes the points out of a results.json, by test; none where there is no such file."""
    try:
        found = json.loads(path.read_text())["tests"]
        path.unlink()
        return {each["name"]: float(each["score"]) for each in found if each["name"] in tests_of(notebook)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
