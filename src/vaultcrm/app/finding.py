"""Finds a client, or an owner, by what somebody typed.

This module must not know where it was typed, nor compute anything.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from vaultcrm.errors import UsageError
from vaultcrm.model import directory
from vaultcrm.model.directory import Called, Listed, Named, called
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Client, ClientHistory, Person
from vaultcrm.model.results import Assessment
from vaultcrm.parse.links import link_key
from vaultcrm.parse.vocabulary import has_han, nearest
from vaultcrm.rules.known import owner_key

Known = TypeVar("Known", ClientHistory, Listed)
"""A client with theirs, read or only listed."""


def find_client(overview: Overview, text: str) -> Assessment:
    """The client that a text means, as in `find_whole`."""
    roster = overview.assessments
    clients = directory.listed(roster.each(directory.NAME, directory.part))
    return roster[roster.number_of(find_whole(clients, text)[0].client.path)]


def find_whole(clients: Sequence[Known], text: str) -> tuple[Known, Person | Called | None]:
    """The client that a text means, with theirs; else that of the one person whom it means, and this person.

    Where that is nobody, accents and signs do not matter; then any word of a name may be the first one.

    Raises:
        UsageError: As `find_among`.
    """
    try:
        found = find_among((each.client for each in clients), text)
    except UsageError:
        people = _people(clients, link_key(text))
        if len(people) == 1:
            return people[0]
        for resembles in (_has_its_letters, _has_a_word):
            alike = [each for each in clients if resembles(each.client, link_key(text))]
            if len(alike) == 1 and not people:
                return alike[0], None
        if people:
            several = [f"{person.name} ({each.client.name})" for each, person in people]
            hint = f"name the client: {', '.join(list(dict.fromkeys(several))[:8])}"
            raise UsageError(f"{text!r} could be several people", hint) from None
        raise
    return next(each for each in clients if each.client.path == found.path), None


def _people(clients: Sequence[Known], key: str) -> Sequence[tuple[Known, Person | Called]]:
    """The people who are called so, else those whose name begins so, each with their client."""
    named = [
        (each, person, tuple(map(link_key, called(person)))) for each in clients for person in each.people
    ]
    exactly = [(each, person) for each, person, names in named if key in names]
    if exactly or not key:
        return exactly
    return [(each, person) for each, person, names in named if any(name.startswith(key) for name in names)]


def find_among(clients: Iterable[Named], text: str) -> Named:
    """The client that a name, an alias, a file's name or an unambiguous beginning of one means.

    Raises:
        UsageError: None or several do; the hint has the nearest, by path where they are called the same.
    """
    key = link_key(text)
    known = tuple(clients)
    found: list[Named] = []
    for matches in (_is_named, _is_called, _begins_with):
        found = found or [client for client in known if key and matches(client, key)]
    if len(found) == 1:
        return found[0]
    if found:
        named = Counter(link_key(client.name) for client in found)
        several = sorted(
            client.name if named[link_key(client.name)] == 1 else client.path for client in found
        )[:8]
        raise UsageError(f"{text!r} could be several clients", f"write one of: {', '.join(several)}")
    near = _nearest_names(text, [name for client in known for name in called(client)])
    new = f'a new one: vaultcrm new client "{text}"' if key else ""
    raise UsageError(f"no client is called {text!r}", f"the nearest: {', '.join(near)}" if near else new)


def _nearest_names(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that are most like a text, else those that have a word like it: ``fjrd`` for Fjord & Pine."""
    near = nearest(text, names)
    if near:
        return near
    words = {word: name for name in names for word in name.split() if len(word) >= WORD}
    return tuple(dict.fromkeys(words[word] for word in nearest(text, words, alike=LIKE_A_WORD)))


def find_owner(overview: Overview, text: str) -> str:
    """The owner that a text means, as their clients or tasks name them, without regard to case.

    Raises:
        UsageError: Nobody is called so; the hint has the nearest.
    """
    owners = overview.assessments.each("owners", _owners)
    named = [*(own for own, _ in owners), *(each for _, others in owners for each in others)]
    known = {owner_key(owner): owner for owner in named if owner}
    found = known.get(owner_key(text.strip()))
    if found is None:
        near = nearest(text, known.values()) or tuple(sorted(known.values()))[:8]
        raise UsageError(f"no owner is called {text!r}", f"the nearest: {', '.join(near)}" if near else "")
    return found


def _owners(one: Assessment) -> tuple[str | None, tuple[str, ...]]:
    """The client's owner, and those whom their tasks name."""
    return one.client.owner, tuple(owner for task in one.tasks for owner in task.follow_up.owners)


def _is_named(client: Client | Called, key: str) -> bool:
    return key in map(link_key, (client.name, client.path, client.path.removesuffix(".md")))


def _is_called(client: Client | Called, key: str) -> bool:
    return key in map(link_key, (client.path.rpartition("/")[2].removesuffix(".md"), *client.aliases))


def _begins_with(client: Client | Called, key: str) -> bool:
    return any(link_key(name).startswith(key) for name in called(client))


def _has_its_letters(client: Client | Called, key: str) -> bool:
    """Whether a name begins so but for accents, quotes and blanks: ``zoe`` means “Zoë & Sons”."""
    letters = _letters(key)
    return bool(letters) and any(_letters(link_key(name)).startswith(letters) for name in called(client))


def _has_a_word(client: Client | Called, key: str) -> bool:
    """Whether a word of a name, and what follows it, begins so: ``bakery`` means Pine Bakery.

    Chinese has no blanks between words: there any part of a name is enough.
    """
    names = (f" {link_key(name)}" for name in called(client))
    if has_han(key):
        return len(key) >= HAN_WORD and any(key in name for name in names)
    return len(key) >= WORD and any(f" {key}" in name for name in names)


WORD, HAN_WORD = 3, 2
"""From how many characters on the beginning of any word of a name is enough; and a part of a Chinese one."""

LIKE_A_WORD = 0.7
"""How alike a word of a name has to be to one that was typed, from 0 to 1."""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text)))
