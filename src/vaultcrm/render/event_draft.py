"""An event of the feed: where it stands, and what it says, which is written only once it is asked for.

Its revision follows from the dates of what it came from. This module must not know which events a feed has,
nor how one becomes iCalendar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.model.results import Assessment, Finding
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render import event_text as say
from vaultcrm.render.identity import Anchors, event_uid
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import obsidian_uri, shorten
from vaultcrm.rules.days import add_months

DESCRIPTION_CAP = 2000
LINK_CAP = 1000
BRIEF_LINES = 2
EPOCH = date(2000, 1, 1)
"""What is not dated at all was last revised on this day, from which revisions are counted."""


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event on ``start`` alone.

    ``kind`` is the rule's id. ``yearly`` repeats it every year, with ``month_end`` on February's last day.
    ``brief`` is a short description with the link, for a feed that would get too large. ``revised`` is the
    day of the last change as far as the evidence tells.
    """

    uid: str
    kind: str
    start: date
    summary: str
    revised: date
    description: str = ""
    brief: str = field(default="", repr=False)
    url: str | None = None
    categories: tuple[str, ...] = ()
    yearly: bool = False
    month_end: bool = False

    def plain(self) -> PlainEvent:
        """The same in plain values, for another process."""
        start, revised = self.start.toordinal(), self.revised.toordinal()
        texts = (self.uid, self.kind, self.summary, self.description, self.brief, self.url)
        return start, revised, texts, self.categories, self.yearly, self.month_end

    @classmethod
    def of(cls, plain: PlainEvent) -> Event:
        """The event of such values."""
        start, revised, (uid, kind, summary, description, brief, url), categories, yearly, month_end = plain
        day, changed = date.fromordinal(start), date.fromordinal(revised)
        return cls(uid, kind, day, summary, changed, description, brief, url, categories, yearly, month_end)


PlainEvent = tuple[int, int, tuple[str, str, str, str, str, "str | None"], tuple[str, ...], bool, bool]
"""An `Event`: the days' ordinals, and its texts: UID, kind, summary, description, brief, URL."""


class Slot(NamedTuple):
    """Where an event stands in a feed, nearest first: of a large feed most are left out, and never written.

    What ``can_wait`` (long overdue, or a yearly date's later years) is left out first. ``start`` is a day's
    ordinal. ``is_other``: no next contact. ``source`` is which of the client's touchpoints, or open tasks, it
    comes from: some are so much alike that they have one UID. ``write`` gives the event; all before it is
    plain.
    """

    can_wait: bool
    start: int
    is_other: bool
    uid: str
    source: int
    write: Callable[[], Event]


class Scene:
    """What all events of a feed are made with.

    ``last`` is the last day of the feed; ``private``: events say nothing that a person wrote.
    """

    __slots__ = ("day", "feed", "labels", "last", "overview", "private", "vault_name")

    def __init__(self, overview: Overview, feed: Feed, labels: Labels, vault_name: str) -> None:
        """``vault_name`` is what Obsidian calls the vault, for links."""
        self.overview = overview
        self.feed = feed
        self.labels = labels
        self.vault_name = vault_name
        self.day = overview.day
        self.last = add_months(overview.day, feed.months_ahead)
        self.private = feed.privacy != "full"


class Telling(NamedTuple):
    """What every event of a client tells: the link to their note, when open tasks were noted, and facts.

    Facts are what to know when in touch, whatever it is about.
    """

    link: str | None
    noted: frozenset[date]
    facts: tuple[str, ...]


class Case:
    """What all events of a client are made with: what identifies the client, and what each of them tells."""

    __slots__ = ("_telling", "anchors", "assessment", "key", "scene")

    def __init__(self, scene: Scene, assessment: Assessment, key: str) -> None:
        """``key`` identifies the client in UIDs."""
        self.scene = scene
        self.assessment = assessment
        self.key = key
        self.anchors = Anchors(assessment.standing.known.history)
        self._telling: Telling | None = None

    @property
    def telling(self) -> Telling:
        """What each event tells, made once one is written."""
        if self._telling is None:
            scene, one = self.scene, self.assessment
            noted = frozenset([day for task in one.tasks if (day := task.follow_up.noted) is not None])
            link = None if scene.private else link_to(scene, one.client.path)
            facts = () if scene.private else tuple(say.client_lines(one, scene.labels))
            self._telling = Telling(link, noted, facts)
        return self._telling


