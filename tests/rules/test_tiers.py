from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, history, project
from vaultcrm.model.policy import Dimension, Policy, Tier
from vaultcrm.model.records import ClientHistory, Money
from vaultcrm.rules.days import add_months
from vaultcrm.rules.known import known
from vaultcrm.rules.tiers import (
    Tiering,
    amount_12m,
    amount_total,
    computed_stage,
    computed_tier,
    in_vault_currency,
    pinned_tier,
    stage_of,
)

D = day("2026-11-20")
STUDIO, ENTERPRISE, SALES, RETENTION = map(preset, ("studio", "enterprise", "sales", "retention"))


def tiering(told: ClientHistory, policy: Policy, on: date = D) -> Tiering:
    facts = known(told, on)
    return computed_tier(facts, amount_12m(facts, policy), policy)


def tier(told: ClientHistory, policy: Policy) -> object:
    return tiering(told, policy).tier.value


def scores(told: ClientHistory, policy: Policy, on: date = D) -> dict[str, Fraction]:
    return dict(tiering(told, policy, on).scores or ())


def orders(count: int, amount: int, on: str = "2026-06-01", **fields: Any) -> ClientHistory:
    """A client with so many projects, worth the amount together."""
    projects = [project(f"P{n}", start=on, amount=amount if n == 0 else 0) for n in range(count)]
    return history(client(**fields), projects)


class TestAmounts:
    def test_the_vaults_own_currency_needs_no_rate(self) -> None:
        policy = preset(currency="EUR", rates={"USD": Decimal("0.92")})
        assert in_vault_currency(Money(Decimal(5)), policy) == 5
        assert in_vault_currency(Money(Decimal(5), "EUR"), policy) == 5
        assert in_vault_currency(Money(Decimal(100), "USD"), policy) == 92
        assert in_vault_currency(Money(Decimal(100), "JPY"), policy) is None

    def test_what_cannot_be_converted_is_left_out(self) -> None:
        told = history(
            projects=[
                project("A", start="2026-01-01", amount=1000),
                project("B", start="2026-01-01", amount=Money(Decimal(500), "JPY")),
                project("C", start="2026-01-01"),
            ]
        )
        finding = amount_total(known(told, D), STUDIO)
        assert finding.value == 1000
        assert [place.path for place in finding.places] == ["Projects/A.md"]

    def test_the_last_365_days(self) -> None:
        told = history(
            projects=[
                project("A", start=D - timedelta(days=365), amount=1),
                project("B", start=D - timedelta(days=364), amount=10),
                project("C", order=True, signed=D, amount=100),
                project("E", start=D + timedelta(days=1), amount=1000),
            ]
        )
        assert amount_12m(known(told, D), STUDIO).value == 110
        assert amount_total(known(told, D), STUDIO).value == 111


class TestStage:
    @pytest.mark.parametrize(
        ("count", "stage"),
        [(0, "prospect"), (1, "new"), (2, "growing"), (3, "growing"), (4, "core"), (40, "core")],
    )
    def test_by_the_number_of_projects(self, count: int, stage: str) -> None:
        assert stage_of(count, STUDIO) == stage

    def test_orders_count_too_and_each_is_evidence(self) -> None:
        projects = [project("A", start="2026-01-01"), project("B", order=True, signed="2026-02-01")]
        finding = computed_stage(known(history(projects=projects), D), STUDIO)
        assert finding.value == "growing"
        assert finding.numbers["projects"] == 2
        assert [place.path for place in finding.places] == ["Projects/A.md", "Projects/B.md"]


