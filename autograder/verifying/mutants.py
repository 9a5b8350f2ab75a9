"""Mutants: the instructor's solution with one small mistake, of the kinds that students make.

A mutant changes one place of one solution cell and leaves the rest of its text alone. Some are equal to
the solution in what they compute; which, no program can tell in general.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.names import python_of
from autograder.regions import SOLUTION, without_marks
from autograder.source import Role
from autograder.verifying.cases import answers_of

# A change: what kind of mistake it is, the node that goes, and the text that comes in its place.
Change = tuple[str, ast.AST, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`name` is `cell/operator@line`, numbered where it is not the only one; `source` is the whole cell."""

    name: str
    notebook: str
    cell: str
    operator: str
    source: str
    diff: str


def mutants_of(assignment: Assignment) -> list[Mutant]:
    """Every mutant of every code cell that students fill and tests judge, in the order of cells and lines."""
    return [
        mutant
        for notebook in assignment.notebooks
        for cell in answers_of(notebook)
        if cell.cell_type == "code" and cell.role is not Role.MANUAL
        for mutant in mutants_of_cell(notebook.name, cell.id, without_marks(cell.source, SOLUTION))
    ]


def mutants_of_cell(notebook: str, cell: str, source: str) -> list[Mutant]:
    """The mutants of one cell, no two of them alike. Raises SyntaxError if `source` is not Python."""
    text = python_of(source)
    tree = ast.parse(text)
    seen = {ast.dump(tree)}
    found: list[tuple[str, int, str]] = []
    for operator, node, new in sorted(_changes(tree), key=lambda change: _line(change[1])):
        changed = _splice(text, node, new)
        try:
            form = ast.dump(ast.parse(changed))
        except SyntaxError:  # a place where such an expression may not stand
            continue
        if form not in seen:
            seen.add(form)
            found.append((operator, _line(node), changed))
    numbers: Counter[tuple[str, int]] = Counter()
    several = Counter((operator, line) for operator, line, _ in found)
    result = []
    for operator, line, changed in found:
        numbers[operator, line] += 1
        name = f"{cell}/{operator.replace(' ', '-')}@{line}"
        if several[operator, line] > 1:
            name += f".{numbers[operator, line]}"
        result.append(Mutant(name, notebook, cell, operator, changed, _diff(text, changed)))
    return result


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _splice(text: str, node: ast.AST, new: str) -> str:
    """`text` with the span of `node` replaced. Columns of a tree count bytes."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    before = b"".join(lines[:first]) + lines[first][: node.col_offset]  # type: ignore[attr-defined]
    after = lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])  # type: ignore[attr-defined]
    return bytes(before + new.encode() + after).decode()


def _diff(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


# Operators --------------------------------------------------------------------------------------


def _changes(tree: ast.Module) -> Iterator[Change]:
    for node in _code(tree):
        for kind, operators in _OPERATORS:
            if isinstance(node, kind):
                for operator in operators:
                    yield from operator(node)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below `node` that a program runs for their values: no annotation, f-string or message."""
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST):
                yield child
                if not isinstance(child, ast.JoinedStr | ast.Raise):
                    yield from _code(child)


def _text(node: ast.AST) -> str:
    """An expression that keeps its meaning wherever it is put."""
    text = ast.unparse(node)
    simple = (
        ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript | ast.Tuple | ast.List | ast.Dict
    )
    return text if isinstance(node, simple) else f"({text})"


_OTHER_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("flip sign", "-"),
    ast.Sub: ("flip sign", "+"),
    ast.Mult: ("other arithmetic", "/"),
    ast.Div: ("other arithmetic", "*"),
    ast.FloorDiv: ("other arithmetic", "/"),
    ast.MatMult: ("other arithmetic", "*"),
}


