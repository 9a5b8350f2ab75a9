"""A Jupyter kernel of any language in place of our own shell, started and spoken to by nbclient in the jail.

For notebooks that are not Python, or need a real kernel. Runs as a plain file, in the student's process,
whose child the kernel is: nothing that either reports is to be believed unchecked.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import jail

_QUIET = {"PYTHONWARNINGS": "ignore:Couldn't bind IOPub Pipe"}  # what ipykernel says of a missing network


class KernelShell:
    """Runs cells in a kernel, which is started at once: no cell has to wait for it.

    `given` has argv, env and language of the kernel's specification, and seconds, the time for one cell.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._client = self._start()

    def run(self, index: int, source: str, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Runs a cell; its outputs and execution count. This process does not outlive its kernel."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from nbformat.v4 import new_code_cell

        cell = new_code_cell(source)
        self._client.nb.cells.append(cell)
        try:
            self._client.execute_cell(cell, len(self._client.nb.cells) - 1)
        except DeadKernelError:
            os._exit(1)
        except (CellTimeoutError, KeyboardInterrupt):  # no interrupt brings it back: we end as the slow do
            os.kill(os.getpid(), signal.SIGXCPU)
        outputs = json.loads(json.dumps(cell.outputs))  # nbformat's nodes are no plain data
        return outputs, cell.execution_count or 0

    def _start(self) -> Any:
        folder = Path(tempfile.mkdtemp())
        self._show_libraries(folder / "libraries")
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbformat.v4 import new_notebook

        spec = {"argv": self._given["argv"], "display_name": "guest", "language": self._given["language"]}
        (folder / "kernels" / "guest").mkdir(parents=True)
        (folder / "kernels" / "guest" / "kernel.json").write_text(json.dumps(spec))
        os.environ |= {"JUPYTER_RUNTIME_DIR": str(folder), "IPYTHONDIR": str(folder / "ipython")}
        kernels = KernelSpecManager(kernel_dirs=[str(folder / "kernels")], ensure_native_kernel=False)
        client = NotebookClient(
            new_notebook(),
            # there is no network
            km=AsyncKernelManager(
                kernel_name="guest", kernel_spec_manager=kernels, transport="ipc", ip=f"{folder}/socket"
            ),
            timeout=max(1, int(self._given["seconds"]) - 1),  # before the grader loses patience
            interrupt_on_timeout=True,
            error_on_timeout={"ename": "Timeout", "evalue": "this cell took too long", "traceback": []},
            allow_errors=True,
            raise_on_iopub_timeout=True,
        )
        client.start_new_kernel(env=os.environ | _QUIET | self._given["env"])
        client.start_new_kernel_client()
        return client

    def _show_libraries(self, folder: Path) -> None:
        """A folder of links to what a new process may import: in a jail site-packages cannot be listed."""
        folder.mkdir()
        for path in jail.libraries():
            (folder / Path(path).name).symlink_to(path)
        os.environ["PYTHONPATH"] = str(folder)
        sys.path.append(str(folder))
