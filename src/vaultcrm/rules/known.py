"""What is known of a client on a day, and the small questions that many rules ask of it.

What is dated later has not happened yet. This module must not know any number of a policy, nor any figure
that is computed from what is known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import TypeVar
from unicodedata import normalize

from vaultcrm.model.note import Place
from vaultcrm.model.records import Client, ClientHistory, Feedback, Interaction, Project, Record
from vaultcrm.model.results import Evidence, Known
from vaultcrm.model.tuples import NamedTuple

NO_CONTACT = frozenset({"newsletter", "internal"})
"""Kinds of interactions that end no silence (specification 2, Interaction)."""

NEVER_COUNTS = frozenset({"proposal", "cancelled"})
"""Statuses that keep a project from counting, at every day."""

FROM_THEM = frozenset({"in", "both"})
"""Directions of a contact that comes from the client."""

KINDS_IN = frozenset({"complaint", "support"})
KINDS_BOTH = frozenset({"meeting", "review", "visit"})
CHANNELS_BOTH = frozenset({"phone", "meeting", "visit", "video"})

_Dated = TypeVar("_Dated", Interaction, Feedback)


def known(history: ClientHistory, day: date) -> Known:
    """A client's history as of a day (specification 3, Conventions, and Orders, stage, phase)."""
    client = history.client
    interactions = _until(history.interactions, day)
    feedback = _until(history.feedback, day)
    counted = counted_projects(history, day)
    complaints = tuple([i for i in interactions if i.kind == "complaint" and is_open(i, day)])
    order_days = tuple(dict.fromkeys(d for p in counted if (d := p.order_day) is not None))
    return Known(
        day=day,
        history=history,
        status=status_on(client, day),
        interactions=interactions,
        contacts=tuple([i for i in interactions if i.kind not in NO_CONTACT]),
        feedback=feedback,
        counted=counted,
        order_days=order_days,
        complaints=complaints,
        people=tuple(p for p in history.people if p.left is None or p.left > day),
        running=_running(counted, day),
        since=_since(client, counted, day),
        last_sign=_last_sign(client, counted, feedback, day),
    )


def phase_on(history: ClientHistory, day: date) -> tuple[int, bool]:
    """How many projects counted on a day, and whether the client was in one, at little cost."""
    counted = counted_projects(history, day)
    return len(counted), any(_is_running(project, day) for project in counted)


def counted_projects(history: ClientHistory, day: date) -> tuple[Project, ...]:
    """The projects and orders that count on a day: no proposal, not cancelled, ordered on or before it."""
    counted = []
    for project in history.projects:
        order_day = project.order_day
        if order_day is None or order_day > day:
            break  # the history is sorted by order day, those without one last
        if project.status not in NEVER_COUNTS:
            counted.append(project)
    return tuple(counted)


def status_on(client: Client, day: date) -> str:
    """The client's status in force: one who was lost later is still active; the others hold on every day."""
    lost_later = client.status == "lost" and client.lost_on is not None and day < client.lost_on
    return "active" if lost_later else client.status


def is_delivered(project: Project, day: date) -> bool:
    """Whether a project is delivered on a day; the date decides, the status only without one."""
    if project.delivered is None:
        return project.status == "delivered"
    return project.delivered <= day


def is_open(complaint: Interaction, day: date) -> bool:
    """Whether a complaint is not resolved yet on a day; on the day of its solution it is."""
    return complaint.resolved is None or complaint.resolved > day


def owner_key(owner: str | None) -> str:
    """An owner as owners are compared: NFC, without regard to case; empty for nobody."""
    if not owner:
        return ""
    return owner.casefold() if owner.isascii() else normalize("NFC", owner).casefold()


def is_muted(client: Client, id_: str, day: date) -> bool:
    """Whether a warning or touchpoint is kept quiet on a day, its last day included."""
    return bool(client.mute) and any(
        each.id == id_ and (each.until is None or day <= each.until) for each in client.mute
    )


def direction_of(interaction: Interaction) -> str:
    """``in``, ``out`` or ``both``: as written, else from kind and channel (specification 3, Direction)."""
    if interaction.direction is not None:
        return interaction.direction
    if interaction.kind in KINDS_IN:
        return "in"
    return "both" if interaction.kind in KINDS_BOTH or interaction.channel in CHANNELS_BOTH else "out"


