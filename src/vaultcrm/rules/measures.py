"""Figures over all clients: one measure a row in ``MEASURES`` (specification 3, Measures).

Each is exact until it is rounded once, at the end: money and satisfaction to 2 decimals, rates to 4,
``nps`` to a whole number. What has to do with time stands in ``timeliness``, with orders in ``revenue``. A
figure follows from what each client contributes to it, so that a client who has not changed is not looked at
again. This module must not know how a figure is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vaultcrm.model.note import Place
from vaultcrm.model.policy import STAGES, Policy
from vaultcrm.model.records import Feedback
from vaultcrm.model.results import Assessment, Evidence, Finding, Measures
from vaultcrm.model.roster import Roster
from vaultcrm.rules.answers import latest_first, recommendation, satisfaction
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.known import owner_key, status_on
from vaultcrm.rules.revenue import (
    average_order,
    average_order_growth,
    bought,
    loyalty,
    points,
    repurchase,
    revenue_by_tier,
    top20_share,
)
from vaultcrm.rules.scope import MeasureRule, Ratio, Scope, Spot, added, scope, share, spot
from vaultcrm.rules.timeliness import (
    check_ins_dropped,
    check_ins_missed,
    contacts_by_month,
    contacts_in_time,
    contacts_of_months,
    in_time,
    weeks_ahead,
    workload,
)

DIGITS = 2
"""Decimals of satisfaction (specification 3, Conventions)."""
PER_CENT = 100

CONTRIBUTED = "measures"
"""The part of a client (see `model.roster`) that is what they contribute to all measures of a period, with
the ordinals of its start and end."""

Standings = Sequence[tuple[str, str] | None]
"""Tier and stage in force of each active client."""

Left = tuple[str, str, Spot]
"""A client who is lost: the name, the reason (empty: nobody wrote it), and where the day is written."""

Members = Sequence[tuple[Left | None] | None]
"""Of each client that there was when the period began, the loss or None."""

Asks = tuple[tuple[int, Spot], ...]
"""When we asked for referrals (ordinals), and where that is written."""

Came = tuple[str, Spot, bool]
"""A client who was referred to us: the name, where that is written, and whether they have ordered."""


def measure(
    assessments: Sequence[Assessment], policy: Policy, start: date, end: date, owner: str | None = None
) -> Measures:
    """All measures for a period.

    Args:
        assessments: Of all clients, made for the day ``end``. Of a `Roster` only those are looked at of whom
            it is not known yet what they contribute.
        policy: The measures' numbers, the tiers' names, and whether there are loyalty points.
        start: The day before the period's first: it is exclusive.
        end: The period's last day.
        owner: Only this owner's clients; None for all.

    Returns:
        The values by the names of ``MEASURES``; None where there is nothing to share or to average.
    """
    roster = assessments if isinstance(assessments, Roster) else Roster(assessments)
    period = scope(policy, start, end)

    def contribution(one: Assessment) -> tuple[Any, ...]:
        return owner_key(one.client.owner), *[of(one, period) for of in CONTRIBUTIONS]

    clients = roster.each((CONTRIBUTED, start.toordinal(), end.toordinal()), contribution)
    wanted = owner_key(owner)
    mine = [each for each in clients if owner is None or each[0] == wanted]
    _, *contributed = zip(*mine, strict=True) if mine else [()] * (len(CONTRIBUTIONS) + 1)
    told = dict(zip(CONTRIBUTIONS, contributed, strict=True))
    findings = {row.name: row.figure(told[row.of], period) for row in MEASURES}
    return Measures(start, end, owner, {name: each.value for name, each in findings.items()}, findings)


# ------------------------------------------------------------------------------------------ how clients stand


def active_standing(one: Assessment, period: Scope) -> tuple[str, str] | None:
    """Tier and stage in force, of a client who is active on the last day."""
    standing = one.standing
    return (standing.tier, standing.stage) if standing.known.status == "active" else None


def active(clients: Standings, period: Scope) -> Finding:
    """How many clients are active on the last day."""
    return Finding("active", sum(1 for each in clients if each))


def by_tier(clients: Standings, period: Scope) -> Finding:
    """How many active clients each tier has that is in force, the highest first; tiers without any are 0."""
    counts = Counter(each[0] for each in clients if each)
    return Finding("by-tier", {name: counts[name] for name in period.policy.tiers.names})


def by_stage(clients: Standings, period: Scope) -> Finding:
    """How many active clients each lifecycle stage has that is in force; stages without any are 0."""
    counts = Counter(each[1] for each in clients if each)
    return Finding("by-stage", {name: counts[name] for name in STAGES})


# --------------------------------------------------------------------------------------- who stayed, who left


def membership(one: Assessment, period: Scope) -> tuple[Left | None] | None:
    """Whether a client was there when the period began, and is lost at its end.

    There were those who had cooperated or ordered by then and were not lost; archived ones are left out.
    """
    client, order_days = one.client, one.standing.known.order_days
    if client.status == "archived" or status_on(client, period.start) == "lost":
        return None
    first = client.since
    if order_days and (first is None or order_days[0] < first):
        first = order_days[0]
    if first is None or first > period.start:
        return None
    if status_on(client, period.end) != "lost":
        return (None,)
    return ((client.name, client.lost_reason or "", spot(client.at("lost_on"))),)


def retention(clients: Members, period: Scope) -> Finding:
    """Of the clients that there were when the period began, the share not lost at its end.

    Evidence: ``clients`` (how many there were), ``lost`` of each who is.
    """
    there, lost = _cohort(clients)
    return Finding("retention", share(there - len(lost), there), (Evidence("clients", there), *_lost(lost)))


def churn(clients: Members, period: Scope) -> Finding:
    """1 minus the retention, None without it. Evidence as there."""
    there, lost = _cohort(clients)
    return Finding("churn", share(len(lost), there), (Evidence("clients", there), *_lost(lost)))


def churn_reasons(clients: Members, period: Scope) -> Finding:
    """How many were lost for each reason, the most frequent first; empty text: nobody wrote why."""
    _, lost = _cohort(clients)
    counts = Counter(reason for _, reason, _ in lost)
    reasons = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return Finding("churn-reasons", reasons, _lost(lost))


def _cohort(clients: Members) -> tuple[int, list[Left]]:
    """How many clients there were when the period began, and those of them who are lost at its end."""
    there = [each[0] for each in clients if each]
    return len(there), [each for each in there if each]


def _lost(lost: Sequence[Left]) -> tuple[Evidence, ...]:
    return tuple(Evidence("lost", name, Place(*where)) for name, _, where in lost)


# ------------------------------------------------------------------------------------------- what clients say


def recommended(one: Assessment, period: Scope) -> tuple[str, Spot] | None:
    """A client's latest recommendation, if it is of the period: the number as written, and where."""
    latest = _latest(one, period, recommendation)
    return None if latest is None else (str(latest[0].recommend), spot(latest[0].at("recommend")))


