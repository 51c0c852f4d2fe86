"""What hangs on a file beside its text: tags of a file manager, access lists, where it was downloaded from.

A file that takes another one's place takes these over. This module must not know what they mean.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from typing import Any

_ACL, _XATTR = 1, 4  # COPYFILE_ACL and COPYFILE_XATTR of copyfile(3)


def copy_attributes(source: int, target: int) -> None:
    """Give an open file the extended attributes of another; those that the system refuses are left out."""
    if sys.platform == "darwin":  # Python has no such functions there
        function = _fcopyfile()
        if function is not None:
            function(source, target, None, _ACL | _XATTR)
    elif hasattr(os, "listxattr"):
        with suppress(OSError):  # the file system knows none
            for name in os.listxattr(source):
                with suppress(OSError):  # some belong to the system alone
                    os.setxattr(target, name, os.getxattr(source, name))


@cache
def _fcopyfile() -> Any:
    import ctypes  # it takes as long to load as reading a hundred notes

    function = getattr(ctypes.CDLL(None), "fcopyfile", None)
    if function is not None:
        function.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32)
    return function
