"""Which events a calendar feed has (specification 4, Feed): one per next contact, touchpoint and dated task.

An `Event` is a pure value; how it becomes iCalendar is not known here. Nothing is remembered between two
feeds: an event's revision follows from the dates of what it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from unicodedata import normalize

from vaultcrm.model.policy import Feed
from vaultcrm.model.records import YearlyDate
from vaultcrm.model.results import Assessment, Finding, Overview, Touchpoint
from vaultcrm.render import event_text as say
from vaultcrm.render.identity import Anchors, client_keys, event_uid, evidence_place
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import obsidian_uri, one_line, shorten
from vaultcrm.rules.days import add_months, yearly_on
from vaultcrm.rules.known import is_muted

BIRTHDAY = "birthday"
IMPORTANT_DATE = "important-date"
HOLIDAY = "holiday"
REFERRAL_ASK = "referral-ask"
DESCRIPTION_CAP = 2000
LINK_CAP = 1000
BRIEF_LINES = 2
EVENTS_PER_CLIENT = 200
EPOCH = date(2000, 1, 1)
"""What is not dated at all was last revised on this day, from which revisions are counted."""


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event on ``start`` alone.

    ``kind`` is the rule's id. ``yearly`` repeats it every year, with ``month_end`` on February's last day.
    ``brief`` is a short description with the link, for a feed that would get too large; there what
    ``can_wait`` (long overdue, or a yearly date's later years) goes first. ``revised`` is the day of the last
    change as far as the evidence tells.
    """

    uid: str
    kind: str
    start: date
    summary: str
    revised: date
    description: str = ""
    brief: str = field(default="", repr=False)
    can_wait: bool = field(default=False, repr=False)
    url: str | None = None
    categories: tuple[str, ...] = ()
    yearly: bool = False
    month_end: bool = False


def feed_events(overview: Overview, feed: Feed, labels: Labels, vault_name: str) -> tuple[Event, ...]:
    """The events of a feed, sorted by UID, each UID once, at most 200 a client.

    Clients who are not active have none. What goes along with a next contact is told in that event, and has
    one of its own only where the feed leaves the next contact out. A follow-up touchpoint is its task's
    event. Of a festival there is one, whoever is greeted.
    """
    scene = _Scene(overview, feed, labels, vault_name)
    keys = client_keys(overview)
    found: list[Event] = []
    greetings: dict[tuple[date, str], list[Assessment]] = {}
    for assessment in overview.assessments:
        client = assessment.client
        if feed.tiers and assessment.standing.tier not in feed.tiers:
            continue
        if assessment.standing.known.status == "active":
            case = _case(scene, assessment, keys[client.path])
            events = sorted(_client_events(case), key=lambda event: (event.start, event.uid))
            found += events[:EVENTS_PER_CLIENT]
        for each in assessment.touchpoints:
            if each.id == HOLIDAY and _wanted(scene, HOLIDAY, each.planned, (client.owner,)):
                greetings.setdefault((each.due, each.occurrence.subject), []).append(assessment)
    found += [_festival(scene, due, name, whom) for (due, name), whom in greetings.items()]
    return _distinct(found)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all events of a feed are made with."""

    overview: Overview
    feed: Feed
    labels: Labels
    vault_name: str

    @property
    def day(self) -> date:
        return self.overview.day

    @property
    def private(self) -> bool:
        return self.feed.privacy != "full"


@dataclass(frozen=True, slots=True)
class _Case:
    """What all events of a client are made with: what identifies the client, and what each of them tells."""

    scene: _Scene
    assessment: Assessment
    key: str
    anchors: Anchors
    noted: frozenset[date | None]
    link: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the event, or the events, of one thing share. ``names`` lead to the UID."""

    case: _Case
    kind: str
    names: tuple[str, ...]
    title: str
    lines: tuple[str, ...]
    record_kind: str | None
    findings: tuple[Finding, ...]


