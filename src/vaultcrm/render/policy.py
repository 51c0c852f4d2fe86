"""The policy in words, and what another one would change.

This module must not know where a policy was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment
from vaultcrm.render.labels import Labels
from vaultcrm.render.policy_toml import policy_config
from vaultcrm.render.text import terminal_text

WEEK_DAYS = 7
SHOWN = 5
"""How many clients are named that only one of two policies knows."""


def policy_dict(policy: Policy) -> dict[str, Any]:
    """The configuration that gives this policy as JSON has it: intervals as texts, amounts as numbers."""
    plain = _plain(policy_config(policy))
    assert isinstance(plain, dict)
    return plain


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def contacts_a_week(overview: Overview) -> dict[str, Fraction]:
    """How many contacts a week each owner's clients ask for: 7 / interval, over those with a next contact.

    No owner is one owner too, by the name ``""``.
    """
    weeks: dict[str, Fraction] = {}
    for assessment in overview.assessments:
        contacting = assessment.standing.contacting
        if contacting.next_day is not None and contacting.interval_days > 0:
            owner = assessment.client.owner or ""
            weeks[owner] = weeks.get(owner, Fraction(0)) + Fraction(WEEK_DAYS, contacting.interval_days)
    return weeks


def _moved(before: Overview, after: Overview) -> list[tuple[Assessment, Assessment]]:
    later = {each.client.path: each for each in after.assessments}
    both = ((old, later[old.client.path]) for old in before.assessments if old.client.path in later)
    return [
        (old, new)
        for old, new in both
        if (old.standing.tier, old.standing.stage) != (new.standing.tier, new.standing.stage)
    ]


def _only_in(one: Overview, other: Overview) -> list[dict[str, str]]:
    """The clients that only one of the policies knows: the other maps notes otherwise, or ignores them."""
    known = {each.client.path for each in other.assessments}
    clients = (each.client for each in one.assessments)
    return [{"name": each.name, "path": each.path} for each in clients if each.path not in known]


def _week(number: Fraction) -> float:
    return float(round(number * 10) / 10)


def simulation_dict(before: Overview, after: Overview) -> dict[str, Any]:
    """What another policy would change: tiers and stages, the numbers by tier, contacts a week by owner."""
    now, then = contacts_a_week(before), contacts_a_week(after)
    return {
        "policy": {"before": before.policy.preset, "after": after.policy.preset},
        "clients": [
            {
                "name": old.client.name,
                "path": old.client.path,
                "tier": {"before": old.standing.tier, "after": new.standing.tier},
                "stage": {"before": old.standing.stage, "after": new.standing.stage},
            }
            for old, new in _moved(before, after)
        ],
        "clients_gone": _only_in(before, after),
        "clients_new": _only_in(after, before),
        "by_tier": {"before": _by_tier(before), "after": _by_tier(after)},
        "contacts_a_week": [
            {
                "owner": owner or None,
                "before": _week(now.get(owner, Fraction(0))),
                "after": _week(then.get(owner, Fraction(0))),
            }
            for owner in sorted({*now, *then})
        ],
        "due_within_a_week": {"before": _due(before), "after": _due(after)},
    }


def _by_tier(overview: Overview) -> dict[str, int]:
    counts = Counter(a.standing.tier for a in overview.assessments if a.standing.known.status == "active")
    return {name: counts[name] for name in overview.policy.tiers.names}


def _due(overview: Overview) -> int:
    last = overview.day + timedelta(days=WEEK_DAYS)
    return sum(1 for a in overview.assessments if a.planned is not None and a.planned <= last)


def simulation_text(before: Overview, after: Overview, labels: Labels) -> str:
    """The same for reading."""
    found = simulation_dict(before, after)
    lines = [labels.get("simulate.policy", before=found["policy"]["before"], after=found["policy"]["after"])]
    for change in ("gone", "new"):
        rows = found[f"clients_{change}"]
        if rows:
            names = [terminal_text(row["name"]) for row in rows[:SHOWN]]
            lines.append(labels.get(f"simulate.{change}", count=len(rows), names=names, table="[mapping]"))
    moved = found["clients"]
    lines.append(labels.get("simulate.clients" if moved else "simulate.no-client", count=len(moved)))
    for row in moved:
        parts = [
            f"{labels.name('tier', row[what]['before'])} → {labels.name('tier', row[what]['after'])}"
            if what == "tier"
            else f"{labels.name('stage', row[what]['before'])} → {labels.name('stage', row[what]['after'])}"
            for what in ("tier", "stage")
            if row[what]["before"] != row[what]["after"]
        ]
        lines.append(f"  {terminal_text(row['name'])}: {labels.joined(parts)}")
    lines.append(labels.get("simulate.contacts"))
    for row in found["contacts_a_week"]:
        owner = terminal_text(row["owner"]) if row["owner"] else labels.get("simulate.no-owner")
        lines.append(f"  {owner}: {row['before']:g} → {row['after']:g}")
    due = found["due_within_a_week"]
    lines.append(labels.get("simulate.due", before=due["before"], after=due["after"]))
    return "\n".join(lines) + "\n"
