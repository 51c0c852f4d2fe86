"""Which events of a client a feed has (specification 4, Feed): one per next contact, touchpoint, dated task.

Nothing is remembered between two feeds. This module must not know how an event becomes iCalendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from vaultcrm.model.frozen import replace
from vaultcrm.model.note import Place
from vaultcrm.model.records import Client, Person, YearlyDate
from vaultcrm.model.results import Assessment, Task, Touchpoint
from vaultcrm.render import event_text as say
from vaultcrm.render.event_draft import (
    BRIEF_LINES,
    EPOCH,
    Case,
    Draft,
    Event,
    Moment,
    Scene,
    Slot,
    Text,
    described,
    link_to,
    slot_of,
)
from vaultcrm.render.identity import event_uid, evidence_place
from vaultcrm.render.text import one_line, shorten
from vaultcrm.rules.days import yearly_on
from vaultcrm.rules.known import is_muted, owner_key

BIRTHDAY = "birthday"
IMPORTANT_DATE = "important-date"
HOLIDAY = "holiday"
REFERRAL_ASK = "referral-ask"
EVENTS_PER_CLIENT = 200


def client_slots(case: Case) -> list[Slot]:
    """The events of a client but festivals, by day then UID, at most 200; none unless the client is active.

    What goes along with a next contact is told in that event, and has one of its own only where the feed
    leaves the next contact out. A follow-up touchpoint is its task's event.
    """
    if case.assessment.standing.known.status != "active":
        return []
    return sorted(_slots(case), key=lambda slot: (slot.start, slot.uid))[:EVENTS_PER_CLIENT]


def greetings(scene: Scene, assessment: Assessment) -> Iterator[tuple[date, str]]:
    """The festivals on which a client is greeted: their day and their name."""
    owners = (assessment.client.owner,)
    for each in assessment.touchpoints:
        if each.id == HOLIDAY and _wanted(scene, HOLIDAY, each.planned, owners):
            yield each.due, each.occurrence.subject


def _slots(case: Case) -> Iterator[Slot]:
    scene, assessment = case.scene, case.assessment
    owner, planned = assessment.client.owner, assessment.planned
    told = planned is not None and _wanted(scene, say.NEXT_CONTACT, planned, (owner,))
    if told and planned is not None:
        yield _next_contact(case, planned)
    for number, each in enumerate(assessment.touchpoints):
        task = each.occurrence.task
        owners = task.owners if task is not None and task.owners else (owner,)
        separate = each.id != HOLIDAY and not (each.bundled and told)
        if separate and _wanted(scene, each.id, each.planned, owners):
            yield from _touchpoint(case, number, each)
    if assessment.client.do_not_contact:
        yield from _own_tasks(case)


def _next_contact(case: Case, planned: date) -> Slot:
    standing = case.assessment.standing
    contacting = standing.contacting
    due = contacting.next_day or planned
    bundled = [each for each in case.assessment.touchpoints if each.bundled]
    findings = (contacting.next, *(each.occurrence.finding for each in bundled))
    draft = Draft(
        case,
        say.NEXT_CONTACT,
        0,
        (),
        partial(_contact_text, case, bundled),
        "contact",
        tuple(each for each in findings if each is not None),
    )
    # with neither contact nor sign of life the day asked about is due, and moves with it
    adrift = contacting.agreed is None and contacting.last is None and standing.known.last_sign is None
    moves = due < case.scene.day or (adrift and standing.client.snooze_until != due)
    return slot_of(draft, Moment(planned, due, moves))


def _contact_text(case: Case, bundled: list[Touchpoint]) -> Text:
    labels = case.scene.labels
    titles = [say.contact_title(case.assessment, labels)]
    titles += [say.touchpoint_title(each.occurrence, labels, private=True) for each in bundled]
    return Text(" + ".join(titles), tuple(say.contact_lines(case.assessment, bundled, labels)))


def _touchpoint(case: Case, number: int, touchpoint: Touchpoint) -> Iterator[Slot]:
    """The event of a touchpoint, or the series, or the years, of a yearly date."""
    scene, occurrence = case.scene, touchpoint.occurrence
    names = (case.anchors.key(occurrence),)
    text = partial(_touchpoint_text, case, touchpoint)
    draft = Draft(case, touchpoint.id, number, names, text, occurrence.kind, (occurrence.finding,))
    due = say.natural_due(occurrence, scene.overview.policy)
    yearly = _yearly(case, touchpoint)
    if yearly is None:
        moves = due < scene.day or touchpoint.id == REFERRAL_ASK
        yield slot_of(draft, Moment(touchpoint.planned, due, moves))
    elif yearly.lunar or (touchpoint.id == BIRTHDAY and yearly.year is not None):
        yield from _years(draft, yearly, due)
    else:
        yield from _series(draft, yearly, due)


def _touchpoint_text(case: Case, touchpoint: Touchpoint) -> Text:
    labels = case.scene.labels
    lines = (*say.touchpoint_lines(touchpoint, labels),)
    if touchpoint.id == BIRTHDAY and not case.scene.private:
        lines += (*say.born_lines(touchpoint.occurrence.subject, case.assessment, labels),)
    return Text(_title(case, touchpoint), lines)


def _series(draft: Draft, yearly: YearlyDate, due: date) -> Iterator[Slot]:
    """A yearly date as an event that repeats from its next day on; a belated one has its own besides."""
    day = draft.case.scene.day
    start = due
    if due < day:
        yield slot_of(draft, Moment(day, due, moves=True, year=due.year))
        start = yearly_on(yearly, due.year + 1) or due
    once = slot_of(draft, Moment(start, start, moves=False))
    yield once._replace(write=partial(_repeated, once, yearly, day))


def _repeated(once: Slot, yearly: YearlyDate, day: date) -> Event:
    event = once.write()
    # the series began to start on this day once the one before was over
    before = yearly_on(yearly, event.start.year - 1)
    revised = max(event.revised, before) if before is not None and before <= day else event.revised
    return replace(event, revised=revised, yearly=True, month_end=(yearly.month, yearly.day) == (2, 29))


def _years(draft: Draft, yearly: YearlyDate, due: date) -> Iterator[Slot]:
    """A yearly date as one event a year: the lunar calendar has no rule, and the age is another each year."""
    day = draft.case.scene.day
    # the last months of a lunar year lie in the next solar one
    year = next((each for each in (due.year, due.year - 1) if yearly_on(yearly, each) == due), due.year)
    belated = due < day
    if belated:
        yield slot_of(draft, Moment(day, due, True, year, _age(draft, yearly, year)))
    first = year + belated
    for each in range(first, first + draft.case.scene.feed.years_ahead):
        when = yearly_on(yearly, each)
        if when is not None:
            yield slot_of(draft, Moment(when, when, False, each, _age(draft, yearly, each), each > first))


def _own_tasks(case: Case) -> Iterator[Slot]:
    """Dated tasks of an active client who is not to be contacted, and so has no touchpoints."""
    scene, client = case.scene, case.assessment.client
    if is_muted(client, say.FOLLOW_UP, scene.day):
        return
    for number, task in enumerate(case.assessment.tasks):
        planned = max(task.due, scene.day)
        owners = task.follow_up.owners or (client.owner,)
        if task.follow_up.due is not None and _wanted(scene, say.FOLLOW_UP, planned, owners):
            names = (case.anchors.task_key(task.follow_up.place),)
            draft = Draft(case, say.FOLLOW_UP, number, names, partial(_task_text, case, task), None, ())
            yield slot_of(draft, Moment(planned, task.due, moves=task.due < scene.day))


def _task_text(case: Case, task: Task) -> Text:
    labels = case.scene.labels
    title = labels.get("feed.task") if case.scene.private else one_line(task.follow_up.text)
    return Text(title, tuple(say.task_lines(task, labels)))


def festival(scene: Scene, due: date, name: str, whom: Sequence[int], greeted: Callable[[int], str]) -> Slot:
    """One event for all who are greeted; it leads to the dashboard. ``greeted`` gives the line of one."""
    uid, planned = event_uid(HOLIDAY, name, year=due.year), max(due, scene.day)
    write = partial(_greetings, scene, uid, due, name, whom, greeted)
    return Slot(False, planned.toordinal(), True, uid, 0, write)


def _greetings(
    scene: Scene, uid: str, due: date, name: str, whom: Sequence[int], greeted: Callable[[int], str]
) -> Event:
    labels, planned = scene.labels, max(due, scene.day)
    dashboard = scene.overview.policy.paths.dashboard
    link = None if scene.private or dashboard is None else link_to(scene, dashboard)
    due_lines = tuple(say.due_line(due, planned, scene.day, labels))
    lines = due_lines if scene.private else (*due_lines, *say.greeting_lines(whom, greeted, labels))
    busy = scene.feed.privacy == "busy"
    title = labels.get("feed.holiday", festival=labels.name("festival", name), count=len(whom))
    return Event(
        uid=uid,
        kind=HOLIDAY,
        start=planned,
        summary=labels.get("feed.busy") if busy else title,
        revised=scene.day if due < scene.day else EPOCH,
        description="" if busy else described(lines, link),
        brief="" if busy else described(lines[:BRIEF_LINES], link),
        url=link,
        categories=() if busy else (HOLIDAY, "greeting"),
    )


def _title(case: Case, touchpoint: Touchpoint) -> str:
    """A touchpoint's title; a birthday is the client's own, or one of their people's."""
    scene, occurrence = case.scene, touchpoint.occurrence
    if occurrence.id == BIRTHDAY and not scene.private:
        place = evidence_place(occurrence.finding, "yearly")
        own = place is not None and place.path == case.assessment.client.path
        subject = None if own else shorten(one_line(occurrence.subject), say.TITLE_CAP)
        return scene.labels.get("feed.title-birthday", subject=subject)
    return say.touchpoint_title(occurrence, scene.labels, private=scene.private)


