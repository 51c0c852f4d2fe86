"""The console script: hands the command line to ``cli`` and ends the process with its exit status.

What a command answered before, and what still holds, is said again before anything but this and
`store.answers` is loaded: that makes a commit hook in a vault where nothing has changed as fast as Python is.
"""

from __future__ import annotations

import gc
import os
import sys

LASTING = frozenset({"watch", "serve"})
"""Commands that run for so long that what is not needed any more must be found."""

IN_GIT = frozenset({"--staged", "--git-add"})
"""Options with which ``index`` asks git."""

WRITER = "vaultcrm.render.ics"
"""What writes events: it takes as long to load as all else that a run loads."""

INTERRUPTED = 130
"""The exit status where somebody pressed Ctrl-C."""

UNSAID = 3
"""The exit status where the machine had no room for what is printed."""

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn

    from vaultcrm.store.answers import Answer, Question
    from vaultcrm.store.helper import Helper
    from vaultcrm.store.walk import Walk


def main() -> NoReturn:
    """Run the command line of this process."""
    try:
        _main()
    except KeyboardInterrupt:  # before or after the command itself, which says what it has left
        _leave(INTERRUPTED)


def _main() -> NoReturn:
    if sys.getfilesystemencoding() != "utf-8":
        _begin_again_in_utf8()
    _open_closed_streams()
    arguments = sys.argv[1:]
    if LASTING.isdisjoint(arguments[:1]):
        gc.disable()  # looking for circles among a million values of which none is given up costs a third
    if arguments in (["--version"], ["-V"]):
        from vaultcrm import __version__

        _say((0, ((False, f"vaultcrm {__version__}\n"),)))
    from vaultcrm.store.answers import question

    asked = question(arguments)
    answer = asked.recall() if asked is not None else None
    if answer is not None:
        _say(answer)
    helpers = _helpers(arguments, asked)  # now there is little to copy
    from vaultcrm.cli import run
    from vaultcrm.cli.answering import RUN
    from vaultcrm.cli.ending import TERMINATED, TerminatedError, end_when_told

    end_when_told()
    RUN.question, RUN.helper, RUN.ahead, RUN.walked = asked, helpers.helper, helpers.ahead, helpers.walked
    try:
        with RUN.noting_help():
            status = run(arguments)
    except OSError as error:
        status = _unsaid(error)
    try:
        RUN.keep(status)
    except TerminatedError:  # the command has done its work: only what it said is not kept
        status = TERMINATED
    for process in (helpers.helper, helpers.ahead):
        if process is not None:
            process.end()
    _leave(status)


def _begin_again_in_utf8() -> NoReturn:
    """Be another run of Python, one to which the names of files are UTF-8: an old locale has other letters.

    Names would not fit what notes call them then, and outputs would differ from those of all other machines.
    What is printed stays in the encoding of the terminal.
    """
    stream = sys.stdout or sys.stderr
    if stream is not None and "PYTHONIOENCODING" not in os.environ:
        os.environ["PYTHONIOENCODING"] = f"{stream.encoding}:backslashreplace"
    words = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, [word.encode("utf-8", "surrogateescape") for word in words])


class Helpers:
    """Other processes, that have work to do while this one loads what it needs.

    ``helper`` is free for the work of the command once ``walked`` has given what was found on a walk through
    the vault; ``ahead`` asks git about it.
    """

    __slots__ = ("ahead", "helper", "walked")

    def __init__(
        self,
        helper: Helper | None = None,
        walked: Callable[[str], Walk | None] | None = None,
        ahead: Helper | None = None,
    ) -> None:
        self.helper, self.walked, self.ahead = helper, walked, ahead


def _helpers(arguments: list[str], asked: Question | None) -> Helpers:
    from vaultcrm.store.helper import begun

    is_index = arguments[:1] == ["index"]
    if asked is not None and asked.has_walked:
        return Helpers(asked.helper or (begun() if is_index else None), asked.walked)
    if (is_index and not IN_GIT.isdisjoint(arguments)) or arguments[:2] == ["hook", "run"]:

        def told() -> Iterable[Any]:
            from vaultcrm.git.ahead import asked

            return asked(arguments)

        return Helpers(ahead=begun(told))
    from vaultcrm.store.answers import COMMANDS, HELP

    if arguments and arguments[0] in (*COMMANDS, "log") and HELP.isdisjoint(arguments):
        from vaultcrm.store.walking import walk_ahead

        walk = walk_ahead(arguments, then=WRITER if is_index else "")
        if walk is not None:
            return Helpers(walk.helper, walk.walked)
    return Helpers()


def _say(answer: Answer) -> NoReturn:
    """Print an answer, and end."""
    status, said = answer
    try:
        for to_error, piece in said:
            stream = sys.stderr if to_error else sys.stdout
            if isinstance(piece, str):
                stream.write(piece)
            else:
                stream.flush()
                stream.buffer.write(piece)
        sys.stdout.flush()
    except OSError as error:
        status = _unsaid(error)
    _leave(status)


def _unsaid(error: OSError) -> int:
    """The exit status where something could not be printed; that the reader went away, as head, is fine."""
    if isinstance(error, BrokenPipeError):
        return 0
    try:
        from vaultcrm.cli.speech import say

        why = (error.strerror or "").lower()
        sys.stderr.write(say(f"error: what there is to say cannot be written: {why}") + "\n")
    except OSError:  # no room for that either
        pass
    return UNSAID


def _leave(status: int) -> NoReturn:
    """End by the shortest way: giving back each value takes Python longer than a walk through a vault."""
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - contextlib takes as long to load as all of this module
            stream.flush()
        except OSError:  # the reader went away, or it was told already that there is no room
            pass
    os._exit(status)


def _open_closed_streams() -> None:
    """Lead streams that the caller closed nowhere.

    Python has None in their place, and the system would give their numbers to the next files that are
    opened: what a program of ours prints would then be written into a note.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: the stream's own
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", errors="backslashreplace"))  # noqa: SIM115


if __name__ == "__main__":
    main()
