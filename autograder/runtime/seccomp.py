"""A seccomp filter: the system calls that no notebook needs and every way out of a jail begins with.

Classic BPF, assembled here: check the architecture, refuse foreign ABIs, then compare the number
with a list. Runs as a plain file.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from . import kernel

_LD_ABS, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_X32_BIT = 0x40000000
_AF_UNIX, _AF_INET = 1, 2
_REFUSED_FLAGS = 0x7E020000 | 0x8000  # every CLONE_NEW*, and CLONE_PARENT: a child of the server's

_ARCHITECTURES = dict(zip(kernel.MACHINES, (0xC000003E, 0xC00000B7), strict=True))

# name -> (x86_64, aarch64)
REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "socket": (41, 198),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "personality": (135, 92),
    "vhangup": (153, 58),
    # memory that no process has mapped is seen by no watch
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "seccomp": (317, 277),
    "fanotify_init": (300, 262),
    # what they leave behind belongs to the machine
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
UNIX_SOCKETS = frozenset({"socket", "bind", "connect", "listen", "accept", "accept4"})
LISTENING = frozenset({"socket", "bind", "listen"})  # CUDA opens one at its start, and nobody connects to it
QUEUES = frozenset({"msgget", "semget", "mq_open"})
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_SOCKETPAIR = (53, 199)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def supported() -> bool:
    """Whether this machine's system calls are known here."""
    return platform.machine() in _ARCHITECTURES


def program(without: frozenset[str] = frozenset(), internet: bool = False) -> bytes:
    """The filter as sock_filter instructions.

    `without` names calls that stay allowed; sockets then of the unix family, with `internet` of IPv4 too.
    """
    column = list(_ARCHITECTURES).index(platform.machine())
    refuse = _ERRNO | errno.EPERM
    lines = [
        (_LD_ABS, 0, 0, _ARCHITECTURE),
        (_JEQ, 1, 0, _ARCHITECTURES[platform.machine()]),
        (_RET, 0, 0, _KILL),
        (_LD_ABS, 0, 0, _NUMBER),
        (_JGE, 0, 1, _X32_BIT),
        (_RET, 0, 0, refuse),
    ]
    for name, numbers in REFUSED.items():
        if name not in without:
            lines += [(_JEQ, 0, 1, numbers[column]), (_RET, 0, 0, refuse)]
    # glibc falls back to clone, whose flags can be looked at
    lines += [(_JEQ, 0, 1, _CLONE3[column]), (_RET, 0, 0, _ERRNO | errno.ENOSYS)]
    lines += [
        (_JEQ, 0, 4, _CLONE[column]),
        (_LD_ABS, 0, 0, _FIRST_ARGUMENT),
        (_JSET, 0, 1, _REFUSED_FLAGS),
        (_RET, 0, 0, refuse),
        (_LD_ABS, 0, 0, _NUMBER),
    ]
    # asyncio wakes itself by a pair of unix sockets; no other family
    families = (_AF_UNIX, _AF_INET if internet else _AF_UNIX)
    # ZeroMQ, which asks for the network's devices, takes this answer and ends at any other
    other_family = _ERRNO | (errno.EOPNOTSUPP if internet else errno.EPERM)
    for number in (_SOCKETPAIR[column], REFUSED["socket"][column]):
        lines += [
            (_JEQ, 0, 5, number),
            (_LD_ABS, 0, 0, _FIRST_ARGUMENT),
            (_JEQ, 2, 0, families[0]),
            (_JEQ, 1, 0, families[1]),
            (_RET, 0, 0, other_family),
            (_RET, 0, 0, _ALLOW),
        ]
    lines.append((_RET, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def install(without: frozenset[str] = frozenset(), internet: bool = False) -> None:
    """Puts the filter on this process and its children, for ever. PR_SET_NO_NEW_PRIVS must be set."""
    code = program(without, internet)
    buffer = ctypes.create_string_buffer(code, len(code))
    program_ = _Program(len(code) // 8, ctypes.addressof(buffer))
    kernel.named_call("seccomp", 1, 0, ctypes.byref(program_))
