"""Whom the notes of a vault are about, and whom their properties name, before their meaning is known.

This module must not know what is made of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Fields, Note, Scalar, Value
from vaultcrm.parse.body import find_links
from vaultcrm.parse.kinds import name_of_target
from vaultcrm.parse.links import link_key
from vaultcrm.parse.vocabulary import fold
from vaultcrm.starting.adopt_words import ATTENDEES, CLIENT_NAMES

CLIENT, PERSON = "client", "person"


def words_of(value: Value) -> Iterator[str]:
    """The texts of a value; of a link the name of the note that it leads to."""
    if isinstance(value, Scalar):
        links = find_links(value.text) if "[" in value.text else ()
        yield from map(name_of_target, links) if links else (value.text.strip().strip("[]").strip(),)
    elif not isinstance(value, Fields):
        for item in value.items:
            yield from words_of(item)


@dataclass(frozen=True, slots=True)
class Names:
    """What links lead to: clients, and people, by the keys of their names."""

    clients: frozenset[str]
    people: frozenset[str]

    @classmethod
    def of(cls, notes: Iterable[Note], kinds: Mapping[str, str | None]) -> Names:
        """The names of the notes that are of these kinds, by path."""
        clients: set[str] = set()
        people: set[str] = set()
        for note in notes:
            kind = kinds[note.path]
            if kind in (CLIENT, PERSON):
                (clients if kind == CLIENT else people).update(map(link_key, _called(note)))
        return cls(frozenset(clients), frozenset(people))

    def means_client(self, value: Value, *, people: bool) -> bool:
        """Whether a value names a client, or one of their people where these count, too."""
        keys = {link_key(word.rpartition("/")[2].partition("#")[0]) for word in _targets(value)}
        return bool(keys & self.clients or (people and keys & self.people))

    def client_of(self, note: Note, kind: str) -> bool:
        """Whether the note names its client, in a property of whatever name."""
        people = kind != PERSON
        named = CLIENT_NAMES | ATTENDEES if people else CLIENT_NAMES
        return any(
            fold(each.name) in named and self.means_client(each.value, people=people)
            for each in note.properties
        )


def named_as_clients(notes: Iterable[Note]) -> frozenset[str]:
    """The keys of all names that stand in some notes where a client is named, whatever they lead to."""
    return frozenset(
        link_key(word.rpartition("/")[2].partition("#")[0])
        for note in notes
        for each in note.properties
        if fold(each.name) in CLIENT_NAMES
        for word in _targets(each.value)
    )


def _called(note: Note) -> Iterator[str]:
    yield note.stem
    for each in note.properties:
        if fold(each.name) in ("aliases", "alias", "name"):
            yield from words_of(each.value)


def _targets(value: Value) -> Iterator[str]:
    if isinstance(value, Scalar):
        links = find_links(value.text) if "[[" in value.text else ()
        yield from (link.target for link in links)
        if not links:
            yield value.text.strip()
    elif not isinstance(value, Fields):
        for item in value.items:  # an unquoted [[Acme]] is a list in a list
            yield from _targets(item)
