"""A student finds no test, no reference and no secret: wall.md, "Proof" and "Processes".

The canaries are made at run time, so that no file of ours holds them. A hostile cell searches
all that its process can reach, once before and once during the hidden test.
"""

import ast
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder.runtime
from autograder.runtime.servers import _PLAIN_FILES, Servers
from autograder.runtime.session import Limits
from tests.conftest import LIBRARIES
from tests.runtime.toys import Ran, Toys, hidden, student

LONG = Limits(cell_seconds=60, test_seconds=60)

# The needle is assembled from halves, so that the search does not find itself.
SEARCH = '''
import gc, os, re, sys

def memory():
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as mem:
        for line in maps.read().splitlines():
            parts = line.split()
            if "r" not in parts[1][:1] or parts[-1] in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            start, end = (int(x, 16) for x in parts[0].split("-"))
            while start < end:
                size = min(end - start, 1 << 24)
                try:
                    mem.seek(start)
                    yield mem.read(size)
                except (OSError, ValueError, OverflowError):
                    pass
                start += size

def look(pattern):
    found = []
    for block in memory():
        found += [("memory", m.group()) for m in re.finditer(pattern, block)]
    for name, value in os.environ.items():
        found += [("environment", m) for m in re.findall(pattern, (name + "=" + value).encode())]
    for path in ("/proc/self/cmdline", "/proc/self/environ", "/proc/self/mounts"):
        found += [(path, m) for m in re.findall(pattern, open(path, "rb").read())]
    return found

def f(x=0):
    halves = ["CANARY", "-[0-9a-f]{32}"]
    return [(where, text.decode()) for where, text in look("".join(halves).encode())]

def everything():
    """Names, code constants and plain text of every object and every frame."""
    texts, frame = [], sys._getframe()
    objects = gc.get_objects()
    while frame is not None:
        objects += [frame.f_globals, frame.f_locals, frame.f_code]
        frame = frame.f_back
    for o in objects:
        for inner in gc.get_referents(o) if type(o) in (dict, list, tuple, set) else [o]:
            if type(inner) in (str, bytes):
                texts.append(str(inner))
    halves = ["CANARY", "-[0-9a-f]{32}"]
    return re.findall("".join(halves), "\\n".join(texts))
'''


def a_canary() -> str:
    return "CANARY-" + secrets.token_hex(16)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servers, str, Path]]:
    """Warm servers whose examiner imports a reference with a canary; the canary; the folder."""
    folder = tmp_path_factory.mktemp("course")
    canary = a_canary()
    (folder / "planted_reference.py").write_text(f'"""{canary}"""\nanswer = "{canary}"\n')
    preload = (*LIBRARIES, "pytest", "autograder.checks", "planted_reference")
    with Servers(LIBRARIES, preload, examiner_paths=(str(folder),)) as warm:
        yield warm, canary, folder


def searched(planted: tuple[Servers, str, Path], tmp_path: Path, source: str, name: str) -> Ran:
    servers, _, _ = planted
    canary = a_canary()
    return Toys(servers, tmp_path).run(
        student(source),
        student(f"print({name}())"),
        hidden(
            f"import planted_reference\nsecret = {canary!r}\nexpected = planted_reference.answer\n"
            f"found = {name}()\nassert planted_reference.answer.startswith('CANARY')\n"
            "assert not found, 'found ' + repr(found[:3])"
        ),
        student(f"print({name}())"),
        names=name,
        limits=LONG,
    )


@pytest.mark.parametrize("name", ["f", "everything"])
def test_a_student_finds_no_canary_in_its_process(planted, tmp_path, name):
    ran = searched(planted, tmp_path, SEARCH, name)
    assert ran.outcome == "passed", ran.test()
    assert ran.text(1).strip() == ran.text(3).strip() == "[]"


def test_the_search_finds_what_is_there(planted, tmp_path):
    """A canary that the test does hand over is found: the search works."""
    servers, _, _ = planted
    canary = a_canary()
    source = SEARCH + "\nkept = []\ndef take(x):\n    kept.append(x)\n    return len(f()), len(everything())"
    test = f"in_memory, in_objects = take({canary!r})\nassert in_memory and in_objects"
    assert Toys(servers, tmp_path).outcome(source, test, names="take", limits=LONG) == "passed"


