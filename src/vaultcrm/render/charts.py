"""Mermaid charts for the dashboard, each with its figures as text beside it.

Obsidian and GitHub draw them; where nothing does, the text stands for itself. No word of a user gets into a
chart but the names of tiers, which lose all that could mean something to Mermaid. This module must not know
how a figure came about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from vaultcrm.render.labels import Labels
from vaultcrm.render.text import markdown_text
from vaultcrm.render.view import View

LABEL_LENGTH = 24
FEWEST = 2
"""A single bar says nothing."""


def tier_chart(view: View) -> str:
    """How many active clients are in each tier, the highest first."""
    labels, rows = view.labels, _by_tier("by_tier", view)
    return _bars(labels.get("metric.by_tier"), rows, [name for name, _ in rows], labels.number, labels)


def revenue_chart(view: View) -> str:
    """The amount of the period's orders by the clients' tier, the highest first."""
    labels, rows = view.labels, _by_tier("revenue_by_tier", view)
    title, currency = labels.get("metric.revenue_by_tier"), view.policy.currency
    return _bars(title, rows, [name for name, _ in rows], lambda sum_: labels.money(sum_, currency), labels)


def load_chart(view: View) -> str:
    """How much is planned in each of the weeks ahead, up to the last that has anything."""
    labels = view.labels
    weeks = [(date.fromisoformat(week), count) for week, count in _counts("workload", view)]
    while weeks and not weeks[-1][1]:
        weeks.pop()
    title = labels.get("metric.workload")
    rows = [
        (labels.get("dashboard.week", day=labels.date(week, view.day)), Fraction(count))
        for week, count in weeks
    ]
    return _bars(title, rows, [f"{week:%m-%d}" for week, _ in weeks], str, labels)


def month_chart(view: View) -> str:
    """How many contacts there were in each month from the first that had any."""
    labels, counts = view.labels, dict(_counts("contacts_by_month", view))
    if not counts:
        return ""
    month, last = min(counts), f"{view.day:%Y-%m}"
    rows = []
    while month <= last:
        rows.append((month, Fraction(counts.get(month, 0))))
        month = _month_after(month)
    return _bars(labels.get("metric.contacts_by_month"), rows, [each for each, _ in rows], str, labels)


def mermaid_label(text: str) -> str:
    """A text as a label within quotes: letters, digits, blanks and hyphens only."""
    kept = "".join(c if c.isalnum() or c in "- " else " " for c in text)
    return " ".join(kept.split())[:LABEL_LENGTH] or "-"


def _by_tier(name: str, view: View) -> list[tuple[str, Fraction]]:
    values = view.measures.values.get(name)
    if not isinstance(values, Mapping):
        return []
    return [
        (view.labels.name("tier", tier), Fraction(values.get(tier, 0))) for tier in view.policy.tiers.names
    ]


def _counts(name: str, view: View) -> list[tuple[str, int]]:
    values = view.measures.values.get(name)
    return list(values.items()) if isinstance(values, Mapping) else []


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _bars(
    title: str,
    rows: Sequence[tuple[str, Fraction]],
    axis: Sequence[str],
    shown: Callable[[Fraction], str],
    labels: Labels,
) -> str:
    """The rows as a list, and as bars where at least two are something; empty where all are nothing.

    Bars are to be seen on a dark screen as well as on paper, which slices of a pie are not. Mermaid would
    begin the axis with the smallest of them.
    """
    if not any(value for _, value in rows):
        return ""
    text = [f"- {labels.pair(markdown_text(name), shown(value))}" for name, value in rows]
    if sum(value > 0 for _, value in rows) < FEWEST:
        return _titled(title, text, [])
    names = ", ".join(f'"{mermaid_label(name)}"' for name in axis)
    bars = ", ".join(_plain(value) for _, value in rows)
    highest = _plain(max(value for _, value in rows))
    chart = ["xychart-beta", f"    x-axis [{names}]", f"    y-axis 0 --> {highest}", f"    bar [{bars}]"]
    return _titled(title, text, chart)


def _titled(title: str, text: Sequence[str], chart: Sequence[str]) -> str:
    drawn = ["", "```mermaid", *chart, "```"] if chart else []
    return "\n".join([f"**{title}**", "", *text, *drawn])


def _plain(value: Fraction) -> str:
    return f"{float(value):.2f}".removesuffix(".00")
