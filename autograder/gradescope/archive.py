"""Zip files that are the same byte for byte whenever they hold the same, and the toolkit as a wheel."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from collections.abc import Container, Iterable, Mapping
from importlib import metadata
from pathlib import Path

from autograder.errors import UsageError

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can name
_UNIX = 3
_NOT_OURS_TO_FIX = ("autograder", "pip", "setuptools", "wheel")
_WHEEL = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def zipped(files: Mapping[str, bytes], executable: Container[str] = ()) -> bytes:
    """A zip of the files by path; a path with "/" at its end is an empty folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EARLIEST)
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o40755 if path.endswith("/") else 0o100755 if path in executable else 0o100644
            entry.external_attr = mode << 16
            archive.writestr(entry, files[path])
    return out.getvalue()


def wheel() -> tuple[str, bytes]:
    """Name and content of a wheel of the toolkit that is running, made without network or build tools.

    Raises UsageError where the toolkit runs without having been installed.
    """
    try:
        distribution = metadata.distribution("autograder")
    except metadata.PackageNotFoundError:
        raise _not_installed() from None
    about = distribution.read_text("METADATA")
    if about is None:
        raise _not_installed()
    name = f"autograder-{distribution.version}"
    info = f"{name}.dist-info"
    files = {f"autograder/{path}": data for path, data in _package().items()}
    licences = [file for file in distribution.files or () if file.parts[:2] == (info, "licenses")]
    files |= {str(file): Path(str(file.locate())).read_bytes() for file in licences}
    files[f"{info}/METADATA"] = with_requirements(about, _stated_requirements()).encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/entry_points.txt"] = (distribution.read_text("entry_points.txt") or "").encode()
    record = [f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in sorted(files.items())]
    files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    return f"{name}-py3-none-any.whl", zipped(files)


def with_requirements(about: str, requirements: Iterable[str]) -> str:
    """The METADATA of a distribution with the requirements that it lacks."""
    headers, blank, description = about.partition("\n\n")
    lines = [f"Requires-Dist: {each}" for each in requirements]
    missing = (line for line in lines if line not in headers.split("\n"))
    return "\n".join([headers, *missing]) + blank + description


def constraints() -> str:
    """The versions of all that is installed here, as pip's constraints; builds such as `+cpu` left open."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name.lower() not in _NOT_OURS_TO_FIX:
            found.setdefault(name.lower(), distribution.version.partition("+")[0])
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def _stated_requirements() -> list[str]:
    """What the sources say: an installation in place keeps what they said on the day of its making."""
    sources = Path(__file__).parents[2] / "pyproject.toml"
    project = tomllib.loads(sources.read_text("utf-8")).get("project", {}) if sources.is_file() else {}
    stated: list[str] = project["dependencies"] if project.get("name") == "autograder" else []
    return stated


def _package() -> dict[str, bytes]:
    package = Path(__file__).parents[1]
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


def _digest(data: bytes) -> str:
    """As RECORD wants it: https://packaging.python.org/en/latest/specifications/binary-distribution-format/"""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _not_installed() -> UsageError:
    return UsageError(
        "no wheel of the toolkit can be made, because it is not installed; run `pip install` on it and "
        "export again"
    )
