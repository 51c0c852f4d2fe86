"""What is computed of a client for one day: findings with their evidence, and what is made of them.

A `Finding` is a figure together with what it came from; what has no finding must not be shown. This module
must not know how anything is computed or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place
from vaultcrm.model.records import (
    Client,
    ClientHistory,
    Feedback,
    FollowUp,
    Interaction,
    Person,
    Project,
)
from vaultcrm.model.tuples import NamedTuple


class Evidence(NamedTuple):
    """One thing that went into a figure: its name, its value, and where it was written.

    ``place`` is None for a number of the policy.
    """

    name: str
    value: object
    place: Place | None = None


SNOOZE = "snooze-until"
"""The evidence of a day that was put off."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure: the rule it follows, its value, and what went in, in the order in which one would tell it."""

    rule: str
    value: object
    evidence: tuple[Evidence, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the evidence was written, without repetition, in order."""
        return tuple(dict.fromkeys(e.place for e in self.evidence if e.place is not None))

    @property
    def numbers(self) -> dict[str, object]:
        """The evidence's values by name; the first of a name counts."""
        values: dict[str, object] = {}
        for item in self.evidence:
            values.setdefault(item.name, item.value)
        return values


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a client on a day: the history without what has not happened yet.

    ``status`` is the status in force on the day. ``interactions`` and ``feedback`` are dated on or before
    ``day``; ``contacts`` are the interactions but ``newsletter`` and ``internal``; ``counted`` the projects
    and orders that count, by order day, path, line; ``order_days`` their distinct order days, ascending.
    ``complaints`` are the open ones. ``people`` have not left. ``running`` is the counted project that the
    client is in, or None. ``since`` is the first day of cooperation with its place, None without any;
    ``last_sign`` the latest sign of life (`since`, order day, delivered, feedback).
    """

    day: date
    history: ClientHistory
    status: str
    interactions: tuple[Interaction, ...]
    contacts: tuple[Interaction, ...]
    feedback: tuple[Feedback, ...]
    counted: tuple[Project, ...]
    order_days: tuple[date, ...]
    complaints: tuple[Interaction, ...]
    people: tuple[Person, ...]
    running: Project | None
    since: Evidence | None
    last_sign: Evidence | None

    @property
    def client(self) -> Client:
        """The client."""
        return self.history.client

    @property
    def in_project(self) -> bool:
        """Whether some counted project that is no order has begun and is not delivered."""
        return self.running is not None


@dataclass(frozen=True, slots=True)
class Contacting:
    """When a client is to be contacted next (specification 3, Next contact).

    ``interval_days`` is the length of the interval from its base, before any shift. ``next`` is None where
    there is no next contact. ``agreed`` is the explicit date of step 2, None if the interval gave the day.
    ``any_time`` is true where the cadence has no upper limit.
    """

    last: Interaction | None
    estimated: bool
    interval_days: int
    any_time: bool
    next: Finding | None
    agreed: date | None
    overdue_days: int

    @property
    def next_day(self) -> date | None:
        """The day of the next contact."""
        value = self.next.value if self.next else None
        return value if isinstance(value, date) else None

    @property
    def is_snoozed(self) -> bool:
        """Whether a snooze put the day off."""
        return self.next is not None and any(each.name == SNOOZE for each in self.next.evidence)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a client stands on a day: what is known, and the figures that other rules build on.

    ``stage`` and ``tier`` are those in force; ``computed_*`` those that the rules give. ``scores`` is None
    where the scheme has none. ``tier_rank`` is 1 for the lowest.
    """

    known: Known
    amount_12m: Finding
    amount_total: Finding
    stage: str
    computed_stage: Finding
    tier: str
    tier_rank: int
    computed_tier: Finding
    scores: tuple[tuple[str, Fraction], ...] | None
    score: Fraction | None
    contacting: Contacting

    @property
    def client(self) -> Client:
        """The client."""
        return self.known.history.client

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.known.day


@dataclass(frozen=True, slots=True)
class Health:
    """0 to 100, with its parts: (name, rounded value, finding)."""

    value: int
    band: str
    finding: Finding
    parts: tuple[tuple[str, int, Finding], ...]


@dataclass(frozen=True, slots=True)
class ClientWarning:
    """A warning: severity high, medium or low, and why."""

    id: str
    severity: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a touchpoint rule before it is planned.

    ``own_day``: planned on its own day. ``first_ever``: recurring and never settled, so it may wait for the
    next contact. ``subject`` is what it is about in the client's own words (a project, a person, a task, a
    date's title). ``missed`` occurrences were dropped after the window; they are counted, not listed.
    """

    id: str
    kind: str | None
    due: date
    anchor: date
    subject: str
    finding: Finding
    own_day: bool = False
    first_ever: bool = False
    missed: bool = False
    task: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """An occurrence with the day it is planned on. ``bundled``: it goes along with the next contact.

    ``show_from`` is due minus the rule's lead: from then on the dashboard and the agenda show it.
    """

    occurrence: Occurrence
    planned: date
    bundled: bool
    show_from: date

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.occurrence.id

    @property
    def due(self) -> date:
        """The day it is due."""
        return self.occurrence.due


@dataclass(frozen=True, slots=True)
class Task:
    """An open task with its client and its day (written, or the note's plus the policy's days)."""

    follow_up: FollowUp
    client: Client
    due: date


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that is computed of one client. ``priority`` and ``planned`` are None without a next contact."""

    standing: Standing
    health: Health
    warnings: tuple[ClientWarning, ...]
    priority: Fraction | None
    planned: date | None
    touchpoints: tuple[Touchpoint, ...]
    missed: tuple[Occurrence, ...]
    tasks: tuple[Task, ...]

    @property
    def client(self) -> Client:
        """The client."""
        return self.standing.known.history.client


@dataclass(frozen=True, slots=True)
class Change:
    """A tier or stage that differs from what it was on an earlier day, with what moved it."""

    client: Client
    what: str
    before: str
    after: str
    since: date
    finding: Finding


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures over all clients for the period (``start``, ``end``].

    Rates are 0 to 1, None where there is nothing to share.

    ``findings`` gives for each measure's name what it was computed from. ``owner`` None: all owners.
    """

    start: date
    end: date
    owner: str | None
    values: Mapping[str, object]
    findings: Mapping[str, Finding] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The first day that counts."""
        return self.start + timedelta(days=1)
