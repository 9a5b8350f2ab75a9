"""The key of a result: one hash over all that it depends on. Equal keys, equal results."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.settings import Settings
from autograder.source import Role

# settings that no mark depends on; the tier that was had stands in the key itself
_WITHOUT_EFFECT = ("jobs", "min_tier", "max_tier", "assignments", "feedback", "db_url")
# parts of ours that show or move marks and make none: what is changed there leaves results as they are
WITHOUT_MARKS = (
    *("charts.py", "cli", "display", "feedback", "marks", "pages", "reporting", "starting", "web"),
)
_LIBRARIES = ("numpy", "torch", "scikit-learn", "scipy", "matplotlib", "ipython")


@cache
def versions() -> dict[str, str]:
    """Versions of Python, of the libraries that decide about numbers, and of the grader itself."""
    found = {"python": platform.python_version(), "autograder": build()}
    for library in _LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


_TELL_VERSIONS = """
import importlib.metadata, json, platform
found = {"python": platform.python_version()}
for name in %r:
    try: found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: pass
print(json.dumps(found))
"""


@cache
def versions_of(python: str) -> dict[str, str]:
    """As `versions`, of the libraries of another interpreter. Raises UsageError if it is none for us."""
    command = [python, "-s", "-P", "-c", _TELL_VERSIONS % (_LIBRARIES,)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, env={}, check=True)
        found: dict[str, str] = json.loads(told.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise UsageError(
            f"student.python: {python} cannot be run as a Python of 3.11 or newer ({error})"
        ) from None
    if "ipython" not in found:
        raise UsageError(f"student.python: {python} has no ipython; install it there, with `pip install`")
    return found


@cache
def build() -> str:
    """The grader's version and a hash of its own sources, but for those that make no marks."""
    package = Path(__file__).parent
    making = [p for p in package.rglob("*.py") if p.relative_to(package).parts[0] not in WITHOUT_MARKS]
    digest = _digest_of_files(sorted(making), package)
    return f"{metadata.version('autograder')}+{digest[:12]}"


def assignment_inputs(
    assignment: Assignment, settings: Settings, folders: Iterable[Path], student_python: str = ""
) -> dict[str, str]:
    """A digest of each thing besides the submission that marks depend on.

    Each test cell as "notebook/id", the other cells as "notebook/", and points, files, settings, versions,
    and the modules in `folders` that tests import.
    """
    found: dict[str, str] = {}
    points: list[tuple[str, float | None]] = []
    for notebook in assignment.notebooks:
        others: list[tuple[str, ...]] = [notebook.rules] if notebook.rules else []
        for cell in notebook.cells:
            if cell.role is Role.TEST:
                others.append((cell.id,))
                text = [cell.cell_type, cell.source, *([cell.beside] if cell.beside else [])]
                found[f"{notebook.name}/{cell.id}"] = _digest(text)
            else:
                others.append((cell.role, cell.id, cell.cell_type, cell.source))
            points.append((cell.id, cell.points))
        found[f"{notebook.name}/"] = _digest(others)
    files = sorted(assignment.support_files.items())
    told = {name: value for name, value in asdict(settings).items() if name not in _WITHOUT_EFFECT}
    libraries = [versions(), versions_of(student_python) if student_python else {}]
    return found | {
        "points": _digest(points),
        "files": _digest([[name, _digest_of_files([path], path.parent)] for name, path in files]),
        "modules": digest_of_modules(test_imports(assignment, settings), folders),
        "settings": _digest(told),
        "versions": _digest(libraries),
    }


def result_key(inputs: Mapping[str, str], tier: int) -> str:
    """The key of one result: over its inputs, the submission among them, and how it was made."""
    return hashlib.sha256(json.dumps([inputs, "fork", tier], sort_keys=True).encode()).hexdigest()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def digest_of_modules(names: Iterable[str], folders: Iterable[Path]) -> str:
    """A digest of the modules of these names in `folders`, and of those that they import."""
    return _digest(
        [(str(m.name), _digest_of_files(files_of_module(m), f)) for f, m in modules(names, folders)]
    )


def test_imports(assignment: Assignment, settings: Settings) -> set[str]:
    """Top-level names of the modules that marking imports: for cells, and for personal data."""
    personal = settings.personal.modules if settings.personal is not None else frozenset()
    return imported_modules(assignment) | personal


def test_modules(assignment: Assignment, folders: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """The top-level modules in `folders` that the instructor's cells import, and those that these import."""
    return modules(imported_modules(assignment), folders)


def modules(imported: Iterable[str], folders: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Folder and path of each module of these names in `folders`, and of those that they import."""
    folders = list(folders)
    names = sorted(set(imported) - {"autograder"})  # our own are in `build`
    for name in names:  # grows while we walk
        for folder in folders:
            for candidate in (folder / name, folder / f"{name}.py"):
                if candidate.is_dir() or candidate.is_file():
                    yield folder, candidate
                    found = {
                        _top(path) for file in files_of_module(candidate) for path in imports_in_file(file)
                    }
                    names += sorted(found.difference(names, {"autograder"}))


def files_of_module(module: Path) -> list[Path]:
    """A module's file, or all that lies in a package: tests may read data from there."""
    if module.is_file():
        return [module]
    return sorted(p for p in module.rglob("*") if p.is_file() and p.parent.name != "__pycache__")


def imports_in_file(file: Path) -> list[str]:
    """Dotted paths of the modules that a file of Python imports anywhere; none of another file."""
    return list(_imports(file.read_text("utf-8", "replace"))) if file.suffix == ".py" else []


def _top(path: str) -> str:
    return path.partition(".")[0]


def imported_modules(assignment: Assignment) -> set[str]:
    """Top-level names of the modules that the instructor's code cells import anywhere."""
    return {_top(path) for path in imported_paths(assignment)}


def imported_paths(assignment: Assignment) -> set[str]:
    """Dotted paths of the modules that the instructor's code cells import anywhere."""
    found: set[str] = set()
    for notebook in assignment.notebooks:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                found |= set(_imports(cell.source))
    return found


# lines that IPython reads; none of them imports a module by an import statement
_LINE_MAGIC = re.compile(r"^[^\S\n]*(%(?!%)|!).*$", re.MULTILINE)


def _imports(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(_LINE_MAGIC.sub("", source))  # IPython takes long to import
    except SyntaxError:
        from autograder.names import python_of

        try:
            tree = ast.parse(python_of(source))
        except SyntaxError:
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _digest_of_files(files: Iterable[Path], base: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(base)}:".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
