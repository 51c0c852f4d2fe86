"""What commands print: agenda, a client's page, figures, problems. Text that fits, or values for ``--json``.

This module must not know how a command is called, nor where anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from vaultcrm.model.diagnostics import Diagnostic, Severity
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Feedback
from vaultcrm.model.results import Assessment, Measures
from vaultcrm.render.agenda import Entry, days_ahead, due_now, opened, row_of, rows
from vaultcrm.render.export import diagnostic_dict, iso, task_dict, touchpoint_dict
from vaultcrm.render.labels import Labels
from vaultcrm.render.playbooks import playbooks_of
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import display_width, note_name, terminal_text
from vaultcrm.render.wording import (
    WECHAT,
    Reach,
    about_texts,
    answer_texts,
    coming_up,
    complaint_parts,
    conversation,
    last_contact,
    measure_text,
    message_of,
    names_of,
    openings,
    points_of,
    project_text,
    reach_of,
    shortened,
    step_of,
    title_of,
    what_to_say,
    why_next,
)

NAME_COLUMN = 26
LABEL_COLUMN = 16
LATEST = 5
"""How many conversations, projects and answers a client's page shows."""
INKS = {"high": "red", "medium": "yellow", "low": "dim"}


def agenda_text(
    overview: Overview, labels: Labels, days: int, owner: str | None, width: int, color: bool
) -> str:
    """Today and so many days ahead, by day; for today also why, how to reach them and what was said last."""
    screen = Screen(width, color)
    due, ahead = _agenda(overview, days, owner)
    if not due and not ahead:
        return labels.get("terminal.nothing", days=days) + "\n"
    lines: list[str] = []
    if due:
        lines.append(screen.ink(labels.get("terminal.today", day=labels.weekday(overview.day)), "bold"))
        lines += [line for entry in due for line in _due(entry, overview, labels, screen)]
    day: date | None = None
    for entry in ahead:
        if entry.day != day:
            day = entry.day
            lines += [*([""] if lines else []), screen.ink(labels.weekday(day, overview.day), "bold")]
        lines += screen.hanging(f"  {entry.assessment.client.name}", _what(entry, labels), NAME_COLUMN)
    return _text(lines)


def agenda_dict(overview: Overview, labels: Labels, days: int, owner: str | None) -> dict[str, Any]:
    """The agenda for other programs; entries by day, then as priority has it."""
    due, ahead = _agenda(overview, days, owner)
    return {
        "as_of": overview.day.isoformat(),
        "days": days,
        "entries": [_entry_dict(entry, labels) for entry in (*due, *ahead)],
    }


def client_text(assessment: Assessment, overview: Overview, labels: Labels, width: int, color: bool) -> str:
    """The page that one reads before a call; what nobody noted is left out."""
    screen = Screen(width, color)
    standing, client = assessment.standing, assessment.client
    facts = [
        labels.name("stage", standing.stage),
        labels.name("tier", standing.tier),
        labels.name("status", standing.known.status),
        *([client.owner] if client.owner else []),
    ]
    lines = [screen.ink(line, "bold") for line in screen.wrapped(client.name)]
    lines += [
        *screen.wrapped(" · ".join(facts)),
        *(screen.ink(line, "dim") for line in screen.wrapped(client.path)),
        "",
    ]
    for label, text in _summary(assessment, overview, labels):
        lines += screen.hanging(labels.get(f"terminal.{label}"), text, LABEL_COLUMN, "cyan")
    playbooks = [note_name(path).rpartition("/")[2] for path in playbooks_of(assessment, overview)]
    if playbooks:
        text = " · ".join(playbooks)
        lines += screen.hanging(labels.get("terminal.playbooks"), text, LABEL_COLUMN, "cyan")
    for label, items in _lists(assessment, overview, labels):
        if items:
            lines += ["", screen.ink(labels.get(f"terminal.{label}"), "bold")]
            lines += [line for item in items for line in screen.hanging("  -", item, 4)]
    warnings = list(_warnings(assessment, labels, screen))
    return _text(
        [*lines, *(["", screen.ink(labels.get("terminal.warnings"), "bold"), *warnings] if warnings else [])]
    )


