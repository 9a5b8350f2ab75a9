"""The zip for Gradescope: what lies in it, what does not, and when there is none."""

import json
import subprocess
import sys
import tomllib
import zipfile

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.errors import GraderFault, UsageError
from autograder.gradescope.archive import constraints, wheel, with_requirements, zipped
from autograder.gradescope.packing import Plan
from tests.building import hidden_test, notebook, solution
from tests.classroom import NUMBERS, REPOSITORY, Classroom
from tests.gradescope.container import Container
from tests.gradescope.schema import checked


@pytest.fixture
def room(tmp_path) -> Classroom:
    return Classroom(tmp_path / "course")


def pack(room: Classroom, *options: str, to: str = "toy.zip") -> Result:
    arguments = ["export", "gradescope", "toy", "--to", str(room.root.parent / to), "--unverified", *options]
    return CliRunner().invoke(main, ["--course", str(room.root), *arguments])


def packed(room: Classroom, *options: str) -> zipfile.ZipFile:
    result = pack(room, *options)
    assert result.exit_code == 0, result.output
    return zipfile.ZipFile(room.root.parent / "toy.zip")


def complaint(result: Result) -> str:
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    return line


# What lies in it --------------------------------------------------------------------------------


def test_it_holds_one_assignment_and_nothing_else_of_the_course(room):
    uses = "from helpers.deep import two\nimport single\nassert double(1) == two"
    room.write("source/toy/nb.ipynb", notebook(*NUMBERS, hidden_test(uses, "test_two")))
    room.write("source/toy/data/points.csv", "1,2\n")
    room.write("source/other/nb.ipynb", notebook(*NUMBERS))
    room.write("helpers/deep.py", "import further\ntwo = 2\n")
    room.write("helpers/table.csv", "1\n")
    room.write("helpers/__pycache__/deep.pyc", "x")
    room.write("single.py", "")
    room.write("further.py", "")
    room.write("unused.py", "a secret of another assignment")
    room.write("cases/toy/wrong/one.py", "")
    room.settings('test_path = [".", "lib"]\n')
    (room.root / "lib").mkdir()
    room.hand_in("ada")
    for rest in ("gradebook.db", ".autograder/results/toy/ada/result.json", "autograded/ada/toy/nb.ipynb"):
        room.write(rest, "x")
    names = packed(room).namelist()
    assert [name for name in names if name.startswith("course/")] == [
        "course/autograder.toml",
        "course/further.py",
        "course/helpers/deep.py",
        "course/helpers/table.csv",
        "course/lib/",
        "course/single.py",
        "course/source/toy/data/points.csv",
        "course/source/toy/nb.ipynb",
    ]
    assert [name for name in names if not name.startswith("course/")] == [
        wheel()[0],
        "constraints.txt",
        "requirements.txt",
        "run_autograder",
        "setup.sh",
        "unfinished.json",
    ]


def test_the_same_course_gives_the_same_bytes_and_another_one_does_not(room):
    first = packed(room).fp.name and (room.root.parent / "toy.zip").read_bytes()
    room.write("source/toy/nb.ipynb", (room.root / "source/toy/nb.ipynb").read_bytes())  # another time
    pack(room, to="again.zip")
    assert (room.root.parent / "again.zip").read_bytes() == first
    room.write("source/toy/data.csv", "1")
    pack(room, to="again.zip")
    assert (room.root.parent / "again.zip").read_bytes() != first


def test_its_scripts_can_be_executed(room):
    archive = packed(room)
    modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert {name for name, mode in modes.items() if mode == 0o755} == {"run_autograder", "setup.sh"}
    for script in ("run_autograder", "setup.sh"):
        subprocess.run(["bash", "-n"], input=archive.read(script), check=True)


def test_the_instructor_is_told_that_it_holds_the_hidden_tests(room):
    told = pack(room).stdout
    assert "it holds the hidden tests: give it to Gradescope and nobody else" in told
    assert "toy: 5 autograder points" in told


def test_what_lies_there_before_grading_is_valid_and_says_no_zero(room):
    found = checked(json.loads(packed(room).read("unfinished.json")))
    assert found["output"].startswith("NOT GRADED.")
    assert len(found["tests"]) == 2


def test_the_wheel_is_one_that_pip_installs(tmp_path):
    name, data = wheel()
    (tmp_path / name).write_bytes(data)
    there = tmp_path / "there"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(there),
    ]
    subprocess.run([*pip, str(tmp_path / name)], check=True)
    code = "import autograder.gradescope.running as r; print(r.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(there)}, capture_output=True
    )
    assert done.stdout.decode().strip() == str(there / "autograder/gradescope/running.py"), done.stderr
    assert (there / "bin" / "autograder").is_file()


def test_the_wheel_asks_for_what_the_sources_ask_for_today(tmp_path):
    """The metadata of an installation in place are those of the day it was made."""
    stated = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["dependencies"]
    name, data = wheel()
    (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / name) as archive:
        (path,) = (path for path in archive.namelist() if path.endswith("/METADATA"))
        lines = archive.read(path).decode().splitlines()
    assert all(lines.count(f"Requires-Dist: {each}") == 1 for each in stated)
    old = "Name: x\nRequires-Dist: a>=1\n\nWords.\n"
    assert (
        with_requirements(old, ["a>=1", "b"]) == "Name: x\nRequires-Dist: a>=1\nRequires-Dist: b\n\nWords.\n"
    )