class TestCriteria:
    @pytest.mark.parametrize(
        ("count", "amount", "expected"),
        [
            (4, 100_001, "A"),
            (4, 100_000, "B"),
            (3, 100_001, "B"),
            (1, 30_000, "B"),
            (1, 29_999, "C"),
            (2, 0, "B"),
            (1, 0, "C"),
            (0, 0, "C"),
        ],
    )
    def test_amount_and_number_of_projects(self, count: int, amount: int, expected: str) -> None:
        assert tier(orders(count, amount), STUDIO) == expected

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"refers": False}, "B"),
            ({"refers": True}, "A"),
            ({"scores": {"trust": 6.9}}, "B"),
            ({"scores": {"trust": 7}}, "A"),
        ],
    )
    def test_trust_and_recommendation(self, fields: dict[str, Any], expected: str) -> None:
        assert tier(orders(4, 200_000, **fields), STUDIO) == expected

    def test_there_are_no_scores(self) -> None:
        result = tiering(orders(1, 0), STUDIO)
        assert (result.scores, result.score) == (None, None)

    def test_the_evidence_names_amount_projects_and_doubts(self) -> None:
        finding = tiering(orders(4, 200_000, refers=False), STUDIO).tier
        assert finding.numbers["amount-12m"] == 200_000
        assert finding.numbers["projects"] == 4
        assert ("Clients/Acme.md", 2, 1) in finding.places


class TestScorecard:
    @pytest.mark.parametrize(
        ("amount", "score"),
        [(0, 1), (4_999, 1), (5_000, 2), (42_000, 4), (50_000, 5), (1_999_999, 9), (2_000_000, 10)],
    )
    def test_amount(self, amount: int, score: int) -> None:
        assert scores(orders(1, amount), ENTERPRISE)["amount"] == score

    @pytest.mark.parametrize(
        ("since", "count", "score"),
        [
            (None, 0, 1),
            ("2026-11-20", 0, 1),
            ("2025-11-21", 0, 1),
            ("2025-11-20", 0, 3),
            ("2023-01-01", 2, 9),
            ("2023-01-01", 3, 10),
            ("2010-01-01", 3, 10),
            ("2027-01-01", 1, 2),
        ],
    )
    def test_stability(self, since: str | None, count: int, score: int) -> None:
        assert scores(orders(count, 0, since=since), ENTERPRISE)["stability"] == score

    def test_stability_counts_orders_of_the_last_365_days_alone(self) -> None:
        told = history(
            client(since="2026-10-01"), [project(start="2025-11-20"), project("B", start="2025-11-21")]
        )
        assert scores(told, ENTERPRISE)["stability"] == 2

    def test_growth_is_five_unless_given(self) -> None:
        assert scores(orders(0, 0), ENTERPRISE)["growth"] == 5
        assert scores(orders(0, 0, scores={"growth": 7.5}), ENTERPRISE)["growth"] == Fraction(15, 2)

    @pytest.mark.parametrize(
        ("complaints", "overdue", "score"),
        [(0, 0, 10), (1, 0, 7), (3, 0, 1), (4, 0, 1), (0, 1, 9), (0, 15, 9), (0, 16, 8), (1, 31, 4)],
    )
    def test_risk(self, complaints: int, overdue: int, score: int) -> None:
        told = history(
            projects=[project(start="2026-01-01", invoice_due=D - timedelta(days=overdue))],
            interactions=[contact(f"2026-11-0{n + 1}", kind="complaint") for n in range(complaints)],
        )
        assert scores(told, ENTERPRISE)["risk"] == score

    def test_a_score_given_by_hand_comes_first(self) -> None:
        told = orders(4, 2_000_000, scores={"amount": 2, "stability": 1, "risk": 3})
        result = tiering(told, ENTERPRISE)
        assert [int(value) for _, value in result.scores or ()] == [2, 1, 5, 3]
        assert result.score == 11
        assert ("Clients/Acme.md", 2, 1) in result.tier.places

    @pytest.mark.parametrize(
        ("by_hand", "expected"), [(10, "S"), (9.9, "A"), (2, "A"), (1.9, "B"), (-6, "B"), (-6.1, "C")]
    )
    def test_thresholds_are_reached_exactly(self, by_hand: float, expected: str) -> None:
        given = {"amount": 10, "stability": 6, "growth": 6, "risk": by_hand}
        assert tier(orders(0, 0, scores=given), ENTERPRISE) == expected

    def test_a_scorecard_of_ones_own(self) -> None:
        scheme = replace(
            ENTERPRISE.tiers,
            tiers=(Tier("Gold", (), Decimal("12.5")), Tier("Rest")),
            dimensions=(
                Dimension("money", "amount", weight=Decimal("1.5")),
                Dimension("nearness", "closeness"),
                Dimension("mood", "fixed", Decimal(4), Decimal(2)),
            ),
            closeness_months=12,
        )
        policy = preset("enterprise", tiers=scheme)
        result = tiering(orders(1, 10_000), policy)
        assert result.scores == (("money", 3), ("nearness", 1), ("mood", 4))
        assert result.score == Fraction(27, 2)
        assert result.tier.value == "Gold"
        assert tier(orders(1, 5_000), policy) == "Rest"

    def test_a_score_of_ones_own_given_by_hand(self) -> None:
        scheme = replace(ENTERPRISE.tiers, dimensions=(Dimension("Team Spirit", "fixed"),))
        told = history(client(scores={"team_spirit": 8}))
        assert scores(told, preset("enterprise", tiers=scheme)) == {"Team Spirit": 8}


