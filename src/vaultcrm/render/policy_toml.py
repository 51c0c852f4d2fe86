"""The policy in force as the ``vaultcrm.toml`` that says all of it: what is printed can be pasted there.

Keys are those that ``parse.policy`` reads, in the order of the documentation. This module must not know where
a policy was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from vaultcrm.model.frozen import fields
from vaultcrm.model.policy import (
    Cadence,
    Dimension,
    Feed,
    NoteMapping,
    Paths,
    Policy,
    Rhythm,
    TierScheme,
    TouchpointPolicy,
    WarningPolicy,
)
from vaultcrm.model.records import Interval
from vaultcrm.render.text import toml_text

NOTHING: Mapping[str, str] = {}


def policy_toml(policy: Policy, origins: Mapping[str, str] | None = None) -> str:
    """The text of a ``vaultcrm.toml`` that gives this policy.

    Args:
        policy: The policy.
        origins: Where values come from, by the paths of their keys: it stands behind them as a comment.
    """
    config = policy_config(policy)
    plain = {key: value for key, value in config.items() if not _is_table(value)}
    told = origins or {}
    lines = _values(plain, "", told)
    for key, value in config.items():
        if _is_table(value):
            lines += _table(_key(key), value, key, told)
    return "".join(f"{line}\n" for line in lines)


def policy_config(policy: Policy) -> dict[str, Any]:
    """The tables of that file: texts, whole and decimal numbers, lists, tables; what is absent has no key."""
    currency = {"code": policy.currency, "rates": dict(policy.rates)} if policy.rates else policy.currency
    config = {
        "policy": policy.preset,
        "language": policy.language,
        "timezone": policy.timezone,
        "currency": currency,
        "holidays": policy.holidays,
        "workdays": [DAYS[day] for day in sorted(policy.workdays)],
        "capacity": policy.capacity,
        "min_gap": policy.min_gap,
        "window": policy.window,
        "stages": _fields(policy.stages),
        "cadence": _cadence(policy.cadence),
        "tiers": _tiers(policy.tiers),
        "touchpoints": {id_: _touchpoint(rule, policy.tiers) for id_, rule in policy.touchpoints.items()},
        "referral_ask": _fields(policy.referral_ask),
        "planning": {name: getattr(policy, name) for name in PLANNING},
        "greetings": {policy.language: list(policy.greeting_days)},
        "health": _renamed(_fields(policy.health), {"order_gap_days": "order_gap"}),
        "warnings": _warnings(policy.warnings),
        "measures": _renamed(_fields(policy.measures), {}),
        "loyalty": _fields(policy.loyalty),
        "paths": _paths(policy.paths),
        "capture": {"daily": policy.daily},
        "mapping": _mapping(policy.mapping),
        "writeback": {"properties": list(policy.writeback)} if policy.writeback else {},
        "feeds": [_feed(feed) for feed in policy.feeds],
    }
    return {key: value for key, value in _without_none(config).items() if value not in ({}, [])}


def _fields(value: object) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}  # type: ignore[arg-type]  # parts are dataclasses


def _renamed(table: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        names.get(key, key): list(value) if isinstance(value, tuple) else value
        for key, value in table.items()
    }


def _without_none(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, dict) and not isinstance(value, Inline) else value
        for key, value in table.items()
        if value is not None
    }


def _cadence(cadence: Cadence) -> dict[str, Any]:
    by_stage = {"in_project": cadence.in_project, "after": cadence.after}
    parts = by_stage if cadence.by == "stage" else {"tiers": cadence.tiers}
    tables = {name: {key: _rhythm(rhythm) for key, rhythm in part.items()} for name, part in parts.items()}
    return {"by": cadence.by, **tables}


def _rhythm(rhythm: Rhythm) -> Any:
    every = interval_text(rhythm.every)
    return Inline({"every": every, "any_time": True}) if rhythm.any_time else every


def interval_text(interval: Interval) -> str:
    """An interval as a configuration writes it: ``1 month``, ``14 days``, ``P1M2D``."""
    if interval.months and interval.days:
        return f"P{interval.months}M{interval.days}D"
    number, unit = (interval.months, "month") if interval.months else (interval.days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _tiers(scheme: TierScheme) -> dict[str, Any]:
    table = _fields(scheme)
    del table["tiers"], table["dimensions"], table["amount_steps"]
    return {
        "scheme": table.pop("scheme"),
        "names": list(scheme.names),
        "amount_steps": list(scheme.amount_steps),
        "dimensions": [_dimension(each) for each in scheme.dimensions],
        **table,
        "from": {tier.name: tier.from_score for tier in scheme.tiers},
        "aliases": {tier.name: list(tier.aliases) for tier in scheme.tiers if tier.aliases} or None,
    }


def _dimension(dimension: Dimension) -> Inline:
    return Inline(_fields(dimension))


def _touchpoint(rule: TouchpointPolicy, scheme: TierScheme) -> dict[str, Any]:
    return {
        "off": rule.off,  # a preset may have it off, where it is on
        "stages": None if rule.stages is None else list(rule.stages),
        "tiers": None if rule.tiers is None else [name for name in rule.tiers if name in scheme.names],
        "every": None if rule.every is None else interval_text(rule.every),
        "after": None if rule.after == Interval() else interval_text(rule.after),
        "lead": rule.lead_days,
        "settled_by": list(rule.settled_by),
        "about": list(rule.about) or None,
    }


def _warnings(warnings: WarningPolicy) -> dict[str, Any]:
    names = {"inactive_applies": "inactive", "phase_out_applies": "phase_out"}
    return _renamed(_fields(warnings), names)


def _paths(paths: Paths) -> dict[str, Any]:
    table = _fields(paths) | {"ignore": list(paths.ignore) or None}
    return {key: False if value is None and key in OUTPUTS else value for key, value in table.items()}


def _mapping(mapping: NoteMapping) -> dict[str, Any]:
    values: dict[str, dict[str, str | bool]] = {}
    for (name, word), kind in mapping.values.items():
        values.setdefault(name, {})[word] = kind or False
    parts = {
        "folders": {folder: kind or False for folder, kind in mapping.folders.items()},
        "tags": dict(mapping.tags),
        "values": values,
        "properties": {name: standard or False for name, standard in mapping.properties.items()},
        "sections": dict(mapping.sections),
    }
    return {name: part for name, part in parts.items() if part}


def _feed(feed: Feed) -> dict[str, Any]:
    table = _renamed(_fields(feed), {"access": "class"})
    table["alarm"] = False if feed.alarm is None else feed.alarm
    table["early_alarm_days"] = dict(feed.early_alarm_days) or None
    return _without_none({key: value for key, value in table.items() if value != []})


class Inline(dict[str, Any]):
    """A table that stands within its line."""


def _is_table(value: object) -> bool:
    tables = isinstance(value, list) and bool(value) and all(_is_table(item) for item in value)
    return (isinstance(value, Mapping) and not isinstance(value, Inline)) or tables


def _values(table: Mapping[str, Any], path: str = "", told: Mapping[str, str] = NOTHING) -> list[str]:
    return [f"{_key(key)} = {_shown(value)}{_remark(path, key, value, told)}" for key, value in table.items()]


def _remark(path: str, key: str, value: object, told: Mapping[str, str]) -> str:
    """Where a value comes from; of a table within its line, where its parts do."""
    name = f"{path}.{key}".lstrip(".")
    parts = [f"{name}.{inner}" for inner in value] if isinstance(value, Mapping) else []
    found = dict.fromkeys(told[each] for each in (name, *parts) if each in told)
    return f"  # {', '.join(found)}" if found else ""


def _table(shown: str, value: Any, path: str, told: Mapping[str, str]) -> Iterator[str]:
    """The lines of a table (or of each of a list of tables), then those of the tables in it."""
    for item in value if isinstance(value, list) else [value]:
        plain = {key: each for key, each in item.items() if not _is_table(each)}
        if plain or not item:
            yield ""
            yield f"[[{shown}]]" if isinstance(value, list) else f"[{shown}]"
            yield from _values(plain, path, told)
        for key, each in item.items():
            if _is_table(each):
                yield from _table(f"{shown}.{_key(key)}", each, f"{path}.{key}", told)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "_").isidentifier()
    return key if bare else toml_text(key)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_values(value)) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


OUTPUTS = ("dashboard", "feed", "plans", "reviews", "policy")
"""The paths that are False where there is no such file."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLANNING = (
    "bundle_before",
    "bundle_after",
    "horizon_months",
    "task_days",
    "belated_days",
    "survey_quiet_days",
    "priority_rank",
    "priority_overdue",
    "priority_high",
    "period_days",
)
