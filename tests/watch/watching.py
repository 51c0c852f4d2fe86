"""A watcher in a thread, with short times, and what it has told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.support.vaults import AS_OF
from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.watch import Timing, Watcher

SOON = 10.0
"""Seconds within which anything must have happened, on a machine that has much to do."""

SHORT = Timing(first=0.01, quiet=0.05, longest=0.2, rescan=3600.0, beat=0.05, retry=0.1, rest=0.0, poll=0.05)


@dataclass
class Watched:
    """A vault that is watched; ``runs`` has the result of each run, ``told`` all else, as text."""

    root: Path
    runs: list[runs.Indexed] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    watcher: Watcher | None = None
    thread: threading.Thread | None = None

    def indexed(self, vault: Vault, result: runs.Indexed) -> None:
        self.runs.append(result)

    def failed(self, error: Exception) -> None:
        self.told.append(f"{type(error).__name__}: {error}")

    def noted(self, key: str, **values: str) -> None:
        self.told.append(key)

    def wait(self, done: Callable[[], object], what: str = "it") -> None:
        """Wait until something holds."""
        until = time.monotonic() + SOON
        while not done():
            assert time.monotonic() < until, (
                f"{what} never happened; {len(self.runs)} runs, told: {self.told}"
            )
            time.sleep(0.005)

    def wait_for_run(self, change: Callable[[], object]) -> runs.Indexed:
        """Change something, and wait for the run that follows."""
        before = len(self.runs)
        change()
        self.wait(lambda: len(self.runs) > before, "a run")
        return self.runs[-1]

    def rest(self, seconds: float = 0.4) -> int:
        """Wait until nothing more happens for a while; how many runs there were by then."""
        count, since = len(self.runs), time.monotonic()
        until = since + SOON
        while time.monotonic() - since < seconds and time.monotonic() < until:
            time.sleep(0.01)
            if len(self.runs) != count:
                count, since = len(self.runs), time.monotonic()
        return count

    def dashboard(self) -> str:
        path = self.root / "CRM/Dashboard.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def watching(
    root: Path, timing: Timing = SHORT, *, poll: bool = False, day: str | None = AS_OF, begun: bool = True
) -> Iterator[Watched]:
    """Watch a vault within a ``with``; it has been indexed once, and is at rest, when that begins."""
    watched = Watched(root)
    watcher = Watcher(
        lambda: runs.open_vault(str(root), str(root)),
        watched,
        poll=poll,
        day=date.fromisoformat(day) if day else None,
        timing=timing,
    )
    thread = threading.Thread(target=watcher.run)
    watched.watcher, watched.thread = watcher, thread
    thread.start()
    try:
        if begun:
            watched.wait(lambda: watched.runs, "the first run")
            watched.rest(0.3)
        yield watched
    finally:
        watcher.stop()
        thread.join(SOON)
        assert not thread.is_alive()
