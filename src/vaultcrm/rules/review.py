"""What a period was like, against the one before: figures, what moved, who left and why, what was missed.

The past is computed from the same notes as of then; nothing is remembered. This module must not know how a
review is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Feedback, Interaction, Referral
from vaultcrm.model.results import Assessment, Change, ClientWarning, Measures, Occurrence, Touchpoint
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.changes import changes_since
from vaultcrm.rules.days import ONE_DAY
from vaultcrm.rules.known import first_record
from vaultcrm.rules.measures import measure
from vaultcrm.rules.periods import MONTH, QUARTER, WEEK, YEAR, Period
from vaultcrm.rules.referrals import first_order

MEETINGS = frozenset({"meeting", "visit", "review"})
HIGH, FOLLOW_UP, ASK, STALE_FILE = "high", "follow-up", "referral-ask", "stale-file"
CALL_BACK = "call-back"

Item = TypeVar("Item")


class Figure(NamedTuple):
    """A figure of the period, and of the one before; None where there is nothing to measure."""

    name: str
    now: object
    before: object


class HealthMove(NamedTuple):
    """A client's health that came into another band."""

    assessment: Assessment
    value_before: int
    band_before: str


class Action(NamedTuple):
    """Something to do: its id, how much of it is wanted and was done, and with whom."""

    id: str
    wanted: int | None = None
    done: object = None
    clients: tuple[Assessment, ...] = ()
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A period looked back on, as of its end, or of the day where it is not over.

    ``lost`` are clients who left in it, ``endangered`` those with a new severe warning. ``dropped`` are
    touchpoints that were given up in the period, ``late`` those that wait, ``overdue`` the clients whose next
    contact does. ``asked``, ``answers`` and ``complaints`` are of the period; ``solved`` were solved in it.
    """

    period: Period
    now: Overview
    is_over: bool
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]
    health: tuple[HealthMove, ...]
    came: tuple[Assessment, ...]
    lost: tuple[Assessment, ...]
    endangered: tuple[tuple[Assessment, ClientWarning], ...]
    dropped: tuple[tuple[Assessment, Occurrence], ...]
    late: tuple[tuple[Assessment, Touchpoint], ...]
    overdue: tuple[Assessment, ...]
    asked: tuple[tuple[Assessment, Interaction], ...]
    received: tuple[tuple[Assessment, Referral], ...]
    won: tuple[tuple[Assessment, Referral], ...]
    answers: tuple[tuple[Assessment, Feedback], ...]
    complaints: tuple[tuple[Assessment, Interaction], ...]
    solved: tuple[tuple[Assessment, Interaction], ...]
    actions: tuple[Action, ...]


def look_back(period: Period, now: Overview, before: Overview, is_over: bool) -> Review:
    """Look back on a period.

    Args:
        period: The period.
        now: Everything computed for its last day, or for the day that it has reached.
        before: The same for the day before it began.
        is_over: Whether all of it has passed.
    """
    back = _Back(period, now, before)
    figures = tuple(back.figures())
    return Review(
        period=period,
        now=now,
        is_over=is_over,
        figures=figures,
        changes=back.changes(),
        health=tuple(back.health()),
        came=back.came(),
        lost=tuple(one for one in now.assessments if back.holds(one.client.lost_on) and _is_lost(one)),
        endangered=tuple(back.endangered()),
        dropped=tuple(back.dropped()),
        late=tuple(back.late()),
        overdue=back.overdue(),
        asked=back.interactions(lambda each: each.kind == ASK and back.holds(each.day)),
        received=back.referrals(lambda each: back.holds(each.client.referred_on)),
        won=back.referrals(back.was_won),
        answers=back.dated(lambda one: one.standing.known.feedback),
        complaints=back.interactions(lambda each: each.kind == "complaint" and back.holds(each.day)),
        solved=back.interactions(lambda each: each.kind == "complaint" and back.holds(each.resolved)),
        actions=tuple(back.actions({figure.name: figure.now for figure in figures})),
    )


def _is_lost(one: Assessment) -> bool:
    return one.standing.known.status == "lost"


class _Back:
    """A period while one looks back on it: (``start``, the day that it has reached]."""

    def __init__(self, period: Period, now: Overview, before: Overview) -> None:
        self._period, self._now, self._before = period, now, before
        self._start, self._end = period.first - ONE_DAY, now.day
        self._earlier = {one.client.path: one for one in before.assessments}

    def holds(self, day: date | None) -> bool:
        """Whether a day is in the period."""
        return day is not None and self._start < day <= self._end

    # -------------------------------------------------------------------------------------------- figures

    def figures(self) -> Iterator[Figure]:
        """The measures of the period and of the one before, those over time and of single clients apart."""
        earlier = self._period.before
        now = measure(self._now.assessments, self._now.policy, self._start, self._end)
        before = measure(
            self._before.assessments, self._now.policy, earlier.first - ONE_DAY, self._before.day
        )
        sides = [_added_up(each) for each in (now, before)]
        counts = [
            _counts(self._now.assessments, self.holds),
            _counts(self._before.assessments, lambda day: day is not None and earlier.first <= day),
        ]
        for name in FIGURES:
            values = [side.get(name, count.get(name)) for side, count in zip(sides, counts, strict=True)]
            yield Figure(name, *values)

    # ------------------------------------------------------------------------------------------ what moved

    def changes(self) -> tuple[Change, ...]:
        """Tiers and stages that moved; not of clients of whom nothing was known before."""
        standings = (one.standing for one in self._now.assessments if self._was_there(one))
        return changes_since(standings, self._now.policy, self._start)

    def health(self) -> Iterator[HealthMove]:
        """Health that came into another band, of clients who are and were active."""
        for one in self._now.assessments:
            old = self._earlier.get(one.client.path)
            if old is None or not self._was_there(one) or not _is_active(one) or not _is_active(old):
                continue
            if one.health.band != old.health.band:
                yield HealthMove(one, old.health.value, old.health.band)

    def came(self) -> tuple[Assessment, ...]:
        """Clients whose first order, or first day of cooperation, is in the period."""
        found = ((one, one.standing.known.since) for one in self._now.assessments)
        return tuple(one for one, since in found if since and self.holds(_day(since.value)))

    def endangered(self) -> Iterator[tuple[Assessment, ClientWarning]]:
        """Severe warnings that were not there when the period began."""
        for one in self._now.assessments:
            old = self._earlier.get(one.client.path)
            there = {each.id for each in old.warnings if each.severity == HIGH} if old is not None else set()
            for each in one.warnings:
                if each.severity == HIGH and each.id not in there:
                    yield one, each

    # ------------------------------------------------------------------------------------- what was missed

    def dropped(self) -> Iterator[tuple[Assessment, Occurrence]]:
        """Touchpoints that were given up in the period."""
        window = timedelta(days=self._now.policy.window + 1)
        for one in self._now.assessments:
            yield from ((one, each) for each in one.missed if self.holds(each.due + window))

    def late(self) -> Iterator[tuple[Assessment, Touchpoint]]:
        """Touchpoints that were due and wait."""
        found = [(one, each) for one in self._now.assessments for each in one.touchpoints]
        late = [(one, each) for one, each in found if each.due < self._end and each.id != FOLLOW_UP]
        return iter(sorted(late, key=lambda pair: pair[1].due))

    def overdue(self) -> tuple[Assessment, ...]:
        """Clients whose next contact is overdue, the longest first."""
        found = [one for one in self._now.assessments if one.standing.contacting.overdue_days > 0]
        return tuple(sorted(found, key=lambda one: -one.standing.contacting.overdue_days))

    # ------------------------------------------------------------------------------------ what people said

    def interactions(
        self, is_meant: Callable[[Interaction], bool]
    ) -> tuple[tuple[Assessment, Interaction], ...]:
        """Interactions with their clients, by day."""
        found = [
            (one, each)
            for one in self._now.assessments
            for each in one.standing.known.interactions
            if is_meant(each)
        ]
        return tuple(sorted(found, key=lambda pair: (pair[1].day, pair[1].place)))

    def dated(
        self, records: Callable[[Assessment], Iterable[Feedback]]
    ) -> tuple[tuple[Assessment, Feedback], ...]:
        """Answers of the period with their clients, by day."""
        found = [
            (one, each) for one in self._now.assessments for each in records(one) if self.holds(each.day)
        ]
        return tuple(sorted(found, key=lambda pair: (pair[1].day, pair[1].place)))

    def referrals(self, is_meant: Callable[[Referral], bool]) -> tuple[tuple[Assessment, Referral], ...]:
        """Referrals with who made them."""
        return tuple(
            (one, each)
            for one in self._now.assessments
            for each in one.standing.known.history.introduced
            if is_meant(each)
        )

    def was_won(self, referral: Referral) -> bool:
        """Whether a referral's client ordered first in the period."""
        order = first_order(referral.projects, self._end)
        return order is not None and self.holds(order.order_day)

    # -------------------------------------------------------------------------------------------- what next

    def actions(self, figures: Mapping[str, object]) -> Iterator[Action]:
        """What to do (specification 1, systems 14 and 16): a row of ``ACTIONS`` for the period's length."""
        policy, active = self._now.policy, [one for one in self._now.assessments if _is_active(one)]
        wanted = {
            "contacts": policy.measures.week_contacts,
            "asks": policy.measures.month_asks,
            "clients": policy.measures.quarter_clients,
        }
        called = tuple(one for one in active if any(_is_due(each, self._end) for each in one.touchpoints))
        stale = tuple(one for one in active if any(each.id == STALE_FILE for each in one.warnings))
        clients = {"call-backs": called, "files": stale}
        done = {
            "contacts": figures["talked_to"],
            "asks": figures["asked"],
            "clients": figures["came"],
            "rhythm": figures["in_time"],
        }
        for id_ in ACTIONS[self._period.length]:
            if id_ == "evaluate":
                yield from self._evaluations(active)
            else:
                yield Action(id_, wanted.get(id_), done.get(id_), clients.get(id_, ()))

    def _evaluations(self, active: Iterable[Assessment]) -> Iterator[Action]:
        """The tiers that are to be evaluated anew with the end of this period, the highest first."""
        tiers = self._now.policy.tiers
        months = self._now.policy.measures.evaluate_months
        found = [one for one in active if first_record(one.standing.known) is not None]
        for name in tiers.names:
            every = months[min(tiers.rank(name), len(months)) - 1]
            if self._period.last.month % every == 0:
                clients = tuple(one for one in found if one.standing.tier == name)
                if clients:
                    yield Action("evaluate", None, None, clients, name)

    def _was_there(self, one: Assessment) -> bool:
        old = self._earlier.get(one.client.path)
        return old is not None and first_record(old.standing.known) is not None


