"""Chromium, a page that notices when something in it runs, and a Jupyter server on a course."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.commands import environment

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "these tests need Debian's chromium: apt-get install chromium"
    expect.set_options(timeout=20_000)  # ms: a busy machine is slow, and no failure
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and every sign that a payload ran in it or in one of its frames."""

    page: Page
    signs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message.text))
        self.page.on("dialog", lambda dialog: (self.signs.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("popup", lambda page: self._note(page.url))

    def _note(self, text: str) -> None:
        if "PWNED" in text:
            self.signs.append(text)


@pytest.fixture
def watched(chromium) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1200, "height": 1600})
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def jupyter(room, tmp_path_factory) -> Iterator[str]:
    """The address of a Jupyter server on the course of the module's `room`, with formgrader."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    command = [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(
            f"--port={port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            f"--notebook-dir={room.root}",
        ),
    ]
    log = home / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=room.root,
            env=environment(HOME=str(home), TMPDIR=room.environment()["TMPDIR"]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        ) as server,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/api", server, log)
            yield address
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
