"""Feedback in a browser: nothing of a student's runs or is fetched, and everybody can read it."""

import contextlib
import socket
from collections.abc import Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.feedback.publishing import publish_class
from tests.browser import payloads
from tests.building import hidden_test, manual, solution
from tests.classroom import Classroom

pytestmark = pytest.mark.browser
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SETTLED = 3_000  # milliseconds in which a payload would have run

TEST = """\
import numpy as np
from autograder import checks

x = np.linspace(0, 4, 41)
checks.pictures.curve("half(x)", x, lambda: half(x) * 1.1, x / 2, given=True, labels=("x", "y"))
X = np.array([[0.0, 0.0], [4.0, 4.0]] * 20) + np.linspace(-1, 1, 40)[:, None]
line = checks.LinearFit(np.array([1.0, 2.0]), -5.0)
asked = checks.LinearFit(np.array([1.0, 1.0]), -4.0)
checks.pictures.boundary("the boundary", X, [0, 1] * 20, line, asked, given=True)
raise checks.CheckFailed("half(3) is wrong")"""
MAP = """\
import numpy as np
from autograder import checks

x = np.linspace(0, 1, 51)
checks.pictures.probability_map("prob", x, x, np.outer(x, x), np.outer(x, 1 - x), given=True)
checks.pictures.history("loss", [3.0, 2.0, 1.0], [3.0, 1.0, 0.1], given=True, label="loss")
assert half(17) == 3"""


@pytest.fixture(scope="module")
def room(tmp_path_factory, servers) -> Classroom:
    made = Classroom(
        tmp_path_factory.mktemp("feedback") / "course",
        servers,
        solution("def half(x):\n    return x / 2", "half"),
        hidden_test(TEST, "test_half", 3),
        hidden_test(MAP, "test_map", 2),
        manual("Because.", "why", 4),
    )
    written = "Since two.\n\n" + "\n\n".join(payloads.MARKDOWN)
    made.hand_in("eve", half=payloads.ANSWER, why=written)
    made.grade()
    made.sql("UPDATE student SET first_name = '<script>console.log(`PWNED`)</script>', last_name = 'x'")
    made.sql(f"UPDATE comment SET manual_comment = '{payloads.HTML[1]}'")
    publish_class(made.course, made.context().assignment, anyway=True, jobs=1)
    return made


@pytest.fixture
def address(room) -> str:
    return (room.root / "feedback/eve/toy/nb.html").as_uri()


def opened(page, address) -> None:
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()


def test_nothing_runs_and_nothing_is_fetched(watched, address):
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    opened(watched.page, address)
    watched.page.wait_for_timeout(SETTLED)
    assert [url for url in asked if not url.startswith(("data:", "about:")) and url != address] == []
    assert not watched.signs
    assert any("a harmless output" in frame.content() for frame in watched.page.frames[1:])


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is", "without its policy"])
def test_the_policy_holds_where_cleaning_would_have_failed(watched, room, tmp_path, guarded):
    """Payloads put into the finished page: none runs, and none reaches a server. Without it they do."""
    html = (room.root / "feedback/eve/toy/nb.html").read_text()
    if not guarded:
        html = html.replace('<meta http-equiv="Content-Security-Policy"', "<meta")
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"http://127.0.0.1:{server.getsockname()[1]}"
        body = (
            f'<img src="{remote}/a.png"><script src="{remote}/a.js"></script>'
            f'<link rel="stylesheet" href="{remote}/a.css"><iframe src="{remote}/"></iframe>'
            f'<form action="{remote}/"><input name="a"></form><base href="{remote}/">'
        )
        body += "".join(each for each in payloads.HTML if "refresh" not in each)
        (tmp_path / "page.html").write_text(html.replace("</main>", f"{body}</main>"))
        watched.page.goto((tmp_path / "page.html").as_uri(), wait_until="commit")
        watched.page.wait_for_timeout(SETTLED)
        if guarded:
            watched.page.evaluate("document.forms[0].submit()")
            watched.page.wait_for_timeout(SETTLED)
        assert any(requests_at(server)) != guarded
    assert not guarded or "PWNED" not in watched.signs


def requests_at(server: socket.socket) -> Iterator[bytes]:
    """What was sent. Chromium opens connections before it asks the policy, and then sends nothing on them."""
    server.setblocking(False)
    while True:
        try:
            connection, _ = server.accept()
        except BlockingIOError:
            return
        with connection:
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                yield connection.recv(100)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, address, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    opened(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=AA)
    context.close()
    assert found.violations_count == 0, found.generate_report()


def test_the_foot_stands_below_the_column(chromium, address):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address)
    column, foot = (page.locator(name).bounding_box() for name in ("main", ".foot > div"))
    assert (column["x"], column["width"]) == (foot["x"], foot["width"]) and column["x"] > 100
    page.close()


def test_a_row_of_the_marks_stands_on_its_first_line(chromium, address):
    page = chromium.new_page(viewport={"width": 240, "height": 900})
    page.goto(address)
    row = page.locator("tbody tr", has_text="waits for a person")
    name, badge = (row.locator(what).bounding_box() for what in ("th a", ".badge"))
    assert badge["height"] > 1.5 * name["height"]  # two lines
    assert abs(badge["y"] - name["y"]) < 0.3 * name["height"]
    page.close()


def test_headings_are_in_order_and_the_marks_lead_to_the_questions(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    levels = [int(h.evaluate("h => h.tagName[1]")) for h in page.locator("h1, h2, h3").all()]
    assert levels[0] == 1 and levels.count(1) == 1 and np.diff(levels).max() <= 1
    for link in page.locator("tbody a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    page.close()


def test_it_fits_on_paper(chromium, address):
    context = chromium.new_context(viewport={"width": 680, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    context.close()
