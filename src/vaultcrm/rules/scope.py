"""What measures are made of: what each client contributes to a period, and the figure that follows from all.

What a client contributes is plain, so that it may be kept as a part of theirs (see `model.roster`): None
where that is nothing, else tuples of numbers and texts. This module must not know any single measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Finding
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import round_half_up

RATE_DIGITS = 4
"""Decimals of rates (specification 3, Conventions)."""

Spot = tuple[VaultPath, int, int]
"""A `Place`, plain."""

Ratio = tuple[int, int]
"""An exact number, plain: numerator and denominator."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The period (``start``, ``end``] of a measure; its clients are assessed for ``end``.

    ``before`` is when the equally long period before it starts: its first day is the one after.
    """

    policy: Policy
    start: date
    end: date
    before: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is in the period; no day is not."""
        return day is not None and self.start < day <= self.end


class MeasureRule(NamedTuple):
    """A row of ``MEASURES``.

    ``of`` is what one client contributes; rows that have it in common share it. ``figure`` is the finding
    that follows from what all clients contribute, in their order; its value is the measure, None where there
    is nothing to measure.
    """

    name: str
    of: Callable[[Assessment, Scope], Any]
    figure: Callable[[Sequence[Any], Scope], Finding]


def scope(policy: Policy, start: date, end: date) -> Scope:
    """The scope of a period."""
    before = max(date.min.toordinal(), 2 * start.toordinal() - end.toordinal())
    return Scope(policy, start, end, date.fromordinal(before))


def spot(place: Place) -> Spot:
    """A place, plain."""
    return place.path, place.line, place.column


def added(ratios: Iterable[Ratio]) -> Fraction:
    """The exact sum of plain numbers; quick, for few denominators differ."""
    sums: dict[int, int] = {}
    for numerator, denominator in ratios:
        sums[denominator] = sums.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in sums.items()), Fraction())


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """The part of the whole as a rate, rounded; None of nothing."""
    return round_half_up(Fraction(part) / whole, RATE_DIGITS) if whole else None
