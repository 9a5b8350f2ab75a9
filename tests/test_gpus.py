"""`--device cuda`: refused in one line without a GPU, and the same verdicts with one."""

import sys
from pathlib import Path

import pytest

from autograder import gpus
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError
from autograder.verifying import verify

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("told", "why"), [(("2.13.0+cpu", ()), "torch 2.13.0.cpu finds none"), (("", ()), "there is no torch")]
)
def test_without_a_gpu_cuda_is_refused_in_one_line(monkeypatch, told, why):
    monkeypatch.setattr(gpus, "torch_and_gpus", lambda python: told)
    with pytest.raises(UsageError, match=why) as refused:
        Context.of(Course.open(ROOT), "lab6", device="cuda")
    assert "\n" not in str(refused.value) and "--device cpu" in str(refused.value)


def test_the_students_python_needs_a_gpu_too(monkeypatch):
    theirs = "/somewhere/python"
    monkeypatch.setattr(gpus, "torch_and_gpus", lambda python: ("2", () if python == theirs else ("H100",)))
    gpus.require_gpu()
    with pytest.raises(UsageError, match=theirs):
        gpus.require_gpu(theirs)


def test_a_python_without_torch_says_so(tmp_path):
    assert gpus.torch_and_gpus(str(tmp_path / "no-python")) == ("", ())
    lonely = tmp_path / "python"
    lonely.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    lonely.chmod(0o755)
    assert gpus.torch_and_gpus(str(lonely)) == ("", ())


def test_the_device_is_in_the_key_of_a_result(monkeypatch):
    monkeypatch.setattr(gpus, "torch_and_gpus", lambda python: ("2", ("H100",)))
    course = Course.open(ROOT)
    digests = {device: Context.of(course, "lab6", device=device).digest for device in ("cpu", "cuda")}
    assert digests["cpu"] == Context.of(course, "lab6").digest != digests["cuda"]


@pytest.mark.gpu
@pytest.mark.skipif(not gpus.torch_and_gpus()[1], reason="no CUDA device")
def test_lab6_verifies_on_the_gpu():
    found = verify(Context.of(Course.open(ROOT), "lab6", device="cuda"), [], jobs=1)
    assert found.exit_code == 0
