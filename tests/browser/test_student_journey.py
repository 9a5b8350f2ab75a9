"""A student in a browser: the personal link, the download, the upload, the receipt, and the grading, live."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from autograder.assignment import Assignment
from autograder.gradebook import Projection
from autograder.web.accounts import Accounts, Link
from autograder.web.people import Role
from autograder.web.store import Release, Store
from tests.browser.conftest import wait_for
from tests.building import locked, notebook, plain
from tests.classroom import NUMBERS, Classroom

pytestmark = pytest.mark.browser

PATIENCE = 90_000  # milliseconds
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CHECK = locked("assert double(1) == 2, 'double(1) is 2'", "check_double")


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    made = Classroom(tmp_path_factory.mktemp("journey") / "course", None, *NUMBERS[:2], CHECK, *NUMBERS[2:])
    made.write("release/toy/nb.ipynb", notebook(plain("# what students get", "markdown")))
    made.write("release/toy/points.csv", "1,2\n")
    with Projection(made.course.db_url) as projection:
        due = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)
        projection.register(Assignment.load(made.course, "toy"), due)
    return made


@pytest.fixture(scope="module")
def store(room) -> Iterator[Store]:
    made = Store.of(room.course)
    yield made
    made.close()


@pytest.fixture(scope="module")
def link(store) -> Link:
    accounts = Accounts(store)
    (made,) = accounts.new_links([accounts.add("ada", Role.STUDENT, "Ada Lovelace")])
    return made


@pytest.fixture(scope="module")
def address(room, link, tmp_path_factory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", "from autograder.cli import main; main()", "serve", "--port", str(port)],
            cwd=room.root,
            env=room.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def looked_at(page: Page, pictures: Path, name: str) -> None:
    """Pictures of the page, on a phone and a desk, light and dark; and nothing for axe-core to find in it."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size, viewport in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(viewport)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)
            page.screenshot(path=pictures / f"{name}-{size}-{scheme}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()


def test_from_the_link_to_the_result(room, store, link, address, chromium, tmp_path):
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(f"{address}/assignments/toy")
    expect(page).to_have_url(f"{address}/sign-in?next=/assignments/toy")
    looked_at(page, tmp_path, "sign-in")

    page.goto(link.address(address))
    expect(page.get_by_role("heading", name="Welcome, Ada Lovelace")).to_be_visible()
    looked_at(page, tmp_path, "welcome")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Assignments")).to_be_visible()
    looked_at(page, tmp_path, "assignments")

    page.get_by_role("link", name="toy").click()
    looked_at(page, tmp_path, "assignment")
    with page.expect_download() as download:
        page.get_by_role("link", name="All as a zip").click()
    assert download.value.suggested_filename == "toy.zip"

    answers = room.hand_in("somebody", half="def half(x):\n    return 1.5") / "nb.ipynb"
    page.get_by_label("Your notebook").set_input_files(answers)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is written down, and will be graded.")).to_be_visible()
    looked_at(page, tmp_path, "receipt")

    page.get_by_role("link", name="See how it is graded").click()
    expect(page.get_by_text("Received, and safe.")).to_be_visible()
    page.screenshot(path=tmp_path / "waiting-desk-light.png", full_page=True)
    expect(page.get_by_text("Graded.", exact=True)).to_be_visible(timeout=PATIENCE)  # nobody loads it again
    expect(page.get_by_text("check_double")).to_be_visible()
    assert "two times two" not in page.content()
    looked_at(page, tmp_path, "graded")

    store.set_release("toy", Release(marks=True), "instructor")
    page.reload()
    expect(page.get_by_role("heading", name="Your marks")).to_be_visible()
    expect(page.get_by_text("open", exact=True)).to_be_visible()
    looked_at(page, tmp_path, "marks")
    page.get_by_role("link", name="Ada Lovelace").click()
    looked_at(page, tmp_path, "account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{address}/sign-in")
    assert errors == []
    context.close()
