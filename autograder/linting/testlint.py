"""What a hidden test may not do because the student's code runs in another process.

A syntax check: it names what is sure to fail or to mean something else across the wall, and lets
pass whatever it cannot decide.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.names import python_of

_NOTEBOOK_STATE = frozenset({"In", "Out", "_ih", "_oh", "_dh", "_", "__", "___", "_i", "_ii", "_iii"})
_DYNAMIC = frozenset({"globals", "locals", "exec", "eval", "compile", "__import__"})
_PATCHERS = frozenset({"setattr", "delattr"})
_DATA = (
    *(ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp),
    *(ast.DictComp, ast.BinOp, ast.UnaryOp, ast.Compare),
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_BY_HELPER = 'patch on the student\'s side by a helper of the notebook, or list the cell in "shared_cells"'


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of a test cell (from 1, None where magics moved the lines), what is wrong and the mend."""

    line: int | None
    message: str
    mend: str


def findings(source: str, student_names: Collection[str], given: Collection[str] = ()) -> Iterator[Finding]:
    """What the wall would refuse in this test.

    `given` are the notebook's other cells, which tell the libraries in scope: a library is the
    examiner's own, even where a solution imports it. Raises SyntaxError.
    """
    code = python_of(source)
    tree = ast.parse(code)
    libraries = _imported(tree)
    for other in given:
        libraries |= _imported_by(other)
    lint = _Lint(frozenset(student_names) - libraries, frozenset(libraries))
    for line, message, mend in sorted({*lint.anywhere(tree), *lint.at_top(tree)}):
        yield Finding(line if code == source else None, message, mend)


_Found = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class _Lint:
    student_names: frozenset[str]
    libraries: frozenset[str]

    def anywhere(self, tree: ast.AST) -> Iterator[_Found]:
        for node in ast.walk(tree):
            match node:
                case ast.Global(names=names):
                    yield (
                        node.lineno,
                        f"declares `global {', '.join(names)}`",
                        "pass the value as an argument",
                    )
                case ast.Name(id="get_ipython"):
                    yield node.lineno, "uses a magic or a shell command", "write it in plain Python"
                case ast.Name(id=name, ctx=ast.Load()) if name in _DYNAMIC:
                    yield (
                        node.lineno,
                        f"uses `{name}`",
                        "write the code out: names of two processes meet in a test",
                    )
                case ast.Name(id=name, ctx=ast.Load()) if name in _NOTEBOOK_STATE and not _bound(tree, name):
                    yield (
                        node.lineno,
                        f"reads `{name}`",
                        "call the student's function, or use its cell's text",
                    )
                case ast.Import(names=modules) if any(alias.name == "__main__" for alias in modules):
                    yield node.lineno, "imports `__main__`", "use the student's names directly"
                case ast.ImportFrom(module="mock" | "unittest.mock") | ast.Attribute(attr="monkeypatch"):
                    yield node.lineno, "patches a library", _BY_HELPER
                case ast.Call(func=ast.Name(id=name), args=[target, *_]) if name in _PATCHERS:
                    if self._is_library(target):
                        yield node.lineno, f"patches {ast.unparse(target)}", _BY_HELPER
                case ast.Attribute(ctx=ast.Store() | ast.Del()) if self._is_library(node.value):
                    yield node.lineno, f"patches {ast.unparse(node)}", _BY_HELPER

    def at_top(self, node: ast.AST) -> Iterator[_Found]:
        """Bindings of a student's name to data, outside of functions, which have names of their own."""
        for child in ast.iter_child_nodes(node):
            yield from self._binding(child)
            if not isinstance(child, (*_FUNCTIONS, *_COMPREHENSIONS)):
                yield from self.at_top(child)

    def _binding(self, node: ast.AST) -> Iterator[_Found]:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from self._assigned(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from self._assigned(target, value)
            case ast.NamedExpr(target=target, value=value):
                yield from self._assigned(target, value)
            case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
                yield from self._data(target)
            case ast.withitem(optional_vars=ast.expr() as target):
                yield from self._data(target)
            case ast.ClassDef(name=name) if name in self.student_names:
                yield self._rebound(node.lineno, name)

    def _assigned(self, target: ast.expr, value: ast.expr) -> Iterator[_Found]:
        if isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for part, item in zip(target.elts, values, strict=False):
                yield from self._assigned(part, item)
        elif isinstance(value, _DATA) or self._makes_data(value):
            yield from self._data(target)

    def _makes_data(self, value: ast.expr) -> bool:
        """A call of a library or of a builtin type: no test gets a function from these."""
        if not isinstance(value, ast.Call):
            return False
        function = value.func
        if isinstance(function, ast.Name):
            return isinstance(getattr(builtins, function.id, None), type)
        return _root(function) in {"np", "numpy", "torch"} & self.libraries

    def _data(self, target: ast.expr) -> Iterator[_Found]:
        for node in ast.walk(target):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and node.id in self.student_names
            ):
                yield self._rebound(node.lineno, node.id)

    def _rebound(self, line: int, name: str) -> _Found:
        return (
            line,
            f"assigns data to {name!r}, a name of the student's",
            "choose another name: it stays in the test",
        )

    def _is_library(self, node: ast.expr) -> bool:
        return _root(node) in self.libraries


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


@lru_cache(maxsize=2_000)  # every test of a notebook is told the same cells
def _imported_by(source: str) -> frozenset[str]:
    """What a cell imports; nothing is known of one that is no Python."""
    try:
        return frozenset(_imported(ast.parse(python_of(source))))
    except SyntaxError:
        return frozenset()


def _imported(tree: ast.AST) -> set[str]:
    """Names that stand for modules, or for classes taken out of them."""
    names = {"builtins"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def _bound(tree: ast.AST, name: str) -> bool:
    """Whether the test itself gives the name a value, as in `for _ in range(3)`."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )
