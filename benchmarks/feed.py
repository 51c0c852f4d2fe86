"""Measures how long a calendar feed takes, beside the least that writing it takes, for a table in the docs.

    python benchmarks/feed.py [--clients 1000] [--rounds 7] [--write]

The least is the same events written down by hand: escaped, folded, joined, and nothing else; what they say is
given to it. Each time a process of its own builds a feed in which all is as it was, or one client is another,
or nothing was kept but the assessments; for the last two the library has to be loaded. With ``--write`` the
table goes into docs/performance.md. POSIX only.
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
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from vaultcrm.app import runs
from vaultcrm.app.opening import Vault
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.model.roster import NOTHING, Kept, Roster
from vaultcrm.render.event_draft import EPOCH, Event
from vaultcrm.render.feed import make_feed
from vaultcrm.render.feed_events import FeedEvents, Spot
from vaultcrm.render.fitting import fitted, size_of
from vaults import DAY, make_vault

T = TypeVar("T")

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


def apart(work: Callable[[], T]) -> T:
    """What some work gives in a process of its own: plain values, and tuples and dictionaries of them."""
    near, far = os.pipe()
    if not os.fork():
        with os.fdopen(far, "wb") as told:
            told.write(marshal.dumps(cast("Any", work())))
        os._exit(0)
    os.close(far)
    with os.fdopen(near, "rb") as said:
        result: T = marshal.loads(said.read())
    os.wait()
    return result


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that pass, and those of the processor, while a new process does some work."""

    def timed() -> tuple[float, float]:
        passed, cpu = time.perf_counter(), time.process_time()
        work()
        return time.perf_counter() - passed, time.process_time() - cpu

    return apart(timed)


def kept_of(overview: Overview, vault: Vault) -> tuple[dict[str, bytes], tuple[Any, ...]]:
    """What is kept of a feed: blocks, and what is known of clients (a `Kept` in plain values)."""
    blocks: dict[str, bytes] = {}
    make_feed(overview, FEED, vault.labels, "vault", blocks=blocks)
    return blocks, tuple(overview.assessments.kept())


def events_of(overview: Overview, vault: Vault) -> list[Event]:
    """The events that a feed has room for, as it shows them."""
    found = FeedEvents(overview, FEED, vault.labels, "vault")

    def shown(spot: Spot, is_brief: bool) -> Event:
        event = found.event(spot)
        return replace(event, description=event.brief) if is_brief else event

    room = fitted(found.spots, lambda spot, is_brief: (size_of(shown(spot, is_brief), 1), "", is_brief))
    return [shown(spot, is_brief) for spot, is_brief, _ in room.events]


def table(clients: int, rounds: int) -> str:
    """The measured table for a vault with so many clients."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_CACHE_HOME=f"{folder}/cache", XDG_STATE_HOME=f"{folder}/state")
        root = Path(folder) / "vault"
        make_vault(root, clients * NOTES_A_CLIENT)
        vault = runs.open_vault(str(root), str(root))
        overview = runs.overview_of(vault, DAY, time.time_ns())

    assessed = list(overview.assessments)

    def build(blocks: dict[str, bytes], kept: Kept) -> Callable[[], object]:
        one = replace(overview, assessments=Roster(assessed, kept))
        return lambda: make_feed(one, FEED, vault.labels, "vault", blocks=blocks)

    blocks, plain = apart(lambda: kept_of(overview, vault))
    kept = Kept(*plain)
    events = events_of(replace(overview, assessments=Roster(assessed)), vault)
    size = sum(map(len, blocks.values()))
    works = {
        "warm: all is as it was": build(blocks, kept),
        "one client is another": build(dict(list(blocks.items())[:-1]), kept.without([0])),
        "cold: nothing was kept": build({}, NOTHING),
    }
    lines = [
        f"{clients:,} clients, {len(events):,} events, {size:,} bytes; medians of {rounds} rounds:",
        "",
        "| what | time, by hand = 1 | processor, by hand = 1 | for scale |",
        "|---|--:|--:|--:|",
    ]
    for name, work in works.items():
        pairs = [(taken(work), taken(lambda: by_hand(events))) for _ in range(rounds)]
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
