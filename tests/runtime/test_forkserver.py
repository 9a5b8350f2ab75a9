"""The warm server: what it says of its children, and what it lives through."""

import ctypes
import errno
import json
import os
import platform
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from autograder.runtime.forkserver import ChildMain, serve
from autograder.runtime.pidspace import Init, PidSpaces
from autograder.runtime.tiers import strongest

pytestmark = pytest.mark.skipif("pid" not in strongest().parts, reason="no process namespaces here")


class FullAtFirst(PidSpaces):
    """Finds no process for the first child."""

    asked = 0

    def open(self) -> Init:
        self.asked += 1
        if self.asked == 1:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return super().open()


def say_hello(config: dict[str, Any], descriptors: list[int]) -> None:
    os.write(descriptors[0], config["word"].encode())


def news(lifeline: socket.socket) -> list[dict[str, Any]]:
    """All that the server says of a child, until it has no more to say."""
    with lifeline.makefile("r") as lines:
        return [json.loads(line) for line in lines]


def leave_a_sibling(config: dict[str, Any], descriptors: list[int]) -> None:
    """Forks a process whose parent is the server: clone(2), CLONE_PARENT."""
    number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
    if ctypes.CDLL(None).syscall(number, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        signal.pause()
    say_hello(config, descriptors)


@contextmanager
def serving(child_main: ChildMain, spaces: PidSpaces) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """A server in a process of its own; what is said of a child that says hello, call by call."""
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        control.close()
        serve(theirs, child_main, spaces)
        os._exit(0)
    theirs.close()
    reader, writer = os.pipe()

    def one_child() -> list[dict[str, Any]]:
        ours, lifeline = socket.socketpair()
        socket.send_fds(control, [json.dumps({"word": "hello"}).encode()], [lifeline.fileno(), writer])
        lifeline.close()
        with ours:
            ours.settimeout(60)
            return news(ours)

    try:
        yield one_child
    finally:
        control.close()
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            assert pipe.read() == b"hello"
    assert os.waitpid(pid, 0)[1] == 0


def test_a_server_that_finds_no_process_says_so_and_lives_on():
    with serving(say_hello, FullAtFirst()) as one_child:
        assert [list(said) for said in one_child()] == [["failed"]]
        assert one_child()[-1]["status"] == 0


def test_a_process_that_was_put_beside_the_child_goes_with_it():
    with serving(leave_a_sibling, PidSpaces()) as one_child:
        assert one_child()[-1]["status"] == 0