def _case(scene: _Scene, assessment: Assessment, key: str) -> _Case:
    anchors = Anchors(assessment.standing.known.history)
    noted = frozenset(task.follow_up.noted for task in assessment.tasks)
    if scene.private:
        return _Case(scene, assessment, key, anchors, noted, None, ())
    facts = tuple(say.client_lines(assessment, scene.labels))
    return _Case(scene, assessment, key, anchors, noted, _link(scene, assessment.client.path), facts)


def _client_events(case: _Case) -> Iterator[Event]:
    """All events of a client but festivals, in no order."""
    scene, assessment = case.scene, case.assessment
    owner, planned = assessment.client.owner, assessment.planned
    told = planned is not None and _wanted(scene, say.NEXT_CONTACT, planned, (owner,))
    if told and planned is not None:
        yield _next_contact(case, planned)
    for each in assessment.touchpoints:
        task = each.occurrence.task
        owners = task.owners if task is not None and task.owners else (owner,)
        separate = each.id != HOLIDAY and not (each.bundled and told)
        if separate and _wanted(scene, each.id, each.planned, owners):
            yield from _touchpoint(case, each)
    if assessment.client.do_not_contact:
        yield from _own_tasks(case)


def _next_contact(case: _Case, planned: date) -> Event:
    assessment, labels = case.assessment, case.scene.labels
    standing = assessment.standing
    contacting = standing.contacting
    due = contacting.next_day or planned
    bundled = [each for each in assessment.touchpoints if each.bundled]
    titles = [say.contact_title(assessment, labels)]
    titles += [say.touchpoint_title(each.occurrence, labels, private=True) for each in bundled]
    findings = (contacting.next, *(each.occurrence.finding for each in bundled))
    draft = _Draft(
        case,
        say.NEXT_CONTACT,
        (),
        " + ".join(titles),
        tuple(say.contact_lines(assessment, bundled, labels)),
        "contact",
        tuple(each for each in findings if each is not None),
    )
    # with neither contact nor sign of life the day asked about is due, and moves with it
    adrift = contacting.agreed is None and contacting.last is None and standing.known.last_sign is None
    moves = due < case.scene.day or (adrift and standing.client.snooze_until != due)
    return _event(draft, planned, due, moves=moves)


def _touchpoint(case: _Case, touchpoint: Touchpoint) -> Iterator[Event]:
    """The event of a touchpoint, or the series, or the years, of a yearly date."""
    scene, occurrence = case.scene, touchpoint.occurrence
    draft = _Draft(
        case,
        touchpoint.id,
        (case.anchors.key(occurrence),),
        _title(case, touchpoint),
        tuple(say.touchpoint_lines(touchpoint, scene.labels)),
        occurrence.kind,
        (occurrence.finding,),
    )
    due = say.natural_due(occurrence, scene.overview.policy)
    yearly = _yearly(case.assessment, touchpoint)
    if yearly is None:
        moves = due < scene.day or touchpoint.id == REFERRAL_ASK
        yield _event(draft, touchpoint.planned, due, moves=moves)
    elif yearly.lunar or (touchpoint.id == BIRTHDAY and yearly.year is not None):
        yield from _years(draft, yearly, due)
    else:
        yield from _series(draft, yearly, due)


def _series(draft: _Draft, yearly: YearlyDate, due: date) -> Iterator[Event]:
    """A yearly date as an event that repeats from its next day on; a belated one has its own besides."""
    day = draft.case.scene.day
    start = due
    if due < day:
        yield _event(draft, day, due, moves=True, year=due.year)
        start = yearly_on(yearly, due.year + 1) or due
    event = _event(draft, start, start, moves=False)
    # the series began to start on this day once the one before was over
    before = yearly_on(yearly, start.year - 1)
    revised = max(event.revised, before) if before is not None and before <= day else event.revised
    yield replace(event, revised=revised, yearly=True, month_end=(yearly.month, yearly.day) == (2, 29))


def _years(draft: _Draft, yearly: YearlyDate, due: date) -> Iterator[Event]:
    """A yearly date as one event a year: the lunar calendar has no rule, and the age is another each year."""
    day = draft.case.scene.day
    # the last months of a lunar year lie in the next solar one
    year = next((each for each in (due.year, due.year - 1) if yearly_on(yearly, each) == due), due.year)
    belated = due < day
    if belated:
        yield _event(_aged(draft, yearly, year), day, due, moves=True, year=year)
    first = year + belated
    for each in range(first, first + draft.case.scene.feed.years_ahead):
        when = yearly_on(yearly, each)
        if when is not None:
            event = _event(_aged(draft, yearly, each), when, when, moves=False, year=each)
            yield replace(event, can_wait=each > first)


