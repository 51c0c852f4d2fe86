"""What a touchpoint rule looks at, and which record settles an occurrence (specification 3, Touchpoints).

This module must not know any single rule, nor on which day a touchpoint is planned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from vaultcrm.model.policy import Policy, TouchpointPolicy
from vaultcrm.model.records import FollowUp, Interaction
from vaultcrm.model.results import Evidence, Finding, Known, Occurrence, Standing, Task
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.known import NO_CONTACT

ANY = "any"
"""Among the settling kinds: every contact settles."""


class Case(NamedTuple):
    """One rule and one client on one day: all that a generator of occurrences looks at.

    ``planned`` is the planned day of the next contact, None where there is none; ``horizon`` the last day
    of which anything is listed; ``tasks`` are the client's open ones.
    """

    row: TouchpointRule
    rule: TouchpointPolicy
    standing: Standing
    policy: Policy
    planned: date | None
    horizon: date
    tasks: Sequence[Task]

    @property
    def known(self) -> Known:
        """What is known of the client."""
        return self.standing.known

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.standing.known.day


class TouchpointRule(NamedTuple):
    """A row of ``TOUCHPOINTS``.

    ``drops``: an occurrence is dropped, and counted as missed, once it is due for longer than the window.
    ``own_day``: it is planned on its own day, never moved to another conversation.
    """

    id: str
    occurrences: Callable[[Case], Iterable[Occurrence]]
    drops: bool = False
    own_day: bool = False


def occurrence(
    case: Case,
    due: date,
    anchor: date,
    *evidence: Evidence,
    subject: str = "",
    first_ever: bool = False,
    task: FollowUp | None = None,
) -> Occurrence:
    """An occurrence of the case's rule; ``missed`` where it is dropped, as an undated task always is."""
    drops = case.row.drops or (task is not None and task.due is None)
    return Occurrence(
        id=case.rule.id,
        kind=kind_of(case.rule),
        due=due,
        anchor=anchor,
        subject=subject,
        finding=Finding(case.rule.id, due, evidence),
        own_day=case.row.own_day,
        first_ever=first_ever,
        missed=drops and (case.day - due).days > case.policy.window,
        task=task,
    )


def kind_of(rule: TouchpointPolicy) -> str | None:
    """The first kind that settles the rule, ``contact`` where any contact does, None where no record does."""
    if not rule.settled_by:
        return None
    return "contact" if rule.settled_by[0] == ANY else rule.settled_by[0]


def settles(rule: TouchpointPolicy, interaction: Interaction) -> bool:
    """Whether an interaction settles the rule: by its kind, or as a contact about one of its topics."""
    if interaction.kind in rule.settled_by:
        return True
    if interaction.kind in NO_CONTACT:
        return False
    return ANY in rule.settled_by or any(topic in rule.about for topic in interaction.about)


def latest_settling(case: Case) -> Interaction | None:
    """The latest interaction on or before the day that settles the rule, however early it came."""
    return next((each for each in reversed(case.known.interactions) if settles(case.rule, each)), None)


def is_settled(case: Case, due: date, after: date | None = None) -> bool:
    """Whether a settling interaction is dated from ``due`` minus the lead on, until the day asked about.

    Args:
        case: The rule and the client.
        due: The occurrence's due day.
        after: Where given, the interaction must also be dated after this day.
    """
    first = lead_begins(case, due)
    if after is not None:
        first = max(first, after + timedelta(days=1))
    for interaction in reversed(case.known.interactions):
        if interaction.day < first:
            return False
        if settles(case.rule, interaction):
            return True
    return False


def lead_begins(case: Case, due: date) -> date:
    """The first day on which a record settles what is due."""
    return due - timedelta(days=case.rule.lead_days)
