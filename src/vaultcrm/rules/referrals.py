"""Touchpoints about referrals: ask at a good time, thank, and tell what came of it.

This module must not know how a client came to be linked with the one who introduced them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import TypeVar

from vaultcrm.model.records import Feedback, Interaction, Project, Referral
from vaultcrm.model.results import Evidence, Known, Occurrence
from vaultcrm.rules.answers import latest_first, recommendation, with_sentiment
from vaultcrm.rules.days import add_interval, in_last
from vaultcrm.rules.known import NEVER_COUNTS, overdue_invoice, status_on
from vaultcrm.rules.settling import Case, is_settled, occurrence, settles

_Dated = TypeVar("_Dated", Feedback, Interaction)
_Number = TypeVar("_Number", Decimal, Fraction)


def referral_thanks(case: Case) -> Iterator[Occurrence]:
    """Thanks for each client introduced, whatever comes of it.

    Evidence: ``referred_on``, ``referred``, ``referrer``.
    """
    for referral in _made(case.known):
        day = referral.client.referred_on
        if day is not None:
            due = add_interval(day, case.rule.after)
            if not is_settled(case, due):
                evidence = Evidence("referred_on", day, referral.client.at("referred_on"))
                yield occurrence(case, due, day, evidence, *_who(referral), subject=referral.client.name)


def referral_report(case: Case) -> Iterator[Occurrence]:
    """What came of a referral: the first order of the client introduced, or that they were lost.

    Evidence: ``won`` or ``lost`` (the day), ``referred``, ``referrer``.
    """
    for referral in _made(case.known):
        outcome = _outcome(referral, case.day)
        if outcome is not None:
            assert isinstance(outcome.value, date)
            due = add_interval(outcome.value, case.rule.after)
            if not is_settled(case, due):
                who = _who(referral)
                yield occurrence(case, due, outcome.value, outcome, *who, subject=referral.client.name)


def referral_ask(case: Case) -> Iterator[Occurrence]:
    """A good day to ask for a referral: trust, nothing that is wrong, and a fresh reason.

    Not with an open complaint, an overdue invoice, a client who does not refer, or where we asked lately;
    not while the latest recommendation or the latest sentiment, where recent, is bad. The reason is a
    recent delivery, or that one of these two is good. Evidence: the reasons, ``delivered``, ``recommend``,
    ``sentiment``.
    """
    known = case.known
    client = case.standing.client
    if known.complaints or client.refers is False or overdue_invoice(known) is not None or _asked(case):
        return
    numbers = case.policy.referral_ask
    reasons = _deliveries(known, numbers.delivered_days)
    for answers, score in _recent(latest_first(known.feedback, recommendation), known.day, numbers.mood_days):
        if score <= numbers.recommend_low:
            return
        if score >= numbers.recommend_high:
            reasons.append(Evidence("recommend", answers.recommend, answers.at("recommend")))
    for interaction, mood in _recent(with_sentiment(known.interactions), known.day, numbers.mood_days):
        if mood < 0:
            return
        if mood > 0:
            reasons.append(Evidence("sentiment", interaction.sentiment, interaction.at("sentiment")))
    if reasons:
        yield occurrence(case, known.day, known.day, *reasons)


def first_order(projects: Sequence[Project], day: date) -> Project | None:
    """Of projects of any status the one with the first order day that counts on a day; None without any."""
    counted = [(p.order_day, p.place, p) for p in projects if p.order_day is not None and p.order_day <= day]
    counted = [each for each in counted if each[2].status not in NEVER_COUNTS]
    return min(counted, key=lambda each: each[:2])[2] if counted else None


def _made(known: Known) -> Iterator[Referral]:
    """The referrals that were not made on a later day."""
    for referral in known.history.introduced:
        day = referral.client.referred_on
        if day is None or day <= known.day:
            yield referral


def _outcome(referral: Referral, day: date) -> Evidence | None:
    won = first_order(referral.projects, day)
    if won is not None:
        return Evidence("won", won.order_day, won.order_place)
    client = referral.client
    if client.lost_on is not None and status_on(client, day) == "lost":
        return Evidence("lost", client.lost_on, client.at("lost_on"))
    return None


def _who(referral: Referral) -> tuple[Evidence, Evidence]:
    client = referral.client
    return (
        Evidence("referred", client.name, client.at("referred_by")),
        Evidence("referrer", referral.referrer),
    )


def _asked(case: Case) -> bool:
    days = case.policy.referral_ask.asked_days
    return any(
        settles(case.rule, each) and in_last(each.day, case.day, days) for each in case.known.interactions
    )


def _deliveries(known: Known, days: int) -> list[Evidence]:
    return [
        Evidence("delivered", project.delivered, project.at("delivered"))
        for project in known.counted
        if project.delivered is not None and in_last(project.delivered, known.day, days)
    ]


def _recent(
    found: Iterator[tuple[_Dated, _Number]], day: date, days: int
) -> Iterator[tuple[_Dated, _Number]]:
    """The first of what was found, where it is of the last days."""
    for record, value in islice(found, 1):
        if in_last(record.day, day, days):
            yield record, value
