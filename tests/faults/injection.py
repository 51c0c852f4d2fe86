"""Has the system refuse, interrupt or end a run at a chosen one of its calls."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple
from unittest import mock

from vaultcrm.cli.ending import TERMINATED, TerminatedError, end_when_told
from vaultcrm.cli.failures import INTERRUPTED
from vaultcrm.errors import VaultcrmError
from vaultcrm.store import files

CALLS = (
    "open",
    "read",
    "write",
    "fsync",
    "fchmod",
    "fstat",
    "stat",
    "lstat",
    "scandir",
    "mkdir",
    "makedirs",
    "link",
    "rename",
    "replace",
    "unlink",
    "close",
    "access",
    "ftruncate",
    "lseek",
)
"""What reaches the disk; the exchange of two names goes past `os` and is added to these."""

HARMLESS = frozenset({"close", "access", "lseek", "ftruncate"})
"""Calls that do not refuse for want of space or for a failing disk; they can be the last, all the same."""


class Interruption(KeyboardInterrupt):
    """Control and C, in this very moment."""


class Fault(NamedTuple):
    """What happens at the chosen call: instead of its work, or behind it."""

    name: str
    happen: Callable[[], object]
    behind: bool = False


def _refuse(code: int) -> None:
    raise OSError(code, os.strerror(code))


def _interrupt() -> None:
    raise Interruption


def _terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


REFUSALS = tuple(
    Fault(errno.errorcode[code], partial(_refuse, code)) for code in (errno.ENOSPC, errno.EIO, errno.EACCES)
)
INTERRUPTIONS = (Fault("interrupted", _interrupt), Fault("interrupted behind", _interrupt, behind=True))
KILLS = (Fault("killed", partial(os._exit, 9)), Fault("killed behind", partial(os._exit, 9), behind=True))
TERMINATIONS = (Fault("terminated", _terminate),)


@contextmanager
def fault_at(number: int, fault: Fault, among: Collection[str] = ()) -> Iterator[list[str]]:
    """Have the call of that number (from 1 on) go wrong; gives the names of the calls so far.

    ``among``: only calls of these names are counted; none: all are.
    """
    made: list[str] = []

    def failing(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            counts = not among or name in among
            if counts:
                made.append(name)
            chosen = counts and len(made) == number
            if chosen and not fault.behind and not (fault in REFUSALS and name in HARMLESS):
                fault.happen()
            try:
                return real(*args, **options)
            finally:  # also where the call had failed anyway
                if chosen and fault.behind:
                    fault.happen()

        return call

    patches = [mock.patch.object(os, name, failing(name, getattr(os, name))) for name in CALLS]
    patches.append(mock.patch.object(files, "exchange", failing("exchange", files.exchange)))
    for patch in patches:
        patch.start()
    try:
        yield made
    finally:
        for patch in patches:
            patch.stop()


def in_a_process(work: Callable[[], object]) -> int:
    """Do something in a copy of this process; its exit status.

    That is 9 where it was killed, 130 interrupted, 143 terminated, 3 where an error was told.
    """
    child = os.fork()
    if child == 0:
        status = 70
        try:
            end_when_told()
            work()
            status = 0
        except KeyboardInterrupt:
            status = INTERRUPTED
        except TerminatedError:
            status = TERMINATED
        except VaultcrmError as error:
            status = error.exit_status
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
