"""`autograder report`: the page, the CSV files, and what hostile or damaged results do to them."""

import csv
import io
import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.history import History
from autograder.reporting.counting import report_of
from autograder.reporting.page import page_of
from autograder.reporting.report import write_report
from autograder.result import CellResult, Outcome
from tests.classroom import Classroom
from tests.reporting.classes import class_of, result, test_result

EVIL = "<script>PWNED</script><img src=x onerror=PWNED>\"'{{ who }}\x00\x1b[31m\ud800"
FORMULA = '=HYPERLINK("http://PWNED","mark")'


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path / "course")


def keep(room, *results):
    """Results as grading leaves them, and their marks."""
    for each in results:
        each.write_atomically(room.course.result_path("toy", each.student))
    assignment = room.context().assignment
    with Projection(room.course.db_url) as projection:
        projection.register(assignment)
        for each in results:
            projection.project(each, assignment, None)


def toy(student, double=2.0, half=3.0, message="", **fields):
    tests = [test_result("test_double", double, 2.0, message), test_result("test_half", half, 3.0, message)]
    return result(student, tests, **fields)


def rows(folder, name):
    return list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8"))))


def test_the_page_and_the_files_agree_with_the_gradebook(room):
    keep(room, toy("ada"), toy("bob", half=0.0, message="off by 0.5"), toy("cyd", 0.0, 0.0, "off by 0.25"))
    room.sql("UPDATE grade SET manual_score = 4, needs_manual_grade = 0 WHERE auto_score IS NULL")
    report, page = write_report(room.course, "toy")
    assert page == room.root / ".autograder/reports/toy/index.html"
    assert (report.marks.spread.most, report.marks.max, report.marks.open) == (9, 9, 0)
    assert [(row["test"], row["points"], row["mean"]) for row in rows(page.parent, "tests.csv")] == [
        ("nb/test_double", "2.0", str(4 / 3)),
        ("nb/test_half", "3.0", "1.0"),
        ("nb/why", "4.0", "4.0"),
    ]
    assert sum(int(row["students"]) for row in rows(page.parent, "marks.csv")) == 3
    failures = rows(page.parent, "failures.csv")
    assert [(row["where"], row["message"], row["students"]) for row in failures] == [
        ("nb/test_half", "off by #", "2"),
        ("nb/test_double", "off by #", "1"),
    ]
    linked = re.findall(r'href="([^"#]+\.csv)"', page.read_text())
    assert sorted(linked) == sorted(path.name for path in page.parent.glob("*.csv"))


def test_an_open_answer_counts_for_nothing_yet(room):
    keep(room, toy("ada"), toy("bob"))
    report, _ = write_report(room.course, "toy")
    why = report.items[-1]
    assert (why.name, why.taken, why.difficulty) == ("nb/why", 0, None)
    assert report.marks.open == 2


WIDTHS = ("±", "the middle half", "Discrimination is of")


@pytest.mark.parametrize(("students", "told"), [(2, False), (9, False), (10, True)])
def test_few_students_have_a_middle_and_no_spread(students, told):
    given = {f"t{n}": [float(place % (n + 2) > 0) for place in range(students)] for n in range(3)}
    page = page_of(report_of("toy", class_of(given)), datetime(2026, 11, 27))
    assert [words in page for words in WIDTHS] == [told] * 3
    assert "<dt>median</dt>" in page and "<dt>mean</dt>" in page
    assert ("Half of them lie between" in page) == told
    assert ("Discrimination needs ten students" in page) != told


@pytest.mark.parametrize(
    ("most", "ticks"), [(1, [0, 1]), (2, [0, 1, 2]), (7, [0, 2, 4, 6]), (480, [0, 100, 200, 300, 400])]
)
def test_students_are_counted_in_whole_numbers(most, ticks):
    report = report_of("toy", class_of({"t": [1.0] * most}))
    bars = page_of(report, datetime(2026, 11, 27)).partition("How marks are spread</strong>")[2]
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", bars)
    assert texts[texts.index("points") + 1 : texts.index("students")] == [str(tick) for tick in ticks]


def test_marks_that_the_last_run_moved_are_told(room):
    keep(room, toy("ada"), toy("bob", half=0.0))
    history = History(room.course, "toy")
    run = history.begin()
    run.keep_result("bob", room.course.result_path("toy", "bob"))
    keep(room, toy("bob"))
    report, page = write_report(room.course, "toy")
    assert (report.moved.up, report.moved.down, report.moved.students) == (1, 0, 1)
    (row,) = rows(page.parent, "moves.csv")
    assert (row["student"], row["before"], row["after"]) == ("bob", "0.0", "3.0")
    assert "1 mark of 1 student" in page.read_text()


def test_the_same_results_give_the_same_page_but_for_the_time(room):
    keep(room, *(toy(f"s{n}", half=3.0 * (n % 2)) for n in range(12)))
    first = write_report(room.course, "toy")[1].read_text()
    again = write_report(room.course, "toy")[1].read_text()
    stamp = re.compile(r"\d+ \w+ \d{4}, \d\d:\d\d UTC")
    assert stamp.sub("", first) == stamp.sub("", again) and stamp.search(first)


# What students can write ------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture
def hostile(room):
    student = "<b onclick=PWNED>=1+1"
    cell = CellResult(0, "", "own", False, Outcome.ERROR, EVIL, 9.0)
    bad = toy(
        student, 0.0, 0.0, EVIL, cells=[cell], tampering=(EVIL, FORMULA), limits=(EVIL,), retries=(EVIL,)
    )
    keep(room, bad, *(toy(f"s{n}", half=0.0, message=FORMULA) for n in range(12)))
    return room


