"""Readings become a portfolio: links resolved, histories put together and sorted (specification 2, Links).

Here is told what only several notes together show: unknown and ambiguous links, equal names and ids, tiers
and currencies that the policy does not know. This module must not know any day.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import (
    Client,
    ClientHistory,
    Feedback,
    FollowUp,
    Interaction,
    Person,
    Portfolio,
    Project,
    Reading,
    Record,
    Reference,
    Referral,
)
from vaultcrm.parse.links import Found, Links, link_key, names_of, path_order
from vaultcrm.parse.vocabulary import fold

UNLINKABLE = ("#", "^", "[", "]", "|", "%%")
"""What a file's name may not hold if a wikilink is to lead to it."""

_UNSEEN = regex("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What nobody sees in a name, and so nobody types; the joiners of Persian words and of emoji are seen."""

_CLIENT = ("client",)
_PERSON = ("person",)
_CLIENT_OR_PERSON = ("client", "person")
_PROJECT = ("project",)
LINKABLE = frozenset((*_CLIENT_OR_PERSON, *_PROJECT))
"""Kinds of notes that links between notes lead to."""


@dataclass(slots=True)
class _History:
    """A client's history while it is put together."""

    client: Client
    people: list[Person] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    tasks: list[FollowUp] = field(default_factory=list)
    introduced: list[Referral] = field(default_factory=list)
    contacts: list[Person | str] = field(default_factory=list)
    decision_makers: list[Person | str] = field(default_factory=list)
    feedback_project: dict[Place, Project] = field(default_factory=dict)


class Joiner:
    """Joins readings; keeps what is told on the way.

    Clients, people and projects can be linked to, so all of them have to be there from the beginning. What
    other notes say is added before the histories that it goes into are finished. ``goes_to`` tells into whose
    histories a note goes, by the paths of both.
    """

    def __init__(self, linkable: Iterable[Reading], others: Iterable[Reading], policy: Policy) -> None:
        """Begin.

        Args:
            linkable: The readings that `is_linkable`.
            others: Those of other notes that a link may lead to in their place; see `Links`.
            policy: Its tiers and currencies.
        """
        self.policy = policy
        ordered = sorted(linkable, key=_by_path)
        self.links = Links.of(sorted((*ordered, *others), key=_by_path))
        self.told: list[Diagnostic] = []
        self.goes_to: dict[VaultPath, set[VaultPath]] = {}
        self.histories = {
            r.path: _History(r.record, projects=list(r.record.projects), interactions=list(r.interactions))
            for r in ordered
            if isinstance(r.record, Client)
        }
        for reading in ordered:
            if isinstance(reading.record, Person):
                self._add_person(reading.record)
        for reading in ordered:
            self._add_record(reading)
        self._add_referrals()
        for history in self.histories.values():
            client = history.client
            history.contacts += self._people_named(client.contact, client, "contact")
            history.decision_makers += self._people_named(client.decision_maker, client, "decision_maker")
        self._check_names(ordered)

    def add(self, reading: Reading) -> None:
        """Add what a note says that nothing links to."""
        self._add_record(reading)

    def finish(self, path: VaultPath) -> ClientHistory:
        """The history of the client whose note this is; KeyError for none."""
        return self._finish(self.histories[path])

    def _tell(
        self, code: str, record: Record, reference: Reference, about: str, hints: tuple[str, ...]
    ) -> None:
        place = Place(record.path, reference.line, reference.column)
        self.told.append(Diagnostic(code, place, reference.target or reference.text, about, hints))

    def _checked(self, found: Found, record: Record, reference: Reference, about: str) -> Reading | None:
        if found.ambiguous:
            self._tell("ambiguous-link", record, reference, about, tuple(r.path for r in found.readings[:3]))
        return found.one

    def client_of(self, reference: Reference, record: Record, about: str = "client") -> _History | None:
        """The history that a link to a client, or to one of their people, means; an unknown one is told."""
        found = self.links.look_up(reference, record.path, _CLIENT_OR_PERSON)
        reading = self._checked(found, record, reference, about)
        history = self._history_of(reading)
        if history is None:
            self._tell(
                "unknown-client", record, reference, about, self.links.near(reference, _CLIENT_OR_PERSON)
            )
        return history

    def _history_of(self, reading: Reading | None) -> _History | None:
        if reading is None:
            return None
        if isinstance(reading.record, Person):
            link = reading.record.client
            found = self.links.look_up(link, reading.path, _CLIENT) if link else Found()
            reading = found.one
        return self.histories.get(reading.path) if reading is not None else None

    def _clients_of(self, references: Iterable[Reference], record: Record) -> list[_History]:
        found = [self.client_of(reference, record) for reference in references]
        return _distinct(history for history in found if history is not None)

    def _add_person(self, person: Person) -> None:
        if person.client is None:
            return
        found = self.links.look_up(person.client, person.path, _CLIENT)
        reading = self._checked(found, person, person.client, "client")
        if reading is None:
            near = self.links.near(person.client, _CLIENT)
            self._tell("unknown-client", person, person.client, "client", near)
        else:
            self.histories[reading.path].people.append(person)
            self._goes(person.path, self.histories[reading.path])

    def _goes(self, path: VaultPath, history: _History) -> None:
        self.goes_to.setdefault(path, set()).add(history.client.path)

    def _add_record(self, reading: Reading) -> None:
        record = reading.record
        if record is None:
            self._add_daily(reading)
            return
        if isinstance(record, Client):
            self.histories[reading.path].tasks.extend(reading.tasks)
            self._goes(reading.path, self.histories[reading.path])
            self._check_client(record)
            return
        if isinstance(record, Person):
            history = self._history_of(reading)
            owners = [history] if history else []
        else:
            owners = self._clients_of(record.clients, record)
        if not owners:
            return
        for owner in owners:
            self._goes(reading.path, owner)
        owners[0].tasks.extend(reading.tasks)
        if isinstance(record, Interaction):
            for owner in owners:
                owner.interactions.append(record)
        elif isinstance(record, Project):
            owners[0].projects.append(record)
            self._check_currency(record)
        elif isinstance(record, Feedback):
            self._add_feedback(record, owners[0])

    def _add_daily(self, reading: Reading) -> None:
        for item in reading.interactions:
            found: list[_History] = []
            for reference in item.clients:
                reading_found = self.links.look_up(reference, item.path, _CLIENT_OR_PERSON)
                history = self._history_of(reading_found.one)
                if history is not None:
                    found.append(history)
            for history in _distinct(found):
                history.interactions.append(item)
                self._goes(reading.path, history)

    def _add_feedback(self, feedback: Feedback, owner: _History) -> None:
        owner.feedback.append(feedback)
        if feedback.project is None:
            return
        titles = {link_key(project.title): project for project in owner.client.projects if project.title}
        inline = titles.get(link_key(feedback.project.target))
        found = self.links.look_up(feedback.project, feedback.path, _PROJECT)
        reading = None if inline else self._checked(found, feedback, feedback.project, "project")
        project = inline or (reading.record if reading else None)
        if isinstance(project, Project):
            owner.feedback_project[feedback.place] = project
        else:
            near = self.links.near(feedback.project, _PROJECT)
            self._tell("unknown-link", feedback, feedback.project, "project", near)

    def _add_referrals(self) -> None:
        for history in self.histories.values():
            client = history.client
            reference = client.referred_by
            if reference is None:
                continue
            found = self.links.look_up(reference, client.path, _CLIENT_OR_PERSON)
            reading = self._checked(found, client, reference, "referred_by")
            referrer = self._history_of(reading)
            if referrer is None and reference.linked:
                near = self.links.near(reference, _CLIENT_OR_PERSON)
                self._tell("unknown-link", client, reference, "referred_by", near)
            if referrer is not None and referrer is not history:
                projects = tuple(sorted(history.projects, key=project_order))
                referrer.introduced.append(Referral(client, projects, reference.text))
                for path in (client.path, *(project.path for project in projects)):
                    self._goes(path, referrer)

    def _people_named(
        self, references: Iterable[Reference], client: Client, about: str
    ) -> list[Person | str]:
        named: list[Person | str] = []
        for reference in references:
            found = self.links.look_up(reference, client.path, _PERSON)
            reading = self._checked(found, client, reference, about)
            if reading is None and reference.linked:
                self._tell("unknown-link", client, reference, about, self.links.near(reference, _PERSON))
            person = reading.record if reading else None
            named.append(person if isinstance(person, Person) else reference.text)
        return named

    def _finish(self, history: _History) -> ClientHistory:
        client = history.client
        day = client.last_contact
        if day is not None and all(each.day != day for each in history.interactions):
            place = client.at("last_contact")
            history.interactions.append(Interaction(place=place, day=day, source="property", has_body=True))
        people = sorted(history.people, key=lambda p: (name_order(p.name), path_order(p.path)))
        decide = list(history.decision_makers)
        decide += [p for p in people if p.decision_maker and p not in decide]
        return ClientHistory(
            client=client,
            people=tuple(people),
            projects=tuple(sorted(history.projects, key=project_order)),
            interactions=tuple(sorted(history.interactions, key=record_order)),
            feedback=tuple(sorted(history.feedback, key=record_order)),
            tasks=tuple(sorted(history.tasks, key=_place_order)),
            contacts=tuple(history.contacts),
            decision_makers=tuple(decide),
            introduced=tuple(sorted(history.introduced, key=lambda r: client_order(r.client))),
            feedback_project=history.feedback_project,
        )

    def _check_client(self, client: Client) -> None:
        stem = client.path.rpartition("/")[2][:-3]
        if (not stem.isprintable() and _UNSEEN.search(stem)) or any(sign in stem for sign in UNLINKABLE):
            self.told.append(Diagnostic("odd-name", client.place, stem))
        tiers = self.policy.tiers.tiers
        if client.tier is not None:
            known = {fold(word) for tier in tiers for word in (tier.name, *tier.aliases)}
            if fold(client.tier) not in known:
                names = tuple(tier.name for tier in tiers)
                self.told.append(Diagnostic("unknown-tier", client.at("tier"), client.tier, "tier", names))
        for project in client.projects:
            self._check_currency(project)

    def _check_currency(self, project: Project) -> None:
        money = project.amount
        known = (
            money is None
            or money.currency in (None, self.policy.currency)
            or money.currency in self.policy.rates
        )
        if money is not None and not known:
            self.told.append(
                Diagnostic("unknown-currency", project.at("amount"), str(money.currency), "amount")
            )

    def _check_names(self, readings: Iterable[Reading]) -> None:
        names: dict[str, Client] = {}
        ids: dict[str, VaultPath] = {}
        for reading in readings:
            record = reading.record
            if isinstance(record, Client):
                first = names.setdefault(link_key(record.name), record)
                if first is not record:
                    where = record.at("name")
                    self.told.append(
                        Diagnostic("duplicate-client", where, record.name, "name", (first.path,))
                    )
            if isinstance(record, Client | Person) and record.id:
                path = ids.setdefault(record.id, record.path)
                if path != record.path:
                    self.told.append(Diagnostic("duplicate-id", record.at("id"), record.id, "id", (path,)))


def _distinct(histories: Iterable[_History]) -> list[_History]:
    seen: dict[VaultPath, _History] = {}
    for history in histories:
        seen.setdefault(history.client.path, history)
    return list(seen.values())


def name_order(name: str) -> str:
    """The key that names are sorted by: code points of the NFC form."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def client_order(client: Client) -> tuple[str, str]:
    """The key that clients are sorted by: name, then path."""
    return name_order(client.name), path_order(client.path)


def record_order(record: Interaction | Feedback) -> tuple[date, str, int, int]:
    """The key that dated records are sorted by: day, path, line; of one day the larger is the later."""
    return record.day, path_order(record.path), record.place.line, record.place.column


def project_order(project: Project) -> tuple[date, str, int, int]:
    """The key that projects are sorted by: order day (undated last), path, line."""
    day = project.order_day or date.max
    return day, path_order(project.path), project.place.line, project.place.column


def _place_order(record: Record) -> tuple[str, int, int]:
    return path_order(record.path), record.place.line, record.place.column


def is_linkable(reading: Reading) -> bool:
    """Whether links to a client, a person or a project may mean the note."""
    return reading.kind in LINKABLE


def join_readings(readings: Iterable[Reading], policy: Policy) -> tuple[Portfolio, tuple[Diagnostic, ...]]:
    """Put the portfolio together. The order of the readings does not matter."""
    ordered = sorted(readings, key=_by_path)
    linkable = [reading for reading in ordered if is_linkable(reading)]
    others = [reading for reading in ordered if not is_linkable(reading)]
    joiner = Joiner(linkable, others, policy)
    for reading in others:
        joiner.add(reading)
    histories = [joiner.finish(path) for path in joiner.histories]
    histories.sort(key=lambda history: client_order(history.client))
    return Portfolio(tuple(histories)), tuple(joiner.told)


def sources(history: ClientHistory) -> tuple[VaultPath, ...]:
    """The notes that a history was put together from, sorted."""
    records: list[Record | str] = [
        history.client,
        *history.people,
        *history.projects,
        *history.interactions,
        *history.feedback,
        *history.tasks,
        *history.contacts,
        *history.decision_makers,
        *history.feedback_project.values(),
    ]
    for referral in history.introduced:
        records += [referral.client, *referral.projects]
    return tuple(sorted({each.path for each in records if not isinstance(each, str)}))


def link_identity(reading: Reading) -> tuple[object, ...]:
    """All of a linkable note that bears on what links lead to, and on names that must not come twice."""
    record = reading.record
    id_ = record.id if isinstance(record, Client | Person) else None
    link = record.client if isinstance(record, Person) else None
    client = None if link is None else (link.target, link.relative)
    return reading.kind, record is None, names_of(reading), id_, client


def _by_path(reading: Reading) -> str:
    return path_order(reading.path)
