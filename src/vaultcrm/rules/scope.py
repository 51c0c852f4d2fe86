"""What a measure looks at: clients, period and policy, and how a share is rounded.

This module must not know any single measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Finding
from vaultcrm.rules.days import round_half_up

RATE_DIGITS = 4
"""Decimals of rates (specification 3, Conventions)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The clients of a measure, assessed for ``end``, and its period (``start``, ``end``]."""

    assessments: tuple[Assessment, ...]
    policy: Policy
    start: date
    end: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is in the period; no day is not."""
        return day is not None and self.start < day <= self.end


class MeasureRule(NamedTuple):
    """A row of ``MEASURES``: the finding's value is the measure, None where there is nothing to measure."""

    name: str
    figure: Callable[[Scope], Finding]


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """The part of the whole as a rate, rounded; None of nothing."""
    return round_half_up(Fraction(part) / whole, RATE_DIGITS) if whole else None
