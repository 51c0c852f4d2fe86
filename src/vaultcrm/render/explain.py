"""How each figure of a client came about: the rule, the numbers that went in, and the file and line of each.

A figure without a finding is not shown. This module must not know how any figure is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from vaultcrm.model.results import Assessment, Evidence, Finding, Overview
from vaultcrm.render.labels import Labels
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import cut, display_width, pad, terminal_text
from vaultcrm.render.wording import message_of, shown_value, title_of

NAME_COLUMN = 24
VALUE_COLUMN = 14
EVIDENCE_SHOWN = 15


class Figure(NamedTuple):
    """One figure: the topic that a user asks for, its value, what is said beside it, and its finding."""

    topic: str
    value: str
    said: str
    finding: Finding


def topics(assessment: Assessment) -> tuple[str, ...]:
    """What can be asked for, in the order of telling: figures, parts of health, warnings, touchpoints."""
    return tuple(dict.fromkeys(topic for topic, _, _ in _findings(assessment, None)))


def explain_text(
    assessment: Assessment, overview: Overview, labels: Labels, what: str | None, width: int, color: bool
) -> str:
    """All figures of a client, or with ``what`` those of that topic, for the terminal."""
    screen = Screen(width, color)
    client = assessment.client
    lines = [screen.ink(terminal_text(client.name), "bold"), screen.ink(terminal_text(client.path), "dim")]
    for figure in _figures(assessment, overview, labels, what):
        lines += ["", f"{screen.ink(figure.topic, 'bold')}  {terminal_text(figure.value)}"]
        if figure.said:
            lines += [f"  {line}" for line in screen.wrapped(figure.said, 2)]
        lines += [f"    {line}" for line in _evidence(figure.finding.evidence, labels, screen)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def explain_dict(
    assessment: Assessment, overview: Overview, labels: Labels, what: str | None
) -> dict[str, Any]:
    """The same for other programs; values are texts, places are null for numbers of the policy."""
    return {
        "as_of": overview.day.isoformat(),
        "client": assessment.client.name,
        "path": assessment.client.path,
        "figures": [
            {
                "what": figure.topic,
                "value": figure.value,
                "rule": figure.finding.rule,
                "message": figure.said,
                "evidence": [_evidence_dict(each, labels) for each in figure.finding.evidence],
            }
            for figure in _figures(assessment, overview, labels, what)
        ],
    }


def _figures(
    assessment: Assessment, overview: Overview, labels: Labels, what: str | None
) -> Iterator[Figure]:
    for topic, in_force, finding in _findings(assessment, overview):
        if what is None or topic == what:
            value = _named(topic, in_force, labels)
            yield Figure(topic, value, _said(topic, assessment, finding, in_force, labels), finding)


def _findings(one: Assessment, overview: Overview | None) -> Iterator[tuple[str, object, Finding]]:
    """Topic, value in force, finding of each; without an overview the policy's numbers are left out."""
    standing = one.standing
    yield "stage", standing.stage, standing.computed_stage
    yield "tier", standing.tier, standing.computed_tier
    yield "amount_12m", standing.amount_12m.value, standing.amount_12m
    yield "amount_total", standing.amount_total.value, standing.amount_total
    if standing.contacting.next is not None:
        yield "next_contact", standing.contacting.next_day, standing.contacting.next
        yield "priority", one.priority, _priority(one, overview)
        yield "planned", one.planned, _planned(one, overview)
    yield "health", one.health.value, one.health.finding
    yield from one.health.parts
    for warning in one.warnings:
        yield warning.id, warning.severity, warning.finding
    for touchpoint in one.touchpoints:
        yield touchpoint.id, touchpoint.planned, touchpoint.occurrence.finding


def _priority(one: Assessment, overview: Overview | None) -> Finding:
    contacting = one.standing.contacting
    told = [
        Evidence("tier_rank", one.standing.tier_rank),
        Evidence("overdue_days", contacting.overdue_days),
        Evidence("interval_days", contacting.interval_days),
    ]
    told += [Evidence("high_warning", warning.id) for warning in one.warnings if warning.severity == "high"]
    if overview is not None:
        policy = overview.policy
        told.append(
            Evidence("weights", (policy.priority_rank, policy.priority_overdue, policy.priority_high))
        )
    return Finding("priority", one.priority, tuple(told))


def _planned(one: Assessment, overview: Overview | None) -> Finding:
    told = [Evidence("next_contact", one.standing.contacting.next_day), Evidence("owner", one.client.owner)]
    if overview is not None:
        told.append(Evidence("capacity", overview.policy.capacity))
    return Finding("planned", one.planned, tuple(told))


def _named(topic: str, value: object, labels: Labels) -> str:
    if topic in ("stage", "tier"):
        return labels.name(topic, str(value))
    if isinstance(value, Fraction):
        return labels.number(value, 1)
    return labels.name("severity", value) if isinstance(value, str) else shown_value(value, labels)


def _said(topic: str, one: Assessment, finding: Finding, in_force: object, labels: Labels) -> str:
    """The rule in words; of a warning or a touchpoint its message, where pinned the computed one too."""
    for warning in one.warnings:
        if warning.finding is finding:
            return labels.pair(labels.get(f"warning.{topic}.name"), message_of(warning, labels))
    for touchpoint in one.touchpoints:
        if touchpoint.occurrence.finding is finding:
            return title_of(touchpoint, labels)
    rule = next((f"rule.{key}" for key in (finding.rule, topic) if labels.has(f"rule.{key}")), None)
    said = labels.get(rule) if rule else ""
    if topic in ("stage", "tier") and in_force != finding.value:
        return f"{labels.get('rule.pinned', computed=labels.name(topic, str(finding.value)))} {said}"
    return said


def _evidence(evidence: tuple[Evidence, ...], labels: Labels, screen: Screen) -> Iterator[str]:
    """Name, value and place of each piece in columns; places are never cut: editors jump to them."""
    for name, value, place in evidence[:EVIDENCE_SHOWN]:
        label = terminal_text(_evidence_name(name, labels))
        shown = terminal_text(shown_value(value, labels))
        where = f"{place.path}:{place.line}" if place is not None else ""
        head = pad(cut(label, NAME_COLUMN - 1), NAME_COLUMN)
        if where and display_width(shown) >= VALUE_COLUMN:
            shown = cut(shown, max(VALUE_COLUMN, screen.width - 4 - NAME_COLUMN - 2 - display_width(where)))
        yield f"{head}{pad(shown, VALUE_COLUMN)}  {screen.ink(terminal_text(where), 'dim')}"
    if len(evidence) > EVIDENCE_SHOWN:
        yield labels.get("word.more", count=len(evidence) - EVIDENCE_SHOWN)


def _evidence_dict(evidence: Evidence, labels: Labels) -> dict[str, Any]:
    place = evidence.place
    return {
        "name": evidence.name,
        "value": shown_value(evidence.value, labels),
        "path": place.path if place else None,
        "line": place.line if place else None,
    }


def _evidence_name(name: str, labels: Labels) -> str:
    key = name.replace("-", "_")
    for group in ("evidence", "score", "part"):
        if labels.has(f"{group}.{key}"):
            return labels.get(f"{group}.{key}")
    return key.replace("_", " ")
