import json

from autograder.notebook import lay_over
from autograder.planning import Plan, imports_of, plan, without_imports
from autograder.settings import Limits, Settings
from autograder.verifying.cases import submitted_notebook
from tests.building import hidden_test, locked, manual, plain, solution, source


def planned(*cells, settings: Settings | None = None, extra: str | None = None) -> Plan:
    """The plan for the solution, with a cell of the student's own at the end if wanted."""
    notebook = source(*cells)
    data = json.loads(submitted_notebook(notebook))
    if extra is not None:
        data["cells"].append({"id": "extra", **plain(extra)})
    return plan(lay_over(notebook, json.dumps(data).encode(), Limits()), settings or Settings())


def sides(*cells, **options) -> list[tuple[str | None, str | None]]:
    """What runs at the student's and what at the examiner's, by step."""
    return [(step.student_source, step.examiner_source) for step in planned(*cells, **options).steps]


TEST = hidden_test("assert x == 1", "test_x")
ANSWER = solution("x = 1", "x")


def test_answers_run_at_the_student_s_and_tests_at_the_examiner_s():
    (answer, test) = planned(ANSWER, TEST).steps
    assert (answer.student_source, answer.examiner_source, answer.test) == ("x = 1", None, None)
    assert (test.student_source, test.test) == (None, "test_x")
    assert "assert x == 1" in test.examiner_source


def test_no_test_is_ever_handed_to_the_student():
    steps = planned(ANSWER, TEST, locked("y = 2", "given"), hidden_test("assert y", "test_y")).steps
    assert all("assert" not in (step.student_source or "") for step in steps)


def test_locked_cells_run_on_both_sides():
    assert sides(locked("data = [1]", "data"), ANSWER, TEST)[0] == ("data = [1]", "data = [1]")


def test_plain_cells_of_the_instructor_run_at_the_examiner_s_before_the_next_cell():
    steps = sides(plain("data = [1]"), ANSWER, hidden_test("assert x == data[0]", "test_x"))
    assert (None, "data = [1]") in steps


def test_visible_checks_of_an_answer_stay_with_the_student():
    check = locked("assert x == 1, 'look again'", "check_x")
    assert sides(ANSWER, check, TEST)[1] == (check["source"], None)


def test_what_a_later_test_reads_runs_at_the_examiner_s_though_it_leans_on_an_answer():
    given = locked("def batch(): return x", "batch")
    assert sides(ANSWER, given, hidden_test("assert batch()", "t"))[1] == (given["source"], given["source"])


def test_what_such_a_cell_reads_in_turn_is_there_too():
    one = locked("base = x", "one")
    two = locked("def batch(): return base", "two")
    steps = sides(ANSWER, one, two, hidden_test("assert batch()", "t"))
    assert [examiner for _, examiner in steps[1:3]] == ["base = x", two["source"]]


def test_cells_of_the_student_s_own_run_at_the_student_s_alone():
    assert sides(ANSWER, TEST, extra="print(x)")[-1] == ("print(x)", None)


def test_text_and_written_answers_have_no_step():
    assert len(planned(plain("# T", "markdown"), ANSWER, manual("Why?", "why"), TEST).steps) == 2


def test_a_code_answer_that_a_human_marks_runs_as_any_other():
    steps = sides(manual("### BEGIN SOLUTION\nplot = 1\n### END SOLUTION", "plot", 2, "code"), ANSWER, TEST)
    assert "plot = 1" in steps[0][0] and steps[0][1] is None


# Names ------------------------------------------------------------------------------------------


def test_the_student_s_names_are_those_that_the_solution_binds():
    cells = (locked("given = 1", "given"), solution("def f(): pass\ny = z = 1", "f"), TEST)
    assert planned(*cells, extra="mine = 1").student_names == {"f", "y", "z"}


def test_what_a_solution_imports_is_the_examiner_s_own():
    answer = solution("import numpy as np\nfrom math import pi\ny = pi", "f")
    found = planned(answer, hidden_test("assert y", "t"))
    assert found.student_names == {"y"}
    assert found.steps[0].examiner_source == "import numpy as np\nfrom math import pi"


def test_a_name_that_a_solution_both_imports_and_binds_is_the_student_s():
    answer = solution("from math import exp\ndef exp(x): return x", "f")
    assert planned(answer, hidden_test("assert exp(1)", "t")).student_names == {"exp"}


def test_imports_are_taken_out_of_a_cell_or_left_alone():
    cell = "from __future__ import annotations\nimport os, sys\nx = 1\ndef f():\n    import re"
    assert imports_of(cell) == "import os, sys"
    assert without_imports(cell).endswith("x = 1\ndef f():\n    import re")
    assert imports_of("this is no python") == ""


# One process --------------------------------------------------------------------------------------


def test_an_assignment_in_one_process_runs_its_tests_at_the_student_s():
    (_, test) = planned(ANSWER, TEST, settings=Settings(isolation="shared")).steps
    assert (test.test, test.examiner_source) == ("test_x", None)
    assert "assert x == 1" in test.student_source


def test_single_cells_may_be_named_for_that():
    cells = (ANSWER, TEST, hidden_test("assert x", "test_other"))
    tests = planned(*cells, settings=Settings(shared_cells=("test_other",))).steps[1:]
    assert [(step.test, step.student_source is None) for step in tests] == [
        ("test_x", True),
        ("test_other", False),
    ]
