"""The dashboard's sections about what to do: today, agenda, follow-ups, warnings, dates.

Each takes a `View` and gives Markdown without a heading; one fact a line, so that two machines' versions
merge. This module must not know in which note a section stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from vaultcrm.model.results import Assessment, ClientWarning, Task, Touchpoint
from vaultcrm.render.agenda import Entry, days_ahead, entries
from vaultcrm.render.markup import (
    View,
    beside,
    blocks,
    callout,
    client_link,
    listed,
    reach_text,
    sourced,
    sources,
    to_playbook,
)
from vaultcrm.render.text import markdown_text
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
from vaultcrm.rules.tasks import is_for

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
    """A date to remember, of one client or (a holiday) of several; ``assessments`` by name."""

    day: date
    title: str
    assessments: list[Assessment]


def head(view: View) -> str:
    """The day, and in figures what waits."""
    overview, labels = view.overview, view.labels
    due = view.due
    active = sum(
        one.standing.known.status == "active" for one in overview.assessments if view.owns(one.client)
    )
    figures = (
        ("high", sum(has_high(one) for one in overview.assessments if view.owns(one.client))),
        ("due", sum(entry.contact for entry in due)),
        (
            "overdue",
            sum(entry.assessment.standing.contacting.overdue_days > 0 for entry in due if entry.contact),
        ),
        ("tasks", sum(is_for(task, view.owner) for task in overview.tasks)),
        ("problems", len(overview.diagnostics)),
    )
    lines = [labels.get("dashboard.counts", active=active)]
    lines += [labels.get(f"dashboard.{name}", count=count) for name, count in figures if count]
    as_of = labels.get("dashboard.as_of", day=labels.weekday(view.day))
    return blocks(as_of, "\n".join(f"- {line}" for line in lines))


def today(view: View) -> str:
    """Who is slipping away, then what is due: why, what to say, how to reach them, what was said last."""
    labels = view.labels
    due = view.due
    contacts = [entry for entry in due if entry.contact][: view.top(CONTACTS_SHOWN)]
    # birthdays and promises of the day are not hidden behind many contacts
    besides = [entry for entry in due if not entry.contact][: view.top(BESIDES_SHOWN)]
    lines = [line for entry in (*contacts, *besides) for line in _entry(entry, view)]
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
    planned = entries(view.overview, days_ahead(view.overview, days), view.owner)
    by_day: dict[date, list[Entry]] = {}
    for entry in planned:
        if entry.day > view.day or not view.whole:
            by_day.setdefault(entry.day, []).append(entry)
    if not by_day:
        return labels.get("dashboard.nothing_agenda", days=days)
    lines = []
    for day, found in by_day.items():
        lines.append(f"- **{labels.weekday(day, view.day)}**")
        lines += [f"  {line}" for line in listed(view, found, DAY_SHOWN, _brief)]
    return "\n".join(lines)


def tasks(view: View) -> str:
    """Open follow-ups, the longest overdue first, each with the note that it stands in."""
    found = [task for task in view.overview.tasks if is_for(task, view.owner)]
    if view.days is not None:
        found = [task for task in found if task.due <= days_ahead(view.overview, view.days)]
    if not found:
        return view.labels.get("dashboard.no_tasks")
    return "\n".join(listed(view, found, TASKS_SHOWN, task_line))


def warnings(view: View) -> str:
    """All warnings, the severe ones first, each with its next step and the notes that it came from."""
    by_severity: dict[str, list[tuple[Assessment, ClientWarning]]] = {severity: [] for severity in CALLOUTS}
    for assessment in view.by_urgency:
        for warning in assessment.warnings:
            by_severity[warning.severity].append((assessment, warning))
    parts = []
    for severity, found in by_severity.items():
        if found:
            name = view.labels.name("severity", severity)
            title = f"{name[:1].upper()}{name[1:]}{view.labels.aside(len(found))}"
            lines = listed(view, found, WARNINGS_SHOWN[severity], warning_line)
            parts.append(callout(CALLOUTS[severity], title, lines))
    return blocks(*parts) or view.labels.get("dashboard.no_warnings")


def dates(view: View) -> str:
    """Birthdays, important dates, holidays and contract ends of the time ahead."""
    days = DATES_DAYS if view.days is None else view.days
    last = days_ahead(view.overview, days)
    found = sorted(
        _key_dates(view, last), key=lambda each: (each.day, each.assessments[0].client.name, each.title)
    )
    if not found:
        return view.labels.get("dashboard.no_dates", days=days)
    return "\n".join(listed(view, found, DATES_SHOWN, _key_date))


def has_high(assessment: Assessment) -> bool:
    """Whether a client has a warning of high severity."""
    return any(warning.severity == "high" for warning in assessment.warnings)


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


def _slipping(view: View) -> str:
    found = [one for one in view.by_urgency if has_high(one)]
    if not found:
        return ""
    title = view.labels.get("dashboard.slipping")
    return callout("caution", title, listed(view, found, SLIPPING_SHOWN, _worst))


def _worst(assessment: Assessment, view: View) -> str:
    high = [warning for warning in assessment.warnings if warning.severity == "high"]
    said = [markdown_text(message_of(warning, view.labels)) for warning in high[:REASONS_SHOWN]]
    if len(high) > REASONS_SHOWN:
        said.append(view.labels.get("word.more", count=len(high) - REASONS_SHOWN))
    return view.labels.pair(f"**{client_link(assessment.client)}**", " · ".join(said))


def _key_dates(view: View, last: date) -> Sequence[KeyDate]:
    """Each date with its client; those of one holiday together."""
    found: list[KeyDate] = []
    holidays: dict[tuple[date, str], KeyDate] = {}
    for assessment in view.overview.assessments:
        if not view.owns(assessment.client):
            continue
        for touchpoint in assessment.touchpoints:
            if touchpoint.id not in KEY_DATES or touchpoint.due > last:
                continue
            key = touchpoint.due, touchpoint.occurrence.subject
            if touchpoint.id == HOLIDAY and key in holidays:
                holidays[key].assessments.append(assessment)
                continue
            found.append(KeyDate(touchpoint.due, title_of(touchpoint, view.labels), [assessment]))
            if touchpoint.id == HOLIDAY:
                holidays[key] = found[-1]
    return found


def _key_date(each: KeyDate, view: View) -> str:
    links = [client_link(one.client) for one in each.assessments[:NAMES_SHOWN]]
    if len(each.assessments) > NAMES_SHOWN:
        links.append(view.labels.get("word.more", count=len(each.assessments) - NAMES_SHOWN))
    day = view.labels.weekday(each.day, view.day)
    return f"{day} · {markdown_text(each.title)} · {view.labels.joined(links)}"
