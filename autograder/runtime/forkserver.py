"""A warm process that forks a child for every notebook, and watches over its children.

It is started by exec with an empty environment before any submission is read, so that
nothing a child finds in its memory is a secret. The grader asks for a child by one message on
the control socket, with descriptors attached; the first of them is the child's lifeline, on which
the server answers `{"pid": ...}` at once and `{"status": ..., "cpu": ..., "rss": ...}` at its end.
A byte on the lifeline interrupts the child (SIGINT), a closed lifeline kills it, and only we
signal it: nobody else can know that its process id is still its own. Runs as a plain file.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import Any

MAX_REQUEST = 1 << 20
MAX_DESCRIPTORS = 16
_PR_SET_CHILD_SUBREAPER = 36

ChildMain = Callable[[dict[str, Any], list[int]], None]


def serve(control: socket.socket, child_main: ChildMain) -> None:
    """Forks `child_main(config, descriptors)` for every request until the grader is gone."""
    _Server(control, child_main).run()


class _Server:
    def __init__(self, control: socket.socket, child_main: ChildMain) -> None:
        self.control = control
        self.child_main = child_main
        self.lifelines: dict[int, int] = {}  # descriptor -> pid
        self.poll = select.poll()
        self.wake, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.wake_writer = writer

    def run(self) -> None:
        # what a child leaves behind comes back to us, so that it can be killed
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake_writer, warn_on_full_buffer=False)
        self.poll.register(self.control, select.POLLIN)
        self.poll.register(self.wake, select.POLLIN)
        gc.collect()
        gc.freeze()  # pages that no collection touches stay shared with the children
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == self.control.fileno():
                    if not self.accept():
                        self.kill_all()
                        return
                elif descriptor == self.wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wake, 4096)
                    self.reap()
                elif descriptor in self.lifelines:
                    self.hear(descriptor)

    def accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MAX_REQUEST, MAX_DESCRIPTORS)
        if not message:
            return False
        lifeline, *rest = descriptors
        pid = os.fork()
        if pid == 0:
            self.become_child(json.loads(message), lifeline, rest)
        for descriptor in rest:
            os.close(descriptor)
        self.lifelines[lifeline] = pid
        self.poll.register(lifeline, select.POLLIN)
        self.say(lifeline, {"pid": pid})
        return True

    def hear(self, lifeline: int) -> None:
        pid = self.lifelines[lifeline]
        try:
            said = os.read(lifeline, 64)
        except OSError:
            said = b""
        if said:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        else:
            self.kill(pid)
            self.poll.unregister(lifeline)

    def become_child(self, config: dict[str, Any], lifeline: int, descriptors: list[int]) -> None:
        status = 70
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self.control.fileno(), self.wake, self.wake_writer, lifeline, *self.lifelines):
                os.close(descriptor)
            self.control.detach()
            self.lifelines.clear()
            self.child_main(config, descriptors)
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)

    def say(self, lifeline: int, news: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            os.write(lifeline, json.dumps(news).encode() + b"\n")

    def reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for lifeline, owner in list(self.lifelines.items()):
                if owner == pid:
                    self.kill(pid)
                    self.kill_what_is_left()
                    cpu = usage.ru_utime + usage.ru_stime
                    self.say(lifeline, {"status": status, "cpu": cpu, "rss": usage.ru_maxrss})
                    with contextlib.suppress(KeyError):
                        self.poll.unregister(lifeline)
                    os.close(lifeline)
                    del self.lifelines[lifeline]

    def kill(self, pid: int) -> None:
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)

    def kill_what_is_left(self) -> None:
        """Kills the orphans that came to us: every child that we did not fork ourselves."""
        ours = set(self.lifelines.values())
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123
                children = [int(pid) for pid in file.read().split()]
        except OSError:  # a kernel without this list: process groups were killed already
            return
        for pid in children:
            if pid not in ours:
                self.kill(pid)

    def kill_all(self) -> None:
        for pid in self.lifelines.values():
            self.kill(pid)
        self.kill_what_is_left()
