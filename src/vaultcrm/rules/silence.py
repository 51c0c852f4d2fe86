"""Warnings about too little contact: the five of which only the most severe is given, and phasing out.

This module must not know orders, complaints or money beyond what ends a silence.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Project
from vaultcrm.model.results import Evidence, Known, Standing
from vaultcrm.rules.days import round_half_up
from vaultcrm.rules.known import days_without, first_record, last_from_them
from vaultcrm.rules.orders import median_gap
from vaultcrm.rules.verdict import HIGH, LOW, MEDIUM, Verdict, WarningRule, last_contact, verdict


def is_agreed(standing: Standing) -> bool:
    """Whether silence was agreed: an explicit date or a snooze, the day or later, or no contact at all."""
    client, agreed, day = standing.client, standing.contacting.agreed, standing.day
    snoozed = client.snooze_until is not None and client.snooze_until >= day
    return client.do_not_contact or snoozed or (agreed is not None and agreed >= day)


def silent(standing: Standing, policy: Policy) -> Verdict | None:
    """Nobody was in touch for a whole interval beyond the day of the next contact; high for the top tiers.

    Evidence: ``overdue`` and ``since_last`` (days), ``interval_days``, ``next_contact``, ``last_contact``.
    """
    contacting = standing.contacting
    overdue, interval = contacting.overdue_days, contacting.interval_days
    if contacting.next is None or not overdue or overdue < interval:
        return None
    top = standing.tier_rank > len(policy.tiers.tiers) - policy.warnings.top_tiers
    known = standing.known
    return verdict(
        HIGH if top else MEDIUM,
        "silent",
        Evidence("overdue", overdue),
        Evidence("since_last", days_without(_contact(known), known)),
        Evidence("interval_days", interval),
        Evidence("next_contact", contacting.next_day),
        *last_contact(known),
        *contacting.next.evidence,
    )


def silent_after_project(standing: Standing, policy: Policy) -> Verdict | None:
    """A delivery after which nobody wrote any more, neither too fresh nor too old to be told.

    Evidence: ``days`` (since the latest such delivery), ``subject`` and ``delivered`` of each,
    ``last_contact``.
    """
    known, numbers = standing.known, policy.warnings
    last = known.contacts[-1].day if known.contacts else date.min
    forsaken = [
        (delivered, project)
        for project in known.counted
        if (delivered := project.delivered) is not None
        and last <= delivered
        and numbers.after_project_from < (known.day - delivered).days <= numbers.after_project_to
    ]
    if not forsaken:
        return None
    latest = max(delivered for delivered, _ in forsaken)
    told = [item for delivered, project in reversed(forsaken) for item in _delivery(delivered, project)]
    days = Evidence("days", (known.day - latest).days)
    return verdict(HIGH, "silent-after-project", days, *told, *last_contact(known))


def inactive(standing: Standing, policy: Policy) -> Verdict | None:
    """Nothing came from a client who matters for longer than can be expected; in policies that ask for it.

    Evidence: ``days``, ``limit``, and what came last (``contact``, ``order``, ``feedback``).
    """
    numbers = policy.warnings
    if not numbers.inactive_applies or standing.tier_rank <= 1:
        return None
    limit = max(numbers.inactive_days, numbers.inactive_intervals * standing.contacting.interval_days)
    return _none_for(limit, last_from_them(standing.known), standing.known, MEDIUM, "inactive")


def drifting(standing: Standing, policy: Policy) -> Verdict | None:
    """Not overdue, but the client's own rhythm has slowed down; one who is long gone no longer drifts.

    Evidence: ``days`` (since the last contact), ``gap`` (median), ``last_contact``.
    """
    known, numbers = standing.known, policy.warnings
    if standing.contacting.overdue_days or len(known.contacts) < numbers.drifting_contacts:
        return None
    days = list(dict.fromkeys(contact.day for contact in known.contacts[-numbers.drifting_last :]))
    if len(days) < ENOUGH_DAYS:
        return None
    gap, since = median_gap(days), (known.day - days[-1]).days
    if not numbers.drifting_factor * gap < since < numbers.drifting_limit * gap:
        return None
    shown = Evidence("gap", round_half_up(gap, 1))
    return verdict(MEDIUM, "drifting", Evidence("days", since), shown, *last_contact(known))


def small_client_forgotten(standing: Standing, policy: Policy) -> Verdict | None:
    """A client of the lowest tier whom nobody contacted for long. Evidence: ``days``, ``limit``."""
    if standing.tier_rank != 1:
        return None
    known = standing.known
    return _none_for(policy.warnings.forgotten_days, _contact(known), known, LOW, "small-client-forgotten")


def phase_out(standing: Standing, policy: Policy) -> Verdict | None:
    """A client without value whom nobody misses: propose to let go. In policies that ask for it.

    Evidence: ``days``, ``limit``, ``last_contact``, ``value``.
    """
    numbers = policy.warnings
    value = dict(standing.scores or ()).get("value")
    if not numbers.phase_out_applies or is_agreed(standing) or standing.tier_rank != 1 or value is None:
        return None
    if value > numbers.phase_out_score:
        return None
    known = standing.known
    found = _none_for(numbers.phase_out_days, _contact(known), known, LOW, "phase-out")
    if found is None:
        return None
    evidence = (*found.finding.evidence, Evidence("value", value, standing.client.at("value")))
    return verdict(LOW, "phase-out", *evidence)


def _none_for(limit: int, last: Evidence | None, known: Known, severity: str, rule: str) -> Verdict | None:
    """The verdict where there was none of something for ``limit`` days or more."""
    days = days_without(last, known)
    if days is None or days < limit:
        return None
    begin = last or first_record(known)
    told = () if begin is None else (begin,)
    return verdict(severity, rule, Evidence("days", days), Evidence("limit", limit), *told)


def _contact(known: Known) -> Evidence | None:
    return next(iter(last_contact(known)), None)


def _delivery(delivered: date, project: Project) -> tuple[Evidence, Evidence]:
    title = Evidence("subject", project.title or None, project.place)
    return title, Evidence("delivered", delivered, project.at("delivered"))


ENOUGH_DAYS = 2
"""From so many distinct days on there is a gap between them."""

SILENCES: tuple[WarningRule, ...] = (
    WarningRule("silent", silent),
    WarningRule("silent-after-project", silent_after_project),
    WarningRule("inactive", inactive),
    WarningRule("drifting", drifting),
    WarningRule("small-client-forgotten", small_client_forgotten),
)
"""One silence, seen from five sides: only the most severe is given, of equals the first."""
