"""The wheel in a fresh environment, and each extra in one of its own: what is not asked for is not there.

One environment is made from nothing; those of the extras begin as copies of it by hard links, so that what
one extra forgets cannot come from another.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from autograder.result import Outcome
from tests.building import notebook, plain
from tests.classroom import HALF, REPOSITORY, Classroom
from tests.packaging.archives import EXTRAS, Archives, files_of_wheel
from tests.test_arrows import AUTOGRADER, top_level

pytestmark = pytest.mark.ci

# what asks for each extra, and therefore has to say so where it is missing
ASKING = {
    "cluster": (["grade", "toy", "--scheduler", "tcp://localhost:8786"],),
    "web": (["serve"], ["accounts"], ["accounts", "add", "ada", "--role", "grader"]),
    "otter": (["export", "otter", "toy", "--to", "otter"], ["import", "otter", "master.ipynb"]),
    "postgres": (["--course", "served", "students", "list"],),
}


class Environment:
    """A virtual environment, and what is said by its Python, which knows of no other."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def python(
        self, *arguments: str | Path, code: int = 0, folder: Path | None = None, given: str = ""
    ) -> str:
        """What is printed; the exit code must be `code`."""
        done = subprocess.run(
            [self.root / "bin" / "python", *arguments],
            cwd=folder or self.root,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            input=given,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stderr[-4_000:]}"
        return done.stderr if code else done.stdout

    def autograder(self, *arguments: str, code: int = 0, folder: Path | None = None) -> str:
        return self.python("-m", "autograder", *arguments, code=code, folder=folder)

    def install(self, what: str) -> None:
        options = ("--quiet", "--no-compile", "--constraint", REPOSITORY / "constraints.txt")
        self.python("-m", "pip", "install", *options, what)

    def copied(self, to: Path) -> "Environment":
        subprocess.run(["cp", "--archive", "--link", self.root, to], check=True)
        return Environment(to)

    def lacks(self, libraries: Iterable[str]) -> set[str]:
        """Those of the top-level modules that it cannot find."""
        return set(json.loads(self.python("-c", _FIND, given=json.dumps(sorted(libraries)))))

    def unloadable(self) -> dict[str, str]:
        """Modules of ours that cannot be imported, and the library that is missing for each."""
        return dict(json.loads(self.python("-c", _LOAD, given=json.dumps(sorted(IMPORTS)))))


_FIND = """
import importlib.util, json, sys
print(json.dumps([name for name in json.load(sys.stdin) if importlib.util.find_spec(name) is None]))
"""
_LOAD = """
import importlib, json, sys
failed = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        failed[name] = error.name
print(json.dumps(failed))
"""
# what each module imports of others' at any time, but for what only mypy imports
IMPORTS = {name: top_level(name, path) - {"autograder", "_typeshed"} for name, path in AUTOGRADER.items()}
LIBRARIES = set().union(*IMPORTS.values())


@pytest.fixture(scope="module")
def base(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Only what the toolkit depends on."""
    made = Environment(tmp_path_factory.mktemp("environments") / "base")
    subprocess.run([sys.executable, "-m", "venv", made.root], check=True)
    made.install(str(archives.wheel))
    return made


@pytest.fixture
def room(tmp_path) -> Classroom:
    return Classroom(tmp_path / "course")


# Without extras ---------------------------------------------------------------------------------


def test_all_that_is_needed_is_there_and_agrees(base):
    assert "No broken requirements" in base.python("-m", "pip", "check")
    unloadable = base.unloadable()
    assert {library.partition(".")[0] for library in unloadable.values()} <= base.lacks(LIBRARIES)
    assert {"autograder.cli", "autograder.grading", "autograder.web.store"}.isdisjoint(unloadable)


def test_the_command_is_there(base, tmp_path):
    done = subprocess.run(
        [base.root / "bin" / "autograder", "--help"], capture_output=True, text=True, env={}
    )
    assert done.returncode == 0 and "Usage: autograder" in done.stdout
    assert base.autograder("--version", folder=tmp_path).startswith("autograder 0.")
    assert "tier" in base.autograder("doctor", folder=tmp_path)


def test_a_class_is_graded_with_it_and_students_do_not_reach_it(base, room):
    prying = "import autograder.checks"
    room.hand_in("ada")
    room.hand_in("eve", half=f"{HALF}\n{prying}")
    base.autograder("grade", "toy", "--jobs", "1", folder=room.root)
    assert room.result("ada").points == 5
    assert base.autograder("--version").split() == ["autograder", room.result("ada").versions["autograder"]]
    (pried,) = (cell for cell in room.result("eve").notebooks[0].cells if cell.id == "half")
    assert pried.outcome is Outcome.ERROR
    assert pried.message.startswith(
        ("PermissionError: ", "ModuleNotFoundError: No module named 'autograder'")
    )


def test_the_wheel_that_it_packs_of_itself_is_the_one_it_came_from(base, archives, tmp_path):
    """But for who made it, and the list of digests."""
    code = "import sys; from pathlib import Path; from autograder.gradescope.archive import wheel\n"
    code += "name, data = wheel(); Path(name).write_bytes(data)"
    base.python("-c", code, folder=tmp_path)
    (packed,) = tmp_path.glob("*.whl")
    assert packed.name == archives.wheel.name
    by_builder = ("/WHEEL", "/RECORD")
    found = {name: data for name, data in files_of_wheel(packed).items() if not name.endswith(by_builder)}
    assert found == {n: data for n, data in archives.in_wheel.items() if not n.endswith(by_builder)}


def test_it_is_known_what_asks_for_each_extra():
    assert sorted(ASKING) == EXTRAS


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_missing_extra_is_named_in_one_line(base, room, extra):
    room.write("master.ipynb", notebook(plain("# ASSIGNMENT CONFIG\nname: toy", "raw")))
    room.write("served/autograder.toml", 'db_url = "postgresql://grader@localhost/grades"')
    for arguments in ASKING[extra]:
        (line,) = base.autograder(*arguments, code=2, folder=room.root).splitlines()
        assert f"pip install 'autograder[{extra}]'" in line


# Each extra alone -------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_brings_all_that_its_modules_import(base, archives, tmp_path, extra):
    lacking = base.lacks(LIBRARIES)
    alone = base.copied(tmp_path / extra)
    alone.install(f"{archives.wheel}[{extra}]")
    assert "No broken requirements" in alone.python("-m", "pip", "check")
    still_lacking = alone.lacks(LIBRARIES)
    its_modules = {name for name, imported in IMPORTS.items() if imported & (lacking - still_lacking)}
    assert [name for name in sorted(its_modules) if IMPORTS[name] & still_lacking] == []
    assert its_modules.isdisjoint(alone.unloadable())