def first_record(what: Known) -> Evidence | None:
    """The first dated record of any kind; None where there is none yet."""
    signs = _signs(what.client, what.counted[:1], what.feedback[:1], what.day)
    signs += [_Sign(i.day, i.place, "interaction", i) for i in what.interactions[:1]]
    return _evidence(min(signs, key=_BY_DAY, default=None))


def last_from_them(what: Known) -> Evidence | None:
    """The latest that came from the client: a contact that is not only ours, an order, a feedback note."""
    signs = [_Sign(f.day, f.place, "feedback", f) for f in what.feedback[-1:]]
    signs += [_Sign(p.order_day or what.day, p.place, "order", p) for p in what.counted[-1:]]
    contact = next((c for c in reversed(what.contacts) if direction_of(c) in FROM_THEM), None)
    if contact is not None:
        signs.append(_Sign(contact.day, contact.place, "contact", contact))
    return _evidence(max(signs, key=_BY_DAY, default=None))


def days_without(last: Evidence | None, what: Known) -> int | None:
    """For how many days there has been none of something, given the latest.

    Without any it counts from the client's first dated record; None where there is not even one, then no
    silence holds. (Specification 3, Conventions.)
    """
    begin = last or first_record(what)
    return None if begin is None else (what.day - _day(begin)).days


def overdue_days(project: Project, day: date) -> int:
    """For how many days a project's invoice is overdue on a day; 0 where it is not."""
    due = project.invoice_due
    if due is None or due >= day or project.paid is True:
        return 0
    paid = isinstance(project.paid, date) and project.paid <= day
    return 0 if paid else (day - due).days


def overdue_invoice(what: Known) -> tuple[Project, int] | None:
    """Of the counted projects the one whose invoice is overdue for longest, with the days, or None."""
    longest: tuple[Project, int] | None = None
    for project in what.counted:
        days = overdue_days(project, what.day)
        if days > (longest[1] if longest else 0):
            longest = project, days
    return longest


def _until(records: tuple[_Dated, ...], day: date) -> tuple[_Dated, ...]:
    if not records or records[-1].day <= day:
        return records
    return records[: bisect_right(records, day, key=lambda record: record.day)]


def _since(client: Client, counted: Sequence[Project], day: date) -> Evidence | None:
    if client.since is not None and client.since <= day:
        return Evidence("since", client.since, client.at("since"))
    return Evidence("since", counted[0].order_day, counted[0].order_place) if counted else None


def _is_running(project: Project, day: date) -> bool:
    begun = project.start or project.order_day
    return not project.is_order and begun is not None and begun <= day and not is_delivered(project, day)


def _running(counted: Sequence[Project], day: date) -> Project | None:
    return next((p for p in reversed(counted) if _is_running(p, day)), None)


def _last_sign(
    client: Client, counted: Sequence[Project], feedback: Sequence[Feedback], day: date
) -> Evidence | None:
    signs = _signs(client, counted[-1:], feedback[-1:], day)
    signs += [
        _Sign(p.delivered, p.place, "delivered", p)
        for p in counted
        if p.delivered is not None and p.delivered <= day
    ]
    return _evidence(max(signs, key=_BY_DAY, default=None))


class _Sign(NamedTuple):
    """Something dated, before its evidence is made: many are looked at and few are kept."""

    day: date
    place: Place
    name: str
    record: Record


_BY_DAY = itemgetter(0, 1)
"""Of one day the later is the one with the larger path, then line (specification 3, Conventions)."""


def _signs(
    client: Client, counted: Sequence[Project], feedback: Sequence[Feedback], day: date
) -> list[_Sign]:
    signs = [_Sign(p.order_day or day, p.place, "order", p) for p in counted]
    signs += [_Sign(f.day, f.place, "feedback", f) for f in feedback]
    if client.since is not None and client.since <= day:
        signs.append(_Sign(client.since, client.place, "since", client))
    return signs


def _evidence(sign: _Sign | None) -> Evidence | None:
    if sign is None:
        return None
    record = sign.record
    place = (
        record.order_place if isinstance(record, Project) and sign.name == "order" else record.at(sign.name)
    )
    return Evidence(sign.name, sign.day, place)


def _day(evidence: Evidence) -> date:
    assert isinstance(evidence.value, date)
    return evidence.value
