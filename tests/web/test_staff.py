"""The pages of staff: what they show, what they change, and who may do it."""

import csv
import gc
import html
import io
import json
import re

import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Assignment
from autograder.gradebook import Projection
from autograder.marks.pseudonyms import Pseudonyms
from autograder.pages import digest_of
from autograder.result import Outcome
from autograder.web.classtable import ClassTable
from autograder.web.grader import HANDLERS, GradingProcess
from autograder.web.queue import Jobs, JobState
from tests.test_gradebook import graded
from tests.web.staffroom import HOSTILE, HOSTILE_ID, WHY, at, hand_in, staffroom, standing


@pytest.fixture
def room(tmp_path):
    return staffroom(tmp_path / "course")


@pytest.fixture
def gus(served):
    """A grader."""
    return served.visitor("gus")


@pytest.fixture
def ina(served):
    """An instructor."""
    return served.visitor("ina")


def pseudonym(room, student: str) -> str:
    return Pseudonyms.of(room.course).of_student(student)


def mark(visitor, room, student="ada", points="3", **fields):
    seen = fields.pop("seen", standing(room, student).version)
    return visitor.post(WHY, {"who": pseudonym(room, student), "seen": seen, "points": points, **fields})


def override(visitor, room, student="ada", points="1", reason="a typing error", **fields):
    fields = {"question": "nb/test_double", "seen": standing(room, student, "test_double").version, **fields}
    return visitor.post(f"{at(student)}/override", {"points": points, "reason": reason, **fields})


PAGES = (
    "/staff",
    "/staff/toy",
    "/staff/toy/class",
    "/staff/toy/class?columns=questions&sort=nb/why&order=down",
    "/staff/toy/questions/nb/test_text",
    "/staff/toy/questions/nb/why",
    "/staff/toy/students/ada",
    "/staff/toy/marking",
    WHY,
)
INSTRUCTORS = (
    "/staff/toy/regrade",
    "/staff/toy/release",
    "/staff/toy/export",
    "/accounts",
    "/audit",
    "/audit.csv",
)


@pytest.mark.parametrize("path", PAGES)
def test_graders_see_the_class(gus, path):
    assert gus.get(path).status_code == 200


def test_a_table_that_is_replaced_goes_without_a_collection(gus, served, monkeypatch):
    # what was read of a class is hidden from the collector: a cycle in it would stay for ever
    monkeypatch.setattr(gc, "freeze", gc.collect)
    gc.collect()
    already = sum(type(one) is ClassTable for one in gc.get_objects())
    gc.disable()
    try:
        for _ in range(3):
            mark(gus, served.room)  # another table each time
            for path in PAGES:
                gus.get(path)
        held = sum(type(one) is ClassTable for one in gc.get_objects())
    finally:
        gc.enable()
    assert held - already <= 1


@pytest.mark.parametrize("path", INSTRUCTORS)
def test_the_rest_is_for_instructors(gus, ina, path):
    assert ina.get(path).status_code == 200
    assert gus.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        f"{at('ada')}/override",
        "/staff/toy/regrade",
        "/staff/toy/regrade/1",
        "/staff/toy/release",
        "/staff/toy/export/csv",
        "/accounts",
    ],
)
def test_a_grader_can_change_none_of_it(gus, room, path):
    before = room.sql("SELECT * FROM grade")
    assert gus.post(path, {"marks": "yes", "account": "ina", "which": "all"}).status_code == 403
    assert room.sql("SELECT * FROM grade") == before


@pytest.mark.parametrize("path", [*PAGES, *INSTRUCTORS])
def test_a_student_sees_none_of_it(served, path):
    assert served.visitor("ada").get(path).status_code == 403


@pytest.mark.parametrize(
    "path", [WHY, f"{WHY}/undo", f"{WHY}/phrases", f"{at('ada')}/override", "/staff/toy/release"]
)
def test_a_form_that_is_not_ours_changes_nothing(ina, room, served, path):
    before = room.sql("SELECT * FROM grade")
    data = {
        "who": pseudonym(room, "ada"),
        "seen": standing(room, "ada").version,
        "points": "1",
        "marks": "yes",
    }
    assert ina.client.post(path, data=data).status_code == 403
    assert ina.client.post(path, data={**data, "csrf": "x" * 40}).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    assert ina.post(path, data, headers=elsewhere).status_code == 403
    assert room.sql("SELECT * FROM grade") == before
    assert not served.site.store.release("toy").marks


