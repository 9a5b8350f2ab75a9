"""From results and marks to the numbers of a report."""

import pytest

from autograder.marks.table import Mark, Table
from autograder.reporting.counting import ByHand, bins_of, report_of
from autograder.result import CellResult, Outcome, Status
from tests.reporting.classes import class_of, result, test_result

HALF = [1.0, 0.0] * 10


def why(report, test):
    return [s.why for s in report.suspicions if s.test == f"nb/{test}" and s.serious]


def item(report, name):
    return next(item for item in report.items if item.name == f"nb/{name}")


def test_difficulty_is_the_mean_share_of_the_points():
    results = [result(f"s{n}", [test_result("a", points, 4)]) for n, points in enumerate([4, 4, 2, 0])]
    found = item(report_of("toy", results), "a")
    assert (found.mean, found.difficulty, found.taken, found.max) == (2.5, 0.625, 4, 4)
    assert found.outcomes == {Outcome.PASSED: 2, Outcome.PARTIAL: 1, Outcome.FAILED: 1}


def test_a_fault_is_no_mark():
    fault = test_result("a", 0, outcome=Outcome.FAULT)
    report = report_of("toy", [result("ada", [test_result("a", 1)]), result("bob", [fault])])
    assert (item(report, "a").taken, item(report, "a").difficulty) == (1, 1)
    assert report.failures == () and report.faults[0].where == "nb/a"
    assert report.holds and "bob" in report.holds[0]


def test_a_fault_is_told_by_what_it_said_last():
    told = {"fault": "Traceback ...\n  File x\nOSError: no room\n"}
    report = report_of("toy", [result("ada", status=Status.FAULT, withheld=told)])
    assert [(group.where, group.text) for group in report.faults] == [("the grader", "OSError: no room")]


def test_a_test_that_nearly_all_fail_looks_wrong():
    report = report_of("toy", class_of({"a": [0.0] * 19 + [1.0], "b": HALF}))
    assert why(report, "a")[0].startswith("19 of 20 have no point")
    assert why(report, "b") == []


def test_a_test_that_the_strong_fail_looks_wrong():
    strong = [1.0] * 10 + [0.0] * 10
    report = report_of("toy", class_of({"a": strong, "b": strong, "c": [1 - x for x in strong]}))
    assert "fewer points elsewhere (discrimination -1.00)" in why(report, "c")[0]


def test_a_test_that_alone_costs_the_best_their_points_looks_wrong():
    easy = {name: [1.0] * 20 for name in "abde"}
    report = report_of("toy", class_of({**easy, "c": [0.0] * 6 + [1.0] * 14}))
    assert why(report, "c") == [
        "6 of the 6 who lose points here lose none in any other test: is it too strict?"
    ]


def test_a_test_that_nobody_fails_is_told_but_is_not_serious():
    report = report_of("toy", class_of({"a": [1.0] * 20, "b": HALF}))
    assert [(s.test, s.serious) for s in report.suspicions] == [("nb/a", False)]


def test_a_test_without_points_is_never_suspicious():
    results = [result(f"s{n}", [test_result("a", 0, 0, outcome=Outcome.FAILED)]) for n in range(20)]
    report = report_of("toy", results)
    assert report.suspicions == () and item(report, "a").difficulty is None


def test_of_four_students_nothing_is_suspected():
    assert report_of("toy", class_of({"a": [0.0] * 4})).suspicions == ()


def test_what_stopped_a_cell_is_a_failure_too():
    cell = CellResult(3, "double", "solution", True, Outcome.ERROR, "NameError: name 'y' is not defined", 0.5)
    (group,) = report_of("toy", [result("ada", cells=[cell])]).failures
    assert (group.where, group.kind, group.students) == ("nb/double", "error", ("ada",))


