"""All clients of an overview, each assessed once somebody asks for it; and what lists need of each of them.

Lists, counts and calendars look at every client and show a few. What they need of one client is a *part*:
plain data that follows from the client's assessment (and from the day, the policy and the language, which
are one for a whole overview), so it holds as long as that does. This module must not know any part, nor
where parts are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, MutableMapping, Sequence
from typing import Any, TypeVar, overload

from vaultcrm.model.results import Assessment

T = TypeVar("T")

Parts = MutableMapping[Hashable, Any]
"""What is known of one client, by name."""


class Roster(Sequence[Assessment]):
    """The clients by name then path; a sequence of their assessments.

    To look at a client's assessment may mean to read their notes and to compute it, so what is needed of all
    clients is asked for by `each`.
    """

    __slots__ = ("_asked", "_assess", "_each", "_grown", "_held", "_known", "_parts", "_places")

    def __init__(
        self,
        known: Iterable[Assessment | None],
        parts: Iterable[Parts] | None = None,
        assess: Callable[[int], Assessment] | None = None,
    ) -> None:
        """The clients in their order.

        Args:
            known: Their assessments; None for one that is made once it is asked for.
            parts: What is known of each already; more is added.
            assess: Makes the assessment of the client with that number.
        """
        self._known = list(known)
        self._parts: list[Parts] = [{} for _ in self._known] if parts is None else list(parts)
        self._assess = assess
        self._held = len(self._known)
        self._asked: dict[Hashable, None] = {}
        self._grown: set[int] = set()
        self._each: dict[Hashable, tuple[Any, ...]] = {}
        self._places: dict[str, int] | None = None

    def each(self, name: Hashable, of: Callable[[Assessment], T]) -> tuple[T, ...]:
        """A part of every client, in their order.

        Args:
            name: What the part is called, with all that ``of`` depends on beside the assessment, the day, the
                policy and the language: a string, or a tuple of plain values.
            of: Makes the part: of strings, numbers, booleans, None, bytes and tuples of these, for it may
                be kept for another process.
        """
        found = self._each.get(name)
        if found is None:
            self._asked[name] = None
            found = self._each[name] = tuple(
                [
                    parts[name] if name in parts else self.part(number, name, of)
                    for number, parts in enumerate(self._parts)
                ]
            )
        return found

    def part(self, number: int, name: Hashable, of: Callable[[Assessment], T]) -> T:
        """A part of the client with that number, as in `each`: what a line says of them, for instance."""
        parts = self._parts[number]
        self._asked[name] = None
        if name not in parts:
            parts[name] = of(self[number])
            self._grown.add(number)
        part: T = parts[name]
        return part

    def parts(self) -> tuple[Parts, ...]:
        """All parts of each client that somebody has asked for since the roster was made."""
        asked = self._asked.keys()
        return tuple(
            parts if parts.keys() <= asked else {name: parts[name] for name in parts if name in asked}
            for parts in self._parts
        )

    def let_go(self) -> None:
        """Hold no assessment any longer: one that somebody still asks for is made again."""
        if self._assess is not None:
            self._known = [None] * len(self._known)

    def grown(self) -> frozenset[int]:
        """The numbers of the clients of whom parts were made since the roster was."""
        return frozenset(self._grown)

    def look_last(self) -> None:
        """Somebody begins to look at all clients for the last time: of most nothing is needed afterwards."""
        if self._assess is not None:
            self._held = HELD

    def looked_at(self, number: int) -> None:
        """All is known of that client that is needed of everybody; if it was the last look, let go of it."""
        if number >= self._held:
            self._known[number] = None

    def paths(self) -> tuple[str, ...]:
        """The paths of the clients' notes."""
        return self.each(PATH, _path)

    def number_of(self, path: str) -> int:
        """The number of the client whose note has this path; KeyError for none."""
        if self._places is None:
            self._places = {each: number for number, each in enumerate(self.paths())}
        return self._places[path]

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, number: int) -> Assessment: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, number: int | slice) -> Assessment | tuple[Assessment, ...]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        one = self._known[number]
        if one is None:
            assert self._assess is not None
            number %= len(self)
            one = self._known[number] = self._assess(number)
        return one

    def __iter__(self) -> Iterator[Assessment]:
        for number in range(len(self)):
            yield self[number]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Roster | tuple):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(map(_same, self, other)))

    __hash__ = None  # type: ignore[assignment]  # it fills itself

    def __repr__(self) -> str:
        return f"Roster({len(self)} clients)"


class Deferred(Sequence[T]):
    """A sequence that is made once somebody looks at it."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None

    def _items(self) -> tuple[T, ...]:
        if self._made is None:
            self._made = tuple(self._make())
        return self._made

    def __len__(self) -> int:
        return len(self._items())

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[T]: ...
    def __getitem__(self, number: int | slice) -> T | Sequence[T]:
        return self._items()[number]

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def __eq__(self, other: object) -> bool:
        return self._items() == (other._items() if isinstance(other, Deferred) else other)

    def __hash__(self) -> int:
        return hash(self._items())

    def __repr__(self) -> str:
        return repr(self._items())


HELD = 1_000
"""Of so many clients the assessments are always held: outputs show many of few clients, and few of many."""

PATH = "path"
"""The part that is the path of a client's note."""


def _path(one: Assessment) -> str:
    return one.client.path


def _same(one: object, other: object) -> bool:
    return one is other or one == other
