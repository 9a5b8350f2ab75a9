"""Archives that hostile people packed."""

import io
import os
import stat
import struct
import tarfile
import time
import zipfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collecting.archives import (
    Bounds,
    Contents,
    Entry,
    Unreadable,
    is_archive,
    open_contents,
    open_nested,
    single_files,
)
from autograder.errors import UsageError
from autograder.scheduling.batches import in_batches

SMALL = Bounds(file=1_000, total=3_000)
Files = dict[str, bytes]


@pytest.fixture
def stack():
    with ExitStack() as open_files:
        yield open_files


def zipped(path: Path, files: Files, kind: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tarfile.TarInfo | tuple[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return path


def read(contents: Contents) -> Files:
    return {entry.path: entry.read() for entry in contents.entries}


def reasons(contents: Contents) -> dict[str, str]:
    return {refused.path: refused.reason for refused in contents.refused}


@pytest.mark.parametrize("suffix", ["zip", "tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"])
def test_files_are_read_in_the_order_of_their_paths(tmp_path, stack, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "zip":
        zipped(path, {"b/c": b"2", "a": b"1"}, zipfile.ZIP_DEFLATED)
    else:
        mode = {"tar": "w", "tgz": "w:gz"}.get(suffix) or f"w:{suffix.partition('.')[2]}"
        tarred(path, ("b/c", b"2"), ("a", b"1"), mode=mode)
    contents = open_contents(path, Bounds(), stack)
    assert list(read(contents).items()) == [("a", b"1"), ("b/c", b"2")]
    assert contents.refused == []


EVIL = {
    "../up": "a path that leads out of its folder",
    "a/../../up": "a path that leads out of its folder",
    "..\\up": "a path that leads out of its folder",
    "/etc/cron.d/x": "an absolute path",
    "\\\\server\\share": "an absolute path",
    "C:\\x": "an absolute path",
    "nb\x1b[2J.ipynb": "a name with characters that do not print, or that turn the direction of writing",
    "nb\u202egnp.ipynb": "a name with characters that do not print, or that turn the direction of writing",
    "a\nb": "a name with characters that do not print, or that turn the direction of writing",
    "x" * 300: "too long a name",
    "/".join("d" * 20): "too deep",
    ".hidden.ipynb": "a hidden file",
}


@pytest.mark.parametrize("name", EVIL, ids=ascii)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_evil_name_is_refused_and_the_rest_goes_on(tmp_path, stack, name, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "zip":
        zipped(path, {name: b"evil", "good": b"1"})
    else:
        tarred(path, (name, b"evil"), ("good", b"1"))
    contents = open_contents(path, Bounds(), stack)
    assert read(contents) == {"good": b"1"}
    assert list(reasons(contents).values()) == [EVIL[name]]


@pytest.mark.parametrize("name", ["__MACOSX/._nb.ipynb", ".DS_Store", ".git/config", "a.pyc", "._nb.ipynb"])
def test_what_systems_leave_lying_about_is_passed_over(tmp_path, stack, name):
    contents = open_contents(zipped(tmp_path / "a.zip", {name: b""}), Bounds(), stack)
    assert (contents.entries, contents.refused) == ([], [])


def test_links_and_devices_in_a_zip_are_refused(tmp_path, stack):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, kind in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO), ("tty", stat.S_IFCHR)):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    contents = open_contents(tmp_path / "a.zip", Bounds(), stack)
    assert contents.entries == []
    assert reasons(contents) == {"link": "a link", "pipe": "no regular file", "tty": "no regular file"}


def test_links_and_devices_in_a_tar_are_refused(tmp_path, stack):
    kinds = {
        "sym": tarfile.SYMTYPE,
        "hard": tarfile.LNKTYPE,
        "pipe": tarfile.FIFOTYPE,
        "disk": tarfile.BLKTYPE,
    }
    members = []
    for name, kind in kinds.items():
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        members.append(info)
    contents = open_contents(tarred(tmp_path / "a.tar", *members), Bounds(), stack)
    assert contents.entries == []
    assert reasons(contents) == {
        "sym": "a link",
        "hard": "a link",
        "pipe": "no regular file",
        "disk": "no regular file",
    }


def test_links_and_pipes_in_a_folder_are_refused(tmp_path, stack):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "good").write_bytes(b"1")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    contents = open_contents(folder, Bounds(), stack)
    assert read(contents) == {"sub/good": b"1"}
    assert reasons(contents) == {"link": "a link", "up": "a link", "pipe": "no regular file"}


def test_an_encrypted_entry_is_refused(tmp_path, stack):
    path = zipped(tmp_path / "a.zip", {"secret": b"1", "good": b"1"})
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    path.write_bytes(bytes(data))
    contents = open_contents(path, Bounds(), stack)
    assert read(contents) == {"good": b"1"}
    assert reasons(contents) == {"secret": "encrypted"}


def test_a_bomb_is_refused_by_its_ratio(tmp_path, stack):
    zeros = bytes(11 * 2**20)
    path = zipped(tmp_path / "a.zip", {"bomb": zeros, "good": b"1"}, zipfile.ZIP_DEFLATED)
    contents = open_contents(path, Bounds(), stack)
    assert read(contents) == {"good": b"1"}
    assert "as a bomb is" in reasons(contents)["bomb"]


@pytest.mark.parametrize("kind", ["zip", "tar", "folder"])
def test_files_beyond_the_limits_are_refused_one_by_one(tmp_path, stack, kind):
    files = {"large": bytes(1_001), **{f"f{number}": bytes(900) for number in range(5)}}
    path = tmp_path / f"a.{kind}"
    if kind == "zip":
        zipped(path, files)
    elif kind == "tar":
        tarred(path, *files.items())
    else:
        path.mkdir()
        for name, data in files.items():
            (path / name).write_bytes(data)
    contents = open_contents(path, Bounds(1_000, 3_000) if kind != "tar" else Bounds(1_000, 30_000), stack)
    assert reasons(contents)["large"] == "too large (1,001 bytes, at most 1,000)"
    assert len(contents.entries) == (3 if kind != "tar" else 5)


def test_a_compressed_tar_is_not_unpacked_beyond_the_limit(tmp_path, stack):
    path = tarred(tmp_path / "a.tar.gz", ("good", b"1"), ("bomb", bytes(10**7)), mode="w:gz")
    contents = open_contents(path, Bounds(10**8, 10**6), stack)
    assert read(contents) == {"good": b"1"}
    assert "beyond the 1,000,000 bytes" in reasons(contents)["bomb"]
    assert "unpacks to more than is read" in reasons(contents)[""]


def test_a_size_that_lies_is_found_out(tmp_path, stack):
    path = zipped(tmp_path / "a.zip", {"liar": b"x" * 5_000, "good": b"1"}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)  # the size that the directory tells
    path.write_bytes(bytes(data))
    good, liar = open_contents(path, SMALL, stack).entries
    assert good.read() == b"1"
    with pytest.raises(Unreadable, match="damaged"):
        liar.read()


def test_of_two_entries_of_one_name_the_first_counts(tmp_path, stack):
    tarred(tmp_path / "a.tar", ("nb", b"1"), ("nb", b"2"), ("./nb", b"3"))
    contents = open_contents(tmp_path / "a.tar", Bounds(), stack)
    assert read(contents) == {"nb": b"1"}
    assert [r.reason for r in contents.refused] == ["a second entry of that name; the first one counts"] * 2


def test_names_that_differ_in_their_unicode_form_alone_are_one(tmp_path, stack):
    contents = open_contents(zipped(tmp_path / "a.zip", {"é": b"1", "e\u0301": b"2"}), Bounds(), stack)
    assert read(contents) == {"é": b"1"}


def test_a_file_cannot_stand_where_others_have_a_folder(tmp_path, stack):
    contents = open_contents(zipped(tmp_path / "a.zip", {"a": b"1", "a/b": b"2"}), Bounds(), stack)
    assert read(contents) == {"a/b": b"2"}
    assert reasons(contents) == {"a": "a file where other entries have a folder"}


def test_archives_are_opened_one_level_deep(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"x": b""}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"a": b"1", "inner.zip": inner})
    contents = open_nested(Entry("outer.zip", 0, None, path.read_bytes), "outer.zip", Bounds())
    assert read(contents) == {"a": b"1"}
    assert reasons(contents) == {"inner.zip": "an archive within an archive that was handed in is not opened"}


