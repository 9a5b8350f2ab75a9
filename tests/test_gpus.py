"""`--device cuda`: refused in one line without a GPU, and the same verdicts with one."""

import sys
from pathlib import Path

import pytest

from autograder import gpus
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError
from autograder.marking import servers_for
from autograder.settings import Settings
from autograder.verifying.verify import verify
from tests.runtime.toys import Toys, hidden, student

ROOT = Path(__file__).parents[1]


@pytest.fixture
def cuda(monkeypatch):
    """Settings that want a GPU on a machine that has one, as far as anybody can tell."""
    monkeypatch.setattr(gpus, "gpus_of", lambda python: (("H100",), ""))
    monkeypatch.setattr(gpus, "device_files", lambda: ["/dev/null"])
    return Settings(device="cuda")


def refusal(settings: Settings, python: str = "") -> str:
    with pytest.raises(UsageError) as refused:
        servers_for([], settings, (), python)
    line = str(refused.value)
    assert line.startswith('device is "cuda", but ') and "--device cpu" in line and "\n" not in line
    return line


def test_without_a_gpu_cuda_is_refused_in_one_line(cuda, monkeypatch):
    monkeypatch.setattr(gpus, "gpus_of", lambda python: ((), "torch 2.13.0+cpu finds none"))
    assert "torch 2.13.0+cpu finds none" in refusal(cuda)


def test_the_students_python_needs_a_gpu_too(cuda, monkeypatch):
    theirs = "/somewhere/python"
    monkeypatch.setattr(gpus, "gpus_of", lambda python: ((), "none") if python == theirs else (("H100",), ""))
    assert theirs in refusal(cuda, theirs)


def test_a_gpu_without_device_files_for_everybody_is_refused(cuda, monkeypatch, tmp_path):
    monkeypatch.setattr(gpus, "device_files", list)
    assert "/dev/nvidia*" in refusal(cuda)
    mine = tmp_path / "nvidia0"
    mine.touch(mode=0o660)
    monkeypatch.setattr(gpus, "device_files", lambda: [str(mine)])
    assert f"{mine} is not open to all users" in refusal(cuda)


def test_a_python_without_torch_says_what_is_wrong(tmp_path):
    names, why = gpus.gpus_of(str(tmp_path / "no-python"))
    assert names == () and "No such file" in why
    lonely = tmp_path / "python"
    lonely.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    lonely.chmod(0o755)
    assert gpus.gpus_of(str(lonely)) == ((), "ModuleNotFoundError: No module named 'torch'")


def test_the_device_is_in_the_key_of_a_result():
    course = Course.open(ROOT)
    digests = {device: Context.of(course, "lab6", device=device).digest for device in ("cpu", "cuda")}
    assert digests["cpu"] == Context.of(course, "lab6").digest
    assert digests["cpu"] != digests["cuda"]


def test_one_submission_at_a_time_has_the_gpu_unless_said_otherwise():
    context = Context.of(Course.open(ROOT), "lab6", device="cuda")
    assert context.jobs(None)[0] == 1
    assert context.jobs(2)[0] == 2


@pytest.mark.gpu
def test_lab6_verifies_on_the_gpu():
    if not gpus.gpus_of()[0]:
        pytest.skip("no CUDA device")
    found = verify(Context.of(Course.open(ROOT), "lab6", device="cuda"), [], jobs=1)
    assert found.exit_code == 0


@pytest.mark.gpu
def test_a_students_tensor_lies_on_the_gpu(tmp_path):
    if not gpus.gpus_of()[0]:
        pytest.skip("no CUDA device")
    with servers_for([], Settings(device="cuda"), ()) as warm:
        ran = Toys(warm, tmp_path).run(
            student("import torch\ndef double(x):\n    assert x.is_cuda\n    return 2 * x"),
            hidden(
                "import torch\ny = double(torch.ones(3, device='cuda'))\nassert y.is_cuda and y.sum() == 6"
            ),
        )
    assert ran.outcome == "passed"