def nps(clients: Sequence[tuple[str, Spot] | None], period: Scope) -> Finding:
    """Promoters minus detractors, per cent, by each client's latest answer in the period.

    Evidence: ``promoters``, ``detractors``, ``recommend`` of each.
    """
    numbers = period.policy.measures
    latest = [(Decimal(each[0]), each[1]) for each in clients if each]
    promoters = sum(1 for score, _ in latest if score >= numbers.promoter)
    detractors = sum(1 for score, _ in latest if score <= numbers.detractor)
    value = int(round_half_up(Fraction(PER_CENT * (promoters - detractors), len(latest)))) if latest else None
    told = (Evidence("recommend", score, Place(*where)) for score, where in latest)
    counts = (Evidence("promoters", promoters), Evidence("detractors", detractors))
    return Finding("nps", value, (*counts, *told))


def satisfied(one: Assessment, period: Scope) -> tuple[Ratio, Spot] | None:
    """The mean of a client's latest scores, if they are of the period, and where they are written."""
    latest = _latest(one, period, satisfaction)
    return None if latest is None else (latest[1].as_integer_ratio(), spot(latest[0].place))


def mean_satisfaction(clients: Sequence[tuple[Ratio, Spot] | None], period: Scope) -> Finding:
    """The mean of the clients' means, by each one's latest answers in the period.

    Evidence: ``satisfaction`` of each.
    """
    latest = [each for each in clients if each]
    means = [mean for mean, _ in latest]
    rounded = {mean: round_half_up(Fraction(*mean), DIGITS) for mean in set(means)}
    told = tuple(Evidence("satisfaction", rounded[mean], Place(*where)) for mean, where in latest)
    value = round_half_up(added(means) / len(means), DIGITS) if means else None
    return Finding("satisfaction", value, told)


