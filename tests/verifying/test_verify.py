import json
from dataclasses import replace

import pytest

from autograder.errors import UsageError
from autograder.marking import Marked
from autograder.result import Outcome
from autograder.verifying import trials
from autograder.verifying.cases import parse_case, read_cases
from autograder.verifying.judging import Finding, Leak, Verification
from autograder.verifying.trials import run_trials, solution_trial
from autograder.verifying.verify import verify
from tests.building import hidden_test, notebook, plain, solution
from tests.classroom import DOUBLE, HALF, Classroom

FLOOR = "# %% half\ndef half(x):\n    return x // 2\n"


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def verified(room: Classroom, *cases: str, probes: bool = False, **options) -> Verification:
    """Cases are heads and cells, called c0, c1, ..."""
    context = room.context()
    parsed = [parse_case(f"c{n}", text, context.assignment) for n, text in enumerate(cases)]
    return verify(context, parsed, probes=probes, jobs=2, servers=room.servers, **options)


def case(cells: str = "", head: str = "") -> str:
    return f"# /// case\n{head}# ///\n{cells}"


def expecting(verdict: str, cells: str = FLOOR) -> str:
    return case(cells, f"# expect = {{ test_half = '{verdict}' }}\n")


def lists(found: Verification) -> tuple[list, list, list, list]:
    return found.false_accepts, found.false_rejects, found.faults, found.leaks


def change_source(room: Classroom, old: str, new: str) -> None:
    path = room.root / "source/toy/nb.ipynb"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# Verdicts ---------------------------------------------------------------------------------------


def test_solution_release_and_cases_as_expected_are_clean(room):
    found = verified(room, case(), expecting("zero"))
    assert lists(found) == ([], [], [], [])
    assert (found.assignment, found.cases, found.tests, found.exit_code) == ("toy", 2, 2, 0)


@pytest.mark.parametrize(("kind", "tries"), [("timeout", 2), ("failed", 1)])
def test_an_unexpected_timeout_is_tried_once_more(room, tmp_path, monkeypatch, kind, tries):
    mark, log = trials.mark, tmp_path / "tries"

    def fail_at_first(*args, **options):
        marked = mark(*args, **options)
        first = marked.result.student == "c0" and not log.exists()
        if marked.result.student == "c0":
            with log.open("a") as file:
                file.write("x")
        return with_outcome(marked, Outcome(kind)) if first else marked

    monkeypatch.setattr(trials, "mark", fail_at_first)
    found = verified(room, case())
    assert len(log.read_text()) == tries
    assert [one.test for one in found.false_rejects] == (["test_half"] if tries == 1 else [])


def with_outcome(marked: Marked, outcome: Outcome) -> Marked:
    """The same, but test_half ended so."""
    (part,) = marked.result.notebooks
    tests = tuple(replace(t, points=0.0, outcome=outcome) if t.id == "test_half" else t for t in part.tests)
    return replace(marked, result=replace(marked.result, notebooks=(replace(part, tests=tests),)))


def test_a_wrong_answer_that_passes_is_a_false_accept(room):
    found = verified(room, expecting("zero", f"# %% half\n{HALF}\n"))
    (accept,) = found.false_accepts
    assert (accept.case, accept.test, accept.expected, accept.got) == ("c0", "test_half", "zero", "full")
    assert found.exit_code == 1


def test_a_right_answer_that_fails_is_a_false_reject(room):
    found = verified(room, case(FLOOR))
    (reject,) = found.false_rejects
    assert (reject.case, reject.test, reject.expected, reject.got) == ("c0", "test_half", "full", "zero")
    assert found.exit_code == 1


def test_submissions_are_counted_by_what_they_should_get(room):
    accepted = expecting("zero", f"# %% half\n{HALF}\n")
    found = verified(room, case(), case(FLOOR), expecting("zero"), accepted)
    # neither the solution nor the release nor answers without knowledge count
    assert (found.right_cases, found.right_rejected) == (2, 1)
    assert (found.wrong_cases, found.wrong_accepted) == (2, 1)


def test_a_case_that_could_not_be_graded_says_nothing_of_the_tests(room, monkeypatch):
    monkeypatch.setattr("autograder.verifying.trials.mark", lambda *args, **kwargs: 1 / 0)
    found = verified(room, case(), expecting("zero"))
    assert len(found.faults) == 4
    assert (found.right_cases, found.wrong_cases) == (0, 0)


def test_tests_that_are_not_named_must_be_full_unless_the_rest_is_free(room):
    broken = "# %% double\nx = 1\n# %% half\nx = 1\n"
    assert len(verified(room, expecting("zero", broken)).false_rejects) == 1
    free = case(broken, "# expect = { test_half = 'zero' }\n# rest = 'any'\n")
    assert lists(verified(room, free)) == ([], [], [], [])


@pytest.mark.parametrize(
    "expected, accepts, rejects", [("zero", 1, 0), ("partial", 0, 0), ("full", 0, 1)], ids=str
)
def test_partial_credit_is_a_verdict_of_its_own(room, expected, accepts, rejects):
    change_source(room, "assert half(3) == 1.5", "3 if half(3) == 1.5 else 1 if half(3) == 1 else 0")
    found = verified(room, expecting(expected))
    assert (len(found.false_accepts), len(found.false_rejects)) == (accepts, rejects)


