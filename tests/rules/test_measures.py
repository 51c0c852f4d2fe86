from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, project
from tests.rules.standings import D, ago, assessed
from vaultcrm.model.policy import Loyalty, Policy
from vaultcrm.model.records import ClientHistory, Money, Referral
from vaultcrm.model.results import Measures
from vaultcrm.rules.measures import MEASURES, measure

YEAR = 365


def measured(
    *told: ClientHistory, policy: Policy | None = None, days: int = YEAR, owner: str | None = None
) -> Measures:
    chosen = policy or preset()
    return measure(assessed(*told, policy=chosen), chosen, ago(days), D, owner)


def value(name: str, *told: ClientHistory, **more: Any) -> Any:
    return measured(*told, **more).values[name]


def named(name: str, **more: Any) -> ClientHistory:
    """A client with a note of its own, and projects of its own."""
    of = more.pop("of", {})
    return history(client(name, **of), **more)


class TestCounts:
    def test_active_by_tier_and_stage_in_force_with_zeros(self) -> None:
        told = [
            named("a", of={"tier": "A", "stage": "core"}),
            named("b"),
            named("c", of={"status": "paused"}),
            named("d", of={"status": "lost", "lost_on": ago(-1)}),
        ]
        found = measured(*told).values
        assert found["active"] == 3
        assert found["by_tier"] == {"C": 2, "B": 0, "A": 1}
        assert found["by_stage"] == {"prospect": 2, "new": 0, "growing": 0, "core": 1}

    def test_an_empty_vault(self) -> None:
        found = measured().values
        assert [row.name for row in MEASURES] == list(found)
        nothing = {name for name, each in found.items() if each is None}
        assert nothing == {
            *("retention", "churn", "repurchase", "average_order", "average_order_growth", "nps"),
            *("satisfaction", "in_time", "top20_share", "renewal_rate", "loyalty"),
        }

    def test_only_the_owners_clients(self) -> None:
        told = [named("a", of={"owner": "mira"}), named("b", of={"owner": "jo"}), named("c")]
        assert value("active", *told, owner="mira") == 1
        assert value("active", *told) == 3
        assert measured(*told, owner="mira").owner == "mira"

    @pytest.mark.parametrize("typed", ["josé", "JOSÉ", "jose\u0301"])
    def test_an_owner_in_another_case_or_form(self, typed: str) -> None:
        told = [named("a", of={"owner": "José"}), named("b", of={"owner": "jose\u0301"}), named("c")]
        assert value("active", *told, owner=typed) == 2


class TestRetention:
    def kept(self, *told: ClientHistory) -> tuple[Any, Any]:
        found = measured(*told).values
        return found["retention"], found["churn"]

    def test_share_not_lost_of_those_who_were_there(self) -> None:
        told = [
            named("a", of={"since": ago(YEAR)}),
            named("b", projects=[project(start=ago(YEAR))]),
            named("c", of={"since": ago(500), "status": "lost", "lost_on": D}),
        ]
        assert self.kept(*told) == (Fraction("0.6667"), Fraction("0.3333"))

    @pytest.mark.parametrize(
        "of",
        [
            {"since": ago(YEAR - 1)},
            {},
            {"since": ago(500), "status": "archived"},
            {"since": ago(500), "status": "lost"},
            {"since": ago(500), "status": "lost", "lost_on": ago(YEAR)},
        ],
        ids=["later", "nothing known", "archived", "always lost", "lost by then"],
    )
    def test_who_was_not_there(self, of: dict[str, Any]) -> None:
        assert self.kept(named("a", of=of)) == (None, None)

    def test_paused_and_lost_tomorrow_are_kept(self) -> None:
        told = [
            named("a", of={"since": ago(500), "status": "paused"}),
            named("b", of={"since": ago(500), "status": "lost", "lost_on": ago(-1)}),
        ]
        assert self.kept(*told) == (1, 0)

    def test_an_order_that_does_not_count_is_no_beginning(self) -> None:
        assert self.kept(named("a", projects=[project(start=ago(400), status="cancelled")])) == (None, None)

    def test_since_may_be_later_than_the_first_order(self) -> None:
        told = named("a", of={"since": ago(9)}, projects=[project(start=ago(400))])
        assert self.kept(told) == (1, 0)

    def test_reasons(self) -> None:
        lost = {"since": ago(500), "status": "lost", "lost_on": ago(9)}
        told = [
            named(name, of={**lost, "lost_reason": why})
            for name, why in (("a", "price"), ("b", None), ("c", "price"))
        ]
        assert value("churn_reasons", *told) == {"price": 2, "": 1}


