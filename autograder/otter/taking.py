"""`autograder import otter`: an assignment of otter's becomes one of the course, test files and all."""

from __future__ import annotations

import json
import pprint
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.course import Course, valid_assignment
from autograder.errors import UsageError
from autograder.otter.archive import require_otter
from autograder.otter.notebook import CONFIG, OtterNotebook, read_otter

MAX_BYTES = 512 * 2**20
# settings of otter's that would change marks and that we have no equivalent for
_NOT_HEEDED = ("points_possible", "score_threshold", "grade_from_log", "plugins")


@dataclass(frozen=True, slots=True)
class Taken:
    """The assignment that came about, where students' notebooks lie if they were made, and what is lost."""

    name: str
    notebook: OtterNotebook
    release: Path | None
    notes: tuple[str, ...]


def take_over(course: Course, path: Path, name: str | None = None) -> Taken:
    """Makes `source/NAME` from a master notebook, an autograder zip or folder, or a notebook with tests.

    A master notebook goes through `otter assign`, which makes the students' notebook too, for `release/NAME`.
    Raises UsageError for what is none of these, and where the assignment is there already.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-otter-") as scratch:
        made = Path(scratch)
        files, student = _files_of(path, made)
        if not any(_is_test(each) for each in files):
            raise UsageError(
                f"{path}: no tests of otter's in it; give a master notebook or an autograder zip"
            )
        config = files.setdefault(CONFIG, b"{}")
        name = name or _name_of(path, config)
        if not valid_assignment(name):
            raise UsageError(f"{name!r} cannot be the name of an assignment; give another with --name")
        folder = course.root / "source" / name
        if folder.exists():
            raise UsageError(f"{folder} is there already; take it away, or give another --name")
        new = made / "new"
        _write(new, files)
        notebook = read_otter(name, new)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(new, folder)
        release = course.release(name) if student is not None else None
        if student is not None and release is not None:
            shutil.copytree(student, release, dirs_exist_ok=True)
        return Taken(name, notebook, release, tuple(_notes(config, notebook)))


_Files = dict[str, bytes]


def _files_of(path: Path, scratch: Path) -> tuple[_Files, Path | None]:
    """What belongs into the assignment's folder, by path, and the folder with the students' notebook."""
    if path.is_dir():
        return dict(_chosen({p.relative_to(path).as_posix(): p.read_bytes() for p in _all(path)})), None
    if not path.is_file():
        raise UsageError(f"{path}: no such file; give a master notebook or an autograder zip of otter's")
    if zipfile.is_zipfile(path):
        return dict(_chosen(_unzipped(path))), None
    if path.suffix != ".ipynb":
        raise UsageError(f"{path}: neither a notebook nor a zip; give a master notebook or an autograder zip")
    try:
        content = json.loads(path.read_bytes())
        cells, metadata = content["cells"], content["metadata"]
    except (ValueError, LookupError, TypeError):
        raise UsageError(f"{path}: is no notebook") from None
    if any(_is_configuration(cell) for cell in cells):
        return _assigned(path, scratch)
    return _from_metadata(metadata, path), None


def _chosen(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, data in files.items():
        if _is_test(path) or path == CONFIG or path.startswith(("files/", "solution/")):
            yield path, data


def _is_test(path: str) -> bool:
    return PurePosixPath(path).parent.as_posix() == "tests" and path.endswith(".py")


def _all(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _unzipped(path: Path) -> _Files:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise UsageError(f"{path}: holds more than {MAX_BYTES // 2**20} MiB")
        for member in members:
            parts = PurePosixPath(member.filename).parts
            if ".." in parts or member.filename.startswith("/") or "\\" in member.filename:
                raise UsageError(f"{path}: {member.filename!r} leads out of the folder; is this otter's zip?")
        return {member.filename: archive.read(member) for member in members}


def _is_configuration(cell: Mapping[str, Any]) -> bool:
    text = cell.get("source", "")
    text = "".join(text) if isinstance(text, list) else str(text)
    first = text.lstrip().removeprefix("```otter").lstrip().partition("\n")[0]
    words = first.lower().removeprefix("#").split()
    return cell.get("cell_type") in ("raw", "markdown") and words == ["assignment", "config"]


def _assigned(master: Path, scratch: Path) -> tuple[_Files, Path]:
    """What `otter assign` makes of a master notebook."""
    require_otter()
    result = scratch / "assigned"
    command = [
        *(sys.executable, "-c", "from otter.cli import cli; cli()", "assign"),
        *(str(master.resolve()), str(result), "--no-run-tests", "--no-pdfs"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=scratch, check=False)
    zips = sorted((result / "autograder").glob("*.zip"))
    if done.returncode or not zips:
        why = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no reason given"]
        raise UsageError(f"{master}: `otter assign` refused it ({why[0]}); correct the notebook")
    files = dict(_chosen(_unzipped(zips[0])))
    for notebook in sorted((result / "autograder").glob("*.ipynb")):
        files[f"solution/{notebook.name}"] = notebook.read_bytes()
    return files, result / "student"


def _from_metadata(metadata: object, path: Path) -> _Files:
    """Test files from the metadata of a notebook, where otter keeps them for students."""
    match metadata:
        case {"otter": {"OK_FORMAT": bool(), "tests": dict(tests)}}:
            pass
        case _:
            raise UsageError(f"{path}: neither a master notebook nor one with tests in its metadata")
    files: _Files = {}
    for name, test in tests.items():
        if not valid_assignment(name):
            raise UsageError(f"{path}: a test is called {name!r}, which cannot be a file's name")
        text = test if isinstance(test, str) else f"OK_FORMAT = True\n\ntest = {pprint.pformat(test)}\n"
        files[f"tests/{name}.py"] = text.encode()
    return files


def _name_of(path: Path, config: bytes) -> str:
    try:
        told = json.loads(config).get("assignment_name")
    except (ValueError, AttributeError):
        told = None
    return str(told or path.stem.partition("-autograder_")[0])


def _write(folder: Path, files: _Files) -> None:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _notes(config: bytes, notebook: OtterNotebook) -> Iterator[str]:
    settings = json.loads(config)
    for key in _NOT_HEEDED:
        if settings.get(key):
            yield f"{key} of {CONFIG} is not heeded here: points are those of the questions"
    if notebook.solution is None:
        yield "its solution is not known: put the solved notebook into solution/, so that `verify` can try it"
