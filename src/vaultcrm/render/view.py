"""What a section shows: the overview in a language, what its begin marker asked for, and which clients.

Sections look at all clients by parts (see `model.roster`), so that writing one anew looks at no client who
is as they were. This module must not know any section.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import cached_property
from typing import TypeVar

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Measures
from vaultcrm.model.tuples import NamedTuple, again
from vaultcrm.render.agenda import Due, due_now, follow_up_days, urgency
from vaultcrm.render.labels import Labels
from vaultcrm.rules.known import owner_key
from vaultcrm.rules.measures import measure

T = TypeVar("T")


class Card(NamedTuple):
    """What sections choose and sort clients by; ``owner`` as names are compared, empty for nobody."""

    owner: str
    is_active: bool
    tier_rank: int
    urgency: float
    has_high: bool
    is_overdue: bool


@dataclass(frozen=True)  # without slots: what several sections ask for is kept
class View:
    """What a section shows: the overview in a language, and what its begin marker asked for.

    ``days`` and ``limit`` are None where nobody asked, ``month`` (its first day) too; ``owner`` None is
    everybody. ``whole`` is true within a note of ours, where the other sections stand beside it.
    """

    overview: Overview
    labels: Labels
    days: int | None = None
    limit: int | None = None
    owner: str | None = None
    whole: bool = False
    month: date | None = None

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.overview.day

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.overview.policy

    @cached_property
    def measures(self) -> Measures:
        """The owner's figures."""
        all_ = self.overview.measures
        if self.owner is None:
            return all_
        return measure(self.overview.assessments, self.policy, all_.start, all_.end, self.owner)

    @cached_property
    def due(self) -> tuple[Due, ...]:
        """Who is due on the day asked about, as `due_now` has it."""
        return due_now(self.overview, self.owner)

    @cached_property
    def follow_up_days(self) -> list[int]:
        """The days of the owner's open follow-ups, as `follow_up_days` has them."""
        return follow_up_days(self.overview, self.owner)

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Every client's card, by their numbers."""
        return tuple(again(Card, self.each("dashboard.card", _card)))

    @cached_property
    def owned(self) -> tuple[int, ...]:
        """The numbers of the owner's clients, by name then path."""
        if self.owner is None:
            return tuple(range(len(self.cards)))
        owner = owner_key(self.owner)
        return tuple(number for number, card in enumerate(self.cards) if card.owner == owner)

    @cached_property
    def by_urgency(self) -> tuple[int, ...]:
        """The numbers of the owner's clients, the highest priority first, those without any last."""
        cards = self.cards
        return tuple(sorted(self.owned, key=lambda number: cards[number].urgency))

    def each(self, name: Hashable, of: Callable[[Assessment, View], T]) -> tuple[T, ...]:
        """A part of every client, by their numbers; ``of`` is told nothing of what the begin marker asked."""
        return self.overview.assessments.each(name, lambda one: of(one, self._plain))

    def part(self, number: int, name: Hashable, of: Callable[[Assessment, View], T]) -> T:
        """A part of the client with that number, as in `each`."""
        return self.overview.assessments.part(number, name, lambda one: of(one, self._plain))

    def top(self, usual: int) -> int:
        """How many rows to show: what was asked for, else the usual number."""
        return usual if self.limit is None else self.limit

    @cached_property
    def _plain(self) -> View:
        return View(self.overview, self.labels)


def _card(one: Assessment, view: View) -> tuple[object, ...]:
    del view
    return tuple(
        Card(
            owner=owner_key(one.client.owner),
            is_active=one.standing.known.status == "active",
            tier_rank=one.standing.tier_rank,
            urgency=urgency(one),
            has_high=any(warning.severity == "high" for warning in one.warnings),
            is_overdue=one.standing.contacting.overdue_days > 0,
        )
    )
