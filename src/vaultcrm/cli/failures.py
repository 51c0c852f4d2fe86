"""What is told when a run fails, and the exit status that it ends with.

This module must not load typer, nor know any command.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from vaultcrm.cli.printing import Printed
from vaultcrm.cli.speech import say

BUG, INTERRUPTED, USAGE, UNREADABLE = 70, 130, 2, 3


def tell_error(message: str, hint: str) -> None:
    """An error on standard error, with what to do."""
    printed = Printed.to(sys.stderr)
    with suppress(OSError):  # where nothing can be said, the exit status still can
        for line in message.splitlines() or [""]:
            printed.line(say(f"error: {line}"))
        for line in hint.splitlines():
            printed.line(f"  {say(line)}")


def machine(error: OSError) -> int:
    """The machine refused something that nobody asks for by itself, such as room for what is printed."""
    why = (error.strerror or type(error).__name__).lower()
    if error.filename:
        tell_error(f"{error.filename} cannot be used: {why}", "")
    elif isinstance(error, FileNotFoundError):
        tell_error("the folder that you are in is gone", "go to one that exists")
    else:
        tell_error(f"what there is to say cannot be written: {why}", "")
    _trace(error)
    return UNREADABLE


def closed_pipe() -> int:
    """The reader went away, as ``head`` does.

    That is no error, and Python's own flush at exit must not make it one.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def bug(error: Exception) -> int:
    """Something went wrong that no user can have caused."""
    report = "Each file is whole. Run it again with VAULTCRM_DEBUG=1 and report what it prints."
    hint = "" if os.environ.get("VAULTCRM_DEBUG") else report
    tell_error(f"this is a bug in vaultcrm: {type(error).__name__}: {error}", hint)
    _trace(error)
    return BUG


def _trace(error: Exception) -> None:
    """Where it happened, for who reports it."""
    if os.environ.get("VAULTCRM_DEBUG"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