def test_a_trial_may_run_some_tests_alone(room):
    context = room.context()
    trial = replace(solution_trial(context.assignment), only=frozenset({"nb/test_half"}))
    (answer,) = run_trials(context, [trial], jobs=1, servers=room.servers)
    assert [test.id for notebook in answer.result.notebooks for test in notebook.tests] == ["test_half"]


def test_only_the_notebooks_that_a_case_touches_are_graded(room, tmp_path):
    room.write("source/toy/b.ipynb", notebook(solution("y = 1", "y"), hidden_test("assert y == 1", "test_y")))
    verified(room, case(FLOOR, "# rest = 'any'\n"), keep=tmp_path / "kept")
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert kept == [
        "@release.b.ipynb",
        "@release.nb.ipynb",
        "@solution.b.ipynb",
        "@solution.nb.ipynb",
        "c0.ipynb",
    ]


# Faults -----------------------------------------------------------------------------------------


def test_a_test_that_fails_on_the_solution_is_a_fault_that_says_why(room):
    change_source(room, "assert half(3) == 1.5", "assert half(3) == 9, 'nine'")
    found = verified(room)
    (fault,) = found.faults
    assert (fault.case, fault.test, fault.got) == ("@solution", "test_half", "zero")
    assert "nine" in fault.message
    assert found.exit_code == 4


def test_a_test_that_ends_in_an_error_of_its_own_is_a_fault_with_a_traceback(room):
    change_source(room, "assert half(3) == 1.5", "1 / 0")
    (fault,) = verified(room).faults
    assert "ZeroDivisionError" in fault.message


def test_a_test_that_gives_points_for_nothing_is_a_false_accept(room):
    change_source(room, "assert half(3) == 1.5", "pass")
    found = verified(room)
    assert [(f.case, f.test) for f in found.false_accepts] == [("@release", "test_half")]


def test_a_test_without_points_may_pass_on_the_release(room):
    room.write(
        "source/toy/nb.ipynb", notebook(solution("y = 1", "y"), hidden_test("assert True", "looks", points=0))
    )
    assert lists(verified(room, probes=True)) == ([], [], [], [])


def test_faults_weigh_more_than_the_rest():
    finding = Finding("c", "t", "full", "zero", "")
    assert Verification("a", false_rejects=[finding]).exit_code == 1
    assert Verification("a", leaks=[Leak("c", "x", "y")]).exit_code == 1
    assert Verification("a", false_rejects=[finding], faults=[finding]).exit_code == 4


# Where ------------------------------------------------------------------------------------------


def where(room: Classroom, *cells: str) -> list[str]:
    found = verified(room, *(case(text) for text in cells))
    return [finding.where for finding in (*found.false_accepts, *found.false_rejects, *found.faults)]


CELL = "source/toy/nb.ipynb, cell 5 (test_half)"


def test_a_finding_names_cell_and_line_with_its_text(room):
    assert where(room, FLOOR) == [f"{CELL}, line 3: assert half(3) == 1.5"]


def test_of_a_helper_it_is_the_line_in_the_helper(room):
    change_source(room, "assert half(3) == 1.5", "def same(x):\\n    assert half(x) == x / 2\\nsame(3)")
    assert where(room, FLOOR) == [f"{CELL}, line 4: assert half(x) == x / 2"]


def test_of_a_check_it_is_the_line_that_calls_it(room):
    change_source(
        room,
        "assert half(3) == 1.5",
        "from autograder import checks\\nchecks.close(half(3), 1.5, 'half', atol=1e-9)",
    )
    assert where(room, FLOOR) == [f"{CELL}, line 4: checks.close(half(3), 1.5, 'half', atol=1e-9)"]


def test_of_parts_it_is_the_line_of_the_first_that_failed(room):
    lines = (
        "from autograder import checks",
        "parts = checks.Parts()",
        "with parts.worth(1, 'even'):",
        "    assert half(2) == 1",
        "with parts.worth(2, 'odd'):",
        "    assert half(3) == 1.5",
        "parts.points",
    )
    change_source(room, "assert half(3) == 1.5", "\\n".join(lines))
    assert where(room, FLOOR) == [f"{CELL}, line 8: assert half(3) == 1.5"]


def test_a_student_does_not_choose_the_line(room):
    forged = 'File "<test test_half>", line 1, in <module>'
    raising = f"# %% half\ndef half(x):\n    print({forged!r})\n    raise ValueError({forged!r})\n"
    named = "# %% half\nexec(compile('def half(x):\\n    return 1 / 0', '<test test_half>', 'exec'))\n"
    assert where(room, raising, named) == [f"{CELL}, line 3: assert half(3) == 1.5"] * 2


def test_what_passed_or_died_has_a_cell_and_no_line(room):
    found = verified(room, expecting("zero", f"# %% half\n{HALF}\n"))
    assert [accept.where for accept in found.false_accepts] == [CELL]
    dead = "# %% half\ndef half(x):\n    import os\n    os._exit(1)\n"
    assert where(room, dead) == [CELL]


