"""What students may install holds the toolkit, and nothing that a course keeps to itself."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes
from importlib import metadata

import mistune
import yaml

from autograder.gradescope.archive import wheel
from autograder.regions import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, region_text
from tests.classroom import REPOSITORY
from tests.packaging.archives import EXTRAS, PROJECT, built, files_of_wheel

PACKAGE = re.compile(
    r"autograder/([a-z_]+/)*[a-z_]+\.py"
    r"|autograder/(py\.typed|result\.schema\.json)"
    r"|autograder/(web|pages)/(static|templates)/([a-z_]+/)?[a-z_-]+(\.min)?\.(html|css|js|svg|LICENSE)"
    # what a course and an assignment begin with, which is nobody's exercise
    r"|autograder/starting/templates/course/(README\.md|autograder\.toml|gitignore|students\.csv)"
    r"|autograder/starting/templates/assignment/(assignment\.ipynb|cases/(right|wrong|attack)/[a-z0-9_]+\.py)"
)
INFO = re.compile(
    r"autograder-[0-9.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/[\w/.-]*LICENSE)"
)
BESIDE_THE_PACKAGE = {
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "PKG-INFO",
    "docs/package.md",
    "pyproject.toml",
}


def beyond(files: Iterable[str], *allowed: re.Pattern[str]) -> list[str]:
    return [name for name in files if not any(pattern.fullmatch(name) for pattern in allowed)]


# What is in them --------------------------------------------------------------------------------


def test_the_wheel_holds_the_package_and_nothing_else(archives):
    assert beyond(archives.in_wheel, PACKAGE, INFO) == []
    modules = {path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("autograder/**/*.py")}
    assert modules <= archives.in_wheel.keys()


def test_the_source_archive_holds_what_the_wheel_is_made_of_and_nothing_else(archives):
    assert set(beyond(archives.in_sdist, PACKAGE)) == BESIDE_THE_PACKAGE
    package = {name: data for name, data in archives.in_wheel.items() if PACKAGE.fullmatch(name)}
    assert package == {name: data for name, data in archives.in_sdist.items() if PACKAGE.fullmatch(name)}


def test_the_source_archive_gives_the_same_wheel(archives, tmp_path):
    for name, data in archives.in_sdist.items():
        target = tmp_path / "sources" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert built(tmp_path / "sources", tmp_path / "dist").in_wheel == archives.in_wheel


def test_neither_holds_a_hidden_test_a_solution_or_the_reference(archives):
    kept_secret = canaries()
    assert len(kept_secret) > 100
    assert list(found_in(archives.in_wheel, kept_secret)) == []
    assert list(found_in(archives.in_sdist, kept_secret)) == []


def test_what_somebody_leaves_among_the_modules_is_found(tmp_path):
    """The rules above can fail: a notebook and a module of the reference, put into the package."""
    for name in ("autograder", "LICENSE", "CHANGELOG.md", "docs/package.md", "pyproject.toml"):
        source, target = REPOSITORY / name, tmp_path / "sources" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    package = tmp_path / "sources" / "autograder"
    notebook = next(REPOSITORY.glob("source/lab6/*.ipynb"))
    shutil.copyfile(notebook, package / "checks" / "example.ipynb")
    shutil.copyfile(REPOSITORY / "reference/logistic.py", package / "checks" / "logistic.py")
    files = built(tmp_path / "sources", tmp_path / "dist").in_wheel
    assert beyond(files, PACKAGE, INFO) == ["autograder/checks/example.ipynb"]
    leaks = {"autograder/checks/example.ipynb", "autograder/checks/logistic.py"}
    assert {name for name, _ in found_in(files, canaries())} == leaks


def canaries() -> frozenset[str]:
    """Lines of hidden tests, solutions and the reference, long enough to be nobody else's."""
    texts = [path.read_text("utf-8") for path in REPOSITORY.glob("reference/**/*.py")]
    for path in REPOSITORY.glob("source/**/*.ipynb"):
        sources = ["".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]]
        kinds = (HIDDEN_TESTS, SOLUTION, MARK_SCHEME)
        texts += [region_text(source, kind) for source in sources for kind in kinds]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return frozenset(
        line for line in lines if len(line) >= 40 and not line.startswith(("@", "import ", "from "))
    )


def found_in(files: Mapping[str, bytes], lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name of each file that has one of these lines, as text or as a string of JSON, and the line."""
    wanted = [(line, line.encode(), json.dumps(line)[1:-1].encode()) for line in lines]
    for name, data in files.items():
        yield from ((name, line) for line, plain, escaped in wanted if plain in data or escaped in data)


# What is said about them ------------------------------------------------------------------------


def test_the_metadata_say_what_a_package_index_asks_for(archives):
    (path,) = (name for name in archives.in_wheel if name.endswith("/METADATA"))
    about = message_from_bytes(archives.in_wheel[path])
    assert about["License-Expression"] == PROJECT["license"]
    licences = [f"{path.rpartition('/')[0]}/licenses/{name}" for name in about.get_all("License-File") or []]
    assert len(licences) == 3 and all(archives.in_wheel[name] for name in licences)
    assert about["Author"] and about["Summary"] and about["Keywords"]
    assert set(about.get_all("Provides-Extra") or []) == set(PROJECT["optional-dependencies"])
    assert about["Description-Content-Type"] == "text/markdown"


def test_who_cites_it_cites_what_is_released():
    cited = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()  # what the format asks for
    assert cited["version"] == PROJECT["version"]
    assert cited["license"] == PROJECT["license"].partition(" AND ")[0]
    assert f"## {PROJECT['version']}\n" in (REPOSITORY / "CHANGELOG.md").read_text("utf-8")


def test_the_page_of_the_package_needs_nothing_beside_it(archives):
    """On an index there is no file beside it, so that a link or a picture of the repository leads nowhere."""
    text = archives.in_sdist["docs/package.md"].decode()
    html = str(mistune.create_markdown(plugins=["table"])(text))
    assert "<h1>" in html and "<table>" in html
    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert [link for link in links if not link.startswith("https://")] == []


def test_every_extra_that_users_install_is_explained_on_that_page():
    text = (REPOSITORY / "docs/package.md").read_text()
    assert [name for name in EXTRAS if f"autograder[{name}]" not in text] == []


def test_python_is_as_new_as_the_libraries_ask_for():
    """A Python between ours and theirs would be told so by pip about a package that it never heard of."""
    stated = PROJECT["requires-python"]
    least = tuple(map(int, stated.removeprefix(">=").split(".")))
    pinned = {
        line.partition("==")[0].lower() for line in (REPOSITORY / "constraints.txt").read_text().splitlines()
    }
    asked = {
        name: version
        for each in metadata.distributions()
        if (name := each.metadata["Name"]).lower() in pinned
        for version in re.findall(r">=\s*([\d.]+)", each.metadata.get("Requires-Python") or "")
    }
    assert len(asked) > 50
    assert {name: v for name, v in asked.items() if tuple(map(int, v.rstrip(".").split("."))) > least} == {}


# Our own wheel for Gradescope -------------------------------------------------------------------


def test_the_wheel_that_is_packed_without_build_tools_holds_the_same_package(archives, tmp_path):
    name, data = wheel()
    (tmp_path / name).write_bytes(data)
    packed = files_of_wheel(tmp_path / name)
    ours = {name: data for name, data in packed.items() if PACKAGE.fullmatch(name)}
    assert ours == {name: data for name, data in archives.in_wheel.items() if PACKAGE.fullmatch(name)}
    assert beyond(packed, PACKAGE, INFO) == []
