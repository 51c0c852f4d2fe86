from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, follow_up, history, person, project
from tests.rules.standings import D, ago, due, found, occurring
from vaultcrm.model.records import Client, ClientHistory, Mute
from vaultcrm.rules.touchpoints import TOUCHPOINTS


def test_every_rule_of_the_policy_has_its_row() -> None:
    assert {row.id for row in TOUCHPOINTS} == set(preset().touchpoints)


class TestWho:
    def told(self, of: Client) -> ClientHistory:
        return history(of, projects=[project(start=ago(30), delivered=ago(3))])

    @pytest.mark.parametrize(
        "of",
        [
            client(status="paused"),
            client(status="archived"),
            client(status="lost"),
            client(do_not_contact=True),
        ],
    )
    def test_none_for_who_is_not_active_or_not_to_be_contacted(self, of: Any) -> None:
        assert occurring(self.told(of)) == ()

    def test_who_is_lost_tomorrow_still_has_them(self) -> None:
        assert due(self.told(client(status="lost", lost_on=ago(-1))), "survey")
        assert not due(self.told(client(status="lost", lost_on=D)), "survey")

    def test_muted_through_the_last_day(self) -> None:
        for until, is_told in ((None, False), (D, False), (ago(1), True)):
            told = self.told(client(mute=(Mute("survey", until, 2),)))
            assert bool(found(told, "survey")) is is_told

    def test_switched_off(self) -> None:
        off = preset(config="[touchpoints.survey]\noff = true")
        assert not found(self.told(client()), "survey", off)

    def test_stage_and_tier_in_force_decide(self) -> None:
        assert not due(history(client(since=ago(9))), "quarterly-review")
        assert due(history(client(since=ago(9), stage="core")), "quarterly-review")
        enterprise = preset("enterprise")
        for tier, ids in {
            "S": {"quarterly-review"},
            "A": {"brief", "deep-visit"},
            "B": {"deep-visit", "care-mail", "yearly-survey"},
            "C": {"care-mail", "yearly-survey"},
        }.items():
            told = history(client(since=ago(9), tier=tier))
            listed = occurring(told, enterprise)
            assert {each.id for each in listed} == ids

    def test_yearly_survey_of_sales_is_for_standard(self) -> None:
        sales = preset("sales")
        assert due(history(client(since=ago(9), tier="standard")), "yearly-survey", policy=sales)
        assert not due(history(client(since=ago(9), tier="key")), "yearly-survey", policy=sales)


class TestSurvey:
    def delivered(self, days: int, *interactions: Any, answers: Any = (), **more: Any) -> ClientHistory:
        done = project(start=ago(days + 9), delivered=ago(days))
        return history(projects=[done], interactions=interactions, feedback=answers, **more)

    def test_three_days_after_delivery(self) -> None:
        (survey,) = found(self.delivered(1), "survey")
        assert (survey.due, survey.anchor, survey.kind, survey.own_day) == (ago(-2), ago(1), "survey", False)
        assert (survey.subject, str(survey.finding.places[0])) == ("Website", "Projects/Website.md:3:1")

    def test_of_each_project_but_not_of_orders_nor_before_delivery(self) -> None:
        told = history(
            projects=[
                project("a", start=ago(60), delivered=ago(30)),
                project("b", start=ago(60), delivered=ago(20)),
                project("c", order=True, signed=ago(60), delivered=ago(10)),
                project("d", start=ago(60), delivered=ago(-1)),
                project("e", start=ago(60), status="delivered"),
                project("f", start=ago(60), delivered=ago(5), status="proposal"),
            ]
        )
        assert due(told, "survey") == [ago(27), ago(17)]

    @pytest.mark.parametrize(("days", "settled"), [(8, False), (7, True), (0, True), (-1, False)])
    def test_settled_by_a_survey_from_three_days_before_due(self, days: int, settled: bool) -> None:
        told = self.delivered(7, contact(ago(days), kind="survey"))
        # the day before the delivery it counts as a survey made shortly before, which needs none either
        assert bool(due(told, "survey")) is (not settled and days != 8)

    @pytest.mark.parametrize(("days", "wanted"), [(97, True), (96, False), (8, False)])
    def test_none_where_one_was_made_in_the_ninety_days_before(self, days: int, wanted: bool) -> None:
        assert bool(due(self.delivered(7, contact(ago(days), kind="survey")), "survey")) is wanted
        assert bool(due(self.delivered(7, answers=[feedback(ago(days))]), "survey")) is wanted

    def test_settled_by_feedback_since_the_delivery(self) -> None:
        assert not due(self.delivered(7, answers=[feedback(ago(7))]), "survey")
        assert due(self.delivered(7, answers=[feedback(ago(-1))]), "survey")

    def test_settled_by_feedback_of_that_project_however_early(self) -> None:
        first, second = (
            project("a", start=ago(300), delivered=ago(9)),
            project("b", start=ago(300), delivered=ago(8)),
        )
        early = feedback(ago(200))
        told = history(projects=[first, second], feedback=[early], feedback_project={early.place: first})
        assert [each.subject for each in found(told, "survey")] == ["b"]

    @pytest.mark.parametrize(("days", "missed"), [(63, False), (64, True)])
    def test_dropped_sixty_days_after_due(self, days: int, missed: bool) -> None:
        (survey,) = found(self.delivered(days), "survey")
        assert survey.missed is missed


