import json

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import UsageError
from autograder.verifying.mutation import Equivalents, MutationTest, mutation_test
from tests.building import hidden_test, notebook, solution
from tests.classroom import Classroom

HALF = "def half(x):\n    return x / 2"
CAREFUL = "assert half(3) == 1.5 and half(0) == 0"


def course(tmp_path, servers, *tests: str, source: str = HALF) -> Classroom:
    room = Classroom(tmp_path / "course", servers)
    cells = [hidden_test(test, f"test_{number}") for number, test in enumerate(tests)]
    room.write("source/toy/nb.ipynb", notebook(solution(source, "half"), *cells))
    return room


def judged(room: Classroom, equivalent: str = "") -> MutationTest:
    if equivalent:
        room.write("cases/toy/_equivalent.py", equivalent)
    equivalents = Equivalents.read(room.root / "cases/toy")
    return mutation_test(room.context(), equivalents, jobs=2, servers=room.servers)


def names(survivors) -> list[str]:
    return [survivor.name for survivor in survivors]


def test_a_careful_test_kills_every_mutant(tmp_path, servers):
    found = judged(course(tmp_path, servers, CAREFUL))
    assert (found.survivors, found.faults, found.killed) == ([], [], found.mutants)
    assert found.mutants >= 6
    assert (found.share, found.exit_code) == (1.0, 0)


def test_what_a_careless_test_lets_through_is_listed_with_its_diff(tmp_path, servers):
    found = judged(course(tmp_path, servers, "assert half(2) > 0"))
    assert "half/off-by-one@2.1" in names(found.survivors)
    diff = next(s.diff for s in found.survivors if s.name == "half/off-by-one@2.1")
    assert diff == "-    return x / 2\n+    return x / 3"
    assert found.exit_code == 1


def test_tests_that_nothing_fails_and_tests_that_fail_alike_are_named(tmp_path, servers):
    found = judged(course(tmp_path, servers, CAREFUL, CAREFUL, "x = half(1)"))
    assert found.idle == ["test_2"]
    assert found.together == [["test_0", "test_1"]]
    assert found.failing["test_0"] == found.failing["test_1"]


def test_a_solution_that_fails_is_a_fault(tmp_path, servers):
    found = judged(course(tmp_path, servers, "assert half(3) == 9"))
    assert found.faults == ["@solution: the instructor's solution fails test_0"]
    assert found.exit_code == 4


ROUNDING = "def half(x):\n    return x / 2 + 1e-12"
WITHIN = "assert abs(half(3) - 1.5) < 1e-6 and abs(half(-1) + 0.5) < 1e-6"
COMPARED = """
EQUIVALENT = {{ {name!r}: "below the tolerance" }}

def half(right, mutant, rng):
    x = rng.normal()
    return abs(right.half(x) - mutant.half(x)) / 1e-6
"""


def test_a_survivor_within_the_tolerance_may_be_declared_equivalent(tmp_path, servers):
    room = course(tmp_path, servers, WITHIN, source=ROUNDING)
    plain = judged(room)
    dropped = next(s.name for s in plain.survivors if s.diff.endswith("+    return (x / 2)"))
    found = judged(room, COMPARED.format(name=dropped))
    (equivalent,) = found.equivalent
    assert (equivalent.name, equivalent.reason) == (dropped, "below the tolerance")
    assert 0 < equivalent.distance < 1e-5
    assert dropped not in names(found.survivors)
    assert found.share == found.killed / (found.mutants - 1)


def test_a_survivor_that_is_not_equivalent_stays_one(tmp_path, servers):
    room = course(tmp_path, servers, "assert half(2) == 1")
    survivor = next(s.name for s in judged(room).survivors if "x - " in s.diff or "(2 / x)" in s.diff)
    found = judged(room, COMPARED.format(name=survivor))
    assert survivor in names(found.survivors)
    assert "times the tolerance" in found.faults[0]


def test_a_mutant_that_a_test_fails_cannot_be_equivalent(tmp_path, servers):
    found = judged(course(tmp_path, servers, CAREFUL), COMPARED.format(name="half/off-by-one@2.1"))
    assert "a test fails it" in found.faults[0]


@pytest.mark.parametrize(
    "text, words",
    [
        ("EQUIVALENT = ['half/x@1']", "EQUIVALENT maps"),
        ("EQUIVALENT = {'half/off-by-one@2.1': ''}", "EQUIVALENT maps"),
        ("EQUIVALENT = {'half/off-by-one@2.1': 'why'}", "define half(right, mutant, rng)"),
        ("1 / 0", "ZeroDivisionError"),
        (COMPARED.format(name="half/off-by-two@2.1"), "no mutant 'half/off-by-two@2.1'"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, servers, text, words):
    with pytest.raises(UsageError) as refused:
        judged(course(tmp_path, servers, CAREFUL), text)
    assert words in str(refused.value) and "\n" not in str(refused.value)


def test_too_many_equivalents_are_no_success():
    found = MutationTest("toy", mutants=9, killed=8, equivalent=[None])  # type: ignore[list-item]
    assert (found.share, found.exit_code) == (1.0, 1)


def test_the_file_is_no_case_and_the_command_prints_what_it_found(tmp_path, servers):
    room = course(tmp_path, servers, CAREFUL)
    room.write("cases/toy/_equivalent.py", "EQUIVALENT = {}")
    ran = CliRunner().invoke(main, ["--course", str(room.root), "verify", "toy", "--mutants"])
    assert ran.exit_code == 0
    assert "0 survived, 0 equivalent: 100.0% of the others killed" in ran.output
    ran = CliRunner().invoke(main, ["--course", str(room.root), "verify", "toy", "--mutants", "--json"])
    assert json.loads(ran.stdout)["survivors"] == []
    ran = CliRunner().invoke(main, ["--course", str(room.root), "verify", "toy", "--mutants", "--keep", "x"])
    assert ran.exit_code == 2