def metrics_text(measures: Measures, overview: Overview, labels: Labels, width: int, color: bool) -> str:
    """The figures of a period, one a line; those with nothing to say are left out."""
    screen = Screen(width, color)
    start, end = labels.date(measures.first), labels.date(measures.end)
    lines = [screen.ink(labels.get("dashboard.period", start=start, end=end), "bold")]
    rows = []
    for name, value in measures.values.items():
        shown = measure_text(name, value, overview.policy.currency, labels)
        if shown:
            rows.append((labels.get(f"metric.{name}"), shown))
    column = max((display_width(label) for label, _ in rows), default=0) + 2
    for label, shown in rows:
        lines += screen.hanging(label, shown, column)
    return _text(lines)


def problems_text(diagnostics: Sequence[Diagnostic], labels: Labels) -> str:
    """One problem a line, ``path:line:column: severity[code]: message``; below it what to do; how many."""
    if not diagnostics:
        return labels.get("dashboard.no_problems") + "\n"
    told = "".join(problem_text(each, labels) for each in diagnostics)
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    counts = labels.get("terminal.problems", errors=errors, warnings=len(diagnostics) - errors)
    return told + _text(["", counts])


def problem_text(problem: Diagnostic, labels: Labels) -> str:
    """``path:line:column: severity[code]: message``, and what to do on a line below."""
    place = terminal_text(str(problem.place))
    message, remedy = labels.message(problem), labels.remedy(problem)
    return _text([f"{place}: {problem.severity}[{problem.code}]: {message}", f"  {remedy}"])


def problems_json(diagnostics: Sequence[Diagnostic], labels: Labels) -> list[dict[str, Any]]:
    """The problems for other programs, as they stand in the export."""
    return [diagnostic_dict(each, labels) for each in diagnostics]


