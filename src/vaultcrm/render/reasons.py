"""The rules in words, with the policy's numbers in them.

This module must not know how anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vaultcrm.model.frozen import fields
from vaultcrm.model.policy import Policy, TouchpointPolicy
from vaultcrm.model.records import Interval
from vaultcrm.render.labels import Labels

_PLANNING = (
    "priority_rank",
    "priority_overdue",
    "priority_high",
    "capacity",
    "belated_days",
    "survey_quiet_days",
    "task_days",
)


def rule_of_figure(rule: str, topic: str, policy: Policy, labels: Labels) -> str:
    """What a figure follows: its rule's sentence, else its topic's; empty where there is none."""
    keys = (f"why.{rule}", f"why.{topic}", f"rule.{rule}", f"rule.{topic}")
    key = next((key for key in keys if labels.has(key)), None)
    return labels.get(key, **_numbers(policy, labels)) if key else ""


def rule_of_warning(id_: str, policy: Policy, labels: Labels) -> str:
    """When a warning holds."""
    return labels.get(f"why.warning.{id_}", **_fields(policy.warnings))


def rule_of_touchpoint(id_: str, policy: Policy, labels: Labels) -> str:
    """When a touchpoint is due; one of the user's own recurs."""
    numbers: dict[str, Any] = {name: getattr(policy, name) for name in _PLANNING}
    numbers.update(_fields(policy.referral_ask))
    own = policy.touchpoints.get(id_, TouchpointPolicy(id_))
    numbers["after"] = interval_text(own.after, labels)
    if own.every is not None:
        return labels.get("why.touchpoint.recurring", **numbers, every=interval_text(own.every, labels))
    return labels.get(f"why.touchpoint.{id_}", **numbers)


def rule_of_measure(name: str, policy: Policy, labels: Labels) -> str:
    """How a measure is computed."""
    numbers = {**_fields(policy.measures), **_fields(policy.loyalty), "window": policy.window}
    return labels.get(f"why.measure.{name}", **numbers)


def interval_text(interval: Interval, labels: Labels) -> str:
    """``2 months 14 days``; a part that is 0 is left out."""
    return " ".join(_parts(interval, labels)) or labels.get("why.interval.days", count=0)


def _parts(interval: Interval, labels: Labels) -> Iterator[str]:
    for name, count in (("months", interval.months), ("days", interval.days)):
        if count:
            yield labels.get(f"why.interval.{name}", count=count)


def _numbers(policy: Policy, labels: Labels) -> dict[str, Any]:
    """All numbers that sentences about figures may hold."""
    numbers: dict[str, Any] = {name: getattr(policy, name) for name in _PLANNING}
    for part in (policy.stages, policy.health, policy.tiers):
        numbers.update(_fields(part))
    weights = (f"{_part_name(name, labels)} {weight}" for name, weight in policy.health.weights.items())
    tiers = (f"{t.name} ≥ {t.from_score}" for t in policy.tiers.tiers if t.from_score is not None)
    lowest = policy.tiers.names[-1]
    return {
        **numbers,
        "weights": labels.joined(tuple(weights)),
        "thresholds": labels.joined((*tiers, lowest)),
        "computed": "",
    }


def _part_name(name: str, labels: Labels) -> str:
    return labels.get(f"part.{name}") if labels.has(f"part.{name}") else name


def _fields(part: Any) -> dict[str, Any]:
    return {item.name: getattr(part, item.name) for item in fields(part)}
