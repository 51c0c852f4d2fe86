"""Everything computed, as JSON and CSV: the promise to other programs (specification 4, ``export json``).

Keys keep their meaning for ever. Absent is null; numbers are rounded here, once. This module must not know
how a figure came about, nor any other output.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.patterns import regex
from vaultcrm.model.results import Assessment, ClientWarning, Measures, Task, Touchpoint
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import csv_cell
from vaultcrm.render.wording import message_of, title_of
from vaultcrm.rules.days import round_half_up


def export_dict(overview: Overview, labels: Labels) -> dict[str, Any]:
    """The whole export; titles and messages are in the language of the labels, all else is not."""
    return {
        "as_of": overview.day.isoformat(),
        "policy": overview.policy.preset,
        "currency": overview.policy.currency,
        "clients": [client_dict(assessment, labels) for assessment in overview.assessments],
        "tasks": [task_dict(task) for task in overview.tasks],
        "metrics": metrics_dict(overview.measures),
        "diagnostics": [diagnostic_dict(diagnostic, labels) for diagnostic in overview.diagnostics],
    }


def export_json(overview: Overview, labels: Labels) -> bytes:
    """The export as UTF-8 text that is the same for the same overview."""
    return json_bytes(export_dict(overview, labels))


def json_bytes(value: object) -> bytes:
    """JSON as the program prints it: UTF-8 as it is, one space of indent, a last newline.

    What could steer a terminal, or turn the direction of what follows, is written by its number. Half a
    character (a lone surrogate, from an odd file name) becomes a question mark: no reader takes it.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8", "replace")


def export_csv(overview: Overview, labels: Labels) -> bytes:
    """One row a client; no cell begins a formula. UTF-8 with a byte order mark, and CRLF."""
    lines = [",".join(COLUMNS)]
    for assessment in overview.assessments:
        row = client_dict(assessment, labels)
        row["warnings"] = " ".join(warning["id"] for warning in row["warnings"])
        row["touchpoints"] = " ".join(f"{each['id']}:{each['due']}" for each in row["touchpoints"])
        lines.append(",".join(_cell(row[column]) for column in COLUMNS))
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def client_dict(assessment: Assessment, labels: Labels) -> dict[str, Any]:
    """All figures of one client."""
    standing = assessment.standing
    contacting, client, known = standing.contacting, standing.client, standing.known
    scores = standing.scores
    return {
        "name": client.name,
        "path": client.path,
        "status": known.status,
        "owner": client.owner,
        "stage": standing.stage,
        "computed_stage": standing.computed_stage.value,
        "projects": len(known.counted),
        "in_project": known.in_project,
        "amount_12m": decimals(standing.amount_12m.value, 2),
        "amount_total": decimals(standing.amount_total.value, 2),
        "tier": standing.tier,
        "computed_tier": standing.computed_tier.value,
        "scores": None if scores is None else {name: _score(value) for name, value in scores},
        "score": None if standing.score is None else _score(standing.score),
        "last_contact": iso(contacting.last.day) if contacting.last else None,
        "estimated": contacting.estimated,
        "next_contact": iso(contacting.next_day),
        "planned": iso(assessment.planned),
        "interval_days": contacting.interval_days,
        "overdue_days": contacting.overdue_days,
        "priority": decimals(assessment.priority, 1),
        "health": assessment.health.value,
        "health_parts": {name: value for name, value, _ in assessment.health.parts},
        "band": assessment.health.band,
        "touchpoints": [touchpoint_dict(touchpoint, labels) for touchpoint in assessment.touchpoints],
        "warnings": [warning_dict(warning, labels) for warning in assessment.warnings],
    }


def touchpoint_dict(touchpoint: Touchpoint, labels: Labels) -> dict[str, Any]:
    """One touchpoint."""
    return {
        "id": touchpoint.id,
        "kind": touchpoint.occurrence.kind,
        "due": iso(touchpoint.due),
        "planned": iso(touchpoint.planned),
        "bundled": touchpoint.bundled,
        "title": title_of(touchpoint, labels),
        "anchor": iso(touchpoint.occurrence.anchor),
    }


def warning_dict(warning: ClientWarning, labels: Labels) -> dict[str, Any]:
    """One warning with all places that it came from."""
    return {
        "id": warning.id,
        "severity": warning.severity,
        "message": message_of(warning, labels),
        "evidence": [{"path": path, "line": line} for path, line in _lines(warning.finding.places)],
    }


def _lines(places: Iterable[Place]) -> Iterable[tuple[VaultPath, int]]:
    """Each line once, in the order in which they were found."""
    return dict.fromkeys((place.path, place.line) for place in places)


def task_dict(task: Task) -> dict[str, Any]:
    """One open task."""
    place = task.follow_up.place
    return {
        "text": task.follow_up.text,
        "client": task.client.name,
        "due": iso(task.due),
        "path": place.path,
        "line": place.line,
    }


def metrics_dict(measures: Measures) -> dict[str, Any]:
    """The measures, rounded: counts and NPS whole, money and satisfaction to 2 decimals, rates to 4."""
    return {name: _measure(name, value) for name, value in measures.values.items()}


def diagnostic_dict(diagnostic: Diagnostic, labels: Labels) -> dict[str, Any]:
    """One diagnostic, with what to do about it."""
    return {
        "path": diagnostic.place.path,
        "line": diagnostic.place.line,
        "column": diagnostic.place.column,
        "severity": str(diagnostic.severity),
        "code": diagnostic.code,
        "message": labels.message(diagnostic),
        "remedy": labels.remedy(diagnostic),
    }


def iso(day: date | None) -> str | None:
    """A day as ``2026-11-20``."""
    return None if day is None else day.isoformat()


def decimals(value: object, digits: int) -> float | None:
    """A number with so many decimals, halves up; None for anything else."""
    if isinstance(value, Fraction | Decimal | int):
        return float(round_half_up(value, digits))
    return float(round_half_up(Fraction(value), digits)) if isinstance(value, float) else None


def _score(value: Fraction) -> int | float:
    """A score as a whole number where it is one: hand-given ones may have decimals."""
    return int(value) if value.denominator == 1 else float(value)


def _measure(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _measure(str(key), each) for key, each in value.items()}
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, date):
        return iso(value)
    number = decimals(value, DIGITS.get(name, RATE_DIGITS))
    return int(number) if number is not None and DIGITS.get(name) == 0 else number


def _cell(value: object) -> str:
    """A cell of the CSV; only text of people can begin a formula, and only text needs quotes (RFC 4180)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = csv_cell(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n;') else text


_STEERING = regex("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""The control characters and the like that JSON itself leaves as they are."""

RATE_DIGITS = 4
DIGITS = {"average_order": 2, "satisfaction": 2, "nps": 0, "loyalty": 0}
"""Decimals of the measures that are no rates."""

COLUMNS = (
    "name",
    "path",
    "status",
    "owner",
    "stage",
    "tier",
    "computed_stage",
    "computed_tier",
    "score",
    "projects",
    "in_project",
    "amount_12m",
    "amount_total",
    "last_contact",
    "estimated",
    "next_contact",
    "planned",
    "interval_days",
    "overdue_days",
    "priority",
    "health",
    "band",
    "warnings",
    "touchpoints",
)
"""The columns of the CSV."""