def _age(draft: Draft, yearly: YearlyDate, year: int) -> int | None:
    """The age that is reached in a year, where the year of birth is known and may be told."""
    if draft.kind != BIRTHDAY or yearly.year is None or year <= yearly.year or draft.case.scene.private:
        return None
    return year - yearly.year


def _yearly(case: Case, touchpoint: Touchpoint) -> YearlyDate | None:
    """The yearly date behind a birthday or important date; None for all else, and for what comes once."""
    if touchpoint.id not in (BIRTHDAY, IMPORTANT_DATE):
        return None
    finding = touchpoint.occurrence.finding
    place, value = evidence_place(finding, "yearly"), finding.numbers.get("yearly")
    is_once = touchpoint.id == IMPORTANT_DATE and place in _single_days(case.assessment)
    return value if isinstance(value, YearlyDate) and not is_once else None


def _single_days(assessment: Assessment) -> set[Place]:
    """Where important dates are written that come once."""
    history = assessment.standing.known.history
    records: tuple[Client | Person, ...] = (history.client, *history.people)
    return {
        record.place._replace(line=each.line, column=1)
        for record in records
        for each in record.important_dates
        if each.once
    }


def _wanted(scene: Scene, kind: str, planned: date, owners: Sequence[str | None]) -> bool:
    """Whether the feed's filters and its horizon, both ends included, let an event through."""
    feed = scene.feed
    if feed.kinds and kind not in feed.kinds:
        return False
    if feed.key_dates_only and kind not in KEY_DATES:
        return False
    if feed.owners and not {*map(owner_key, feed.owners)} & {*map(owner_key, owners)}:
        return False
    return planned <= scene.last and (scene.day - planned).days <= feed.days_back


KEY_DATES: frozenset[str] = frozenset({BIRTHDAY, IMPORTANT_DATE, HOLIDAY, "renewal"})
"""What a feed of key dates only lets through (specification 1, system 9)."""