def github_text(diagnostics: Sequence[Diagnostic], labels: Labels) -> str:
    """The problems as annotations of a GitHub workflow (its workflow commands ``error`` and ``warning``)."""
    lines = []
    for each in diagnostics:
        values = (
            ("file", each.place.path),
            ("line", each.place.line),
            ("col", each.place.column),
            ("title", each.code),
        )
        properties = ",".join(f"{name}={_property(terminal_text(str(value)))}" for name, value in values)
        message = _data(f"{labels.message(each)} — {labels.remedy(each)}")
        lines.append(f"::{each.severity} {properties}::{message}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _agenda(overview: Overview, days: int, owner: str | None) -> tuple[list[Entry], list[Entry]]:
    """What is due, and what is planned from tomorrow on but for the contacts that are due already."""
    due = due_now(overview, owner)
    told = {each.number for each in due if not each.beside}
    ahead = [
        row
        for row in rows(overview, days_ahead(overview, days), owner, days_ahead(overview, 1))
        if row.beside or row.number not in told
    ]
    of = overview.assessments
    now = [row_of(each, overview, owner) for each in due]
    return [opened(row, of[row.number]) for row in now], [opened(row, of[row.number]) for row in ahead]


def _due(entry: Entry, overview: Overview, labels: Labels, screen: Screen) -> Iterator[str]:
    """An entry of today on a few lines behind the client's name."""
    standing = entry.assessment.standing
    head = [labels.name("tier", standing.tier)]
    if entry.contact:
        head.append(why_next(standing, labels))
    if entry.day > overview.day:
        head.append(labels.get("next.planned", day=labels.weekday(entry.day, overview.day)))
    more = [
        labels.joined(_items(entry, labels), "item"),
        labels.joined(openings(entry.assessment, labels), "sentence") if entry.contact else "",
        reach_line(reach_of(entry.assessment), labels),
    ]
    said = last_contact(standing, labels)
    if said:
        more.append(labels.get("next.last", said=said))
    ink = "red" if standing.contacting.overdue_days and entry.contact else "bold"
    yield from screen.hanging(f"  {entry.assessment.client.name}", " · ".join(head), NAME_COLUMN, ink)
    for text in more:
        if text:
            yield from screen.hanging("", text, NAME_COLUMN)


def _what(entry: Entry, labels: Labels) -> str:
    contact = [labels.get("next.title")] if entry.contact else []
    return labels.joined([*contact, *_items(entry, labels)], "item")


def _items(entry: Entry, labels: Labels) -> Iterator[str]:
    for touchpoint in entry.touchpoints:
        yield title_of(touchpoint, labels)
    for task in entry.tasks:
        yield labels.get("touchpoint.follow-up.title", subject=shortened(task.follow_up.text))


def _entry_dict(entry: Entry, labels: Labels) -> dict[str, Any]:
    one = entry.assessment
    return {
        "day": iso(entry.day),
        "client": one.client.name,
        "path": one.client.path,
        "owner": one.client.owner,
        "contact": entry.contact,
        "next_contact": iso(one.standing.contacting.next_day) if entry.contact else None,
        "why": why_next(one.standing, labels) if entry.contact else None,
        "touchpoints": [touchpoint_dict(touchpoint, labels) for touchpoint in entry.touchpoints],
        "tasks": [task_dict(task) for task in entry.tasks],
    }


def _summary(one: Assessment, overview: Overview, labels: Labels) -> Iterator[tuple[str, str]]:
    """The rows at the top of a client's page: key of the label, and text."""
    standing, client, day = one.standing, one.client, one.standing.day
    due = standing.contacting.next_day
    if due is None:
        stopped = client.do_not_contact and standing.known.status == "active"
        yield "next", labels.get("next.stopped" if stopped else "next.none")
    else:
        parts = [labels.weekday(due, day), why_next(standing, labels)]
        if one.planned is not None and one.planned != due:
            parts.append(labels.get("next.planned", day=labels.weekday(one.planned, day)))
        yield "next", " · ".join(parts)
    yield "health", f"{one.health.value} · {labels.name('band', one.health.band)}"
    points = points_of(one.client, overview)
    if points is not None:
        yield "points", labels.number(points)
    if due is not None:
        yield "say", labels.joined(what_to_say(one, labels), "sentence")
    reach = reach_line(reach_of(one), labels)
    if reach:
        yield "reach", reach
    people = [person for person in standing.known.people if person.name]
    if people or client.contact:
        yield "people", names_of(tuple(people) or standing.known.history.contacts, labels)


def _lists(one: Assessment, overview: Overview, labels: Labels) -> Iterator[tuple[str, list[str]]]:
    """The lists of a client's page: key of the title, and items, the latest first."""
    known, day = one.standing.known, overview.day
    yield "complaints", [" · ".join(complaint_parts(each, day, labels)) for each in known.complaints[::-1]]
    contacts = reversed(known.contacts[-LATEST:])
    yield "last_contacts", [conversation(each, day, labels, titled=True) for each in contacts]
    yield (
        "tasks",
        [labels.pair(labels.date(task.due, day), shortened(task.follow_up.text)) for task in one.tasks],
    )
    coming = coming_up(one)[:LATEST]
    yield "dates", [labels.pair(labels.date(each.planned, day), title_of(each, labels)) for each in coming]
    projects = [project_text(each, overview, labels) for each in reversed(known.counted[-LATEST:])]
    left = len(known.counted) - len(projects)
    projects += [labels.get("word.more", count=left)] if left > 0 else []
    currency = overview.policy.currency
    sums = (one.standing.amount_total.value, one.standing.amount_12m.value)
    total, recent = (measure_text("average_order", each, currency, labels) for each in sums)
    yield (
        "projects",
        [*projects, labels.get("terminal.total", amount=total, recent=recent)] if projects else [],
    )
    yield "feedback", [_answers(each, day, labels) for each in reversed(known.feedback[-LATEST:])]
    yield "about", list(about_texts(one.client, labels))


def _answers(answers: Feedback, day: date, labels: Labels) -> str:
    return labels.pair(labels.date(answers.day, day), labels.joined(answer_texts(answers, labels)))


def _warnings(one: Assessment, labels: Labels, screen: Screen) -> Iterator[str]:
    for warning in one.warnings:
        name = labels.get(f"warning.{warning.id}.name")
        text = f"{labels.pair(name, message_of(warning, labels))} → {step_of(warning, labels)}"
        yield from screen.hanging("  -", text, 4, INKS[warning.severity])


def reach_line(reach: Reach, labels: Labels) -> str:
    """The preferred channel, then numbers and addresses, on one line; empty without any."""
    channel = [labels.name("channel", reach.channel)] if reach.channel else []
    wechat = [f"{labels.name('channel', WECHAT)} {name}" for name in reach.wechat[:1]]
    if wechat and reach.channel == WECHAT:
        channel, wechat = wechat, []
    return " · ".join([*channel, *reach.phones[:2], *reach.emails[:2], *wechat])


def _text(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"