def test_times_are_of_tests_of_cells_and_of_whole_submissions():
    cell = CellResult(3, "", "own", False, Outcome.PASSED, "", 2.0)
    skipped = CellResult(4, "why", "manual", True, Outcome.SKIPPED, "", 0.0)
    slow = result("bob", [test_result("a", 1, seconds=3.0)], [cell, skipped])
    report = report_of("toy", [result("ada", [test_result("a", 1, seconds=1.0)]), slow])
    assert report.slowest == (("bob", 5.0), ("ada", 1.0))
    assert (item(report, "a").seconds.most, item(report, "a").slowest) == (3.0, "bob")
    assert [(c.name, c.seconds.count) for c in report.cells] == [("nb/cells of students' own", 1)]


def test_incidents_are_grouped():
    report = report_of(
        "toy",
        [
            result(
                "ada", tampering=("cell 3 was changed",), limits=("2 MiB of output",), retries=("timeout",)
            ),
            result("bob", tampering=("cell 9 was changed",)),
            result("cyd", status=Status.NOT_GRADABLE, reason="not JSON"),
        ],
    )
    assert [(g.text, g.count) for g in report.tampering] == [("cell # was changed", 2)]
    assert [g.text for g in report.limits] == ["# MiB of output"]
    assert [g.text for g in report.retries] == ["timeout"]
    assert [(g.text, g.students) for g in report.unreadable] == [("not JSON", ("cyd",))]
    assert report.statuses == {Status.GRADED: 2, Status.NOT_GRADABLE: 1}


def mark(student, score, **fields):
    return Mark(student, submitted=True, raw_score=score, marked=True, **fields)


def test_marks_are_those_of_the_gradebook():
    marks = (
        mark("ada", 8.0, late_submission_penalty=3.0),
        mark("bob", 9.0, open=("nb/why",)),
        mark("cyd", 4.0, excused=True),
        Mark("dan"),
    )
    found = report_of("toy", [], Table("toy", None, 10.0, marks)).marks
    assert (found.spread.least, found.spread.most, found.max) == (5, 9, 10)
    counted = found.roster, found.handed_in, found.open, found.penalised, found.excused
    assert counted == (4, 2, 1, 1, 1)


def test_who_is_graded_and_not_in_the_gradebook_is_named():
    table = Table("toy", None, 1.0, (mark("s00", 1.0), Mark("s01")))
    (note,) = report_of("toy", class_of({"a": [1.0] * 3}), table).notes
    assert note.startswith("graded, but not in the gradebook, so not among the marks: s01, s02;")


def test_without_a_gradebook_marks_are_the_points_of_the_tests():
    found = report_of("toy", class_of({"a": HALF, "b": [1.0] * 20})).marks
    assert (found.automatic_only, found.max, found.spread.mean, found.handed_in) == (True, 2, 1.5, 20)


def test_an_answer_marked_by_hand_is_compared_with_the_sum_of_the_tests():
    results = class_of({"a": HALF, "b": HALF})
    scores = {r.student: 3.0 * (place % 2 == 0) for place, r in enumerate(results)} | {"s00": None}
    found = item(report_of("toy", results, by_hand=[ByHand("nb/why", 4.0, scores)]), "why")
    assert (found.by_hand, found.taken, found.difficulty) == (True, 19, pytest.approx(27 / 19 / 4))
    assert found.discrimination == pytest.approx(1)


def test_the_class_is_read_one_at_a_time():
    report = report_of("toy", iter(class_of({"a": HALF})))
    assert report.graded == 20


def test_nobody_is_a_report_too():
    report = report_of("toy", [])
    assert (report.items, report.marks.spread, report.seconds, report.graded) == ((), None, None, 0)


def test_bins_hold_everybody_once():
    bins = bins_of([0, 0.99, 1, 9.99, 10, 12], 10)
    assert [b.students for b in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1]
    assert (bins[-1].low, bins[-1].high) == (10, 12)
    assert len(bins_of([0, 10], 10)) == 10 and bins_of([], 10) == () == bins_of([1], 0)
