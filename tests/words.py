"""A toy language with a Jupyter kernel of its own."""

import json
import sys
from pathlib import Path

import pytest

from tests.building import Cell, notebook

# "set NAME TEXT" binds, "NAME is TEXT" tests; everything else is an error
_KERNEL = """
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel
class Words(Kernel):
    implementation = banner = implementation_version = "words"
    language_info = {"name": "words", "mimetype": "text/plain", "file_extension": ".txt"}
    known = {}
    def do_execute(self, code, silent, *rest, **options):
        for line in filter(None, code.splitlines()):
            first, *others = line.split()
            if line.startswith("#"):
                continue
            if first == "set":
                self.known[others[0]] = others[1]
            elif self.known.get(first) != others[-1]:
                error = {"ename": "WordsError", "evalue": f"{first} differs", "traceback": []}
                self.send_response(self.iopub_socket, "error", error)
                return {"status": "error", "execution_count": self.execution_count, **error}
        ok = {"status": "ok", "payload": [], "user_expressions": {}}
        return ok | {"execution_count": self.execution_count}
IPKernelApp.launch_instance(kernel_class=Words)
"""
SOLVED_IN_WORDS = "### BEGIN SOLUTION\nset colour green\n### END SOLUTION"


def show_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has Jupyter find the kernel, whose specification goes into `folder`."""
    place = folder / "jupyter" / "kernels" / "words"
    place.mkdir(parents=True)
    argv = [sys.executable, "-c", _KERNEL, "-f", "{connection_file}"]
    (place / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Words", "language": "words"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))


def in_words(*cells: Cell) -> bytes:
    """A notebook that asks for that kernel."""
    made = json.loads(notebook(*cells))
    made["metadata"]["kernelspec"] = {"name": "words", "display_name": "Words", "language": "words"}
    return json.dumps(made).encode()
