"""A folder that plays the part of /autograder in Gradescope's container."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.classroom import REPOSITORY
from tests.gradescope.schema import checked

METADATA = {
    "id": 123456,
    "created_at": "2026-11-27T14:22:32.365935-07:00",
    "assignment": {"due_date": "2026-11-27T23:00:00.000000-07:00", "late_due_date": None, "id": 1},
    "users": [{"email": "ada@example.org", "id": 1234, "name": "Ada"}],
    "previous_submissions": [{"submission_time": "2026-11-26T14:24:48.087023-07:00", "score": 0.0}],
}
# in place of the environment that setup.sh makes: our own, with the sources at hand
PROGRAM = f"""#!/bin/sh
PYTHONPATH={REPOSITORY} exec {sys.executable} -c 'from autograder.cli import main; main()' "$@"
"""


class Container:
    """The autograder in `zip_data`, built in the folder `root`."""

    def __init__(self, root: Path, zip_data: bytes) -> None:
        self.root = root
        (root / "results").mkdir(parents=True)
        with zipfile.ZipFile(io.BytesIO(zip_data)) as archive:
            archive.extractall(root / "source")
        script = root / "run_autograder"
        script.write_bytes((root / "source" / "run_autograder").read_bytes())
        script.chmod(0o755)
        self.said = ""

    def with_program(self, text: str = PROGRAM) -> "Container":
        """As if setup.sh had installed this program as `autograder`."""
        program = self.root / "venv/bin/autograder"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
        return self

    def hand_in(self, files: Mapping[str, bytes]) -> None:
        """A submission in place of the last one, with its metadata; the results are gone."""
        for folder in ("submission", "results"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
            (self.root / folder).mkdir()
        for path, data in files.items():
            target = self.root / "submission" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (self.root / "submission_metadata.json").write_text(json.dumps(METADATA))

    def run(self, *before: str, **more: str) -> dict[str, Any]:
        """The results of run_autograder, which must be valid; `before` is put before its command line."""
        done = subprocess.run(
            [*before, str(self.root / "run_autograder")],
            cwd=self.root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(Path.home()),
                "GRADESCOPE_ROOT": str(self.root),
                **more,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        self.said = done.stdout
        assert done.returncode == 0, done.stdout
        path = self.root / "results" / "results.json"
        assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]
        return checked(json.loads(path.read_text()))


def points(results: dict[str, Any]) -> float:
    return sum(test["score"] for test in results["tests"])
