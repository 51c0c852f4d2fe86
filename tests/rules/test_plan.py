from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset
from tests.rules.builders import client, contact, day, history
from vaultcrm.model.policy import Policy
from vaultcrm.model.results import Finding, Occurrence, Standing, Touchpoint
from vaultcrm.rules.days import work_calendar
from vaultcrm.rules.plan import plan_row, plan_touchpoint, planned_days, priority
from vaultcrm.rules.standing import standing

D = day("2026-11-20")  # a Friday
MONDAY = day("2026-11-23")


def stands(
    name: str = "Acme", last: str | None = None, on: date = D, policy: Policy | None = None, **fields: Any
) -> Standing:
    """A client to be contacted every 10 days; by default never contacted, so due on the day."""
    policy = policy or preset()
    told = history(client(name, cadence=10, **fields), interactions=[contact(last)] if last else [])
    return standing(told, policy, on, work_calendar(policy))


class TestPriority:
    @pytest.mark.parametrize(
        ("tier", "last", "high", "expected"),
        [
            ("C", "2026-11-10", False, 10),
            ("B", "2026-11-10", False, 20),
            ("A", "2026-11-10", True, 45),
            ("C", "2026-11-09", False, 11),
            ("C", "2026-10-20", False, 31),
            ("A", "2025-11-20", False, 384),
        ],
    )
    def test_rank_wait_and_warning(self, tier: str, last: str, high: bool, expected: int) -> None:
        assert priority(stands(tier=tier, last=last), high, preset()) == expected

    def test_it_is_exact(self) -> None:
        told = history(interactions=[contact("2026-10-13")])
        policy = preset()
        result = priority(standing(told, policy, D, work_calendar(policy)), False, policy)
        assert result == 10 + 10 * Fraction(7, 31)

    def test_none_without_a_next_contact(self) -> None:
        assert priority(stands(status="paused"), True, preset()) is None

    def test_the_wait_counts_from_a_snooze(self) -> None:
        assert priority(stands(last="2026-01-01", snooze_until="2026-11-15"), False, preset()) == 15


def plan(
    clients: Sequence[Standing], capacity: int = 1, priorities: dict[str, int] | None = None, on: date = D
) -> dict[str, date]:
    """The planned days by name, in their order."""
    policy = preset(capacity=capacity)
    given_priorities = priorities or {}
    rows = [
        plan_row(
            one, None if one.contacting.next is None else Fraction(given_priorities.get(one.client.name, 10))
        )
        for one in clients
    ]
    planned = planned_days(rows, policy, work_calendar(policy), on)
    named = [
        (one.client.name, found) for one, found in zip(clients, planned, strict=True) if found is not None
    ]
    return dict(sorted(named, key=lambda each: each[1]))


