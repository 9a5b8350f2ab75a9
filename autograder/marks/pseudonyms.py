"""Stable names in place of students: the same student has the same one in every file of the course.

A pseudonym is an HMAC-SHA256 of the id under a random key of the course. Who has no key cannot try out ids.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace

from autograder.course import Course
from autograder.keyfile import made_key
from autograder.marks.table import Mark, Table

FILE_NAME = "pseudonyms.key"
_BYTES = 10  # of a digest: 16 letters of base32


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    key: bytes

    @classmethod
    def of(cls, course: Course) -> Pseudonyms:
        """Those of the course; its key is made where there is none.

        Raises UsageError for a damaged key, and GraderFault where none can be written.
        """
        return cls(
            made_key(
                course.state / FILE_NAME,
                "put a copy back, or remove it, and every student gets another pseudonym",
            )
        )

    def of_student(self, student: str) -> str:
        """Letters and digits, with a letter in front: a file name, and no number or formula."""
        digest = hmac.digest(self.key, student.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return "p" + base64.b32encode(digest[:_BYTES]).decode().lower()

    def hide(self, table: Table) -> Table:
        """The marks under pseudonyms, without names, addresses and the platform's ids, in another order."""
        marks = [
            replace(
                mark,
                student_id=self.of_student(mark.student_id),
                last_name=None,
                first_name=None,
                email=None,
                lms_user_id=None,
            )
            for mark in table.marks
        ]
        return replace(table, marks=tuple(sorted(marks, key=_by_id)))


def _by_id(mark: Mark) -> str:
    return mark.student_id
