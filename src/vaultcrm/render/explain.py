"""How each figure of a client came about: the rule, the numbers that went in, and the file and line of each.

A figure without a finding is not shown. This module must not know how any figure is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from vaultcrm.model.frozen import replace
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Interaction, Interval
from vaultcrm.model.results import Assessment, Evidence, Finding, Measures, Touchpoint
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.labels import Labels
from vaultcrm.render.policy_origins import policy_evidence
from vaultcrm.render.reasons import (
    interval_text,
    rule_of_figure,
    rule_of_measure,
    rule_of_touchpoint,
    rule_of_warning,
)
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import cut, display_width, pad, terminal_text
from vaultcrm.render.wording import measure_text, message_of, shown_value, title_of

NAME_COLUMN = 24
VALUE_COLUMN = 14
EVIDENCE_SHOWN = 15


_BY_RULE = ("tier", "score", "next_contact", "amount_12m", "amount_total")
"""Figures whose sentence depends on the rule that gave them."""


_SHOWN_AS = (
    "table.{}",
    "terminal.{}",
    "metric.{}",
    "evidence.{}",
    "part.{}",
    "warning.{}.name",
    "touchpoint.{}.title",
)
"""Where a topic's name stands in the labels."""


_NAMED = {"festival": "festival.{}", "high_warning": "warning.{}.name"}
"""Evidence whose values are ids, with where these are named in the labels."""


class Figure(NamedTuple):
    """One figure: the topic that a user asks for, its value, what is said beside it, and its finding.

    ``days`` are those of a touchpoint: what it is counted from, due, planned, bundled; and behind them what
    the note of the policy gives.
    """

    topic: str
    value: str
    said: str
    finding: Finding
    days: tuple[Evidence, ...] = ()

    @property
    def told(self) -> tuple[Evidence, ...]:
        """What went in; of a touchpoint the days that came out as well."""
        return tuple(dict.fromkeys((*self.finding.evidence, *self.days)))


def topics(assessment: Assessment) -> tuple[str, ...]:
    """What can be asked for, in the order of telling: figures, parts of health, warnings, touchpoints."""
    return tuple(dict.fromkeys(topic for topic, _, _ in _findings(assessment, None)))


def names_of_topics(assessment: Assessment, labels: Labels) -> tuple[tuple[str, str], ...]:
    """What topics are called, each name with its topic: as typed, then as other commands show them."""
    known = topics(assessment)
    shown = (
        (labels.get(key, subject=None), topic)
        for topic in known
        for key in (each.format(topic) for each in _SHOWN_AS)
        if labels.has(key)
    )
    return (*zip(known, known, strict=True), *shown)


def explain_text(
    assessment: Assessment, overview: Overview, labels: Labels, what: str | None, width: int, color: bool
) -> str:
    """All figures of a client, or with ``what`` those of that topic, for the terminal."""
    screen = Screen(width, color)
    client = assessment.client
    lines = [screen.ink(terminal_text(client.name), "bold"), screen.ink(terminal_text(client.path), "dim")]
    for figure in _figures(assessment, overview, labels, what):
        value = labels.name("status", figure.value) if figure.topic == "status" else figure.value
        lines += ["", f"{screen.ink(figure.topic, 'bold')}  {terminal_text(value)}"]
        lines += [f"  {line}" for line in screen.wrapped(figure.said, 2)]
        lines += [f"    {line}" for line in _evidence(figure.told, labels, screen)]
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
                "evidence": [_evidence_dict(each, labels) for each in figure.told],
            }
            for figure in _figures(assessment, overview, labels, what)
        ],
    }