def _latest(
    one: Assessment, period: Scope, value: Callable[[Feedback], Fraction | None]
) -> tuple[Feedback, Fraction] | None:
    """A client's latest feedback that has the value, with it; None where it is not of the period."""
    latest = next(latest_first(one.standing.known.feedback, value), None)
    return latest if latest is not None and period.holds(latest[0].day) else None


# ------------------------------------------------------------------------------ what was asked for, what ends


def referred(one: Assessment, period: Scope) -> tuple[Asks, Came | None] | None:
    """When we asked a client for referrals in the period; and whether they came by one themselves."""
    interactions = one.standing.known.interactions
    asked = [each for each in interactions if each.kind == "referral-ask" and period.holds(each.day)]
    asks = tuple([(each.day.toordinal(), spot(each.place)) for each in asked])
    client, received = one.client, None
    if client.referred_by is not None and period.holds(client.referred_on):
        received = client.name, spot(client.at("referred_by")), bool(one.standing.known.counted)
    return (asks, received) if asks or received else None


def referrals(clients: Sequence[tuple[Asks, Came | None] | None], period: Scope) -> Finding:
    """Referrals asked for, received and won in the period.

    Asked counts each client named in an interaction that asks; won are those received who have ordered by
    the end.
    """
    there = [each for each in clients if each]
    asked = [
        Evidence("asked", date.fromordinal(day), Place(*where)) for asks, _ in there for day, where in asks
    ]
    received = [each for _, each in there if each]
    won = sum(has_ordered for _, _, has_ordered in received)
    told = (Evidence("received", name, Place(*where)) for name, where, _ in received)
    value = {"asked": len(asked), "received": len(received), "won": won}
    return Finding("referrals", value, (*asked, *told))


def contracts_ended(one: Assessment, period: Scope) -> tuple[int, int] | None:
    """How many of a client's contracts ended in the period, and how many of these were renewed.

    What is agreed has happened even where it has not begun, as with the contract in force.
    """
    contracts = one.client.contracts
    if not contracts:
        return None
    gap = timedelta(days=period.policy.measures.renewal_gap_days)
    ended = [end for _, end in contracts if period.holds(end)]
    renewed = sum(
        any(start is not None and start <= end + gap and later > end for start, later in contracts)
        for end in ended
    )
    return (len(ended), renewed) if ended else None


def renewal_rate(clients: Sequence[tuple[int, int] | None], period: Scope) -> Finding:
    """Of the contracts that ended in the period, the share followed by one that begins soon enough after.

    Evidence: ``contracts`` (how many ended), ``renewed``.
    """
    there = [each for each in clients if each]
    ended, renewed = sum(each[0] for each in there), sum(each[1] for each in there)
    told = (Evidence("contracts", ended), Evidence("renewed", renewed))
    return Finding("renewal-rate", share(renewed, ended), told)


MEASURES: tuple[MeasureRule, ...] = (
    MeasureRule("active", active_standing, active),
    MeasureRule("retention", membership, retention),
    MeasureRule("churn", membership, churn),
    MeasureRule("churn_reasons", membership, churn_reasons),
    MeasureRule("repurchase", bought, repurchase),
    MeasureRule("average_order", bought, average_order),
    MeasureRule("average_order_growth", bought, average_order_growth),
    MeasureRule("nps", recommended, nps),
    MeasureRule("satisfaction", satisfied, mean_satisfaction),
    MeasureRule("referrals", referred, referrals),
    MeasureRule("in_time", contacts_in_time, in_time),
    MeasureRule("check_ins_missed", check_ins_dropped, check_ins_missed),
    MeasureRule("top20_share", bought, top20_share),
    MeasureRule("revenue_by_tier", bought, revenue_by_tier),
    MeasureRule("by_tier", active_standing, by_tier),
    MeasureRule("by_stage", active_standing, by_stage),
    MeasureRule("renewal_rate", contracts_ended, renewal_rate),
    MeasureRule("contacts_by_month", contacts_of_months, contacts_by_month),
    MeasureRule("workload", weeks_ahead, workload),
    MeasureRule("loyalty", points, loyalty),
)
"""In the order in which they are told. A measure's name is its key in exports."""

CONTRIBUTIONS = tuple(dict.fromkeys(row.of for row in MEASURES))
"""What is asked of each client, once for all measures."""
