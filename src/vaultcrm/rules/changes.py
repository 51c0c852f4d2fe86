"""What has changed since the last day of the previous quarter: stages and tiers, with what moved them.

The past is computed from the same notes as of then; nothing is remembered. This module must not know how a
tier comes about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Assessment, Change, Evidence, Finding, Known, Standing
from vaultcrm.model.roster import Roster
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import ONE_DAY
from vaultcrm.rules.known import known
from vaultcrm.rules.tiers import amount_12m, computed_stage, computed_tier, pinned_tier, stage_of

QUARTER_MONTHS = 3
CHANGED = "changed"
"""The part of a client (see `model.roster`) that is how many changes there are, with the day since when."""


class Moved(NamedTuple):
    """What a piece of evidence was and is; None on a side where there was none."""

    before: object
    after: object


def previous_quarter_end(day: date) -> date:
    """The last day of the quarter before the one that ``day`` is in."""
    first_month = day.month - (day.month - 1) % QUARTER_MONTHS
    return date(day.year, first_month, 1) - ONE_DAY


def changes(standings: Iterable[Standing], policy: Policy, day: date) -> tuple[Change, ...]:
    """The clients whose stage or tier in force is another than on the last day of the previous quarter.

    In the order of ``standings``, the tier of each before its stage. (Specification 3, Tier.)
    """
    return changes_since(standings, policy, previous_quarter_end(day))


def changed(roster: Roster, policy: Policy, day: date) -> tuple[tuple[int, int], ...]:
    """Where the changes are that `changes` gives of a whole roster, in the same order; for lists of a few.

    It goes by a part of each client, so those that are not shown need not be looked at::

        for number, index in changed(overview.assessments, overview.policy, overview.day):
            change = change_of(overview.assessments[number], index, overview.policy, overview.day)

    Returns:
        For each change the client's number, and which of the client's changes it is: 0 or 1.
    """
    since = previous_quarter_end(day)

    def count(one: Assessment) -> int:
        return sum(1 for _ in _changes(one.standing, policy, since))

    counts = roster.each((CHANGED, since.toordinal()), count)
    return tuple((number, index) for number, found in enumerate(counts) for index in range(found))


def change_of(one: Assessment, index: int, policy: Policy, day: date) -> Change:
    """A client's change by its index, as `changed` gives it; IndexError for none."""
    return changes((one.standing,), policy, day)[index]


def changes_since(standings: Iterable[Standing], policy: Policy, since: date) -> tuple[Change, ...]:
    """The same, since the end of any earlier day."""
    return tuple(change for standing in standings for change in _changes(standing, policy, since))


def moved_by(before: Finding, after: Finding) -> tuple[Evidence, ...]:
    """The evidence in which two findings of one rule differ, each with what it was and is (`Moved`).

    A piece that stands once on both sides under its name is one line; what came or went has one side alone.
    """
    went = _without(before.evidence, after.evidence)
    came = _without(after.evidence, before.evidence)
    went_by_name = Counter(item.name for item in went)
    came_by_name = Counter(item.name for item in came)
    single = {item.name: item for item in went if went_by_name[item.name] == 1 == came_by_name[item.name]}
    now = []
    for item in came:
        old = single.get(item.name)
        was = None if old is None else old.value
        now.append(Evidence(item.name, Moved(was, item.value), item.place))
    gone = (Evidence(e.name, Moved(e.value, None), e.place) for e in went if e.name not in single)
    return (*now, *gone)


def _changes(standing: Standing, policy: Policy, since: date) -> Iterator[Change]:
    facts = known(standing.known.history, since)
    yield from _tier_change(standing, facts, policy)
    before = facts.client.stage or stage_of(len(facts.counted), policy)
    if before != standing.stage:
        moved = moved_by(computed_stage(facts, policy), standing.computed_stage)
        finding = Finding(standing.computed_stage.rule, standing.stage, moved)
        yield Change(standing.client, "stage", before, standing.stage, since, finding)


def _tier_change(standing: Standing, then: Known, policy: Policy) -> Iterator[Change]:
    if pinned_tier(standing.client.tier, policy.tiers) is not None:
        return  # a pin has no date: it held then as it does now
    before = computed_tier(then, amount_12m(then, policy), policy).tier
    if before.value != standing.tier:
        finding = Finding(before.rule, standing.tier, moved_by(before, standing.computed_tier))
        yield Change(standing.client, "tier", str(before.value), standing.tier, then.day, finding)


def _without(evidence: tuple[Evidence, ...], other: tuple[Evidence, ...]) -> list[Evidence]:
    there = set(other)
    return [item for item in evidence if item not in there]
