"""The dashboard's sections about what to do: today, agenda, follow-ups, warnings, dates.

Each takes a `View` and gives Markdown without a heading; one fact a line, so that two machines' versions
merge. This module must not know in which note a section stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from vaultcrm.model.results import Assessment, ClientWarning, Task, Touchpoint
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.agenda import Entry, Pending, Row, days_ahead, follow_ups, opened, row_of, rows
from vaultcrm.render.lists import Item, Listing, Portrait, foremost, linked, listed
from vaultcrm.render.markup import (
    beside,
    blocks,
    callout,
    client_link,
    reach_text,
    sourced,
    sources,
    to_playbook,
)
from vaultcrm.render.text import markdown_text
from vaultcrm.render.view import View
from vaultcrm.render.wording import (
    HOLIDAY,
    idea_of,
    last_contact,
    message_of,
    openings,
    reach_of,
    shortened,
    step_of,
    title_of,
    why_next,
)
from vaultcrm.rules.tasks import task_order

CONTACTS_SHOWN = 10
BESIDES_SHOWN = 8
SLIPPING_SHOWN = 5
REASONS_SHOWN = 3
NAMES_SHOWN = 7
DAY_SHOWN = 10
TASKS_SHOWN = 20
WARNINGS_SHOWN = {"high": 20, "medium": 12, "low": 8}
DATES_SHOWN = 20
AGENDA_DAYS = 7
DATES_DAYS = 60
KEY_DATES = ("birthday", "important-date", HOLIDAY, "renewal")
CALLOUTS = {"high": "caution", "medium": "warning", "low": "note"}


class KeyDate(NamedTuple):
    """A date to remember of one client or (a holiday) of several, by number; ``day`` is an ordinal.

    ``item`` is the date of the first of them.
    """

    day: int
    numbers: list[int]
    item: Item


def head(view: View) -> str:
    """The day, and in figures what waits."""
    labels, due, cards = view.labels, view.due, view.cards
    active = sum(cards[number].is_active for number in view.owned)
    figures = (
        ("high", sum(cards[number].has_high for number in view.owned)),
        ("due", sum(not row.beside for row in due)),
        ("overdue", sum(cards[row.number].is_overdue for row in due if not row.beside)),
        ("tasks", len(view.follow_up_days)),
        ("problems", len(view.overview.diagnostics)),
    )
    lines = [labels.get("dashboard.counts", active=active)]
    lines += [labels.get(f"dashboard.{name}", count=count) for name, count in figures if count]
    as_of = labels.get("dashboard.as_of", day=labels.weekday(view.day))
    return blocks(as_of, "\n".join(f"- {line}" for line in lines))


def today(view: View) -> str:
    """Who is slipping away, then what is due: why, what to say, how to reach them, what was said last."""
    labels = view.labels
    due = view.due
    contacts = [each for each in due if not each.beside][: view.top(CONTACTS_SHOWN)]
    # birthdays and promises of the day are not hidden behind many contacts
    besides = [each for each in due if each.beside][: view.top(BESIDES_SHOWN)]
    shown = (row_of(each, view.overview, view.owner) for each in (*contacts, *besides))
    lines = [_row("dashboard.today", row, view, _today) for row in shown]
    more = len(due) - len(contacts) - len(besides)
    if more:
        lines.append(f"- {labels.get('dashboard.more_today', count=more)}")
    if not due:
        lines.append(labels.get("dashboard.nothing_today"))
    return blocks(_slipping(view) if view.whole else "", "\n".join(lines))


def agenda(view: View) -> str:
    """What is planned day by day; within the dashboard from tomorrow on, as `today` stands above."""
    labels = view.labels
    days = AGENDA_DAYS if view.days is None else view.days
    by_day: dict[date, list[Row]] = {}
    first = days_ahead(view.overview, 1) if view.whole else view.day
    for row in rows(view.overview, days_ahead(view.overview, days), view.owner, first):
        by_day.setdefault(row.day, []).append(row)
    if not by_day:
        return labels.get("dashboard.nothing_agenda", days=days)
    lines = []
    for day, found in by_day.items():
        lines.append(f"- **{labels.weekday(day, view.day)}**")
        lines += [f"  {line}" for line in listed(view, found, DAY_SHOWN, _planned)]
    return "\n".join(lines)


def tasks(view: View) -> str:
    """Open follow-ups, the longest overdue first, each with the note that it stands in."""
    days = view.follow_up_days
    if view.days is not None:
        days = days[: bisect_right(days, days_ahead(view.overview, view.days).toordinal())]
    if not days:
        return view.labels.get("dashboard.no_tasks")
    top = min(view.top(TASKS_SHOWN), len(days))
    near = follow_ups(view.overview, view.owner, days[top - 1]) if top else ()
    shown = foremost(near, top, lambda each: each.day, lambda each: _task_place(each, view))
    return "\n".join(listed(view, shown, TASKS_SHOWN, _task, len(days)))


def warnings(view: View) -> str:
    """All warnings, the severe ones first, each with its next step and the notes that it came from."""
    by_severity: dict[str, list[Item]] = {severity: [] for severity in CALLOUTS}
    for item in WARNINGS.items(view, view.by_urgency):
        (severity,) = item.key
        by_severity[severity].append(item)
    parts = []
    for severity, found in by_severity.items():
        if found:
            name = view.labels.name("severity", severity)
            title = f"{name[:1].upper()}{name[1:]}{view.labels.aside(len(found))}"
            lines = listed(view, found, WARNINGS_SHOWN[severity], WARNINGS.line)
            parts.append(callout(CALLOUTS[severity], title, lines))
    return blocks(*parts) or view.labels.get("dashboard.no_warnings")


def dates(view: View) -> str:
    """Birthdays, important dates, holidays and contract ends of the time ahead."""
    days = DATES_DAYS if view.days is None else view.days
    found = _key_dates(view, days_ahead(view.overview, days).toordinal())
    if not found:
        return view.labels.get("dashboard.no_dates", days=days)
    top = view.top(DATES_SHOWN)
    shown = foremost(
        found, top, lambda each: (each.day, each.numbers[0]), lambda each: DATES.line(each.item, view)
    )
    return "\n".join(listed(view, shown, DATES_SHOWN, _key_date))


def _row(name: str, row: Row, view: View, write: Callable[[Entry, View], str]) -> str:
    """What is written of a row of the agenda."""
    return view.part(row.number, (name, *row.name), lambda one, view: write(opened(row, one), view))


def _today(entry: Entry, view: View) -> str:
    return "\n".join(_entry(entry, view))


def _planned(row: Row, view: View) -> str:
    return _row("dashboard.agenda", row, view, _brief)


def _entry(entry: Entry, view: View) -> Iterator[str]:
    """An item of today's list with its lines below."""
    labels, assessment = view.labels, entry.assessment
    standing = assessment.standing
    parts = [f"**{client_link(assessment.client)}**", markdown_text(labels.name("tier", standing.tier))]
    if entry.contact:
        parts.append(markdown_text(why_next(standing, labels)))
    if entry.day > view.day:
        parts.append(labels.get("next.planned", day=labels.weekday(entry.day, view.day)))
    yield "- " + " · ".join(parts)
    if entry.contact:
        yield "  - " + labels.pair(
            labels.get("reason.say"), labels.joined(openings(assessment, labels), "sentence")
        )
    bundled = [touchpoint for touchpoint in entry.touchpoints if touchpoint.bundled]
    if bundled:
        yield f"  - {_bundle(bundled, assessment, view)}"
    for touchpoint in entry.touchpoints:
        if not touchpoint.bundled:
            yield f"  - {_touchpoint(touchpoint, assessment, view)}"
    for task in entry.tasks:
        yield beside(f"  - {_promise(task, view)}", task.follow_up.path, assessment.client)
    reach = reach_text(reach_of(assessment), labels)
    if reach:
        yield "  - " + labels.pair(labels.get("reason.reach"), reach)
    said = last_contact(standing, labels)
    if said and standing.contacting.last is not None:
        text = markdown_text(labels.get("next.last", said=said))
        yield beside(f"  - {text}", standing.contacting.last.path, assessment.client)


