"""What students get runs in Jupyter, with the libraries that it names and nothing of ours."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.generating import build_release
from autograder.keys import imported_modules
from autograder.starting.assignment import start_assignment
from autograder.starting.course import start_course
from autograder.verifying.cases import answers_of
from tests.classroom import REPOSITORY

LIBRARIES = {"numpy", "matplotlib", "sklearn", "torch"}
OURS = "import sys\nprint(sorted({'autograder', 'reference'} & sys.modules.keys()))"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    root = tmp_path_factory.mktemp("course")
    start_course(root)
    start_assignment(Course.open(root), "demo")
    return Course.open(root)


@pytest.fixture(scope="module")
def released(course, tmp_path_factory) -> Path:
    demo = Assignment.load(course, "demo")
    return build_release(demo, course.source("demo"), tmp_path_factory.mktemp("release")) / "demo.ipynb"


def test_releases_import_libraries_alone(released):
    for folder in (released.parent, REPOSITORY / "release" / "lab6"):
        assert imported_modules(Assignment.from_folder("it", folder)) <= LIBRARIES


@pytest.mark.parametrize("solved", [True, False])
def test_the_release_runs_from_top_to_bottom_in_a_kernel(course, released, solved):
    notebook = nbformat.reads(released.read_text("utf-8"), as_version=4)
    solution = {cell.id: cell.source for cell in answers_of(Assignment.load(course, "demo").notebook("demo"))}
    for cell in notebook.cells if solved else ():
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = solution.get(grade_id, cell.source)
    notebook.cells.append(nbformat.v4.new_code_cell(OURS))
    client = NotebookClient(notebook, kernel_name="python3", timeout=120, allow_errors=True)
    client.execute(cwd=str(released.parent))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    failed = {output["ename"] for output in outputs if output["output_type"] == "error"}
    assert failed == (set() if solved else {"NotImplementedError"})
    assert outputs[-1]["text"] == "[]\n"
    assert any("image/png" in output.get("data", {}) for output in outputs), "no plot"


def test_the_release_is_a_valid_notebook(released):
    nbformat.validate(json.loads(released.read_text("utf-8")))
