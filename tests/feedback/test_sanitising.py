"""Nothing of a student's making runs in the browser of who looks at the notebook."""

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.feedback.sanitising import markdown_to_safe_html
from autograder.runtime.markup import clean_html
from tests import building

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<svg onload=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "<form action='/formgrader/api/grade/1'><input type=submit></form>",
    "<style>*{display:none}</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<base href='https://example.org/'>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
]
# what must not stand inside a tag that the browser sees
DANGEROUS = re.compile(
    r"<(script|iframe|svg|form|input(?! class=\"(score|extra))|style|base|math|object|embed)\b"
    r"|<[^>]*(\son\w+\s*=|javascript:|data:text|data:image/svg|url\()",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def exporter() -> HTMLExporter:
    """The exporter as formgrader makes it, with the settings of this course's nbgrader_config.py."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {"markdown2html": markdown_to_safe_html}
    return HTMLExporter(config=config)


def page(exporter: HTMLExporter, *cells: building.Cell) -> str:
    """The part of formgrader's page that shows the cells."""
    resources = {"base_url": "", "notebook_id": "nb", "index": 0, "total": 1, "nbgrader": {}}
    notebook = nbformat.reads(building.notebook(*cells), as_version=4)
    html: str = exporter.from_notebook_node(notebook, resources=resources)[0]
    return html[html.index('id="notebook-container"') : html.index('class="help"')]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_a_written_answer_cannot_carry_a_script(exporter: HTMLExporter, markdown: str) -> None:
    for cell in (building.manual(markdown, "why"), building.plain(markdown, "markdown")):
        assert not DANGEROUS.search(page(exporter, cell))


@pytest.mark.parametrize("mime", ["text/html", "text/markdown", "text/latex", "text/plain"])
@pytest.mark.parametrize("text", HOSTILE)
def test_an_output_cannot_carry_a_script(exporter: HTMLExporter, mime: str, text: str) -> None:
    output = {"output_type": "display_data", "data": {mime: text}, "metadata": {}}
    assert not DANGEROUS.search(page(exporter, building.plain("f()") | {"outputs": [output]}))


def test_javascript_is_not_shown(exporter: HTMLExporter) -> None:
    data = {"application/javascript": "alert(1)", "text/plain": "a widget"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    assert "alert(1)" not in page(exporter, building.plain("f()") | {"outputs": [output]})


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": HOSTILE[0]},
        {"output_type": "error", "ename": HOSTILE[0], "evalue": HOSTILE[1], "traceback": HOSTILE},
    ],
)
def test_printed_text_and_tracebacks_are_escaped(exporter: HTMLExporter, output: dict[str, object]) -> None:
    assert not DANGEROUS.search(page(exporter, building.plain("f()") | {"outputs": [output]}))


def test_formulas_tables_and_pictures_come_through(exporter: HTMLExporter) -> None:
    markdown = "# Why\n$a < b$\n\n|w|b|\n|-|-|\n|1|5|\n\n![c](attachment:c.png)\n\n[s](https://example.org)"
    cell = building.manual(markdown, "why") | {"attachments": {"c.png": {"image/png": PIXEL}}}
    shown = page(exporter, cell)
    for part in ("$a &lt; b$", "<td>1</td>", f'src="data:image/png;base64,{PIXEL}"', "https://example.org"):
        assert part in shown


def test_a_picture_that_is_missing_costs_only_itself(exporter: HTMLExporter) -> None:
    assert "because" in page(exporter, building.manual("![c](attachment:gone.png) because", "why"))


def test_text_that_is_nested_without_end_is_still_shown(exporter: HTMLExporter) -> None:
    assert "because" in page(exporter, building.manual(">" * 3_000 + " because", "why"))


def test_an_attribute_cannot_name_an_element_of_the_page() -> None:
    assert clean_html('<p id="statusmessage" name="x" class="comment">a</p>') == "<p>a</p>"


def test_code_keeps_its_colours() -> None:
    coloured = '<div class="highlight hl-python"><pre><span class="kn">import</span></pre></div>'
    assert clean_html(coloured) == coloured


def test_the_course_uses_it() -> None:
    text = Path(__file__, "../../../nbgrader_config.py").resolve().read_text()
    assert "sanitize_html = True" in text and '{"markdown2html": markdown_to_safe_html}' in text