def _brief(entry: Entry, view: View) -> str:
    """A client of the agenda on one line."""
    labels = view.labels
    what = [labels.get("next.title")] if entry.contact else []
    what += [markdown_text(title_of(touchpoint, labels)) for touchpoint in entry.touchpoints]
    what += [_promise(task, view) for task in entry.tasks]
    return f"{client_link(entry.assessment.client)} · {labels.joined(what)}"


def _bundle(bundled: Sequence[Touchpoint], assessment: Assessment, view: View) -> str:
    """What goes along with a contact: one conversation, so one line."""
    labels = view.labels
    titles = labels.joined([to_playbook(title_of(each, labels), each.id, view) for each in bundled])
    places = [place for touchpoint in bundled for place in touchpoint.occurrence.finding.places]
    found = sources(places, assessment.client)
    line = labels.pair(labels.get("reason.bring"), titles)
    return f"{line} · {found}" if found else line


def _touchpoint(touchpoint: Touchpoint, assessment: Assessment, view: View) -> str:
    """A touchpoint of its own, with what to say."""
    labels = view.labels
    title = f"**{to_playbook(title_of(touchpoint, labels), touchpoint.id, view)}**"
    if touchpoint.due != view.day:
        title += labels.aside(labels.date(touchpoint.due, view.day))
    idea = idea_of(touchpoint, labels)
    line = labels.pair(title, idea) if idea else title
    return sourced(line, touchpoint.occurrence.finding, assessment.client)


