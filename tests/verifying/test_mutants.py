import ast

import pytest

from autograder.assignment import Assignment
from autograder.verifying.mutants import mutants_of, mutants_of_cell
from tests.building import manual, solution, toy_course


def diffs(source: str, operator: str = "") -> set[str]:
    """The line that came, of each mutant of this kind."""
    found = [m for m in mutants_of_cell("nb", "cell", source) if operator in ("", m.operator)]
    return {line[1:].strip() for m in found for line in m.diff.splitlines() if line.startswith("+")}


@pytest.mark.parametrize(
    "operator, line, wanted",
    [
        ("flip sign", "y = w * x + b", {"y = ((w * x) - b)"}),
        ("flip sign", "y = -x", {"y = x"}),
        ("flip sign", "p -= g", {"p += g"}),
        ("drop term", "y = x + b", {"y = x", "y = b"}),
        ("swap operands", "y = a - b", {"y = (b - a)"}),
        ("swap arguments", "y = f(a, b, c=d)", {"y = f(b, a, c=d)"}),
        ("similar name", "y = x.sum()", {"y = x.mean()"}),
        ("similar name", "y = x.mean()", {"y = x.sum()"}),
        ("sum for mean", "y = F.mse_loss(a, b)", {"y = F.mse_loss(a, b, reduction='sum')"}),
        (
            "off by one",
            "for i in range(n): f()",
            {"for i in range(n + 1): f()", "for i in range(n - 1): f()"},
        ),
        ("off by one", "y = x[:n]", {"y = x[:n + 1]", "y = x[:n - 1]"}),
        ("off by one", "y = x[1]", {"y = x[2]", "y = x[0]"}),
        ("drop zero_grad", "o.zero_grad()", {"pass"}),
        ("delete statement", "loss.backward()", {"pass"}),
        (
            "shift a bound",
            "while a > tol: f()",
            {"while a > (10 * tol): f()", "while a > (0.1 * tol): f()"},
        ),
        (
            "penalise the intercept",
            "m = LogisticRegression()",
            {"m = LogisticRegression(solver='liblinear')"},
        ),
        ("C for 1/C", "m = LogisticRegression(C=C)", {"m = LogisticRegression(C=1 / C)"}),
        ("drop argument", "m = LogisticRegression(C=C)", {"m = LogisticRegression()"}),
        ("transpose", "y = a.T", {"y = a"}),
        ("transpose", "y = a @ b", {"y = (a.T @ b)", "y = (a @ b.T)"}),
        ("dtype", "y = np.array(x, dtype=float)", {"y = np.array(x, dtype=int)"}),
        ("similar name", "y = x.to(torch.float32)", {"y = x.to(torch.float64)"}),
        ("constant", "lr = 0.5", {"lr = 1.0", "lr = 0.25"}),
        ("constant", "deep = True", {"deep = False"}),
        ("drop context", "with torch.no_grad(): f()", {"with __import__('contextlib').nullcontext(): f()"}),
        ("and for or", "y = a and b", {"y = (a or b)"}),
        ("condition always true", "if x: y = 1", {"if True: y = 1"}),
        ("swap a pair", "y = (w, b)", {"y = (b, w)"}),
        ("drop call", "y = abs(x)", {"y = x"}),
        ("drop call", "y = x.item()", {"y = x"}),
        ("overwrite", "total += x", {"total = x"}),
        ("continue for break", "for x in y:\n    break", {"continue"}),
    ],
)
def test_an_operator_makes_the_mistake_of_its_name(operator, line, wanted):
    assert diffs(line, operator) == wanted


def test_only_one_place_changes_and_comments_and_layout_stay():
    source = "# first\ndef f(x,   y):\n    return x - y  # why\n"
    for mutant in mutants_of_cell("nb", "cell", source):
        assert mutant.source.splitlines()[:2] == source.splitlines()[:2]
        assert mutant.source.rstrip().endswith("# why")


def test_places_are_found_behind_letters_of_several_bytes():
    assert "y = 'Größe', (a - b)" in diffs("y = 'Größe', a + b", "flip sign")


def test_no_two_are_alike_and_none_is_the_solution():
    source = "def f(x):\n    return 0 + x * 1\n"
    forms = [ast.dump(ast.parse(m.source)) for m in mutants_of_cell("nb", "cell", source)]
    assert len(forms) == len(set(forms))
    assert ast.dump(ast.parse(source)) not in forms


def test_names_are_unique_and_say_where():
    mutants = mutants_of_cell("nb", "cell", "x = 1\ny = 2 + 3\n")
    assert len({m.name for m in mutants}) == len(mutants)
    assert mutants[0].name.startswith("cell/") and "@1" in mutants[0].name


def test_texts_annotations_and_messages_are_left_alone():
    source = 'def f(x: 1 + 1) -> 2:\n    """Three: 3."""\n    raise ValueError(f"{4} is {5 + 6}")\n'
    assert diffs(source) == {"pass"}


def test_a_cell_with_a_magic_has_mutants():
    assert diffs("%matplotlib inline\nx = a + b", "flip sign") == {"x = (a - b)"}


def test_a_cell_that_is_not_python_is_refused():
    with pytest.raises(SyntaxError):
        mutants_of_cell("nb", "cell", "x = = 1")


def test_an_answer_that_a_person_marks_has_no_mutants(tmp_path):
    course = toy_course(
        tmp_path, solution("a = 1 + 2", "judged"), manual("b = 1 + 2", "by_hand", cell_type="code")
    )
    assert {mutant.cell for mutant in mutants_of(Assignment.load(course, "toy"))} == {"judged"}
