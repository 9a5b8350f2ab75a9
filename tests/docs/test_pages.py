"""Every page does what it says: commands are run, their output compared, settings and JSON read."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, REPOSITORY, Block, read_page
from tests.docs.rooms import Rooms
from tests.docs.running import Reader, commands, same

REASONS = tomllib.loads((Path(__file__).parent / "not_run.toml").read_text("utf-8"))
RUN = {"sh", "console", "python", "toml", "json"}
"""Languages of blocks that a test does something with."""
SHOWN = {"text", "csv", "yaml"}
"""Languages of blocks that are only looked at, unless they are written into a file."""


@pytest.fixture(scope="session")
def rooms(tmp_path_factory, servers) -> Rooms:
    return Rooms(tmp_path_factory.mktemp("docs"), servers)


@pytest.mark.ci
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_page_does_what_it_says(path, rooms, tmp_path):
    page = read_page(path)
    Reader(rooms.copy(page.course, tmp_path / "course")).read(page)


def test_every_block_says_what_it_is():
    strange = [
        f"{block.where}: {block.language!r}"
        for path in PAGES
        for block in read_page(path).blocks
        if block.language not in RUN | SHOWN
    ]
    assert strange == []


def test_no_command_hides_in_plain_text():
    hidden = [
        block.where
        for path in PAGES
        for block in read_page(path).blocks
        if block.language in SHOWN
        for line in block.text.splitlines()
        if line.lstrip().startswith(("$ ", "autograder ", "nbgrader ", "pip ", "make "))
    ]
    assert hidden == []


def test_what_is_not_run_has_a_reason_and_does_not_grow_unseen():
    found = Counter(
        block.orders["not run"]
        for path in PAGES
        for block in read_page(path).blocks
        if "not run" in block.orders
    )
    assert dict(found) == {reason: each["blocks"] for reason, each in REASONS.items()}
    assert all(len(each["why"]) > 20 for each in REASONS.values())


# The test of the tests ----------------------------------------------------------------------------


def page_of(text: str, tmp_path: Path) -> Reader:
    reader = Reader(tmp_path)
    reader.read(read_page(REPOSITORY / "made-up.md", text))
    return reader


def test_a_command_that_fails_fails_the_page(tmp_path):
    with pytest.raises(AssertionError, match=r"made-up.md:1: false\nexited with 1"):
        page_of("```sh\nfalse\n```\n", tmp_path)


def test_a_command_that_should_fail_must(tmp_path):
    page_of("<!-- exit: 1 -->\n```sh\nfalse\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="exited with 0"):
        page_of("<!-- exit: 1 -->\n```sh\ntrue\n```\n", tmp_path)


def test_other_output_than_is_shown_fails_the_page(tmp_path):
    page_of("```console\n$ echo 12 s\n… s\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="but shown is"):
        page_of("```console\n$ echo 12 s\n… m\n```\n", tmp_path)


def test_python_settings_and_json_are_tried(tmp_path):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        page_of("```python\n1 / 0\n```\n", tmp_path)
    with pytest.raises(Exception, match="unknown key 'sed'"):
        page_of("```toml\nsed = 1\n```\n", tmp_path)
    with pytest.raises(ValueError):
        page_of("```json\n{\n```\n", tmp_path)


def test_a_page_goes_on_in_the_folder_that_it_went_to(tmp_path):
    text = "```sh\nmkdir a\ncd a\n```\n<!-- file: b -->\n```text\nx\n```\n```console\n$ cat b\nx\n```\n"
    assert page_of(text, tmp_path).here == tmp_path / "a"


def test_what_no_test_would_see_is_refused():
    for text in ("    autograder grade lab6\n", "<!-- exit: 1 -->\n\nWords.\n", "<!-- skip this -->\n"):
        with pytest.raises(ValueError):
            read_page(REPOSITORY / "made-up.md", text)


def test_commands_may_go_on_on_the_next_line():
    block = Block(REPOSITORY / "x.md", 1, "console", "$ a \\\n>  b\nout\n$ c\n", {})
    assert commands(block) == [("a \\\n b\n", "out\n"), ("c\n", "")]


@pytest.mark.parametrize(
    "shown, said, equal",
    [
        ("a\n", "a\n", True),
        ("a …\n", "a b c\n", True),
        ("a …\n", "a b\nc\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a.\n", "ab\n", False),
    ],
)
def test_dots_stand_for_anything_in_a_line_or_for_lines(shown, said, equal):
    assert same(shown, said) is equal
