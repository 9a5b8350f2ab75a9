"""What can be done to a notebook of any assignment before it is handed in.

Three kinds: changes of its content, of its bytes, and of the folder in which it lies. None of them
knows the assignment; whoever uses them says what is to come of it.
"""

import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

Content = dict[str, Any]
Cell = dict[str, Any]


def graded(content: Content) -> list[Cell]:
    """The cells that nbgrader knows by an id."""
    return [cell for cell in content["cells"] if "grade_id" in cell["metadata"].get("nbgrader", {})]


def about(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"]["nbgrader"]
    return found


def tests_in(content: Content) -> list[Cell]:
    return [cell for cell in graded(content) if about(cell)["grade"] and not about(cell)["solution"]]


def answers_in(content: Content) -> list[Cell]:
    return [cell for cell in graded(content) if about(cell)["solution"] and cell["cell_type"] == "code"]


def code(source: str, **metadata: Any) -> Cell:
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


# Content: a function changes it in place -----------------------------------------------------------

CHANGES: dict[str, Callable[[Content], object]] = {}
QUIET: set[str] = set()  # changes that are nobody's business: not noted as tampering


def _change(name: str, noted: bool = True) -> Callable[[Callable[[Content], object]], None]:
    def keep(function: Callable[[Content], object]) -> None:
        CHANGES[name] = function
        if not noted:
            QUIET.add(name)

    return keep


def _each(cells: list[Cell], **changes: Any) -> None:
    for cell in cells:
        about(cell).update(changes)


@_change("ids of the tests swapped in a circle")
def _(content: Content) -> None:
    names = [about(cell)["grade_id"] for cell in tests_in(content)]
    for cell, name in zip(tests_in(content), [*names[1:], names[0]], strict=True):
        about(cell)["grade_id"] = name


@_change("ids of tests and answers exchanged")
def _(content: Content) -> None:
    for test, answer in zip(tests_in(content), answers_in(content), strict=False):
        names = about(test)["grade_id"], about(answer)["grade_id"]
        about(answer)["grade_id"], about(test)["grade_id"] = names


@_change("every test twice, the second empty")
def _(content: Content) -> None:
    content["cells"] += [
        {**deepcopy(cell), "id": f"again{n}", "source": "pass"} for n, cell in enumerate(tests_in(content))
    ]


@_change("every answer three times, the last one empty")
def _(content: Content) -> None:
    for number, cell in enumerate(answers_in(content)):
        at = content["cells"].index(cell)
        content["cells"][at + 1 : at + 1] = [
            {**deepcopy(cell), "id": f"more{number}-{n}", "source": ""} for n in (1, 2)
        ]


@_change("all tests deleted")
def _(content: Content) -> None:
    gone = tests_in(content)
    content["cells"] = [cell for cell in content["cells"] if cell not in gone]


@_change("only the first answer left")
def _(content: Content) -> None:
    content["cells"] = answers_in(content)[:1]


@_change("cells in reverse order")
def _(content: Content) -> None:
    content["cells"].reverse()


@_change("tests before everything")
def _(content: Content) -> None:
    tests = tests_in(content)
    content["cells"].sort(key=lambda cell: cell not in tests)


@_change("a cell between any two", noted=False)
def _(content: Content) -> None:
    cells = content["cells"]
    content["cells"] = [each for cell in cells for each in (cell, code("def assert_equal(*_): pass"))]


@_change("cells that replace names of the tests", noted=False)
def _(content: Content) -> None:
    text = (
        "class AssertionError(Exception): pass\nall = any = abs = isinstance = lambda *_: True\nexpected = 1"
    )
    content["cells"].insert(0, code(text))
    content["cells"].append(code(text))


@_change("cells with magics, shell commands and other languages", noted=False)
def _(content: Content) -> None:
    for text in (
        "%%javascript\nalert(1)",
        "%run nb.ipynb",
        "!touch x",
        "%%script sh\nexit 1",
        "%load_ext x",
        "?print",
        "%%capture",
    ):
        content["cells"].insert(0, code(text))


@_change("text of the tests replaced by what passes")
def _(content: Content) -> None:
    for cell in tests_in(content):
        cell["source"] = "100"


@_change("hidden regions of one's own in answers and tests")
def _(content: Content) -> None:
    hidden = "### BEGIN HIDDEN TESTS\n100\n### END HIDDEN TESTS"
    for cell in tests_in(content):
        cell["source"] = hidden
    for cell in answers_in(content):
        cell["source"] += f"\n{hidden}\n### BEGIN SOLUTION\npass\n### END SOLUTION\n### BEGIN HIDDEN TESTS"


for _points in (10**9, -1, 0, None, "NaN", "many", [3], {"a": 1}, True, 1e308, "9" * 5_000):

    @_change(f"points that are {str(_points)[:12]!r}")
    def _(content: Content, points: Any = _points) -> None:
        _each(tests_in(content), points=points)


for _flags in (
    {"grade": False},
    {"solution": True},
    {"locked": False},
    {"task": True},
    {"grade": False, "solution": True, "locked": False},
    {"grade": "yes", "solution": "", "locked": []},
    {"grade": None, "solution": None, "locked": None},
):

    @_change(f"flags of the tests: {_flags}", noted=_flags != {"grade": "yes", "solution": "", "locked": []})
    def _(content: Content, flags: dict[str, Any] = _flags) -> None:
        _each(tests_in(content), **flags)


for _kind in ("markdown", "raw", "heading", "", None, 7):

    @_change(f"tests of the cell type {_kind!r}")
    def _(content: Content, kind: Any = _kind) -> None:
        for cell in tests_in(content):
            cell["cell_type"] = kind


for _version in (0, 1, 2, 4, 10**9, "3", None, [], -3):

    @_change(f"metadata of schema version {_version!r}", noted=False)
    def _(content: Content, version: Any = _version) -> None:
        _each(graded(content), schema_version=version)


@_change("metadata as schema version 1 wrote them", noted=False)
def _(content: Content) -> None:
    for cell in graded(content):
        about(cell).pop("schema_version", None)
        about(cell).pop("locked", None)
        about(cell)["version"] = "0.2"


for _value in (None, 3, "text", [], [{"grade_id": "x"}], True, {}):

    @_change(f"metadata of the tests that are {_value!r}")
    def _(content: Content, value: Any = _value) -> None:
        for cell in tests_in(content):
            cell["metadata"]["nbgrader"] = value


for _name in (None, "", 0, [], {}, "../../x", "<script>", "x" * 100_000, "\u202e", "a\nb"):

    @_change(f"tests called {str(_name)[:12]!r}")
    def _(content: Content, name: Any = _name) -> None:
        _each(tests_in(content), grade_id=name)


for _name in ("nbgrader", "metadata", "source", "cell_type"):

    @_change(f"tests without {_name}")
    def _(content: Content, name: str = _name) -> None:
        for cell in tests_in(content):
            (cell["metadata"] if name == "nbgrader" else cell).pop(name)


for _sum in ("0" * 32, "", None, 7, [], {"a": 1}):

    @_change(f"checksums that are {_sum!r}", noted=_sum is not None)
    def _(content: Content, checksum: Any = _sum) -> None:
        _each(graded(content), checksum=checksum)


@_change("forged results in the outputs of every cell", noted=False)
def _(content: Content) -> None:
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/plain": "100", "text/html": "<script>alert(1)</script>"}
            output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
            cell.update(outputs=[output, 7, None, {"output_type": "x"}], execution_count="one")


for _spec in (
    {},
    {"name": "bash", "display_name": "x"},
    {"name": "../../evil"},
    {"name": 7},
    {"name": "python3", "argv": ["sh", "-c", "x"], "env": {"PYTHONPATH": "."}},
    "python3",
    None,
    [],
):

    @_change(f"the kernel {_spec!r}"[:60], noted=False)
    def _(content: Content, spec: Any = _spec) -> None:
        content["metadata"]["kernelspec"] = spec
        content["metadata"]["language_info"] = {"name": "R", "file_extension": "../x", "version": ["3"]}


for _metadata in (None, [], "x", 3):

    @_change(f"metadata of the notebook that are {_metadata!r}", noted=False)
    def _(content: Content, metadata: Any = _metadata) -> None:
        content["metadata"] = metadata


@_change("ten megabytes of metadata", noted=False)
def _(content: Content) -> None:
    content["metadata"]["widgets"] = {"state": "x" * 5_000_000}
    content["cells"][0]["metadata"]["note"] = ["x"] * 100_000
    content["cells"][0]["metadata"]["more"] = "y" * 4_000_000


@_change("attachments of every kind", noted=False)
def _(content: Content) -> None:
    bundle = {"text/html": "<script>", "image/svg+xml": "<svg onload=x>", "image/png": "no base64", "a": [1]}
    for cell in content["cells"]:
        cell["attachments"] = {"../../x.png": bundle, "": {}, "y": 7}


@_change("cell ids that are twice the same, too long, or no text", noted=False)
def _(content: Content) -> None:
    odd = ["c1", "c1", "x" * 1000, None, 7, "<script>", "", []]
    for number, cell in enumerate(content["cells"]):
        cell["id"] = odd[number % len(odd)]


@_change("texts as lists of lines, some of which are no lines")
def _(content: Content) -> None:
    for cell in tests_in(content):
        cell["source"] = ["1", 2, None]


@_change("unknown cells: numbers, texts, lists, nothing", noted=False)
def _(content: Content) -> None:
    content["cells"] += [1, "x", [], {}, {"cell_type": "code"}]


@_change("a foreign cell that claims points")
def _(content: Content) -> None:
    claims = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": "mine",
        "points": 100,
        "schema_version": 3,
    }
    content["cells"].append(code("100", nbgrader=claims))


