from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, feedback, history, project
from vaultcrm.model.policy import Rhythm
from vaultcrm.model.records import ClientHistory, Interval
from vaultcrm.model.results import Contacting
from vaultcrm.rules.cadence import contacting, rhythm
from vaultcrm.rules.days import WorkCalendar
from vaultcrm.rules.known import known

D = day("2026-11-20")  # a Friday
FORTNIGHT = Rhythm(Interval(days=14))
MONTH = Rhythm(Interval(months=1))
WEEKDAYS = frozenset(range(5))


def next_contact(
    told: ClientHistory, every: Rhythm = FORTNIGHT, on: date = D, country: str | None = None
) -> Contacting:
    return contacting(known(told, on), every, WorkCalendar(WEEKDAYS, country))


class TestRhythm:
    @pytest.mark.parametrize(
        ("stage", "in_project", "every"),
        [
            ("prospect", True, Rhythm(Interval(months=1))),
            ("prospect", False, Rhythm(Interval(months=1))),
            ("new", True, Rhythm(Interval(days=7))),
            ("new", False, Rhythm(Interval(months=1))),
            ("growing", True, Rhythm(Interval(days=7))),
            ("growing", False, Rhythm(Interval(days=14))),
            ("core", True, Rhythm(Interval(days=7), any_time=True)),
            ("core", False, Rhythm(Interval(days=7))),
        ],
    )
    def test_by_stage_and_phase(self, stage: str, in_project: bool, every: Rhythm) -> None:
        assert rhythm(client(), stage, in_project, "A", preset("studio")) == every

    @pytest.mark.parametrize(
        ("policy", "tier", "every"),
        [
            ("enterprise", "S", Interval(days=14)),
            ("enterprise", "A", Interval(months=1)),
            ("enterprise", "C", Interval(months=3)),
            ("sales", "core", Interval(days=7)),
            ("retention", "low-activity", Interval(months=2)),
        ],
    )
    def test_by_tier(self, policy: str, tier: str, every: Interval) -> None:
        assert rhythm(client(), "core", True, tier, preset(policy)) == Rhythm(every)

    def test_a_cadence_of_ones_own_wins_and_has_a_limit(self) -> None:
        own = client(cadence=10)
        assert rhythm(own, "core", True, "A", preset()) == Rhythm(Interval(days=10))
        assert rhythm(own, "core", True, "S", preset("enterprise")) == Rhythm(Interval(days=10))


class TestNone:
    @pytest.mark.parametrize(
        "fields",
        [
            {"status": "paused"},
            {"status": "archived"},
            {"status": "lost"},
            {"status": "lost", "lost_on": D},
            {"do_not_contact": True},
            {"do_not_contact": True, "next_contact": "2026-12-01"},
        ],
    )
    def test_no_next_contact_but_an_interval(self, fields: dict[str, Any]) -> None:
        result = next_contact(history(client(since="2026-01-31", **fields)), MONTH)
        assert (result.next, result.agreed, result.overdue_days) == (None, None, 0)
        assert not result.estimated
        assert result.interval_days == 28

    def test_the_last_contact_is_still_told(self) -> None:
        told = history(client(status="paused"), interactions=[contact("2026-01-05")])
        result = next_contact(told)
        assert result.last is not None
        assert result.last.day == day("2026-01-05")

    def test_who_is_lost_later_is_still_contacted(self) -> None:
        assert next_contact(history(client(status="lost", lost_on="2026-11-21"))).next is not None


class TestExplicit:
    def test_the_clients_own_date_stays_on_a_day_off(self) -> None:
        told = history(client(next_contact="2026-11-22"), interactions=[contact("2026-11-02")])
        result = next_contact(told)
        assert result.next_day == result.agreed == day("2026-11-22")
        assert result.interval_days == 14

    @pytest.mark.parametrize(
        ("last", "agreed"), [("2026-11-09", "2026-11-10"), ("2026-11-10", None), ("2026-11-11", None)]
    )
    def test_it_has_to_be_later_than_the_last_contact(self, last: str, agreed: str | None) -> None:
        told = history(client(next_contact="2026-11-10"), interactions=[contact(last)])
        assert next_contact(told).agreed == (day(agreed) if agreed else None)

    def test_it_holds_without_any_contact_and_is_no_estimate(self) -> None:
        told = history(client(since="2026-11-01", next_contact="2026-10-01"))
        result = next_contact(told)
        assert result.next_day == day("2026-10-01")
        assert not result.estimated
        assert result.overdue_days == 50

    def test_the_clients_own_date_comes_before_a_notes(self) -> None:
        told = history(
            client(next_contact="2027-01-01"), interactions=[contact("2026-11-10", next="2026-12-01")]
        )
        assert next_contact(told).agreed == day("2027-01-01")

    def test_a_stale_date_gives_way_to_a_notes(self) -> None:
        told = history(
            client(next_contact="2026-11-10"), interactions=[contact("2026-11-10", next="2026-12-01")]
        )
        assert next_contact(told).agreed == day("2026-12-01")

    def test_the_latest_interaction_that_has_one_not_the_latest(self) -> None:
        talks = [contact("2026-10-01", next="2026-12-01"), contact("2026-11-01"), contact("2026-11-10")]
        assert next_contact(history(interactions=talks)).agreed == day("2026-12-01")

    def test_the_latest_that_has_one_hides_those_before_it(self) -> None:
        talks = [
            contact("2026-10-01", next="2026-12-01"),
            contact("2026-11-01", next="2026-11-05"),
            contact("2026-11-10"),
        ]
        result = next_contact(history(interactions=talks))
        assert result.agreed is None
        assert result.next_day == day("2026-11-24")

    @pytest.mark.parametrize("kind", ["newsletter", "internal"])
    def test_a_note_of_any_kind(self, kind: str) -> None:
        talks = [contact("2026-11-01"), contact("2026-11-10", kind=kind, next="2026-11-30")]
        assert next_contact(history(interactions=talks)).agreed == day("2026-11-30")
        assert next_contact(history(interactions=talks[1:])).agreed == day("2026-11-30")

    def test_of_one_day_the_larger_path_then_line_is_the_later(self) -> None:
        talks = [
            contact("2026-11-10", path="b.md", line=2, next="2026-12-02"),
            contact("2026-11-10", path="b.md", line=1, next="2026-12-01"),
            contact("2026-11-10", path="a.md", line=9, next="2026-12-03"),
        ]
        assert next_contact(history(interactions=talks)).agreed == day("2026-12-02")

    def test_what_is_agreed_later_has_not_happened(self) -> None:
        told = history(interactions=[contact("2026-11-10"), contact("2026-11-21", next="2026-12-24")])
        assert next_contact(told).agreed is None


