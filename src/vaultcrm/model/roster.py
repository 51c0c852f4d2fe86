"""All clients of an overview, each assessed once somebody asks for it; and what lists need of each of them.

Lists, counts and calendars look at every client and show a few. What they need of one client is a *part*:
plain data that follows from the client's assessment (and from the day, the policy and the language, which
are one for a whole overview), so it holds as long as that does. What is needed of every client stands side
by side in a *column*, what is shown of a few of them in *cells*. This module must not know any part, nor
where parts are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

from vaultcrm.model.results import Assessment
from vaultcrm.model.tuples import NamedTuple

T = TypeVar("T")

Parts = Mapping[Hashable, Any]
"""What is known of one client, by name."""

_UNKNOWN = object()


class Kept(NamedTuple):
    """What is known of clients, whose numbers are their places in a roster; of plain values alone.

    ``columns`` have a part of every client by the part's name, ``cells`` other parts of single clients, and
    ``more`` those that came later. For clients in ``instead`` none of these holds: of them nothing is known
    but what stands there.
    """

    columns: Mapping[Hashable, tuple[Any, ...]]
    cells: Mapping[int, Parts]
    instead: Mapping[int, Parts]
    more: Mapping[int, Parts]

    @classmethod
    def of_each(cls, parts: Iterable[Parts]) -> Kept:
        """The same of what is known client by client."""
        return cls({}, {}, dict(enumerate(parts)), {})

    def without(self, numbers: Iterable[int]) -> Kept:
        """The same, but of the clients with these numbers nothing is known."""
        gone: dict[int, Parts] = {number: {} for number in numbers}
        return self._replace(instead={**self.instead, **gone}) if gone else self

    def find(self, number: int, name: Hashable, unknown: Any = None) -> Any:
        """A part of a client; ``unknown`` where it is not known."""
        instead = self.instead.get(number)
        if instead is not None:
            return instead.get(name, unknown)
        for cells in (self.more.get(number), self.cells.get(number)):
            if cells is not None and name in cells:
                return cells[name]
        column = self.columns.get(name)
        return unknown if column is None else column[number]

    def column(self, name: Hashable, count: int, make: Callable[[int], Any]) -> tuple[Any, ...]:
        """A part of each of so many clients; where it is not known it is made, by the client's number."""
        base = self.columns.get(name)
        if base is not None and not self.instead:
            return base
        if base is None:
            of = (self.find(number, name, _UNKNOWN) for number in range(count))
            return tuple([make(number) if each is _UNKNOWN else each for number, each in enumerate(of)])
        found = list(base)
        for number, parts in self.instead.items():
            found[number] = parts[name] if name in parts else make(number)
        return tuple(found)

    def whole(self) -> Kept:
        """The same with as much as can be in columns, and none ``instead`` nor ``more``."""
        instead = self.instead.values()
        columns = {
            name: self.column(name, len(column), _never)
            for name, column in self.columns.items()
            if all(name in parts for parts in instead)
        }
        cells = dict(self.cells)
        for number, parts in self.more.items():
            cells[number] = {**cells.get(number, {}), **parts}
        for number, parts in self.instead.items():
            cells[number] = {name: part for name, part in parts.items() if name not in columns}
        return Kept(columns, {number: parts for number, parts in cells.items() if parts}, {}, {})


NOTHING = Kept({}, {}, {}, {})
"""Nothing is known of anybody."""


