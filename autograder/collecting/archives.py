"""Zips, tars and folders that hostile people packed, read to bytes within limits.

Nothing is ever unpacked: an entry is a checked path and a way to read its bytes. What cannot be taken is
refused entry by entry, with the reason, and the rest goes on.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from autograder.assignment import is_ignored
from autograder.course import valid_name
from autograder.errors import UsageError
from autograder.runtime.files import MAX_PATH
from autograder.settings import MIB
from autograder.submission import MAX_FOLDER_DEPTH

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_ENTRIES = 200_000
MAX_NAME = 255  # bytes of one part of a path, as file systems have it
SMALL = 10 * MIB  # below that, a file may be packed as densely as it likes
MAX_RATIO = 200
MAX_UNPACKED = 1024 * MIB  # of a tar, whose files are all held in memory
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_JUNK = ("__MACOSX",)  # what macOS adds to a zip
_UNIX_TIMES = 0x5455  # the extra field of a zip with times in UTC (Info-ZIP, proginfo/extrafld.txt)
# what the readers of the standard library raise over crafted bytes
_BROKEN: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(OSError, ValueError, NotImplementedError, RuntimeError, MemoryError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of one file, and of all that are read out of one archive."""

    file: int = 64 * MIB
    total: int = 32 * 1024 * MIB


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file. `path` is relative with "/" between, and safe to lie in a folder of ours.

    `time` is naive UTC, and None where there is none. `read` raises Unreadable.
    """

    path: str
    size: int
    time: datetime | None
    read: Callable[[], bytes]

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def is_archive(self) -> bool:
        return is_archive(self.path)


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that was not taken, with the reason."""

    file: str
    path: str
    reason: str


class Unreadable(Exception):
    """A file or archive of which no bytes can be had; the message says why."""


@dataclass
class Contents:
    """What can be read out of one archive or folder, in the order of its paths, and what was refused."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, path: str, reason: str) -> None:
        self.refused.append(Refused(self.name, path, reason))


def is_archive(name: str) -> bool:
    """Whether a file of that name is opened."""
    return name.casefold().endswith((".zip", *TAR_SUFFIXES))


def open_contents(path: Path, bounds: Bounds, stack: ExitStack) -> Contents:
    """What lies in the zip, tar or folder at `path`, which stays open until `stack` ends.

    Raises UsageError where there is nothing, or nothing that can be opened.
    """
    contents = Contents(path.name or str(path))
    try:
        if path.is_dir():
            return _finished(_Folder(contents, bounds).read(path))
        file = stack.enter_context(_Positioned.open(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a download or a folder") from None
    try:
        if is_archive(path.name):
            return _unpacked(contents, file, path.name, bounds)
    except Unreadable as error:
        raise UsageError(f"{path}: {error}; download it again") from None
    raise UsageError(f"{path}: neither a zip, a tar nor a folder, and not called like a submission")


class _Positioned(io.RawIOBase):
    """A file with a position of its own: forked processes that read one descriptor share the kernel's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._position = 0

    @classmethod
    def open(cls, path: Path) -> io.BufferedReader:
        return io.BufferedReader(cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC)))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = os.preadv(self._descriptor, [buffer], self._position)
        self._position += count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {
            io.SEEK_SET: 0,
            io.SEEK_CUR: self._position,
            io.SEEK_END: os.fstat(self._descriptor).st_size,
        }
        if starts[whence] + offset < 0:
            raise ValueError("a position before the start of the file")
        self._position = starts[whence] + offset
        return self._position

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def single_files(paths: Iterable[Path], bounds: Bounds) -> Contents:
    """Files that were named one by one."""
    contents = Contents("the files given")
    reader = _Reader(contents, bounds)
    for path in paths:
        about = path.stat()
        if name := reader.checked(path.name, about.st_size):
            read = partial(_read_file, path, bounds)
            contents.entries.append(Entry(name, about.st_size, _of_timestamp(about.st_mtime), read))
    return _finished(contents)


