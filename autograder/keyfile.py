"""A secret key of the course in a file of its own: random bytes that nobody but the grader may read."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from autograder.errors import UsageError, cannot_write

KEY_BYTES = 32


def read_key(path: Path, if_damaged: str) -> bytes | None:
    """The key in the file, None if there is none. Raises UsageError, with the mend, for a damaged one."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give it back to the grader") from None
    if len(key) != KEY_BYTES:
        raise UsageError(f"{path}: is damaged; {if_damaged}")
    return key


def made_key(path: Path, if_damaged: str) -> bytes:
    """The key in the file, which is made where there is none. Raises GraderFault where it cannot be."""
    if (key := read_key(path, if_damaged)) is None:
        try:
            _make(path)
        except OSError as error:
            raise cannot_write(error, path) from None
        key = read_key(path, if_damaged)
    assert key is not None
    return key


def _make(path: Path) -> None:
    """A whole key or none, and the first one of two commands at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".key-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(temporary)
    finally:
        Path(temporary).unlink(missing_ok=True)
