from dataclasses import replace
from pathlib import Path

import pytest

from autograder import keys
from autograder.assignment import Assignment
from autograder.keys import assignment_inputs, result_key, versions
from autograder.settings import Limits, Settings
from autograder.submission import Submission
from tests.building import hidden_test, notebook, solution

CELLS = (solution("x = 1", "x"), hidden_test("import truth\nassert x == truth.X", "test_x"))
FILES = {
    "a/nb.ipynb": b"",
    "a/data.csv": b"1,2",
    "truth.py": b"from more import X",
    "more/__init__.py": b"X = 1",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, data in {**FILES, "a/nb.ipynb": notebook(*CELLS)}.items():
        write(tmp_path / name, data)
    return tmp_path


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def inputs(folder: Path, settings: Settings | None = None) -> dict[str, str]:
    return assignment_inputs(Assignment.from_folder("a", folder / "a"), settings or Settings(), [folder])


def digest(folder: Path, settings: Settings | None = None) -> str:
    return result_key(inputs(folder, settings), 3)


def test_the_same_assignment_has_the_same_digest(folder):
    assert digest(folder) == digest(folder)


@pytest.mark.parametrize(
    "path, data",
    [
        ("a/nb.ipynb", notebook(*CELLS[:1], hidden_test("assert x == 1", "test_x"))),
        ("a/nb.ipynb", notebook(*CELLS[:1], hidden_test("import truth\nassert x == truth.X", "test_x", 2))),
        ("a/second.ipynb", notebook()),
        ("a/data.csv", b"1,3"),
        ("a/more.csv", b""),
        ("truth.py", b"X = 2"),
        ("more/__init__.py", b"X = 2"),
        ("more/numbers.json", b"[]"),
    ],
)
def test_what_marks_depend_on_changes_the_digest(folder, path, data):
    before = digest(folder)
    write(folder / path, data)
    assert digest(folder) != before


@pytest.mark.parametrize("path", ["other.py", "a/__pycache__/x.pyc", "more/__pycache__/__init__.pyc", "b/x"])
def test_what_no_test_reads_changes_nothing(folder, path):
    before = digest(folder)
    write(folder / path, b"x")
    assert digest(folder) == before


def test_a_module_that_is_taken_away_changes_the_digest(folder):
    before = digest(folder)
    (folder / "more" / "__init__.py").unlink()
    assert digest(folder) != before


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"hidden_seed": 1},
        {"isolation": "shared"},
        {"preload": ("numpy",)},
        {"shared_cells": ("test_x",)},
        {"limits": Limits(test_seconds=1)},
    ],
    ids=str,
)
def test_settings_that_marks_depend_on_change_the_digest(folder, change):
    assert digest(folder, replace(Settings(), **change)) != digest(folder)


@pytest.mark.parametrize("change", [{"jobs": 1}, {"min_tier": 3}, {"assignments": {"other": {}}}], ids=str)
def test_settings_that_they_do_not_depend_on_change_nothing(folder, change):
    assert digest(folder, replace(Settings(), **change)) == digest(folder)


def test_modules_of_tests_are_found_through_each_other(folder):
    found = keys.test_modules(Assignment.from_folder("a", folder / "a"), [folder])
    assert [path.name for _, path in found] == ["truth.py", "more"]


def test_modules_that_import_each_other_are_each_found_once(folder):
    write(folder / "more/__init__.py", b"import truth\nX = 1")
    found = keys.test_modules(Assignment.from_folder("a", folder / "a"), [folder])
    assert [path.name for _, path in found] == ["truth.py", "more"]


def test_a_module_that_is_no_python_is_covered_all_the_same(folder):
    write(folder / "truth.py", b"def (")
    before = digest(folder)
    write(folder / "truth.py", b"def ((\x00")
    assert digest(folder) != before


def test_the_inputs_tell_what_was_changed(folder):
    before = inputs(folder)
    assert before.keys() >= {"nb/", "nb/test_x", "points", "files", "modules", "settings", "versions"}
    for path, data, changed in (
        ("a/nb.ipynb", notebook(CELLS[0], hidden_test("assert x == 1", "test_x")), {"nb/test_x", "modules"}),
        ("a/nb.ipynb", notebook(CELLS[0], replace_points(CELLS[1], 2)), {"points"}),
        ("a/nb.ipynb", notebook(solution("x = 2", "x"), CELLS[1]), {"nb/"}),
        ("a/data.csv", b"1,3", {"files"}),
        ("truth.py", b"from more import X, Y", {"modules"}),
    ):
        old = (folder / path).read_bytes()
        write(folder / path, data)
        now = inputs(folder)
        write(folder / path, old)
        assert {name for name in before if now.get(name) != before[name]} == changed, path


def replace_points(cell: dict, points: int) -> dict:
    metadata = cell["metadata"]
    return {**cell, "metadata": {**metadata, "nbgrader": {**metadata["nbgrader"], "points": points}}}


def test_the_digest_of_a_submission_depends_on_all_files():
    one = Submission("ada", "a", Path(), {"nb": b"1"})
    others = {
        one.digest(),
        replace(one, notebooks={"nb": b"2"}).digest(),
        replace(one, notebooks={"nb2": b"1"}).digest(),
        replace(one, files={"x": b"1"}).digest(),
        replace(one, notebooks={}, unreadable={"nb": "is a link"}).digest(),
    }
    assert len(others) == 5


def test_the_digest_does_not_depend_on_when_it_was_handed_in():
    one = Submission("ada", "a", Path(), {"nb": b"1"}, files={"timestamp.txt": b"now"})
    other = replace(one, files={"timestamp.txt": b"later", "submission_secret.txt": b"x"})
    assert one.digest() == other.digest()


def test_the_key_depends_on_every_input_and_on_the_jail():
    assert len({result_key(*given) for given in (({"a": "1"}, 1), ({"a": "2"}, 1), ({"a": "1"}, 2))}) == 3


def test_versions_name_python_the_libraries_and_our_build():
    assert {"python", "numpy", "torch", "scikit-learn", "autograder"} <= versions().keys()
    assert "+" in versions()["autograder"]
