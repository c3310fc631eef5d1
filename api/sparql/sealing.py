"""Takes the network away from a thread and all that it starts, for good, by a filter of system calls (seccomp, Linux since 3.5).

The filter is a program of the kernel's classic packet filter over ``struct seccomp_data`` (``linux/seccomp.h``): it lets every call pass
but those that make a socket, or that could have one made by the kernel (io_uring).
"""

import ctypes
import errno
import os
import platform

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_OTHER_INTERFACE = 0x40000000  # numbers from here on are calls by the x32 interface
_IO_URING_SETUP = 425
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine → its name in linux/audit.h and the number of ``socket``."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def seal() -> None:
    """From here on this thread can open no connection; files it can.

    :raises OSError: where the system does not do that
    """
    if platform.machine() not in _MACHINES:
        raise OSError(errno.ENOSYS, "no filter of system calls is known for this machine")
    architecture, make_socket = _MACHINES[platform.machine()]
    lines = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 3, 0, _OTHER_INTERFACE),
        (_EQUAL, 2, 0, make_socket),
        (_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERROR | errno.EACCES),
    )
    instructions = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    program = _Program(len(lines), instructions)
    _control(_NO_NEW_PRIVILEGES, 1, 0)
    _control(_SECCOMP, _FILTER, ctypes.addressof(program))


def _control(option: int, first: int, second: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    arguments = [ctypes.c_ulong(value) for value in (first, second, 0, 0)]
    if library.prctl(ctypes.c_int(option), *arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
