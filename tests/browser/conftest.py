"""Chromium, and a page that notices when something in it runs."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "these tests need Debian's chromium: apt-get install chromium"
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
