"""Releasing feedback through nbgrader's exchange, also where some submissions did not come from there."""

from __future__ import annotations

import glob
import re
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import temp_attrs

from autograder.submission import SECRET, TIMESTAMP


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader's, which ends at the first submission without a secret; this one leaves it out and says so.

    A student finds the feedback by the secret that `nbgrader submit` made; there is no other way.
    """

    def copy_files(self) -> None:
        pattern = self.coursedir.format_path(
            self.coursedir.feedback_directory, "(?P<student>.*)", self.coursedir.assignment_id, escape=True
        )
        excluded = [name for name in self.coursedir.student_id_exclude.split(",") if name]
        for folder in sorted(map(Path, glob.glob(self.src_path))):  # noqa: PTH207 (an absolute pattern)
            found = re.match(pattern, str(folder))
            if found and not all((folder / name).is_file() for name in (TIMESTAMP, SECRET)):
                excluded.append(found["student"])
                self.log.warning(
                    "Feedback for student '%s' cannot be released: handed in without `nbgrader submit`",
                    found["student"],
                )
        with temp_attrs(self.coursedir, student_id_exclude=",".join(excluded)):
            super().copy_files()
