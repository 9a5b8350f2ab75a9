"""The warm server: what it says of its children, and what it lives through."""

import errno
import json
import os
import socket
from typing import Any

import pytest

from autograder.runtime.forkserver import serve
from autograder.runtime.pidspace import Init, PidSpaces
from autograder.runtime.tiers import strongest


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


@pytest.mark.skipif("pid" not in strongest().parts, reason="no process namespaces here")
def test_a_server_that_finds_no_process_says_so_and_lives_on():
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        control.close()
        serve(theirs, say_hello, FullAtFirst())
        os._exit(0)
    theirs.close()
    reader, writer = os.pipe()
    heard = []
    for _ in range(2):
        ours, lifeline = socket.socketpair()
        socket.send_fds(control, [json.dumps({"word": "hello"}).encode()], [lifeline.fileno(), writer])
        lifeline.close()
        with ours:
            heard.append(news(ours))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"hello"
    control.close()
    assert os.waitpid(pid, 0)[1] == 0
    assert [list(said) for said in heard[0]] == [["failed"]]
    assert heard[1][-1]["status"] == 0
