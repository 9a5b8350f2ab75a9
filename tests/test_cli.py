import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.runtime.tiers import STRONGEST, strongest
from tests.building import hidden_test, notebook, solution
from tests.classroom import REPOSITORY, Classroom

HEAVY = {"nbgrader", "nbformat", "sqlalchemy", "numpy", "torch", "rich", "IPython", "matplotlib", "pytest"}


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def command(room: Classroom, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(room.root), *arguments])


def complaint(result: Result, code: int) -> str:
    """The one line of a command that was not carried out."""
    assert result.exit_code == code, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("autograder: ")
    return line


def imported_by(script: str, cwd: Path) -> set[str]:
    """Top-level modules that are loaded when `script` has run."""
    text = f"import sys\ntry:\n    {script}\nexcept SystemExit: pass\nprint('\\n', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=cwd,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


# What is said -----------------------------------------------------------------------------------


def test_help_loads_nothing_heavy(tmp_path):
    loaded = imported_by("from autograder.cli import main; main(['--help'])", tmp_path)
    assert "autograder" in loaded
    assert loaded & HEAVY == set()


def test_the_version_is_the_one_that_stands_in_results(room):
    room.hand_in("ada")
    room.grade()
    said = CliRunner().invoke(main, ["--version"])
    assert said.output == f"autograder {room.result('ada').versions['autograder']}\n"
    assert re.fullmatch(r"autograder \d+\.\d+\.\d+\+[0-9a-f]{12}\n", said.output)


def test_the_version_loads_nothing_heavy(tmp_path):
    assert imported_by("from autograder.cli import main; main(['--version'])", tmp_path) & HEAVY == set()


def test_a_rerun_without_changes_loads_neither_nbgrader_nor_its_database(room):
    room.hand_in("ada")
    room.grade()
    loaded = imported_by("from autograder.cli import main; main(['grade', 'toy'])", room.root)
    assert "autograder" in loaded
    assert loaded & {"nbgrader", "nbformat", "sqlalchemy", "torch", "IPython"} == set()


