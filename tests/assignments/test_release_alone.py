"""The release where students run it: with the four libraries that it names, and nothing of ours."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.verifying.cases import answers_of

pytestmark = pytest.mark.ci

ROOT = Path(__file__).parents[2]
RELEASE = ROOT / "release"
NOTEBOOKS = sorted(str(path.relative_to(RELEASE).with_suffix("")) for path in RELEASE.glob("*/*.ipynb"))
LIBRARIES = ("numpy", "matplotlib", "scikit-learn", "torch==2.13.0")
# A kernel and not `exec`: the release has a magic and draws inline, as in the Jupyter of a student.
KERNEL = ("ipykernel", "nbclient")

Run = Callable[..., str]
Cell = dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a program of a fresh virtual environment, in the folder `cwd`; what it printed."""
    home = tmp_path_factory.mktemp("student")
    theirs = ("PYTHON", "IPYTHON", "JUPYTER", "MPL")  # kernels, profiles and paths of whoever runs the tests
    environment = {key: text for key, text in os.environ.items() if not key.startswith(theirs)}
    environment |= {key: str(home) for key in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    environment["PATH"] = f"{home / 'venv' / 'bin'}{os.pathsep}{environment['PATH']}"

    def run(*command: str, cwd: Path = home) -> str:
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3_000:]
        return done.stdout

    run(sys.executable, "-m", "venv", "venv")
    run("pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt"), *LIBRARIES, *KERNEL)
    return run


def executed(run: Run, folder: Path, name: str, answers: Mapping[str, str] | None = None) -> list[Cell]:
    """The code cells of the release with `answers` (grade_id -> source), run from top to bottom."""
    notebook = json.loads((RELEASE / f"{name}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = (answers or {}).get(grade_id(cell), cell["source"])
    path = folder / f"{Path(name).name}.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    run("jupyter", "execute", "--inplace", "--allow-errors", path.name, cwd=folder)
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    return cells


def grade_id(cell: Cell) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def errors(cells: list[Cell]) -> dict[str, str]:
    """By grade_id: the exception that a cell ended with."""
    return {
        grade_id(cell): output["ename"]
        for cell in cells
        for output in cell["outputs"]
        if output["output_type"] == "error"
    }


def test_a_student_has_nothing_of_ours(run: Run) -> None:
    code = "from importlib.util import find_spec; print([*map(find_spec, ('autograder', 'reference'))])"
    assert run("python", "-c", code).strip() == "[None, None]"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_release_runs_with_the_solution_in_it(run: Run, tmp_path: Path, name: str) -> None:
    assignment, notebook = name.split("/")
    source = Assignment.from_folder(assignment, ROOT / "source" / assignment).notebook(notebook)
    solution = {cell.id: cell.source for cell in answers_of(source)}
    cells = executed(run, tmp_path, name, solution)
    assert set(solution) >= {grade_id(cell) for cell in cells} - {""} - locked(cells)
    assert errors(cells) == {}
    shown = [output for cell in cells if not is_marked_by_hand(cell) for output in cell["outputs"]]
    assert shown == [], "a warning, or a cell that prints"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_in_the_untouched_release_only_answers_and_their_checks_fail(
    run: Run, tmp_path: Path, name: str
) -> None:
    cells = executed(run, tmp_path, name)
    found = errors(cells)
    by_hand = {grade_id(cell) for cell in cells if is_marked_by_hand(cell)}
    answers = {grade_id(cell) for cell in cells} - {""} - locked(cells)
    assert found.keys() <= answers | {f"check_{answer}" for answer in answers}
    # a check of a name that only the answer would have bound does not find it
    assert set(found.values()) <= {"NotImplementedError", "AssertionError", "NameError"}
    assert {f"check_{answer}" for answer in answers - by_hand} <= found.keys(), (
        "a check passes without an answer"
    )


def is_marked_by_hand(cell: Cell) -> bool:
    """An answer, such as a picture, that no test judges."""
    meta = cell["metadata"].get("nbgrader", {})
    return bool(meta.get("grade") and meta.get("solution"))


def locked(cells: list[Cell]) -> set[str]:
    return {grade_id(cell) for cell in cells if cell["metadata"].get("nbgrader", {}).get("locked")}
