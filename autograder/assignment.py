"""An assignment: its notebooks and the files that come with them."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course, valid_name
from autograder.errors import UsageError, did_you_mean
from autograder.otter.notebook import is_otter, read_otter, support_files
from autograder.source import BadSource, Role, SourceNotebook

# What nbgrader never copies (CourseDirectory.ignore).
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")


# where a student's own data lie in the working directory; checks.personal reads the same name
PERSONAL_FILE = "personal.npz"


@dataclass(frozen=True, slots=True)
class Own:
    """By whose data a submission is judged: the file of them, and of what `solve` made of them, if it did."""

    data: Path
    solve: str = ""
    solved: Path | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`support_files` maps the path inside the assignment's folder, with "/" between, to the file.

    One student's, where data are personal, has their file among these, and `own`.
    """

    name: str
    notebooks: tuple[SourceNotebook, ...]
    support_files: Mapping[str, Path] = field(default_factory=dict)
    own: Own | None = None

    @classmethod
    def load(cls, course: Course, name: str) -> Assignment:
        """The assignment from `source/`. Raises UsageError for what the instructor has to mend."""
        if not (course.root / "source").is_dir():
            raise UsageError(
                f"{course.root}: no folder `source`; put an assignment's notebooks into source/NAME"
            )
        return cls.from_folder(course.require_assignment(name), course.source(name))

    @classmethod
    def from_folder(cls, name: str, folder: Path) -> Assignment:
        """The assignment whose notebooks and files, or otter's test files, lie in `folder`."""
        if is_otter(folder):
            return cls(name, (read_otter(name, folder),), support_files(folder))
        notebooks = []
        for path in sorted(folder.glob("*.ipynb")):
            if not valid_name(path.stem):
                raise UsageError(
                    f"{path}: rename the notebook; its name must be printable and not start with a dot"
                )
            try:
                notebooks.append(SourceNotebook.parse(path.stem, path.read_bytes()))
            except BadSource as error:  # it names the notebook
                raise UsageError(f"{folder}/{error}") from None
        if not notebooks:
            raise UsageError(f"{folder}: no notebook (*.ipynb) in the assignment's folder")
        return cls(name, tuple(notebooks), support_files_of(folder))

    @property
    def max_points(self) -> float:
        return sum(notebook.max_points for notebook in self.notebooks)

    @property
    def automatic_points(self) -> float:
        """Points of the test cells, which need no human."""
        return sum(c.points or 0.0 for n in self.notebooks for c in n.cells if c.role is Role.TEST)

    @property
    def modules(self) -> list[tuple[str, Path]]:
        """Modules among the files beside the notebooks: their names, and the folders to find them in."""
        found = []
        for name, path in self.support_files.items():
            module, _, rest = name.partition("/")
            if name == path.name and name.endswith(".py"):
                found.append((name.removesuffix(".py"), path.parent))
            elif rest == path.name == "__init__.py":
                found.append((module, path.parent.parent))
        return found

    @property
    def is_template(self) -> bool:
        """Whether students hand in these notebooks, with these cells."""
        return all(notebook.is_template for notebook in self.notebooks)

    def notebook(self, name: str) -> SourceNotebook:
        """The notebook of that name; a UsageError names the nearest if there is none."""
        for notebook in self.notebooks:
            if notebook.name == name:
                return notebook
        known = [notebook.name for notebook in self.notebooks]
        raise UsageError(f"no notebook {name!r} in assignment {self.name!r}{did_you_mean(name, known)}")


def support_files_of(folder: Path) -> dict[str, Path]:
    """The files beside the notebooks, by their paths in the folder."""
    return {path.relative_to(folder).as_posix(): path for path in files_in(folder) if path.suffix != ".ipynb"}


def is_ignored(name: str) -> bool:
    """Whether a file or folder of that name is never part of an assignment or a submission."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in IGNORED)


def files_in(folder: Path) -> Iterator[Path]:
    """All files below the folder of an assignment that are part of it."""
    for entry in sorted(folder.iterdir()):
        if is_ignored(entry.name):
            continue
        if entry.is_dir():
            yield from files_in(entry)
        elif entry.is_file():
            yield entry