def measures_text(measures: Measures, overview: Overview, labels: Labels, width: int, color: bool) -> str:
    """The measures of a period with their rules, and what went into each."""
    screen = Screen(width, color)
    start, end = labels.date(measures.first), labels.date(measures.end)
    lines = [screen.ink(labels.get("dashboard.period", start=start, end=end), "bold")]
    for name, finding in measures.findings.items():
        shown = measure_text(name, measures.values.get(name), overview.policy.currency, labels)
        if shown:
            lines += ["", f"{screen.ink(labels.get(f'metric.{name}'), 'bold')}  {terminal_text(shown)}"]
            rule = rule_of_measure(name, overview.policy, labels)
            lines += [f"  {line}" for line in screen.wrapped(rule, 2)]
            lines += [f"    {line}" for line in _evidence(finding.evidence, labels, screen)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _figures(
    assessment: Assessment, overview: Overview, labels: Labels, what: str | None
) -> Iterator[Figure]:
    for topic, in_force, finding in _findings(assessment, overview):
        if what is None or topic == what:
            value = _named(topic, in_force, labels)
            said = _said(topic, assessment, finding, in_force, overview, labels)
            days = (*_days(assessment, finding), *policy_evidence(topic, assessment, overview.policy, labels))
            yield Figure(topic, value, said, finding, days)


def _days(one: Assessment, finding: Finding) -> tuple[Evidence, ...]:
    touchpoint = next((each for each in one.touchpoints if each.occurrence.finding is finding), None)
    return _days_of(touchpoint) if touchpoint is not None else ()


def _days_of(touchpoint: Touchpoint) -> tuple[Evidence, ...]:
    return (
        Evidence("anchor", touchpoint.occurrence.anchor),
        Evidence("due", touchpoint.due),
        Evidence("planned", touchpoint.planned),
        Evidence("bundled", touchpoint.bundled),
    )


def _findings(one: Assessment, overview: Overview | None) -> Iterator[tuple[str, object, Finding]]:
    """Topic, value in force, finding of each; without an overview the policy's numbers are left out."""
    standing = one.standing
    known, contacting = standing.known, standing.contacting
    yield "status", known.status, _status(one)
    yield "stage", standing.stage, _in_force("stage", standing.stage, standing.computed_stage, one)
    yield "projects", len(known.counted), standing.computed_stage
    yield "in_project", known.in_project, _in_project(one)
    yield "tier", standing.tier, _in_force("tier", standing.tier, standing.computed_tier, one)
    if standing.score is not None:
        yield "score", standing.score, standing.computed_tier
    yield "amount_12m", standing.amount_12m.value, standing.amount_12m
    yield "amount_total", standing.amount_total.value, standing.amount_total
    if contacting.last is not None:
        last = contacting.last
        yield "last_contact", last.day, Finding("last_contact", last.day, (_dated(last),))
    yield "interval_days", contacting.interval_days, _interval(one)
    if contacting.next is not None:
        yield "next_contact", contacting.next_day, contacting.next
        yield "overdue_days", contacting.overdue_days, contacting.next
        yield "priority", one.priority, _priority(one, overview)
        yield "planned", one.planned, _planned(one, overview)
    yield "health", one.health.value, one.health.finding
    yield from one.health.parts
    for warning in one.warnings:
        yield warning.id, warning.severity, warning.finding
    for touchpoint in one.touchpoints:
        yield touchpoint.id, touchpoint.planned, touchpoint.occurrence.finding


def _dated(interaction: Interaction) -> Evidence:
    return Evidence("last_contact", interaction.day, interaction.at("day"))


def _status(one: Assessment) -> Finding:
    client = one.client
    told = [Evidence("status", client.status, client.at("status") if "status" in client.lines else None)]
    if client.lost_on is not None:
        told.append(Evidence("lost_on", client.lost_on, client.at("lost_on")))
    return Finding("status", one.standing.known.status, tuple(told))


def _in_force(what: str, word: str, computed: Finding, one: Assessment) -> Finding:
    """How a stage or tier was computed; where another one is pinned, first the line that says so."""
    if word == computed.value:
        return computed
    return replace(computed, evidence=(Evidence(what, word, one.client.at(what)), *computed.evidence))


def _in_project(one: Assessment) -> Finding:
    project = one.standing.known.running
    if project is None:
        return Finding("in_project", False)
    told = [Evidence("subject", project.title, project.place)]
    told += [Evidence("started", project.start, project.at("start"))] if project.start else []
    return Finding("in_project", True, tuple(told))


def _interval(one: Assessment) -> Finding:
    """Whose cadence counts: the client's own, or the policy's for a tier, or for a stage and its phase."""
    standing, client = one.standing, one.client
    told = [Evidence("interval_days", standing.contacting.interval_days)]
    if client.cadence is not None:
        told.append(Evidence("cadence", client.cadence, client.at("cadence")))
    else:
        told += [Evidence("stage", standing.stage), Evidence("in_project", standing.known.in_project)]
        told.append(Evidence("tier", standing.tier))
    if standing.contacting.last is not None:
        told.append(_dated(standing.contacting.last))
    return Finding("interval_days", standing.contacting.interval_days, tuple(told))


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


def _said(
    topic: str, one: Assessment, finding: Finding, in_force: object, overview: Overview, labels: Labels
) -> str:
    """The rule in words; of a warning or a touchpoint what it says first, where pinned the computed one."""
    policy = overview.policy
    for warning in one.warnings:
        if warning.finding is finding:
            said = labels.pair(labels.get(f"warning.{topic}.name"), message_of(warning, labels))
            return labels.get("why.then", said=said, rule=rule_of_warning(topic, policy, labels))
    for touchpoint in one.touchpoints:
        if touchpoint.occurrence.finding is finding:
            rule = rule_of_touchpoint(topic, policy, labels)
            return labels.get("why.then", said=title_of(touchpoint, labels), rule=rule)
    rule = finding.rule if topic in _BY_RULE else topic
    if topic == "recency" and one.standing.contacting.last is None:
        rule = "recency-never"
    said = rule_of_figure(rule, topic, policy, labels)
    if topic in ("stage", "tier") and in_force != finding.value:
        return f"{labels.get('rule.pinned', computed=labels.name(topic, str(finding.value)))} {said}"
    return said


def _evidence(evidence: tuple[Evidence, ...], labels: Labels, screen: Screen) -> Iterator[str]:
    """Name, value and place of each piece in columns; places are never cut: editors jump to them."""
    for name, value, place in evidence[:EVIDENCE_SHOWN]:
        label = terminal_text(_evidence_name(name, labels))
        key = _NAMED.get(name, "").format(value)
        shown = terminal_text(labels.get(key) if labels.has(key) else _shown(name, value, labels))
        where = f"{place.path}:{place.line}" if place is not None else ""
        head = pad(cut(label, NAME_COLUMN - 1), NAME_COLUMN)
        if where and display_width(shown) >= VALUE_COLUMN:
            shown = cut(shown, max(VALUE_COLUMN, screen.width - 4 - NAME_COLUMN - 2 - display_width(where)))
        yield f"{head}{pad(shown, VALUE_COLUMN)}  {screen.ink(terminal_text(where), 'dim')}"
    if len(evidence) > EVIDENCE_SHOWN:
        yield labels.get("word.more", count=len(evidence) - EVIDENCE_SHOWN)


def _shown(name: str, value: object, labels: Labels) -> str:
    if name in ("stage", "tier", "status") and isinstance(value, str):
        return labels.name(name, value)
    return interval_text(value, labels) if isinstance(value, Interval) else shown_value(value, labels)


def _evidence_dict(evidence: Evidence, labels: Labels) -> dict[str, Any]:
    place = evidence.place
    return {
        "name": evidence.name,
        "value": _shown(evidence.name, evidence.value, labels),
        "path": place.path if place else None,
        "line": place.line if place else None,
    }


def _evidence_name(name: str, labels: Labels) -> str:
    key = name.replace("-", "_")
    for group in ("evidence", "score", "part"):
        if labels.has(f"{group}.{key}"):
            return labels.get(f"{group}.{key}")
    return key.replace("_", " ")