@_change("a manual answer that is a solved test", noted=False)
def _(content: Content) -> None:
    content["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "100 of 100", "id": "x"})


@_change("five thousand cells", noted=False)
def _(content: Content) -> None:
    content["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": "x"} for _ in range(5_000)]


@_change("keys twice, the second time another", noted=False)
def _(content: Content) -> None:
    content["nbformat_minor"] = 4


for _format in ((4, 0), (4, 99), (4, -1), (4, "x"), (4, None), (4, 10**30)):

    @_change(f"format {_format}"[:30], noted=False)
    def _(content: Content, form: tuple[int, Any] = _format) -> None:
        content["nbformat"], content["nbformat_minor"] = form


for _form in (2, 1, 0, 5, -4, 4.5, "4", None, True, [4], 10**30):

    @_change(f"not gradable: format {_form}"[:40])
    def _(content: Content, form: Any = _form) -> None:
        content["nbformat"] = form


@_change("format 3, with worksheets", noted=False)
def _(content: Content) -> None:
    cells = content.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    content.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells[:2]}, {"cells": cells[2:]}])


# Bytes: from the file to another file ---------------------------------------------------------------


def _deep(data: bytes) -> bytes:
    content = json.loads(data)
    content["metadata"]["deep"] = "HERE"
    return json.dumps(content).encode().replace(b'"HERE"', b"[" * 50_000 + b"]" * 50_000)


