"""Figures over all clients: one measure a row in ``MEASURES`` (specification 3, Measures).

Each is exact until it is rounded once, at the end: money and satisfaction to 2 decimals, rates to 4,
``nps`` to a whole number. What has to do with time stands in ``timeliness``. This module must not know how
a figure is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from vaultcrm.model.policy import STAGES, Policy
from vaultcrm.model.records import Client, Feedback
from vaultcrm.model.results import Assessment, Evidence, Finding, Measures
from vaultcrm.rules.answers import latest_first, recommendation, satisfaction
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.known import status_on
from vaultcrm.rules.referrals import first_order
from vaultcrm.rules.scope import RATE_DIGITS, MeasureRule, Scope, scope, share
from vaultcrm.rules.timeliness import check_ins_missed, contacts_by_month, in_time, workload

DIGITS = 2
"""Decimals of money and satisfaction (specification 3, Conventions)."""
PER_CENT = 100
AGAIN = 2
"""From so many orders on a client has bought again."""


def measure(
    assessments: Sequence[Assessment], policy: Policy, start: date, end: date, owner: str | None = None
) -> Measures:
    """All measures for a period.

    Args:
        assessments: Of all clients, made for the day ``end``.
        policy: The measures' numbers, the tiers' names, and whether there are loyalty points.
        start: The day before the period's first: it is exclusive.
        end: The period's last day.
        owner: Only this owner's clients; None for all.

    Returns:
        The values by the names of ``MEASURES``; None where there is nothing to share or to average.
    """
    mine = tuple(one for one in assessments if owner is None or one.client.owner == owner)
    period = scope(mine, policy, start, end)
    findings = {row.name: row.figure(period) for row in MEASURES}
    return Measures(start, end, owner, {name: each.value for name, each in findings.items()}, findings)


def active(period: Scope) -> Finding:
    """How many clients are active on the last day."""
    return Finding("active", len(_active(period)))


def by_tier(period: Scope) -> Finding:
    """How many active clients each tier has that is in force, the highest first; tiers without any are 0."""
    counts = Counter(one.standing.tier for one in _active(period))
    return Finding("by-tier", {name: counts[name] for name in period.policy.tiers.names})


def by_stage(period: Scope) -> Finding:
    """How many active clients each lifecycle stage has that is in force; stages without any are 0."""
    counts = Counter(one.standing.stage for one in _active(period))
    return Finding("by-stage", {name: counts[name] for name in STAGES})


def retention(period: Scope) -> Finding:
    """Of the clients that there were when the period began, the share not lost at its end.

    Evidence: ``clients`` (how many there were), ``lost`` of each who is.
    """
    there, lost = _cohort(period)
    value = share(len(there) - len(lost), len(there))
    return Finding("retention", value, (Evidence("clients", len(there)), *_lost(lost)))


def churn(period: Scope) -> Finding:
    """1 minus the retention, None without it. Evidence as there."""
    there, lost = _cohort(period)
    return Finding("churn", share(len(lost), len(there)), (Evidence("clients", len(there)), *_lost(lost)))


def churn_reasons(period: Scope) -> Finding:
    """How many were lost for each reason, the most frequent first; empty text: nobody wrote why."""
    _, lost = _cohort(period)
    counts = Counter(client.lost_reason or "" for client in lost)
    reasons = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return Finding("churn-reasons", reasons, _lost(lost))


def repurchase(period: Scope) -> Finding:
    """Of the clients with an order in the period, the share with more. Evidence: ``clients``, ``again``."""
    orders = Counter(order.assessment.client.path for order in period.orders)
    again = sum(1 for count in orders.values() if count >= AGAIN)
    told = (Evidence("clients", len(orders)), Evidence("again", again))
    return Finding("repurchase", share(again, len(orders)), told)


def average_order(period: Scope) -> Finding:
    """The mean amount of the period's orders, of those with a convertible amount. Evidence: ``orders``."""
    amounts = [amount for _, amount in _amounts(period)]
    return Finding("average-order", _rounded(_mean(amounts)), (Evidence("orders", len(amounts)),))


