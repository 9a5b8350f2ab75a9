"""Every defence earns its place: without it, and with all others, an attack succeeds that it stops."""

import os
import re
import socket
from pathlib import Path

import nbgrader
import pytest

from autograder.runtime.session import Limits
from autograder.runtime.tiers import PARTS, STRONGEST, strongest

from .jails import ROOT, servers_of, without
from .toys import Toys, hidden, student

pytestmark = pytest.mark.skipif(strongest().tier < STRONGEST, reason="this machine offers no tier 3")

QUEUE = 0x5EED0000 + os.getpid() % 0x10000

# what a student's cell does to print REACHED
ATTACKS = {
    "landlock": f"assert 'nbgrader' in open({nbgrader.__file__!r}).read()",
    "seccomp": "assert __import__('ctypes').CDLL(None).unshare(0x10000000) == 0",
    "mount": f"__import__('os').stat({str(ROOT / 'source' / 'lab6')!r})",
    "pid": f"__import__('os').getpgid({os.getpid()})",
    "net": "assert len(open('/proc/self/net/tcp').read().splitlines()) > 1",  # who listens here
    "ipc": f"libc = __import__('ctypes').CDLL(None)\nassert libc.msgget({QUEUE}, 0) >= 0",
    "uid": "assert __import__('os').nice(-5) < 0",  # before all other processes of the machine
    "limits": "kept = bytearray(300 << 20)",
}
LEAVE_A_QUEUE = f"assert __import__('ctypes').CDLL(None).msgget({QUEUE}, 0o1666) >= 0"
SMALL = Limits(memory_bytes=100 << 20)


def reaches(toys: Toys, servers, attack: str) -> bool:
    toys.run(student(LEAVE_A_QUEUE), servers=servers)
    ran = toys.run(
        student(
            f"try:\n    {attack.replace(chr(10), chr(10) + '    ')}\nexcept BaseException as e: print(e)\n"
            "else: print('REACHED')"
        ),
        servers=servers,
        limits=SMALL,
    )
    return "REACHED" in ran.text()


@pytest.fixture(scope="module")
def strong():
    with servers_of(PARTS[STRONGEST]) as warm:
        yield warm


@pytest.fixture(autouse=True)
def surroundings():
    with socket.create_server(("127.0.0.1", 0)):
        yield
    os.system(f"ipcrm -Q {QUEUE} 2>/dev/null")


@pytest.mark.parametrize("part", ATTACKS)
def test_with_all_defences_the_attack_fails(strong, tmp_path, part):
    assert not reaches(Toys(strong, tmp_path), strong, ATTACKS[part])


@pytest.mark.parametrize("part", sorted(PARTS[STRONGEST]))
def test_without_this_one_it_succeeds(tmp_path, part):
    with servers_of(without(part)) as weaker:
        assert reaches(Toys(weaker, tmp_path), weaker, ATTACKS[part])


# the rules of the wall --------------------------------------------------------------------------


def test_without_the_rule_of_names_a_student_defines_what_judges(servers, tmp_path):
    toys = Toys(servers, tmp_path)
    answer = student("def f(): return 1\ndef abs(x): return 0.0")
    test = hidden("assert abs(f() - 2) < 0.1")
    assert toys.run(answer, test, names="f").outcome == "failed"
    assert toys.run(answer, test, names="f abs").outcome == "passed"  # the submission decides


LIES = """
class Lie:
    def __sub__(self, other): return 0.0
def f(): return Lie()
"""
FORWARDS = """
from autograder.runtime.handles import Handle
Handle.__sub__ = lambda self, other: self._asker.request("getattr", self, "__sub__")(other)
"""


def test_without_the_rule_of_dunders_a_students_object_answers_for_itself(strong, tmp_path):
    cells = student(LIES), hidden("assert abs(f() - 1.0) < 1e-9")
    assert Toys(strong, tmp_path).run(*cells).outcome == "failed"
    with servers_of(PARTS[STRONGEST], weakened_by(tmp_path, FORWARDS)) as weaker:
        assert Toys(weaker, tmp_path).run(*cells).outcome == "passed"


RAISES = """
def f(): raise RuntimeError("eval:setattr(__import__('math'), 'isclose', lambda *values: True)")
"""
LOOKS_UP = """
import builtins
from autograder.runtime import peer
def by_name(message):
    name, _, text = message.partition(":")
    getattr(builtins, name)(text)
    return RuntimeError(text)
peer.exception_class = lambda index: by_name
"""


def test_without_the_table_the_name_of_an_exception_is_looked_up_and_runs(strong, tmp_path):
    test = "import math\ntry: f()\nexcept RuntimeError: pass\nassert math.isclose(1, 2)"
    cells = student(RAISES), hidden(test)
    assert Toys(strong, tmp_path).run(*cells).outcome == "failed"
    with servers_of(PARTS[STRONGEST], weakened_by(tmp_path, LOOKS_UP)) as weaker:
        assert Toys(weaker, tmp_path).run(*cells).outcome == "passed"


def weakened_by(folder: Path, patch: str) -> Path:
    """A folder with a module that takes a rule out of the examiner that imports it."""
    path = folder / "weaker"
    path.mkdir()
    (path / "weakened.py").write_text(patch)
    return path


def test_every_defence_has_its_attack():
    assert ATTACKS.keys() == PARTS[STRONGEST]


def test_docs_name_every_defence():
    text = (Path(ROOT) / "docs" / "security.md").read_text()
    assert PARTS[STRONGEST] <= set(re.findall(r"`(\w+)`", text))