class TestSegments:
    def test_value_potential_fit_closeness(self) -> None:
        result = tiering(orders(1, 200_000), SALES)
        assert result.scores == (("value", 7), ("potential", 5), ("fit", 5), ("closeness", 1))
        assert result.tier.value == "standard"
        assert result.tier.rule == "tier-segments"

    @pytest.mark.parametrize(
        ("months", "score"), [(0, 1), (1, 1), (2, 2), (3, 3), (5, 4), (6, 5), (9, 8), (11, 9), (12, 10)]
    )
    def test_closeness_is_the_share_of_months_with_a_contact(self, months: int, score: int) -> None:
        told = history(interactions=[contact(add_months(D, -k)) for k in range(months)])
        assert scores(told, SALES)["closeness"] == score

    def test_a_window_ends_with_its_day_and_begins_after_the_day_of_the_month_before(self) -> None:
        inside = ["2026-11-20", "2026-10-21", "2026-10-20", "2025-11-21"]
        told = history(interactions=[contact(on) for on in [*inside, "2025-11-20"]])
        assert tiering(told, SALES).tier.numbers["months-with-contact"] == 3

    def test_windows_counted_back_from_the_last_of_a_month(self) -> None:
        told = history(interactions=[contact("2026-02-28"), contact("2026-03-01")])
        assert tiering(told, SALES, day("2026-03-31")).tier.numbers["months-with-contact"] == 2

    def test_newsletters_are_no_closeness(self) -> None:
        told = history(interactions=[contact(D, kind="newsletter")])
        assert tiering(told, SALES).tier.numbers["months-with-contact"] == 0


class TestActivity:
    @pytest.mark.parametrize(("amount", "expected"), [(100_000, "high-value"), (99_999, "growth")])
    def test_high_value(self, amount: int, expected: str) -> None:
        assert tier(orders(1, amount, on="2026-11-01"), RETENTION) == expected

    def test_high_value_comes_before_low_activity(self) -> None:
        assert tier(orders(1, 100_000, on="2026-01-01"), RETENTION) == "high-value"

    @pytest.mark.parametrize(("days", "expected"), [(59, "growth"), (60, "low-activity")])
    def test_nothing_from_them(self, days: int, expected: str) -> None:
        told = history(interactions=[contact(D - timedelta(days=days), channel="phone"), contact(D)])
        assert tier(told, RETENTION) == expected

    @pytest.mark.parametrize(("days", "expected"), [(59, "growth"), (60, "low-activity")])
    def test_never_anything_counts_from_the_first_record(self, days: int, expected: str) -> None:
        assert tier(history(client(since=D - timedelta(days=days))), RETENTION) == expected

    def test_without_any_record_nobody_is_quiet(self) -> None:
        assert tier(history(), RETENTION) == "growth"


class TestPinned:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("high-value", "high-value"),
            ("High Value", "high-value"),
            ("HIGH_VALUE ", "high-value"),
            ("高价值", "high-value"),
            ("成长型客户", "growth"),
            ("gold", None),
            ("", None),
            (None, None),
        ],
    )
    def test_case_dashes_and_spaces_make_no_difference(self, text: str | None, expected: str | None) -> None:
        assert pinned_tier(text, RETENTION.tiers) == expected

    def test_unicode_forms_make_no_difference(self) -> None:
        scheme = replace(STUDIO.tiers, tiers=(Tier("Très grand"), Tier("Rest")))
        assert pinned_tier("Tre\u0300s-Grand", scheme) == "Très grand"
