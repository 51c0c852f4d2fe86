from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, person, project
from tests.rules.standings import D, ago, severities, stand
from vaultcrm.model.records import Mute
from vaultcrm.rules.silence import SILENCES
from vaultcrm.rules.warnings import WARNINGS, client_warnings


class TestContactLeft:
    gone = person("Ann", left=D)
    there = person("Bob")
    leaving = person("Cem", left=ago(-1))

    @pytest.mark.parametrize(
        ("contacts", "decision_makers", "told"),
        [
            ([gone], [], True),
            ([gone, there], [], False),
            ([gone, "Dee"], [], False),
            ([leaving], [], False),
            ([], [], False),
            (["Dee"], [gone], True),
            ([there], [gone, there], False),
            ([], [gone, gone], True),
        ],
    )
    def test_all_contacts_or_all_who_decide(self, contacts: Any, decision_makers: Any, told: bool) -> None:
        found = severities(history(contacts=contacts, decision_makers=decision_makers))
        assert found.get("contact-left") == ("high" if told else None)


class TestTooMuchContact:
    """By a cadence of 7 days: more than 2 × 14 / 7 + 1 = 5 in 14 days."""

    def told(self, *days: int, of: Any = None, **more: Any) -> bool:
        talks = [contact(ago(n), path=f"{index}.md") for index, n in enumerate(days)]
        return "too-much-contact" in severities(history(of or client(cadence=7), interactions=talks, **more))

    def test_more_than_twice_the_cadence_and_one(self) -> None:
        assert not self.told(*range(5))
        assert self.told(*range(6))
        assert self.told(0, 0, 0, 0, 0, 0)

    def test_within_the_last_fourteen_days(self) -> None:
        assert self.told(0, 1, 2, 3, 4, 13)
        assert not self.told(0, 1, 2, 3, 4, 14)

    def test_within_two_intervals_where_those_are_longer(self) -> None:
        month = client(cadence=30)
        assert self.told(0, 1, 2, 3, 4, 59, of=month)
        assert not self.told(0, 1, 2, 3, 4, 60, of=month)

    def test_fractions_count(self) -> None:
        # 2 × 14 / 5 + 1 = 6.6
        assert not self.told(*range(6), of=client(cadence=5))
        assert self.told(*range(7), of=client(cadence=5))

    def test_only_after_the_last_delivery(self) -> None:
        order = project(order=True, signed=ago(30), delivered=ago(5))
        assert not self.told(*range(6), projects=[order])
        assert self.told(0, 0, 1, 2, 3, 4, projects=[order])
        assert self.told(*range(6), projects=[project(start=ago(30), delivered=ago(-1))])

    def test_the_days_told_are_those_looked_at(self) -> None:
        order = project(order=True, signed=ago(30), delivered=ago(5))
        talks = [contact(ago(n), path=f"{n}.md") for n in range(5)] + [contact(ago(0), path="5.md")]
        for projects, days in (([], 14), ([order], 5)):
            found = client_warnings(
                stand(history(client(cadence=7), interactions=talks, projects=projects)), preset()
            )
            (warning,) = [each for each in found if each.id == "too-much-contact"]
            assert warning.finding.numbers["days"] == days

    def test_only_what_went_out(self) -> None:
        talks = [contact(ago(n), channel="phone") for n in range(9)]
        letters = [contact(ago(n), kind="newsletter", path=f"n{n}.md") for n in range(9)]
        found = severities(history(client(cadence=7), interactions=[*talks, *letters]))
        assert "too-much-contact" not in found

    def test_never_where_any_time_is_right(self) -> None:
        running = [project("a", start=ago(30))]
        assert not self.told(*range(9), of=client(stage="core"), projects=running)
        assert self.told(*range(9), of=client(stage="growing"), projects=running)


class TestOnlyWork:
    def told(self, *about: str, oldest: int = 20, **more: Any) -> bool:
        days = [oldest, *range(len(about) - 1, 0, -1)]
        talks = [contact(ago(n), about=text, **more) for n, text in zip(days, about, strict=True)]
        return "only-work" in severities(history(interactions=talks))

    def test_the_last_five_all_have_topics_none_of_which_gives(self) -> None:
        assert self.told(*["progress"] * 3, "opportunity", "progress opportunity")
        assert self.told("care", *["progress"] * 5)

    def test_not_fewer_than_five(self) -> None:
        assert not self.told(*["progress"] * 4)

    @pytest.mark.parametrize("topic", ["care", "personal", "insight", "resource", "progress care", ""])
    def test_one_that_gives_or_has_no_topic(self, topic: str) -> None:
        assert not self.told("progress", topic, "progress", "progress", "progress")

    def test_all_five_in_the_last_180_days(self) -> None:
        assert self.told(*["progress"] * 5, oldest=179)
        assert not self.told(*["progress"] * 5, oldest=180)


