"""What all pages share: escaping, the content policy, words for numbers."""

import base64
import hashlib
import re

import jinja2
import pytest

from autograder import pages

PAGE = (
    '{% extends "base.html" %}{% block title %}{{ who }}{% endblock %}'
    "{% block content %}<p>{{ who }}{% endblock %}"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    return tmp_path


def test_a_page_alone_has_its_style_inside_and_a_policy_that_names_it(folder):
    page = pages.page_alone("page.html", folders=(folder,), who="me")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1].replace(
        "&#39;", "'"
    )
    assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert "script" not in policy and "unsafe" not in policy


def test_a_page_alone_asks_the_network_for_nothing(folder):
    page = pages.page_alone("page.html", folders=(folder,), who="me")
    assert not re.search(r"(src|href)=\"(?!#)|@import|url\(", page)


def test_a_served_page_links_the_style_sheet(folder):
    template = pages.environment(folder).get_template("page.html")
    page = template.render(who="me", stylesheet="/static/style.css")
    assert '<link rel="stylesheet" href="/static/style.css">' in page
    assert "<style" not in page and "http-equiv" not in page


def test_what_a_student_wrote_is_escaped(folder):
    page = pages.page_alone("page.html", folders=(folder,), who="<script>alert(1)</script>")
    assert "<script" not in page and page.count("&lt;script&gt;") == 2


def test_characters_that_no_page_may_have_are_replaced(folder):
    page = pages.page_alone("page.html", folders=(folder,), who="a\x00b\x1b[0m\ud800<i>\n")
    assert "<p>a\ufffdb\ufffd[0m\ufffd&lt;i&gt;\n" in page
    page.encode()


def test_what_a_template_lacks_is_an_error(folder):
    with pytest.raises(jinja2.UndefinedError):
        pages.page_alone("page.html", folders=(folder,))


def test_a_page_has_a_language_a_landmark_and_a_way_past_the_header(folder):
    page = pages.page_alone("page.html", folders=(folder,), who="me")
    assert '<html lang="en">' in page and '<main id="content"' in page and 'href="#content"' in page


@pytest.mark.parametrize(
    "value, text",
    [
        (2.0, "2"),
        (2.5, "2.5"),
        (1 / 3, "0.33"),
        (0, "0"),
        (4.125, "4.13"),
        (-0.001, "0"),
        (None, "–"),
        (100, "100"),
    ],
)
def test_points(value, text):
    assert pages.points(value) == text


@pytest.mark.parametrize(
    "value, text", [(0.418, "42\u202f%"), (None, "–"), (float("nan"), "–"), (1, "100\u202f%")]
)
def test_percent(value, text):
    assert pages.percent(value) == text


@pytest.mark.parametrize(
    "value, text", [(0.0123, "12\u202fms"), (1.26, "1.3\u202fs"), (42.3, "42\u202fs"), (600, "10\u202fmin")]
)
def test_seconds(value, text):
    assert pages.seconds(value) == text


def test_count():
    assert (pages.count(1, "student"), pages.count(5000, "student")) == ("1 student", "5,000 students")
    assert pages.count(2, "class", "classes") == "2 classes"
