"""The documentation, opened from a disk as `make docs` leaves it."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.docs.building import build_site

pytestmark = pytest.mark.browser

AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, site, scheme, width):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    found = {}
    for name in ("index", "tutorial", "tests", "reference/cli", "settings"):
        page.goto(f"{(site / name).as_uri()}.html")
        answer = Axe().run(page, options=AA)
        found |= {
            (name, one["id"]): [n["html"][:200] for n in one["nodes"]]
            for one in answer.response["violations"]
        }
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found == {}
    context.close()


def test_the_search_works_without_a_server_and_asks_nobody(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("tolerance")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()
