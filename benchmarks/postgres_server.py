"""A PostgreSQL server of one's own, out of Debian's packages, for as long as it is needed."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.usage import core_seconds_of

USER = "postgres"


class NoServer(Exception):
    """There are no programs of PostgreSQL's here."""


class Server:
    """A running server. It listens on the loopback alone, and wants a password."""

    def __init__(self, binaries: Path, folder: Path, port: int, options: Sequence[str]) -> None:
        self.port = port
        self.password = secrets.token_urlsafe(12)
        self.sockets = folder
        self._binaries = binaries
        self._options = options
        self._data = folder / "data"

    def initialise(self) -> None:
        secret = self.sockets / "password"
        secret.write_text(self.password)
        _hand_over(secret)
        self._run(
            *("initdb", "--pgdata", str(self._data), "--username", USER, "--pwfile", str(secret)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        secret.unlink()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.sockets}"
        options += "".join(f" -c {option}" for option in self._options)
        log = str(self.sockets / "log")
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--timeout=300",
            "--pgdata",
            str(self._data),
            "--log",
            log,
            "--options",
            options,
        )

    def stop(self, how: str = "fast") -> None:
        """With "immediate", as in a power cut."""
        self._run("pg_ctl", "stop", "--wait", "--pgdata", str(self._data), "--mode", how)

    def url(self, database: str, user: str = USER) -> str:
        """An address without the password."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def make(self, database: str, *options: str) -> str:
        """An empty database; its address."""
        self.run("createdb", database, *options)
        return self.url(database)

    def run(self, program: str, *arguments: str) -> str:
        """What one of PostgreSQL's programs says to this server."""
        given = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": USER}
        return _said([str(self._binaries / program), *arguments], {**given, "PGPASSWORD": self.password})

    def core_seconds(self) -> float:
        """What its processes have used so far."""
        return core_seconds_of(int((self._data / "postmaster.pid").read_text().splitlines()[0]))

    def _run(self, program: str, *arguments: str) -> None:
        """As the user of the server, which refuses to be root's."""
        command = [str(self._binaries / program), *arguments]
        _said(["setpriv", *_AS_USER, *command] if os.geteuid() == 0 else command, dict(os.environ))


_AS_USER = (f"--reuid={USER}", f"--regid={USER}", "--init-groups")


def _said(command: list[str], environment: dict[str, str]) -> str:
    with tempfile.TemporaryFile("w+") as output:  # no pipe: the server would keep it open
        done = subprocess.run(command, cwd="/", env=environment, stdout=output, stderr=output)
        output.seek(0)
        said = output.read()
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {said[-2_000:]}")
    return said


def _hand_over(path: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoServer("no initdb in /usr/lib/postgresql; run `apt-get install postgresql`")
    return found[-1].parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def server(*options: str) -> Iterator[Server]:
    """A server with these settings that runs until the end, and leaves nothing. Raises NoServer."""
    binaries = _binaries()
    # not in the temporary folder of who asks, which the server's user may not enter
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    _hand_over(folder)
    made = Server(binaries, folder, _free_port(), options)
    try:
        made.initialise()
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")
    finally:
        shutil.rmtree(folder)