def open_nested(entry: Entry, name: str, bounds: Bounds) -> Contents:
    """What lies in an archive that somebody handed in. Archives within it are refused. Raises Unreadable."""
    contents = _unpacked(Contents(name), io.BytesIO(entry.read()), entry.path, bounds)
    for inner in [inner for inner in contents.entries if inner.is_archive]:
        contents.refuse(inner.path, "an archive within an archive that was handed in is not opened")
        contents.entries.remove(inner)
    return contents


def _unpacked(contents: Contents, file: BinaryIO, name: str, bounds: Bounds) -> Contents:
    kind = _Zip if name.casefold().endswith(".zip") else _Tar
    return _finished(kind(contents, bounds).read(file))


def _finished(contents: Contents) -> Contents:
    """Sorted, without the entries whose names another one has, or needs for a folder."""
    folders = {
        "/".join(entry.parts[:depth]) for entry in contents.entries for depth in range(1, len(entry.parts))
    }
    seen: set[str] = set()
    kept = []
    for entry in contents.entries:
        if entry.path in seen:
            contents.refuse(entry.path, "a second entry of that name; the first one counts")
        elif entry.path in folders:
            contents.refuse(entry.path, "a file where other entries have a folder")
        else:
            seen.add(entry.path)
            kept.append(entry)
    contents.entries = sorted(kept, key=lambda entry: entry.path)
    return contents


class _Reader:
    """Takes entries into `contents`, one by one, while the limits allow."""

    def __init__(self, contents: Contents, bounds: Bounds) -> None:
        self.contents = contents
        self.bounds = bounds
        self.left = bounds.total

    def checked(self, name: str, size: int) -> str | None:
        """The safe form of an entry's name; None where it is refused, which is then noted, or junk."""
        path = unicodedata.normalize("NFC", name.replace("\\", "/"))
        if reason := _odd(path):
            self.contents.refuse(path, reason)
            return None
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if any(part.startswith(".") or part in _JUNK or is_ignored(part) for part in parts):
            if path.endswith(".ipynb") and parts[-1].startswith(".") and not parts[-1].startswith("._"):
                self.contents.refuse(path, "a hidden file")
            return None
        if size > self.bounds.file:
            self.contents.refuse(path, f"too large ({size:,} bytes, at most {self.bounds.file:,})")
        elif size > self.left:
            self.contents.refuse(path, f"beyond the {self.bounds.total:,} bytes that are read of one archive")
        else:
            self.left -= size
            return "/".join(parts)
        return None


