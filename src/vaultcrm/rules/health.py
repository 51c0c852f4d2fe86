"""How well a client is: a number from 0 to 100, by parts (specification 3, Health).

Each part is exact and has its own evidence; rounding happens once, at the end. This module must not know
warnings.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice

from vaultcrm.model.policy import HealthPolicy, Policy
from vaultcrm.model.results import Evidence, Finding, Health, Standing
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.answers import (
    latest_first,
    recommendation,
    satisfaction,
    satisfaction_place,
    with_sentiment,
)
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.known import overdue_invoice
from vaultcrm.rules.orders import days_since_order, last_order, own_gap

FULL = 100
PER_SCORE = 10
"""A score of 1 to 10 as one of 10 to 100."""


class Part(NamedTuple):
    """One part's value, 0 to 100 and exact, and what it came from."""

    value: Fraction | int
    evidence: tuple[Evidence, ...]


class HealthPart(NamedTuple):
    """A row of ``HEALTH_PARTS``: its name, which is also its weight's, and its function (None: no data)."""

    name: str
    part: Callable[[Standing, HealthPolicy], Part | None]


def assess_health(standing: Standing, policy: Policy) -> Health:
    """The mean by weight over the parts that have data, rounded half up, and its band.

    The finding's evidence are the parts with their rounded values; each part's own finding tells what it
    came from.
    """
    numbers = policy.health
    total: Fraction | int = 0
    weights = 0
    parts = []
    for row in HEALTH_PARTS:
        part = row.part(standing, numbers)
        if part is not None:
            weight = numbers.weights.get(row.name, 0)
            total += weight * part.value
            weights += weight
            rounded = _whole(part.value)
            parts.append((row.name, rounded, Finding(row.name, rounded, part.evidence)))
    # without any weight in what there is, nothing speaks against the client
    value = _whole(total, weights) if weights else FULL
    evidence = tuple(Evidence(name, rounded) for name, rounded, _ in parts)
    return Health(value, band(value, numbers), Finding("health", value, evidence), tuple(parts))


def band(value: int, numbers: HealthPolicy) -> str:
    """``healthy``, ``watch`` or ``at-risk``, by the rounded number; each begins at its limit."""
    if value >= numbers.healthy:
        return "healthy"
    return "watch" if value >= numbers.watch else "at-risk"


def recency(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """Whether one was in touch in time: full until the next contact, then falling over some intervals.

    Never contacted: nothing. Without a next contact there is no such part.
    """
    contacting = standing.contacting
    if contacting.next is None:
        return None
    evidence = [
        Evidence("overdue_days", contacting.overdue_days),
        Evidence("interval_days", contacting.interval_days),
        Evidence("next_contact", contacting.next_day),
    ]
    if contacting.last is None:
        return Part(0, tuple(evidence))
    evidence.insert(0, Evidence("last_contact", contacting.last.day, contacting.last.place))
    patience = max(1, numbers.recency_intervals * contacting.interval_days)
    left = max(0, patience - contacting.overdue_days)
    return Part(Fraction(FULL * left, patience) if contacting.overdue_days else FULL, tuple(evidence))


def satisfied(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """The latest mean of result, communication and professionalism, of those given."""
    for answers, mean in latest_first(standing.known.feedback, satisfaction):
        shown = round_half_up(mean, 2)
        return Part(mean * PER_SCORE, (Evidence("satisfaction", shown, satisfaction_place(answers)),))
    return None


def recommend(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """The latest answer to whether they would recommend us."""
    for answers, score in latest_first(standing.known.feedback, recommendation):
        return Part(score * PER_SCORE, (Evidence("recommend", answers.recommend, answers.at("recommend")),))
    return None


def sentiment(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """How the last interactions that have a sentiment went, whatever their kind, by its sign."""
    latest = list(islice(with_sentiment(standing.known.interactions), numbers.sentiment_count))
    if not latest:
        return None
    good, neutral, bad = numbers.sentiment_values
    values = [good if mood > 0 else bad if mood < 0 else neutral for _, mood in latest]
    evidence = tuple(Evidence("sentiment", each.sentiment, each.at("sentiment")) for each, _ in latest)
    return Part(Fraction(sum(values), len(values)), evidence)


def orders(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """Full while the last order is no longer ago than the gap to be expected, then falling over some gaps.

    The gap is the client's own where there are orders enough, else the policy's. Not while in a project.
    """
    known = standing.known
    days = days_since_order(known)
    if days is None or known.in_project:
        return None
    gap = own_gap(known) or Fraction(numbers.order_gap_days)
    left = max(Fraction(), numbers.gaps_to_zero * gap - days) / ((numbers.gaps_to_zero - 1) * gap)
    evidence = (Evidence("days", days), Evidence("gap", round_half_up(gap, 1)), last_order(known))
    return Part(FULL if days <= gap else FULL * left, evidence)


def complaints(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """Full without open complaints, less for each."""
    still_open = standing.known.complaints
    evidence = tuple(Evidence("complaint", each.day, each.place) for each in still_open)
    value = max(0, FULL - numbers.complaint_cost * len(still_open))
    return Part(value, (Evidence("open", len(still_open)), *evidence))


def payment(standing: Standing, numbers: HealthPolicy) -> Part | None:
    """Full while nothing is overdue, less for each day of the longest overdue invoice; None without any."""
    due = [project for project in standing.known.counted if project.invoice_due is not None]
    if not due:
        return None
    longest = overdue_invoice(standing.known)
    if longest is None:
        last = due[-1]
        return Part(
            FULL, (Evidence("days", 0), Evidence("invoice_due", last.invoice_due, last.at("invoice_due")))
        )
    project, days = longest
    evidence = (
        Evidence("days", days),
        Evidence("invoice_due", project.invoice_due, project.at("invoice_due")),
    )
    return Part(max(0, FULL - numbers.payment_cost * days), evidence)


def _whole(value: Fraction | int, parts: int = 1) -> int:
    """One of so many parts of a value, rounded half up."""
    over, under = value.numerator, value.denominator * parts
    return (2 * over + under) // (2 * under)


HEALTH_PARTS: tuple[HealthPart, ...] = (
    HealthPart("recency", recency),
    HealthPart("satisfaction", satisfied),
    HealthPart("recommend", recommend),
    HealthPart("sentiment", sentiment),
    HealthPart("orders", orders),
    HealthPart("complaints", complaints),
    HealthPart("payment", payment),
)
