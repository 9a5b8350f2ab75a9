"""The report in a browser: readable by everybody, on a phone too, and nothing of a student's runs in it."""

from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.reporting.counting import report_of
from autograder.reporting.page import page_of
from autograder.reporting.report import write_report
from tests.classroom import Classroom
from tests.reporting.classes import class_of
from tests.reporting.test_report import EVIL, keep, toy

pytestmark = pytest.mark.browser
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def page_of_a_class(tmp_path_factory):
    room = Classroom(tmp_path_factory.mktemp("report") / "course")
    strong = [toy(f"s{n:02}", half=3.0 * (n % 3 > 0), message=EVIL, limits=(EVIL,)) for n in range(20)]
    weak = [toy(f"w{n:02}", 0.0, 3.0 * (n % 5 == 0), f"off by {n}", tampering=("cell 3",)) for n in range(20)]
    keep(room, *strong, *weak)
    room.course.result_path("toy", "s00").write_text("{")
    return write_report(room.course, "toy")[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, page_of_a_class, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(page_of_a_class.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=AA)
    context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", ["standardise_constant", "mean_of_all_measurements_in_the_month"])
def test_a_long_name_does_not_stick_out_of_its_chart(chromium, tmp_path, name, width):
    path = tmp_path / "report.html"
    path.write_text(page_of(report_of("toy", class_of({f"test_{name}": [0.0, 1.0]})), datetime(2026, 11, 27)))
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    chart = page.locator("svg.chart", has_text="How each test ended")
    label = chart.locator("text", has_text=name[:20])
    assert label.bounding_box()["x"] >= chart.bounding_box()["x"]
    page.close()


def test_a_wide_table_has_a_shade_where_there_is_more_of_it(chromium, page_of_a_class):
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    page.goto(page_of_a_class.as_uri())
    table = page.get_by_role("region", name="All tests")
    assert table.evaluate("t => t.scrollWidth > t.clientWidth")

    def at_the_right() -> bytes:
        box = table.bounding_box()
        strip = {"x": box["x"] + box["width"] - 4, "y": box["y"] + box["height"] - 6, "width": 4, "height": 4}
        return page.screenshot(full_page=True, clip=strip)

    shaded = at_the_right()
    table.evaluate("t => t.scrollTo(t.scrollWidth, 0)")
    assert at_the_right() != shaded
    page.close()


def test_it_fits_on_paper_and_is_ink_on_white(chromium, page_of_a_class):
    context = chromium.new_context(viewport={"width": 680, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    page.goto(page_of_a_class.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    context.close()


def test_nothing_runs_and_nothing_is_fetched(watched, page_of_a_class):
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.goto(page_of_a_class.as_uri())
    assert asked == [page_of_a_class.as_uri()] and not watched.signs
    # the policy holds for what a page might yet let through
    watched.page.evaluate(
        """new Promise(done => {
            const image = new Image();
            image.onerror = done;
            image.src = "https://PWNED.example/x.png";
        })"""
    )
    assert not [url for url in asked if "PWNED" in url]


def test_a_chart_takes_the_page_s_colours(chromium, page_of_a_class):
    def bar(scheme):
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(page_of_a_class.as_uri())
        script = "getComputedStyle(document.querySelector('svg.chart [fill^=\"var(--series-1\"]')).fill"
        found = page.evaluate(script)
        context.close()
        return found

    assert bar("light") == "rgb(31, 95, 139)" and bar("dark") == "rgb(134, 185, 227)"
