"""A second process, which does part of a run's work while this one goes on.

It is a copy of this process, made while there is little to copy. It only computes: what it finds out it tells
in plain values, and it writes no file, so it may be ended at any moment. Should it fail, whoever asked does
the work. This module must stay cheap to import, and must not know what a helper is asked.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn

_LENGTH = 8
_WIDTH = 1 << 20
_KILL = 9  # the library that names signals takes longer to load than a helper takes to begin


class HelperLost(Exception):  # noqa: N818 - nothing is wrong: the work is done without it
    """There is no helper any more, or it could not do what it was asked."""


def processors() -> int:
    """On how many processors the work of a run may go on at a time.

    To copy a process is safe only where no other thread may hold a lock, and nowhere but on Linux quick.
    """
    if not sys.platform.startswith("linux"):
        return 1
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


class Helper:
    """The other process: it gives its first answers unasked, and then one to each question, in this order."""

    __slots__ = ("_answers", "_asked_in_vain", "_pid", "_questions")

    def __init__(self, work: Callable[[], Iterable[Any]]) -> None:
        """Begin.

        Args:
            work: Gives the first answers; it runs in the other process.

        Raises:
            OSError: There is no process to be had.
        """
        asked, asking = os.pipe()
        try:
            answered, answering = _wide_pipe()
            try:
                pid = os.fork()
            except OSError:
                _close(answered, answering)
                raise
        except OSError:
            _close(asked, asking)
            raise
        if pid == 0:
            _close(asking, answered)
            _serve(work, asked, answering)
        _close(asked, answering)
        self._pid: int | None = pid
        self._asked_in_vain = False
        self._questions, self._answers = asking, answered

    def prepare(self, module: str) -> None:
        """Have it load a module for which it is going to be asked; there is no answer."""
        self._send(module, "")

    def ask(self, module: str, function: str, *arguments: Any) -> None:
        """Ask for what a function gives for plain values; `answer` waits for it.

        All earlier answers have to be taken before: who waits to be read does not read.
        """
        self._send(module, function, *arguments)

    def _send(self, *question: Any) -> None:
        try:
            _send(self._questions, question)
        except OSError:  # `answer` tells
            self._asked_in_vain = True

    def answer(self) -> Any:
        """Wait for the next answer.

        Raises:
            HelperLost: There is none to come.
        """
        if self._asked_in_vain:  # it would wait for the question, and this process for the answer
            raise HelperLost
        try:
            return _received(self._answers)
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise HelperLost from error

    def end(self) -> None:
        """End it, whatever it does: nobody waits for it any more."""
        pid, self._pid = self._pid, None
        if pid is None:
            return
        _close(self._questions, self._answers)
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == 0:  # it has not ended by itself
                os.kill(pid, _KILL)
                os.waitpid(pid, 0)
        except ChildProcessError:  # who began this run has the system forget what ended (SIGCHLD is ignored)
            pass


def begun(work: Callable[[], Iterable[Any]] = tuple) -> Helper | None:
    """A helper, where another processor is there for it and a process is to be had."""
    if processors() < 2:
        return None
    try:
        return Helper(work)
    except OSError:
        return None


def _wide_pipe() -> tuple[int, int]:
    """A pipe into which long answers go at once, where the system allows: who tells them need not wait."""
    answered, answering = os.pipe()
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(answering, F_SETPIPE_SZ, _WIDTH)
    except (ImportError, OSError):  # it is only slower
        pass
    return answered, answering


def _serve(work: Callable[[], Iterable[Any]], asked: int, answering: int) -> NoReturn:
    """The other process. It ends with its pipes, and never returns: this is a copy of what goes on here."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):  # who reads what this run prints must not wait for the helper
            os.dup2(nowhere, stream)
        for each in work():
            _send(answering, each)
        while True:
            module, function, *arguments = _received(asked)
            __import__(module)
            if function:
                _send(answering, getattr(sys.modules[module], function)(*arguments))
    finally:
        os._exit(0)


def _send(pipe: int, value: Any) -> None:
    data = marshal.dumps(value)
    left = memoryview(len(data).to_bytes(_LENGTH, "big") + data)
    while left:
        left = left[os.write(pipe, left) :]


def _received(pipe: int) -> Any:
    return marshal.loads(_read(pipe, int.from_bytes(_read(pipe, _LENGTH), "big")))


def _read(pipe: int, count: int) -> bytes:
    """So many bytes.

    Raises:
        EOFError: There are not so many.
    """
    pieces = []
    while count:
        piece = os.read(pipe, count)
        if not piece:
            raise EOFError
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _close(*files: int) -> None:
    for file in files:
        os.close(file)