def test_times_are_utc_and_those_of_a_zip_the_machine_s(tmp_path, stack, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("local", (2026, 11, 1, 12, 0, 0)), b"")
            info = zipfile.ZipInfo("zoned", (2026, 11, 1, 12, 0, 0))
            seconds = int(datetime(2026, 11, 1, 3, tzinfo=UTC).timestamp())
            info.extra = struct.pack("<HHBi", 0x5455, 5, 1, seconds)
            archive.writestr(info, b"")
            archive.writestr(zipfile.ZipInfo("none"), b"")
        found = {e.path: e.time for e in open_contents(tmp_path / "a.zip", Bounds(), stack).entries}
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == {"local": datetime(2026, 11, 1, 17), "zoned": datetime(2026, 11, 1, 3), "none": None}


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_a_file_that_is_no_archive_is_one_line(tmp_path, stack, name):
    (tmp_path / name).write_bytes(b"<html>please log in</html>" * 100)
    with pytest.raises(UsageError, match="download it again"):
        open_contents(tmp_path / name, Bounds(), stack)


def test_what_is_not_there_is_one_line(tmp_path, stack):
    with pytest.raises(UsageError, match="No such file"):
        open_contents(tmp_path / "a.zip", Bounds(), stack)


def test_single_files_are_contents_too(tmp_path):
    (tmp_path / "nb.ipynb").write_bytes(b"{}")
    assert read(single_files([tmp_path / "nb.ipynb"], Bounds())) == {"nb.ipynb": b"{}"}