class TestOnlyWhenSelling:
    def told(self, *about: str, projects: Any = (), more: Any = ()) -> bool:
        talks = [contact(ago(len(about) - n), about=text) for n, text in enumerate(about)]
        found = severities(history(interactions=[*talks, *more], projects=projects))
        assert found.get("only-when-selling") in (None, "medium")
        return "only-when-selling" in found

    def test_the_last_three_are_about_opportunity_alone(self) -> None:
        assert self.told("opportunity", "opportunity", "opportunity")
        assert self.told("care", "opportunity", "opportunity", "opportunity")
        assert not self.told("opportunity", "opportunity")
        assert not self.told("opportunity", "opportunity progress", "opportunity")
        assert not self.told("opportunity", "", "opportunity")

    def test_what_came_from_them_is_passed_over(self) -> None:
        theirs = [contact(D, about="progress", direction="in"), contact(D, channel="phone", path="p.md")]
        assert self.told("opportunity", "opportunity", "opportunity", more=theirs)

    def test_what_was_said_in_projects_is_passed_over(self) -> None:
        sold = ["opportunity", "opportunity", "opportunity", "progress", "progress"]
        running = project(start=ago(2), delivered=D)
        assert self.told(*sold, projects=[running])
        assert not self.told(*sold, projects=[project(start=ago(1), delivered=D)])
        assert not self.told(*sold, projects=[project(order=True, start=ago(2), delivered=D)])

    def test_on_the_day_of_delivery_the_project_is_over(self) -> None:
        done = project(start=ago(9), delivered=ago(3))
        assert self.told("opportunity", "opportunity", "opportunity", projects=[done])


class TestStaleFile:
    @pytest.mark.parametrize(("days", "told"), [(179, False), (180, True)])
    def test_nothing_for_180_days(self, days: int, told: bool) -> None:
        owned = {"owner": "li"}
        order = project(order=True, signed=ago(days))
        delivered = project(signed=ago(500), delivered=ago(days))
        for one in (
            history(client(reviewed=ago(days), since=ago(500), **owned)),
            history(client(**owned), interactions=[contact(ago(days), kind="internal")]),
            history(client(**owned), feedback=[feedback(ago(days))]),
            history(client(**owned), projects=[order]),
            history(client(**owned), projects=[delivered]),
        ):
            assert ("stale-file" in severities(one)) is told

    def test_what_is_to_come_does_not_count(self) -> None:
        of = client(owner="li", reviewed=ago(-1), since=ago(400))
        assert "stale-file" in severities(history(of, projects=[project(signed=ago(300), delivered=ago(-1))]))

    def test_counts_from_since_where_there_is_nothing_else(self) -> None:
        assert "stale-file" not in severities(history(client(owner="li", since=ago(179))))
        assert "stale-file" in severities(history(client(owner="li", since=ago(180))))
        assert "stale-file" not in severities(history(client(owner="li")))

    @pytest.mark.parametrize("name", ["contact", "channel", "owner"])
    def test_one_of_contact_channel_and_owner_is_enough(self, name: str) -> None:
        assert severities(history())["stale-file"] == "low"
        value: Any = ("Ann",) if name == "contact" else "x"
        assert severities(history(client(**{name: value}))) == {}

    def test_says_which_reason(self) -> None:
        def reason(of: Any) -> object:
            (warning,) = (w for w in client_warnings(stand(history(of)), preset()) if w.id == "stale-file")
            return warning.finding.value

        assert reason(client()) == "missing"
        assert reason(client(since=ago(900))) == "low"


class TestTierDiffers:
    def test_pinned_and_computed(self) -> None:
        assert severities(history(client(tier="A", owner="li"))) == {"tier-differs": "low"}
        assert severities(history(client(tier="C", owner="li"))) == {}
        assert severities(history(client(owner="li"))) == {}

    def test_not_with_a_reason_nor_for_a_tier_that_is_unknown(self) -> None:
        assert severities(history(client(tier="A", tier_reason="opens doors", owner="li"))) == {}
        assert severities(history(client(tier="Z", owner="li"))) == {}


class TestAll:
    def test_sorted_by_id(self) -> None:
        told = history(
            client(tier="A", contracts=[(None, D)]),
            projects=[project(start=ago(99), due=ago(9), invoice_due=ago(9))],
            contacts=[person(left=ago(5))],
        )
        ids = list(severities(told))
        assert ids == sorted(ids)
        assert len(ids) > 4

    @pytest.mark.parametrize(("until", "told"), [(None, False), (D, False), (ago(1), True)])
    def test_muted_through_the_last_day(self, until: Any, told: bool) -> None:
        found = severities(history(client(mute=(Mute("stale-file", until, 3),))))
        assert ("stale-file" in found) is told

    def test_switched_off(self) -> None:
        policy = preset()
        off = replace(policy, warnings=replace(policy.warnings, off=("stale-file",)))
        assert severities(history(), off) == {}

    def test_who_is_lost_tomorrow_still_has_all(self) -> None:
        assert severities(history(client(status="lost", lost_on=ago(-1)))) == {"stale-file": "low"}
        assert severities(history(client(status="lost", lost_on=D))) == {}

    def test_ids_are_unique(self) -> None:
        ids = [row.id for row in (*SILENCES, *WARNINGS)]
        assert len(set(ids)) == len(ids) == 23

    def test_every_warning_of_a_record_tells_where_it_is(self) -> None:
        told = history(
            client(tier="A", contracts=[(None, D)], cadence=7),
            projects=[project(start=ago(99), due=ago(9), invoice_due=ago(9))],
            interactions=[contact(ago(60 + n), kind="complaint", severity=3 - n) for n in range(3)],
            feedback=[feedback(ago(5), result=2, recommend=2)],
        )
        for warning in client_warnings(stand(told), preset()):
            assert warning.finding.places, warning.id
