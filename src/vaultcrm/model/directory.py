"""What clients and theirs are called, and where their notes lie: enough to find whose a new note is.

It is a part of each client (see `model.roster`), so that no history is read to find one. This module must not
know how a name is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from vaultcrm.model.note import VaultPath
from vaultcrm.model.records import Client, ClientHistory, Person
from vaultcrm.model.results import Assessment
from vaultcrm.model.tuples import NamedTuple

NAME = "directory"
"""What the part is called."""


class Called(NamedTuple):
    """A note, and what it is called, as far as that is known."""

    path: VaultPath
    name: str = ""
    aliases: tuple[str, ...] = ()


Named = TypeVar("Named", Client, Called)
"""A client, read or only listed."""


class Listed(NamedTuple):
    """A client with theirs: what a `ClientHistory` has, of which only names and paths are known.

    Of the conversations only those that are notes of their own are listed.
    """

    client: Called
    people: tuple[Called, ...]
    projects: tuple[VaultPath, ...]
    interactions: tuple[VaultPath, ...]
    feedback: tuple[VaultPath, ...]

    @classmethod
    def of(cls, history: ClientHistory) -> Listed:
        """What is listed of a client whose history is known."""
        client, people, *paths = part_of(history)
        return cls(Called(*client), tuple(Called(*person) for person in people), *paths)


def part(one: Assessment) -> tuple[Any, ...]:
    """The part of a client: plain values, which `listed` takes apart."""
    return part_of(one.standing.known.history)


def part_of(history: ClientHistory) -> tuple[Any, ...]:
    """The same of the client whose history this is: none of it is computed."""
    return (
        _called(history.client),
        tuple(_called(person) for person in history.people),
        tuple(each.path for each in history.projects),
        tuple(each.path for each in history.interactions if each.source == "note"),
        tuple(each.path for each in history.feedback),
    )


def listed(parts: Iterable[tuple[Any, ...]]) -> tuple[Listed, ...]:
    """The clients that parts tell of, in their order."""
    return tuple(
        Listed(Called(*client), tuple(Called(*person) for person in people), *paths)
        for client, people, *paths in parts
    )


def called(each: Client | Person | Called) -> tuple[str, ...]:
    """All that somebody is called, their name first."""
    return each.name, *each.aliases


def _called(record: Client | Person) -> tuple[VaultPath, str, tuple[str, ...]]:
    return record.path, record.name, record.aliases