class TestInterval:
    def test_from_the_last_contact(self) -> None:
        result = next_contact(history(interactions=[contact("2026-11-05"), contact("2026-11-06")]))
        assert result.next_day == day("2026-11-20")
        assert (result.interval_days, result.overdue_days, result.estimated) == (14, 0, False)

    def test_newsletters_end_no_silence(self) -> None:
        talks = [contact("2026-11-02"), contact("2026-11-19", kind="newsletter")]
        assert next_contact(history(interactions=talks)).next_day == day("2026-11-16")

    def test_a_month_has_the_length_of_its_days(self) -> None:
        result = next_contact(history(interactions=[contact("2026-01-31")]), MONTH)
        assert result.next_day == day("2026-03-02")  # 28 February is a Saturday
        assert result.interval_days == 28

    @pytest.mark.parametrize(
        "told",
        [
            history(client(since="2026-11-06")),
            history(projects=[project(signed="2026-11-06")]),
            history(projects=[project(start="2026-01-01", delivered="2026-11-06")]),
            history(feedback=[feedback("2026-11-06")]),
        ],
    )
    def test_without_contact_from_the_last_sign_of_life(self, told: ClientHistory) -> None:
        result = next_contact(told)
        assert result.next_day == day("2026-11-20")
        assert result.estimated

    def test_a_sign_of_life_after_the_last_contact_changes_nothing(self) -> None:
        told = history(projects=[project(signed="2026-11-18")], interactions=[contact("2026-11-06")])
        result = next_contact(told)
        assert result.next_day == day("2026-11-20")
        assert not result.estimated

    def test_without_anything_the_day_itself_is_due(self) -> None:
        result = next_contact(history(), MONTH)
        assert (result.next_day, result.estimated, result.interval_days) == (D, True, 30)

    def test_without_anything_a_day_off_is_moved(self) -> None:
        result = next_contact(history(), MONTH, on=day("2026-11-21"))
        assert (result.next_day, result.overdue_days) == (day("2026-11-23"), 0)

    def test_a_day_off_moves_but_not_the_length(self) -> None:
        result = next_contact(history(interactions=[contact("2026-11-07")]))
        assert (result.next_day, result.interval_days) == (day("2026-11-23"), 14)
        assert result.next is not None
        assert result.next.numbers["day-off"] == day("2026-11-21")

    def test_a_make_up_day_is_worked(self) -> None:
        told = history(interactions=[contact("2026-09-26")])
        assert next_contact(told, country="CN").next_day == day("2026-10-10")

    def test_overdue_days_count_from_the_moved_day(self) -> None:
        result = next_contact(history(interactions=[contact("2026-10-17")]))
        assert result.next_day == day("2026-11-02")
        assert result.overdue_days == 18


class TestSnooze:
    def test_not_before_and_not_moved_again(self) -> None:
        told = history(client(snooze_until="2026-11-28"), interactions=[contact("2026-11-02")])
        result = next_contact(told)
        assert result.next_day == day("2026-11-28")
        assert result.agreed is None

    def test_an_agreed_date_waits_too(self) -> None:
        told = history(client(next_contact="2026-11-25", snooze_until="2026-12-05"))
        result = next_contact(told)
        assert result.next_day == day("2026-12-05")
        assert result.agreed == day("2026-11-25")

    def test_a_snooze_that_is_over_changes_nothing(self) -> None:
        told = history(client(snooze_until="2026-11-10"), interactions=[contact("2026-11-02")])
        assert next_contact(told).next_day == day("2026-11-16")


class TestEvidence:
    def test_last_contact_and_own_cadence_are_named(self) -> None:
        told = history(client(cadence=14), interactions=[contact("2026-11-06")])
        finding = next_contact(told).next
        assert finding is not None
        assert finding.rule == "next-contact-interval"
        assert finding.numbers == {"last-contact": day("2026-11-06"), "interval-days": 14}
        assert finding.places == (
            ("Interactions/2026-11-06 contact.md", 1, 1),
            ("Clients/Acme.md", 2, 1),
        )

    def test_an_agreed_date_is_named_with_its_note(self) -> None:
        finding = next_contact(history(interactions=[contact("2026-11-06", next="2026-12-01")])).next
        assert finding is not None
        assert finding.rule == "next-contact-agreed"
        assert finding.places[0] == ("Interactions/2026-11-06 contact.md", 2, 1)

    def test_an_estimate_says_so(self) -> None:
        finding = next_contact(history()).next
        assert finding is not None
        assert finding.rule == "next-contact-estimated"
