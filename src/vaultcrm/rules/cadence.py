"""When a client is to be contacted next: rhythm, last contact, due day, overdue days.

This module must not know how important a client is beside others, nor on which day a contact is planned.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.model.policy import Policy, Rhythm
from vaultcrm.model.records import Client
from vaultcrm.model.results import SNOOZE, Contacting, Evidence, Finding, Known
from vaultcrm.rules.days import WorkCalendar, add_interval


def rhythm(client: Client, stage: str, in_project: bool, tier: str, policy: Policy) -> Rhythm:
    """How often to be in touch: the client's own cadence, else the policy's by stage and phase or by tier."""
    if client.cadence is not None:
        return Rhythm(client.cadence)
    if policy.cadence.by == "tier":
        return policy.cadence.tiers[tier]
    return (policy.cadence.in_project if in_project else policy.cadence.after)[stage]


def contacting(known: Known, every: Rhythm, calendar: WorkCalendar) -> Contacting:
    """The next contact (specification 3, Next contact, steps 1 to 5).

    Args:
        known: What is known of the client on the day.
        every: Their rhythm on that day.
        calendar: Only a day that the interval gave is moved to a working day; an explicit one stays.
    """
    day, client = known.day, known.client
    last = known.contacts[-1] if known.contacts else None
    base = Evidence("last-contact", last.day, last.place) if last else known.last_sign
    begin = base.value if base is not None and isinstance(base.value, date) else day
    end = add_interval(begin, every.every)
    interval_days = (end - begin).days
    if known.status != "active" or client.do_not_contact:
        return Contacting(last, False, interval_days, every.any_time, None, None, 0)
    agreed = explicit_date(known)
    if agreed is None:
        due = _by_interval(base, end, known, interval_days, calendar)
    else:
        due = Finding("next-contact-agreed", agreed.value, (agreed, *([base] if base else [])))
    finding = _snoozed(due, client)
    return Contacting(
        last=last,
        estimated=agreed is None and last is None,
        interval_days=interval_days,
        any_time=every.any_time,
        next=finding,
        agreed=None if agreed is None else _day(agreed.value),
        overdue_days=max(0, (day - _day(finding.value)).days),
    )


def explicit_date(known: Known) -> Evidence | None:
    """The date that was agreed for the next contact (step 2), None without one that still holds.

    The client's ``next_contact``, else the ``next`` of the latest interaction of any kind that has one; each
    only if it is later than the last contact.
    """
    last = known.contacts[-1].day if known.contacts else date.min
    own = known.client.next_contact
    if own is not None and own > last:
        return Evidence("next-contact", own, known.client.at("next_contact"))
    latest = next((i for i in reversed(known.interactions) if i.next is not None), None)
    if latest is None or latest.next is None or latest.next <= last:
        return None
    return Evidence("next", latest.next, latest.at("next"))


def _by_interval(
    base: Evidence | None, end: date, known: Known, interval_days: int, calendar: WorkCalendar
) -> Finding:
    """Steps 3 and 4; with neither contact nor sign of life the day asked about is due."""
    client = known.client
    unmoved = known.day if base is None else end
    due = calendar.next_working(unmoved)
    own = client.at("cadence") if client.cadence is not None else None
    evidence = [] if base is None else [base]
    evidence.append(Evidence("interval-days", interval_days, own))
    if due != unmoved:
        evidence.append(Evidence("day-off", unmoved))
    rule = "next-contact-interval" if known.contacts else "next-contact-estimated"
    return Finding(rule, due, tuple(evidence))


def _snoozed(due: Finding, client: Client) -> Finding:
    """Step 5: not before ``snooze_until``."""
    until = client.snooze_until
    if until is None or until <= _day(due.value):
        return due
    snooze = Evidence(SNOOZE, until, client.at("snooze_until"))
    return Finding(due.rule, until, (*due.evidence, snooze))


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
