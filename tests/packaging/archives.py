"""The wheel and the source archive, built as `make dist` builds them."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.classroom import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
FOR_DEVELOPERS = {"dev", "docs"}
EXTRAS = sorted(PROJECT["optional-dependencies"].keys() - FOR_DEVELOPERS)


@dataclass(frozen=True)
class Archives:
    wheel: Path
    sdist: Path

    @cached_property
    def in_wheel(self) -> dict[str, bytes]:
        """Content by name."""
        return files_of_wheel(self.wheel)

    @cached_property
    def in_sdist(self) -> dict[str, bytes]:
        """Content by name, below the one folder that it has."""
        found = {}
        with tarfile.open(self.sdist) as archive:
            for member in archive:
                if (file := archive.extractfile(member)) is not None:
                    found[member.name.partition("/")[2]] = file.read()
        return found


def files_of_wheel(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def built(sources: Path, to: Path) -> Archives:
    """Both archives of the project in the folder `sources`."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(to)]
    done = subprocess.run(command, cwd=sources, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,), (sdist,) = to.glob("*.whl"), to.glob("*.tar.gz")
    return Archives(wheel, sdist)
