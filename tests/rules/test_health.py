from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, project
from tests.rules.standings import D, ago, stand
from vaultcrm.model.records import ClientHistory
from vaultcrm.model.results import Health
from vaultcrm.rules.health import HEALTH_PARTS, assess_health, band


def health(told: ClientHistory, **changes: Any) -> Health:
    policy = preset()
    policy = replace(policy, health=replace(policy.health, **changes))
    return assess_health(stand(told, policy), policy)


def parts(told: ClientHistory) -> dict[str, int]:
    return {name: value for name, value, _ in health(told).parts}


class TestRecency:
    @pytest.mark.parametrize(("last", "value"), [(0, 100), (7, 100), (8, 93), (14, 50), (21, 0), (22, 0)])
    def test_falls_to_nothing_over_two_intervals(self, last: int, value: int) -> None:
        told = history(client(cadence=7), interactions=[contact(ago(last))])
        # every day is worked: the day after the interval is the day that is due
        policy = preset(workdays=frozenset(range(7)))
        found = {name: part for name, part, _ in assess_health(stand(told, policy), policy).parts}
        assert found["recency"] == value

    def test_never_contacted(self) -> None:
        assert parts(history(client(since=ago(1))))["recency"] == 0
        assert parts(history(client(next_contact=ago(-30))))["recency"] == 0

    def test_left_out_without_next_contact(self) -> None:
        for quiet in (client(do_not_contact=True), client(status="paused"), client(status="lost")):
            assert "recency" not in parts(history(quiet, interactions=[contact(ago(3))]))


class TestAnswers:
    def test_mean_of_the_scores_that_are_given(self) -> None:
        told = history(feedback=[feedback(ago(900), result=8, professionalism=7)])
        assert parts(told)["satisfaction"] == 75

    def test_the_latest_that_has_the_value_counts(self) -> None:
        answers = [
            feedback(ago(90), result=4, recommend=2),
            feedback(ago(30), recommend=0),
            feedback(ago(-1), result=1),
        ]
        found = parts(history(feedback=answers))
        assert (found["satisfaction"], found["recommend"]) == (40, 0)

    def test_left_out_without_any(self) -> None:
        found = parts(history(feedback=[feedback(ago(3), best="the tone")]))
        assert "satisfaction" not in found
        assert "recommend" not in found


class TestSentiment:
    def test_by_sign_whatever_the_kind(self) -> None:
        talks = [contact(ago(3), sentiment=2), contact(ago(2), kind="newsletter", sentiment=0.5)]
        assert parts(history(interactions=talks))["sentiment"] == 100
        assert (
            parts(history(interactions=[*talks, contact(ago(1), kind="internal", sentiment=0)]))["sentiment"]
            == 87
        )
        assert parts(history(interactions=[contact(ago(1), sentiment=-0.1)]))["sentiment"] == 10

    def test_only_the_last_five_that_have_one(self) -> None:
        talks = [contact(ago(20), sentiment=-2), *(contact(ago(n), sentiment=1) for n in range(5, 10))]
        assert parts(history(interactions=[*talks, contact(ago(1))]))["sentiment"] == 100

    def test_left_out_without_any(self) -> None:
        assert "sentiment" not in parts(
            history(interactions=[contact(ago(1)), contact(ago(-1), sentiment=1)])
        )


class TestOrders:
    @pytest.mark.parametrize(
        ("days", "value"), [(180, 100), (181, 100), (182, 99), (360, 50), (540, 0), (600, 0)]
    )
    def test_linear_from_the_gap_to_three_gaps(self, days: int, value: int) -> None:
        assert parts(history(projects=[project(order=True, signed=ago(days))]))["orders"] == value

    def test_own_median_gap_with_three_order_days(self) -> None:
        orders = [project(f"o{n}", order=True, signed=ago(n)) for n in (40, 60, 80)]
        assert parts(history(projects=orders))["orders"] == 50

    def test_left_out_in_a_project_and_without_orders(self) -> None:
        assert "orders" not in parts(history(projects=[project(start=ago(400))]))
        assert "orders" not in parts(history())
        assert "orders" in parts(history(projects=[project(start=ago(400), delivered=D)]))


class TestComplaintsAndPayment:
    @pytest.mark.parametrize(("count", "value"), [(0, 100), (1, 60), (2, 20), (3, 0)])
    def test_each_open_complaint_costs_forty(self, count: int, value: int) -> None:
        solved = contact(ago(9), kind="complaint", resolved=D)
        told = [contact(ago(n), kind="complaint", path=f"{n}.md") for n in range(count)]
        assert parts(history(interactions=[solved, *told]))["complaints"] == value

    @pytest.mark.parametrize(
        ("invoice_due", "paid", "value"),
        [
            (ago(-5), None, 100),
            (D, None, 100),
            (ago(1), None, 98),
            (ago(1), False, 98),
            (ago(1), True, 100),
            (ago(1), D, 100),
            (ago(1), ago(-1), 98),
            (ago(50), None, 0),
            (ago(51), None, 0),
        ],
    )
    def test_each_day_overdue_costs_two(self, invoice_due: date, paid: object, value: int) -> None:
        told = history(projects=[project(start=ago(99), invoice_due=invoice_due, paid=paid)])
        assert parts(told)["payment"] == value

    def test_the_longest_overdue_counts(self) -> None:
        told = [
            project("a", start=ago(99), invoice_due=ago(1)),
            project("b", start=ago(99), invoice_due=ago(9)),
        ]
        assert parts(history(projects=told))["payment"] == 82

    def test_no_payment_where_nothing_that_counts_was_invoiced(self) -> None:
        told = [
            project("a", start=ago(99)),
            project("b", start=ago(9), status="cancelled", invoice_due=ago(5)),
        ]
        assert "payment" not in parts(history(projects=told))


class TestWhole:
    def test_mean_by_weight_over_the_parts_with_data(self) -> None:
        # recency 0 (weight 25), complaints 100 (10): 28.57
        found = health(history(client(since=ago(1))))
        assert (found.value, found.band) == (29, "at-risk")

    def test_rounded_once_at_the_end(self) -> None:
        # orders 36.11 (15) and complaints 100 (10) give 61.67; from the rounded 36 it would be 61.6
        told = history(client(do_not_contact=True), projects=[project(start=ago(410), delivered=ago(400))])
        assert health(told).value == 62

    @pytest.mark.parametrize(
        ("value", "name"), [(100, "healthy"), (75, "healthy"), (74, "watch"), (50, "watch"), (49, "at-risk")]
    )
    def test_bands_begin_at_their_limit(self, value: int, name: str) -> None:
        assert band(value, preset().health) == name

    def test_without_any_weight_nothing_speaks_against_the_client(self) -> None:
        assert health(history(), weights={}).value == 100

    def test_numbers_of_the_policy(self) -> None:
        told = history(interactions=[contact(ago(1), kind="complaint")])
        found = {name: value for name, value, _ in health(told, complaint_cost=10).parts}
        assert found["complaints"] == 90

    def test_every_part_that_speaks_of_records_tells_where_they_are(self) -> None:
        told = history(
            client(cadence=7),
            projects=[project(start=ago(99), delivered=ago(90), invoice_due=ago(9), amount="5")],
            interactions=[contact(ago(2), sentiment=1), contact(ago(3), kind="complaint")],
            feedback=[feedback(ago(5), result=Decimal(9), recommend=Decimal(9))],
        )
        found = health(told)
        assert [name for name, _, _ in found.parts] == [row.name for row in HEALTH_PARTS]
        assert all(finding.places for _, _, finding in found.parts)
