"""Two names of one folder exchange their files in one step, and whether somebody still writes to a file.

Python has neither. Both are needed so that no save of an editor is lost while a note of the user's is
changed. This module must not know what the files are.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import cache

from vaultcrm.store.folders import Folder

_EXCHANGE = 2  # RENAME_EXCHANGE on Linux and RENAME_SWAP on macOS
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)
_QUIET_S = 1.0
_PAUSE_S = 0.005

RenameAt = Callable[[int, bytes, int, bytes, int], int]


def exchange(folder: Folder, one: str, other: str) -> bool:
    """Exchange two files of a folder in one step; False, and nothing done, where the file system cannot.

    Raises:
        OSError: one of them is not there, or may not be renamed.
    """
    import ctypes  # it takes as long to load as reading a hundred notes, and only edits of notes need it

    rename = _rename_at()
    if rename is None or folder.fd is None:
        return False
    if rename(folder.fd, os.fsencode(one), folder.fd, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), other)


@cache
def _rename_at() -> RenameAt | None:
    """The C library's function: renameat2 on Linux, renameatx_np on macOS, with equal arguments."""
    import ctypes

    name = {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform)
    if name is None:
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    rename: RenameAt = function
    return rename


def wait_until_unwritten(handle: int) -> bool:
    """Wait, at most a second, until nobody has an open file still open for writing; whether that is so.

    Linux tells: it grants a read lease on a file that nobody writes to, and on no other. Elsewhere a short
    rest has to do.
    """
    until = time.monotonic() + _QUIET_S
    while (written := _is_written(handle)) is not False:
        time.sleep(_PAUSE_S)
        if written is None:
            return True
        if time.monotonic() >= until:
            return False
    return True


if sys.platform == "linux":
    import fcntl

    def _is_written(handle: int) -> bool | None:
        """Whether somebody has the file open for writing; None where the file system cannot tell."""
        try:
            # who opens it in this very moment makes the system send a signal: one that is ignored by default
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None
        return False

else:

    def _is_written(handle: int) -> bool | None:
        """Whether somebody has the file open for writing: this system does not tell."""
        return None
