"""The blocks of a page, and what comments beside them say about running them.

A comment `<!-- WORD: ... -->` is seen by nobody who reads the page:

    <!-- course: NAME -->            once a page: the folder that its blocks run in, see `rooms`
    <!-- file: PATH -->              the next block is the content of this file
    <!-- cell: FOLDER/NB KIND ... --> the next block is a cell of this source notebook, see `running`
    <!-- exit: N -->                 the last command of the next block exits with N
    <!-- not run: REASON -->         the next block is not run; the reasons are in not_run.toml
    <!-- prepare: COMMANDS -->       commands that a reader need not see
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = (REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md")))
ORDERS = ("course", "file", "cell", "exit", "not run", "prepare")

_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, or hidden commands. `orders` are the comments right before it."""

    page: Path
    line: int
    language: str
    text: str
    orders: dict[str, str]

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    course: str
    blocks: tuple[Block, ...]


def read_page(path: Path, text: str | None = None) -> Page:
    """The page at `path`; ValueError where a comment or a block is none that a test could understand."""
    course, blocks, orders = "empty", [], {}
    for token in MarkdownIt().enable("table").parse(path.read_text("utf-8") if text is None else text):
        line = token.map[0] + 1 if token.map else 0
        where = f"{path.name}:{line}"
        if token.type == "html_block":
            for comment in _COMMENT.findall(token.content):
                word, colon, rest = comment.partition(":")
                if word not in ORDERS or not colon:
                    raise ValueError(f"{where}: a comment begins with one of {', '.join(ORDERS)} and a colon")
                if word == "course":
                    course = rest.strip()
                elif word == "prepare":
                    blocks.append(Block(path, line, "sh", rest.strip() + "\n", {}))
                else:
                    orders[word] = rest.strip()
        elif token.type == "fence":
            blocks.append(Block(path, line, token.info.strip(), token.content, orders))
            orders = {}
        elif token.type == "code_block":
            raise ValueError(f"{where}: an indented block, which no test would see; put it between fences")
        elif orders and token.type not in ("list_item_close", "bullet_list_close", "ordered_list_close"):
            raise ValueError(f"{where}: {orders} stands before no block")
    return Page(path, course, tuple(blocks))
