"""The pages as a site: every link leads somewhere, and nothing is fetched from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.building import build_site
from tests.docs.pages import ORDERS

FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src")}


class Fetches(HTMLParser):
    """What a browser would load for a page, by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if (tag, name) in FETCHED]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return build_site(tmp_path_factory.mktemp("site"))


def test_no_page_fetches_anything_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    fetched = {(page.name, one) for page in pages for one in Fetches(page.read_text("utf-8")).found}
    assert len(fetched) > 100
    assert {each for each in fetched if "//" in each[1]} == set()


def test_the_reference_has_every_command_and_check(site):
    text = (site / "reference/cli.html").read_text("utf-8")
    assert "autograder export canvas [OPTIONS] ASSIGNMENT" in text and "--similarity" in text
    assert 'id="autograder.checks.close"' in (site / "reference/python.html").read_text("utf-8")


def test_comments_for_tests_are_not_read_by_people(site):
    shown = re.compile("&lt;!-- (" + "|".join(ORDERS) + "):")
    assert [page.name for page in site.rglob("*.html") if shown.search(page.read_text("utf-8"))] == []
