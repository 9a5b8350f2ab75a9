"""Imports run one way: from verbs to things, and never across the wall."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from autograder.keys import WITHOUT_MARKS
from autograder.runtime.servers import _PLAIN_FILES

REPOSITORY = Path(__file__).parents[1]
PLAIN_MAY_USE = {"IPython", "traitlets", "matplotlib", "matplotlib_inline", "numpy", "torch"}
PLAIN_MAY_USE |= {"jupyter_client", "nbclient", "nbformat"}  # where a real kernel is asked for
MATHEMATICS = {"numpy", "torch"}


def modules_of(package: str) -> dict[str, Path]:
    """Dotted name -> file of every module of a package of ours; templates are files for others' courses."""
    found = {}
    for path in sorted((REPOSITORY / package).rglob("*.py")):
        if "templates" in path.parts:
            continue
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path
    return found


def imports_of(name: str, path: Path, only_when_loaded: bool = False) -> Iterator[str]:
    """Dotted names that a module imports, relative ones made absolute."""
    tree = ast.parse(path.read_text("utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in _when_loaded(tree) if only_when_loaded else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _when_loaded(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the module is loaded: no functions, nothing for type checkers alone."""
    for child in ast.iter_child_nodes(node):
        is_for_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if not is_for_types and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _when_loaded(child)


def top_level(name: str, path: Path) -> set[str]:
    return {imported.partition(".")[0] for imported in imports_of(name, path)} - sys.stdlib_module_names


def within(package: str, imported: str) -> bool:
    return imported == package or imported.startswith(f"{package}.")


AUTOGRADER, REFERENCE = modules_of("autograder"), modules_of("reference")


@pytest.mark.parametrize("name", AUTOGRADER)
def test_autograder_imports_neither_the_reference_nor_tests(name):
    assert top_level(name, AUTOGRADER[name]).isdisjoint({"reference", "tests", "benchmarks"})


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_is_mathematics_alone(name):
    assert top_level(name, REFERENCE[name]) <= MATHEMATICS | {"reference"}


CHECKS = {name: path for name, path in AUTOGRADER.items() if within("autograder.checks", name)}


@pytest.mark.parametrize("name", CHECKS)
def test_checks_know_nothing_but_mathematics_and_each_other(name):
    ours = [imported for imported in imports_of(name, CHECKS[name]) if within("autograder", imported)]
    assert top_level(name, CHECKS[name]) <= MATHEMATICS | {"autograder"}
    assert [imported for imported in ours if not within("autograder.checks", imported)] == []


@pytest.mark.parametrize("position, name", list(enumerate(_PLAIN_FILES)), ids=_PLAIN_FILES)
def test_the_student_s_side_imports_only_what_is_handed_over_before_it(position, name):
    module = f"autograder.runtime.{name}"
    path = AUTOGRADER[module]
    earlier = {f"autograder.runtime.{other}" for other in _PLAIN_FILES[:position]}
    ours = {imported for imported in imports_of(module, path) if within("autograder", imported)}
    modules = {imported for imported in ours if imported in AUTOGRADER} - {"autograder.runtime"}
    assert modules <= earlier
    assert top_level(module, path) - {"autograder"} <= PLAIN_MAY_USE


@pytest.mark.parametrize("name", _PLAIN_FILES)
def test_the_student_s_side_names_its_neighbours_relatively(name):
    """It runs as a package of another name, from text, without any path of ours."""
    tree = ast.parse((REPOSITORY / f"autograder/runtime/{name}.py").read_text("utf-8"))
    absolute = [
        node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and not _level(node)
    ]
    assert [ast.unparse(node) for node in absolute if "autograder" in ast.unparse(node)] == []


def _level(node: ast.Import | ast.ImportFrom) -> int:
    return node.level if isinstance(node, ast.ImportFrom) else 0


def test_what_a_module_imports_is_named_as_a_dependency():
    """Nothing is had only because something else happens to bring it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = [names for extra, names in project["optional-dependencies"].items() if extra != "dev"]
    stated = {_plain_name(each) for each in (*project["dependencies"], *(one for of in extras for one in of))}
    providers = metadata.packages_distributions()
    missing = {
        (name, imported)
        for name, path in AUTOGRADER.items()
        for imported in top_level(name, path) - {"autograder", "_typeshed"}  # the last one is for mypy alone
        if stated.isdisjoint(map(_plain_name, providers.get(imported, [imported])))
    }
    assert missing == set()


def _plain_name(requirement: str) -> str:
    """The name of the distribution, as indexes write it."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


# From verbs to things: a room may use those that stand after it.
ROOMS = (
    ("autograder.cli",),
    ("autograder.display.standings", "autograder.display.verdicts", "autograder.display.rosters"),
    ("autograder.demo",),
    ("autograder.grading", "autograder.generating"),
    ("autograder.projecting", "autograder.verifying.verify"),
    ("autograder.context", "autograder.verifying.cases", "autograder.gradebook", "autograder.autograded"),
    ("autograder.marking", "autograder.registering"),
    ("autograder.planning", "autograder.keys", "autograder.linting.lint", "autograder.workspace"),
    ("autograder.notebook", "autograder.submission", "autograder.result"),
    ("autograder.source", "autograder.assignment", "autograder.course", "autograder.settings"),
    ("autograder.errors",),
)


@pytest.mark.parametrize("height, name", [(h, name) for h, room in enumerate(ROOMS) for name in room])
def test_a_thing_knows_nothing_of_the_verbs_above_it(height, name):
    above = {other for room in ROOMS[:height] for other in room}
    assert above.isdisjoint(imports_of(name, AUTOGRADER[name]))


@pytest.mark.parametrize("name", [name for name in AUTOGRADER if within("autograder.runtime", name)])
def test_the_wall_knows_nothing_of_courses(name):
    """Of ours it knows the errors alone."""
    ours = {other for other in imports_of(name, AUTOGRADER[name]) if other in AUTOGRADER}
    outside = {other for other in ours if not within("autograder.runtime", other)}
    assert outside <= {"autograder", "autograder.errors", "autograder.checks", "autograder.checks.seeding"}


def test_marks_are_made_without_what_their_key_leaves_out():
    """Else a result would stand that another version of the grader would make another one."""
    todo = ["autograder.marking", *(name for name in AUTOGRADER if within("autograder.runtime", name))]
    todo += [name for name in AUTOGRADER if within("autograder.checks", name)]
    making: set[str] = set()
    while todo:
        name = todo.pop()
        making.add(name)
        todo += {other for other in imports_of(name, AUTOGRADER[name]) if other in AUTOGRADER} - making
    left_out = {f"autograder.{part.removesuffix('.py')}" for part in WITHOUT_MARKS}
    assert all(part in AUTOGRADER for part in left_out)
    assert [name for name in sorted(making) if any(within(part, name) for part in left_out)] == []


@pytest.mark.parametrize("modules", [AUTOGRADER, REFERENCE], ids=["autograder", "reference"])
def test_there_is_no_circle_of_imports(modules):
    """Neither when modules are loaded, nor by an import within a function."""
    graph = {
        name: {other for other in imports_of(name, path) if other in modules and other != name}
        for name, path in modules.items()
        if name not in ("autograder",)  # hands out `grade` lazily
    }
    assert _circle(graph) is None


def _circle(graph: dict[str, set[str]]) -> list[str] | None:
    finished: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in finished or name not in graph:
            return None
        for other in sorted(graph[name]):
            if found := visit(other, [*path, name]):
                return found
        finished.add(name)
        return None

    for name in graph:
        if found := visit(name, []):
            return found
    return None


def test_a_circle_would_be_found():
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
