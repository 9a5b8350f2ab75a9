"""Staff at work in a browser: the class, one submission, marking by keyboard, overriding, the trail."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from autograder.web.app import create_app
from autograder.web.queue import Jobs
from autograder.web.site import Options
from tests.browser import payloads
from tests.web.conftest import populate
from tests.web.staffroom import at, staffroom, standing

pytestmark = pytest.mark.browser

PAGES = (
    *("/staff", "/staff/toy", "/staff/toy/class", "/staff/toy/class?columns=questions"),
    *("/staff/toy/questions/nb/test_double", at("ada"), "/staff/toy/marking", "/staff/toy/marking/nb/why"),
    *("/staff/toy/regrade", "/staff/toy/release", "/staff/toy/export", "/accounts", "/audit"),
)
SETTLED = 3_000  # milliseconds in which a payload would have run
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Office:
    """A served course, and how one gets in."""

    def __init__(self, room, site, address: str) -> None:
        self.room = room
        self.site = site
        self.address = address

    def link(self, account: str) -> str:
        (link,) = self.site.accounts.new_links([self.site.accounts.require(account)])
        return link.address(self.address)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[Office]:
    room = staffroom(tmp_path_factory.mktemp("office") / "course", students=4)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        app = create_app(room.course, Options(port=port))
        populate(app.state.site.accounts)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Office(room, app.state.site, f"http://127.0.0.1:{port}")
        server.should_exit = True
        thread.join()


@pytest.fixture
def staff(chromium, office) -> Iterator[Page]:
    """The instructor's browser, signed in by personal link."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(office.link("ina"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Classes")).to_be_visible()
    yield page
    context.close()


def test_from_the_class_to_one_submission_and_an_override_that_the_trail_has(staff, office):
    staff.get_by_role("link", name="toy").click()
    staff.get_by_role("link", name="Class", exact=True).click()
    expect(staff).to_have_url(re.compile("/class$"))
    staff.wait_for_load_state()  # a key pressed before the page's script is there is nobody's
    staff.keyboard.press("/")
    staff.keyboard.type("love")
    expect(staff.locator("#lines")).to_contain_text("1 student")
    staff.get_by_role("link", name="Lovelace, Ada").click()
    expect(staff.get_by_text("printed by ada").first).to_be_visible()
    row = staff.get_by_role("row").filter(has_text="nb/test_double")
    row.get_by_text("Override", exact=True).first.click()
    row.get_by_label("Points").fill("1,5")
    row.get_by_label("Reason").fill("the question was unclear")
    row.get_by_role("button", name="Override").click()
    expect(staff.get_by_role("status").first).to_contain_text("1.5 points now")
    assert standing(office.room, "ada", "test_double").points == 1.5
    staff.get_by_role("link", name="Who changed what").click()
    expect(staff.get_by_role("row").nth(1)).to_contain_text("the question was unclear")


def test_written_answers_are_marked_by_the_keyboard_alone(staff, office):
    staff.goto(f"{office.address}/staff/toy/marking/nb/why")
    expect(staff.get_by_text("0 of 4 marked")).to_be_visible()
    staff.keyboard.press("3")
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("1 of 4 marked")).to_be_visible()
    staff.wait_for_load_state()
    staff.keyboard.press("c")
    staff.keyboard.type("just say why")  # keys are letters while one types
    staff.keyboard.press("Escape")
    staff.keyboard.press("f")
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("2 of 4 marked")).to_be_visible()
    marks = sorted(
        (one.points, one.comment)
        for who in ("ada", "bob", "s2", "s3")
        if (one := standing(office.room, who)).manual_score is not None
    )
    assert marks == [(3.0, ""), (4.0, "just say why")]
    staff.wait_for_load_state()
    staff.keyboard.press("u")
    expect(staff.get_by_text("1 of 4 marked")).to_be_visible()
    staff.wait_for_load_state()
    before = staff.url
    staff.keyboard.press("j")
    expect(staff).not_to_have_url(before)
    staff.wait_for_load_state()
    staff.keyboard.press("k")
    expect(staff).to_have_url(before)


