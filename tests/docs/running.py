"""The blocks of a page, run one after the other as a reader would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from autograder.settings import Settings
from tests.building import Cell, flagged, locked, manual, notebook, plain
from tests.commands import environment
from tests.docs.pages import Block, Page

SECONDS = 600  # a block that hangs; on a busy machine the longest takes minutes


class Reader:
    """Somebody who types what the page says, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.here = folder
        self.notebooks: dict[str, list[Cell]] = {}

    def read(self, page: Page) -> None:
        for block in page.blocks:
            if "not run" not in block.orders:
                self.do(block)

    def do(self, block: Block) -> None:
        if "file" in block.orders:
            self.write(self.here / block.orders["file"], block.text)
        if "cell" in block.orders:
            self.add_cell(block.orders["cell"], block.text)
        elif block.language == "toml":
            Settings.from_table(tomllib.loads(block.text), block.where)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "sh":
            self.command(block.text, block, block.orders.get("exit", "0"))
        elif block.language == "console":
            self.session(block)
        elif block.language == "python" and "file" not in block.orders:
            self.command(f"python -W error - <<'THE END'\n{block.text}THE END\n", block, "0")

    def session(self, block: Block) -> None:
        steps = commands(block)
        for number, (command, shown) in enumerate(steps, 1):
            code = block.orders.get("exit", "0") if number == len(steps) else "0"
            said = self.command(command, block, code)
            assert not shown or same(shown, said), (
                f"{block.where}: $ {command}\n{said}\n--- but shown is\n{shown}"
            )

    def command(self, text: str, block: Block, code: str) -> str:
        """What a shell says, both streams as on a terminal; the next one starts where it ended."""
        ended = self.root.with_name(self.root.name + ".cwd")
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", f"trap 'pwd >\"{ended}\"' EXIT\n{text}"],
            cwd=self.here,
            env=environment(
                COLUMNS="100",
                HOME=str(self.root.parent),
                PYTHON=sys.executable,
                PYTEST_ADDOPTS="-p autograder.pytest_plugin",  # as if this very tree were installed
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )
        assert str(done.returncode) == code, (
            f"{block.where}: {text}exited with {done.returncode}\n{done.stdout}"
        )
        self.here = Path(ended.read_text().strip())
        return done.stdout

    def write(self, path: Path, data: str | bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def add_cell(self, order: str, text: str) -> None:
        """`order` is `ASSIGNMENT/NOTEBOOK KIND`, with the cell's id and its points where it has them."""
        where, kind, *rest = order.split()
        cells = self.notebooks.setdefault(where, [])
        cells.append(_cell(kind, text.rstrip("\n"), *rest))
        self.write(self.here / "source" / f"{where}.ipynb", notebook(*cells))


def _cell(kind: str, text: str, grade_id: str = "", points: str = "0") -> Cell:
    if kind == "test":
        return flagged("code", text, grade_id, float(points), grade=True, locked=True)
    if kind == "solution":
        return flagged("code", text, grade_id, solution=True)
    if kind == "written":
        return manual(text, grade_id, float(points))
    if kind == "locked":
        return locked(text, grade_id)
    if kind == "plain":
        return plain(text)
    raise ValueError(f"{kind}: no kind of cell")


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown below it."""
    found: list[tuple[str, str]] = []
    continued = False
    for line in block.text.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif continued:
            found[-1] = (found[-1][0] + line.removeprefix("> "), "")
        elif not found:
            raise ValueError(f"{block.where}: a console begins with `$ ` and a command")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
        continued = not found[-1][1] and found[-1][0].endswith("\\\n")
    return found


def same(shown: str, said: str) -> bool:
    """Whether `said` is what is shown, where … in a line stands for anything and … alone for any lines."""
    lines = [line.rstrip() for line in shown.strip().splitlines()]
    pattern = "".join("(?:.*\n)*?" if line == "…" else _like(line) + r"\s*\n" for line in lines)
    return (
        re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in said.strip().splitlines())) is not None
    )


def _like(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.split("…"))
