"""What a warning's rule gives: a verdict, how severe and why.

This module must not know any single rule.
"""

from __future__ import annotations

from collections.abc import Callable

from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Evidence, Finding, Known, Standing
from vaultcrm.model.tuples import NamedTuple

HIGH, MEDIUM, LOW = "high", "medium", "low"
SEVERITIES = (LOW, MEDIUM, HIGH)
"""Severities, the mildest first."""


class Verdict(NamedTuple):
    """That a warning holds, how severe it is, and why."""

    severity: str
    finding: Finding


class WarningRule(NamedTuple):
    """A row of ``WARNINGS``; the function gives None where the warning does not hold."""

    id: str
    verdict: Callable[[Standing, Policy], Verdict | None]


def verdict(severity: str, rule: str, *evidence: Evidence) -> Verdict:
    """The verdict of a rule, whose finding has the severity as its value."""
    return Verdict(severity, Finding(rule, severity, evidence))


def last_contact(known: Known) -> tuple[Evidence, ...]:
    """The last contact as evidence ``last_contact``; empty where there was none."""
    return tuple([Evidence("last_contact", each.day, each.place) for each in known.contacts[-1:]])
