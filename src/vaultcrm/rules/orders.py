"""The rhythm of a client's orders: the gap between them, and how long ago the last one was.

Shared by health and warnings. This module must not know what either makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from vaultcrm.model.results import Evidence, Known

ENOUGH_ORDER_DAYS = 3
"""From so many distinct order days on a client has a rhythm of their own (specification 3, Health)."""


def median_gap(days: Sequence[date]) -> Fraction:
    """The median of the days between neighbours; ``days`` are distinct, ascending, two or more."""
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    middle = len(gaps) // 2
    return Fraction(gaps[middle] + gaps[-middle - 1], 2)


def own_gap(known: Known) -> Fraction | None:
    """The median gap between the client's distinct order days, None with fewer than three of them."""
    return median_gap(known.order_days) if len(known.order_days) >= ENOUGH_ORDER_DAYS else None


def days_since_order(known: Known) -> int | None:
    """Days from the last order day to the day asked about, None without any order."""
    return (known.day - known.order_days[-1]).days if known.order_days else None


def last_order(known: Known) -> Evidence:
    """The last order day and where it was written; there must be one."""
    return Evidence("last_order", known.order_days[-1], known.counted[-1].order_place)
