"""`autograder export gradescope`: a zip of which Gradescope builds the image that grades an assignment."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, is_ignored
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError, cannot_write, some_of
from autograder.gradescope.archive import constraints, wheel, zipped
from autograder.gradescope.results import Form, Visibility
from autograder.keys import test_modules
from autograder.scratch import scratch_folder
from autograder.settings import FILE_NAME, Settings
from autograder.verifying.verify import require_verified

RESERVE = 30  # seconds of the platform's time for what comes after the grader
START = 60  # seconds for the container's start and the warm servers
CONTAINER_TIER = 2  # what a container without rights of its own can offer
LONGEST = 40  # minutes that Gradescope allows

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root and with a network, when it builds the image.
set -euo pipefail
root=${GRADESCOPE_ROOT:-/autograder}
# torch for processors alone, a tenth in size; an empty value leaves pip's own sources
export PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL-https://download.pytorch.org/whl/cpu}
export PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

# not older than where the zip was made, or it may lack what the versions in constraints.txt ask of Python
least="@LEAST@"
versions="@VERSION@ python3.12 python3.13 python3.11 python3"
find_python() {
    for name in $versions; do
        if "$name" -c "import sys, ensurepip; sys.exit(sys.version_info[:3] < ($least))" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}
if ! python=$(find_python); then
    apt-get update
    for name in $versions; do
        if apt-get install -y "$name" "$name-venv" && python=$(find_python); then break; fi
    done
    if [ -z "$python" ]; then
        echo "no Python from ${least//, /.} on is to be had here: choose a newer base image, such as" \\
            "Ubuntu 24.04, or export the zip under an older Python" >&2
        exit 1
    fi
fi

chmod go=rx "$root"  # students' code, under another user id, reads Python there
"$python" -m venv "$root/venv"
"$root/venv/bin/pip" install --quiet --constraint "$root/source/constraints.txt" \\
    --requirement "$root/source/requirements.txt" "$root"/source/autograder-*.whl

# what the instructor reads at the end of the build: the jail that is to be had, and whether tests judge right
cd "$root/source/course"
"$root/venv/bin/autograder" doctor
"$root/venv/bin/autograder" verify@TIER@ -- @ASSIGNMENT@ ||
    echo "NOT VERIFIED HERE: press 'Test Autograder' with the solution before students hand in" >&2
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for every submission, as root. What it did stands in results/results.json.
root=${GRADESCOPE_ROOT:-/autograder}
seconds=${GRADESCOPE_SECONDS:-@SECONDS@}
mkdir -p "$root/results"
# students' code runs under another user id, which reads no test and writes no result by this alone
chmod go= "$root/source" "$root/results" "$root/submission" "$root/submission_metadata.json" 2>/dev/null
# replaced when the grader gets to its end
cp "$root/source/unfinished.json" "$root/results/results.json"
timeout --signal=INT --kill-after=20 "$seconds" \\
    "$root/venv/bin/autograder" --course "$root/source/course" gradescope \\
    --root "$root" --seconds "$seconds" --hidden-tests @HIDDEN@@TIER@ -- @ASSIGNMENT@
exit 0
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the zip is for. `minutes` is the assignment's timeout on Gradescope.

    `requirements` is a file with what students or tests import besides the toolkit's own libraries.
    """

    course: Course
    assignment: str
    minutes: int = 10
    hidden: Visibility = "after_published"
    min_tier: int | None = None
    requirements: Path | None = None

    def write(
        self, target: Path, tried: bool = True, note: Callable[[str], None] = lambda line: None
    ) -> None:
        """Writes the zip, if the course that lies in it verifies (where it is `tried`).

        Raises UsageError for what cannot work there, GraderFault where it does not verify.
        """
        self._require_harmless(target)
        data = zipped(self.files(), executable=("run_autograder", "setup.sh"))
        if tried:
            self._try(data)
        if line := self._shortage():
            note(line)
        temporary = target.with_name(f".{target.name}.part")
        try:
            temporary.write_bytes(data)
            temporary.replace(target)
        except OSError as error:
            raise cannot_write(error, target) from None

    def files(self) -> dict[str, bytes]:
        """Everything in the zip, by path. Raises UsageError."""
        assignment = Assignment.load(self.course, self.assignment)
        self._require_possible()
        name, toolkit = wheel()
        unfinished = Form(assignment, self.hidden).of_unfinished()
        files = {
            "run_autograder": self._script(_RUN),
            "setup.sh": self._script(_SETUP),
            "constraints.txt": constraints().encode(),
            "requirements.txt": self.requirements.read_bytes() if self.requirements else b"",
            "unfinished.json": (json.dumps(unfinished, indent=1) + "\n").encode(),
            name: toolkit,
        }
        return files | {f"course/{path}": data for path, data in self._course_files(assignment)}

    @property
    def points(self) -> float:
        """What Gradescope calls the assignment's autograder points."""
        return Assignment.load(self.course, self.assignment).automatic_points

    @property
    def _settings(self) -> Settings:
        return self.course.settings.for_assignment(self.assignment)

    def _course_files(self, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
        """What grading needs of the course: no other assignment, no submission, no mark."""
        root = self.course.root
        if (settings := root / FILE_NAME).is_file():
            yield FILE_NAME, settings.read_bytes()
        source = f"source/{assignment.name}"
        for notebook in assignment.notebooks:
            path = f"{source}/{notebook.name}.ipynb"
            yield path, (root / path).read_bytes()
        for path, file in assignment.support_files.items():
            yield f"{source}/{path}", file.read_bytes()
        folders = [(root / path).resolve() for path in self._settings.test_path]
        for folder in folders:
            if folder != root:
                yield f"{folder.relative_to(root).as_posix()}/", b""
        for _, module in test_modules(assignment, folders):
            for file in sorted(module.rglob("*")) if module.is_dir() else [module]:
                inside = file.relative_to(root)
                if file.is_file() and not any(map(is_ignored, inside.parts)):
                    yield inside.as_posix(), file.read_bytes()

    def _require_possible(self) -> None:
        settings = self._settings
        if settings.device == "cuda":
            raise UsageError(
                'Gradescope has no GPU: set device = "cpu" for this assignment, or grade it at home'
            )
        if settings.personal is not None:
            raise UsageError(
                f"{some_of(settings.personal.tests)} judge by data of each student's own, and the key that "
                "they are drawn with must not leave the course; collect the submissions from Gradescope with "
                f"`autograder collect {self.assignment} ZIP`, and grade them here"
            )
        if settings.student.python:
            raise UsageError(
                "student.python cannot come along to Gradescope; take it out of autograder.toml, and give "
                "a file with what students import by --requirements"
            )
        root = self.course.root
        for path in settings.test_path:
            if Path(path).is_absolute() or not (root / path).resolve().is_relative_to(root):
                raise UsageError(
                    f"test_path names {path!r}, which cannot come along; name a folder in {root} by its path "
                    "from there"
                )
        if self.requirements is not None and not self.requirements.is_file():
            raise UsageError(f"{self.requirements}: no such file; give one with a requirement a line")

    def _require_harmless(self, target: Path) -> None:
        """No zip with the hidden tests where students' files are made from."""
        if target.suffix != ".zip":
            raise UsageError(f"{target}: Gradescope wants a name that ends in .zip; give one with --to")
        folder = target.resolve().parent
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; make it, or name another with --to")
        for room in ("source", "release"):
            if folder.is_relative_to(self.course.root / room):
                raise UsageError(
                    f"{target}: students are given what lies in {room}/, and this zip holds the "
                    "hidden tests; name a file elsewhere with --to"
                )

    def _try(self, data: bytes) -> None:
        """Grades the solution and the untouched release with nothing but what is in the zip."""
        with scratch_folder() as folder:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                archive.extractall(folder)
            course = Course.open(folder / "course")
            least = self._settings.min_tier if self.min_tier is None else self.min_tier
            most = min(self._settings.max_tier, max(least, CONTAINER_TIER))
            context = Context.of(course, self.assignment, min_tier=least, max_tier=most)
            with context.servers() as servers:
                require_verified(context, servers, context.jobs(None)[0])

    def _shortage(self) -> str:
        """That a submission may take longer by its limits than the platform allows, or nothing."""
        each = self._settings.limits.submission_seconds
        notebooks = len(Assignment.load(self.course, self.assignment).notebooks)
        needed = -(-int(notebooks * each + START + RESERVE) // 60)
        if needed <= self.minutes:
            return ""
        mend = (
            f"set Timeout to {needed} minutes on Gradescope and export with --timeout {needed}, or lower "
            if needed <= LONGEST
            else "lower "
        )
        return (
            f"a submission may take {notebooks} x {each:g} s by its limits, more than the {self.minutes} "
            f"minutes there; one that does is not graded: {mend}limits.submission_seconds"
        )

    def _script(self, text: str) -> bytes:
        values = {
            "@LEAST@": ", ".join(map(str, sys.version_info[:3])),
            "@VERSION@": f"python{sys.version_info.major}.{sys.version_info.minor}",
            "@ASSIGNMENT@": shlex.quote(self.assignment),
            "@HIDDEN@": self.hidden,
            "@SECONDS@": str(self.minutes * 60 - RESERVE),
            "@TIER@": "" if self.min_tier is None else f" --min-tier {self.min_tier}",
        }
        return re.sub("@[A-Z]+@", lambda found: values[found[0]], text).encode()
