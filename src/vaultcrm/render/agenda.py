"""What is to be done on which day, as rows: the dashboard's lists and the terminal's agenda are made of them.

A row is one client on one day: the next contact with what goes along, touchpoints of that day, follow-ups.
This module must not know how rows are written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from vaultcrm.model.results import Assessment, Overview, Task, Touchpoint
from vaultcrm.render.wording import FOLLOW_UP
from vaultcrm.rules.tasks import is_for


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to do for one client on one day.

    ``contact``: their next contact is planned on that day. ``touchpoints`` are those planned on it, bundled
    ones first; follow-ups are told by ``tasks``, those of the day (on the first day: overdue ones too).
    """

    day: date
    assessment: Assessment
    contact: bool
    touchpoints: tuple[Touchpoint, ...]
    tasks: tuple[Task, ...]


def entries(overview: Overview, last: date, owner: str | None = None) -> tuple[Entry, ...]:
    """All that is planned up to ``last`` (inclusive), by day, then as priority has it, then by name and path.

    Touchpoints are shown from their lead on (specification 3, Touchpoints). What is overdue stands on the day
    asked about.
    """
    by_path = _tasks_by_day(overview, last, owner)
    rows = [
        entry
        for assessment in overview.assessments
        for entry in _of_client(
            assessment, overview.day, last, owner, by_path.get(assessment.client.path, {})
        )
    ]
    return tuple(sorted(rows, key=_order))


def due_now(overview: Overview, owner: str | None = None) -> tuple[Entry, ...]:
    """What is due on the day asked about, those first whose planned day is near.

    A contact that is due counts whatever day it is planned for: on a day off, or where there is no room, that
    is a later one.
    """
    rows = {entry.assessment.client.path: entry for entry in entries(overview, overview.day, owner)}
    for assessment in overview.assessments:
        due, planned = assessment.standing.contacting.next_day, assessment.planned
        if due is None or planned is None or due > overview.day or not _owned(assessment, owner):
            continue
        path = assessment.client.path
        entry = rows.get(path)
        if entry is None or not entry.contact:
            bundled = _bundled(assessment, planned, overview.day)
            touchpoints, tasks = (entry.touchpoints, entry.tasks) if entry else ((), ())
            rows[path] = Entry(planned, assessment, True, bundled + touchpoints, tasks)
    return tuple(sorted(rows.values(), key=_order))


def _of_client(
    assessment: Assessment, day: date, last: date, owner: str | None, tasks: Mapping[date, list[Task]]
) -> Iterator[Entry]:
    own = _owned(assessment, owner)
    touchpoints: dict[date, list[Touchpoint]] = {}
    for touchpoint in assessment.touchpoints if own else ():
        if touchpoint.planned <= last and touchpoint.show_from <= day and touchpoint.id != FOLLOW_UP:
            touchpoints.setdefault(touchpoint.planned, []).append(touchpoint)
    planned = assessment.planned if own and assessment.planned and assessment.planned <= last else None
    for each in {*touchpoints, *tasks, *([planned] if planned else [])}:
        found = sorted(touchpoints.get(each, []), key=lambda touchpoint: not touchpoint.bundled)
        yield Entry(each, assessment, each == planned, tuple(found), tuple(tasks.get(each, ())))


def _bundled(assessment: Assessment, planned: date, day: date) -> tuple[Touchpoint, ...]:
    """What goes along with a contact on its planned day."""
    return tuple(
        each
        for each in assessment.touchpoints
        if each.bundled and each.planned == planned and each.show_from <= day and each.id != FOLLOW_UP
    )


def _tasks_by_day(overview: Overview, last: date, owner: str | None) -> dict[str, dict[date, list[Task]]]:
    found: dict[str, dict[date, list[Task]]] = {}
    for task in overview.tasks:
        if task.due <= last and is_for(task, owner):
            days = found.setdefault(task.client.path, {})
            days.setdefault(max(task.due, overview.day), []).append(task)
    return found


def _owned(assessment: Assessment, owner: str | None) -> bool:
    return owner is None or (assessment.client.owner or "").casefold() == owner.casefold()


def days_ahead(overview: Overview, days: int) -> date:
    """The last of so many days ahead, the day asked about not counted."""
    return overview.day + timedelta(days=days)


def _order(entry: Entry) -> tuple[date, int, Fraction, str, str]:
    """By day; contacts before the rest; the highest priority first."""
    client = entry.assessment.client
    priority = entry.assessment.priority if entry.contact and entry.assessment.priority else Fraction(0)
    return entry.day, not entry.contact, -priority, client.name, client.path