def _is_active(one: Assessment) -> bool:
    return one.standing.known.status == "active"


def _is_due(touchpoint: Touchpoint, day: date) -> bool:
    return touchpoint.id == CALL_BACK and touchpoint.show_from <= day


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _added_up(measures: Measures) -> dict[str, object]:
    """The measures, those that have parts as sums."""
    values = dict(measures.values)
    revenue, asked = values["revenue_by_tier"], values["referrals"]
    assert isinstance(revenue, Mapping)
    assert isinstance(asked, Mapping)
    return {**values, "revenue": sum(revenue.values(), Fraction()), **asked}


def _counts(assessments: Iterable[Assessment], holds: Callable[[date | None], bool]) -> dict[str, object]:
    """How often there was what: conversations, and clients who were talked to, came or left."""
    clients = list(assessments)
    talks = [
        (one.client.path, each) for one in clients for each in one.standing.known.contacts if holds(each.day)
    ]
    since = [one.standing.known.since for one in clients]
    return {
        "contacts": len(talks),
        "talked_to": len({path for path, _ in talks}),
        "meetings": sum(each.kind in MEETINGS or each.channel in MEETINGS for _, each in talks),
        "orders": sum(holds(each.order_day) for one in clients for each in one.standing.known.counted),
        "came": sum(each is not None and holds(_day(each.value)) for each in since),
        "lost": sum(_is_lost(one) and holds(one.client.lost_on) for one in clients),
    }


FIGURES = (
    "active",
    "came",
    "lost",
    "contacts",
    "talked_to",
    "meetings",
    "in_time",
    "check_ins_missed",
    "orders",
    "revenue",
    "average_order",
    "repurchase",
    "retention",
    "renewal_rate",
    "nps",
    "satisfaction",
    "asked",
    "received",
    "won",
)
"""The figures of a review, in the order in which they are told."""

ACTIONS: Mapping[str, tuple[str, ...]] = {
    WEEK: ("contacts", "call-backs", "list"),
    MONTH: ("satisfaction", "files", "asks", "evaluate", "plan"),
    QUARTER: ("churn", "policy", "rhythm", "clients", "evaluate"),
    YEAR: ("goals", "clients", "churn", "evaluate"),
}
"""What a review leads to, by the length of its period."""
