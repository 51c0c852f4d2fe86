"""Which event is which in the next feed: UIDs that outlive moved days, renamed titles and edited texts.

A UID is a digest of the client's permanent id (else of its note's path), the rule's id and what the event
is about: the project, person, note, task or date. Nothing private can be read from it, but a guess at all of
these can be confirmed: it has no secret in it, since it is the same on every machine. This module must not
know what an event says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.records import Client, ClientHistory, Person
from vaultcrm.model.results import Assessment, Finding, Occurrence
from vaultcrm.model.roster import Roster
from vaultcrm.model.sums import sha256

DOMAIN = "vaultcrm"


def event_uid(*names: str, year: int | None = None) -> str:
    """The UID that these names, in this order, lead to; ``year`` for one of the events of a yearly date."""
    text = normalize("NFC", "\x1f".join(names))  # nothing composes across what is between them
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{digest}@{DOMAIN}" if year is None else f"{digest}-{year}@{DOMAIN}"


def client_keys(roster: Roster) -> tuple[str, ...]:
    """What identifies each client, in their order: its ``id``, else the path.

    Of several clients with one id (a note was copied) the first by path keeps it; the others are told apart
    by their paths, since calendar programs show only one of two events with the same UID.
    """
    paths, ids = roster.paths(), roster.each("id", _id)
    keys = [f"id:{id_}" if id_ else f"path:{path}" for path, id_ in zip(paths, ids, strict=True)]
    if len(set(keys)) == len(keys):
        return tuple(keys)
    taken: set[str] = set()
    for number in sorted(range(len(keys)), key=paths.__getitem__):
        key = keys[number]
        if key in taken:
            keys[number] = f"{key}\x1e{paths[number]}"
        taken.add(key)
    return tuple(keys)


def _id(one: Assessment) -> str | None:
    return one.client.id


class Anchors:
    """What tells the things of one client apart; made once for a client, who may have thousands of them.

    A project, person, note or task is known by its note (a person or client by the ``id``, where there is
    one) and, where a note holds several, by which of them it is; a touchpoint that recurs by the day from
    which it is counted. A rule that a client has at most once needs none.
    """

    __slots__ = ("_history", "_notes", "_numbers")

    def __init__(self, history: ClientHistory) -> None:
        self._history = history
        self._notes: dict[VaultPath, str] | None = None
        self._numbers: dict[str, dict[VaultPath, _Numbers]] = {}

    def key(self, occurrence: Occurrence) -> str:
        """What tells an occurrence from the others of its rule and client."""
        if occurrence.task is not None:
            return self.task_key(occurrence.task.place)
        if occurrence.id in SINGLE:
            return ""
        place = evidence_place(occurrence.finding, ANCHORS.get(occurrence.id, ""))
        if place is None:
            return occurrence.anchor.isoformat()
        return self._record_key(place, occurrence.id)

    def task_key(self, place: Place) -> str:
        """A task: its note, and which of the note's tasks it is, ticked ones counted."""
        return self._record_key(place, TASK)

    def _record_key(self, place: Place, id_: str) -> str:
        kind = PROJECT if id_ in PROJECT_RULES else id_
        numbers = self._numbers.get(kind)
        if numbers is None:
            numbers = self._numbers[kind] = _numbered(_siblings(kind, self._history))
        several = numbers.get(place.path)
        return f"{self._note_key(place.path)}#{0 if several is None else several.of(place.line)}"

    def _note_key(self, path: VaultPath) -> str:
        """A note: nothing for the client's own, the ``id`` of a person or introduced client, or the path."""
        history = self._history
        if self._notes is None:
            known: list[Client | Person] = [*history.people, *(each.client for each in history.introduced)]
            self._notes = {record.path: f"id:{record.id}" for record in reversed(known) if record.id}
            self._notes[history.client.path] = ""
        return self._notes.get(path, f"path:{path}")


class _Numbers:
    """Which of a note's things begins on a line, or last before it: the first is 0."""

    __slots__ = ("_first", "_lines")

    def __init__(self, lines: Sequence[int]) -> None:
        self._first: dict[int, int] = {}
        for number, line in enumerate(lines):
            self._first.setdefault(line, number)
        self._lines = sorted(self._first)

    def of(self, line: int) -> int:
        """The number of the thing that a line belongs to."""
        at = bisect_right(self._lines, line)
        return self._first[self._lines[at - 1]] if at else 0


def _numbered(places: Iterable[Place]) -> dict[VaultPath, _Numbers]:
    """Of the notes that hold several things which is which."""
    lines: dict[VaultPath, list[int]] = {}
    for place in places:
        lines.setdefault(place.path, []).append(place.line)
    return {path: _Numbers(each) for path, each in lines.items() if len(each) > 1}


def evidence_place(finding: Finding, name: str) -> Place | None:
    """Where the evidence of a name was written; None without it."""
    return next((each.place for each in finding.evidence if each.name == name), None)


def _siblings(kind: str, history: ClientHistory) -> Iterable[Place]:
    client = history.client
    if kind == TASK:
        return sorted(task.place for task in history.tasks)
    if kind == "important-date":
        records: tuple[Client | Person, ...] = (client, *history.people)
        return (one.place._replace(line=each.line) for one in records for each in one.important_dates)
    if kind == "call-back":  # by their days: logs grow at either end
        return (each.place for each in history.interactions if each.kind == "complaint")
    if kind == PROJECT:
        return sorted(project.place for project in history.projects)
    return ()


TASK = "follow-up"
PROJECT = "project"
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
