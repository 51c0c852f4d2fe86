"""Counts the faults that tests inject, over all processes that share the work, for the page about trust."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

Tally = Callable[[str, int], None]
"""Takes the kind of what was injected, a key of `KINDS`, and how often."""

KINDS = {
    "refused": "a system call refused: disk full, input/output error, no permission",
    "interrupted": "interrupted or terminated before or behind a system call",
    "killed": "killed before or behind a system call",
    "killed at random": "killed at a random moment of a run",
    "real call": "killed, or refused, at a real system call, by the kernel",
    "disk": "a real disk with so and so much room left",
    "save": "saves of an editor into a note or an output that is being written",
    "event": "changes in storms",
    "cache": "a damaged cache",
    "together": "steps of people, sync programs and vaultcrm in any order",
    "front matter": "front matters written into, written over, and taken out of again",
}
"""What can be injected, in the order of the table."""

_PREFIX = "faults: "
_MARKED = re.compile(r"(<!-- faults: begin -->\n).*?(<!-- faults: end -->)", re.DOTALL)


def tally_of(record: Callable[[str, object], None]) -> Tally:
    """Counts for one test; ``record`` is pytest's ``record_property``, which reaches the first process."""

    def count(kind: str, number: int) -> None:
        assert kind in KINDS
        record(_PREFIX + kind, number)

    return count


def totals(reports: Iterable[pytest.TestReport]) -> Counter[str]:
    """The faults of each kind that tests injected and survived."""
    counted: Counter[str] = Counter()
    for report in reports:
        for name, number in report.user_properties:
            if report.when == "call" and name.startswith(_PREFIX):
                counted[name.removeprefix(_PREFIX)] += int(str(number))
    return counted


def table(counted: Counter[str]) -> str:
    """The table, in Markdown."""
    rows = [f"| {text} | {counted[kind]:,} |" for kind, text in KINDS.items() if counted[kind]]
    return "\n".join(["| fault | times |", "|---|--:|", *rows, f"| **all** | **{counted.total():,}** |"])


def write_table(page: Path, counted: Counter[str]) -> None:
    """Put the table between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(_MARKED.sub(rf"\1\n{table(counted)}\n\n\2", text), encoding="utf-8")
