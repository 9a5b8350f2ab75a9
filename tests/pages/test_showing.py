"""What students' code, text and outputs become in a page: nothing of it can run."""

import re

import pytest

from autograder.pages.showing import Shown, code, frame, markdown, outputs, without_handles
from tests.browser.payloads import HTML, MARKDOWN, SVG
from tests.feedback.test_sanitising import DANGEROUS, HOSTILE, PIXEL

TEXTS = [*HOSTILE, *HTML, *MARKDOWN]


def shown(*raw) -> list[Shown]:
    return list(outputs(list(raw)))


def data(**kinds) -> dict:
    return {"output_type": "display_data", "data": kinds["data"], "metadata": {}}


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_cannot_carry_a_script(text):
    assert not DANGEROUS.search(markdown(text, {}).text)


@pytest.mark.parametrize("text", TEXTS)
def test_code_is_text(text):
    assert not re.search(r"<(?!/?span[ >])", code(text).text)
    assert not DANGEROUS.search(code(text).text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "text/markdown", "text/latex", "text/plain"])
def test_an_output_is_text_or_stands_in_a_frame(mime, text):
    for each in shown(data(data={mime: text})):
        assert each.kind in ("value", "frame", "rich")
        if each.kind == "rich":
            assert not DANGEROUS.search(each.text)
        if each.kind == "frame":
            assert not DANGEROUS.search(each.text.partition("</style>")[2])


def test_a_picture_is_png_or_jpeg_that_really_is_one():
    assert shown(data(data={"image/png": PIXEL}))[0].text == f"data:image/png;base64,{PIXEL}"
    for wrong in ({"image/gif": "R0lGODlhAQABAAAAACw="}, {"image/png": "PHN2Zz4="}, {"image/jpeg": PIXEL}):
        assert all(each.kind != "picture" for each in shown(data(data=wrong)))


def test_svg_of_a_student_is_no_picture_of_the_page():
    assert all(each.kind == "value" for each in shown(data(data={"image/svg+xml": SVG})))


def test_html_goes_into_a_frame_and_nowhere_else():
    (each,) = shown(data(data={"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"}))
    assert each.kind == "frame" and "<td>1</td>" in each.text
    assert frame("<p>" * 10_000).height < 500


HANDLES = [
    "Text(0, 0.5, 'temperature in degrees Celsius')",
    'Text(0.5, 1.0, "it\'s warm")',
    "[<matplotlib.lines.Line2D at 0x7f00c0ffee00>]",
    "[<matplotlib.lines.Line2D at 0x7f00c0ffee00>,\n <matplotlib.lines.Line2D at 0x7f00c0ffee01>]",
    "<matplotlib.collections.PathCollection at 0x7f00c0ffee00>",
    "<matplotlib.legend.Legend at 0x7f00c0ffee00>",
    "Figure(640x480)",
    "<Figure size 640x480 with 1 Axes>",
    "<Axes: title={'center': 'warm'}, xlabel='hour'>",
]


@pytest.mark.parametrize("text", HANDLES)
def test_what_a_call_that_draws_returned_is_left_out_beside_its_picture(text):
    value, picture = data(data={"text/plain": text}), data(data={"image/png": PIXEL})
    assert [each.kind for each in without_handles(tuple(shown(value, picture)))] == ["picture"]
    assert [each.text for each in without_handles(tuple(shown(value)))] == [text]


@pytest.mark.parametrize(
    "text", ["'Text(0, 0.5, 1)'", "Text of mine", "[1, 2]", f"{HANDLES[0]}\n3.5", f"(3.5, {HANDLES[2]})"]
)
def test_a_value_stays_beside_a_picture(text):
    value, picture = data(data={"text/plain": text}), data(data={"image/png": PIXEL})
    assert [each.kind for each in without_handles(tuple(shown(value, picture)))] == ["value", "picture"]


def test_what_is_printed_stays_beside_a_picture():
    printed = {"output_type": "stream", "name": "stdout", "text": HANDLES[0]}
    pieces = without_handles(tuple(shown(printed, data(data={"image/png": PIXEL}))))
    assert [each.kind for each in pieces] == ["output", "picture"]


def test_a_traceback_is_shown_in_full_and_without_colours():
    lines = ["\x1b[31mValueError\x1b[39m", *(f"line {n}" for n in range(150)), "ValueError: no"]
    (each,) = shown({"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": lines})
    assert each.kind == "error" and each.text.count("\n") == 151 and "\x1b" not in each.text


def test_output_is_shown_in_full_and_blank_output_is_not_shown():
    long = "x" * 900_000
    printed = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in (("stdout", long), ("stderr", "careful\n"), ("stdout", " \n"))
    ]
    assert [(each.kind, each.text) for each in shown(*printed)] == [("output", long), ("warning", "careful")]


def test_texts_in_lists_of_lines_are_joined():
    printed = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}
    assert shown(printed)[0].text == "a\nb"


@pytest.mark.parametrize("raw", [None, 7, "x", {}, [None], [[]], [{"output_type": []}], [{"data": 1}]])
def test_what_is_no_output_is_left_out(raw):
    assert list(outputs(raw)) == []


def test_headings_of_students_are_none_of_the_pages():
    made = markdown("# Big\n\n### Small\n\ntext", {}).text
    assert "<h" not in made and "<strong>Big</strong>" in made


def test_attached_pictures_stand_in_the_page_and_no_others():
    attached = {"c.png": {"image/png": PIXEL}, "s.svg": {"image/svg+xml": "PHN2Zz4="}}
    made = markdown(
        "![c](attachment:c.png) ![s](attachment:s.svg) ![w](https://example.org/a.png)", attached
    ).text
    assert made.count("src=") == 1 and f"data:image/png;base64,{PIXEL}" in made


def test_formulas_stay_as_they_were_typed():
    assert "<code>$w_1 x_1 &lt; b_2$</code>" in markdown("with $w_1 x_1 < b_2$ here", {}).text


def test_text_without_end_is_shown_as_it_is():
    assert "because" in markdown(">" * 3_000 + " because", {}).text
    assert markdown("*" * 60_000, {}).kind == "output"
    assert code("x = 1\n" * 20_000).kind == "output"