@pytest.mark.parametrize(
    "path",
    [
        "/staff/nothing",
        "/staff/toy/students/nobody",
        "/staff/toy/questions/nb/none",
        "/staff/toy/marking/nb/test_text",
    ],
)
def test_what_is_not_there_is_not_found(ina, path):
    assert ina.get(path).status_code == 404


# Marking ------------------------------------------------------------------------------------------


def test_a_mark_stands_in_nbgrader_s_gradebook(gus, room):
    assert mark(gus, room, points="2,5", extra="1", comment="Say why.").status_code == 303
    with Gradebook(room.course.db_url) as gradebook:
        grade = gradebook.find_grade("why", "nb", "toy", "ada")
        assert (grade.manual_score, grade.extra_credit, grade.needs_manual_grade) == (2.5, 1, False)
        assert gradebook.find_comment("why", "nb", "toy", "ada").comment == "Say why."
        assert gradebook.find_submission("toy", "ada").score == 2 + 2.5 + 1


def test_after_a_mark_comes_the_next_answer_that_waits(gus, room):
    first, second = sorted(["ada", "bob"], key=lambda who: pseudonym(room, who))
    assert f"The answer of {first}" in gus.get(WHY).text
    there = mark(gus, room, first).headers["location"]
    page = gus.get(there).text
    assert f"The answer of {second}" in page and "1 of 2 marked" in page
    last = gus.get(mark(gus, room, second).headers["location"]).text
    assert "All 2 answers are marked" in last


def test_names_are_hidden_until_they_are_asked_for(gus, room):
    hand_in(room, "ada", "Because.")
    hand_in(room, "bob", "Because.")
    page = gus.get(f"{WHY}?who={pseudonym(room, 'ada')}").text
    assert "Lovelace" not in page and not re.search(r"\bada\b", page)
    assert "Lovelace" in gus.get(f"{WHY}?who={pseudonym(room, 'ada')}&names=shown").text
    there = mark(gus, room, "ada").headers["location"]
    assert not re.search(r"\bada\b", gus.get(there).text)


def test_the_second_of_two_graders_is_told_and_loses_nothing(gus, ina, room):
    seen = standing(room, "ada").version
    mark(gus, room, points="4", seen=seen)
    told = mark(ina, room, points="1", comment="Mine.", seen=seen)
    assert told.status_code == 409
    assert "Somebody else has marked" in told.text and "4 points" in told.text and "Mine." in told.text
    assert standing(room, "ada").points == 4
    assert (
        mark(ina, room, points="1", seen=re.search('name="seen" value="(.*?)"', told.text)[1]).status_code
        == 303
    )


@pytest.mark.parametrize("points", ["5", "-1", "nan", "inf", "x", "1e400", "9" * 50])
def test_points_that_cannot_be_are_said_and_what_was_typed_stays(gus, room, points):
    answer = mark(gus, room, points=points, comment="Long thoughts.")
    assert answer.status_code == 422
    assert "Long thoughts." in answer.text and 'role="alert"' in answer.text
    assert standing(room, "ada").manual_score is None


def test_a_mark_can_be_taken_back_and_the_one_before_it_too(gus, room):
    mark(gus, room, "ada", "3", comment="Good.")
    mark(gus, room, "bob", "1")
    for student in ("bob", "ada"):
        gus.post(f"{WHY}/undo")
        assert standing(room, student).needs_manual_grade and standing(room, student).comment == ""
    page = gus.get(gus.post(f"{WHY}/undo").headers["location"]).text
    assert "no mark of yours to take back" in page


def test_what_another_changed_since_is_not_taken_back(gus, ina, room):
    mark(gus, room, points="3")
    mark(ina, room, points="1")
    page = gus.get(gus.post(f"{WHY}/undo").headers["location"]).text
    assert "it was not taken back" in page
    assert standing(room, "ada").points == 1


def test_a_test_cannot_be_marked_by_a_grader_by_its_address(gus, room):
    fields = {
        "who": pseudonym(room, "ada"),
        "seen": standing(room, "ada", "test_text").version,
        "points": "3",
    }
    assert gus.post("/staff/toy/marking/nb/test_text", fields).status_code == 404


