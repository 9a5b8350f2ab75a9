"""The demo course in JupyterLab, from nbgrader's menu to a mark by hand, with the wall behind the button."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.demo import STUDENTS, demo
from tests.classroom import REPOSITORY, Classroom

pytestmark = pytest.mark.browser

PATIENCE = 90_000  # milliseconds
STUDENT, QUESTION = "demo02", "answer_zero_weight"


class DemoCourse(Classroom):
    """A copy of this repository as a course, with the demo's class in it, graded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("source", "cases", "reference"):
            shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("autograder.toml", "nbgrader_config.py"):
            shutil.copy(REPOSITORY / name, root)
        assert demo(self.course, "lab6")[2] == []

    def by_hand(self, cell: str) -> list[tuple[float | None, str | None]]:
        """Mark and comment that a human gave the student of these tests for a cell."""
        return self.sql(
            "SELECT g.manual_score, k.manual_comment FROM grade g JOIN base_cell c ON c.id = g.cell_id "
            "JOIN submitted_notebook n ON n.id = g.notebook_id "
            "JOIN submitted_assignment a ON a.id = n.assignment_id "
            "JOIN comment k ON k.notebook_id = n.id JOIN base_cell d ON d.id = k.cell_id AND d.name = c.name "
            f"WHERE a.student_id = '{STUDENT}' AND c.name = '{cell}'"
        )


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> DemoCourse:
    return DemoCourse(tmp_path_factory.mktemp("demo") / "course")


def test_from_the_menu_to_a_mark_by_hand_that_stays(room, jupyter, watched, tmp_path):
    page = watched.page
    page.goto(f"{jupyter}/lab")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click(timeout=PATIENCE)
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    grader = page.frame_locator("iframe[src*='formgrader']")
    grader.get_by_role("link", name="lab6").first.wait_for(timeout=PATIENCE)
    page.screenshot(path=tmp_path / "lab.png")

    page.goto(f"{jupyter}/formgrader/manage_submissions/lab6")
    rows = page.locator("tbody tr", has_text="demo")
    row = rows.filter(has_text=STUDENT)
    row.wait_for(timeout=PATIENCE)
    expect(rows).to_have_count(STUDENTS)
    ((points,),) = room.sql(
        "SELECT SUM(g.auto_score) FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id "
        f"JOIN submitted_assignment a ON a.id = n.assignment_id WHERE a.student_id = '{STUDENT}'"
    )
    expect(row).to_contain_text(f"{points:g} / 100")
    expect(row).to_contain_text("needs manual grading")
    page.screenshot(path=tmp_path / "class.png", full_page=True)

    ((notebook,),) = room.sql(
        "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
        "JOIN notebook b ON b.id = n.notebook_id "
        f"WHERE a.student_id = '{STUDENT}' AND b.name = 'logistic_regression'"
    )
    page.goto(f"{jupyter}/formgrader/submissions/{notebook}/?index=0")
    score = page.locator(f"input.score#{QUESTION}")
    score.wait_for(timeout=PATIENCE)
    score.fill("2")
    score.blur()
    comment = page.locator(f"textarea#{QUESTION}-comment")
    comment.fill("Which weight?")
    comment.blur()
    page.wait_for_timeout(1_000)
    comment.scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "by_hand.png")
    assert room.by_hand(QUESTION) == [(2.0, "Which weight?")]

    page.goto(f"{jupyter}/formgrader/manage_submissions/lab6")
    row.locator("td a:has(.glyphicon-flash)").first.click(timeout=PATIENCE)
    page.locator("#success-modal").wait_for(timeout=PATIENCE)
    expect(page.locator("#success-modal")).to_contain_text(
        f"Successfully autograded 'lab6' for student '{STUDENT}'"
    )
    page.goto(f"{jupyter}/formgrader/manage_submissions/lab6")
    expect(row).to_contain_text(f"{points + 2:g} / 100", timeout=PATIENCE)
    assert room.by_hand(QUESTION) == [(2.0, "Which weight?")]
    assert not watched.signs