def average_order_growth(period: Scope) -> Finding:
    """By what part the average order grew over that of an equally long period before; negative where it fell.

    Evidence: ``before``, the earlier average.
    """
    earlier = scope(
        period.assessments, period.policy, period.start - (period.end - period.start), period.start
    )
    now, before = (_mean([amount for _, amount in _amounts(each)]) for each in (period, earlier))
    growth = None if now is None or not before else round_half_up(now / before - 1, RATE_DIGITS)
    return Finding("average-order-growth", growth, (Evidence("before", _rounded(before)),))


def top20_share(period: Scope) -> Finding:
    """The share of the revenue that the largest fifth (rounded up) of the clients with revenue gives.

    Evidence: ``clients`` (how many have revenue), ``top`` (the name) of each of the largest.
    """
    revenue: dict[str, Decimal] = {}
    names = {}
    for one, amount in _amounts(period):
        path = one.client.path
        revenue[path] = revenue.get(path, Decimal()) + amount
        names[path] = one.client.name
    ranked = sorted(((-amount, path) for path, amount in revenue.items() if amount > 0))
    count = -(-len(ranked) * period.policy.measures.top_percent // PER_CENT)
    top = -sum((amount for amount, _ in ranked[:count]), Decimal())
    total = -sum((amount for amount, _ in ranked), Decimal())
    told = (Evidence("top", names[path]) for _, path in ranked[:count])
    value = share(Fraction(top), Fraction(total))
    return Finding("top20-share", value, (Evidence("clients", len(ranked)), *told))


def revenue_by_tier(period: Scope) -> Finding:
    """The amount of the period's orders by the client's tier in force, the highest first."""
    sums = dict.fromkeys(period.policy.tiers.names, Decimal())
    for one, amount in _amounts(period):
        sums[one.standing.tier] += amount
    return Finding("revenue-by-tier", {tier: _rounded(Fraction(amount)) for tier, amount in sums.items()})


def nps(period: Scope) -> Finding:
    """Promoters minus detractors, per cent, by each client's latest answer in the period.

    Evidence: ``promoters``, ``detractors``, ``recommend`` of each.
    """
    numbers, latest = period.policy.measures, list(_latest(period, recommendation))
    promoters = sum(1 for _, score in latest if score >= numbers.promoter)
    detractors = sum(1 for _, score in latest if score <= numbers.detractor)
    value = int(round_half_up(Fraction(PER_CENT * (promoters - detractors), len(latest)))) if latest else None
    told = (Evidence("recommend", each.recommend, each.at("recommend")) for each, _ in latest)
    counts = (Evidence("promoters", promoters), Evidence("detractors", detractors))
    return Finding("nps", value, (*counts, *told))


def mean_satisfaction(period: Scope) -> Finding:
    """The mean of the clients' means, by each one's latest answers in the period.

    Evidence: ``satisfaction`` of each.
    """
    latest = list(_latest(period, satisfaction))
    told = tuple(Evidence("satisfaction", _rounded(mean), each.place) for each, mean in latest)
    return Finding("satisfaction", _rounded(_mean([mean for _, mean in latest])), told)


def referrals(period: Scope) -> Finding:
    """Referrals asked for, received and won in the period.

    Asked counts each client named in an interaction that asks; won are those received who have ordered by
    the end.
    """
    asked = [
        Evidence("asked", each.day, each.place)
        for one in period.assessments
        for each in one.standing.known.interactions
        if each.kind == "referral-ask" and period.holds(each.day)
    ]
    received = [
        one
        for one in period.assessments
        if one.client.referred_by is not None and period.holds(one.client.referred_on)
    ]
    won = sum(1 for one in received if one.standing.known.counted)
    told = (Evidence("received", one.client.name, one.client.at("referred_by")) for one in received)
    value = {"asked": len(asked), "received": len(received), "won": won}
    return Finding("referrals", value, (*asked, *told))


def renewal_rate(period: Scope) -> Finding:
    """Of the contracts that ended in the period, the share followed by one that had begun soon enough after.

    Evidence: ``contracts`` (how many ended), ``renewed``.
    """
    gap = timedelta(days=period.policy.measures.renewal_gap_days)
    ended = renewed = 0
    for one in period.assessments:
        contracts = one.client.contracts
        for _, end in contracts:
            if period.holds(end):
                ended += 1
                latest = min(end + gap, period.end)
                renewed += any(
                    start is not None and start <= latest and later > end for start, later in contracts
                )
    told = (Evidence("contracts", ended), Evidence("renewed", renewed))
    return Finding("renewal-rate", share(renewed, ended), told)


def loyalty(period: Scope) -> Finding:
    """Each client's points by path: for all that they ever ordered, and for referrals won. Off: None."""
    rule = period.policy.loyalty
    if not rule.on:
        return Finding("loyalty", None)
    points = {}
    for one in period.assessments:
        total = one.standing.amount_total.value
        assert isinstance(total, Decimal)
        introduced = one.standing.known.history.introduced
        won = sum(1 for each in introduced if first_order(each.projects, period.end) is not None)
        points[one.client.path] = int(total // rule.per_amount) + rule.per_referral * won
    return Finding("loyalty", points)


def _active(period: Scope) -> list[Assessment]:
    return [one for one in period.assessments if one.standing.known.status == "active"]


def _cohort(period: Scope) -> tuple[list[Client], list[Client]]:
    """The clients that there were when the period began, and those of them who are lost at its end.

    There were those who had cooperated or ordered by then and were not lost; archived ones are left out.
    """
    there = []
    for one in period.assessments:
        client, order_days = one.client, one.standing.known.order_days
        if client.status == "archived" or status_on(client, period.start) == "lost":
            continue
        days = [day for day in (client.since, *order_days[:1]) if day is not None]
        if days and min(days) <= period.start:
            there.append(client)
    return there, [client for client in there if status_on(client, period.end) == "lost"]


def _lost(lost: Sequence[Client]) -> tuple[Evidence, ...]:
    return tuple(Evidence("lost", client.name, client.at("lost_on")) for client in lost)


def _amounts(period: Scope) -> Iterator[tuple[Assessment, Decimal]]:
    """The amounts of the period's orders in the vault's currency, with the client; unknown ones left out."""
    return ((one, amount) for one, amount in period.orders if amount is not None)


def _latest(
    period: Scope, value: Callable[[Feedback], Fraction | None]
) -> Iterator[tuple[Feedback, Fraction]]:
    """Each client's latest feedback of the period that has the value, with it."""
    for one in period.assessments:
        for answers, found in latest_first(one.standing.known.feedback, value):
            if period.holds(answers.day):
                yield answers, found
            break


def _mean(values: Sequence[Decimal] | Sequence[Fraction]) -> Fraction | None:
    return sum(map(Fraction, values), Fraction()) / len(values) if values else None


def _rounded(value: Fraction | None) -> Fraction | None:
    return None if value is None else round_half_up(value, DIGITS)


MEASURES: tuple[MeasureRule, ...] = (
    MeasureRule("active", active),
    MeasureRule("retention", retention),
    MeasureRule("churn", churn),
    MeasureRule("churn_reasons", churn_reasons),
    MeasureRule("repurchase", repurchase),
    MeasureRule("average_order", average_order),
    MeasureRule("average_order_growth", average_order_growth),
    MeasureRule("nps", nps),
    MeasureRule("satisfaction", mean_satisfaction),
    MeasureRule("referrals", referrals),
    MeasureRule("in_time", in_time),
    MeasureRule("check_ins_missed", check_ins_missed),
    MeasureRule("top20_share", top20_share),
    MeasureRule("revenue_by_tier", revenue_by_tier),
    MeasureRule("by_tier", by_tier),
    MeasureRule("by_stage", by_stage),
    MeasureRule("renewal_rate", renewal_rate),
    MeasureRule("contacts_by_month", contacts_by_month),
    MeasureRule("workload", workload),
    MeasureRule("loyalty", loyalty),
)
"""In the order in which they are told. A measure's name is its key in exports."""
