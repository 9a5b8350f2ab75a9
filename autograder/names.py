"""Which names a cell binds and reads at top level, without running it."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator

# Cell magics that run their body in the notebook's own namespace.
_TRANSPARENT_MAGICS = frozenset({"time", "capture"})


def python_of(source: str) -> str:
    """The cell as plain Python: magics and shell lines become calls of `get_ipython()`.

    Raises SyntaxError for text that is not Python even then.
    """
    try:
        ast.parse(source)
        return source
    except ValueError as error:  # a null byte
        raise SyntaxError(str(error)) from None
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        code: str = TransformerManager().transform_cell(source)
        ast.parse(code)
        return code


def without_magics(source: str) -> str:
    """The cell as plain Python that needs no IPython: lines with magics are left out. Raises SyntaxError."""
    return "\n".join(line for line in python_of(source).splitlines() if "get_ipython()" not in line)


def bound_names(source: str) -> frozenset[str]:
    """Names that running the cell binds at top level: assignment, def, class, import, for, with, walrus.

    A function that declares `global x` and assigns it counts too. Raises SyntaxError.
    """
    found = set()
    for table in _tables(source):
        at_top = table.get_type() == "module"
        for symbol in table.get_symbols():
            binds = symbol.is_assigned() or symbol.is_imported()
            if binds and (at_top or symbol.is_declared_global()):
                found.add(symbol.get_name())
    return frozenset(found)


def read_names(source: str) -> frozenset[str]:
    """Names that the cell, or a function in it, looks up outside its own scopes. Raises SyntaxError."""
    found = set()
    for table in _tables(source):
        at_top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (at_top or symbol.is_global()):
                found.add(symbol.get_name())
    return frozenset(found)


def needed_names(source: str) -> frozenset[str]:
    """Names that the cell reads before it has surely bound them itself at top level. Raises SyntaxError.

    What a function reads counts as read where it is defined.
    """
    bound: set[str] = set()
    needed: set[str] = set()
    for statement in ast.parse(python_of(source)).body:
        needed |= (read_names(ast.unparse(statement)) | _added_to(statement)) - bound
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.Import() | ast.ImportFrom() | ast.Assign():
                bound |= bound_names(ast.unparse(statement))
            case ast.Delete():
                bound -= bound_names(ast.unparse(statement))
    return frozenset(needed)


def _added_to(statement: ast.stmt) -> set[str]:
    """Names in front of `+=` and its like, which reads them too."""
    targets = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _tables(source: str) -> Iterator[symtable.SymbolTable]:
    for code in _parts(python_of(source)):
        pending = [symtable.symtable(code, "<cell>", "exec")]
        while pending:
            table = pending.pop()
            pending += table.get_children()
            yield table


def _parts(code: str) -> Iterator[str]:
    """The code itself, and the bodies of the magics that are transparent to names."""
    yield code
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="run_cell_magic"),
                args=[ast.Constant(value=str(magic)), _, ast.Constant(value=str(body))],
            ) if magic in _TRANSPARENT_MAGICS:
                yield from _parts(python_of(body))