def _own_tasks(case: _Case) -> Iterator[Event]:
    """Dated tasks of an active client who is not to be contacted, and so has no touchpoints."""
    scene, client = case.scene, case.assessment.client
    if is_muted(client, say.FOLLOW_UP, scene.day):
        return
    for task in case.assessment.tasks:
        planned = max(task.due, scene.day)
        owners = task.follow_up.owners or (client.owner,)
        if task.follow_up.due is not None and _wanted(scene, say.FOLLOW_UP, planned, owners):
            names = (case.anchors.task_key(task.follow_up.place),)
            title = scene.labels.get("feed.task") if scene.private else one_line(task.follow_up.text)
            lines = tuple(say.task_lines(task, scene.labels))
            draft = _Draft(case, say.FOLLOW_UP, names, title, lines, None, ())
            yield _event(draft, planned, task.due, moves=task.due < scene.day)


def _festival(scene: _Scene, due: date, name: str, whom: list[Assessment]) -> Event:
    """One event for all who are greeted; it leads to the dashboard."""
    labels, planned = scene.labels, max(due, scene.day)
    dashboard = scene.overview.policy.paths.dashboard
    link = None if scene.private or dashboard is None else _link(scene, dashboard)
    festival = labels.name("festival", name)
    due_lines = tuple(say.due_line(due, planned, scene.day, labels))
    lines = due_lines if scene.private else (*due_lines, *say.greeting_lines(whom, labels))
    busy = scene.feed.privacy == "busy"
    title = labels.get("feed.holiday", festival=festival, count=len(whom))
    return Event(
        uid=event_uid(HOLIDAY, name, year=due.year),
        kind=HOLIDAY,
        start=planned,
        summary=labels.get("feed.busy") if busy else title,
        revised=scene.day if due < scene.day else EPOCH,
        description="" if busy else _description(lines, link),
        brief="" if busy else _description(lines[:BRIEF_LINES], link),
        url=link,
        categories=() if busy else (HOLIDAY, "greeting"),
    )


def _event(draft: _Draft, start: date, due: date, *, moves: bool, year: int | None = None) -> Event:
    """One event of a draft.

    Args:
        draft: What it says.
        start: The day on which it stands.
        due: Its true day.
        moves: Whether ``start`` moves with the day asked about.
        year: Given for one of the events of a yearly date.
    """
    scene, assessment = draft.case.scene, draft.case.assessment
    uid = event_uid(draft.case.key, draft.kind, *draft.names, year=year)
    revised = scene.day if moves else _revised(draft.case, draft.findings, due)
    can_wait = draft.kind != say.NEXT_CONTACT and (scene.day - due).days > scene.feed.days_back
    if scene.feed.privacy == "busy":
        busy = scene.labels.get("feed.busy")
        return Event(uid, draft.kind, start, busy, revised, can_wait=can_wait)
    client, tier = assessment.client, assessment.standing.tier
    due_lines = tuple(say.due_line(due, start, scene.day, scene.labels))
    lines, link = due_lines if scene.private else (*due_lines, *draft.lines), draft.case.link
    return Event(
        uid=uid,
        kind=draft.kind,
        start=start,
        summary=say.summary(
            say.initials(client.name) if scene.private else client.name,
            say.SIGNS.get(draft.kind, "•"),
            draft.title,
            scene.labels.name("tier", tier),
        ),
        revised=revised,
        description=_description((*lines, *draft.case.facts), link),
        brief=_description(lines[:BRIEF_LINES], link),
        can_wait=can_wait,
        url=link,
        categories=tuple(dict.fromkeys(each for each in (draft.kind, draft.record_kind, tier) if each)),
    )


