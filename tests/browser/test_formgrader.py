"""nbgrader's formgrader on a course of ours, as an instructor uses it: with the wall behind its button."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import payloads
from tests.classroom import REPOSITORY, Classroom

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds


@pytest.fixture(scope="module")
def room(tmp_path_factory, servers) -> Classroom:
    made = Classroom(tmp_path_factory.mktemp("formgrader") / "course", servers)
    shutil.copy(REPOSITORY / "nbgrader_config.py", made.root)
    made.hand_in("ada")
    made.hand_in("bob", half="def half(x):\n    return 1.5")
    made.hand_in("eve", half=payloads.ANSWER, why="\n\n".join(payloads.MARKDOWN))
    made.hand_in("ill", half="def half(x):\n    return x")
    assert made.points() == {"ada": 5, "bob": 5, "eve": 5, "ill": 2}
    return made


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def row(page: Page, student: str):
    return page.locator("#submissions-list, tbody").locator("tr", has_text=student).first


def manual(room: Classroom, student: str) -> list[tuple[float | None, float | None, str | None]]:
    return room.sql(
        "SELECT g.manual_score, g.extra_credit, k.manual_comment FROM grade g "
        "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN submitted_assignment a ON a.id = n.assignment_id "
        "LEFT JOIN comment k ON k.notebook_id = n.id JOIN base_cell d ON d.id = k.cell_id AND d.name = 'why' "
        f"WHERE a.student_id = '{student}' AND c.name = 'why'"
    )


def test_it_shows_our_scores(room, jupyter, watched, pictures):
    page = watched.page
    page.goto(f"{jupyter}/formgrader/manage_submissions/toy")
    expect(row(page, "ada")).to_contain_text("5 / 9", timeout=PATIENCE)
    expect(row(page, "ill")).to_contain_text("2 / 9")
    expect(row(page, "ada")).to_contain_text("needs manual grading")
    page.screenshot(path=pictures / "submissions.png", full_page=True)
    assert not watched.signs


def test_a_mark_by_hand_stays_when_the_button_grades_again(room, jupyter, watched, pictures):
    page = watched.page
    ((number,),) = room.sql(
        "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
        "WHERE a.student_id = 'ill'"
    )
    page.goto(f"{jupyter}/formgrader/submissions/{number}/?index=0")
    score = page.locator("input.score#why")
    score.wait_for(timeout=PATIENCE)
    score.fill("3")
    score.blur()
    comment = page.locator("textarea#why-comment")
    comment.fill("Say why two.")
    comment.blur()
    page.wait_for_timeout(1_000)
    page.screenshot(path=pictures / "by_hand.png", full_page=True)
    assert manual(room, "ill") == [(3.0, None, "Say why two.")]

    room.hand_in("ill")  # mended, and handed in again
    page.goto(f"{jupyter}/formgrader/manage_submissions/toy")
    button = row(page, "ill").locator(".autograde a, td a:has(.glyphicon-flash)").first
    button.wait_for(timeout=PATIENCE)
    button.click()
    page.locator("#success-modal").wait_for(timeout=PATIENCE)
    expect(page.locator("#success-modal")).to_contain_text("Successfully autograded 'toy' for student 'ill'")
    page.screenshot(path=pictures / "button.png", full_page=True)
    page.goto(f"{jupyter}/formgrader/manage_submissions/toy")
    expect(row(page, "ill")).to_contain_text("8 / 9", timeout=PATIENCE)
    assert manual(room, "ill") == [(3.0, None, "Say why two.")]
    assert room.marks_of("ill")["test_half"] == (3.0, 0)
    assert not watched.signs


def test_the_button_takes_a_hostile_submission(room, jupyter, watched, pictures):
    page = watched.page
    page.goto(f"{jupyter}/formgrader/manage_submissions/toy")
    button = row(page, "eve").locator("td a:has(.glyphicon-flash)").first
    button.wait_for(timeout=PATIENCE)
    button.click()
    page.locator("#success-modal").wait_for(timeout=PATIENCE)
    ((number,),) = room.sql(
        "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
        "WHERE a.student_id = 'eve'"
    )
    page.goto(f"{jupyter}/formgrader/submissions/{number}/?index=0")
    page.wait_for_selector("text=test_double", timeout=PATIENCE)
    page.wait_for_timeout(3_000)
    page.screenshot(path=pictures / "hostile.png", full_page=True)
    assert page.get_by_text("a harmless output").count()
    assert not watched.signs
