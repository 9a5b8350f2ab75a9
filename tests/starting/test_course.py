"""`autograder init`: a course folder, beside whatever lies there already."""

import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course import Course
from autograder.errors import UsageError
from autograder.settings import FeedbackSettings, Limits, Settings, StudentSettings
from autograder.starting.course import start_course
from autograder.starting.files import COURSE, content
from autograder.students import import_students
from tests.building import notebook, plain
from tests.classroom import REPOSITORY

EVERYTHING = {
    *("autograder.toml", "nbgrader_config.py", "README.md", "students.csv", ".gitignore"),
    *("source", "release", "reference", "cases", "reference/__init__.py"),
}


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def tree(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


# What is made -----------------------------------------------------------------------------------


def test_a_new_folder_becomes_a_course(tmp_path):
    root = tmp_path / "courses" / "statistics"
    found = start_course(root)
    assert set(found.made) == EVERYTHING == set(tree(root)) and found.left == ()
    course = Course.open(root)
    assert course.settings == Settings(test_path=(".",)) and course.assignments() == []


def test_the_folder_where_one_is_becomes_a_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = init()
    assert run.exit_code == 0 and set(tree(tmp_path)) == EVERYTHING
    assert run.stdout.splitlines()[-1] == f"{tmp_path} is a course; next: autograder new hw1"


def test_a_name_with_blanks_is_quoted_where_it_is_to_be_typed(tmp_path):
    run = init(str(tmp_path / "my course; ls"))
    assert f"next: cd '{tmp_path}/my course; ls', then autograder new hw1" in run.stdout
    assert 'course_id = "my-course-ls"' in (tmp_path / "my course; ls" / "nbgrader_config.py").read_text()


def test_no_name_of_a_folder_gets_out_of_the_text_that_it_is_written_into(tmp_path):
    root = tmp_path / '"\nimport os #\N{SNOWMAN}'
    start_course(root)
    config = (root / "nbgrader_config.py").read_text()
    assert 'c.CourseDirectory.course_id = "import-os"\n' in config
    assert "\nimport os" not in config


def test_every_setting_is_there_with_its_default():
    text = content(COURSE)["autograder.toml"].decode()
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE).partition("# [assign")[0])
    settings = Settings.from_table({**shown, "test_path": [], "jobs": 1}, "autograder.toml")
    assert settings == Settings(jobs=1)
    course_wide = {each.name for each in fields(Settings)} - {"assignments", "personal", "shared_cells"}
    without_default = {"db_url", "preload"}  # none that could be written
    assert all(f"#   {name} = " in text for name in without_default)
    course_wide -= without_default
    assert shown.keys() == course_wide
    for table, kind in {"limits": Limits, "feedback": FeedbackSettings, "student": StudentSettings}.items():
        assert shown[table].keys() == {each.name for each in fields(kind)}


def test_the_example_of_an_assignment_s_own_settings_is_valid():
    _, _, example = content(COURSE)["autograder.toml"].decode().partition("# [assignments.NAME]")
    table = tomllib.loads("[assignments.NAME]" + example.replace("\n# ", "\n"))
    settings = Settings.from_table(table, "autograder.toml").for_assignment("NAME")
    assert settings.hidden_seed == 7 and settings.limits.cell_seconds == 60


def test_nbgrader_is_configured_as_in_this_repository(tmp_path):
    start_course(tmp_path / "logistic-regression")
    made = (tmp_path / "logistic-regression" / "nbgrader_config.py").read_text("utf-8")
    assert made == (REPOSITORY / "nbgrader_config.py").read_text("utf-8")


def test_the_list_of_students_can_be_brought_in_as_it_is(tmp_path):
    start_course(tmp_path / "course")
    with (tmp_path / "course" / "students.csv").open("a") as file:
        file.write("ada,Ada,Lovelace,ada@example.edu,17\n")
    found = import_students(Course.open(tmp_path / "course"), tmp_path / "course" / "students.csv")
    assert found.added == ("ada",) and found.ignored_columns == () == found.left_out


# What is left alone -----------------------------------------------------------------------------


def test_a_second_time_nothing_is_made(tmp_path):
    start_course(tmp_path / "course")
    (tmp_path / "course" / "README.md").write_text("mine")
    before = tree(tmp_path)
    found = start_course(tmp_path / "course")
    assert found.made == () and tree(tmp_path) == before


def test_files_that_are_there_stay_and_what_is_missing_comes(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "reference").mkdir()
    (tmp_path / "notes.txt").write_text("mine too")
    run = init(str(tmp_path))
    assert run.exit_code == 0 and "left as they were: reference, README.md" in run.stdout
    assert (tmp_path / "README.md").read_text() == "mine" and list((tmp_path / "reference").iterdir()) == []
    assert set(tree(tmp_path)) == EVERYTHING - {"reference/__init__.py"} | {"notes.txt"}


@pytest.mark.parametrize("name", sorted(EVERYTHING - {"reference/__init__.py"}))
def test_nothing_is_written_through_a_link(tmp_path, name):
    root, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    root.mkdir()
    (root / name).symlink_to(elsewhere)  # which is not there: whoever opens it to write makes it
    if name == "nbgrader_config.py":
        with pytest.raises(UsageError, match="is a course of nbgrader's"):
            start_course(root)
    else:
        assert name in start_course(root).left
    assert (root / name).is_symlink() and not os.path.lexists(elsewhere)


def test_a_link_to_a_folder_gets_nothing_put_into_it(tmp_path):
    root, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "reference").symlink_to(elsewhere)
    assert "reference" in start_course(root).left
    assert list(elsewhere.iterdir()) == []


# What is refused --------------------------------------------------------------------------------


def refused(folder: Path, what: str) -> None:
    before = tree(folder.parent)
    run = init(str(folder))
    assert run.exit_code == 2, run.output
    (line,) = run.stderr.splitlines()
    assert line.startswith("autograder: ") and what in line
    assert tree(folder.parent) == before


def test_a_link_is_no_folder_for_a_course(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    refused(tmp_path / "link", "is a link; name the folder that it leads to")


def test_a_link_that_leads_nowhere_is_refused_too(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    refused(tmp_path / "link", "is a link")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file", "is a file; name a folder")


def test_a_place_where_nothing_can_be_written_is_said_in_one_line():
    run = init("/proc/course")
    assert run.exit_code == 2 and "cannot be written to" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("mark", ["autograder.toml", "nbgrader_config.py"])
def test_a_course_in_a_course_is_refused(tmp_path, mark):
    (tmp_path / mark).write_text("")
    (tmp_path / "source").mkdir()
    refused(tmp_path / "source" / "inner", f"lies in the course {tmp_path}")


@pytest.mark.parametrize("mark", ["nbgrader_config.py", "gradebook.db", "source/ps1/problem.ipynb"])
def test_a_course_of_nbgrader_s_is_to_be_adopted(tmp_path, mark):
    course = tmp_path / "course"
    (course / mark).parent.mkdir(parents=True)
    (course / mark).write_bytes(notebook(plain("x = 1")))
    refused(course, "run `autograder adopt` in it")


def test_an_adopted_course_gets_what_it_lacks(tmp_path):
    for name in ("autograder.toml", "nbgrader_config.py"):
        (tmp_path / name).write_text("")
    assert set(start_course(tmp_path).left) == {"autograder.toml", "nbgrader_config.py"}


def test_a_course_that_is_named_as_there_is_not_made(tmp_path):
    run = CliRunner().invoke(main, ["--course", str(tmp_path), "init"])
    assert run.exit_code == 2 and "write `autograder init FOLDER`" in run.stderr
    assert list(tmp_path.iterdir()) == []
