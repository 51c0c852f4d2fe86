"""Readings become a portfolio: links resolved, histories put together and sorted (specification 2, Links).

Here is told what only several notes together show: unknown and ambiguous links, equal names and ids, tiers
and currencies that the policy does not know. This module must not know any day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, VaultPath, code_points
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
from vaultcrm.parse.folder_notes import note_of_its_folder
from vaultcrm.parse.links import Entry, Found, Linked, link_key, linked_among
from vaultcrm.parse.sorting import client_order, place_order, project_order, record_order
from vaultcrm.parse.unknown import unknown_in
from vaultcrm.parse.vocabulary import CHANNELS

UNLINKABLE = ("#", "^", "[", "]", "|", "%%")
"""What a file's name may not hold if a wikilink is to lead to it."""

_UNSEEN = regex("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What nobody sees in a name, and so nobody types; the joiners of Persian words and of emoji are seen."""

SPOKEN = frozenset(CHANNELS.values())
"""What makes an item of a daily note one that is meant as a conversation: daily notes link to anything."""

CLIENT, PERSON, PROJECT = "client", "person", "project"
_CLIENT, _PERSON, _PROJECT = (CLIENT,), (PERSON,), (PROJECT,)
_CLIENT_OR_PERSON = (CLIENT, PERSON)


@dataclass(slots=True)
class _History:
    """A client's history while it is put together.

    ``contacts`` and ``decision_makers`` are the people whom the client's note names, as their notes or in its
    words; ``introduced`` are the clients who came through this one, each with the words that say so.
    """

    path: VaultPath
    client: Client | None = None
    people: list[Person] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    tasks: list[FollowUp] = field(default_factory=list)
    introduced: list[tuple[_History, str]] = field(default_factory=list)
    contacts: list[Entry | str] = field(default_factory=list)
    decision_makers: list[Entry | str] = field(default_factory=list)


class Joiner:
    """Joins readings; keeps what is told on the way.

    Where links lead is known of all notes from the beginning. Everything that goes into a history is to be
    added before it is finished, each note once; in which order does not matter. ``goes_to`` tells into whose
    histories a note goes, by the paths of both.
    """

    def __init__(
        self, linked: Linked, policy: Policy, record_at: Callable[[VaultPath], Record | None]
    ) -> None:
        """Begin.

        Args:
            linked: Where links lead.
            policy: Its tiers and currencies.
            record_at: Gives the record of a note that a link leads to.
        """
        ordered = linked.all
        self.policy = policy
        self.links = linked.links
        self.told: list[Diagnostic] = []
        self.goes_to: dict[VaultPath, list[VaultPath]] = {}
        self._record_at = record_at
        self._ids = {each.id: each.path for each in reversed(ordered) if each.id}
        self._histories: dict[VaultPath, _History | None] = {
            each.path: None for each in ordered if each.counts and each.kind == CLIENT
        }

    @property
    def clients(self) -> tuple[VaultPath, ...]:
        """The paths of all clients' notes."""
        return tuple(self._histories)

    def add(self, reading: Reading) -> None:
        """Add what a note says."""
        record = reading.record
        if record is None:
            self._add_daily(reading)
        elif isinstance(record, Client):
            self._add_client(record, reading)
        else:
            self._add_record(record, reading)

    def finish(self, path: VaultPath) -> ClientHistory:
        """The history of the client whose note this is; KeyError for none."""
        history = self._history(path)
        client = _added(history)
        day = client.last_contact
        interactions = history.interactions
        if day is not None and all(each.day != day for each in interactions):
            place = client.at("last_contact")
            interactions = [
                *interactions,
                Interaction(place=place, day=day, source="property", has_body=True),
            ]
        people = sorted(history.people, key=lambda p: (code_points(p.name), code_points(p.path)))
        decide = self._people(history.decision_makers)
        decide += [p for p in people if p.decision_maker and p not in decide]
        introduced = [
            Referral(_added(other), tuple(sorted(other.projects, key=project_order)), words)
            for other, words in history.introduced
        ]
        return ClientHistory(
            client=client,
            people=tuple(people),
            projects=tuple(sorted(history.projects, key=project_order)),
            interactions=tuple(sorted(interactions, key=record_order)),
            feedback=tuple(sorted(history.feedback, key=record_order)),
            tasks=tuple(sorted(history.tasks, key=place_order)),
            contacts=tuple(self._people(history.contacts)),
            decision_makers=tuple(decide),
            introduced=tuple(sorted(introduced, key=lambda r: client_order(r.client))),
            feedback_project=self._projects_of(history.feedback, client),
        )

    def _tell(
        self, code: str, record: Record, reference: Reference, about: str, hints: tuple[str, ...]
    ) -> None:
        place = Place(record.path, reference.line, reference.column)
        self.told.append(Diagnostic(code, place, reference.target or reference.text, about, hints))

    def _checked(self, found: Found, record: Record, reference: Reference, about: str) -> Entry | None:
        if found.ambiguous:
            self._tell("ambiguous-link", record, reference, about, tuple(e.path for e in found.entries[:3]))
        return found.one

    def _client_of(self, reference: Reference, record: Record, about: str = "client") -> _History | None:
        """The history that a link to a client, or to one of their people, means; an unknown one is told."""
        found = self.links.look_up(reference, record.path, _CLIENT_OR_PERSON)
        entry = self._checked(found, record, reference, about)
        history = self._history_of(entry)
        if history is None:
            self._tell_unknown("unknown-client", record, reference, about, _CLIENT_OR_PERSON)
        return history

    def _tell_unknown(
        self, code: str, record: Record, reference: Reference, about: str, kinds: tuple[str, ...]
    ) -> None:
        """Tell of a link that leads to no note of some kinds, and why where that is known."""
        several = self.links.several(reference, record.path, kinds)
        person = self.links.of_nobody(reference, record.path) if PERSON in kinds else None
        if several:
            linked = [f'"[[{name}]]"' for name in several]
            meant = f"[{', '.join(linked)}]" if isinstance(record, Interaction) else linked[0]
            self._tell("several-in-one", record, reference, about, (meant,))
        elif person is not None:
            self._tell("person-without-client", record, reference, about, (person.path,))
        else:
            near = self.links.near(reference, kinds)
            others = (each for each in near if link_key(each) != link_key(reference.target))
            self._tell(code, record, reference, about, tuple(others))

    def _history_of(self, entry: Entry | None) -> _History | None:
        if entry is not None and entry.kind == PERSON:
            if entry.client is None:
                return None
            target, relative = entry.client
            link = Reference(target, target, 1, 1, relative=relative)
            entry = self.links.look_up(link, entry.path, _CLIENT).one
        return None if entry is None else self._history(entry.path)

    def _history(self, path: VaultPath) -> _History:
        """What there is of a client so far: of few of many clients anything is added."""
        found = self._histories[path]
        if found is None:
            found = self._histories[path] = _History(path)
        return found

    def _goes(self, path: VaultPath, history: _History) -> None:
        self.goes_to.setdefault(path, []).append(history.path)

    def _add_client(self, client: Client, reading: Reading) -> None:
        history = self._history(client.path)
        history.client = client
        history.projects += client.projects
        history.interactions += reading.interactions
        history.tasks += reading.tasks
        self._goes(client.path, history)
        self._check_client(client, reading)
        history.contacts += self._people_named(client.contact, client, "contact")
        history.decision_makers += self._people_named(client.decision_maker, client, "decision_maker")
        if client.referred_by is not None:
            self._add_referral(client, client.referred_by, history)

    def _add_referral(self, client: Client, reference: Reference, history: _History) -> None:
        found = self.links.look_up(reference, client.path, _CLIENT_OR_PERSON)
        entry = self._checked(found, client, reference, "referred_by")
        referrer = self._history_of(entry)
        if referrer is None and reference.linked:
            self._tell_unknown("unknown-link", client, reference, "referred_by", _CLIENT_OR_PERSON)
        if referrer is not None and referrer is not history:
            referrer.introduced.append((history, reference.text))
            self._goes(client.path, referrer)

    def _add_record(self, record: Person | Project | Interaction | Feedback, reading: Reading) -> None:
        owners = self._owners_of(record)
        if not owners:
            return
        for owner in owners:
            self._goes(record.path, owner)
        first = owners[0]
        first.tasks += reading.tasks
        if isinstance(record, Interaction):
            for owner in owners:
                owner.interactions.append(record)
        elif isinstance(record, Project):
            first.projects.append(record)
            self.told += unknown_in(record, self.policy)
        elif isinstance(record, Feedback):
            first.feedback.append(record)
        else:
            first.people.append(record)

    def _owners_of(self, record: Person | Project | Interaction | Feedback) -> list[_History]:
        """The histories that a record goes into."""
        if not isinstance(record, Person):
            return _distinct([self._client_of(reference, record) for reference in record.clients])
        self._check_id(record)
        if record.client is None:
            return []
        link = self.links.look_up(record.client, record.path, _CLIENT)
        entry = self._checked(link, record, record.client, "client")
        if entry is None:
            self._tell_unknown("unknown-client", record, record.client, "client", _CLIENT)
            return []
        return [self._history(entry.path)]

    def _add_daily(self, reading: Reading) -> None:
        for item in reading.interactions:
            linked = [self._linked_from(item, reference) for reference in item.clients]
            for history in _distinct(map(self._history_of, linked)):
                history.interactions.append(item)
                self._goes(reading.path, history)
            if item.channel in SPOKEN and not any(linked):
                self._tell_slip(item)

    def _linked_from(self, item: Interaction, reference: Reference) -> Entry | None:
        found = self.links.look_up(reference, item.path, _CLIENT_OR_PERSON)
        return self._checked(found, item, reference, "client")

    def _tell_slip(self, item: Interaction) -> None:
        """Tell of an item of a daily note that has a channel, and whose link nearly leads to somebody."""
        for reference in item.clients:
            near = self.links.near(reference, _CLIENT_OR_PERSON)
            if near:
                self._tell("daily-unknown", item, reference, "", near)
                return

    def _projects_of(self, answers: Iterable[Feedback], client: Client) -> dict[Place, Project]:
        """Which project each of a client's answers is about, by the answer's place."""
        titles = {link_key(project.title): project for project in client.projects if project.title}
        found: dict[Place, Project] = {}
        for each in answers:
            if each.project is None:
                continue
            project: Record | None = titles.get(link_key(each.project.target))
            if project is None:
                linked = self.links.look_up(each.project, each.path, _PROJECT)
                entry = self._checked(linked, each, each.project, "project")
                project = None if entry is None else self._record_at(entry.path)
            if isinstance(project, Project):
                found[each.place] = project
            else:
                self._tell_unknown("unknown-link", each, each.project, "project", _PROJECT)
        return found

    def _people_named(
        self, references: Iterable[Reference], client: Client, about: str
    ) -> Iterator[Entry | str]:
        for reference in references:
            found = self._their_own(reference, client)
            entry = self._checked(found, client, reference, about)
            if entry is None and reference.linked:
                self._tell("unknown-link", client, reference, about, self.links.near(reference, _PERSON))
            yield reference.text if entry is None else entry

    def _their_own(self, reference: Reference, client: Client) -> Found:
        """Whom a client's note names: of several of that name those whose client this is, if any."""
        found = self.links.look_up(reference, client.path, _PERSON)
        called = found.entries if reference.linked else self.links.called(reference.target, PERSON)
        if len(called) < 2:
            return found
        own = tuple(entry for entry in called if self._is_at(entry, client))
        return Found(own) if own else found

    def _is_at(self, entry: Entry, client: Client) -> bool:
        person = self._record_at(entry.path)
        if not isinstance(person, Person) or person.client is None:
            return False
        theirs = self.links.look_up(person.client, person.path, (CLIENT,)).entries
        return any(each.path == client.path for each in theirs[:1])

    def _people(self, named: Iterable[Entry | str]) -> list[Person | str]:
        records = (each if isinstance(each, str) else self._record_at(each.path) for each in named)
        return [each for each in records if isinstance(each, str | Person)]

    def _check_client(self, client: Client, reading: Reading) -> None:
        first = self.links.first_called(client.name, CLIENT)
        if first is not None and first != client.path:
            where = client.at("name")
            self.told.append(Diagnostic("duplicate-client", where, client.name, "name", (first,)))
        mapped = self.policy.mapping.folders
        about = note_of_its_folder(client, self._histories, mapped)
        if about is not None and not reading.interactions:
            name = about.rpartition("/")[2][:-3]
            self.told.append(Diagnostic("client-by-folder", client.place, name, hints=(about,)))
        self._check_id(client)
        stem = client.path.rpartition("/")[2][:-3]
        if (not stem.isprintable() and _UNSEEN.search(stem)) or any(sign in stem for sign in UNLINKABLE):
            self.told.append(Diagnostic("odd-name", client.place, stem))
        self.told += unknown_in(client, self.policy)

    def _check_id(self, record: Client | Person) -> None:
        first = self._ids[record.id] if record.id else record.path
        if first != record.path:
            self.told.append(Diagnostic("duplicate-id", record.at("id"), str(record.id), "id", (first,)))


def _added(history: _History) -> Client:
    assert history.client is not None, f"{history.path} was not added"
    return history.client


def _distinct(histories: Iterable[_History | None]) -> list[_History]:
    """The histories that there are, each once."""
    return list({history.path: history for history in histories if history is not None}.values())


def join_readings(
    readings: Iterable[Reading], policy: Policy, linked: Linked | None = None
) -> tuple[Portfolio, tuple[Diagnostic, ...]]:
    """Put the portfolio together. The order of the readings does not matter.

    ``linked`` is what `linked_among` says of them, where that is known already.
    """
    ordered = sorted(readings, key=lambda reading: code_points(reading.path))
    records = {reading.path: reading.record for reading in ordered}
    joiner = Joiner(linked or linked_among(ordered), policy, records.get)
    for reading in ordered:
        joiner.add(reading)
    histories = [joiner.finish(path) for path in joiner.clients]
    histories.sort(key=lambda history: client_order(history.client))
    return Portfolio(tuple(histories)), tuple(joiner.told)


def sources(history: ClientHistory, same: Mapping[VaultPath, VaultPath]) -> tuple[VaultPath, ...]:
    """The notes that a history was put together from, sorted.

    ``same`` gives for a path the text that is to stand for it: each path takes room but once.
    """
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
    paths = {each.place.path for each in records if not isinstance(each, str)}
    return tuple(same.get(path, path) for path in sorted(paths))