def _odd(path: str) -> str:
    """What is wrong with a path, or nothing."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or (len(path) > 1 and path[1] == ":" and path[0].isalpha()):
        return "an absolute path"
    if ".." in parts:
        return "a path that leads out of its folder"
    if not parts:
        return "no name"
    if not all(valid_name(part) or (part.startswith(".") and part.isprintable()) for part in parts):
        return "a name with characters that do not print, or that turn the direction of writing"
    if len(path.encode("utf-8", "surrogatepass")) > MAX_PATH or any(
        len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts
    ):
        return "too long a name"
    return "too deep" if len(parts) > MAX_FOLDER_DEPTH else ""


class _Zip(_Reader):
    def read(self, file: BinaryIO) -> Contents:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN:
            raise Unreadable("no zip archive, or a damaged one") from None
        for number, info in enumerate(archive.infolist()):
            if number == MAX_ENTRIES:
                self.contents.refuse("", f"the archive has more than {MAX_ENTRIES:,} entries; the rest")
                break
            if info.is_dir():
                continue
            reason = _refusal(info)
            if reason:
                self.contents.refuse(info.filename, reason)
            elif path := self.checked(info.filename, info.file_size):
                read = partial(_read_member, archive, info)
                self.contents.entries.append(Entry(path, info.file_size, _time_of(info), read))
        return self.contents


def _refusal(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link"
    if kind not in (0, stat.S_IFREG):
        return "no regular file"
    if info.flag_bits & 0x1:
        return "encrypted"
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return f"packed more than {MAX_RATIO} times, as a bomb is ({info.file_size:,} bytes)"
    return ""


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
    except _BROKEN as error:
        raise Unreadable(f"damaged ({_brief(error)})") from None
    if len(data) != info.file_size:
        raise Unreadable("damaged (not as many bytes as it says)")
    return data


def _time_of(info: zipfile.ZipInfo) -> datetime | None:
    """The time in the Unix extra field, in UTC; else DOS's, which is taken for local time of this machine."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNIX_TIMES and length >= 5 and len(extra) >= 9 and extra[4] & 1:
            return _of_timestamp(struct.unpack_from("<i", extra, 5)[0])
        extra = extra[4 + length :]
    if info.date_time <= (1980, 1, 1, 0, 0, 0):  # what a zip has that knows no time
        return None
    try:
        return datetime(*info.date_time).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def _of_timestamp(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


class _Tar(_Reader):
    def read(self, file: BinaryIO) -> Contents:
        packed = _Counted(_decompressed(file), min(self.bounds.total, MAX_UNPACKED))
        try:
            # as a stream: each byte is read once, so that nothing is unpacked twice
            with tarfile.open(fileobj=packed, mode="r|", bufsize=tarfile.BLOCKSIZE) as archive:  # type: ignore[call-overload]
                for number, member in enumerate(archive):
                    if number == MAX_ENTRIES:
                        self.contents.refuse(
                            "", f"the archive has more than {MAX_ENTRIES:,} entries; the rest"
                        )
                        break
                    self._take(archive, member)
        except _BROKEN as error:
            if not self.contents.entries:
                raise Unreadable(f"no tar archive, or a damaged one ({_brief(error)})") from None
            self.contents.refuse("", f"the archive is damaged behind here ({_brief(error)}); the rest")
        return self.contents

    def _take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        if member.isdir():
            return
        if not member.isreg() or member.sparse is not None:
            reason = "a link" if member.issym() or member.islnk() else "no regular file"
            self.contents.refuse(member.name, reason)
            return
        path = self.checked(member.name, member.size)
        content = archive.extractfile(member) if path else None
        if path and content:
            data = content.read(member.size + 1)
            self.contents.entries.append(
                Entry(path, member.size, _of_timestamp(member.mtime), partial(bytes, data))
            )


def _decompressed(file: BinaryIO) -> IO[bytes]:
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if start.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(file)
    return file


class _Counted:
    """A stream that ends in a ValueError where it gives more bytes than allowed."""

    def __init__(self, stream: IO[bytes], allowed: int) -> None:
        self._stream = stream
        self._left = allowed

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("it unpacks to more than is read of one archive")
        return data


class _Folder(_Reader):
    def read(self, folder: Path) -> Contents:
        self._walk(folder, "")
        return self.contents

    def _walk(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                about = entry.stat(follow_symlinks=False)
                name = prefix + entry.name
                if stat.S_ISDIR(about.st_mode):
                    if self.checked(name, 0) is not None:
                        self._walk(folder / entry.name, f"{name}/")
                elif not stat.S_ISREG(about.st_mode):
                    self.contents.refuse(name, "a link" if entry.is_symlink() else "no regular file")
                elif path := self.checked(name, about.st_size):
                    read = partial(_read_file, folder / entry.name, self.bounds)
                    time = _of_timestamp(about.st_mtime)
                    self.contents.entries.append(Entry(path, about.st_size, time, read))


def _read_file(path: Path, bounds: Bounds) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(bounds.file + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror})") from None
    if len(data) > bounds.file:
        raise Unreadable(f"too large (at most {bounds.file:,} bytes)")
    return data


def _brief(error: BaseException) -> str:
    return str(error)[:100] or type(error).__name__
