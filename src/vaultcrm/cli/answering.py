"""Notes down what a run says and what that rests on, so that `store.answers` may say it again next time.

One process runs one command: there is one `RUN`. This module must not know any command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.store.answers import Hours, Piece, Question
from vaultcrm.store.helper import Helper
from vaultcrm.store.walk import PassedOver, Walk, walk_through

if TYPE_CHECKING:
    from vaultcrm.app.opening import Vault  # help needs none

ANSWERED = (0, 1)
"""The exit statuses of an answer; any other tells of something that may have gone when one asks again."""


@dataclass(slots=True)
class Run:
    """What this run has said, and what that rests on.

    ``question`` is what the command line asks; nothing is noted down where it is None: a watcher prints
    for weeks. ``helper`` is a second process for its work, if there is one; ``walked`` gives what was
    found on a walk through a vault that has begun already; ``ahead`` is a process that is going to tell
    what it has asked git. ``beside`` are the files beside the notes that bear on the answer, ``hours``
    the day of the clock, None where a day was given. ``vault`` is None until one is opened. ``result`` is
    what came of it, held to the end.
    """

    question: Question | None = None
    helper: Helper | None = None
    walked: Callable[[str], Walk | None] | None = None
    ahead: Helper | None = None
    vault: Vault | None = None
    beside: tuple[str, ...] = ()
    hours: Hours | None = None
    said: list[Piece] = field(default_factory=list)
    result: object = None

    def walk(self, root: str, passed_over: PassedOver) -> Walk:
        """Walk through a vault, or take what was found on a walk that has begun already.

        Raises:
            OSError: The vault is gone, or cannot be read.
        """
        begun = None if self.walked is None else self.walked(root)
        walk = walk_through(root, passed_over) if begun is None else begun
        if self.question is not None:
            self.question.saw(walk)
        return walk

    def note(self, to_error: bool, piece: str | bytes) -> None:
        """Note down what was printed."""
        if self.question is not None:
            self.said.append((to_error, piece))

    def keep(self, status: int) -> bool:
        """Keep what was said, which may be nothing, as the answer to the question; whether it was."""
        question = self.question
        if question is None:
            return False
        is_whole = self.vault is not None or (question.is_help and bool(self.said))
        if status not in ANSWERED or not is_whole:
            return False
        root = None if self.vault is None else self.vault.root
        return question.keep((status, tuple(self.said)), root, self.beside, self.hours)

    @contextmanager
    def noting_help(self) -> Iterator[None]:
        """Note down what typer itself prints, where help is asked for."""
        if self.question is None or not self.question.is_help:
            yield
            return
        page = StringIO()
        with redirect_stdout(page):
            yield
        sys.stdout.write(page.getvalue())
        sys.stdout.flush()  # what finds no room is not kept as said
        self.note(False, page.getvalue())


RUN = Run()
"""This process's run."""
