"""What surrounds a grader: a course with a gradebook and other students, secrets, and servers that listen.

All of it is made for the attacks: there is nothing to steal where nothing is.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from autograder.assignment import Assignment
from autograder.verifying.cases import Case, submitted_notebooks
from benchmarks.course import ASSIGNMENT, ROOT

BYSTANDERS = ("bystander",)
_LEFT = ("/tmp/left-by-a-student", "/var/tmp/left-by-a-student", "/dev/shm/left-by-a-student")


class Room:
    """A folder with a course and a home of its own; `environment` is what a tool starts with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course = folder / "course"
        self.home = folder / "home"
        self.temporary = folder / "tmp"

    @classmethod
    def made(cls, folder: Path) -> Room:
        room = cls(folder)
        for each in (room.course, room.home, room.temporary):
            each.mkdir(parents=True)
        (room.home / ".netrc").write_text("machine exchange.example login teacher password 7d1f\n")
        shutil.copytree(ROOT / "source" / ASSIGNMENT, room.course / "source" / ASSIGNMENT)
        settings = (ROOT / "autograder.toml").read_text().replace('"."', f'"{ROOT}"')
        (room.course / "autograder.toml").write_text(settings)
        (room.course / "nbgrader_config.py").write_text("c = get_config()\n")
        for student in BYSTANDERS:
            room.hand_in(student, solved(assignment()))
        return room

    def copied(self, folder: Path) -> Room:
        """Another room that looks like this one does now."""
        shutil.copytree(self.folder, folder)
        return Room(folder)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "LANG": "C.UTF-8",
            "COURSE_API_TOKEN": "7d1f",
            "MPLCONFIGDIR": str(self.folder / "matplotlib"),  # its list of fonts takes long to make
        }

    def hand_in(self, student: str, notebooks: Mapping[str, bytes]) -> None:
        folder = self.course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in notebooks.items():
            (folder / f"{name}.ipynb").write_bytes(data)

    def clean(self) -> None:
        """Takes away what an attack may have left in the home and the temporary folder of this room."""
        for path in (self.home / ".ipython", self.temporary):
            shutil.rmtree(path, ignore_errors=True)
        self.temporary.mkdir(exist_ok=True)


def clean_machine() -> None:
    """Takes away what an attack could not take away itself; not while others still run."""
    for path in _LEFT:
        Path(path).unlink(missing_ok=True)


def assignment() -> Assignment:
    return Assignment.from_folder(ASSIGNMENT, ROOT / "source" / ASSIGNMENT)


def solved(assignment: Assignment) -> dict[str, bytes]:
    return submitted_notebooks(assignment.notebooks, {})


def handed_in(case: Case, assignment: Assignment) -> dict[str, bytes]:
    """The notebooks that a case touches."""
    return submitted_notebooks(map(assignment.notebook, case.notebooks(assignment)), case.answers)


def listen(folder: Path) -> None:
    """Servers of the teacher's until this process ends: on a port, an abstract socket, one with a path."""
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_UNIX, f"\0course-server-{os.getpid()}-{folder.parent.name}"),
        (socket.AF_UNIX, str(folder / "agent.sock")),
    ):
        server = socket.socket(family)
        server.bind(address)
        server.listen(64)
        threading.Thread(target=_answer, args=(server,), daemon=True).start()


def _answer(server: socket.socket) -> None:
    while True:
        server.accept()[0].close()
