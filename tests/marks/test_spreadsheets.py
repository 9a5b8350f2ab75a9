"""Files of platforms as hostile data, and cells that a spreadsheet would compute."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.marks.spreadsheets import (
    MAX_CELL,
    looks_like_formula,
    number_of,
    read_sheet,
    safe_cell,
    written,
)
from tests.marks.tables import sheet

FORMULAS = [
    '=HYPERLINK("http://x","marks")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\ufeff=1",
    "\u200b@x",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", [0.0, -1.5, 3, None, True, "-1.5", "+49123", "1,5", "Ada", "a=b", "x-y", ""]
)
def test_numbers_and_plain_text_stay(value):
    assert safe_cell(value) == value


@given(st.text(max_size=30))
def test_no_cell_is_computed_after_it_was_made_safe(text):
    shown = safe_cell(text)
    assert not looks_like_formula(shown) and "\0" not in shown


def test_a_huge_cell_is_cut_and_says_so():
    cell = safe_cell("x" * 100_000)
    assert len(cell) == MAX_CELL and cell.endswith("[...]")


@pytest.mark.parametrize(
    "value, decimals, comma, text",
    [
        (12.0, 2, True, "12,00"),
        (2.675, 2, False, "2.68"),
        (1 / 3, 2, False, "0.33"),
        (7.5, 3, False, "7.500"),
    ],
)
def test_a_mark_is_written_in_the_style_of_the_file(value, decimals, comma, text):
    assert written(value, decimals, comma) == text


@pytest.mark.parametrize(
    "cell, number", [("12,50", 12.5), (" 3 ", 3), ("EX", None), ("1e5", None), ("-", None)]
)
def test_a_number_has_a_point_or_a_comma(cell, number):
    assert number_of(cell) == number


@pytest.mark.parametrize(
    "data, told",
    [
        (b"Student,ID\n\xff\xfe,1\n", "not UTF-8"),
        (b"Student,ID\n\0,1\n", "NUL"),
        (b'Student,ID\n"open,1\nbob,2\n', "no CSV file"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path, data, told):
    with pytest.raises(UsageError, match=told):
        sheet(tmp_path, data)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_sheet(tmp_path / "gone.csv")


def test_delimiter_line_ends_and_mark_of_order_come_back(tmp_path):
    data = "\ufeffa;b\r\n1,5;x\r\n"
    found = sheet(tmp_path, data)
    assert found.header == ("a", "b")
    assert found.text([found.header, *(row.cells for row in found.rows)]) == data


def test_cells_of_any_size_and_newlines_in_them_are_read(tmp_path):
    text = "x" * 300_000 + '\n"quoted"'
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], [text, "2"]])
    (row,) = sheet(tmp_path, out.getvalue()).rows
    assert row.cells == (text, "2")
    assert csv.field_size_limit() == 131_072
