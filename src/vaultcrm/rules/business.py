"""Warnings about business: orders, complaints, answers, contracts, invoices and deliveries.

This module must not know how often a client is contacted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interaction, Project
from vaultcrm.model.results import Evidence, Known, Standing
from vaultcrm.rules.answers import latest_first, recommendation, satisfaction, satisfaction_place
from vaultcrm.rules.days import in_last, round_half_up
from vaultcrm.rules.known import is_delivered, overdue_days
from vaultcrm.rules.orders import days_since_order, last_order, own_gap
from vaultcrm.rules.verdict import HIGH, LOW, MEDIUM, Verdict, verdict


def no_order(standing: Standing, policy: Policy) -> Verdict | None:
    """No order for longer than the client's own rhythm, or the policy, lets expect; high for much longer.

    Evidence: ``days``, ``limit``, ``last_order``.
    """
    known, numbers = standing.known, policy.warnings
    days, limit = days_since_order(known), _limit(known, policy)
    if days is None or limit is None or not limit <= days < numbers.no_order_dormant * limit:
        return None
    severity = HIGH if days >= numbers.no_order_high * limit else MEDIUM
    return verdict(severity, "no-order", Evidence("days", days), _shown("limit", limit), last_order(known))


def dormant(standing: Standing, policy: Policy) -> Verdict | None:
    """No order for so long that none will come: propose to archive. Evidence as of ``no_order``."""
    known = standing.known
    days, limit = days_since_order(known), _limit(known, policy)
    if days is None or limit is None or days < policy.warnings.no_order_dormant * limit:
        return None
    return verdict(LOW, "dormant", Evidence("days", days), _shown("limit", limit), last_order(known))


def order_slowdown(standing: Standing, policy: Policy) -> Verdict | None:
    """Orders come slower than they used to, and ``no_order`` does not hold yet.

    Evidence: ``days``, ``gap`` (the own median), ``last_order``.
    """
    known = standing.known
    gap, days, limit = own_gap(known), days_since_order(known), _limit(known, policy)
    if gap is None or days is None or limit is None:
        return None
    if not Fraction(policy.warnings.slowdown_factor) * gap < days < limit:
        return None
    return verdict(MEDIUM, "order-slowdown", Evidence("days", days), _shown("gap", gap), last_order(known))


def complaint_escalated(standing: Standing, policy: Policy) -> Verdict | None:
    """An open complaint that is more severe than a recent one before it, solved or not.

    Evidence: ``severity``, ``complaint`` (its day), then ``before`` and ``earlier`` of the milder one, of
    each pair.
    """
    known = standing.known
    if not known.complaints:
        return None
    recent = [
        each
        for each in known.interactions
        if each.kind == "complaint" and in_last(each.day, known.day, policy.warnings.escalation_days)
    ]
    pairs = _escalations(known.complaints, recent)
    told = [each for complaint, milder in reversed(pairs) for each in _escalation(complaint, milder)]
    return verdict(HIGH, "complaint-escalated", *told) if told else None


def complaints_open(standing: Standing, policy: Policy) -> Verdict | None:
    """Several complaints that nobody solved. Evidence: ``count``, ``complaint`` (its day) of each."""
    complaints = standing.known.complaints
    if len(complaints) < policy.warnings.complaints_open:
        return None
    told = (Evidence("complaint", each.day, each.place) for each in complaints)
    return verdict(HIGH, "complaints-open", Evidence("count", len(complaints)), *told)


def satisfaction_drop(standing: Standing, policy: Policy) -> Verdict | None:
    """The latest answers, where recent, are poor, or much poorer than those before.

    Evidence: ``latest`` and ``before``, the means.
    """
    known, numbers = standing.known, policy.warnings
    found = list(islice(latest_first(known.feedback, satisfaction), 2))
    if not found or not in_last(found[0][0].day, known.day, numbers.satisfaction_days):
        return None
    latest, before = found[0][1], found[1:]
    dropped = any(mean - latest >= numbers.satisfaction_drop for _, mean in before)
    if latest > numbers.satisfaction_low and not dropped:
        return None
    names = ("latest", "before")
    told = (
        Evidence(name, round_half_up(mean, 2), satisfaction_place(answers))
        for name, (answers, mean) in zip(names, found, strict=False)
    )
    return verdict(MEDIUM, "satisfaction-drop", *told)


def detractor(standing: Standing, policy: Policy) -> Verdict | None:
    """The latest answer, where recent, says that they would not recommend us. Evidence: ``recommend``."""
    known, numbers = standing.known, policy.warnings
    for answers, score in islice(latest_first(known.feedback, recommendation), 1):
        if score <= numbers.detractor_score and in_last(answers.day, known.day, numbers.detractor_days):
            return verdict(
                HIGH, "detractor", Evidence("recommend", answers.recommend, answers.at("recommend"))
            )
    return None


def renewal_due(standing: Standing, policy: Policy) -> Verdict | None:
    """The contract in force ends soon, or today. Evidence: ``days`` (left), ``contract_end``."""
    end = _contract_end(standing)
    if end is None or not 0 <= (end - standing.day).days <= policy.warnings.renewal_days:
        return None
    return _contract("renewal-due", (end - standing.day).days, end, standing)


def contract_lapsed(standing: Standing, policy: Policy) -> Verdict | None:
    """The contract in force has ended, not too long ago. Evidence: ``days`` (since), ``contract_end``."""
    end = _contract_end(standing)
    if end is None or not 0 < (standing.day - end).days < policy.warnings.lapsed_days:
        return None
    return _contract("contract-lapsed", (standing.day - end).days, end, standing)


def payment_overdue(standing: Standing, policy: Policy) -> Verdict | None:
    """An invoice that should have been paid; high for one that is long overdue.

    Evidence: ``days`` of the longest, then ``subject`` (its title) and ``invoice_due`` of each, the longest
    first.
    """
    known = standing.known
    late = [(days, project) for project in known.counted if (days := overdue_days(project, known.day)) > 0]
    return _late("payment-overdue", "invoice_due", late, policy)


def project_late(standing: Standing, policy: Policy) -> Verdict | None:
    """A project that should have been delivered; high for one that is long late.

    Evidence: ``days`` of the latest, then ``subject`` (its title) and ``due`` of each, the latest first.
    """
    known = standing.known
    late = [
        ((known.day - project.due).days, project)
        for project in known.counted
        if project.due is not None and project.due < known.day and not is_delivered(project, known.day)
    ]
    return _late("project-late", "due", late, policy)


def _shown(name: str, days: Fraction) -> Evidence:
    """A number of days, which may be a half."""
    return Evidence(name, round_half_up(days, 1))


def _limit(known: Known, policy: Policy) -> Fraction | None:
    """After how many days without an order one is missed; None in a project and before the first order."""
    if known.in_project or not known.order_days:
        return None
    gap = own_gap(known)
    numbers = policy.warnings
    return Fraction(numbers.no_order_days) if gap is None else numbers.no_order_factor * gap


def _escalations(
    complaints: Sequence[Interaction], recent: Sequence[Interaction]
) -> list[tuple[Interaction, Interaction]]:
    """Each complaint that is more severe than one of an earlier day, with the latest of these.

    Both come in the order of their days; those without a severity are left out.
    """
    pairs: list[tuple[Interaction, Interaction]] = []
    severities: list[Decimal] = []
    milder: list[
        Interaction
    ] = []  # each is later and more severe than the one before: others are never found
    at = 0
    for complaint in complaints:
        while at < len(recent) and recent[at].day < complaint.day:
            severity = recent[at].severity
            if severity is not None:
                cut = bisect_left(severities, severity)
                severities[cut:], milder[cut:] = [severity], [recent[at]]
            at += 1
        if complaint.severity is not None:
            count = bisect_left(severities, complaint.severity)
            pairs += [(complaint, milder[count - 1])] if count else []
    return pairs


def _escalation(complaint: Interaction, milder: Interaction) -> tuple[Evidence, ...]:
    return (
        Evidence("severity", complaint.severity, complaint.at("severity")),
        Evidence("complaint", complaint.day, complaint.place),
        Evidence("before", milder.severity, milder.at("severity")),
        Evidence("earlier", milder.day, milder.place),
    )


def _contract_end(standing: Standing) -> date | None:
    """The end of the contract in force, the latest of all."""
    return max((end for _, end in standing.client.contracts), default=None)


def _contract(rule: str, days: int, end: date, standing: Standing) -> Verdict:
    told = Evidence("contract_end", end, standing.client.at("contract_end"))
    return verdict(HIGH, rule, Evidence("days", days), told)


def _late(rule: str, name: str, late: list[tuple[int, Project]], policy: Policy) -> Verdict | None:
    """The verdict on what is late by so many days; ``name`` is the field that says when it was due."""
    if not late:
        return None
    late.sort(key=lambda each: -each[0])
    days = late[0][0]
    told = [Evidence("days", days)]
    for _, project in late:
        told.append(Evidence("subject", project.title or None, project.place))
        told.append(Evidence(name, getattr(project, name), project.at(name)))
    return verdict(HIGH if days >= policy.warnings.late_high_days else MEDIUM, rule, *told)
