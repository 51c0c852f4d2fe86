"""How a command ends when it is told to: at once and tidily, with nothing of its own left lying about.

This module must not know what a command does.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

TERMINATED = 143
"""What a shell says of a process that SIGTERM has ended: 128 and its number."""


class TerminatedError(BaseException):
    """SIGTERM or SIGHUP has come."""


def end_when_told() -> None:
    """Have SIGTERM, and the end of the terminal, end a command in the way Ctrl+C does."""
    signal.signal(signal.SIGTERM, _end)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) == signal.SIG_DFL:  # nohup has it ignored
        signal.signal(hang_up, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise TerminatedError
