"""Charts: static, accessible, safe to put into a page."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder import charts
from autograder.charts import GOOD, alt, svg
from autograder.scheduling.local import LocalPool

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\x00\x1b[31m\ud800"


def bars(names=("a", "b", "c")):
    rows = [{"name": name, "value": 1.23456789 + place} for place, name in enumerate(names)]
    return alt.Chart(alt.Data(values=rows), width=200, height=100).mark_bar().encode(x="name:N", y="value:Q")


@pytest.fixture(scope="module")
def drawn():
    return svg(bars(), title="Marks", description="Three bars, each higher than the one before.")


def test_the_same_chart_is_the_same_bytes(drawn):
    assert svg(bars(), title="Marks", description="Three bars, each higher than the one before.") == drawn


def test_a_chart_is_the_same_whatever_was_drawn_before():
    """Also one that is cut off at its frame, for which Vega makes ids."""
    cut = bars().mark_bar(clip=True)
    first = svg(cut, title="", description="")
    assert "url(#" in first
    assert svg(cut, title="", description="") == first


def test_a_reader_hears_the_title_and_the_description_alone(drawn):
    root = ElementTree.fromstring(drawn)
    assert (root.get("role"), root.get("aria-label")) == ("img", "Marks")
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text, root[1].text) == ("Marks", "Three bars, each higher than the one before.")
    inside = [key for element in root[2:] for each in element.iter() for key in each.attrib]
    assert not [key for key in inside if key.startswith("aria") or key == "role"]


def test_the_numbers_behind_the_drawing_cannot_be_read_out_of_it(drawn):
    assert "1.23456" not in drawn
    numbers = re.findall(r"\d+\.\d+", drawn)
    assert numbers and max(len(number.partition(".")[2]) for number in numbers) <= 2


def test_coordinates_can_be_whole_pixels():
    drawn = svg(bars(), title="Marks", description="", whole_pixels=True)
    placed = [
        value
        for element in ElementTree.fromstring(drawn)[2:]
        for each in element.iter()
        for key, value in each.attrib.items()
        if key in ("d", "transform", "x2", "y2")
    ]
    assert placed and not [value for value in placed if "." in value]


def test_text_takes_the_page_s_colour_and_bars_the_page_s_or_a_light_one(drawn):
    root = ElementTree.fromstring(drawn)
    assert {text.get("fill") for text in root.iter(f"{SVG}text")} == {"currentColor"}
    assert 'fill="var(--series-1, #1f5f8b)"' in drawn
    assert f'fill="{GOOD}"' in svg(bars().mark_bar(color=GOOD), title="", description="")


def test_nothing_in_it_needs_a_style_that_a_content_policy_forbids(drawn):
    assert "style=" not in drawn and "<style" not in drawn and "font-family" not in drawn


def test_text_of_a_student_stays_text():
    drawn = svg(bars((HOSTILE, "b")), title=HOSTILE, description=HOSTILE)
    root = ElementTree.fromstring(drawn)
    assert "<script" not in drawn and "\x00" not in drawn
    assert any((text.text or "").startswith("</text>") for text in root.iter(f"{SVG}text"))


def test_numbers_that_are_none_are_not_drawn():
    rows = [{"name": "a", "value": float("nan")}, {"name": "b", "value": float("inf")}]
    chart = alt.Chart(alt.Data(values=rows)).mark_point().encode(x="name:N", y="value:Q")
    assert "NaN" not in svg(chart, title="", description="")


def test_a_chart_fetches_nothing(monkeypatch):
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_: pytest.fail("the network was asked"))
    remote = alt.Chart(alt.UrlData(url="http://127.0.0.1:9/data.json")).mark_point().encode(x="a:Q")
    with pytest.raises(RuntimeError, match="External data url not allowed"):
        svg(remote, title="", description="")


def test_an_address_does_not_pass():
    address = "http://127.0.0.1:9/seen.png"
    rows = alt.Data(values=[{"url": address}])
    drawn = svg(alt.Chart(rows).mark_image(width=9, height=9).encode(url="url:N"), title="", description="")
    assert address not in drawn


def test_charts_start_without_a_grammar_of_addresses():
    """Its import takes seconds."""
    program = (
        "import sys, autograder.charts\n"
        "assert 'rfc3987_syntax' not in sys.modules\n"
        "assert 'jsonschema' in sys.modules, 'nothing is saved any more: drop the detour'\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[1], capture_output=True)
    assert ran.returncode == 0, ran.stderr


def test_two_charts_in_one_page_share_no_id():
    def clipped(names):
        chart = bars(names).mark_bar(clip=True)
        return set(re.findall(r'id="([^"]+)"', svg(chart, title="", description="")))

    one, other = clipped("ab"), clipped("abc")
    assert one and other and not one & other


def test_an_engine_that_does_not_answer_is_given_up_and_the_next_chart_has_another(drawn, monkeypatch):
    monkeypatch.setattr(charts, "DRAWING_SECONDS", 0.5)
    os.kill(charts._engine()._process.pid, signal.SIGSTOP)
    with pytest.raises(RuntimeError, match="ended"):
        svg(bars(), title="", description="")
    monkeypatch.undo()
    assert svg(bars(), title="Marks", description="Three bars, each higher than the one before.") == drawn


def test_a_process_that_drew_can_be_forked_and_both_draw_on(drawn):
    def draw(_):
        return svg(bars(), title="Marks", description="Three bars, each higher than the one before.")

    assert dict(LocalPool(draw, 1).run(["there"])) == {"there": drawn}
    assert draw("here") == drawn
