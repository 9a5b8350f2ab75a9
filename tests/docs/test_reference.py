"""Nothing that a user can type or set is without a word about it."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from types import ModuleType
from typing import Any

import click
import pytest

from autograder import checks, settings
from autograder.checks import pictures
from autograder.cli import main
from tests.docs.pages import DOCS, PAGES, REPOSITORY

GUIDES = "\n".join(path.read_text("utf-8") for path in PAGES if path.parent.name != "reference")
PYTHON = (DOCS / "reference" / "python.md").read_text("utf-8")
SETTINGS = (DOCS / "settings.md").read_text("utf-8")
PICTURES = ("boundary", "curve", "history", "probability_map")
INSIDE = {"autograder gradescope"}
"""Commands that no person types: they stand in a script that we write."""


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, by what is typed."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield name, command
    if isinstance(command, click.Group):
        for part, below in command.commands.items():
            yield from commands(below, f"{name} {part}")


COMMANDS = dict(commands(main, "autograder"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_so_has_each_of_its_options(name):
    assert len(COMMANDS[name].help or "") > 15
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    assert [option.name for option in options if len(option.help or "") < 8] == []


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - INSIDE))
def test_a_command_is_in_a_guide(name):
    assert re.search(rf"\b{name}\b", GUIDES), f"no page of docs/ but the reference speaks of `{name}`"


def test_a_guide_speaks_of_no_command_that_is_not_there():
    groups = {name.rpartition(" ")[0] for name in COMMANDS} - {"autograder"}
    typed = re.findall(r"(?m)(?:^(?:\$ )?|`)autograder ([a-z]+)(?: ([a-z]+))?", GUIDES)
    strange = {
        f"{verb} {part}"
        for verb, part in typed
        if f"autograder {verb}" not in COMMANDS
        and not (f"autograder {verb}" in groups and (not part or f"autograder {verb} {part}" in COMMANDS))
    }
    assert strange == set()


def keys(of: type) -> Iterator[tuple[str, Any]]:
    for key in fields(of):
        yield key.name, _default(key)


def _default(key: "Field[Any]") -> Any:
    if key.default_factory is not MISSING:
        return key.default_factory()
    return None if key.default is MISSING else key.default


def section(head: str) -> str:
    """The table of settings below a line that begins with `head`."""
    after = SETTINGS if not head else SETTINGS.split(f"`[{head}]`", 1)[1]
    return after[after.index("|---") :].split("\n\n", 1)[0]


TABLES = {"student", "feedback", "limits"}
PERSONAL = "assignments.NAME.personal"
PARTS = [
    *(("", key, default) for key, default in keys(settings.Settings)),
    *(("student", key, default) for key, default in keys(settings.StudentSettings)),
    *(("feedback", key, default) for key, default in keys(settings.FeedbackSettings)),
    *((PERSONAL, key, default) for key, default in keys(settings.PersonalSettings)),
    *(("limits", key, default) for key, default in keys(settings.Limits)),
]


@pytest.mark.parametrize("table, key, default", PARTS, ids=lambda value: str(value)[:20])
def test_a_setting_is_explained_with_its_default(table, key, default):
    if not table and key in TABLES | {"assignments"}:
        assert f"`[{key}" in SETTINGS
    elif not table and key == "shared_cells":  # of an assignment alone
        assert f"`{key}`" in SETTINGS
    elif not table and key == "personal":
        assert f"`[{PERSONAL}]`" in SETTINGS
    else:
        (row,) = (line for line in section(table).splitlines() if line.startswith(f"| `{key}` |"))
        _, shown, meaning = (part.strip() for part in row.strip("|").split("|"))
        assert len(meaning) > 5
        assert shows(shown, default), row


def shows(text: str, default: object) -> bool:
    if default is None or default == "":  # which a word explains
        return len(text) > 3
    if isinstance(default, tuple):
        return all(name in text for name in default)
    if isinstance(default, str):
        return text == f'`"{default}"`'
    return text == (f"`{default:g}`" if isinstance(default, float) else f"`{default}`")


def test_every_row_of_the_settings_page_is_a_setting():
    known = {key for _, key, _ in PARTS} | {"schema"}  # of the file, which settings need not know
    assert set(re.findall(r"(?m)^\| `(\w+)` \|", SETTINGS)) <= known


def exported(module: ModuleType) -> set[str]:
    """What the module gives under `from .part import name as name`."""
    given = set(re.findall(r"import (\w+) as \1$", inspect.getsource(module), re.MULTILINE))
    return given - {"personal", "pictures"}


def test_the_reference_lists_every_check():
    listed = set(re.findall(r"^::: autograder\.checks\.(\w+)$", PYTHON, re.MULTILINE))
    assert listed == exported(checks)


@pytest.mark.parametrize("name", sorted(exported(checks)))
def test_a_check_says_what_it_does(name):
    assert len(inspect.getdoc(getattr(checks, name)) or "") > 15


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_shows(name):
    assert f"::: autograder.checks.pictures.{name}" in PYTHON
    assert len(inspect.getdoc(getattr(pictures, name)) or "") > 15


def test_every_page_is_in_the_navigation():
    text = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    pages -= {"package.md"}  # for a package index
    assert {page for page in pages if not re.search(rf"[ :]{re.escape(page)}$", text, re.MULTILINE)} == set()
