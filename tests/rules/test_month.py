from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, history, project
from vaultcrm.model.records import ClientHistory, Interval, Portfolio
from vaultcrm.rules.engine import assess
from vaultcrm.rules.month import Item, MonthPlan, plan_month

D = day("2026-11-20")
DECEMBER = day("2026-12-01")


def told(
    name: str, last: str = "2026-11-18", tier: str = "B", every: int = 30, **fields: Any
) -> ClientHistory:
    """A client who was contacted once; pinned to a tier, with a cadence of their own."""
    cadence = Interval(days=every)
    return history(client(name, tier=tier, cadence=cadence, **fields), interactions=[contact(last)])


def plan(*histories: ClientHistory, on: date = D, month: date = DECEMBER, **numbers: Any) -> MonthPlan:
    policy = preset(**numbers)
    return plan_month(assess(Portfolio(tuple(histories)), policy, on), month)


def contacts(found: MonthPlan) -> dict[str, list[str]]:
    """The days of each client's contacts."""
    days: dict[str, list[str]] = {}
    for item in items(found, "contact"):
        assert item.assessment is not None
        days.setdefault(item.assessment.client.name, []).append(str(item.day))
    return days


def items(found: MonthPlan, kind: str) -> list[Item]:
    return [item for week in found.weeks for item in week.items if item.kind == kind]


def test_four_weeks_are_the_month() -> None:
    weeks = plan().weeks
    assert [(week.first.day, week.last.day) for week in weeks] == [(1, 7), (8, 14), (15, 21), (22, 31)]
    assert plan(month=day("2027-02-01")).weeks[3].last == day("2027-02-28")


def test_above_the_lowest_tier_comes_in_the_first_two_weeks() -> None:
    found = plan(told("Due late", "2026-11-28"), told("Due early", "2026-11-04"), on=day("2026-11-28"))
    assert contacts(found) == {"Due early": ["2026-12-04"], "Due late": ["2026-12-14"]}
    assert str(items(found, "contact")[1].due) == "2026-12-28"


def test_who_is_snoozed_or_was_just_talked_to_is_not_brought_forward() -> None:
    snoozed = told("Snoozed", "2026-11-04", snooze_until=day("2026-12-22"))
    over = told("Over", "2026-11-28", snooze_until=day("2026-12-02"))
    assert contacts(plan(snoozed, over, on=DECEMBER)) == {"Over": ["2026-12-14"], "Snoozed": ["2026-12-22"]}
    for gap, planned in ((3, "2026-12-22"), (2, "2026-12-14")):
        talked_to = told("Talked to", "2026-12-12", every=10)
        found = plan(talked_to, on=day("2026-12-13"), min_gap=gap)
        assert contacts(found)["Talked to"][0] == planned


def test_the_lowest_tier_comes_from_the_third_week_on() -> None:
    found = plan(told("Small", "2026-11-04", "C"), told("Later", "2026-11-24", "C"), on=day("2026-11-25"))
    assert contacts(found) == {"Small": ["2026-12-15"], "Later": ["2026-12-24"]}


def test_an_agreed_day_is_kept() -> None:
    found = plan(
        told("Top", next_contact=day("2026-12-22")), told("Small", tier="C", next_contact=day("2026-12-05"))
    )
    assert contacts(found) == {"Small": ["2026-12-05"], "Top": ["2026-12-22"]}


def test_what_is_planned_before_the_month_is_counted_on() -> None:
    found = plan(told("Acme", "2026-11-10", every=14))
    assert contacts(found) == {"Acme": ["2026-12-08", "2026-12-22"]}


def test_a_contact_of_a_later_month_is_none_of_this() -> None:
    assert contacts(plan(told("Acme", every=90))) == {}


def test_nobody_is_contacted_who_is_not_to_be() -> None:
    found = plan(told("Paused", status="paused"), told("Never", do_not_contact=True))
    assert (contacts(found), items(found, "news"), found.everybody) == ({}, [], ())


def test_no_more_than_fit_into_a_day() -> None:
    clients = [told(f"Client {number:02}", "2026-11-04") for number in range(30)]
    found = plan(*clients, capacity=2, on=day("2026-12-01"))
    taken = Counter(item.day for item in items(found, "contact") if item.number == 1)
    assert max(taken.values()) == 2
    assert sum(taken.values()) == 30
    assert max(each for each in taken if each) < day("2026-12-31")
    assert plan(*clients, capacity=0, on=day("2026-12-01")).left_out == ()


def test_who_does_not_fit_into_the_month_is_told() -> None:
    clients = [told(f"Client {number:02}", "2026-11-04") for number in range(30)]
    found = plan(*clients, capacity=1, on=day("2026-12-01"))
    assert len(contacts(found)) + len(found.left_out) == 30
    assert len(found.left_out) == 10  # all are due on the 4th, and 20 working days are left


def test_one_owner_in_two_cases_is_one() -> None:
    found = plan(told("Ann's", owner="ann"), told("Bob's", owner="Ann"), on=day("2026-12-18"), capacity=1)
    assert found.owners == 1


def test_each_owner_has_a_day_of_their_own() -> None:
    found = plan(told("Ann's", owner="ann"), told("Bob's", owner="bob"), on=day("2026-12-18"), capacity=1)
    assert contacts(found) == {"Ann's": ["2026-12-18"], "Bob's": ["2026-12-18"]}
    assert found.owners == 2


def test_later_in_the_month_contacts_keep_their_names() -> None:
    """A contact of the month that took place is counted, so the next one is another line."""
    before = plan(told("Acme", "2026-11-30", every=7), on=DECEMBER)
    after = plan(told("Acme", "2026-12-07", every=7), on=day("2026-12-08"))
    keys = [item.key for item in items(before, "contact")]
    assert len(set(keys)) == len(keys) == 4
    assert [item.key for item in items(after, "contact")] == keys[1:]
    assert [(str(each), one.client.name) for each, one in after.weeks[0].talked] == [("2026-12-07", "Acme")]


@pytest.mark.parametrize("on", ["2027-01-01", "2027-06-01"])
def test_a_month_that_is_over_has_nothing_left(on: str) -> None:
    found = plan(told("Acme"), on=day(on))
    assert contacts(found) == {}


def test_what_goes_along_with_a_contact_stands_in_its_item() -> None:
    delivered = project("Web", start="2026-08-01", delivered="2026-10-12")
    acme = history(client("Acme", tier="B"), projects=[delivered], interactions=[contact("2026-10-14")])
    found = plan(acme, month=day("2026-11-01"))
    (item,) = [each for each in items(found, "contact") if each.comes_next]
    one = item.assessment
    assert one is not None
    bundled = [each.id for each in one.touchpoints if each.bundled]
    assert bundled, "nothing goes along"
    assert [each.id for each in item.touchpoints] == bundled
    alone = [each.id for item in items(found, "touchpoint") for each in item.touchpoints]
    assert not set(bundled) & set(alone)
