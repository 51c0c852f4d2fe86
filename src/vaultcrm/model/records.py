"""What notes say, as records: clients, people, projects, interactions, feedback and follow-ups.

Records hold what was written and where, before and after links are resolved; nothing here is computed for a
day. Absent is None or an empty tuple. ``lines`` tells on which line of the note each field was written, by
the field's name. This module must not know how a note is parsed, nor any rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place, VaultPath, Word

Lines = Mapping[str, int]
"""On which line of a note each field was written, by the field's name."""

NO_LINES: Lines = {}

_known_lines: dict[tuple[tuple[str, int], ...], Lines] = {(): NO_LINES}


def same_lines(lines: Lines) -> Lines:
    """These lines; always the same object, since thousands of notes are written alike."""
    return _known_lines.setdefault(tuple(lines.items()), lines)


@dataclass(frozen=True, slots=True)
class Interval:
    """A length of time in calendar months and days; ``2w`` is 14 days, ``1 year`` 12 months."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; ``currency`` is an ISO 4217 code, None where the vault's is meant."""

    amount: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """A day of every year, in the solar or the Chinese lunar calendar.

    ``year`` is the year it began (a birth year), None if unknown. ``leap`` marks a lunar leap month.
    """

    month: int
    day: int
    year: int | None = None
    lunar: bool = False
    leap: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that may lead to a note: a wikilink, a Markdown link or plain text.

    ``target`` is what is looked up; ``text`` what a reader sees. ``linked`` tells a link from plain text;
    ``relative`` a Markdown link, whose target is a path from the note's own folder.
    """

    target: str
    text: str
    line: int
    column: int
    linked: bool = False
    relative: bool = False


@dataclass(frozen=True, slots=True)
class ImportantDate:
    """A date of a client to think of: yearly, or once on ``date.year``, which then is given."""

    date: YearlyDate
    title: str
    once: bool
    line: int


@dataclass(frozen=True, slots=True)
class Mute:
    """A warning or touchpoint id to keep quiet, through ``until`` itself, for ever without."""

    id: str
    until: date | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records have: the place of the note (or list item), and the lines of its fields."""

    place: Place
    lines: Lines = field(default_factory=lambda: NO_LINES)

    def at(self, name: str) -> Place:
        """Where a field was written; the record's own place where it was not."""
        line = self.lines.get(name)
        return self.place if line is None else Place(self.place.path, line, 1)

    @property
    def path(self) -> VaultPath:
        """The note's path."""
        return self.place.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """A project, or an order (``is_order``). ``clients`` is empty for one written in the client's own note.

    ``status``: proposal, active, delivered, cancelled, None. ``paid``: a date, True, False, None if nothing
    is said.
    """

    clients: tuple[Reference, ...] = ()
    title: str = ""
    is_order: bool = False
    start: date | None = None
    due: date | None = None
    delivered: date | None = None
    signed: date | None = None
    amount: Money | None = None
    status: Word | None = None
    invoice_due: date | None = None
    paid: date | bool | None = None
    owner: Word | None = None

    @property
    def order_day(self) -> date | None:
        """The earlier of ``signed`` and ``start``, else ``delivered`` (specification 3, Orders)."""
        signed, start = self.signed, self.start
        if signed is None:
            return start if start is not None else self.delivered
        return signed if start is None or signed < start else start

    @property
    def order_place(self) -> Place:
        """Where the order day was written."""
        day = self.order_day
        for name in ("signed", "start", "delivered"):
            if day is not None and getattr(self, name) == day:
                return self.at(name)
        return self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Record):
    """A client's note. ``stage`` and ``tier`` are pinned by hand, ``tier`` as written.

    ``computed`` is what vaultcrm itself wrote into the note: ``crm_…`` properties with their text.
    ``status``: active, paused, lost, archived. ``scores`` holds the hand-given scores (1 to 10, decimals
    allowed) by dimension; ``trust`` is among them. ``contracts`` are (start or None, end), in the order of
    writing.
    """

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    status: Word = "active"
    lost_on: date | None = None
    lost_reason: str | None = None
    owner: Word | None = None
    contact: tuple[Reference, ...] = ()
    position: str | None = None
    decision_maker: tuple[Reference, ...] = ()
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    wechat: tuple[str, ...] = ()
    channel: Word | None = None
    industry: Word | None = None
    size: Word | None = None
    products: str | None = None
    target_users: str | None = None
    goal: str | None = None
    since: date | None = None
    projects: tuple[Project, ...] = ()
    birthday: YearlyDate | None = None
    interests: str | None = None
    family: str | None = None
    career_goals: str | None = None
    important_dates: tuple[ImportantDate, ...] = ()
    cadence: Interval | None = None
    last_contact: date | None = None
    next_contact: date | None = None
    snooze_until: date | None = None
    do_not_contact: bool = False
    stage: Word | None = None
    tier: Word | None = None
    tier_reason: str | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    refers: bool | None = None
    referred_by: Reference | None = None
    referred_on: date | None = None
    contracts: tuple[tuple[date | None, date], ...] = ()
    reviewed: date | None = None
    mute: tuple[Mute, ...] = ()
    remarks: str | None = None
    computed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """A contact at a client. ``left`` is the day on which they left."""

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    client: Reference | None = None
    position: Word | None = None
    decision_maker: bool = False
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    wechat: tuple[str, ...] = ()
    birthday: YearlyDate | None = None
    interests: str | None = None
    channel: Word | None = None
    left: date | None = None
    important_dates: tuple[ImportantDate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Record):
    """Something said between us and a client: a note, a ``Log`` item or a daily note's item (``source``).

    ``source`` is note, log, daily, or property for the ``last_contact`` of a client's note.

    ``clients`` is empty for a log item, whose client is the note's. ``channel`` is None if absent,
    ``other`` if unknown. ``direction``: out, in, both, None if unsaid. ``sentiment``: −2 to 2. ``has_body``
    is true where the note's body says something.
    """

    day: date
    source: Word = "note"
    clients: tuple[Reference, ...] = ()
    channel: Word | None = None
    kind: Word = "contact"
    about: tuple[str, ...] = ()
    direction: Word | None = None
    sentiment: Decimal | None = None
    participants: tuple[Reference, ...] = ()
    summary: str | None = None
    response: str | None = None
    owner: Word | None = None
    next: date | None = None
    severity: Decimal | None = None
    resolved: date | None = None
    has_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Record):
    """A survey's answers; scores 1 to 10, ``recommend`` 0 to 10."""

    day: date
    clients: tuple[Reference, ...] = ()
    project: Reference | None = None
    result: Decimal | None = None
    communication: Decimal | None = None
    professionalism: Decimal | None = None
    recommend: Decimal | None = None
    best: str | None = None
    improve: str | None = None
    comments: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Record):
    """A task item. ``text`` is free of dates, marks and @names.

    ``due`` is the date written, None if none. ``noted`` is the interaction's day, None in client, person
    and project notes, where only dated tasks count. ``state``: open, done, cancelled; ``done_on`` the ✅
    date.
    """

    text: str
    due: date | None = None
    noted: date | None = None
    state: Word = "open"
    done_on: date | None = None
    owners: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one note says, before its links are resolved. This is what the cache keeps.

    ``record`` is the note's own record, None for a daily note and for a note whose record cannot count;
    ``interactions`` the log or daily items; ``tasks`` the task items, which belong to the record's first
    client. ``regions`` is true where the note seems to have marked regions, of whatever kind it is.
    ``playbooks`` are the ids of what a note of no kind says to be the playbook for, in its own words.
    """

    path: VaultPath
    kind: Word | None
    record: Client | Person | Project | Interaction | Feedback | None = None
    interactions: tuple[Interaction, ...] = ()
    tasks: tuple[FollowUp, ...] = ()
    regions: bool = False
    playbooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """A client that somebody of this client's introduced."""

    client: Client
    projects: tuple[Project, ...]
    referrer: str


@dataclass(frozen=True, slots=True)
class ClientHistory:
    """A client with everything that was noted about them, links resolved, of all days.

    Sorted: people by name then path; projects by order day (undated last), interactions and feedback by
    day, each then by path and line; tasks by path and line. ``contacts`` and ``decision_makers`` are whom
    the client's note names so, a `Person` where a note exists, else the text; ``decision_makers`` also has
    the people whose own note says so. ``introduced`` are the clients that this one, or one of its people,
    referred to us.
    """

    client: Client
    people: tuple[Person, ...] = ()
    projects: tuple[Project, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    tasks: tuple[FollowUp, ...] = ()
    contacts: tuple[Person | str, ...] = ()
    decision_makers: tuple[Person | str, ...] = ()
    introduced: tuple[Referral, ...] = ()
    feedback_project: Mapping[Place, Project] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All clients of a vault, sorted by name (code points of the NFC form) then path."""

    histories: Sequence[ClientHistory] = ()
