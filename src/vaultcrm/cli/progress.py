"""Shows on standard error how far a run has come, and what each stage of it took."""

from __future__ import annotations

import sys
import time

from vaultcrm.app.stages import Stages
from vaultcrm.cli.printing import Printed
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import pad

PATIENCE_S = 1.0
"""Who waits for less is not shown a bar."""
EVERY_S = 0.1
WIDTH = 30


class Bar(Stages):
    """A bar on a terminal while many notes are read; nothing anywhere else, nor in a short run."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed
        self._is_terminal = printed.stream.isatty()
        self._next = time.monotonic() + PATIENCE_S
        self._is_shown = False

    def begin(self, stage: str) -> None:
        """Wipe the bar: what comes next is printed in its place."""
        del stage
        if self._is_shown:
            self._show("\r\x1b[K")
            self._is_shown = False

    def read(self, done: int, total: int) -> None:
        """Draw the bar, a few times a second."""
        if not self._is_terminal or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_S
        filled = WIDTH * done // max(total, 1)
        self._show(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,}/{total:,}")
        self._is_shown = True

    def _show(self, text: str) -> None:
        self._printed.stream.write(text)
        self._printed.stream.flush()


class Timings(Stages):
    """Measures stages: the time that passed, and the processor's time of this process and its helpers."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, float, float]] = []

    def begin(self, stage: str) -> None:
        """Note down when a stage begins."""
        self._marks.append((stage, time.perf_counter(), _cpu()))

    def lines(self, labels: Labels) -> list[str]:
        """A line for each stage, in the order in which they first began, and one for all."""
        spent: dict[str, tuple[float, float]] = {}
        ends = [*self._marks[1:], ("", time.perf_counter(), _cpu())]
        for (stage, begun, cpu), (_, ended, cpu_then) in zip(self._marks, ends, strict=True):
            passed, used = spent.get(stage, (0.0, 0.0))
            spent[stage] = passed + ended - begun, used + cpu_then - cpu
        spent["all"] = sum(one for one, _ in spent.values()), sum(other for _, other in spent.values())
        return [
            f"{pad(labels.name('timing', stage), 8)}{passed * 1000:9.1f} ms{used * 1000:9.1f} ms cpu"
            for stage, (passed, used) in spent.items()
        ]


def _cpu() -> float:
    own = time.process_time()
    if sys.platform == "win32":
        return own
    import resource

    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + helpers.ru_utime + helpers.ru_stime
