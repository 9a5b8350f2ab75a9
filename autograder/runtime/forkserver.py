"""A warm process that forks a child for every notebook, and watches over its children.

It is started by exec with an empty environment before any submission is read, so that
nothing a child finds in its memory is a secret. The grader asks for a child by one message on
the control socket, with descriptors attached; the first of them is the child's lifeline, on which
the server answers `{"pid": ...}` at once, or `{"failed": why}`, and at the child's end `{"status": ...,
"cpu": ..., "rss": ..., "over": ...}`, where `over` is the limit that it was killed for. A byte on the
lifeline interrupts the child (SIGINT), a closed lifeline kills it with all that it forked, and only we
signal it: nobody else can know that its process id is still its own. Runs as a plain file.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import hugepages, watch
from .cgroups import Group, Groups
from .pidspace import Init, PidSpaces

MAX_REQUEST = 1 << 20
MAX_DESCRIPTORS = 16
_COLLAPSES_AT = 8  # children; huge pages cost as much to make as they save on some thirty
_PR_SET_CHILD_SUBREAPER = 36

ChildMain = Callable[[dict[str, Any], list[int]], None]


def serve(
    control: socket.socket,
    child_main: ChildMain,
    spaces: PidSpaces | None = None,
    groups: Groups | None = None,
) -> None:
    """Forks `child_main(config, descriptors)` for every request until the grader is gone.

    With `spaces` every child gets a process namespace of its own. A request whose config has an
    `allowance` (watch.Allowance as a dict) is held to it, by a control group with `groups`, and for
    what that cannot do by being watched. One with `cores` runs on these.
    """
    _Server(control, child_main, spaces, groups).run()


@dataclass
class _Child:
    pid: int
    init: Init | None
    allowance: watch.Allowance | None
    group: Group | None = None
    over: str | None = None
    end: tuple[int, resource.struct_rusage] | None = None
    init_ended: bool = False

    def mourn(self, pid: int, status: int, usage: resource.struct_rusage) -> None:
        if pid == self.pid:
            self.end = status, usage
        else:
            self.init_ended = True

    @property
    def is_gone(self) -> bool:
        """An init ends when its namespace is empty. To wait for it alone would be for ever: a process
        that was cloned with CLONE_PARENT is in the namespace, and ours to reap.
        """
        return self.end is not None and (self.init is None or self.init_ended)

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.pid,) if self.init is None else (self.pid, self.init.pid)


class _Server:
    def __init__(
        self,
        control: socket.socket,
        child_main: ChildMain,
        spaces: PidSpaces | None,
        groups: Groups | None,
    ) -> None:
        self.control = control
        self.child_main = child_main
        self.spaces = spaces
        self.groups = groups
        self.pid = os.getpid()
        self.children: dict[int, _Child] = {}  # by the descriptor of its lifeline
        self.next_look = 0.0
        self.forks = 0
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
        hugepages.end_stretch()
        gc.freeze()  # pages that no collection touches stay shared with the children
        while True:
            watched = any(child.allowance for child in self.children.values())
            for descriptor, _ in self.poll.poll(watch.SECONDS * 1000 if watched else None):
                if descriptor == self.control.fileno():
                    if not self.accept():
                        self.kill_all()
                        return
                elif descriptor == self.wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wake, 4096)
                    self.reap()
                elif descriptor in self.children:
                    self.hear(descriptor)
            self.look()

    def accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MAX_REQUEST, MAX_DESCRIPTORS)
        if not message:
            return False
        lifeline, *rest = descriptors
        config = json.loads(message)
        try:
            child = self.fork(config, lifeline, rest)
        except OSError as error:  # no process to be had, now; that must not end the others
            self.say(lifeline, {"failed": str(error)})
            os.close(lifeline)
            return True
        finally:
            for descriptor in rest:
                os.close(descriptor)
        self.children[lifeline] = child
        self.poll.register(lifeline, select.POLLIN)
        self.say(lifeline, {"pid": child.pid})
        return True

    def fork(self, config: dict[str, Any], lifeline: int, rest: list[int]) -> _Child:
        self.forks += 1
        if self.forks == _COLLAPSES_AT:
            hugepages.collapse()
        allowance = watch.Allowance(**config["allowance"]) if config.get("allowance") else None
        with contextlib.ExitStack() as undo:
            group = None
            if self.groups is not None and allowance is not None:
                group = self.groups.open(allowance)
                undo.callback(group.close)
                allowance = self.groups.left_to_watch(allowance)
            init = self.spaces.open() if self.spaces else None
            if init is not None:
                undo.callback(os.close, init.pipe)
                undo.callback(kill_group, init.pid)
            try:
                pid = os.fork()
            finally:
                if self.spaces and os.getpid() == self.pid:
                    self.spaces.leave()
            if pid == 0:
                self.become_child(config, lifeline, rest, group)
            undo.pop_all()
        return _Child(pid, init, allowance, group)

    def hear(self, lifeline: int) -> None:
        child = self.children[lifeline]
        try:
            said = os.read(lifeline, 64)
        except OSError:
            said = b""
        if said:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGINT)
        else:
            self.kill(child)
            self.poll.unregister(lifeline)

    def look(self) -> None:
        """Kills the children that hold more than they may."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + watch.SECONDS
        for child in self.children.values():
            if child.allowance is not None and child.over is None and child.end is None:
                child.over = watch.exceeded(child.roots, child.allowance)
                if child.over is not None:
                    self.kill(child)

    def become_child(
        self, config: dict[str, Any], lifeline: int, descriptors: list[int], group: Group | None
    ) -> None:
        status = 70
        try:
            if group is not None:
                group.enter()
            os.setsid()
            if cores := config.get("cores"):
                with contextlib.suppress(OSError):  # it only saves time
                    os.sched_setaffinity(0, cores)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self.control.fileno(), self.wake, self.wake_writer, lifeline, *self.children):
                os.close(descriptor)
            self.control.detach()
            self.children.clear()
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
            for lifeline, child in list(self.children.items()):
                if pid in child.roots:
                    child.mourn(pid, status, usage)
                    self.kill(child)
                    if child.is_gone:
                        self.bury(lifeline, child)

    def bury(self, lifeline: int, child: _Child) -> None:
        """Says how a child ended, when nothing is left of it."""
        assert child.end is not None
        del self.children[lifeline]
        if child.init is not None:
            os.close(child.init.pipe)
        else:
            self.kill_what_is_left()
        if child.group is not None:
            child.over = child.over or child.group.over
            child.group.close()
        status, usage = child.end
        cpu = usage.ru_utime + usage.ru_stime
        self.say(lifeline, {"status": status, "cpu": cpu, "rss": usage.ru_maxrss, "over": child.over})
        with contextlib.suppress(KeyError):
            self.poll.unregister(lifeline)
        os.close(lifeline)

    def kill(self, child: _Child) -> None:
        """What lives of the child and its process group, and of its namespace where it has one."""
        if child.end is None:
            kill_group(child.pid)
        else:  # its number may be another's by now, but a group keeps it as long as it has members
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        if child.init is not None and not child.init_ended:
            kill_group(child.init.pid)

    def kill_what_is_left(self) -> None:
        """Kills the orphans that came to us: every child that we did not fork ourselves."""
        ours = {pid for child in self.children.values() for pid in child.roots}
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as file:
                children = [int(pid) for pid in file.read().split()]
        except OSError:  # a kernel without this list: process groups were killed already
            return
        for pid in children:
            if pid not in ours:
                kill_group(pid)

    def kill_all(self) -> None:
        for child in self.children.values():
            self.kill(child)
        self.kill_what_is_left()


def kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