class TestPlannedDays:
    def test_by_priority_until_a_day_is_full(self) -> None:
        clients = [stands(name) for name in ("A", "B", "C")]
        assert plan(clients, 1, {"A": 10, "B": 30, "C": 20}) == {
            "B": D,
            "C": MONDAY,
            "A": day("2026-11-24"),
        }

    def test_several_places_a_day(self) -> None:
        clients = [stands(name) for name in ("A", "B", "C")]
        assert plan(clients, 2) == {"A": D, "B": D, "C": MONDAY}

    def test_no_limit(self) -> None:
        clients = [stands(str(n)) for n in range(20)]
        assert set(plan(clients, 0).values()) == {D}

    def test_equal_priorities_by_due_then_name_then_path(self) -> None:
        clients = [
            stands("B", path="2.md"),
            stands("B2", path="0.md"),
            stands("A", path="9.md"),
            stands("C", last="2026-11-09"),
        ]
        assert list(plan(clients)) == ["C", "A", "B", "B2"]

    def test_equal_names_by_path(self) -> None:
        policy = preset(capacity=1)
        rows = [plan_row(stands("A", path=path), Fraction(10)) for path in ("2.md", "1.md")]
        assert planned_days(rows, policy, work_calendar(policy), D) == (MONDAY, D)

    def test_names_are_compared_in_their_nfc_form(self) -> None:
        # é decomposed would come before f, composed it comes behind z
        clients = [stands("e\u0301"), stands("f"), stands("z")]
        assert list(plan(clients)) == ["f", "z", "e\u0301"]

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.booleans()), max_size=12))
    def test_priorities_are_compared_exactly(self, told: list[tuple[int, int, bool]]) -> None:
        # a hair apart: less than floats of that size can tell
        exact = [Fraction(over, under) + (Fraction(1, 10**20) if more else 0) for over, under, more in told]
        row = plan_row(stands(), Fraction())
        rows = [
            row._replace(path=f"{number:02}", numerator=each.numerator, denominator=each.denominator)
            for number, each in enumerate(exact)
        ]
        policy = preset(capacity=1)
        planned = planned_days(rows, policy, work_calendar(policy), D)
        order = sorted(range(len(exact)), key=lambda number: (-exact[number], number))
        assert sorted(range(len(exact)), key=lambda number: planned[number] or D) == order

    def test_explicit_ones_first_and_however_full(self) -> None:
        clients = [stands("A"), *(stands(name, next_contact=D) for name in ("X", "Y"))]
        assert plan(clients, 1, {"A": 99}) == {"X": D, "Y": D, "A": MONDAY}

    def test_explicit_ones_stay_on_a_day_off(self) -> None:
        assert plan([stands(next_contact="2026-11-22")]) == {"Acme": day("2026-11-22")}

    def test_explicit_ones_of_the_past_are_planned_today_even_on_a_day_off(self) -> None:
        saturday = day("2026-11-21")
        assert plan([stands(next_contact="2026-11-02", on=saturday)], on=saturday) == {"Acme": saturday}

    def test_others_wait_for_a_working_day(self) -> None:
        saturday = day("2026-11-21")
        assert plan([stands(last="2026-10-01", on=saturday)], on=saturday) == {"Acme": MONDAY}

    def test_a_snooze_to_a_day_off_is_planned_on_the_next_working_day(self) -> None:
        assert plan([stands(last="2026-11-01", snooze_until="2026-11-28")]) == {"Acme": day("2026-11-30")}

    def test_one_owner_in_two_spellings_has_no_more_places(self) -> None:
        assert plan([stands("A", owner="José"), stands("B", owner="jose\u0301")]) == {"A": D, "B": MONDAY}

    def test_each_owner_has_places_of_their_own_and_nobody_is_one_owner(self) -> None:
        owners = {"A": "wang", "B": "wang", "C": None, "E": None, "F": "li"}
        clients = [stands(name, owner=owner) for name, owner in owners.items()]
        assert plan(clients) == {"A": D, "B": MONDAY, "C": D, "E": MONDAY, "F": D}

    def test_without_a_next_contact_there_is_no_day_and_no_place_taken(self) -> None:
        assert plan([stands("A", status="lost"), stands("B")]) == {"B": D}

    @given(
        st.lists(st.tuples(st.integers(0, 40), st.integers(10, 60), st.booleans()), max_size=40),
        st.integers(1, 3),
    )
    def test_no_place_is_free_before_and_none_is_taken_twice(
        self, told: list[tuple[int, int, bool]], capacity: int
    ) -> None:
        policy = preset(capacity=capacity)
        calendar = work_calendar(policy)
        rows = [
            plan_row(
                stands(f"{n:03}", next_contact=D + timedelta(days=ago))
                if agreed
                else stands(f"{n:03}", last=str(D - timedelta(days=ago))),
                Fraction(weight),
            )
            for n, (ago, weight, agreed) in enumerate(told)
        ]
        planned = planned_days(rows, policy, calendar, D)
        assert len(planned) == len(rows)
        for row, chosen in zip(rows, planned, strict=True):
            assert row.due is not None
            assert chosen is not None
            due = date.fromordinal(row.due)
            if row.agreed:
                assert chosen == max(due, D)
                continue
            assert calendar.is_working(chosen)
            earlier = (max(due, D) + timedelta(days=n) for n in range((chosen - max(due, D)).days))
            assert all(planned.count(one) >= capacity or not calendar.is_working(one) for one in earlier)


class TestTouchpoints:
    def touchpoint(self, due: str, planned: str | None, last: str | None = None, **fields: Any) -> Touchpoint:
        policy = preset()
        occurrence = Occurrence("news", "newsletter", day(due), day(due), "", Finding("news", None), **fields)
        when = day(planned) if planned else None
        return plan_touchpoint(occurrence, stands(last=last), when, policy, work_calendar(policy))

    @pytest.mark.parametrize(
        ("due", "bundled"),
        [
            ("2026-12-01", False),
            ("2026-12-02", True),
            ("2026-12-05", True),
            ("2026-12-11", True),
            ("2026-12-12", False),
        ],
    )
    def test_bundled_from_three_days_before_to_six_after(self, due: str, bundled: bool) -> None:
        result = self.touchpoint(due, "2026-12-05")
        assert result.bundled is bundled
        assert (result.planned == day("2026-12-05")) is bundled

    def test_what_is_overdue_counts_as_due_today(self) -> None:
        assert self.touchpoint("2026-10-01", "2026-11-23").bundled
        assert not self.touchpoint("2026-10-01", "2026-11-24").bundled

    def test_its_own_day_is_kept_even_beside_the_next_contact(self) -> None:
        result = self.touchpoint("2026-11-28", "2026-11-27", own_day=True)
        assert (result.planned, result.bundled) == (day("2026-11-28"), False)
        assert self.touchpoint("2026-11-01", None, own_day=True).planned == D

    @pytest.mark.parametrize(
        ("last", "planned"),
        [
            ("2026-11-16", "2026-11-20"),
            ("2026-11-17", "2026-11-20"),
            ("2026-11-18", "2026-11-23"),
            ("2026-11-20", "2026-11-23"),
            (None, "2026-11-20"),
        ],
    )
    def test_some_days_after_the_last_contact(self, last: str | None, planned: str) -> None:
        assert self.touchpoint("2026-11-10", None, last).planned == day(planned)

    def test_on_a_working_day(self) -> None:
        assert self.touchpoint("2026-12-05", None).planned == day("2026-12-07")

    def test_shown_from_its_lead_on(self) -> None:
        assert self.touchpoint("2026-12-05", None).show_from == day("2026-11-28")