class TestCheckIn:
    def test_one_and_three_months_after_the_latest_delivery(self) -> None:
        told = history(
            projects=[
                project("old", start=ago(200), delivered=ago(30)),
                project("new", start=ago(200), delivered=ago(10)),
                project("order", order=True, signed=ago(9), delivered=ago(9)),
            ]
        )
        assert due(told, "check-in-1m") == [date(2026, 12, 10)]
        assert due(told, "check-in-3m") == [date(2027, 2, 10)]

    def test_of_two_delivered_on_a_day_the_larger_path(self) -> None:
        told = [project(name, start=ago(20), delivered=ago(9)) for name in ("b", "a")]
        assert [each.subject for each in found(history(projects=told), "check-in-1m")] == ["b"]

    def test_not_while_in_a_project(self) -> None:
        done = project("a", start=ago(60), delivered=ago(10))
        assert not due(history(projects=[done, project("b", start=ago(1))]), "check-in-1m")
        assert due(history(projects=[done, project("b", signed=ago(1), start=ago(-1))]), "check-in-1m")
        assert due(history(projects=[done, project("b", order=True, start=ago(1))]), "check-in-1m")
        assert not found(
            history(projects=[project("b", order=True, start=ago(9), delivered=D)]), "check-in-1m"
        )

    @pytest.mark.parametrize("kind", ["check-in", "visit", "review"])
    def test_settled_from_a_week_before(self, kind: str) -> None:
        done = project(start=ago(90), delivered=date(2026, 10, 20))  # due on 20 November
        for days, settled in ((7, True), (8, False), (-1, False)):
            told = history(projects=[done], interactions=[contact(ago(days), kind=kind)])
            assert bool(due(told, "check-in-1m")) is not settled

    def test_kind_is_the_first_that_settles(self) -> None:
        (check_in,) = found(history(projects=[project(start=ago(9), delivered=ago(9))]), "check-in-1m")
        assert check_in.kind == "check-in"

    @pytest.mark.parametrize(("delivered", "missed"), [("2026-08-21", False), ("2026-08-20", True)])
    def test_dropped_sixty_days_after_due(self, delivered: str, missed: bool) -> None:
        (check_in,) = found(history(projects=[project(start=ago(300), delivered=delivered)]), "check-in-1m")
        assert check_in.missed is missed


class TestRenewal:
    def of(self, *contracts: Any, interactions: Any = ()) -> ClientHistory:
        return history(client(contracts=contracts), interactions=interactions)

    def test_sixty_days_before_the_latest_end_in_any_order(self) -> None:
        (renewal,) = found(self.of(("2026-01-01", "2027-02-28"), ("2025-01-01", "2025-12-31")), "renewal")
        assert (renewal.due, renewal.anchor) == (date(2026, 12, 30), date(2027, 2, 28))
        assert (renewal.kind, renewal.own_day) == ("review", True)

    def test_none_without_a_contract(self) -> None:
        assert not found(history(), "renewal")

    @pytest.mark.parametrize("kind", ["review", "proposal"])
    def test_settled_from_a_week_before(self, kind: str) -> None:
        for days, settled in ((17, True), (18, False)):
            told = self.of((None, ago(-50)), interactions=[contact(ago(days), kind=kind)])
            assert bool(due(told, "renewal")) is not settled

    def test_dropped_after_the_end_of_the_contract(self) -> None:
        assert not found(self.of((None, D)), "renewal")[0].missed
        assert found(self.of((None, ago(1))), "renewal")[0].missed

    def test_listed_where_due_within_a_year(self) -> None:
        assert due(self.of((None, date(2028, 1, 19))), "renewal") == [date(2027, 11, 20)]
        assert not found(self.of((None, date(2028, 1, 20))), "renewal")