def task_line(task: Task, view: View) -> str:
    """A follow-up: when it is due, what was promised, where it was written."""
    late = (view.day - task.due).days
    day = view.labels.date(task.due, view.day)
    when = day + view.labels.aside(view.labels.get("dashboard.late", days=late)) if late > 0 else day
    text = markdown_text(shortened(task.follow_up.text))
    return beside(f"{when} · {text} · {client_link(task.client)}", task.follow_up.path, task.client)


def _promise(task: Task, view: View) -> str:
    return markdown_text(
        view.labels.get("touchpoint.follow-up.title", subject=shortened(task.follow_up.text))
    )


def warning_line(found: tuple[Assessment, ClientWarning], view: View) -> str:
    """A warning: what is wrong, the next step, whose it is, the notes that it came from."""
    assessment, warning = found
    labels, client = view.labels, assessment.client
    message = markdown_text(message_of(warning, labels))
    name = to_playbook(labels.get(f"warning.{warning.id}.name"), warning.id, view)
    owner = labels.aside(markdown_text(client.owner)) if client.owner else ""
    said = labels.pair(f"**{client_link(client)}** {name}", message)
    line = f"{said} → {step_of(warning, labels)}{owner}"
    return sourced(line, warning.finding, client)


def _task(each: Pending, view: View) -> str:
    def write(one: Assessment, view: View) -> str:
        return task_line(one.tasks[each.place], view)

    return view.part(each.number, ("dashboard.task", each.place), write)


def _task_place(each: Pending, view: View) -> tuple[Any, ...]:
    """What follow-ups of one day are sorted by."""

    def place_of(one: Assessment, _: View) -> tuple[Any, ...]:
        return task_order(one.tasks[each.place])[1:]

    return view.part(each.number, ("dashboard.task place", each.place), place_of)


def _slipping(view: View) -> str:
    found = [number for number in view.by_urgency if view.cards[number].has_high]
    if not found:
        return ""
    title = view.labels.get("dashboard.slipping")
    return callout("caution", title, listed(view, found, SLIPPING_SHOWN, WORST.line))


def _worst(assessment: Assessment, view: View) -> str:
    high = [warning for warning in assessment.warnings if warning.severity == "high"]
    said = [markdown_text(message_of(warning, view.labels)) for warning in high[:REASONS_SHOWN]]
    if len(high) > REASONS_SHOWN:
        said.append(view.labels.get("word.more", count=len(high) - REASONS_SHOWN))
    return view.labels.pair(f"**{client_link(assessment.client)}**", " · ".join(said))


def _key_dates(view: View, last: int) -> list[KeyDate]:
    """Each date with its client; those of one holiday together."""
    found: list[KeyDate] = []
    holidays: dict[tuple[int, str], KeyDate] = {}
    for item in DATES.items(view, view.owned):
        day, id_, subject = item.key
        if day > last:
            continue
        if id_ == HOLIDAY and (day, subject) in holidays:
            holidays[day, subject].numbers.append(item.number)
            continue
        found.append(KeyDate(day, [item.number], item))
        if id_ == HOLIDAY:
            holidays[day, subject] = found[-1]
    return found


def _key_date(each: KeyDate, view: View) -> str:
    day = view.labels.weekday(date.fromordinal(each.day), view.day)
    title = markdown_text(DATES.line(each.item, view))
    return f"{day} · {title} · {linked(view, each.numbers, NAMES_SHOWN)}"


def _dates_of(one: Assessment) -> Sequence[Touchpoint]:
    return [touchpoint for touchpoint in one.touchpoints if touchpoint.id in KEY_DATES]


WARNINGS = Listing(
    "dashboard.warnings", lambda one: one.warnings, lambda each: (each.severity,), warning_line
)

DATES = Listing(
    "dashboard.dates",
    _dates_of,
    lambda each: (each.due.toordinal(), each.id, each.occurrence.subject),
    lambda found, view: title_of(found[1], view.labels),
)
"""Dates to remember with what is told of them: a holiday may be that of several clients."""

WORST = Portrait("dashboard.worst", _worst)
