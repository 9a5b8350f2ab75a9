"""Seeds of students' data: HMAC-SHA256 of the assignment and the student's id, under the course's key.

Who knows their own seed, and their data, can work out nobody else's without the key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.keyfile import made_key, read_key

FILE_NAME = "personal.key"
_PURPOSE = b"autograder: personal data, 1"
_IF_DAMAGED = "put your copy back: without it nothing that was handed out can be graded"


@dataclass(frozen=True, slots=True)
class CourseKey:
    key: bytes = field(repr=False)

    @classmethod
    def path(cls, course: Course) -> Path:
        return course.state / FILE_NAME

    @classmethod
    def made(cls, course: Course) -> CourseKey:
        """The course's key, which is made where there is none. Raises UsageError for a damaged one."""
        return cls(made_key(cls.path(course), _IF_DAMAGED))

    @classmethod
    def of(cls, course: Course) -> CourseKey | None:
        """The course's key, None if it was never made, or is lost. Raises UsageError for a damaged one."""
        key = read_key(cls.path(course), _IF_DAMAGED)
        return None if key is None else cls(key)

    @property
    def digest(self) -> str:
        """By which another key is noticed, and which tells nothing of this one."""
        return hashlib.sha256(_PURPOSE + b"\0" + self.key).hexdigest()

    def seed(self, assignment: str, student: str) -> bytes:
        """32 bytes. No name holds a NUL, so that no two pairs of names give the same message."""
        names = (name.encode("utf-8", "surrogatepass") for name in (assignment, student))
        return hmac.digest(self.key, b"\0".join((_PURPOSE, *names)), hashlib.sha256)


def example_seed(number: int) -> bytes:
    """Of a student who is made up: known to everybody, for releases and for trying tests out."""
    return hashlib.sha256(f"autograder: example student {number}".encode()).digest()


def digest_of(seed: bytes) -> str:
    """By which a seed is named where it must not be told."""
    return hashlib.sha256(seed).hexdigest()[:32]