def _with_number(text: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        content = json.loads(data)
        for cell in tests_in(content):
            about(cell)["points"] = "HERE"
        return json.dumps(content).encode().replace(b'"HERE"', text)

    return change


def _doubled_keys(data: bytes) -> bytes:
    return data.rstrip()[:-1] + b', "cells": []}'


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-32": lambda data: data.decode().encode("utf-32"),
    "Latin-1 in the middle": lambda data: data.replace(b'"source": "', b'"source": "\xe9\xff', 1),
    "overlong UTF-8": lambda data: data.replace(b'"source": "', b'"source": "\xc0\xaf\xed\xa0\x80', 1),
    "a null byte": lambda data: data.replace(b'"source": "', b'"source": "\x00', 1),
    "an escaped null byte": lambda data: data.replace(b'"source": "', b'"source": "\\u0000', 1),
    "lone surrogates": lambda data: data.replace(b'"source": "', b'"source": "#\\ud800\\udfff\\udc00\\n', 1),
    "cut in the middle": lambda data: data[: len(data) // 2],
    "without its last byte": lambda data: data.rstrip()[:-1],
    "nothing": lambda data: b"",
    "spaces": lambda data: b" " * 1_000_000,
    "two documents": lambda data: data + data,
    "something behind it": lambda data: data + b"\n<script>",
    "a list around it": lambda data: b"[" + data + b"]",
    "text": lambda data: json.dumps(data.decode()).encode(),
    "a null": lambda data: b"null",
    "comments": lambda data: b"// a notebook\n" + data,
    "cells twice, then none": _doubled_keys,
    "nested deep": _deep,
    "points NaN": _with_number(b"NaN"),
    "points Infinity": _with_number(b"Infinity"),
    "points of five thousand digits": _with_number(b"9" * 5_000),
    "points of a large exponent": _with_number(b"1e999999"),
    "points of a negative zero": _with_number(b"-0.0"),
    "sixty megabytes of spaces": lambda data: data + b" " * 60_000_000,
    "a zip file": lambda data: b"PK\x03\x04" + data,
    "a pickle": lambda data: b"\x80\x04cposix\nsystem\n(S'x'\ntR.",
}


# Folders: what else lies there, and as what -----------------------------------------------------------


def _replaced(folder: Path, name: str) -> Path:
    path = folder / name
    path.rename(folder / "kept.txt")
    return path


def _is_folder(folder: Path, name: str) -> None:
    path = _replaced(folder, name)
    path.mkdir()
    (folder / "kept.txt").rename(path / name)


def _is_fifo(folder: Path, name: str) -> None:
    os.mkfifo(_replaced(folder, name))


def _is_link_to_itself(folder: Path, name: str) -> None:
    _replaced(folder, name).symlink_to(name)


def _is_link_to_a_device(folder: Path, name: str) -> None:
    _replaced(folder, name).symlink_to("/dev/zero")


def _is_link_to_the_answer(folder: Path, name: str) -> None:
    _replaced(folder, name).symlink_to("kept.txt")


def _also_in_other_case(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    for other in (name.upper(), name.capitalize(), name.replace(".ipynb", ".IPYNB"), f" {name}", f"{name} "):
        (folder / other).write_bytes(data)


def _many_copies(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    stem = name.removesuffix(".ipynb")
    for number in range(50):
        (folder / f"{stem} ({number}).ipynb").write_bytes(data)
        (folder / f"{stem}-Copy{number}.ipynb").write_bytes(b"{")


def _odd_neighbours(folder: Path, name: str) -> None:
    (folder / "other.ipynb").mkdir()
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "loop").symlink_to(".")
    (folder / "..ipynb").write_bytes(b"{}")
    (folder / ".ipynb").write_bytes(b"{}")
    (folder / "%2e%2e%2f.ipynb").write_bytes(b"{}")
    (folder / "a;rm -rf $HOME`x`.ipynb").write_bytes(b"{}")


def _modules_beside(folder: Path, name: str) -> None:
    for module in ("json", "numpy", "autograder", "sitecustomize", "IPython", "conftest", "nbgrader_config"):
        (folder / f"{module}.py").write_text("raise SystemExit('the file of a student was imported')\n")


def _settings_beside(folder: Path, name: str) -> None:
    (folder / "autograder.toml").write_text("[limits]\ntotal_seconds = 0\n")
    (folder / "nbgrader_config.py").write_text("raise SystemExit\n")
    (folder / "gradebook.db").write_bytes(b"SQLite format 3\0")
    (folder / "result.json").write_text('{"points": 100}')


def _without_rights(folder: Path, name: str) -> None:
    (folder / name).chmod(0o400)
    (folder / "closed").mkdir(mode=0)


def _deep_folders(folder: Path, name: str) -> None:
    path = folder
    for _ in range(60):
        path = path / "d"
        path.mkdir()
    (path / name).write_bytes(b"{}")


FOLDERS: dict[str, Callable[[Path, str], None]] = {
    "the notebook is a folder": _is_folder,
    "the notebook is a pipe": _is_fifo,
    "the notebook is a link to itself": _is_link_to_itself,
    "the notebook is a link to a device": _is_link_to_a_device,
    "the notebook is a link to its own text": _is_link_to_the_answer,
    "the notebook again in another case": _also_in_other_case,
    "a hundred copies of the notebook": _many_copies,
    "folders, pipes and odd names beside it": _odd_neighbours,
    "modules beside it": _modules_beside,
    "settings and results beside it": _settings_beside,
    "files and folders without rights": _without_rights,
    "sixty folders deep": _deep_folders,
}


def every(data: bytes) -> Iterator[tuple[str, bytes]]:
    """All tampered forms of a notebook's bytes, by name."""
    for name, change in CHANGES.items():
        content = json.loads(data)
        change(content)
        yield name, json.dumps(content).encode()
    for name, rewrite in BYTES.items():
        yield name, rewrite(data)
