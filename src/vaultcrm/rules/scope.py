"""What a measure looks at: clients, period and policy, and how a share is rounded.

This module must not know any single measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Finding
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.tiers import in_vault_currency

RATE_DIGITS = 4
"""Decimals of rates (specification 3, Conventions)."""


class Order(NamedTuple):
    """An order or project with its client; ``amount`` in the vault's currency, None where unknown."""

    assessment: Assessment
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Scope:
    """The clients of a measure, assessed for ``end``, and its period (``start``, ``end``]."""

    assessments: tuple[Assessment, ...]
    policy: Policy
    start: date
    end: date
    orders: tuple[Order, ...]

    def holds(self, day: date | None) -> bool:
        """Whether a day is in the period; no day is not."""
        return day is not None and self.start < day <= self.end


class MeasureRule(NamedTuple):
    """A row of ``MEASURES``: the finding's value is the measure, None where there is nothing to measure."""

    name: str
    figure: Callable[[Scope], Finding]


def scope(assessments: tuple[Assessment, ...], policy: Policy, start: date, end: date) -> Scope:
    """The scope of a period, with its orders."""
    orders = []
    for one in assessments:
        for project in reversed(one.standing.known.counted):
            order_day = project.order_day
            if order_day is None or order_day <= start:
                break  # they are sorted by order day
            if order_day <= end:
                money = project.amount
                orders.append(Order(one, None if money is None else in_vault_currency(money, policy)))
    return Scope(assessments, policy, start, end, tuple(orders))


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """The part of the whole as a rate, rounded; None of nothing."""
    return round_half_up(Fraction(part) / whole, RATE_DIGITS) if whole else None