def test_a_comment_that_is_kept_has_a_key(staff, office):
    staff.goto(f"{office.address}/staff/toy/marking/nb/drawing")
    staff.get_by_label("Comment", exact=True).last.fill("Label the axes.")
    staff.get_by_label("Points that go with it").fill("1")
    staff.get_by_role("button", name="Keep").click()
    expect(staff.get_by_role("button", name="Label the axes.").first).to_be_visible()
    staff.wait_for_load_state()
    staff.keyboard.press("q")
    expect(staff.locator("#comment")).to_have_value("Label the axes.")
    expect(staff.locator("#points")).to_have_value("1")


def test_keys_are_listed_and_can_be_turned_off(staff, office):
    staff.goto(f"{office.address}/staff/toy/marking/nb/chore")
    staff.keyboard.press("?")
    dialog = staff.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("next answer")
    dialog.get_by_role("checkbox").uncheck()
    staff.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    before = staff.url
    staff.keyboard.press("j")
    staff.keyboard.press("3")
    expect(staff.locator("#points")).to_have_value("")
    assert staff.url == before
    staff.reload()
    staff.keyboard.press("3")
    expect(staff.locator("#points")).to_have_value("")
    staff.get_by_role("button", name=re.compile("Keys")).click()
    staff.get_by_role("checkbox").check()


def test_progress_comes_by_itself(staff, office):
    staff.goto(f"{office.address}/staff/toy")
    expect(staff.get_by_text("Nothing is being graded")).to_be_visible()
    jobs = Jobs(office.site.store)
    jobs.add("regrade", "toy", "ina", students=[])
    expect(staff.get_by_text("waits for its turn")).to_be_visible()
    job = jobs.take()
    jobs.progress(job, 1, 4)
    expect(staff.get_by_text("1 of 4")).to_be_visible()
    jobs.end(job, {"graded": 4, "skipped": 0})
    expect(staff.get_by_text("Nothing is being graded")).to_be_visible()


def test_without_script_the_forms_work(chromium, office):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(office.link("gus"))
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{office.address}/staff/toy/marking/nb/chore")
    page.locator("#points").fill("2")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("1 of 4 marked")).to_be_visible()
    page.get_by_role("button", name="Take my last mark back").click()
    expect(page.get_by_text("0 of 4 marked")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_and_fits(chromium, office, scheme, width):
    # axe is put into the page as a script, which the policy of our pages does not let in
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(office.link("ina"))
    page.get_by_role("button", name="Continue").click()
    found = []
    for path in PAGES:
        page.goto(office.address + path)
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(path, one["id"], one["nodes"][0]["html"]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((path, "wider than the screen", ""))
    context.close()
    assert found == []


def test_html_of_a_student_s_stands_in_a_frame_with_our_style_and_runs_nothing(watched, office):
    path = office.room.root / "autograded/bob/toy/nb.ipynb"
    content = json.loads(path.read_text())
    table = "<table><tr><th>epoch</th><th>loss</th></tr><tr><td>1</td><td>0.25</td></tr></table>"
    content["cells"][2]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
        for html in (table, *payloads.HTML)
    ]
    path.write_text(json.dumps(content))
    refused = []
    watched.page.on("console", lambda message: refused.append(message.text))
    watched.page.goto(office.link("ina"))
    watched.page.get_by_role("button", name="Continue").click()
    watched.page.goto(office.address + at("bob"))
    cell = watched.page.locator("iframe").first.content_frame.get_by_role("cell", name="0.25")
    expect(cell).to_have_css("text-align", "right")  # the policy allows the style of frames
    watched.page.wait_for_timeout(SETTLED)
    assert watched.signs == []
    assert not [text for text in refused if "style" in text.lower()]
