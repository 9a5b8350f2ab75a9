"""Versions of what we keep in files, and how something of an older version becomes one of ours.

A version is a number from 1 on, one more than the steps that lead to it: so there is no new version without
the step from the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from autograder.errors import UsageError
from autograder.records import BadRecord

T = TypeVar("T")


class NewerFormat(UsageError):
    """Written by a newer version of this program: nothing is read from it, and nothing written over it."""


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """`steps[0]` makes content of version 2 out of content of version 1, and so on."""

    steps: tuple[Callable[[T], T], ...] = ()

    @property
    def version(self) -> int:
        """The one that is written."""
        return 1 + len(self.steps)

    def upgraded(self, content: T, version: object, where: object) -> T:
        """Content that is of the given version as it is written today; `where` names the file.

        Raises NewerFormat, and BadRecord for what is no version.
        """
        if type(version) is not int or version < 1:
            raise BadRecord(f"schema: {version!r} is not a whole number from 1 on")
        if version > self.version:
            raise NewerFormat(
                f"{where}: written by a newer version of this program (schema {version}; this one knows "
                f"{self.version} and older); run `pip install --upgrade autograder`; nothing was changed"
            )
        for step in self.steps[version - 1 :]:
            content = step(content)
        return content

    def upgraded_record(self: Format[dict[str, Any]], content: Any, where: object) -> Any:
        """JSON with its version under "schema"; what has none is left as it is, for `decode` to refuse."""
        if not isinstance(content, dict) or "schema" not in content:
            return content
        return {**self.upgraded(content, content["schema"], where), "schema": self.version}
