"""Measures of orders and what they are worth: repurchase, average order, revenue, loyalty.

This module must not know what clients say, nor when they are contacted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from vaultcrm.model.note import VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Evidence, Finding
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.referrals import first_order
from vaultcrm.rules.scope import RATE_DIGITS, Scope, added, share
from vaultcrm.rules.tiers import in_vault_currency

DIGITS = 2
"""Decimals of money (specification 3, Conventions)."""
PER_CENT = 100
AGAIN = 2
"""From so many orders on a client has bought again."""

Worth = tuple[int, int, int]
"""How many orders have a convertible amount, and their exact sum: numerator and denominator."""

Bought = tuple[str, VaultPath, str, int, Worth, Worth]
"""Who ordered: name, path, tier in force; how many orders the period has; what they, and those of the equally
long period before, are worth in the vault's currency."""


def bought(one: Assessment, period: Scope) -> Bought | None:
    """What a client ordered in the period and in the one before."""
    policy, client = period.policy, one.client
    now = _amounts(one, policy, period.start, period.end)
    before = _amounts(one, policy, period.before, period.start)
    if not now and not before:
        return None
    return client.name, client.path, one.standing.tier, len(now), _worth(now), _worth(before)


def repurchase(clients: Sequence[Bought | None], period: Scope) -> Finding:
    """Of the clients with an order in the period, the share with more. Evidence: ``clients``, ``again``."""
    counts = [count for each in clients if each and (count := each[3])]
    again = sum(1 for count in counts if count >= AGAIN)
    told = (Evidence("clients", len(counts)), Evidence("again", again))
    return Finding("repurchase", share(again, len(counts)), told)


def average_order(clients: Sequence[Bought | None], period: Scope) -> Finding:
    """The mean amount of the period's orders, of those with a convertible amount. Evidence: ``orders``."""
    count, mean = _mean([each[4] for each in clients if each])
    return Finding("average-order", _rounded(mean), (Evidence("orders", count),))


def average_order_growth(clients: Sequence[Bought | None], period: Scope) -> Finding:
    """By what part the average order grew over that of an equally long period before; negative where it fell.

    Evidence: ``before``, the earlier average.
    """
    _, now = _mean([each[4] for each in clients if each])
    _, before = _mean([each[5] for each in clients if each])
    growth = None if now is None or not before else round_half_up(now / before - 1, RATE_DIGITS)
    return Finding("average-order-growth", growth, (Evidence("before", _rounded(before)),))


def top20_share(clients: Sequence[Bought | None], period: Scope) -> Finding:
    """The share of the revenue that the largest fifth (rounded up) of the clients with revenue gives.

    Evidence: ``clients`` (how many have revenue), ``top`` (the name) of each of the largest.
    """
    revenue = [(each[1], each[0], each[4]) for each in clients if each and each[4][1] > 0]
    scale = lcm(*{bottom for _, _, (_, _, bottom) in revenue})
    ranked = sorted((-top * (scale // bottom), path, name) for path, name, (_, top, bottom) in revenue)
    count = -(-len(ranked) * period.policy.measures.top_percent // PER_CENT)
    largest, total = (sum(amount for amount, _, _ in each) for each in (ranked[:count], ranked))
    told = (Evidence("top", name) for _, _, name in ranked[:count])
    return Finding("top20-share", share(largest, total), (Evidence("clients", len(ranked)), *told))


def revenue_by_tier(clients: Sequence[Bought | None], period: Scope) -> Finding:
    """The amount of the period's orders by the client's tier in force, the highest first."""
    tiers: dict[str, list[Worth]] = {tier: [] for tier in period.policy.tiers.names}
    for each in clients:
        if each:
            tiers[each[2]].append(each[4])
    return Finding("revenue-by-tier", {tier: _rounded(_sum(worths)) for tier, worths in tiers.items()})


def points(one: Assessment, period: Scope) -> tuple[VaultPath, int] | None:
    """A client's path and points of loyalty; None where nobody gets any."""
    rule = period.policy.loyalty
    if not rule.on:
        return None
    total = one.standing.amount_total.value
    assert isinstance(total, Decimal)
    introduced = one.standing.known.history.introduced
    won = sum(1 for each in introduced if first_order(each.projects, period.end) is not None)
    return one.client.path, int(total // rule.per_amount) + rule.per_referral * won


def loyalty(clients: Sequence[tuple[VaultPath, int] | None], period: Scope) -> Finding:
    """Each client's points by path: for all that they ever ordered, and for referrals won. Off: None."""
    if not period.policy.loyalty.on:
        return Finding("loyalty", None)
    return Finding("loyalty", dict(each for each in clients if each))


def _amounts(one: Assessment, policy: Policy, start: date, end: date) -> list[Decimal | None]:
    """The amounts of the orders of (``start``, ``end``]; None for one that is not known or convertible."""
    amounts = []
    for project in reversed(one.standing.known.counted):
        day = project.order_day
        if day is None or day <= start:
            break  # they are sorted by order day
        if day <= end:
            money = project.amount
            amounts.append(None if money is None else in_vault_currency(money, policy))
    return amounts


def _worth(amounts: Iterable[Decimal | None]) -> Worth:
    known = [amount.as_integer_ratio() for amount in amounts if amount is not None]
    return len(known), *added(known).as_integer_ratio()


def _sum(worths: Iterable[Worth]) -> Fraction:
    return added((top, bottom) for _, top, bottom in worths)


def _mean(worths: Sequence[Worth]) -> tuple[int, Fraction | None]:
    """How many orders have an amount, and their mean."""
    count = sum(known for known, _, _ in worths)
    return count, _sum(worths) / count if count else None


def _rounded(amount: Fraction | None) -> Fraction | None:
    return None if amount is None else round_half_up(amount, DIGITS)
