"""The site, made as `make docs` makes it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import REPOSITORY


def build_site(folder: Path) -> Path:
    """Builds into `folder`; a warning, such as of a link that leads nowhere, is an error."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return folder
