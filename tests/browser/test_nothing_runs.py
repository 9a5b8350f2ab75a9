"""Pages that show a hostile submission: an instructor opens them, and nothing of it runs."""

import shutil

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from tests.browser import payloads
from tests.classroom import REPOSITORY, Classroom
from tests.commands import nbgrader

pytestmark = pytest.mark.browser

WRITTEN = "Since two.\n\n" + "\n\n".join(payloads.MARKDOWN)
SETTLED = 3_000  # milliseconds in which a payload would have run


@pytest.fixture(scope="module")
def room(tmp_path_factory, servers) -> Classroom:
    """A graded class of one, with the configuration of this course."""
    made = Classroom(tmp_path_factory.mktemp("browser") / "course", servers)
    shutil.copy(REPOSITORY / "nbgrader_config.py", made.root)
    made.hand_in("eve", half=payloads.ANSWER, why=WRITTEN)
    assert made.points() == {"eve": 5.0}
    return made


def test_the_payloads_run_where_nobody_stops_them(room, watched, tmp_path):
    """Else the other tests could not fail."""
    outputs = [nbformat.v4.new_output("display_data", {"text/html": html}) for html in payloads.HTML]
    cells = [nbformat.v4.new_code_cell("x", outputs=outputs), nbformat.v4.new_markdown_cell(WRITTEN)]
    html, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    (tmp_path / "page.html").write_text(html)
    watched.page.goto(f"file://{tmp_path}/page.html", wait_until="domcontentloaded")
    watched.page.wait_for_timeout(SETTLED)
    assert len(watched.signs) > 5  # some are alternatives, and a page that leads elsewhere ends them


def test_the_outputs_of_an_executed_notebook_run_nothing_in_a_page_of_nbconvert(room, watched, tmp_path):
    """nbconvert cleans nothing by itself; the written answer stays as the student typed it."""
    executed = nbformat.reads(room.shown("eve"), 4)
    executed.cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    html, _ = HTMLExporter().from_notebook_node(executed)
    (tmp_path / "page.html").write_text(html)
    watched.page.goto(f"file://{tmp_path}/page.html", wait_until="domcontentloaded")
    assert_harmless(watched)


def test_an_executed_notebook_runs_nothing_in_jupyterlab(jupyter, watched):
    watched.page.goto(f"{jupyter}/lab/tree/autograded/eve/toy/nb.ipynb")
    watched.page.wait_for_selector("text=a harmless output", timeout=60_000)
    assert_harmless(watched)


def test_formgrader_runs_nothing(room, jupyter, watched):
    ((number,),) = room.sql("SELECT id FROM submitted_notebook")
    watched.page.goto(f"{jupyter}/formgrader/submissions/{number}/", wait_until="domcontentloaded")
    watched.page.wait_for_selector("text=test_double", timeout=60_000)
    assert_harmless(watched)


def test_feedback_runs_nothing_and_shows_no_hidden_test(room, watched):
    nbgrader(room.root, "generate_feedback", "toy")
    page = room.root / "feedback/eve/toy/nb.html"
    watched.page.goto(page.as_uri(), wait_until="domcontentloaded")
    assert_harmless(watched)
    assert "two times two is four" not in watched.page.content()


def assert_harmless(watched) -> None:
    watched.page.wait_for_timeout(SETTLED)
    assert watched.page.get_by_text("a harmless output").count()
    assert not watched.signs
