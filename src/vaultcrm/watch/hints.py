"""Hints that something in a folder may have changed, collected from the threads that report them.

They are hints, no truth: some never come, some come twice, some come late. Whoever takes them has to look.
This module must not know what is watched, nor what for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from vaultcrm.model.tuples import NamedTuple

Clock = Callable[[], float]
"""Seconds that only ever go on, whatever is done to the clock on the wall."""


class Batch(NamedTuple):
    """Paths that may have changed; ``everything`` where more may have than these."""

    paths: frozenset[str] = frozenset()
    everything: bool = False


class Hints:
    """What has been reported since it was last taken. All methods may be called from any thread."""

    def __init__(self, weighs: Callable[[str], bool], clock: Clock = time.monotonic) -> None:
        """Nothing has been reported.

        Args:
            weighs: Whether a path counts as one of several that make a burst: a file that an editor saves to,
                to give it the name of another one, does not.
            clock: Tells the time.
        """
        self._weighs = weighs
        self._clock = clock
        self._changed = threading.Condition()
        self._paths: set[str] = set()
        self._everything = False
        self._first = self._last = 0.0
        self._stopped = False

    def add(self, path: str) -> None:
        """Something at a path may have changed."""
        with self._changed:
            self._note()
            self._paths.add(path)
            self._changed.notify_all()

    def add_everything(self) -> None:
        """Anything may have changed."""
        with self._changed:
            self._note()
            self._everything = True
            self._changed.notify_all()

    def drop(self, paths: Iterable[str]) -> None:
        """Forget what was reported of paths: what has changed there is known."""
        with self._changed:
            self._paths.difference_update(paths)

    def stop(self) -> None:
        """Wake up whoever waits, now and from now on."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until something is reported, at most so long; whether anything was."""
        with self._changed:
            if not self._any() and not self._stopped:
                self._changed.wait(max(seconds, 0.0))
            return self._any()

    def collect(self, first: float, quiet: float, longest: float, busy_until: float) -> Batch:
        """Take what was reported, as soon as no more is to be expected; all times in seconds.

        Args:
            first: How long to wait after the first report: what belongs to one save comes within that.
            quiet: How long nothing must have come, where several paths were reported, or where the first
                report came before ``busy_until``: more of the same may be on its way.
            longest: How long to wait at most after the first report.
            busy_until: A time by the clock that this was made with.
        """
        with self._changed:
            began = self._first
            self._rest(began + first)
            while self._is_burst(busy_until) and not self._stopped:
                until = min(self._last + quiet, began + longest)
                if self._clock() >= until:
                    break
                self._changed.wait(until - self._clock())
            batch = Batch(frozenset(self._paths), self._everything)
            self._paths.clear()
            self._everything = False
            return batch

    def _note(self) -> None:
        self._last = self._clock()
        if not self._any():
            self._first = self._last

    def _any(self) -> bool:
        return bool(self._paths) or self._everything

    def _is_burst(self, busy_until: float) -> bool:
        if self._everything or self._first < busy_until:
            return True
        return len(self._paths) > 1 and sum(map(self._weighs, self._paths)) > 1

    def _rest(self, until: float) -> None:
        while self._clock() < until and not self._stopped:
            self._changed.wait(until - self._clock())
