"""The archive by which otter grades one notebook: the tests, and the files that they need."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from autograder.assignment import Assignment, is_ignored
from autograder.errors import GraderFault, UsageError
from autograder.keys import imported_modules, imports_in_file, test_modules
from autograder.otter.testfiles import Question, for_grader

CHECKS = "autograder"  # of this package, the comparisons for tests go along
_NEEDED_BY_CHECKS = ("numpy", "torch")
_BROUGHT_BY_OTTER = ("otter", "IPython", "ipykernel")
_RESERVED = ("tests", "otter", "otter.py")


def require_otter() -> None:
    """Raises UsageError where otter-grader 7 is not installed."""
    if importlib.util.find_spec("otter") is None:
        raise UsageError("otter-grader is not installed; run `pip install 'autograder[otter]'`")
    if (version := metadata.version("otter-grader")).partition(".")[0] != "7":
        raise UsageError(f"otter-grader is of version {version}; run `pip install 'otter-grader>=7,<8'`")


def lay_files(assignment: Assignment, test_folders: Iterable[Path], folder: Path) -> list[str]:
    """Lays into the empty `folder` what otter has to put beside a submission; the requirements of all that.

    That is the files of the assignment, the modules in `test_folders` that its cells import, and of this
    package the checks. Raises UsageError where two of them, or otter's own files, lie at one place.
    """
    lay_support_files(assignment, folder)
    imported = _lay_modules(assignment, test_folders, folder)
    return _requirements(imported - {entry.stem for entry in folder.iterdir()})


def lay_support_files(assignment: Assignment, folder: Path) -> None:
    """Lays the files that come with the assignment into `folder`. Raises UsageError for a name of otter's."""
    for name, file in assignment.support_files.items():
        if name.partition("/")[0] in _RESERVED:
            raise UsageError(f"{assignment.name}: {name} lies where otter has its own files; rename it")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def write_archive(
    path: Path, questions: Iterable[Question], files: Path, requirements: Iterable[str], scratch: Path
) -> None:
    """Writes the archive with these questions, and all that lies in `files`; works in `scratch`."""
    tests = scratch / "tests"
    tests.mkdir()
    for question in questions:
        (tests / f"{question.name}.py").write_text(for_grader(question), "utf-8")
    (scratch / "requirements.txt").write_text("".join(f"{line}\n" for line in requirements))
    (scratch / "otter_config.json").write_text("{}")
    options = {
        "--tests-dir": tests,
        "--output-path": path.resolve(),
        "--config": scratch / "otter_config.json",
        "--requirements": scratch / "requirements.txt",
        "--python-version": ".".join(map(str, sys.version_info[:2])),
    }
    arguments = [str(word) for pair in options.items() for word in pair]
    names = sorted(f"./{entry.name}" for entry in files.iterdir())
    # otter takes only files below the folder that it runs in; -P, for it should not import them
    command = [sys.executable, "-P", "-m", "otter", "generate", *arguments, "--no-environment", *names]
    done = subprocess.run(command, cwd=files, capture_output=True, text=True)
    if done.returncode or not path.is_file():
        said = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise GraderFault(f"`otter generate` failed: {said}")


def _lay_modules(assignment: Assignment, test_folders: Iterable[Path], files: Path) -> set[str]:
    """The names of all modules that are imported, by those too that it lays."""
    names = imported_modules(assignment)
    for _, module in test_modules(assignment, test_folders):
        names |= _copy(module, files / module.name)
    if CHECKS in names:
        package = Path(__file__).parents[1]
        _require_free(files / CHECKS)
        (files / CHECKS).mkdir()
        shutil.copyfile(package / "__init__.py", files / CHECKS / "__init__.py")
        names |= _copy(package / "checks", files / CHECKS / "checks")
        names |= set(_NEEDED_BY_CHECKS)
    return names


def _copy(module: Path, target: Path) -> set[str]:
    """Copies a module or a package; the top-level names of what it imports."""
    _require_free(target)
    if module.is_dir():
        shutil.copytree(module, target, ignore=lambda _, names: [n for n in names if is_ignored(n)])
        copied = list(target.rglob("*.py"))
    else:
        shutil.copyfile(module, target)
        copied = [target]
    return {name.partition(".")[0] for file in copied for name in imports_in_file(file)}


def _require_free(target: Path) -> None:
    if target.exists():
        raise UsageError(f"{target.name}: a test imports it, and a file of the assignment is called so too")


def _requirements(modules: Iterable[str]) -> list[str]:
    """The distributions that hold these modules, in the versions that the tests were tried with here."""
    holders = metadata.packages_distributions()
    skipped = {*_BROUGHT_BY_OTTER} | sys.stdlib_module_names
    wanted = {name for module in set(modules) - skipped for name in holders.get(module, ())}
    # a local version, such as 2.9.0+cpu, is in no index
    return [f"{name}=={metadata.version(name).partition('+')[0]}" for name in sorted(wanted)]