def test_nothing_of_a_student_s_becomes_markup(hostile):
    _, page = write_report(hostile.course, "toy")
    text = page.read_text()
    tags = Tags(text).found
    assert "PWNED" in text and "{{ who }}" in text
    assert not {tag for tag, _ in tags} & {"script", "img", "b", "iframe", "link", "object"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "default-src &#39;none&#39;" in text and not re.search("[\x00\x1b]", text)


def test_no_cell_of_a_file_is_a_formula(hostile):
    _, page = write_report(hostile.course, "toy")
    cells = [
        cell
        for path in page.parent.glob("*.csv")
        for row in csv.reader(io.StringIO(path.read_text("utf-8")))
        for cell in row
    ]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t")) or "\x00" in cell]


def test_a_terminal_is_not_steered(hostile):
    ran = CliRunner().invoke(main, ["--course", str(hostile.root), "report", "toy"])
    assert ran.exit_code == 0, ran.output
    assert "\x1b" not in ran.output and "\x00" not in ran.output


def test_a_huge_message_costs_a_line(room):
    keep(room, toy("ada", 0.0, 0.0, "word " * 20_000 + "1" * 100_000), toy("bob"))
    _, page = write_report(room.course, "toy")
    assert page.stat().st_size < 200_000
    assert max(map(len, page.read_text().splitlines())) < 20_000


# What is damaged --------------------------------------------------------------------------------


def test_a_damaged_result_is_one_line_and_the_rest_is_reported(room):
    keep(room, toy("ada"), toy("bob"), toy("cyd"), toy("dan"))
    room.course.result_path("toy", "bob").write_text("{")
    room.course.result_path("toy", "cyd").write_text(toy("ada").to_json())
    room.course.result_path("toy", "dan").write_bytes(b"\xff")
    report, page = write_report(room.course, "toy")
    assert report.graded == 1
    named = [note.split("toy/")[-1].split("/")[0].split(": ")[-1] for note in report.notes]
    assert len(report.notes) == 3 and "bob" in named[0] and "cyd" in report.notes[1] and "dan" in named[2]
    assert "bob/result.json" in page.read_text()


def test_a_damaged_gradebook_leaves_the_points_of_the_tests(room):
    keep(room, toy("ada"), toy("bob", half=0.0))
    room.write("gradebook.db", b"no database" * 1000)
    report, _ = write_report(room.course, "toy")
    assert report.marks.automatic_only and report.marks.spread.most == 5
    assert "the marks below are of the tests alone" in report.notes[0]


def test_without_any_result_there_is_no_report(room):
    with pytest.raises(UsageError, match="nothing is graded yet"):
        write_report(room.course, "toy")
    assert not (room.root / ".autograder/reports").exists()


# Where it is written ----------------------------------------------------------------------------


def test_another_page_is_not_replaced_and_ours_is(room, tmp_path):
    keep(room, toy("ada"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("my home page")
    with pytest.raises(UsageError, match="is no report of ours"):
        write_report(room.course, "toy", tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]
    write_report(room.course, "toy", tmp_path / "new")
    assert write_report(room.course, "toy", tmp_path / "new")[1] == tmp_path / "new/index.html"


def test_a_folder_that_cannot_be_written_is_told(room, tmp_path):
    keep(room, toy("ada"))
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="name another folder with --to"):
        write_report(room.course, "toy", tmp_path / "file")


# The command ------------------------------------------------------------------------------------


def command(room, *arguments):
    return CliRunner().invoke(main, ["--course", str(room.root), "report", "toy", *arguments])


def test_the_command_says_what_matters_and_where_the_rest_is(room):
    keep(room, *(toy(f"s{n}", half=0.0, message=f"off by {n}") for n in range(6)), toy("zoe"))
    ran = command(room)
    assert ran.exit_code == 0
    assert ran.output.splitlines() == [
        "toy: 7 results, median 2 of 9, mean 2.429, 7 wait for a human",
        "6 students: nb/test_half, such as: off by 0",
        f"page, with CSV files beside it: {room.root}/.autograder/reports/toy/index.html",
    ]


def test_json_has_all_numbers(room):
    keep(room, toy("ada"), toy("bob", half=0.0))
    told = json.loads(command(room, "--json").stdout)
    assert [item["name"] for item in told["items"]] == ["nb/test_double", "nb/test_half", "nb/why"]
    assert told["marks"]["spread"]["most"] == 5 and told["page"].endswith("index.html")
    assert told["items"][0]["outcomes"] == {"passed": 2}


@pytest.mark.parametrize(
    "options, said",
    [
        (["--similarity", "--student", "ada"], "compares the whole class"),
        (["--similarity", "--to", "x"], "--to is where the report goes"),
        (["--moves", "--to", "x"], "--to is where the report goes"),
    ],
)
def test_options_that_do_not_go_together_are_refused(room, options, said):
    ran = command(room, *options)
    assert ran.exit_code == 2 and said in ran.output


def test_an_assignment_that_is_not_there_is_refused(room):
    ran = CliRunner().invoke(main, ["--course", str(room.root), "report", "toi"])
    assert ran.exit_code == 2 and "did you mean 'toy'?" in ran.output
