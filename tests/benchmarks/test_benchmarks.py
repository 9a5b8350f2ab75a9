"""The measuring itself: time that is lost would be our gain."""

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import personal
from benchmarks.course import CLASSES, MIXED, RIGHT, SOLUTION, submissions
from benchmarks.report import Measured, Report, overhead_a_notebook, ratios
from benchmarks.sides import NotTheMarks, _in_fork
from benchmarks.stages import STAGES, Stages
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


def sides(nbgrader: Cost, ours: Cost, plain: Cost) -> dict[str, Measured]:
    start = Cost(1, 1)
    found = {"nbgrader": nbgrader, "ours": ours, "plain": plain}
    return {name: Measured(start, (cost,)) for name, cost in found.items()}


def test_ratios_take_the_work_off_both_sides() -> None:
    measured = sides(Cost(11.0, 21.0), Cost(1.0, 3.0), Cost(1.0, 1.0))
    found = ratios(measured, "nbgrader", batch=1, cores=2)
    assert (found.overhead_cores, found.overhead_wall) == (10.0, 10.0)
    assert (found.raw_cores, found.raw_wall, found.raw_walls) == (7.0, 11.0, (11.0,))
    assert overhead_a_notebook(measured, batch=1, notebooks=2) == 1.0


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_has_whole_submissions_and_the_same_ones_again(kind: str) -> None:
    found = submissions(kind, 20)
    assert len(found) == 20
    assert found == submissions(kind, 20)
    assert all(len(each) == 2 for each in found)
    different = len({tuple(sorted(each.items())) for each in found})
    assert different == {SOLUTION: 1, RIGHT: 20, MIXED: 20}[kind]


def test_a_cell_that_fails_is_no_measurement() -> None:
    _in_fork(["x = 1", "assert x == 1"])
    with pytest.raises(NotTheMarks):
        _in_fork(["x = 1", "assert x == 2"])
    _in_fork(["x = 1", "assert x == 2"], strict=False)


@pytest.mark.parametrize(("module", "name"), [key for keys in STAGES.values() for key in keys])
def test_every_stage_is_a_function_that_is_there(module: str, name: str) -> None:
    source = Path(importlib.import_module(module).__file__ or os.devnull).read_text()
    assert f"def {name}(" in source


def test_what_was_measured_is_kept_as_json_a_table_and_a_picture(tmp_path: Path) -> None:
    about = {
        "time": "2026-01-01T00:00:00+00:00",
        "cores": 2,
        "load_before": 0.1,
        "python": "3",
        "kernel": "6",
    }
    found = {name: Measured(Cost(1, 1), (Cost(2, 4), Cost(4, 6))) for name in ("nbgrader", "ours", "plain")}
    found["nbgrader"] = Measured(Cost(1, 1), (Cost(20, 40), Cost(60, 60)))
    found["ours"] = Measured(Cost(1, 1), (Cost(4, 8), Cost(6, 9)))
    report = Report(about, 2, 2, {SOLUTION: found}, Stages({"total": 1.5}, {"nb": 31.0}), {"a number": 41.0})
    kept = json.loads(report.write(tmp_path).read_text())
    assert kept["classes"]["solution"]["sides"]["ours"]["batches"][1] == {"wall": 6, "cores": 9}
    assert kept["classes"]["solution"]["ratios"]["nbgrader"]["raw_walls"] == [5, 10]
    table = report.table()
    assert "| nbgrader | 20.00 | 25.00 | 1.0 | 7.5 (5.0 to 10.0) |" in table
    assert "| a number | 41 |" in table
    assert "| nb | 31 |" in table
    report.draw(tmp_path / "speed.svg")
    assert "nbgrader" in (tmp_path / "speed.svg").read_text()


def test_a_class_with_personal_data_is_solved_to_the_same_in_one_batch():
    data = [personal.draw(np.random.default_rng(seed)) for seed in range(4)]
    together, alone = personal.solve(data, "cpu"), personal.one_by_one(data)
    assert personal.farthest(together, alone) < 1e-9
    assert personal.farthest(together, [*alone[1:], alone[0]]) > 1e-3