def test_comments_are_kept_to_be_used_again_and_removed(gus, ina):
    gus.post(f"{WHY}/phrases", {"text": "Say why.", "points": "2"})
    page = ina.get(WHY).text
    assert 'data-say="Say why."' in page and 'data-worth="2"' in page
    ina.post(f"{WHY}/phrases", {"remove": "1"})
    assert "Say why." not in gus.get(WHY).text


def test_only_so_many_comments_are_kept_as_there_are_keys(gus):
    answers = [gus.post(f"{WHY}/phrases", {"text": f"Comment {n}"}).status_code for n in range(10)]
    assert answers == [303] * 9 + [409]


# Overriding ---------------------------------------------------------------------------------------


def test_a_test_is_overridden_with_a_reason_that_is_kept(ina, room, served):
    assert override(ina, room).status_code == 303
    assert standing(room, "ada", "test_double").points == 1
    (entry,) = served.site.store.trail(what="override")
    assert (entry.who, entry.student, entry.question, entry.reason) == (
        "ina",
        "ada",
        "nb/test_double",
        "a typing error",
    )
    assert (json.loads(entry.before)["points"], json.loads(entry.after)["points"]) == (2, 1)
    with Gradebook(room.course.db_url) as gradebook:
        assert gradebook.find_grade("test_double", "nb", "toy", "ada").score == 1


def test_without_a_reason_nothing_is_overridden_and_what_was_typed_stays(ina, room):
    answer = override(ina, room, points="1,5", reason=" ")
    assert answer.status_code == 422 and 'value="1,5"' in answer.text
    assert standing(room, "ada", "test_double").points == 2


def test_an_override_is_shown_with_what_the_grader_gave_and_survives_a_regrade(ina, room):
    override(ina, room)
    assert "overridden; the grader gave 2" in ina.get(at("ada")).text
    with Projection(room.course.db_url) as projection:
        projection.project(graded(Outcome.FAILED), Assignment.load(room.course, "toy"), None)
    assert standing(room, "ada", "test_double").points == 1


