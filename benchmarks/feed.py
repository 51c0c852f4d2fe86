"""Measures how long a calendar feed takes, beside the least that writing it takes, for a table in the docs.

    python benchmarks/feed.py [--clients 1000] [--rounds 7] [--write]

The least is the same events written down by hand: escaped, folded, joined, and nothing else; what they say is
given to it. Each time a process of its own builds a feed in which all is as it was, or one event is another,
or nothing was kept; for the last two the library has to be loaded. With ``--write`` the table goes into
docs/performance.md. POSIX only.
"""

from __future__ import annotations

import argparse
import gc
import marshal
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from vaultcrm import app
from vaultcrm.model.policy import Feed
from vaultcrm.model.results import Overview
from vaultcrm.opening import Vault
from vaultcrm.render.events import EPOCH, Event, feed_events
from vaultcrm.render.feed import make_feed
from vaultcrm.render.fitting import fitted
from vaults import DAY, make_vault

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- feed measured: begin -->", "<!-- feed measured: end -->"
NOTES_A_CLIENT = 10
FEED = Feed("CRM/follow-ups.ics")


def by_hand(events: Sequence[Event]) -> bytes:
    """The least: the events as lines, each escaped and folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//by hand//EN", "NAME:by hand"]
    for event in events:
        title, stamp = escaped(event.summary), f"{event.revised:%Y%m%d}T000000Z"
        lines += ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}"]
        lines += [f"SEQUENCE:{(event.revised - EPOCH).days}", f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"]
        lines += [f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}", f"SUMMARY:{title}"]
        lines += [f"DESCRIPTION:{escaped(event.description)}", f"URL:{event.url}"]
        lines += [f"CATEGORIES:{','.join(event.categories)}", "TRANSP:TRANSPARENT", "BEGIN:VALARM"]
        lines += ["ACTION:DISPLAY", "TRIGGER:PT9H", f"DESCRIPTION:{title}", "END:VALARM", "END:VEVENT"]
    return b"\r\n".join(folded(line.encode()) for line in (*lines, "END:VCALENDAR", ""))


def escaped(text: str) -> str:
    """A text as iCalendar writes it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: bytes) -> bytes:
    """A line in pieces of at most 75 octets, none of which ends within a character."""
    pieces = []
    while len(line) > 75:
        at = 75
        while line[at] & 0xC0 == 0x80:
            at -= 1
        pieces.append(line[:at])
        line = b" " + line[at:]
    return b"\r\n".join((*pieces, line))


def apart(work: Callable[[], object]) -> object:
    """What some work gives in a process of its own: plain values, and tuples and dictionaries of them."""
    near, far = os.pipe()
    if not os.fork():
        with os.fdopen(far, "wb") as told:
            told.write(marshal.dumps(work()))
        os._exit(0)
    os.close(far)
    with os.fdopen(near, "rb") as said:
        result = marshal.loads(said.read())
    os.wait()
    return result


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that pass, and those of the processor, while a new process does some work."""

    def timed() -> tuple[float, float]:
        passed, cpu = time.perf_counter(), time.process_time()
        work()
        return time.perf_counter() - passed, time.process_time() - cpu

    return apart(timed)


def blocks_of(overview: Overview, vault: Vault) -> dict[str, bytes]:
    """What is kept of a feed."""
    kept: dict[str, bytes] = {}
    make_feed(overview, FEED, vault.labels, "vault", blocks=kept)
    return kept


def table(clients: int, rounds: int) -> str:
    """The measured table for a vault with so many clients."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_CACHE_HOME=f"{folder}/cache", XDG_STATE_HOME=f"{folder}/state")
        root = Path(folder) / "vault"
        make_vault(root, clients * NOTES_A_CLIENT)
        vault = app.open_vault(str(root), str(root))
        overview = app.overview_of(vault, DAY, time.time_ns())

    def build(kept: dict[str, bytes]) -> Callable[[], object]:
        return lambda: make_feed(overview, FEED, vault.labels, "vault", blocks=kept)

    kept = apart(lambda: blocks_of(overview, vault))
    room = fitted(feed_events(overview, FEED, vault.labels, "vault"), lambda _: 1)
    size = sum(map(len, kept.values()))
    works = {
        "warm: all is as it was": build(kept),
        "one event is another": build(dict(list(kept.items())[:-1])),
        "cold: nothing was kept": build({}),
    }
    lines = [
        f"{clients:,} clients, {len(room.events):,} events, {size:,} bytes; medians of {rounds} rounds:",
        "",
        "| what | time, by hand = 1 | processor, by hand = 1 | for scale |",
        "|---|--:|--:|--:|",
    ]
    for name, work in works.items():
        pairs = [(taken(work), taken(lambda: by_hand(room.events))) for _ in range(rounds)]
        passed, cpu = (
            statistics.median(ours[each] / least[each] for ours, least in pairs) for each in (0, 1)
        )
        seconds = statistics.median(ours[0] for ours, _ in pairs)
        lines.append(f"| {name} | {passed:.1f} × | {cpu:.1f} × | {seconds * 1000:,.0f} ms |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, and write it where that is wanted."""
    options = argparse.ArgumentParser(description="Measure the calendar feed.")
    options.add_argument("--clients", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = options.parse_args()
    gc.disable()  # as a command does
    made = table(chosen.clients, chosen.rounds)
    sys.stdout.write(made + "\n")
    if chosen.write:
        text = PAGE.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
