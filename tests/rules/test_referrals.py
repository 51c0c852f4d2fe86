from __future__ import annotations

from typing import Any

import pytest

from tests.rules.builders import client, contact, feedback, history, project
from tests.rules.standings import D, ago, due, found
from vaultcrm.model.records import ClientHistory, Referral


def referred(*interactions: Any, projects: Any = (), **more: Any) -> ClientHistory:
    """A client who introduced another one."""
    new = client("Newcomer", **{"referred_by": "Ann Lee", **more})
    return history(interactions=interactions, introduced=[Referral(new, tuple(projects), "Ann Lee")])


class TestThanks:
    def test_two_days_after_the_referral(self) -> None:
        (thanks,) = found(referred(referred_on=ago(1)), "referral-thanks")
        assert (thanks.due, thanks.anchor, thanks.kind) == (ago(-1), ago(1), "referral-thanks")
        assert (thanks.subject, thanks.own_day) == ("Newcomer", False)

    def test_none_before_it_and_without_a_day(self) -> None:
        assert not found(referred(referred_on=ago(-1)), "referral-thanks")
        assert not found(referred(), "referral-thanks")

    @pytest.mark.parametrize(("days", "settled"), [(11, False), (10, True), (0, True), (-1, False)])
    def test_settled_from_the_day_of_the_referral(self, days: int, settled: bool) -> None:
        told = referred(contact(ago(days), kind="referral-thanks"), referred_on=ago(10))
        assert bool(due(told, "referral-thanks")) is not settled

    def test_dropped_sixty_days_after_due(self) -> None:
        assert not found(referred(referred_on=ago(62)), "referral-thanks")[0].missed
        assert found(referred(referred_on=ago(63)), "referral-thanks")[0].missed


class TestReport:
    def test_a_week_after_the_first_order_that_counts(self) -> None:
        told = referred(
            projects=[
                project("a", start=ago(90), status="proposal"),
                project("b", start=ago(5)),
                project("c", start=ago(9)),
                project("d"),
                project("e", start=ago(-1)),
            ],
            referred_on=ago(99),
        )
        (report,) = found(told, "referral-report")
        assert (report.due, report.anchor, report.kind) == (ago(2), ago(9), "referral-report")

    def test_or_after_they_were_lost(self) -> None:
        assert due(referred(status="lost", lost_on=ago(1)), "referral-report") == [ago(-6)]
        assert not found(referred(status="lost", lost_on=ago(-1)), "referral-report")
        assert not found(referred(status="lost"), "referral-report")
        assert not found(referred(lost_on=ago(1)), "referral-report")

    def test_an_order_comes_before_the_loss(self) -> None:
        told = referred(projects=[project(start=ago(30))], status="lost", lost_on=ago(1))
        assert due(told, "referral-report") == [ago(23)]

    def test_none_before_anything_came_of_it(self) -> None:
        assert not found(referred(referred_on=ago(9)), "referral-report")
        assert not found(referred(projects=[project(start=ago(9))], referred_on=ago(-1)), "referral-report")

    @pytest.mark.parametrize(("days", "settled"), [(10, False), (9, True), (0, True)])
    def test_settled_from_the_first_order_on(self, days: int, settled: bool) -> None:
        told = referred(contact(ago(days), kind="referral-report"), projects=[project(start=ago(9))])
        assert bool(due(told, "referral-report")) is not settled

    def test_dropped_sixty_days_after_due(self) -> None:
        for days, missed in ((67, False), (68, True)):
            (report,) = found(referred(projects=[project(start=ago(days))]), "referral-report")
            assert report.missed is missed


class TestAsk:
    def asked(self, of: Any = None, *interactions: Any, answers: Any = (), projects: Any = ()) -> bool:
        told = history(
            of or client(stage="core"), projects=projects, interactions=interactions, feedback=answers
        )
        dues = due(told, "referral-ask")
        assert dues in ([], [D])
        return bool(dues)

    good = contact(ago(20), sentiment=1)

    def test_due_and_anchored_on_the_day(self) -> None:
        (ask,) = found(history(client(stage="core"), interactions=[self.good]), "referral-ask")
        assert (ask.due, ask.anchor, ask.kind, ask.own_day) == (D, D, "referral-ask", False)
        assert str(ask.finding.places[0]) == "Interactions/2026-10-31 contact.md:2:1"

    @pytest.mark.parametrize(
        ("stage", "wanted"), [("prospect", False), ("new", False), ("growing", True), ("core", True)]
    )
    def test_stages(self, stage: str, wanted: bool) -> None:
        assert self.asked(client(stage=stage), self.good) is wanted

    def test_not_without_a_reason(self) -> None:
        assert not self.asked(None, contact(ago(5), sentiment=0), answers=[feedback(ago(5), recommend=8)])

    @pytest.mark.parametrize(("days", "wanted"), [(59, True), (60, False), (0, True), (-1, False)])
    def test_delivered_in_the_last_sixty_days(self, days: int, wanted: bool) -> None:
        delivered = project(order=True, signed=ago(99), delivered=ago(days))
        assert self.asked(projects=[delivered]) is wanted

    @pytest.mark.parametrize(("days", "wanted"), [(179, True), (180, False)])
    def test_latest_recommendation_or_sentiment_is_good_and_recent(self, days: int, wanted: bool) -> None:
        assert self.asked(answers=[feedback(ago(days), recommend=9)]) is wanted
        assert self.asked(None, contact(ago(days), sentiment=0.5)) is wanted

    def test_only_the_latest_counts(self) -> None:
        assert not self.asked(None, self.good, contact(ago(19), sentiment=0))
        answers = [
            feedback(ago(20), recommend=10),
            feedback(ago(19), recommend=7),
            feedback(ago(18), result=9),
        ]
        assert not self.asked(answers=answers)

    def test_not_after_a_bad_answer_or_a_bad_talk(self) -> None:
        for days, wanted in ((179, False), (180, True)):
            delivered = [project(start=ago(99), delivered=ago(9))]
            assert self.asked(answers=[feedback(ago(days), recommend=6)], projects=delivered) is wanted
            assert self.asked(None, contact(ago(days), sentiment=-1), projects=delivered) is wanted
        assert self.asked(None, self.good, answers=[feedback(ago(9), recommend=7)])

    def test_not_with_something_wrong(self) -> None:
        complaint = contact(ago(200), kind="complaint")
        assert not self.asked(None, self.good, complaint)
        assert self.asked(None, self.good, contact(ago(200), kind="complaint", resolved=D))
        assert not self.asked(None, self.good, projects=[project(start=ago(300), invoice_due=ago(1))])
        assert self.asked(None, self.good, projects=[project(start=ago(300), invoice_due=D)])

    def test_not_where_they_do_not_refer(self) -> None:
        assert not self.asked(client(stage="core", refers=False), self.good)
        assert self.asked(client(stage="core", refers=True), self.good)

    @pytest.mark.parametrize(("days", "wanted"), [(0, False), (179, False), (180, True), (-1, True)])
    def test_not_asked_in_the_last_half_year(self, days: int, wanted: bool) -> None:
        assert self.asked(None, self.good, contact(ago(days), kind="referral-ask")) is wanted