def memory_of(pid: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.read().splitlines():
            fields = line.split()
            if not fields[1].startswith("r") or fields[-1].startswith("[v"):
                continue
            start, end = (int(text, 16) for text in fields[0].split("-"))
            try:
                memory.seek(start)
                yield memory.read(end - start)
            except (OSError, OverflowError):
                continue


@pytest.mark.skipif(os.geteuid() != 0, reason="reads another process's memory")
def test_the_warm_servers_of_students_hold_no_canary(planted, tmp_path):
    """/proc/self/mem of a child shows whatever an ancestor held."""
    servers, canary, _ = planted
    hidden_one, submitted = a_canary(), a_canary()
    ran = Toys(servers, tmp_path).run(
        student(f"def f(): return {submitted!r}"), hidden(f"assert f() != {hidden_one!r}")
    )
    assert ran.outcome == "passed"
    needles = [text.encode() for text in (canary, hidden_one, submitted)]
    assert not [n for block in memory_of(servers.student.pid) for n in needles if n in block]
    in_examiner = [n for block in memory_of(servers.examiner.pid) for n in needles[1:] if n in block]
    assert not in_examiner
    assert any(needles[0] in block for block in memory_of(servers.examiner.pid))


def test_a_submission_finds_nothing_of_the_one_before(planted, tmp_path):
    servers, _, _ = planted
    mine = a_canary()
    toys = Toys(servers, tmp_path)
    toys.run(student(f"mine = {mine!r}\nopen('answer.txt', 'w').write(mine)"))
    ran = toys.run(student(SEARCH + "\nprint(f())"), limits=LONG)
    assert ran.text().strip() == "[]"


def test_the_environment_is_empty_but_for_what_is_listed(tmp_path):
    os.environ["SOME_TOKEN"] = "CANARY"
    try:
        with Servers((), ()) as warm:
            ran = Toys(warm, tmp_path).run(student("import os\nprint(sorted(os.environ))"))
    finally:
        del os.environ["SOME_TOKEN"]
    allowed = {
        *("HOME", "LANG", "MPLBACKEND", "NBGRADER_EXECUTION", "OMP_NUM_THREADS"),
        *("PATH", "PYTHONHASHSEED", "TMPDIR", "USER", "LOGNAME"),
    }
    assert set(ast.literal_eval(ran.text().strip())) <= allowed


def test_argv_and_path_say_nothing_of_the_grader(toys):
    ran = toys.run(
        student(
            "import sys\nprint(sys.argv, sys.orig_argv[-2:] and sys.path)\n"
            "print(open('/proc/self/cmdline').read())"
        )
    )
    package = str(Path(autograder.runtime.__file__).parents[2])
    shown = ran.text().replace(sys.prefix, "")
    assert package not in shown
    assert "autograder" not in shown


def test_a_student_holds_three_streams_and_two_sockets(toys):
    ran = toys.run(
        student(
            "import os\nfor fd in range(256):\n    try:\n"
            "        print(fd, os.readlink(f'/proc/self/fd/{fd}').split(':')[0])\n"
            "    except OSError: pass"
        )
    )
    kinds = [line.split()[1] for line in ran.text().strip().splitlines()]
    assert kinds == ["/dev/null", "pipe", "pipe", "socket", "socket"]


def test_the_inspected_modules_of_a_student_are_the_plain_files_alone(toys):
    ran = toys.run(
        student(
            "import sys\n"
            "print([n for n in sys.modules if n.startswith(('autograder', "
            "'reference', 'runtime', 'nbgrader'))])"
        ),
        student("try:\n    import autograder\nexcept ImportError as e:\n    print('none')"),
    )
    assert ran.text(1).strip() == "none"
    found = set(ast.literal_eval(ran.text(0).strip()))
    assert not {name for name in found if name.startswith(("autograder", "reference", "nbgrader"))}
    assert not found & {"runtime.examiner", "runtime.handles", "runtime.peer", "runtime.session"}


def test_hash_seeds_are_fixed_for_students_and_random_for_examiners(toys, tmp_path_factory):
    cells = student("print(hash('x'))"), hidden("print(hash('x'))")
    first = toys.run(*cells)
    with Servers((), ()) as warm:
        second = Toys(warm, tmp_path_factory.mktemp("second")).run(*cells)
    assert first.text() == second.text()
    assert first.test().record != second.test().record


def test_a_student_cannot_read_the_examiner_through_its_files(toys):
    """The copies that tests read, and the folder of the examiner, hold nothing a later cell finds."""
    ran = toys.run(
        student("def f(): return 1"),
        hidden("open('expected.txt', 'w').write('CANARY')\nassert f() == 1"),
        student("import os\nprint([n for _, _, names in os.walk('.') for n in names])"),
    )
    assert ran.text(2).strip() == "[]"


RUNTIME = Path(autograder.runtime.__file__).parent


@pytest.mark.parametrize("name", _PLAIN_FILES)
def test_the_students_side_imports_no_module_of_ours_but_its_neighbours(name):
    allowed = {*_PLAIN_FILES, "IPython", "traitlets", "numpy", "torch", *sys.stdlib_module_names}
    allowed |= {"jupyter_client", "nbclient", "nbformat"}  # for a kernel of another language
    for node in ast.walk(ast.parse((RUNTIME / f"{name}.py").read_text())):
        if isinstance(node, ast.Import):
            roots = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level in (0, 1)
            first = (node.module or "").partition(".")[0]
            roots = {alias.name for alias in node.names} if node.level and not first else {first}
        else:
            continue
        assert roots <= allowed | {"matplotlib"}, (name, roots)


def test_the_examiners_side_never_unpickles_and_never_evaluates():
    """What decodes a student's bytes calls no pickle, no marshal, no eval of text."""
    for name in ("wire", "mirrors", "peer", "handles", "outputs", "session", "files"):
        text = (RUNTIME / f"{name}.py").read_text()
        assert not re.search(
            r"\bimport "
            r"(pickle|marshal|shelve|dill)|(?<![.\w])eval\(|(?<![.\w])exec\(|torch\.load|allow_pickle",
            text,
        )