class Text(NamedTuple):
    """What the event, or the events, of one thing say of it."""

    title: str
    lines: tuple[str, ...]


class Draft(NamedTuple):
    """What the event, or the events, of one thing share.

    ``source`` is which of the client's touchpoints or tasks it is; ``names`` lead to the UID.
    """

    case: Case
    kind: str
    source: int
    names: tuple[str, ...]
    text: Callable[[], Text]
    record_kind: str | None
    findings: tuple[Finding, ...]


class Moment(NamedTuple):
    """When an event of a draft is.

    ``start`` is the day on which it stands, ``due`` its true day; ``moves``: it moves with the day asked
    about. ``year`` is given for one of the events of a yearly date, with the ``age`` that is reached;
    ``later``: it is none of the next ones.
    """

    start: date
    due: date
    moves: bool
    year: int | None = None
    age: int | None = None
    later: bool = False


def slot_of(draft: Draft, moment: Moment) -> Slot:
    """The place of one event of a draft."""
    scene = draft.case.scene
    uid = event_uid(draft.case.key, draft.kind, *draft.names, year=moment.year)
    overdue = (scene.day - moment.due).days
    is_other = draft.kind != say.NEXT_CONTACT
    write = partial(_event, draft, uid, moment)
    return Slot(
        moment.later or (is_other and overdue > scene.feed.days_back),
        moment.start.toordinal(),
        is_other,
        uid,
        draft.source,
        write,
    )


def _event(draft: Draft, uid: str, moment: Moment) -> Event:
    """One event of a draft, written out."""
    scene, assessment = draft.case.scene, draft.case.assessment
    start, due = moment.start, moment.due
    revised = scene.day if moment.moves else _revised(draft.case, draft.findings, due)
    if scene.feed.privacy == "busy":
        return Event(uid, draft.kind, start, scene.labels.get("feed.busy"), revised)
    client, tier = assessment.client, assessment.standing.tier
    title, about = draft.text()
    if moment.age is not None:
        title = scene.labels.get("feed.age", title=title, years=str(moment.age))
    due_lines = tuple(say.due_line(due, start, scene.day, scene.labels))
    lines = due_lines if scene.private else (*due_lines, *about)
    link, _, facts = draft.case.telling
    return Event(
        uid=uid,
        kind=draft.kind,
        start=start,
        summary=say.summary(
            say.initials(client.name) if scene.private else client.name,
            say.SIGNS.get(draft.kind, "•"),
            title,
            scene.labels.name("tier", tier),
        ),
        revised=revised,
        description=described((*lines, *facts), link),
        brief=described(lines[:BRIEF_LINES], link),
        url=link,
        categories=tuple(dict.fromkeys(each for each in (draft.kind, draft.record_kind, tier) if each)),
    )


def _revised(case: Case, findings: Sequence[Finding], due: date) -> date:
    """The latest date of what the event came from and tells of: evidence in notes, the last contact, tasks.

    The day that was agreed, and the due day, are no change: an event stays the same when its day comes.
    """
    contacting, day = case.assessment.standing.contacting, case.scene.day
    evidence = [each for finding in findings for each in finding.evidence if each.place is not None]
    dates = {each.value for each in evidence if isinstance(each.value, date)} - {due, contacting.agreed}
    dates |= case.telling.noted  # one of these that is that day is a change
    if contacting.last is not None:
        dates.add(contacting.last.day)
    return max([each for each in dates if EPOCH <= each <= day], default=EPOCH)


def link_to(scene: Scene, path: str) -> str | None:
    """The address that opens a note in Obsidian; None where it would be too long for some calendars."""
    link = obsidian_uri(scene.vault_name, path)
    return link if len(link) <= LINK_CAP else None


def described(lines: Sequence[str], link: str | None) -> str:
    """The lines and, last, the link, which is never cut; at most 2,000 characters."""
    body = "\n".join(lines)
    if link is None:
        return shorten(body, DESCRIPTION_CAP)
    return "\n".join(part for part in (shorten(body, DESCRIPTION_CAP - len(link) - 1), link) if part)
