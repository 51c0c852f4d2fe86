from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, follow_up, history, project
from tests.rules.standings import D, ago, assessed
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory
from vaultcrm.rules.measures import measure

EVERY_DAY = frozenset(range(7))


def value(name: str, *told: ClientHistory, policy: Policy | None = None, days: int = 365) -> Any:
    chosen = policy or preset(workdays=EVERY_DAY)
    return measure(assessed(*told, policy=chosen), chosen, ago(days), D).values[name]


def talks(*days: int, kind: str = "contact") -> list[Any]:
    return [contact(ago(n), kind=kind, path=f"{index}.md") for index, n in enumerate(days)]


class TestInTime:
    @pytest.mark.parametrize(("gap", "share"), [(10, 1), (11, 0)])
    def test_by_the_interval_after_the_contact_before(self, gap: int, share: int) -> None:
        assert value("in_time", history(client(cadence=10), interactions=talks(0, gap))) == share

    def test_days_count_once_and_the_first_needs_an_earlier_one(self) -> None:
        assert value(
            "in_time", history(client(cadence=10), interactions=talks(0, 0, 0, 5, 5, 30))
        ) == Fraction(1, 2)
        assert value("in_time", history(client(cadence=10), interactions=talks(0, 0))) is None

    def test_the_earlier_one_may_lie_before_the_period(self) -> None:
        told = history(client(cadence=10), interactions=talks(364, 370, 380, 391), projects=[])
        # 364 is in time; the others are not of the period; and the client is overdue today
        assert value("in_time", told) == Fraction(1, 2)

    def test_who_is_overdue_counts_once_more(self) -> None:
        for last, share in ((10, 1), (11, Fraction(1, 2))):
            assert value("in_time", history(client(cadence=10), interactions=talks(last, last + 5))) == share

    def test_of_clients_of_every_status_but_only_active_ones_are_overdue(self) -> None:
        assert value("in_time", history(client(cadence=10, status="lost"), interactions=talks(90, 95))) == 1
        assert (
            value("in_time", history(client(do_not_contact=True, cadence=10), interactions=talks(90, 95)))
            == 1
        )

    def test_newsletters_and_internal_notes_are_no_contact(self) -> None:
        both = [*talks(5, kind="newsletter"), *talks(4, kind="internal"), contact(D), contact(ago(9))]
        assert value("in_time", history(client(cadence=8), interactions=both)) == 0

    def test_stage_and_phase_of_the_earlier_day(self) -> None:
        # new and in a project: 7 days; before it, a prospect: a month
        running = [project(start=ago(20))]
        assert value("in_time", history(interactions=talks(0, 7, 14), projects=running)) == 1
        assert value("in_time", history(interactions=talks(0, 8), projects=running)) == 0
        assert value("in_time", history(interactions=talks(0, 21), projects=running)) == 1
        assert value("in_time", history(interactions=talks(0, 20), projects=running)) == 0

    def test_a_pinned_stage_holds_on_every_day(self) -> None:
        assert value("in_time", history(client(stage="core"), interactions=talks(0, 8))) == 0

    def test_the_tier_of_today(self) -> None:
        retention = preset("retention", workdays=EVERY_DAY)
        for tier, share in (("high-value", 0), ("growth", 1)):
            told = history(client(tier=tier), interactions=talks(0, 15))
            assert value("in_time", told, policy=retention) == share

    def test_a_month_is_a_month(self) -> None:
        told = history(interactions=[contact("2026-01-31"), contact("2026-02-28"), contact("2026-03-29")])
        # the third is a day late, and the client is overdue today
        assert value("in_time", told) == Fraction("0.3333")


class TestCheckInsMissed:
    def test_dropped_ones_that_were_due_in_the_period(self) -> None:
        done = project(start="2026-05-01", delivered="2026-08-01")  # due on 1 September: 80 days ago
        assert value("check_ins_missed", history(projects=[done])) == 1
        assert value("check_ins_missed", history(projects=[done]), days=80) == 0
        assert value("check_ins_missed", history(projects=[done]), days=81) == 1

    def test_settled_ones_and_other_rules_are_not_missed(self) -> None:
        done = project(start="2026-05-01", delivered="2026-08-01")
        assert (
            value("check_ins_missed", history(projects=[done], interactions=talks(60, kind="check-in"))) == 0
        )


class TestWorkload:
    def test_next_contacts_and_touchpoints_of_their_own_by_week(self) -> None:
        told = history(
            client(next_contact="2026-11-24"),
            # the survey goes along with the next contact; the check-in has its own day
            projects=[project(start="2026-05-01", delivered="2026-11-20")],
            tasks=[follow_up(due="2027-01-10"), follow_up(due="2027-01-11", line=10)],
        )
        found = value("workload", told)
        assert list(found)[:2] == ["2026-11-16", "2026-11-23"]
        assert {week: count for week, count in found.items() if count} == {
            "2026-11-23": 1,
            "2026-12-14": 1,
            "2027-01-04": 1,
        }

    def test_the_first_week_is_that_of_the_day(self) -> None:
        found = value("workload", history(client(since=ago(900))))
        assert (len(found), found["2026-11-16"]) == (8, 1)


def test_contacts_by_month() -> None:
    told = [history(client(name), interactions=talks(0, 0, 20, 365, kind="visit")) for name in "ab"]
    assert value("contacts_by_month", *told) == {"2026-10": 2, "2026-11": 4}
