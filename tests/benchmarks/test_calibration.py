"""The tables of the calibration, from what was measured."""

import math

from benchmarks.calibration import Condition, Found, by_test, table

PLACE = ("test_a", "values")


def test_a_row_has_the_nearest_answers_and_what_the_distance_depends_on():
    found = Found(single={"right/far"})
    found.tolerances[PLACE].add("1e-06")
    found.right[PLACE]["right/near"] = {Condition(0): 0.2, Condition(1): 0.5, Condition(0, threads=2): 0.25}
    found.right[PLACE]["right/far"] = {Condition(0): 0.01, Condition(0, busy=True): 0.04}
    found.wrong[PLACE] = {"wrong/close": 1.5, "wrong/wild": 900.0}
    row = [cell.strip() for cell in table(found).splitlines()[2].strip("|").split("|")]
    assert row[:3] == ["`test_a`", "values", "1e-06"]
    assert row[3:9] == ["2", "0.27", "0.5", "0.04", "0.3", "0.05"]
    assert row[9:] == ["near", "1.5", "close"]


def test_wrong_answers_are_counted_by_what_decided():
    found = Found()
    found.failing["test_a"] = {"wrong/close": 1.5, "wrong/wild": 900.0, "wrong/type": math.inf}
    row = [cell.strip() for cell in by_test(found).splitlines()[2].strip("|").split("|")]
    assert row == ["`test_a`", "3", "2", "1", "1.5", "close"]