class TestMinutes:
    @pytest.mark.parametrize(
        ("more", "wanted"),
        [
            ({}, True),
            ({"summary": "they showed us round"}, False),
            ({"has_body": True}, False),
            ({"source": "log"}, False),
            ({"source": "daily"}, False),
            ({"kind": "meeting"}, False),
        ],
    )
    def test_of_a_visits_note_that_says_nothing(self, more: Any, wanted: bool) -> None:
        told = history(interactions=[contact(ago(2), **{"kind": "visit", **more})])
        assert bool(due(told, "minutes")) is wanted

    def test_due_the_day_after(self) -> None:
        (minutes,) = found(history(interactions=[contact(ago(2), kind="visit")]), "minutes")
        assert (minutes.due, minutes.anchor, minutes.kind, minutes.own_day) == (ago(1), ago(2), None, True)

    @pytest.mark.parametrize(("days", "missed"), [(61, False), (62, True)])
    def test_dropped_sixty_days_after_due(self, days: int, missed: bool) -> None:
        (minutes,) = found(history(interactions=[contact(ago(days), kind="visit")]), "minutes")
        assert minutes.missed is missed


class TestCallBack:
    def told(self, resolved: int, *interactions: Any) -> ClientHistory:
        complaint = contact(ago(30), kind="complaint", resolved=ago(resolved), summary="late again")
        return history(interactions=[complaint, *interactions])

    def test_three_days_after_the_solution(self) -> None:
        (call,) = found(self.told(2), "call-back")
        assert (call.due, call.anchor, call.kind, call.own_day) == (ago(-1), ago(2), "contact", False)
        assert call.subject == "late again"

    def test_none_while_it_is_open(self) -> None:
        assert not found(self.told(-1), "call-back")
        assert not found(history(interactions=[contact(ago(3), kind="complaint")]), "call-back")

    def test_any_contact_after_the_day_of_the_solution_settles(self) -> None:
        assert due(self.told(5, contact(ago(5))), "call-back")
        assert not due(self.told(5, contact(ago(4))), "call-back")
        assert due(self.told(5, contact(ago(4), kind="newsletter")), "call-back")
        assert due(self.told(5, contact(ago(-1))), "call-back")

    def test_dropped_sixty_days_after_due(self) -> None:
        for days, missed in ((63, False), (64, True)):
            complaint = contact(ago(90), kind="complaint", resolved=ago(days))
            assert found(history(interactions=[complaint]), "call-back")[0].missed is missed


class TestFollowUp:
    def test_dated_on_its_day_and_anchored_there(self) -> None:
        (task,) = found(history(tasks=[follow_up("send it", due=ago(-4), noted=ago(9))]), "follow-up")
        assert (task.due, task.anchor, task.kind, task.own_day) == (ago(-4), ago(-4), None, True)
        assert (task.subject, task.task is not None) == ("send it", True)

    def test_undated_three_days_after_its_note_and_anchored_at_the_note(self) -> None:
        (task,) = found(history(tasks=[follow_up(noted=ago(9))]), "follow-up")
        assert (task.due, task.anchor) == (ago(6), ago(9))

    @pytest.mark.parametrize(("days", "missed"), [(63, False), (64, True)])
    def test_only_undated_ones_are_dropped(self, days: int, missed: bool) -> None:
        assert found(history(tasks=[follow_up(noted=ago(days))]), "follow-up")[0].missed is missed
        assert not found(history(tasks=[follow_up(noted=ago(days), due=ago(days - 3))]), "follow-up")[
            0
        ].missed

    def test_listed_where_due_within_a_year(self) -> None:
        tasks = [follow_up(due=date(2027, 11, 20), line=1), follow_up(due=date(2027, 11, 21), line=2)]
        assert due(history(tasks=tasks), "follow-up") == [date(2027, 11, 20)]


def test_sorted_by_due_then_id_then_anchor() -> None:
    told = history(
        client(since=ago(40), stage="core", birthday=None),
        projects=[
            project("a", start=ago(40), delivered=ago(3)),
            project("b", start=ago(40), delivered=ago(3)),
        ],
        interactions=[contact(ago(1), kind="visit")],
        tasks=[follow_up("z", due=D), follow_up("a", due=D, path="z.md"), follow_up("b", noted=ago(3))],
        people=[person(birthday=None)],
    )
    listed = [(each.id, each.subject) for each in occurring(told) if each.due == D]
    ids = ["follow-up", "follow-up", "follow-up", "minutes", "news", "referral-ask", "survey", "survey"]
    assert [id_ for id_, _ in listed] == ids
    assert [subject for _, subject in listed[:3]] == ["b", "a", "z"]
