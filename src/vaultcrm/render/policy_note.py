"""The note of the policy: the tables that a person may change instead of ``vaultcrm.toml``, filled in.

What is written here is read by ``parse.policy_note``: the values of a policy go out and come back. This
module must not know where the note goes, nor how it is read.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from decimal import Decimal

from vaultcrm.model.policy import STAGES, Policy, Rhythm, TouchpointPolicy
from vaultcrm.model.records import Interval
from vaultcrm.render.labels import Labels
from vaultcrm.render.markup import blocks, table
from vaultcrm.render.policy_toml import DAYS, interval_text
from vaultcrm.render.text import markdown_cell

FESTIVALS = ("spring-festival", "dragon-boat", "mid-autumn", "national-day", "new-year")
WEEK_DAYS = 7


def policy_note(policy: Policy, labels: Labels, given: Container[str] = ()) -> str:
    """The note with all values of a policy, but for the settings that the configuration gives."""
    said = labels.joined(
        [_text("intro", labels, preset=policy.preset), _text("precedence", labels)], "sentence"
    )
    parts = [f"# {_text('title', labels)}", said]
    for heading, hint, tables in _sections(policy, labels, given):
        parts += [f"## {_text(heading, labels)}", *([_text(hint, labels)] if hint else []), *tables]
    return blocks(*parts) + "\n"


def _sections(policy: Policy, labels: Labels, given: Container[str]) -> Iterator[tuple[str, str, list[str]]]:
    yield "cadence", "cadence-hint", [_cadence(policy, labels)]
    kind = {"criteria": "criteria", "activity": "activity"}.get(policy.tiers.scheme, "score")
    yield "tiers", f"tiers-{kind}", [_tiers(policy, labels)]
    yield "touchpoints", "touchpoints-hint", [_touchpoints(policy, labels)]
    yield "holidays", "holidays-hint", [_holidays(policy, labels)]
    yield "settings", "", [_settings(policy, labels, given)]


def _text(key: str, labels: Labels, **values: object) -> str:
    return labels.get(f"policy-note.{key}", **values)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], labels: Labels) -> str:
    nothing = _text("nothing", labels)
    shown = ([markdown_cell(cell) or nothing for cell in row] for row in rows)
    return table([_text(f"head.{head}", labels) for head in heads], shown)


def _cadence(policy: Policy, labels: Labels) -> str:
    cadence = policy.cadence
    if cadence.by == "tier":
        rows = ((_tier(name, labels), _rhythm(cadence.tiers[name], labels)) for name in policy.tiers.names)
        return _table(("tier", "every"), rows, labels)
    sides = (cadence.in_project, cadence.after)
    stages = (
        (_text(f"stage.{stage}", labels), *(_rhythm(side[stage], labels) for side in sides))
        for stage in STAGES
    )
    return _table(("stage", "in_project", "after"), stages, labels)


def _tiers(policy: Policy, labels: Labels) -> str:
    scheme = policy.tiers
    names = [_tier(name, labels) for name in scheme.names]
    if scheme.scheme == "criteria":
        rows = [
            (names[0], _number(scheme.a_amount), str(scheme.a_projects), _number(scheme.a_trust)),
            (names[1], _number(scheme.b_amount), str(scheme.b_projects), ""),
            *((name, "", "", "") for name in names[2:]),
        ]
        return _table(("tier", "amount", "projects", "trust"), rows, labels)
    if scheme.scheme == "activity":
        sides = [(names[0], _number(scheme.high_amount), ""), (names[1], "", "")]
        return _table(("tier", "amount", "quiet"), [*sides, (names[2], "", str(scheme.quiet_days))], labels)
    scores = (
        (name, "" if tier.from_score is None else _number(tier.from_score))
        for name, tier in zip(names, scheme.tiers, strict=True)
    )
    return _table(("tier", "score"), scores, labels)


def _touchpoints(policy: Policy, labels: Labels) -> str:
    rows = (_touchpoint(rule, policy, labels) for rule in policy.touchpoints.values())
    return _table(("touchpoint", "what", "on", "interval", "lead", "who", "settled"), rows, labels)


def _touchpoint(rule: TouchpointPolicy, policy: Policy, labels: Labels) -> tuple[str, ...]:
    interval = rule.every if rule.every is not None else rule.after
    kinds = [labels.texts.get(f"policy-note.kind.{kind}", kind) for kind in rule.settled_by]
    return (
        rule.id,
        "" if rule.own else _text(f"touchpoint.{rule.id}", labels),
        labels.get("word.no" if rule.off else "word.yes"),
        "" if interval == Interval() else _interval(interval, labels),
        str(rule.lead_days),
        _who(rule, policy, labels),
        labels.joined(kinds),
    )


def _who(rule: TouchpointPolicy, policy: Policy, labels: Labels) -> str:
    """Whom a touchpoint is for; of both tiers and stages the tiers are shown."""
    if rule.tiers is not None and set(rule.tiers) != set(policy.tiers.names):
        return labels.joined([_tier(name, labels) for name in rule.tiers])
    if rule.stages is not None:
        return labels.joined([_text(f"stage.{stage}", labels) for stage in rule.stages])
    return _text("all", labels)


def _holidays(policy: Policy, labels: Labels) -> str:
    rows = (
        (labels.name("festival", name), labels.get("word.yes" if name in policy.greeting_days else "word.no"))
        for name in FESTIVALS
    )
    return _table(("holiday", "greet"), rows, labels)


def _settings(policy: Policy, labels: Labels, given: Container[str]) -> str:
    days = [_text(f"day.{DAYS[day]}", labels) for day in sorted(policy.workdays)]
    rows = [
        ("holidays", policy.holidays or ""),
        ("workdays", labels.joined(days)),
        ("capacity", str(policy.capacity)),
        ("min_gap", str(policy.min_gap)),
    ]
    if any(each.source == "amount" for each in policy.tiers.dimensions):
        rows.append(("amount_steps", "; ".join(map(_number, policy.tiers.amount_steps))))
    named = ((_text(f"setting.{name}", labels), value) for name, value in rows if name not in given)
    return _table(("setting", "value"), named, labels)


def _tier(name: str, labels: Labels) -> str:
    return labels.name("tier", name)


def _rhythm(rhythm: Rhythm, labels: Labels) -> str:
    every = _interval(rhythm.every, labels)
    return _text("any-time", labels, every=every) if rhythm.any_time else every


def _interval(interval: Interval, labels: Labels) -> str:
    """``2 weeks``, ``10 days``, ``1 month``; one of months and days as the configuration has it."""
    if interval.months and interval.days:
        return interval_text(interval)
    if interval.months:
        return _text("months", labels, count=interval.months)
    if interval.days % WEEK_DAYS == 0:
        return _text("weeks", labels, count=interval.days // WEEK_DAYS)
    return _text("days", labels, count=interval.days)


def _number(number: Decimal) -> str:
    return f"{number:f}"
