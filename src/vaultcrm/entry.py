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

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from typing import NoReturn

    from vaultcrm.store.answers import Answer


def main() -> NoReturn:
    """Run the command line of this process."""
    arguments = sys.argv[1:]
    if LASTING.isdisjoint(arguments[:1]):
        gc.disable()  # looking for circles among a million values of which none is given up costs a third
    if arguments in (["--version"], ["-V"]):
        from vaultcrm import __version__

        sys.stdout.write(f"vaultcrm {__version__}\n")
        sys.exit(0)
    from vaultcrm.store.answers import question

    asked = question(arguments)
    answer = asked.recall() if asked is not None else None
    if answer is not None:
        _say(answer)
    from vaultcrm.cli import run
    from vaultcrm.cli.answering import RUN

    RUN.is_noted = asked is not None
    with RUN.noting_help(asked):
        status = run(arguments)
    if asked is not None:
        RUN.keep(asked, status)
    _leave(status)


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
    except BrokenPipeError:  # the reader went away, as head does
        pass
    _leave(status)


def _leave(status: int) -> NoReturn:
    """End by the shortest way: giving back each value takes Python longer than a walk through a vault."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    os._exit(status)


if __name__ == "__main__":
    main()
