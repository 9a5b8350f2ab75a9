import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

IMPORT_WITHOUT_TORCH_OPERATIONS = """
import torch
from torch.utils._python_dispatch import TorchDispatchMode

class Forbid(TorchDispatchMode):
    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        raise AssertionError(f"importing ran {operation}")

with Forbid():
    import reference
"""


def imported_roots(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def test_importing_runs_no_torch_operation():
    subprocess.run([sys.executable, "-c", IMPORT_WITHOUT_TORCH_OPERATIONS], cwd=ROOT, check=True)


def test_needs_numpy_and_torch_alone():
    roots = {root for path in (ROOT / "reference").glob("*.py") for root in imported_roots(path)}
    assert roots - sys.stdlib_module_names == {"numpy", "torch", "reference"}


def test_every_public_name_exists():
    import reference

    assert all(hasattr(reference, name) for name in reference.__all__)
