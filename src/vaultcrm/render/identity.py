"""Which event is which in the next feed: UIDs that outlive moved days, renamed titles and edited texts.

A UID is a digest of the client's permanent id (else of its note's path), the rule's id and what the event
is about: the project, person, note, task or date. It says nothing private. This module must not know what
an event says.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from unicodedata import normalize

from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.records import Client, ClientHistory, Person
from vaultcrm.model.results import Finding, Occurrence, Overview

DOMAIN = "vaultcrm"


def event_uid(*names: str, year: int | None = None) -> str:
    """The UID that these names, in this order, lead to; ``year`` for one of the events of a yearly date."""
    text = "\x1f".join(normalize("NFC", name) for name in names)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{digest}@{DOMAIN}" if year is None else f"{digest}-{year}@{DOMAIN}"


def client_keys(overview: Overview) -> dict[VaultPath, str]:
    """By a client's path what identifies it: its ``id``, else the path.

    Of several clients with one id (a note was copied) the first by path keeps it; the others are told apart
    by their paths, since calendar programs show only one of two events with the same UID.
    """
    keys: dict[VaultPath, str] = {}
    taken: set[str] = set()
    for client in sorted((each.client for each in overview.assessments), key=lambda client: client.path):
        key = f"id:{client.id}" if client.id else f"path:{client.path}"
        keys[client.path] = f"{key}\x1e{client.path}" if key in taken else key
        taken.add(key)
    return keys


def anchor_key(occurrence: Occurrence, history: ClientHistory) -> str:
    """What tells an occurrence from the others of its rule and client.

    A project, person, note or task is known by its note (a person or client by the ``id``, where there is
    one) and, where a note holds several, by which of them it is; a touchpoint that recurs by the day from
    which it is counted. A rule that a client has at most once needs none.
    """
    if occurrence.task is not None:
        return task_key(occurrence.task.place, history)
    if occurrence.id in SINGLE:
        return ""
    place = evidence_place(occurrence.finding, ANCHORS.get(occurrence.id, ""))
    if place is None:
        return occurrence.anchor.isoformat()
    return _record_key(place, _siblings(occurrence.id, history), history)


def task_key(place: Place, history: ClientHistory) -> str:
    """A task: its note, and which of the note's tasks it is, ticked ones counted."""
    return _record_key(place, sorted(task.place for task in history.tasks), history)


def evidence_place(finding: Finding, name: str) -> Place | None:
    """Where the evidence of a name was written; None without it."""
    return next((each.place for each in finding.evidence if each.name == name), None)


def _record_key(place: Place, siblings: Iterable[Place], history: ClientHistory) -> str:
    same = [each for each in siblings if each.path == place.path]
    before = [each for each in same if each.line <= place.line]
    number = same.index(max(before, key=lambda each: each.line)) if before else 0
    return f"{_note_key(place.path, history)}#{number}"


def _note_key(path: VaultPath, history: ClientHistory) -> str:
    """A note: nothing for the client's own, the ``id`` of a person or introduced client, else the path."""
    if path == history.client.path:
        return ""
    known: list[Client | Person] = [*history.people, *(referral.client for referral in history.introduced)]
    return next((f"id:{record.id}" for record in known if record.path == path and record.id), f"path:{path}")


def _siblings(id_: str, history: ClientHistory) -> Iterable[Place]:
    client = history.client
    if id_ == "important-date":
        return (client.place._replace(line=each.line) for each in client.important_dates)
    if id_ == "call-back":  # by their days: logs grow at either end
        return (each.place for each in history.interactions if each.kind == "complaint")
    if id_ in PROJECT_RULES:
        return sorted(project.place for project in history.projects)
    return ()


SINGLE = frozenset({"renewal", "referral-ask"})
PROJECT_RULES = frozenset({"survey", "check-in-1m", "check-in-3m"})
ANCHORS = {
    **dict.fromkeys(PROJECT_RULES, "delivered"),
    "birthday": "yearly",
    "important-date": "yearly",
    "minutes": "visit",
    "call-back": "complaint",
    "referral-thanks": "referred",
    "referral-report": "referred",
}
"""By rule the evidence that was written where the thing is that the touchpoint is about."""