def _title(case: _Case, touchpoint: Touchpoint) -> str:
    """A touchpoint's title; a birthday is the client's own, or one of their people's."""
    scene, occurrence = case.scene, touchpoint.occurrence
    if occurrence.id == BIRTHDAY and not scene.private:
        place = evidence_place(occurrence.finding, "yearly")
        own = place is not None and place.path == case.assessment.client.path
        subject = None if own else shorten(one_line(occurrence.subject), say.TITLE_CAP)
        return scene.labels.get("feed.title-birthday", subject=subject)
    return say.touchpoint_title(occurrence, scene.labels, private=scene.private)


def _aged(draft: _Draft, yearly: YearlyDate, year: int) -> _Draft:
    """The draft for a year, with the age that is reached where the year of birth is known."""
    if draft.kind != BIRTHDAY or yearly.year is None or year <= yearly.year or draft.case.scene.private:
        return draft
    title = draft.case.scene.labels.get("feed.age", title=draft.title, years=str(year - yearly.year))
    return replace(draft, title=title)


def _yearly(assessment: Assessment, touchpoint: Touchpoint) -> YearlyDate | None:
    """The yearly date behind a birthday or important date; None for all else, and for what comes once."""
    if touchpoint.id not in (BIRTHDAY, IMPORTANT_DATE):
        return None
    finding = touchpoint.occurrence.finding
    place, value = evidence_place(finding, "yearly"), finding.numbers.get("yearly")
    dates = assessment.client.important_dates if touchpoint.id == IMPORTANT_DATE else ()
    once = any(each.once and place is not None and each.line == place.line for each in dates)
    return value if isinstance(value, YearlyDate) and not once else None


def _revised(case: _Case, findings: Sequence[Finding], due: date) -> date:
    """The latest date of what the event came from and tells of: evidence in notes, the last contact, tasks.

    The day that was agreed, and the due day, are no change: an event stays the same when its day comes.
    """
    contacting, day = case.assessment.standing.contacting, case.scene.day
    evidence = [each for finding in findings for each in finding.evidence if each.place is not None]
    dates = [each.value for each in evidence if isinstance(each.value, date)]
    dates += [each for each in case.noted if each is not None]
    dates += [contacting.last.day] if contacting.last is not None else []
    coming = (due, contacting.agreed)
    return max((each for each in dates if EPOCH <= each <= day and each not in coming), default=EPOCH)


def _wanted(scene: _Scene, kind: str, planned: date, owners: Sequence[str | None]) -> bool:
    """Whether the feed's filters and its horizon, both ends included, let an event through."""
    feed = scene.feed
    if feed.kinds and kind not in feed.kinds:
        return False
    if feed.key_dates_only and kind not in KEY_DATES:
        return False
    if feed.owners and not {_folded(each) for each in feed.owners} & {_folded(each or "") for each in owners}:
        return False
    back = (scene.day - planned).days
    return back <= feed.days_back and planned <= add_months(scene.day, feed.months_ahead)


def _link(scene: _Scene, path: str) -> str | None:
    link = obsidian_uri(scene.vault_name, path)
    return link if len(link) <= LINK_CAP else None


def _description(lines: Sequence[str], link: str | None) -> str:
    """The lines and, last, the link, which is never cut; at most 2,000 characters."""
    body = "\n".join(lines)
    if link is None:
        return shorten(body, DESCRIPTION_CAP)
    return "\n".join(part for part in (shorten(body, DESCRIPTION_CAP - len(link) - 1), link) if part)


def _distinct(events: Iterable[Event]) -> tuple[Event, ...]:
    """Sorted by UID; where two have the same, the later one by day and title gets another."""
    found: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: (event.uid, event.start, event.summary)):
        number, uid = 1, event.uid
        while uid in found:
            number += 1
            uid = event_uid(event.uid, str(number))
        found[uid] = event if number == 1 else replace(event, uid=uid)
    return tuple(found[uid] for uid in sorted(found))


def _folded(text: str) -> str:
    return normalize("NFC", text).casefold()


KEY_DATES: frozenset[str] = frozenset({BIRTHDAY, IMPORTANT_DATE, HOLIDAY, "renewal"})
"""What a feed of key dates only lets through (specification 1, system 9)."""
