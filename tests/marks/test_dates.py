"""Times as Moodle writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marks.dates import read_date


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Wednesday, September 23, 2020, 9:05 PM", (2020, 9, 23, 21, 5)),
        ("Wednesday, 23 September 2020, 12:00 AM", (2020, 9, 23, 0, 0)),
        ("Mittwoch, 4. März 2020, 21:05", (2020, 3, 4, 21, 5)),
        ("mercredi 12 février 2020, 08:05", (2020, 2, 12, 8, 5)),
        ("lunes, 5 de octubre de 2026, 10:00", (2026, 10, 5, 10, 0)),
        ("segunda-feira, 14 set. 2026, 21:51", (2026, 9, 14, 21, 51)),
        ("martedì, 7 luglio 2026, 09:30", (2026, 7, 7, 9, 30)),
        ("woensdag 6 mei 2026, 09:30", (2026, 5, 6, 9, 30)),
    ],
)
def test_languages_that_are_known(text, expected):
    assert read_date(text, UTC) == datetime(*expected)


def test_the_time_zone_counts():
    found = read_date("1 July 2026, 12:00", ZoneInfo("Europe/Berlin"))
    assert found == datetime(2026, 7, 1, 10, 0)


@pytest.mark.parametrize(
    "text", ["-", "", "2026", "99 July 2026, 12:00", "July 2026, 12:00", "1 July 2026, 25:00"]
)
def test_what_is_no_time_is_none(text):
    assert read_date(text, UTC) is None


@given(st.text(max_size=60))
def test_nothing_that_a_cell_may_hold_is_an_error(text):
    found = read_date(text, UTC)
    assert found is None or found.tzinfo is None
