"""How clients stood on days of the past, and what moved between two of them.

The past is computed from notes as of then; nothing is remembered. This module must not know where the notes
came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory, Portfolio
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import ONE_DAY, WorkCalendar, add_months, work_calendar
from vaultcrm.rules.health import assess_health
from vaultcrm.rules.known import first_record, known
from vaultcrm.rules.standing import standing
from vaultcrm.rules.warnings import client_warnings

ACTIVE = "active"
SUNDAY = 6
WEEK = timedelta(days=7)
QUARTER = 3


class State(NamedTuple):
    """How a client stood on a day. ``warnings`` are ids, sorted."""

    path: str
    name: str
    status: str
    tier: str
    stage: str
    health: int
    band: str
    warnings: tuple[str, ...]


class Move(NamedTuple):
    """What moved: ``tier``, ``stage``, ``status``, ``health`` (its band) or ``warning``.

    ``before`` is None for what came, ``after`` for what went; a ``client`` comes and goes too.
    """

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """All clients on a day, by name; ``commit`` is the one whose notes it was computed from, if any."""

    day: date
    states: tuple[State, ...]
    commit: str | None = None

    def counts(self, what: str) -> Counter[str]:
        """How many active clients have each ``tier``, ``stage`` or ``band``; how many each ``warning``."""
        active = [state for state in self.states if state.status == ACTIVE]
        if what == "warning":
            return Counter(id_ for state in active for id_ in state.warnings)
        return Counter(getattr(state, what) for state in active)


def past_days(first: date, day: date, every: str) -> tuple[date, ...]:
    """``first``, the last days of the weeks (Sundays), months or quarters after it, and ``day``."""
    found = [first]
    end = _period_end(first + ONE_DAY, every)
    while end < day:
        found.append(end)
        end = _period_end(end + ONE_DAY, every)
    return (*found, day) if day > first else (day,)


def moment(
    portfolio: Portfolio, policy: Policy, day: date, commit: str | None = None, known_by: date | None = None
) -> Moment:
    """How all clients stood on a day.

    Args:
        portfolio: The clients.
        policy: All numbers.
        day: The day; what is dated later had not happened.
        commit: Where the notes are from.
        known_by: The day on which the notes were read: a client all of whose records are dated later than
            ``day`` was none yet. None: who has a note counts.
    """
    calendar = work_calendar(policy)
    there = (each for each in portfolio.histories if known_by is None or _was_there(each, day, known_by))
    return Moment(day, tuple(_state(each, policy, day, calendar) for each in there), commit)


def moves(before: State | None, after: State | None) -> tuple[Move, ...]:
    """What moved between two days, the most telling first."""
    if before is None or after is None:
        return (Move("client", before and before.status, after and after.status),)
    found = [
        Move(what, old, new)
        for what, old, new in (
            ("status", before.status, after.status),
            ("tier", before.tier, after.tier),
            ("stage", before.stage, after.stage),
            ("health", before.band, after.band),
        )
        if old != new
    ]
    found += [Move("warning", None, id_) for id_ in after.warnings if id_ not in before.warnings]
    found += [Move("warning", id_, None) for id_ in before.warnings if id_ not in after.warnings]
    return tuple(found)


def moved(moments: Sequence[Moment]) -> Iterator[tuple[Moment, tuple[tuple[State, tuple[Move, ...]], ...]]]:
    """Each moment but the first with the clients that moved since the one before, by name.

    A client is known by its note's path, or by its name where the note was renamed meanwhile.
    """
    for before, after in pairwise(moments):
        pairs = _paired(before.states, after.states)
        rows = ((new or old, moves(old, new)) for old, new in pairs)
        yield after, tuple((state, found) for state, found in rows if state is not None and found)


def _paired(before: Iterable[State], after: Iterable[State]) -> list[tuple[State | None, State | None]]:
    by_path = {state.path: state for state in before}
    by_name = {state.name: state for state in by_path.values()}
    pairs: list[tuple[State | None, State | None]] = []
    for state in after:
        old = by_path.pop(state.path, None)
        if old is None and (named := by_name.get(state.name)) is not None and named.path in by_path:
            old = by_path.pop(named.path)
        pairs.append((old, state))
    pairs += [(state, None) for state in by_path.values()]
    return sorted(pairs, key=lambda pair: (pair[1] or pair[0] or _NOBODY)[:2][::-1])


def _state(history: ClientHistory, policy: Policy, day: date, calendar: WorkCalendar) -> State:
    figures = standing(history, policy, day, calendar)
    health = assess_health(figures, policy)
    warnings = tuple(sorted({warning.id for warning in client_warnings(figures, policy)}))
    client = figures.client
    return State(
        client.path,
        client.name,
        figures.known.status,
        figures.tier,
        figures.stage,
        health.value,
        health.band,
        warnings,
    )


def _was_there(history: ClientHistory, day: date, known_by: date) -> bool:
    then = first_record(known(history, day))
    return then is not None or first_record(known(history, known_by)) is None


def _period_end(day: date, every: str) -> date:
    """The last day of the period that a day is in."""
    if every == "week":
        return day + timedelta(days=SUNDAY - day.weekday())
    months = QUARTER if every == "quarter" else 1
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return add_months(first, months) - ONE_DAY


_NOBODY = State("", "", "", "", "", 0, "", ())