@pytest.mark.parametrize(
    "name, words", [("@solution", "names that begin with @"), ("a\x1b[2J", "cannot be printed; rename it")]
)
def test_a_case_has_a_name_that_can_be_shown_and_is_not_ours(room, name, words):
    with pytest.raises(UsageError, match=words) as refused:
        parse_case(name, case(), room.context().assignment)
    assert str(refused.value).isprintable()


# Probes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weak, kind",
    [
        ("assert 0 < half(1) < 1", "constant"),
        ("assert half(3) != 3", "none"),
        ("try:\\n    half(3)\\nexcept ValueError:\\n    pass", "raising"),
    ],
)
def test_a_test_that_an_ignorant_answer_passes_is_found(room, weak, kind):
    change_source(room, "assert half(3) == 1.5", weak)
    accepts = verified(room, probes=True).false_accepts
    assert (f"@{kind}/half", "test_half") in [(f.case, f.test) for f in accepts]


def test_probes_are_not_counted_as_cases(room):
    found = verified(room, case(), probes=True)
    assert (found.cases, lists(found)) == (1, ([], [], [], []))


# Leaks ------------------------------------------------------------------------------------------


def leaks(room: Classroom, code: str) -> list[tuple[str, str]]:
    cells = "\n".join(line for line in ("# %% half", *code.splitlines()))
    found = verified(room, case(cells + "\n", "# rest = 'any'\n"))
    assert {leak.case for leak in found.leaks} <= {"c0"}
    return [(leak.name, leak.where) for leak in found.leaks]


def test_what_an_attack_prints_in_its_cell_is_a_leak(room):
    assert leaks(room, f"{HALF}\nprint('PWNED:visible')") == [("visible", "visible nb, cell 3")]


def test_what_it_prints_while_a_test_runs_is_a_leak_though_withheld(room):
    code = "def half(x):\n    print('PWNED:a/quiet-one')\n    return x / 2"
    assert leaks(room, code) == [("a/quiet-one", "withheld nb/test_half")]


def test_what_it_raises_or_displays_or_writes_is_a_leak(room):
    assert leaks(room, "raise ValueError('PWNED:raised')") == [("raised", "visible nb, cell 3")]
    assert leaks(room, f"{HALF}\n'PWNED:displayed'") == [("displayed", "visible nb, cell 3")]
    assert leaks(room, f"{HALF}\nopen('x.txt', 'w').write('PWNED:written')")[-1][0] == "written"


def test_a_source_that_only_says_it_is_no_leak(room):
    assert leaks(room, f"{HALF}\nx = 'PWNED:never-printed'") == []


def test_a_traceback_that_quotes_the_source_is_no_leak(room):
    assert leaks(room, "x = 'PWNED:quoted'; raise ValueError('x')") == []


def test_whoever_prints_a_great_many_empty_lines_holds_up_nobody(room):
    """Looked through from each of these lines to the last, they would take hours."""
    code = f"{HALF}\nopen('x.txt', 'w').write(chr(10) * 1_000_000 + chr(39) * 1_000_000 + 'PWNED:late')"
    assert [secret for secret, _ in leaks(room, code)] == ["late"]


@pytest.mark.parametrize("blank", ["\f", "\v", "\u00a0", "\x85"])
def test_no_blank_hides_a_leak(room, blank):
    code = f"{HALF}\nopen('x.txt', 'w').write({blank!r} + 'PWNED:behind')"
    assert [secret for secret, _ in leaks(room, code)] == ["behind"]


# Keep -------------------------------------------------------------------------------------------


def test_one_executed_notebook_a_case_is_kept(room, tmp_path):
    for name in ("right/plain", "wrong/floor"):
        room.write(f"cases/toy/{name}.py", case(FLOOR, "# rest = 'any'\n"))
    context = room.context()
    cases = read_cases(room.root / "cases/toy", context.assignment)
    verify(context, cases, probes=False, servers=room.servers, keep=tmp_path / "kept")
    kept = sorted(str(p.relative_to(tmp_path / "kept")) for p in (tmp_path / "kept").rglob("*.ipynb"))
    assert kept == ["@release.ipynb", "@solution.ipynb", "right/plain.ipynb", "wrong/floor.ipynb"]
    shown = json.loads((tmp_path / "kept/wrong/floor.ipynb").read_text())
    assert "AssertionError" in json.dumps(shown["cells"][4]["outputs"])


def test_every_trial_is_reported_as_it_is_done(room):
    seen, total = [], []
    verified(room, case(), on_start=total.append, on_trial=seen.append)
    assert (sorted(seen), total) == (["@release", "@solution", "c0"], [3])


def test_what_cannot_cross_the_wall_is_a_fault_with_its_mend(room):
    room.write(
        "source/toy/nb.ipynb",
        notebook(
            plain("import numpy as np"),
            solution(DOUBLE, "double"),
            hidden_test("assert double(1) == 2\nexec('x = 1')", "test_double"),
        ),
    )
    first = verified(room).faults[0]
    assert (first.case, first.test) == ("@lint", "test_double")