class TestOrders:
    def test_repurchase(self) -> None:
        told = [
            named("a", projects=[project("a", start=ago(364)), project("b", start=D, order=True)]),
            named("b", projects=[project("c", start=ago(365)), project("d", start=ago(1))]),
            named(
                "c", projects=[project("e", start=ago(400)), project("f", start=ago(1), status="cancelled")]
            ),
            named(
                "d", of={"status": "lost"}, projects=[project("g", start=ago(9)), project("h", start=ago(9))]
            ),
        ]
        assert value("repurchase", *told) == Fraction("0.6667")

    def test_average_of_the_amounts_that_can_be_converted(self) -> None:
        told = named(
            "a",
            projects=[
                project("a", start=ago(9), amount=100),
                project("b", start=ago(9), amount="0.01"),
                project("c", start=ago(9), amount=Money(Decimal(100), "USD")),
                project("d", start=ago(9), amount=Money(Decimal(100), "SEK")),
                project("e", start=ago(9)),
                project("f", start=ago(365), amount=999),
            ],
        )
        policy = preset(rates={"USD": Decimal("0.5")})
        assert value("average_order", told, policy=policy) == Fraction(5000, 100)

    def test_growth_over_an_equally_long_period_before(self) -> None:
        told = named(
            "a", projects=[project("a", start=ago(29), amount=150), project("b", start=ago(30), amount=100)]
        )
        assert value("average_order_growth", told, days=30) == Fraction(1, 2)
        assert value("average_order_growth", told, days=29) is None
        assert value("average_order_growth", told, days=31) is None

    def test_top_fifth_rounded_up(self) -> None:
        def told(*amounts: int) -> list[ClientHistory]:
            return [
                named(f"c{n}", projects=[project(f"p{n}", start=ago(9), amount=amount)])
                for n, amount in enumerate(amounts)
            ]

        assert value("top20_share", *told(60, 20, 10, 5, 5)) == Fraction("0.6")
        assert value("top20_share", *told(50, 10, 10, 10, 10, 10)) == Fraction("0.6")
        assert value("top20_share", *told(50, 10, 10, 10, 20, 0)) == Fraction("0.5")
        assert value("top20_share", *told(0)) is None

    def test_revenue_by_tier(self) -> None:
        told = named("a", of={"tier": "B"}, projects=[project(start=ago(9), amount="12.345")])
        assert value("revenue_by_tier", told) == {"C": 0, "B": Fraction("12.35"), "A": 0}


class TestAnswers:
    def test_nps_by_each_clients_latest_of_the_period(self) -> None:
        told = [
            named("a", feedback=[feedback(ago(20), recommend=2), feedback(ago(9), recommend=9)]),
            named("b", feedback=[feedback(ago(9), recommend=6)]),
            named("c", feedback=[feedback(ago(9), recommend=8.5), feedback(ago(8), result=1)]),
            named("d", feedback=[feedback(ago(365), recommend=1)]),
            named("e", of={"status": "lost"}, feedback=[feedback(D, recommend=10)]),
        ]
        assert value("nps", *told) == 25

    def test_nps_is_rounded_towards_plus_infinity(self) -> None:
        scores = [6, *[7] * 7]
        told = [
            named(f"c{n}", feedback=[feedback(ago(9), recommend=score)]) for n, score in enumerate(scores)
        ]
        assert value("nps", *told) == -12  # −12.5

    def test_satisfaction_is_the_mean_of_the_clients_means(self) -> None:
        told = [
            named("a", feedback=[feedback(ago(9), result=9, communication=8)]),
            named("b", feedback=[feedback(ago(9), professionalism=6)]),
        ]
        assert value("satisfaction", *told) == Fraction("7.25")


class TestReferrals:
    def test_asked_received_and_won(self) -> None:
        referred = {"referred_by": "Ann", "referred_on": ago(9)}
        told = [
            named("a", interactions=[contact(ago(n), kind="referral-ask") for n in (9, 364, 365, -1)]),
            named("b", of=referred, projects=[project(start=D)]),
            named("c", of=referred, projects=[project(start=ago(-1))]),
            named("d", of={**referred, "referred_on": ago(365)}),
            named("e", of={"referred_on": ago(9)}),
            named("f", of={"referred_by": "Ann"}),
        ]
        assert value("referrals", *told) == {"asked": 2, "received": 2, "won": 1}


class TestContracts:
    @pytest.mark.parametrize(
        ("contracts", "rate"),
        [
            ([(None, ago(365))], None),
            ([(None, ago(-1))], None),
            ([(None, ago(100))], 0),
            ([(None, ago(100)), (ago(40), ago(-9))], 1),
            ([(None, ago(100)), (ago(39), ago(-9))], 0),
            ([(None, ago(100)), (ago(110), ago(-9))], 1),
            ([(None, ago(100)), (None, ago(-9))], 0),
            ([(None, ago(20)), (ago(-1), ago(-400))], 1),
            ([(None, ago(20)), (ago(-41), ago(-400))], 0),
            ([(ago(400), ago(100)), (ago(99), ago(50))], Fraction(1, 2)),
        ],
        ids=[
            "ended before",
            "not ended",
            "not followed",
            "60 days after",
            "61 days after",
            "overlapping",
            "begin unknown",
            "begins tomorrow",
            "begins too late",
            "one of two",
        ],
    )
    def test_renewal_rate(self, contracts: Any, rate: Any) -> None:
        assert value("renewal_rate", named("a", of={"contracts": contracts})) == rate


class TestLoyalty:
    def test_points_for_amounts_and_referrals_won(self) -> None:
        new = client("New")
        told = named(
            "a",
            projects=[project(start=ago(900), amount="1099")],
            introduced=[Referral(new, (project(start=D),), "Ann"), Referral(new, (), "Ann")],
        )
        policy = preset(loyalty=Loyalty(on=True, per_amount=Decimal(100), per_referral=5))
        assert value("loyalty", told, policy=policy) == {"Clients/a.md": 15}

    def test_off_by_default(self) -> None:
        assert value("loyalty", named("a")) is None


def test_numbers_of_the_policy() -> None:
    policy = preset()
    strict = replace(policy, measures=replace(policy.measures, promoter=Decimal(10)))
    told = named("a", feedback=[feedback(ago(9), recommend=9)])
    assert value("nps", told, policy=strict) == 0


def test_findings_tell_where_figures_come_from() -> None:
    lost = {"since": ago(500), "status": "lost", "lost_on": ago(9), "lost_reason": "price"}
    told = [
        named("a", of=lost),
        named("b", feedback=[feedback(ago(9), recommend=9, result=8)]),
        named("c", interactions=[contact(ago(9), kind="referral-ask")]),
    ]
    findings = measured(*told).findings
    for name in ("retention", "churn", "churn_reasons", "nps", "satisfaction", "referrals"):
        assert findings[name].places, name