def test_archives_are_told_by_their_names():
    assert is_archive("Lab.ZIP") and is_archive("lab.tar.gz") and not is_archive("nb.ipynb")


@given(
    data=st.binary(max_size=200), kind=st.sampled_from(["zip", "tar", "tar.gz"]), cut=st.integers(0, 2_000)
)
def test_any_bytes_end_in_contents_or_one_reason(tmp_path_factory, data, kind, cut):
    """Noise, and a good archive that is cut and scribbled into."""
    folder = tmp_path_factory.getbasetemp()
    good = (
        zipped(folder / "good.zip", {"a": b"1" * 50, "b/c": b"2"}, zipfile.ZIP_DEFLATED)
        if kind == "zip"
        else tarred(folder / "good.tar", ("a", b"1" * 50), mode="w:gz" if kind == "tar.gz" else "w")
    ).read_bytes()
    for content in (data, good[:cut] + data + good[cut + len(data) :]):
        try:
            contents = open_nested(Entry(f"x.{kind}", 0, None, lambda content=content: content), "x", SMALL)
        except Unreadable:
            continue
        for entry in contents.entries:
            assert not entry.path.startswith(("/", "..")) and entry.path.isprintable()
            try:
                assert len(entry.read()) <= 1_000
            except Unreadable as error:
                assert str(error)


def test_processes_that_read_the_same_zip_at_once_do_not_move_each_others_position(tmp_path, stack):
    files = {f"{n:03}.ipynb": os.urandom(2_000) for n in range(200)}
    contents = open_contents(zipped(tmp_path / "a.zip", files), Bounds(file=10_000, total=10**6), stack)
    entries = {entry.path: entry for entry in contents.entries}
    read_elsewhere = in_batches(lambda path: entries[path].read(), sorted(files), 3)
    assert dict(read_elsewhere) == files