def test_constraints_name_no_build_of_a_library_and_not_the_toolkit():
    lines = constraints().splitlines()
    assert all(line.count("==") == 1 and "+" not in line for line in lines)
    names = {line.partition("==")[0] for line in lines}
    assert "numpy" in names and names.isdisjoint({"autograder", "pip"})


def test_an_image_without_a_python_that_will_do_is_told_what_to_choose(room, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "apt-get"):
        (tools / name).write_text("#!/bin/sh\nexit 1\n" if name != "apt-get" else "#!/bin/sh\n")
        (tools / name).chmod(0o755)
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "GRADESCOPE_ROOT": str(tmp_path)}
    script = packed(room).read("setup.sh")
    done = subprocess.run(["bash"], input=script, env=environment, capture_output=True)
    assert done.returncode == 1
    least = ".".join(map(str, sys.version_info[:3]))
    assert f"no Python from {least} on is to be had here: choose a newer base image" in done.stderr.decode()


def test_what_a_course_needs_besides_comes_along(room):
    path = room.write("needs.txt", "pandas\n")
    archive = packed(room, "--requirements", str(path))
    assert archive.read("requirements.txt") == b"pandas\n"


def test_a_zip_in_a_zip_s_place_is_replaced_whole(room):
    target = room.root.parent / "toy.zip"
    target.write_bytes(b"an older one")
    assert packed(room).testzip() is None
    assert [path.name for path in target.parent.glob("*toy.zip*")] == ["toy.zip"]


@pytest.mark.parametrize("name", ["two words", "it's", '$(touch "got")', "-rf", "a;b", "@HIDDEN@"])
def test_a_name_of_an_assignment_is_a_name_and_no_command(tmp_path, name):
    room = Classroom(tmp_path / "course")
    room.write(f"source/{name}/nb.ipynb", notebook(*NUMBERS))
    data = zipped(Plan(room.course, name).files(), executable=("run_autograder",))
    told = "#!/bin/sh\nprintf '%s\\n' \"$@\" > told"
    container = Container(tmp_path / "autograder", data).with_program(told)
    container.hand_in({})
    container.run()
    lines = (container.root / "told").read_text().splitlines()
    assert lines[-3:] == ["after_published", "--", name]
    assert not (container.root / "got").exists()


# When there is none -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, told",
    [
        ('device = "cuda"', "Gradescope has no GPU"),
        ('[student]\npython = "env/bin/python"', "student.python cannot come along"),
        ('test_path = ["../elsewhere"]', "test_path names '../elsewhere'"),
        ('test_path = ["/usr"]', "test_path names '/usr'"),
    ],
)
def test_settings_that_cannot_work_there(room, settings, told):
    room.settings(settings)
    assert told in complaint(pack(room))
    assert not (room.root.parent / "toy.zip").exists()


def test_students_are_not_given_the_zip(room):
    """What lies in source/ and release/ is handed out."""
    for folder in ("source/toy", "release/toy"):
        (room.root / folder).mkdir(parents=True, exist_ok=True)
        assert "holds the hidden tests" in complaint(pack(room, to=f"course/{folder}/toy.zip"))


@pytest.mark.parametrize("to, told", [("toy.tar", "ends in .zip"), ("nowhere/toy.zip", "no such folder")])
def test_a_place_that_will_not_do(room, to, told):
    assert told in complaint(pack(room, to=to))


def test_requirements_that_are_not_there(room):
    assert "no such file" in complaint(pack(room, "--requirements", "nowhere.txt"))


def test_an_unknown_assignment_is_answered_with_the_nearest(room):
    arguments = ["--course", str(room.root), "export", "gradescope", "toi", "--to", "x.zip"]
    assert "did you mean 'toy'" in complaint(CliRunner().invoke(main, arguments))


def test_limits_that_are_longer_than_the_platform_s_time_are_told(room):
    assert "note:" not in pack(room).stderr  # one notebook of 300 s in 10 minutes
    note = pack(room, "--timeout", "5").stderr
    assert "1 x 300 s" in note and "--timeout 7" in note
    room.settings("[limits]\nsubmission_seconds = 9000\n")
    assert "--timeout" not in pack(room).stderr and "lower limits.submission_seconds" in pack(room).stderr


def test_a_course_that_needs_more_than_lies_in_the_zip_is_found_out_here(room):
    """The module is imported in a way that cannot be seen."""
    uses = "import importlib\nassert importlib.import_module('unseen').two == double(1)"
    room.write(
        "source/toy/nb.ipynb",
        notebook(solution("double = lambda x: 2 * x", "double"), hidden_test(uses, "t")),
    )
    room.write("unseen.py", "two = 2\n")
    room.settings('preload = ["numpy"]\ntest_path = ["."]\n')
    with pytest.raises(GraderFault, match="the instructor's solution scores zero on t "):
        Plan(room.course, "toy").write(room.root.parent / "toy.zip")
    assert not (room.root.parent / "toy.zip").exists()


def test_the_toolkit_has_to_be_installed(room, monkeypatch):
    from importlib import metadata

    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(UsageError, match="it is not installed"):
        Plan(room.course, "toy").files()
