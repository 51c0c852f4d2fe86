"""Feeds for tests: of clients as ``tests.rules.builders`` makes them, assessed."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import icalendar

import vaultcrm
from tests.policies import preset
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed, Policy
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.render.event_draft import Event
from vaultcrm.render.feed import render_feed
from vaultcrm.render.feed_events import FeedEvents
from vaultcrm.render.labels import Labels, labels
from vaultcrm.rules.engine import assess

FRIDAY = date(2026, 11, 20)
"""The day asked about where a test has no reason for another; Thursday and Monday are working days too."""
VAULT = "My vault"


@cache
def words(language: str = "en") -> Labels:
    """The shipped texts of a language."""
    folder = Path(vaultcrm.__file__).parent / "labels"
    return labels({path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.toml")}, language)


def overview(*histories: ClientHistory, on: date = FRIDAY, policy: Policy | None = None) -> Overview:
    """Everything computed of some clients, sorted as a portfolio sorts them."""
    ordered = sorted(histories, key=lambda each: (each.client.name, each.client.path))
    return assess(Portfolio(tuple(ordered)), policy or preset(), on)


def feed(**fields: Any) -> Feed:
    """A feed with the defaults of the policy but for what is given."""
    return Feed(path="CRM/follow-ups.ics", **fields)


def events(
    *histories: ClientHistory, on: date = FRIDAY, policy: Policy | None = None, **fields: Any
) -> list[Event]:
    """The events of some clients, by day then UID; ``fields`` are those of the feed."""
    found = FeedEvents(overview(*histories, on=on, policy=policy), feed(**fields), words(), VAULT)
    return sorted(map(found.event, found.spots), key=lambda event: (event.start, event.uid))


def of_kind(kind: str, *histories: ClientHistory, **more: Any) -> list[Event]:
    """The events of one kind."""
    return [event for event in events(*histories, **more) if event.kind == kind]


def written(
    *histories: ClientHistory,
    on: date = FRIDAY,
    blocks: MutableMapping[str, bytes] | None = None,
    language: str = "en",
    **fields: Any,
) -> bytes:
    """A feed's file."""
    return render_feed(overview(*histories, on=on), feed(**fields), words(language), VAULT, blocks=blocks)


def read(data: bytes) -> list[icalendar.Event]:
    """The events of a feed's file as the icalendar library reads them."""
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))