class Roster(Sequence[Assessment]):
    """The clients by name then path; a sequence of their assessments.

    To look at a client's assessment may mean to read their notes and to compute it, so what is needed of all
    clients is asked for by `each`.
    """

    __slots__ = ("_asked", "_assess", "_columns", "_held", "_kept", "_known", "_made", "_places", "_unread")

    def __init__(
        self,
        known: Iterable[Assessment | None],
        kept: Kept = NOTHING,
        assess: Callable[[int], Assessment] | None = None,
    ) -> None:
        """The clients in their order.

        Args:
            known: Their assessments; None for one that is made once it is asked for.
            kept: What is known of each already.
            assess: Makes the assessment of the client with that number.
        """
        self._known = list(known)
        self._kept = kept
        self._assess = assess
        self._held = len(self._known)
        self._asked: dict[Hashable, None] = {}
        self._columns: dict[Hashable, tuple[Any, ...]] = {}
        self._made: dict[int, dict[Hashable, Any]] = {}
        self._unread: dict[Hashable, Callable[[Assessment], Any]] = {}
        self._places: dict[str, int] | None = None

    def each(self, name: Hashable, of: Callable[[Assessment], T]) -> tuple[T, ...]:
        """A part of every client, in their order.

        Args:
            name: What the part is called, with all that ``of`` depends on beside the assessment, the day, the
                policy and the language: a string, or a tuple of plain values.
            of: Makes the part: of strings, numbers, booleans, None, bytes and tuples of these, for it may
                be kept for another process.
        """
        return self.each_by_number(name, lambda number: of(self[number]))

    def each_by_number(self, name: Hashable, of: Callable[[int], T]) -> tuple[T, ...]:
        """As `each`, for who knows clients by their numbers."""
        found = self._columns.get(name)
        if found is None:

            def make(number: int) -> T:
                made = self._made.get(number, {})
                part: T = made[name] if name in made else of(number)
                return part

            self._asked[name] = None
            found = self._columns[name] = self._kept.column(name, len(self), make)
        return found

    def have(self, name: Hashable, of: Callable[[Assessment], Any]) -> None:
        """As `each`, for a part that is only to be kept: where it is known it is not even read."""
        if name not in self._kept.columns:
            self.each(name, of)
            return
        self._unread[name] = of
        for number in self._kept.instead:
            self.part(number, name, of)

    def part(self, number: int, name: Hashable, of: Callable[[Assessment], T]) -> T:
        """A part of the client with that number, as in `each`: what a line says of them, for instance.

        What is asked of everybody in one run and of single clients in another may be made again.
        """
        found = self.told(number, name, _UNKNOWN)
        if found is _UNKNOWN:
            found = of(self[number])
            self.tell(number, name, found)
        part: T = found
        return part

    def told(self, number: int, name: Hashable, unknown: Any = None) -> Any:
        """A part of a client, for who makes it elsewhere and tells; ``unknown`` where nobody has told it."""
        self._asked[name] = None
        column, made = self._columns.get(name), self._made.get(number)
        if column is not None:
            return column[number]
        if made is not None and name in made:
            return made[name]
        return self._kept.find(number, name, unknown)

    def tell(self, number: int, name: Hashable, part: Any) -> None:
        """Have a part of a client known, in place of one that was told before."""
        self._asked[name] = None
        self._made.setdefault(number, {})[name] = part

    def kept(self) -> Kept:
        """All that somebody has asked for since the roster was made; of other parts some that were known.

        Where no column was made anew, what was known of all is left as it is, and what is new stands beside.
        """
        base = self._kept
        if any(name not in base.columns for name in self._columns):
            for name, of in self._unread.items():
                self.each(name, of)
            numbers = base.cells.keys() | base.more.keys() | base.instead.keys() | self._made.keys()
            cells = {number: self._all_cells(number) for number in sorted(numbers)}
            told = {number: parts for number, parts in cells.items() if parts}
            return Kept(dict(self._columns), told, {}, {})
        instead = {
            number: {name: column[number] for name, column in self._columns.items()} | self._beside(number)
            for number in sorted(base.instead)
        }
        others = (base.more.keys() | self._made.keys()) - base.instead.keys()
        more = {number: self._beside(number) for number in sorted(others)}
        return base._replace(instead=instead, more=more)

    def _all_cells(self, number: int) -> dict[Hashable, Any]:
        """What was asked of a client, and stands in no column."""
        base = self._kept
        known = {} if number in base.instead else self._cells(base.cells, number)
        return known | self._beside(number)

    def _beside(self, number: int) -> dict[Hashable, Any]:
        """The same, as far as it was made since what is known of all."""
        base = self._kept
        known = base.instead if number in base.instead else base.more
        return self._cells(known, number) | self._cells(self._made, number)

    def _cells(self, known: Mapping[int, Parts], number: int) -> dict[Hashable, Any]:
        columns, asked = self._columns, self._asked
        found = known.get(number, {}).items()
        return {name: part for name, part in found if name in asked and name not in columns}

    def let_go(self) -> None:
        """Hold no assessment any longer: one that somebody still asks for is made again."""
        if self._assess is not None:
            self._known = [None] * len(self._known)

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


def _never(number: int) -> Any:
    raise AssertionError(f"nothing is known of client {number}")


def _same(one: object, other: object) -> bool:
    return one is other or one == other
