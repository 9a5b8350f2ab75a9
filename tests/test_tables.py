import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.tables import Table, read_table


def table(folder, data: bytes) -> Table:
    path = folder / "table.csv"
    path.write_bytes(data)
    return read_table(path)


@pytest.mark.parametrize(
    "data",
    [
        b"id,name\nada,Ada\n",
        b"\xef\xbb\xbfid,name\r\nada,Ada\r\n",
        b"id;name\nada;Ada\n",
        b'"id"\t"name"\n"ada"\t"Ada"',
        b" id , name \n\n ada , Ada , more\n\n",
    ],
)
def test_a_table_is_read_whatever_wrote_it(tmp_path, data):
    ((_, row),) = table(tmp_path, data).rows
    assert (row["id"], row["name"]) == ("ada", "Ada")


def test_rows_know_their_lines(tmp_path):
    rows = table(tmp_path, b'id,note\na,"two\nlines"\n\nb\n').rows
    assert [(line, row["id"], row["note"]) for line, row in rows] == [(3, "a", "two\nlines"), (5, "b", "")]


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "empty"),
        (b"\xff\xfei\x00d\x00", "UTF-8"),
        (b"id,id\n", "two columns are called 'id'"),
        (b'id\n"open\nada\n', "no CSV file"),
    ],
)
def test_what_is_no_table_is_one_line(tmp_path, data, words):
    with pytest.raises(UsageError, match=words) as error:
        table(tmp_path, data)
    assert "\n" not in str(error.value)


def test_a_missing_column_is_named_with_the_nearest(tmp_path):
    with pytest.raises(
        UsageError, match=r"no column 'student_id'; is it 'studentid'\? Call that 'student_id'"
    ):
        table(tmp_path, b"group,studentid\n").require(["group", "student_id"])


@given(data=st.binary(max_size=60))
def test_any_bytes_are_a_table_or_one_line(tmp_path_factory, data):
    try:
        table(tmp_path_factory.getbasetemp(), data)
    except UsageError as error:
        assert len(str(error).splitlines()) == 1
