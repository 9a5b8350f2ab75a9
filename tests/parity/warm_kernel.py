"""ipykernel, forked from a process that has imported the heavy libraries already.

A kernel of plain nbgrader spends most of its seconds on imports. `warm_kernels` starts the process
that has them behind it; `python warm_kernel.py SOCKET -f CONNECTION` is what Jupyter then starts in place
of a kernel: it asks for a fork that takes over its arguments, environment, folder and streams.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MAX_REQUEST = 1 << 20
ALSO = "WARM_KERNEL_ALSO"
LIBRARIES = ("ipykernel.kernelapp", "matplotlib.pyplot", "numpy", "sklearn.linear_model", "torch._dynamo")


@contextmanager
def warm_kernels(environment: Mapping[str, str], *also: str) -> Iterator[dict[str, str]]:
    """What to add to the environment of a Jupyter client, so that its Python kernels are forked.

    They have the modules `also` behind them too.
    """
    with TemporaryDirectory() as folder:
        path = f"{folder}/socket"
        this = [sys.executable, "-P", __file__, path]
        kernel = Path(folder) / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        kernel.write_text(
            json.dumps(
                {"argv": [*this, "-f", "{connection_file}"], "display_name": "x", "language": "python"}
            )
        )
        with subprocess.Popen(
            this, env={**environment, ALSO: " ".join(also)}, stdout=subprocess.PIPE
        ) as server:
            assert server.stdout is not None and server.stdout.readline() == b"ready\n"
            yield {"JUPYTER_PATH": folder}
            server.terminate()


def serve(path: str) -> None:
    """Forks kernels until it is killed. One thread, for a fork takes only that along."""
    for library in (*LIBRARIES, *os.environ.pop(ALSO).split()):
        __import__(library)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen()
    print("ready", flush=True)
    kernels: dict[int, socket.socket] = {}
    while True:
        for readable in select.select([listener, *kernels.values()], [], [], 0.05)[0]:
            if readable is listener:
                connection, _ = listener.accept()
                kernels[_fork(connection, [listener, *kernels.values()])] = connection
            else:  # whoever asked is gone, and so should be what was made for it
                os.kill(next(pid for pid, known in kernels.items() if known is readable), signal.SIGKILL)
        with suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                kernels.pop(pid).close()


def _fork(connection: socket.socket, others: list[socket.socket]) -> int:
    message, streams, _, _ = socket.recv_fds(connection, MAX_REQUEST, 3)
    pid = os.fork()
    if pid == 0:
        for each in (connection, *others):
            each.close()
        _become_kernel(json.loads(message), streams)
    for descriptor in streams:
        os.close(descriptor)
    connection.send(str(pid).encode())
    return pid


def _become_kernel(request: dict[str, Any], streams: list[int]) -> None:
    import numpy
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"], JPY_PARENT_PID=str(os.getppid()))
    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    numpy.random.seed()
    try:
        launch_new_instance()
    finally:
        os._exit(0)


def ask(path: str, arguments: list[str]) -> None:
    """Lives as long as the kernel that it asks for, and hands signals on to it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(path)
        request = {"arguments": arguments, "environment": dict(os.environ), "folder": str(Path.cwd())}
        socket.send_fds(connection, [json.dumps(request).encode()], [0, 1, 2])
        pid = int(connection.recv(64))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: os.kill(pid, received))
        connection.recv(1)


if __name__ == "__main__":
    if sys.argv[2:]:
        ask(sys.argv[1], sys.argv[2:])
    else:
        serve(sys.argv[1])
