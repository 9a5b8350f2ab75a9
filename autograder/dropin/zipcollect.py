"""Our reading of Canvas's and Moodle's file names for `nbgrader zip_collect`.

`c.ZipCollectApp.collector_plugin = "autograder.dropin.zipcollect.Collector"` in nbgrader_config.py, and no
regular expression is needed. Students are those of the gradebook; what could be two students' is skipped.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from autograder.collecting import canvas, moodle
from autograder.collecting.attempt import HandIn, Who
from autograder.collecting.placing import match
from autograder.course import Course
from autograder.renaming import called_like
from autograder.roster import Roster
from autograder.source import SourceNotebook


class Collector(FileNameCollectorPlugin):  # type: ignore[misc]
    """In place of nbgrader's plugin with a regular expression."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """The student and the notebook's name, or None where either is not sure."""
        path = Path(submitted_file)
        if path.suffix not in self.valid_ext:
            return None
        told = self._told(path)
        if told is None:
            self.log.warning("%s is called neither as Canvas nor as Moodle calls submissions", path.name)
            return None
        who, original = told
        matched = match([HandIn("zip_collect", path.name, (who,), {}, None)], self._roster, {})
        if not matched.by_student:
            self.log.warning("%s: %s", path.name, matched.strays[0].reason)
            return None
        (student,) = matched.by_student
        return {"student_id": student, "file_id": self._notebook(original) + path.suffix}

    def _told(self, path: Path) -> tuple[Who, str] | None:
        """Whose the file is and what the student called it."""
        for parts in ((path.parent.name, path.name), (path.name,)):
            name = moodle.read_name(parts)
            if name is not None and name.kind == "file":
                return Who(path.name, name=name.name), name.path
        found = canvas.read_name(path.name, self._roster)
        if found is None:
            return None
        return Who(path.name, lms_user_id=found.user, name=found.name), found.original

    def _notebook(self, original: str) -> str:
        """The assignment's name for it, without a copy's counter."""
        stem = Path(original).stem
        names = [source.name for source in self._sources]
        like = [source.name for source in self._sources if called_like(source, {stem: b""})]
        return stem if stem in names or len(like) != 1 else like[0]

    @cached_property
    def _course(self) -> Course:
        return Course.open(Path(self.parent.coursedir.root))

    @cached_property
    def _roster(self) -> Roster:
        return Roster.of(self._course)

    @cached_property
    def _sources(self) -> tuple[SourceNotebook, ...]:
        folder = self._course.source(self.parent.coursedir.assignment_id)
        return tuple(
            SourceNotebook.parse(path.stem, path.read_bytes()) for path in sorted(folder.glob("*.ipynb"))
        )
