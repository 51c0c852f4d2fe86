"""Lists over all clients: what each contributes, which of it is shown, and how one of them is written.

A list is chosen and sorted by keys, which are parts of clients (see `model.roster`), as is each line that was
written; so a client is looked at only where nobody knows what is to be shown of them. This module must not
know any list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from vaultcrm.model.results import Assessment
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.markup import client_link
from vaultcrm.render.view import View

T = TypeVar("T")
Shown = TypeVar("Shown")


class Item(NamedTuple):
    """Something of a client: their number, its place among those of them, and what it is chosen by."""

    number: int
    place: int
    key: tuple[Any, ...]


class Listing(NamedTuple, Generic[T]):
    """A list of what clients have several of, such as warnings.

    ``name`` is that of the parts. ``of`` gives what there is of a client, ``key`` what one of these is chosen
    and sorted by, in plain values, and ``write`` its text.
    """

    name: str
    of: Callable[[Assessment], Sequence[T]]
    key: Callable[[T], tuple[Any, ...]]
    write: Callable[[tuple[Assessment, T], View], str]

    def items(self, view: View, numbers: Iterable[int]) -> list[Item]:
        """All that there is of the clients with these numbers, one after the other."""
        keys = view.each(self.name, self._keys)
        return [
            Item(number, place, key)
            for number in numbers
            if keys[number]
            for place, key in enumerate(keys[number])
        ]

    def line(self, item: Item, view: View) -> str:
        """How an item is written."""

        def write(one: Assessment, view: View) -> str:
            return self.write((one, self.of(one)[item.place]), view)

        return view.part(item.number, (self.name, item.place), write)

    def _keys(self, one: Assessment, view: View) -> tuple[tuple[Any, ...], ...]:
        del view
        return tuple([self.key(each) for each in self.of(one)])


class Portrait(NamedTuple, Generic[T]):
    """Something that is written of a client as a whole, such as a link to their note."""

    name: str
    write: Callable[[Assessment, View], T]

    def line(self, number: int, view: View) -> T:
        """How it is written of the client with that number."""
        return view.part(number, self.name, self.write)


def listed(
    view: View,
    items: Sequence[Shown],
    usual: int,
    line: Callable[[Shown, View], str],
    count: int | None = None,
) -> list[str]:
    """The first items as a list, and how many more there are; only the lines that are shown are made.

    ``count`` is how many there are in all, where ``items`` has no more than the first of them.
    """
    limit, count = view.top(usual), len(items) if count is None else count
    shown = [f"- {line(item, view)}" for item in items[:limit]]
    if count > limit:
        shown.append(f"- {view.labels.get('word.more', count=count - limit)}")
    return shown


def foremost(
    items: Iterable[Shown], count: int, roughly: Callable[[Shown], Any], exactly: Callable[[Shown], Any]
) -> list[Shown]:
    """All items, of which the first so many are in order; what takes long to know is asked of few.

    ``roughly`` gives what comes first in an order; of items that are equal there, ``exactly`` tells.
    """
    ordered = sorted(items, key=roughly)
    if not 0 < count < len(ordered):
        count = len(ordered)
    few = bisect_right(ordered, roughly(ordered[count - 1]), key=roughly) if ordered else 0
    return [*sorted(ordered[:few], key=lambda item: (roughly(item), exactly(item))), *ordered[few:]]


def linked(view: View, numbers: Sequence[int], limit: int) -> str:
    """Links to the first of the clients with these numbers, and how many more there are, in a row."""
    links = [LINK.line(number, view) for number in numbers[:limit]]
    if len(numbers) > limit:
        links.append(view.labels.get("word.more", count=len(numbers) - limit))
    return view.labels.joined(links)


LINK = Portrait("dashboard.link", lambda one, _: client_link(one.client))