def test_no_command_compiles_the_grammars_of_jsonschema(room, tmp_path):
    room.hand_in("ada")
    loaded = imported_by("from autograder.cli import main; main(['grade', 'toy', '--jobs', '1'])", room.root)
    assert "jsonschema" in loaded and "lark" not in loaded
    (tmp_path / "rfc3987_syntax.py").write_text("import lark_would_be_imported_here")
    leave_out = "from autograder.startup import leave_out_grammars as f; f()"
    assert "jsonschema" in imported_by(f"{leave_out}; import nbformat", tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        imported_by(f"{leave_out}; import rfc3987_syntax", tmp_path)


def test_the_exit_codes_are_in_the_help():
    text = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    assert "Exit codes: 0 done; 1 done, but a submission is not gradable" in text
    assert "4 a fault of the grader or of a test" in text


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert len(main.commands[name].get_short_help_str()) > 10


def test_grade_prints_a_table(room):
    room.hand_in("ada")
    room.hand_in("[red]bob", half="half = 1")
    room.grade()
    result = command(room, "grade", "toy")
    assert result.exit_code == 0
    assert "ada: 5 of 5 (unchanged)" in result.stderr.splitlines()
    assert "[red]bob: 2 of 5 (unchanged)" in result.stderr.splitlines()
    assert "[red]bob" in result.stdout
    assert "2 submissions: 2 graded" in result.stdout


def test_one_submission_is_one(room):
    room.hand_in("ada")
    room.grade()
    result = command(room, "grade", "toy")
    assert "1 submission: 1 graded; all unchanged since an earlier run" in result.stdout.splitlines()


def test_grade_names_who_is_not_in_the_class_list(room):
    room.write("class.csv", "id,last_name\nada,Lovelace\n")
    assert command(room, "students", "import", str(room.root / "class.csv")).exit_code == 0
    room.hand_in("ada")
    room.hand_in("d[red]ora")
    result = command(room, "grade", "toy", "--unverified")
    lines = result.stdout.splitlines()
    assert "note: not in the class list: d[red]ora (a folder with a mistyped name?)" in lines
    assert "not in the class list" not in command(room, "grade", "toy").stdout


def test_grade_prints_json_for_programs_and_nothing_else(room):
    room.hand_in("ada")
    room.grade()
    result = command(room, "grade", "toy", "--json")
    (one,) = json.loads(result.stdout)
    assert (one["student"], one["status"], one["schema"]) == ("ada", "graded", 1)
    assert one == json.loads(room.course.result_path("toy", "ada").read_text())
    assert result.stderr == ""


def test_grade_says_which_submission_is_not_gradable_and_exits_1(room):
    (room.hand_in("ada") / "nb.ipynb").write_text("{")
    room.grade()
    result = command(room, "grade", "toy")
    assert result.exit_code == 1
    assert "ada: not gradable (unchanged)" in result.stderr.splitlines()
    assert "not gradable" in result.stdout and "not_gradable" not in result.stdout


def test_generate_makes_the_release(room):
    result = command(room, "generate", "toy")
    assert result.exit_code == 0
    assert "HIDDEN" not in (room.root / "release/toy/nb.ipynb").read_text()


# What is wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["grade", "verify", "generate", "demo"])
def test_an_unknown_assignment_is_answered_with_the_nearest(room, verb):
    line = complaint(command(room, verb, "toi"), 2)
    assert "toi" in line and "did you mean 'toy'" in line


@pytest.mark.parametrize("verb", ["grade", "verify", "generate"])
@pytest.mark.parametrize("data", ["", "{", "[]", "\x00", '{"nbformat": 4}'])
def test_a_source_that_is_no_notebook_is_named(room, verb, data):
    room.hand_in("ada")
    room.write("source/toy/nb.ipynb", data)
    assert "nb.ipynb" in complaint(command(room, verb, "toy"), 2)


def test_a_course_without_source_says_what_belongs_there(tmp_path):
    (tmp_path / "autograder.toml").touch()
    result = CliRunner().invoke(main, ["--course", str(tmp_path), "grade", "toy"])
    assert "source/NAME" in complaint(result, 2)


def test_an_assignment_without_a_notebook(room):
    (room.root / "source/toy/nb.ipynb").unlink()
    assert "no notebook" in complaint(command(room, "grade", "toy"), 2)


def test_outside_a_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "not inside a course" in complaint(CliRunner().invoke(main, ["grade", "toy"]), 2)


def test_a_course_that_is_not_there(tmp_path):
    result = CliRunner().invoke(main, ["--course", str(tmp_path / "nowhere"), "grade", "toy"])
    assert "no such folder" in complaint(result, 2)


def test_no_submissions(room):
    assert "submitted/STUDENT/toy" in complaint(command(room, "grade", "toy"), 2)


def test_an_unknown_student(room):
    room.hand_in("ada")
    assert "did you mean 'ada'" in complaint(command(room, "grade", "toy", "--student", "ad"), 2)


@pytest.mark.parametrize("student", ["../ada", "", ".", "a/b", "a\nb"])
def test_a_student_id_that_is_a_path(room, student):
    room.hand_in("ada")
    complaint(command(room, "grade", "toy", "--student", student), 2)


@pytest.mark.parametrize("name", ["..", "toy/..", "a+b", ""])
def test_an_assignment_name_that_is_a_path(room, name):
    complaint(command(room, "grade", name), 2)


@pytest.mark.parametrize(
    "settings, told",
    [
        ("seed = ", "not valid TOML"),
        ("sed = 1", "did you mean 'seed'"),
        ("seed = 'x'", "'seed' must be"),
        ("min_tier = 9", "'min_tier' must be"),
        ("test_path = ['nowhere']", "no folder"),
        ("[limits]\ncell_second = 1", "did you mean 'cell_seconds'"),
    ],
)
def test_bad_settings(room, settings, told):
    room.settings(settings)
    assert told in complaint(command(room, "grade", "toy"), 2)


def test_a_stronger_jail_than_this_machine_has(room):
    tier = strongest().tier
    if tier == STRONGEST:
        pytest.skip("this machine has the strongest")
    room.hand_in("ada")
    line = complaint(command(room, "grade", "toy", "--min-tier", f"{tier + 1}"), 2)
    assert f"jail tier {tier}" in line and "doctor" in line


def test_tiers_that_contradict_each_other(room):
    room.hand_in("ada")
    line = complaint(command(room, "grade", "toy", "--min-tier", "3", "--max-tier", "2"), 2)
    assert "max_tier is 2, but min_tier is 3" in line


def test_the_tier_that_was_asked_for_stands_in_the_result(room):
    room.hand_in("ada")
    assert command(room, "grade", "toy", "--max-tier", "2").exit_code == 0
    assert room.result("ada").tier == 2


def test_doctor_tells_what_this_machine_offers(room):
    ran = command(room, "doctor")
    assert ran.exit_code == 0 and f"tier {strongest().tier} of {STRONGEST}" in ran.output
    told = json.loads(command(room, "doctor", "--json").output)
    assert {"machine", "jail", "Landlock", "seccomp", "cgroups", "workers"} <= told.keys()


def test_an_unknown_option_is_click_s_to_answer(room):
    assert command(room, "grade", "toy", "--nonsense").exit_code == 2


@pytest.mark.parametrize("what", [".autograder", ".autograder/results", ".autograder/results/toy/ada"])
def test_a_file_where_our_state_belongs(room, what):
    room.hand_in("ada")
    room.write(what, "in the way")
    assert "cannot" in complaint(command(room, "grade", "toy", "--unverified"), 4)


def test_a_gradebook_that_is_no_database(room):
    room.hand_in("ada")
    room.grade()
    room.course.gradebook.write_text("not a database, but long enough to be read as one" * 100)
    assert "gradebook.db" in complaint(command(room, "grade", "toy", "--json"), 2)


@pytest.mark.parametrize(
    "text, told",
    [
        ("x = 1\n", "begins with `# /// case`"),
        ("# /// case\n# about = \n# ///\n", "not valid TOML"),
        ("# /// case\n# abut = 'x'\n# ///\n", "did you mean 'about'"),
        ("# /// case\n# expect = { test_hal = 'zero' }\n# ///\n", "did you mean 'test_half'"),
        ("# /// case\n# expect = { test_half = 'none' }\n# ///\n", "full, partial or zero"),
        ("# /// case\n# ///\n# %% hlf\n", "did you mean 'half'"),
    ],
)
def test_a_bad_case_file_is_named_with_the_mend(room, text, told):
    room.write("cases/toy/right/bad.py", text)
    line = complaint(command(room, "verify", "toy"), 2)
    assert "bad.py" in line and told in line


def test_a_folder_of_cases_that_is_not_there(room):
    assert "no such folder" in complaint(command(room, "verify", "toy", "--cases", "nowhere"), 2)


def test_the_demo_without_cases(room):
    assert "cases" in complaint(command(room, "demo", "toy"), 2)


def test_two_notebooks_with_a_cell_of_the_same_name_ask_for_the_notebook(room):
    room.write(
        "source/toy/other.ipynb", notebook(solution("half = 1", "half"), hidden_test("assert half", "t"))
    )
    room.write("cases/toy/a.py", "# /// case\n# ///\n# %% half\nhalf = 1\n")
    assert "write NOTEBOOK:half" in complaint(command(room, "verify", "toy"), 2)


# Verify, as programs see it ---------------------------------------------------------------------


def test_verify_json_has_the_form_that_is_documented(room):
    room.write("cases/toy/wrong/floor.py", CASE.format(expect="full"))
    result = command(room, "verify", "toy", "--json", "--jobs", "2")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found.keys() == {
        "assignment",
        "cases",
        "tests",
        "wrong_cases",
        "wrong_accepted",
        "right_cases",
        "right_rejected",
        "false_accepts",
        "false_rejects",
        "faults",
        "leaks",
    }
    assert (found["assignment"], found["cases"], found["tests"]) == ("toy", 1, 2)
    assert [found[key] for key in ("wrong_cases", "right_cases", "right_rejected")] == [0, 1, 1]
    (reject,) = found["false_rejects"]
    assert reject.keys() == {"case", "test", "expected", "got", "message", "where"}
    assert (reject["case"], reject["test"]) == ("wrong/floor", "test_half")
    assert (reject["expected"], reject["got"]) == ("full", "zero")


def test_verify_says_how_sure_it_is(room):
    room.write("cases/toy/wrong/floor.py", CASE.format(expect="zero"))
    said = command(room, "verify", "toy", "--jobs", "2").stdout.splitlines()
    # Wilson's bounds for none of n are 0 and z^2 / (n + z^2)
    upper = 1.959964**2 / (1 + 1.959964**2)
    assert said[-3].endswith(
        f"passed that should not: 0 of 1; among all such answers 0.00% to {upper:.2%} (Wilson, 95 %)"
    )
    assert said[-2].endswith("failed that should not: none was tried")


CASE = """# /// case
# expect = {{ test_half = "{expect}" }}
# ///
# %% half
def half(x):
    return x // 2
"""
