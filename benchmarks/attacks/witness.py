"""`python -m benchmarks.attacks.witness FILE nbgrader|otter ARGUMENTS...`: the tool, overheard.

What cells print goes to FILE as well: nbgrader keeps no notebook whose run failed, and Otter none
at all. Nothing else about the tool is changed.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any


def overhear(file: Path) -> None:
    """Every client of a kernel in this process copies the text that cells print to `file`."""
    from nbclient import NotebookClient

    plain = NotebookClient.process_message

    def process_message(self: NotebookClient, msg: dict[str, Any], *args: Any) -> Any:
        if msg.get("msg_type") == "stream":
            with file.open("a", encoding="utf-8", errors="replace") as copy:
                copy.write(str(msg["content"].get("text", ""))[:100_000])
        return plain(self, msg, *args)

    NotebookClient.process_message = process_message


if __name__ == "__main__":
    _, _file, _tool, *_arguments = sys.argv
    overhear(Path(_file))
    sys.argv = [_tool, *_arguments]
    runpy.run_module(_tool, run_name="__main__", alter_sys=True)