def _arithmetic(node: ast.BinOp) -> Iterator[Change]:
    left, right = _text(node.left), _text(node.right)
    if type(node.op) in _OTHER_ARITHMETIC:
        kind, sign = _OTHER_ARITHMETIC[type(node.op)]
        yield kind, node, f"({left} {sign} {right})"
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
        sign = {ast.Sub: "-", ast.Div: "/", ast.MatMult: "@"}[type(node.op)]
        yield "swap operands", node, f"({right} {sign} {left})"
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow):
        yield "drop term", node, left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield "drop term", node, right
    if isinstance(node.op, ast.MatMult):
        yield "transpose", node, f"({left}.T @ {right})"
        yield "transpose", node, f"({left} @ {right}.T)"


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.USub | ast.Not):
        kind = "flip sign" if isinstance(node.op, ast.USub) else "negate condition"
        yield kind, node, _text(node.operand)


def _augmented(node: ast.AugAssign) -> Iterator[Change]:
    target, value = ast.unparse(node.target), ast.unparse(node.value)
    if isinstance(node.op, ast.Add | ast.Sub):
        yield "flip sign", node, f"{target} {'-' if isinstance(node.op, ast.Add) else '+'}= {value}"
    yield "overwrite", node, f"{target} = {value}"


_OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">"),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<"),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=", "<=", ">="),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}


def _comparison(node: ast.Compare) -> Iterator[Change]:
    if len(node.ops) > 1:
        return
    left, right = _text(node.left), _text(node.comparators[0])
    for sign in _OTHER_COMPARISONS[type(node.ops[0])]:
        yield "other comparison", node, f"({left} {sign} {right})"
    if isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE) and right != "0":
        for factor in ("10", "0.1"):
            yield "shift a bound", node.comparators[0], f"({factor} * {right})"


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[Change]:
    if not isinstance(node.test, ast.Constant):
        yield "condition always true", node.test, "True"
        yield "condition always false", node.test, "False"


def _either(node: ast.BoolOp) -> Iterator[Change]:
    word = " or " if isinstance(node.op, ast.And) else " and "
    yield "and for or", node, f"({word.join(map(_text, node.values))})"
    for value in node.values:
        yield "drop term", value, "True" if isinstance(node.op, ast.And) else "False"


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, str(not value)
    elif isinstance(value, int):
        yield "off by one", node, f"{value + 1}"
        yield "off by one", node, f"{value - 1}" if value > 0 else f"({value - 1})"
    elif isinstance(value, float):
        yield "constant", node, f"{2 * value!r}" if value else "1.0"
        yield "constant", node, f"{value / 2!r}" if value else "(-1.0)"


def _slice(node: ast.Slice) -> Iterator[Change]:
    for bound in filter(None, (node.lower, node.upper)):
        yield from _off_by_one(bound)


