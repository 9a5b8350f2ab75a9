"""The measuring itself: time that is lost would be our gain."""

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.report import Measured, ratios, table, write
from benchmarks.sides import NotTheMarks, _in_fork
from benchmarks.stages import STAGES
from benchmarks.usage import core_seconds
from benchmarks.worker import Cost

BURN = "import time\nwhile time.process_time() < 0.3: pass"


def burnt_by(start: str) -> float:
    """Core-seconds seen in a process of its own that runs `start` and then measures."""
    program = (
        "import os, subprocess, sys, time\n"
        "from benchmarks.usage import adopt_orphans, core_seconds\n"
        f"adopt_orphans()\nburn = [sys.executable, '-S', '-c', {BURN!r}]\nbefore = core_seconds()\n{start}\n"
        "print(core_seconds() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


def test_a_child_that_was_waited_for_counts() -> None:
    assert 0.25 < burnt_by("subprocess.run(burn)") < 1


def test_a_grandchild_counts() -> None:
    inner = "subprocess.run([sys.executable, '-c', f'import subprocess; subprocess.run({burn!r})'])"
    assert 0.25 < burnt_by(inner) < 1


def test_a_child_that_lives_still_counts() -> None:
    living = "child = subprocess.Popen([*burn[:-1], burn[-1] + '\\nprint(flush=True)\\ninput()'], "
    living += "stdin=subprocess.PIPE, stdout=subprocess.PIPE)\nchild.stdout.readline()"
    assert 0.25 < burnt_by(living) < 1


def test_an_orphan_counts() -> None:
    orphan = (
        "shell = f'import subprocess; print(subprocess.Popen({burn!r}, stdout=2).pid)'\n"
        "done = subprocess.run([sys.executable, '-c', shell], capture_output=True, text=True)\n"
        "os.waitpid(int(done.stdout), 0)"
    )
    assert 0.25 < burnt_by(orphan) < 1


def test_waiting_costs_nothing() -> None:
    before = core_seconds()
    time.sleep(0.2)
    assert core_seconds() - before < 0.1


def test_ratios_take_the_work_off_both_sides() -> None:
    found = ratios(Cost(11.0, 21.0), Cost(1.0, 3.0), Cost(1.0, 1.0), cores=2, notebooks=2)
    assert (found.overhead_cores, found.overhead_wall) == (10.0, 10.0)
    assert (found.raw_cores, found.raw_wall, found.our_overhead_a_notebook) == (7.0, 11.0, 1.0)


def test_a_cell_that_fails_is_no_measurement() -> None:
    _in_fork(["x = 1", "assert x == 1"])
    with pytest.raises(NotTheMarks):
        _in_fork(["x = 1", "assert x == 2"])


@pytest.mark.parametrize(("module", "name"), [key for keys in STAGES.values() for key in keys])
def test_every_stage_is_a_function_that_is_there(module: str, name: str) -> None:
    source = Path(importlib.import_module(module).__file__ or os.devnull).read_text()
    assert f"def {name}(" in source


def test_what_was_measured_is_kept_as_json(tmp_path: Path) -> None:
    about = {"time": "2026-01-01T00:00:00+00:00", "cores": 2, "load_before": 0.1}
    sides = {name: Measured(Cost(1, 1), (Cost(2, 4), Cost(4, 6))) for name in ("nbgrader", "ours", "plain")}
    found = ratios(Cost(3, 4), Cost(2, 3), Cost(1, 1), 2, 2)
    kept = json.loads(write(about, sides, found, {"total": 1.5}, tmp_path).read_text())
    assert kept["sides"]["ours"]["batches"][1] == {"wall": 4, "cores": 6}
    assert sides["ours"].per_submission(5) == Cost(0.6, 1.0)
    assert "total" in table(about, sides, 5, found, {"total": 1.5})
