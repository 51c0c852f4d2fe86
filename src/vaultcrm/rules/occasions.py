"""Touchpoints on a day of the calendar: birthdays, important dates, festivals, and those that recur.

This module must not know projects, and not on which day a touchpoint is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from vaultcrm.model.policy import STAGES
from vaultcrm.model.records import Client, Person, YearlyDate
from vaultcrm.model.results import Evidence, Occurrence
from vaultcrm.rules.answers import SURVEY
from vaultcrm.rules.days import FESTIVALS, add_interval, next_yearly, yearly_on
from vaultcrm.rules.settling import Case, is_settled, latest_settling, occurrence


def birthday(case: Case) -> Iterator[Occurrence]:
    """The birthdays of the client and of their people who have not left.

    The subject is whose it is. Evidence: ``yearly`` (the date as written), ``birthday`` (the day).
    """
    client = case.standing.client
    people: tuple[Client | Person, ...] = (client, *case.known.people)
    for record in people:
        due = None if record.birthday is None else _next_open(case, record.birthday)
        if due is not None:
            yearly = Evidence("yearly", record.birthday, record.at("birthday"))
            yield occurrence(case, due, due, yearly, Evidence("birthday", due), subject=record.name)


def important_date(case: Case) -> Iterator[Occurrence]:
    """The important dates of the client and of their people who have not left, yearly or once.

    The subject is the date's title, behind the name of whose it is if that is not the client. Evidence:
    ``title``, ``yearly``.
    """
    client = case.standing.client
    people: tuple[Client | Person, ...] = (client, *case.known.people)
    for record in people:
        for important in record.important_dates:
            due = _once(case, important.date) if important.once else _next_open(case, important.date)
            if due is not None:
                place = record.place._replace(line=important.line, column=1)
                title = Evidence("title", important.title, place)
                yearly = Evidence("yearly", important.date, place)
                whose = "" if record is client else f"{record.name} · "
                yield occurrence(case, due, due, title, yearly, subject=whose + important.title)


def holiday(case: Case) -> Iterator[Occurrence]:
    """Each festival that the policy lists, for all but prospects and the lowest tier.

    Stages and tiers that the policy names for this rule take the place of these. The subject is the
    festival's name in ``FESTIVALS``. Evidence: ``festival``.
    """
    if case.rule.stages is None and case.standing.stage == STAGES[0]:
        return
    if case.rule.tiers is None and case.standing.tier_rank <= 1:
        return
    for name in case.policy.greeting_days:
        due = _next_open(case, FESTIVALS[name])
        if due is not None:
            yield occurrence(case, due, due, Evidence("festival", name), subject=name)


def recurring(case: Case) -> Iterator[Occurrence]:
    """What comes again and again, counted from the record that settled it last.

    It counts from the latest settling record however early that came, else from the first cooperation, else
    from the first interaction; without any of them it never comes. Where that gives a day that is past it
    is due on the day asked about, and, if it was never settled, not before the next contact: a vault that
    is adopted is not flooded. Evidence: ``settled``, ``since`` or ``first_interaction`` (the day it counts
    from).
    """
    base, settled = _base(case)
    if base is None or case.rule.every is None:
        return
    assert isinstance(base.value, date)
    due = add_interval(base.value, case.rule.every)
    if due < case.day:
        due = case.day
        if not settled and case.planned is not None:
            due = max(due, case.planned)
    yield occurrence(case, due, base.value, base, first_ever=not settled)


def _base(case: Case) -> tuple[Evidence | None, bool]:
    """What the next occurrence counts from, and whether the rule was ever settled."""
    interaction = latest_settling(case)
    found = [] if interaction is None else [Evidence("settled", interaction.day, interaction.place)]
    if SURVEY in case.rule.settled_by:
        found += [Evidence("settled", answers.day, answers.place) for answers in case.known.feedback[-1:]]
    if found:
        return max(found, key=_day), True
    if case.known.since is not None:
        return case.known.since, False
    for first in case.known.interactions[:1]:
        return Evidence("first_interaction", first.day, first.place), False
    return None, False


def _day(evidence: Evidence) -> date:
    assert isinstance(evidence.value, date)
    return evidence.value


def _next_open(case: Case, yearly: YearlyDate) -> date | None:
    """The first occurrence, from a few days ago on, that no greeting has settled; None where none is near."""
    first = case.day - timedelta(days=case.policy.belated_days)
    if yearly.year is not None and not yearly.lunar:
        first = max(first, date(yearly.year, 1, 1))
    due = next_yearly(yearly, first)
    while due is not None and due <= case.horizon:
        if not is_settled(case, due):
            return due
        due = next_yearly(yearly, due + timedelta(days=1))
    return None


def _once(case: Case, yearly: YearlyDate) -> date | None:
    """The single day of a date that does not come again; None once it is past or settled."""
    due = yearly_on(yearly, yearly.year) if yearly.year is not None else None
    if due is None or due < case.day - timedelta(days=case.policy.belated_days) or is_settled(case, due):
        return None
    return due