def test_no_mark_is_written_that_the_trail_cannot_hold(ina, room, served, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(type(served.site.store), "audit", full)
    with pytest.raises(OSError):
        override(ina, room)
    assert standing(room, "ada", "test_double").points == 2


# The class ----------------------------------------------------------------------------------------


def test_the_class_is_searched_filtered_and_sorted(gus):
    assert "Lovelace, Ada" in gus.get("/staff/toy/class?search=love").text
    assert "1 student" in gus.get("/staff/toy/class?search=love").text
    assert "Nobody." in gus.get("/staff/toy/class?state=fault").text
    page = gus.get("/staff/toy/class?sort=score&order=down").text
    assert page.index("Lovelace") < page.index(">bob<")
    assert 'aria-sort="descending"' in page


def test_htmx_gets_the_lines_alone(gus):
    part = gus.get("/staff/toy/class?search=bob", headers={"hx-request": "true"}).text
    assert "<html" not in part and "bob" in part


@pytest.mark.parametrize(
    "query", ["page=-1", "page=99999", "page=x", "page=" + "9" * 30, "sort=%00", "state=%27"]
)
def test_nonsense_in_an_address_shows_the_class(gus, query):
    assert gus.get(f"/staff/toy/class?{query}").status_code == 200


def test_a_mark_is_in_the_table_at_once(gus, room):
    gus.get("/staff/toy/class")
    mark(gus, room, points="4")
    assert re.search(r"Lovelace.*?<td class=\"number\">6</td>", gus.get("/staff/toy/class").text, re.S)


def test_a_question_tells_what_its_test_said_to_whom(gus):
    page = gus.get("/staff/toy/questions/nb/test_double").text
    assert "passed" in page and "failed" in page and at("bob") in page


def test_a_submission_shows_its_executed_notebook(gus):
    page = gus.get(at("ada")).text
    assert "printed by ada" in page and "The answer of ada" in page


# Hostile texts ------------------------------------------------------------------------------------


def test_nothing_that_people_wrote_is_markup(gus, ina, room):
    hand_in(room, "ada", HOSTILE)
    room.sql(f"UPDATE student SET last_name = '{HOSTILE}' WHERE id = 'ada'")
    mark(gus, room, comment=HOSTILE)
    gus.post(f"{WHY}/phrases", {"text": HOSTILE})
    override(ina, room, reason=HOSTILE)
    ask = f"?who={pseudonym(room, 'ada')}&names=shown"
    for path in (*PAGES, *INSTRUCTORS[:-1], at("ada"), WHY + ask, f"/audit?who={HOSTILE}"):
        page = ina.get(path)
        assert '<script src="/PWNED' not in page.text and "<img src=x" not in page.text, path
        assert "script-src 'self'" in page.headers["content-security-policy"]


def test_an_id_may_be_anything_that_a_folder_can_be(ina, room):
    result = graded(student=HOSTILE_ID)
    result.write_atomically(room.course.result_path("toy", HOSTILE_ID))
    with Projection(room.course.db_url) as projection:
        projection.project(result, Assignment.load(room.course, "toy"), None)
    hand_in(room, HOSTILE_ID, "Because.")
    page = ina.get(at(HOSTILE_ID))
    assert page.status_code == 200 and "<b onmouseover" not in page.text
    assert mark(ina, room, HOSTILE_ID, "3").status_code == 303
    assert "<b onmouseover" not in ina.get("/audit").text
    assert standing(room, HOSTILE_ID).points == 3


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": [1]}', b"[" * 100_000, b'{"cells": {"a": 1}}'])
def test_a_damaged_notebook_is_said(gus, room, data):
    room.write("autograded/ada/toy/nb.ipynb", data)
    page = gus.get(at("ada"))
    assert page.status_code == 200 and "damaged" in page.text


def test_html_of_a_student_s_output_is_cleaned_and_stands_in_a_frame_without_script(gus, room):
    path = room.root / "autograded/ada/toy/nb.ipynb"
    content = json.loads(path.read_text())
    data = {"text/html": f"<b>bold</b>{HOSTILE}"}
    content["cells"][2]["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    path.write_text(json.dumps(content))
    page = gus.get(at("ada"))
    (framed,) = re.findall(r'<iframe sandbox srcdoc="([^"]*)"', page.text)
    document = html.unescape(framed)
    assert "<b>bold</b>" in document and "<b>bold</b>" not in page.text
    assert "PWNED" not in page.text and "onerror" not in document
    (style,) = re.findall(r"<style>(.*?)</style>", document)
    assert digest_of(style) in page.headers["content-security-policy"]


# Going out ----------------------------------------------------------------------------------------


def test_marks_are_released_and_withdrawn_and_both_are_in_the_trail(ina, served):
    ina.post("/staff/toy/release", {"marks": "yes"})
    assert served.site.store.release("toy").marks
    ina.post("/staff/toy/release")
    assert not served.site.store.release("toy").marks
    assert len(served.site.store.trail(what="release")) == 2


def test_marks_that_should_be_held_back_are_released_only_if_asked_for(ina, room, served):
    graded(text=Outcome.FAULT).write_atomically(room.course.result_path("toy", "ada"))
    assert ina.post("/staff/toy/release", {"marks": "yes"}).status_code == 409
    assert not served.site.store.release("toy").marks
    assert ina.post("/staff/toy/release", {"marks": "yes", "anyway": "yes"}).status_code == 303


def test_marks_are_exported_without_formulas(ina, room, served):
    room.sql("UPDATE student SET first_name = '=HYPERLINK(\"//evil\")' WHERE id = 'bob'")
    sent = ina.post("/staff/toy/export/csv")
    assert sent.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(sent.text)))
    assert [row["first_name"] for row in rows] == ["Ada", '\'=HYPERLINK("//evil")']
    assert [entry.what for entry in served.site.store.trail(limit=1)] == ["export"]


def test_a_canvas_gradebook_is_filled_in(ina, room):
    sheet = "Student,ID,SIS User ID,SIS Login ID,Section,toy (7)\nAda Lovelace,1,,ada,,\n"
    file = {"file": ("grades.csv", sheet.encode(), "text/csv")}
    sent = ina.post("/staff/toy/export/canvas", files=file)
    assert sent.status_code == 200
    assert "Ada Lovelace,1,,ada,,2" in sent.text
    assert "nothing was written" in ina.post("/staff/toy/export/canvas", {"look": "yes"}, files=file).text


@pytest.mark.parametrize("sheet", [b"", b"\x00\xff", b"a,b\n"])
def test_a_file_that_is_none_is_refused_with_what_to_do(ina, sheet):
    sent = ina.post("/staff/toy/export/moodle", files={"file": ("../../x", sheet, "text/csv")})
    assert sent.status_code == 409 and "/tmp" not in sent.text


# Grading again ------------------------------------------------------------------------------------


def test_a_regrade_is_shown_before_it_is_done(ina, served):
    jobs = Jobs(served.site.store)
    there = ina.post("/staff/toy/regrade", {"which": "some", "students": "ada, bob"}).headers["location"]
    assert "Waits for its turn" in ina.get(there).text
    assert ina.post(there).status_code == 409  # not before it is shown
    job = jobs.take()
    assert (job.kind, job.options["students"]) == ("preview", ["ada", "bob"])
    move = {
        "student": "ada",
        "test": "nb/test_double",
        "before": 2.0,
        "after": 0.0,
        "why": HOSTILE,
        "message": HOSTILE,
    }
    jobs.end(job, {"moves": [move], "by_hand": [], "new": [], "unchanged": 1, "in_the_way": [], "faults": []})
    page = ina.get(there).text
    assert "Grade again for good" in page and "<img src=x" not in page
    assert jobs.take() is None
    done = ina.post(there).headers["location"]
    assert ina.post(there).headers["location"] == done  # twice is once
    job = jobs.take()
    assert (job.kind, job.options["students"]) == ("regrade", ["ada", "bob"])
    jobs.end(job)
    assert jobs.take() is None


def test_what_is_in_the_way_of_a_regrade_is_said_and_stops_it(ina, served):
    jobs = Jobs(served.site.store)
    there = ina.post("/staff/toy/regrade", {"which": "all"}).headers["location"]
    jobs.end(jobs.take(), {"moves": [], "in_the_way": ["marks by hand would be lost"]})
    assert "marks by hand would be lost" in ina.get(there).text
    assert ina.post(there).status_code == 409
    assert jobs.take() is None


def test_nothing_else_is_carried_out_than_what_was_shown(room, served):
    process = GradingProcess(room.course, served.site.store, HANDLERS)
    jobs = served.site.jobs
    shown = jobs.add("preview", "toy", "ina", students=["ada"])
    jobs.end(jobs.take(), {"moves": [], "digest": "of other tests"})
    jobs.add("regrade", "toy", "ina", students=["ada"], preview=shown)
    process.step()
    (job, _) = jobs.of("toy")
    assert job.state is JobState.FAILED and "changed after the preview" in job.note
    process.close()


def test_feedback_is_written_when_it_is_released(ina, room, served):
    ina.post("/staff/toy/release", {"feedback": "yes"})
    assert served.site.store.release("toy").feedback
    process = GradingProcess(room.course, served.site.store, HANDLERS)
    process.step()
    (job,) = served.site.jobs.of("toy")
    assert (job.kind, job.state, job.answer["problems"]) == ("feedback", JobState.DONE, [])
    assert (room.course.feedback("ada", "toy") / "nb.html").is_file()
    assert "2 pages written" in ina.get(f"/staff/toy/regrade/{job.number}").text
    process.close()


def test_nobody_unknown_is_graded_again(ina, served):
    assert ina.post("/staff/toy/regrade", {"which": "some", "students": "eve"}).status_code == 409
    assert ina.post("/staff/toy/regrade", {"which": "some"}).status_code == 409
    assert Jobs(served.site.store).take() is None


# People and the trail -----------------------------------------------------------------------------


def test_a_new_link_is_shown_once_and_noted_without_its_secret(ina, served):
    page = ina.post("/accounts", {"account": "bob"}).text
    secret = re.search(r"/enter/([\w-]+)", page)[1]
    assert served.accounts.by_link(secret).id == "bob"
    assert secret not in ina.get("/accounts").text
    (entry,) = served.site.store.trail(what="link")
    assert entry.student == "bob" and secret not in repr(entry)


def test_the_trail_is_filtered_and_comes_as_a_file_without_formulas(ina, gus, room):
    mark(gus, room, "ada", comment="=1+1")
    override(ina, room, reason="=1+1")
    assert "by hand" in ina.get("/audit?who=gus").text
    assert "nb/test_double" not in ina.get("/audit?who=gus").text
    rows = list(csv.DictReader(io.StringIO(ina.get("/audit.csv?student=ada").text)))
    assert [(row["who"], row["what"]) for row in rows] == [("ina", "override"), ("gus", "mark")]
    assert rows[0]["reason"] == "'=1+1"