def _range(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        for bound in node.args[:2]:
            yield from _off_by_one(bound)


def _off_by_one(bound: ast.expr) -> Iterator[Change]:
    if not isinstance(bound, ast.Constant | ast.UnaryOp):
        yield "off by one", bound, f"{_text(bound)} + 1"
        yield "off by one", bound, f"{_text(bound)} - 1"


_TWINS = (
    ("sum", "mean"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("ones", "zeros"),
    ("ones_like", "zeros_like"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("sin", "cos"),
    ("floor", "ceil"),
    ("float32", "float64"),
    ("hstack", "vstack"),
    ("rand", "randn"),
    ("c_", "r_"),
    ("smooth_l1_loss", "mse_loss"),
    ("l1_loss", "mse_loss"),
    ("binary_cross_entropy_with_logits", "binary_cross_entropy"),
    ("Sigmoid", "Identity"),
)


def _twins() -> dict[str, tuple[str, ...]]:
    others: dict[str, list[str]] = {}
    for one, other in _TWINS:
        others.setdefault(one, []).append(other)
        others.setdefault(other, []).append(one)
    return {name: tuple(found) for name, found in others.items()}


_TWIN = _twins()


def _twin_attribute(node: ast.Attribute) -> Iterator[Change]:
    for other in _TWIN.get(node.attr, ()):
        yield "similar name", node, f"{_text(node.value)}.{other}"
    if node.attr in ("T", "mT"):
        yield "transpose", node, _text(node.value)


def _twin_name(node: ast.Name) -> Iterator[Change]:
    for other in _TWIN.get(node.id, ()) if isinstance(node.ctx, ast.Load) else ():
        yield "similar name", node, other
    if node.id == "float":
        yield "dtype", node, "int"


def _arguments(node: ast.Call) -> Iterator[Change]:
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    if plain and len(node.args) > 1:
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield "swap arguments", node, ast.unparse(ast.Call(node.func, swapped, node.keywords))
    for keyword in node.keywords:
        rest = [each for each in node.keywords if each is not keyword]
        yield "drop argument", node, ast.unparse(ast.Call(node.func, node.args, rest))
        if keyword.arg in ("C", "alpha", "weight_decay"):
            yield "C for 1/C", keyword.value, f"1 / {_text(keyword.value)}"
    if plain and len(node.args) > 1:
        yield "drop argument", node, ast.unparse(ast.Call(node.func, node.args[:-1], node.keywords))


def _call(node: ast.Call) -> Iterator[Change]:
    """f(x) becomes x, and x.f() becomes x."""
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield "drop call", node, _text(node.args[0])
    elif isinstance(node.func, ast.Attribute):
        yield "drop call", node, _text(node.func.value)


_SPOILING = {
    "LogisticRegression": (
        ("penalise the intercept", "solver='liblinear'"),
        ("drop bias", "fit_intercept=False"),
        ("drop penalty", "penalty=None"),
        ("loosen the stop rule", "tol=0.1"),
    ),
    "Linear": (("drop bias", "bias=False"),),
    "smooth_l1_loss": (("sum for mean", "reduction='sum'"),),
    "mse_loss": (("sum for mean", "reduction='sum'"),),
    "binary_cross_entropy_with_logits": (("sum for mean", "reduction='sum'"),),
    "SGD": (("drop step rule", "momentum=0.9"), ("add penalty", "weight_decay=0.1")),
}


def _spoiled(node: ast.Call) -> Iterator[Change]:
    """A call with one more argument, as students are tempted to write it."""
    name = ast.unparse(node.func).rpartition(".")[2]
    for kind, argument in _SPOILING.get(name, ()):
        if argument.partition("=")[0] not in {keyword.arg for keyword in node.keywords}:
            text = ast.unparse(node).removesuffix(")")
            yield kind, node, f"{text}{'' if text.endswith('(') else ', '}{argument})"


def _pair(node: ast.Tuple) -> Iterator[Change]:
    if len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        yield "swap a pair", node, f"({ast.unparse(node.elts[1])}, {ast.unparse(node.elts[0])})"


def _with(node: ast.With) -> Iterator[Change]:
    for item in node.items:
        yield "drop context", item.context_expr, "__import__('contextlib').nullcontext()"


def _deleted(node: ast.stmt) -> Iterator[Change]:
    kept = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, kept) or is_text:
        return
    is_zero_grad = isinstance(node, ast.Expr) and "zero_grad" in ast.unparse(node)
    yield "drop zero_grad" if is_zero_grad else "delete statement", node, "pass"
    if isinstance(node, ast.Break):
        yield "continue for break", node, "continue"


_OPERATORS: tuple[tuple[Any, tuple[Callable[[Any], Iterator[Change]], ...]], ...] = (
    (ast.BinOp, (_arithmetic,)),
    (ast.UnaryOp, (_unary,)),
    (ast.AugAssign, (_augmented,)),
    (ast.Compare, (_comparison,)),
    (ast.If | ast.While | ast.IfExp, (_condition,)),
    (ast.BoolOp, (_either,)),
    (ast.Constant, (_constant,)),
    (ast.Slice, (_slice,)),
    (ast.Call, (_range, _arguments, _call, _spoiled)),
    (ast.Attribute, (_twin_attribute,)),
    (ast.Name, (_twin_name,)),
    (ast.Tuple, (_pair,)),
    (ast.With, (_with,)),
    (ast.stmt, (_deleted,)),
)
