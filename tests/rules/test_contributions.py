"""What each client contributes to the measures, kept as parts, for made-up clients of all kinds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, follow_up, history, project
from tests.rules.standings import D, ago
from tests.support.closed import kept_of
from vaultcrm.model.policy import STAGES, Loyalty, Policy
from vaultcrm.model.records import ClientHistory, Money, Portfolio, Project, Referral
from vaultcrm.model.results import Assessment
from vaultcrm.model.roster import Roster
from vaultcrm.rules.engine import assess
from vaultcrm.rules.measures import CONTRIBUTIONS, measure
from vaultcrm.rules.scope import added, scope

OWNERS = (None, "mira", "jo")
POLICIES = tuple(
    preset(name, rates={"USD": Decimal("0.13")}, loyalty=Loyalty(is_on, Decimal(100), 5))
    for name, is_on in (("studio", True), ("retention", False))
)
"""Rhythms by stage and by tier, with points of loyalty and without."""

DAYS = st.integers(-40, 800).map(ago)
MAYBE = st.none() | DAYS
SCORES = st.none() | st.integers(1, 10) | st.just(Decimal("7.50"))
AMOUNTS = st.none() | st.builds(
    Money,
    st.decimals(0, 10**6, places=2) | st.integers(0, 5000).map(Decimal),
    st.sampled_from((None, "USD", "SEK")),
)


@st.composite
def projects(draw: st.DrawFn, name: str) -> list[Project]:
    """Projects and orders of a client."""
    return [
        project(
            f"{name}{number}",
            order=draw(st.booleans()),
            start=draw(MAYBE),
            delivered=draw(MAYBE),
            amount=draw(AMOUNTS),
            status=draw(st.sampled_from((None, "active", "delivered", "cancelled", "proposal"))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


@st.composite
def histories(draw: st.DrawFn, name: str) -> ClientHistory:
    """A client with everything that measures look at."""
    fields: dict[str, Any] = {
        "owner": draw(st.sampled_from(OWNERS)),
        "status": draw(st.sampled_from(("active", "active", "active", "paused", "lost", "lost", "archived"))),
        "since": draw(MAYBE),
        "lost_on": draw(MAYBE),
        "lost_reason": draw(st.sampled_from((None, "price", "换人"))),
        "tier": draw(st.sampled_from((None, "A", "C", "growth"))),
        "stage": draw(st.sampled_from((None, *STAGES))),
        "cadence": draw(st.none() | st.integers(1, 90)),
        "next_contact": draw(MAYBE),
        "referred_by": draw(st.sampled_from((None, "Ann"))),
        "referred_on": draw(MAYBE),
        "contracts": draw(st.lists(st.tuples(MAYBE, DAYS), max_size=3)),
    }
    kinds = st.sampled_from(("contact", "meeting", "newsletter", "referral-ask", "survey"))
    talks = draw(st.lists(st.tuples(DAYS, kinds), max_size=6))
    answers = draw(st.lists(st.tuples(DAYS, SCORES, SCORES, SCORES), max_size=3))
    return history(
        client(name, **fields),
        draw(projects(name)),
        [
            contact(on, kind=kind, path=f"Interactions/{name}{number}.md")
            for number, (on, kind) in enumerate(talks)
        ],
        [
            feedback(on, f"Feedback/{name}{number}.md", result=result, communication=talk, recommend=score)
            for number, (on, result, talk, score) in enumerate(answers)
        ],
        tasks=[follow_up(due=day) for day in draw(st.lists(DAYS, max_size=1))],
        introduced=[
            Referral(client(f"New {name}"), tuple(draw(projects(f"New {name}"))), "Ann")
            for _ in range(draw(st.integers(0, 1)))
        ],
    )


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Some clients, by name."""
    return Portfolio(tuple(draw(histories(name)) for name in "ABCDEFGH"[: draw(st.integers(0, 8))]))


def refuse(number: int) -> Assessment:
    raise AssertionError(f"client {number} was looked at")


@given(portfolios(), st.sampled_from(POLICIES), st.sampled_from((0, 31, 365, 10_000)))
@settings(max_examples=60, deadline=None)
def test_measures_follow_from_what_was_kept_of_each_client(
    told: Portfolio, policy: Policy, days: int
) -> None:
    start = ago(days)
    made = tuple(assess(told, policy, D).assessments)
    roster = Roster(made)
    measure(roster, policy, start, D)
    kept = Roster([None] * len(made), kept_of(roster), refuse)
    for owner in (*OWNERS, "nobody"):
        mine = tuple(one for one in made if owner is None or one.client.owner == owner)
        found, direct = measure(kept, policy, start, D, owner), measure(mine, policy, start, D)
        assert found.owner == owner
        assert (found.values, found.findings) == (direct.values, direct.findings)
        assert repr(found.findings) == repr(direct.findings)


def test_each_period_has_a_part_of_its_own() -> None:
    told = Portfolio((history(projects=[project(start=ago(9)), project("B", start=ago(40))]),))
    roster = assess(told, preset(), D).assessments
    assert measure(roster, preset(), ago(30), D).values["repurchase"] == 0
    assert measure(roster, preset(), ago(60), D).values["repurchase"] == 1


def test_rows_share_what_a_client_contributes() -> None:
    assert len(CONTRIBUTIONS) == len(set(CONTRIBUTIONS)) == 12


class TestScope:
    def test_the_period_before_is_as_long(self) -> None:
        period = scope(preset(), ago(30), D)
        assert (period.start - period.before).days == 30
        assert [period.holds(day) for day in (None, ago(30), ago(29), D, ago(-1))] == [
            False,
            False,
            True,
            True,
            False,
        ]

    def test_before_the_first_of_all_days_there_is_none(self) -> None:
        assert scope(preset(), date(900, 1, 1), D).before == date.min
        long = measure(assess(Portfolio((history(),)), preset(), D).assessments, preset(), date(900, 1, 1), D)
        assert long.values["average_order_growth"] is None

    @given(st.lists(st.fractions(), max_size=9))
    def test_sums_are_exact(self, numbers: list[Fraction]) -> None:
        assert added(number.as_integer_ratio() for number in numbers) == sum(numbers)
