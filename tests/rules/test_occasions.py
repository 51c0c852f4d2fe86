from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, feedback, history, person, project
from tests.rules.standings import D, ago, due, found, occurring
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ImportantDate, YearlyDate

GREETINGS = ["greeting", "gift"]


def yearly(day: date, year: int | None = None) -> YearlyDate:
    return YearlyDate(day.month, day.day, year)


class TestBirthday:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (ago(3), ago(3)),
            (ago(4), date(2027, 11, 16)),
            (D, D),
            (ago(-1), ago(-1)),
        ],
        ids=["three days ago", "four days ago", "today", "tomorrow"],
    )
    def test_three_days_late_is_still_told(self, day: date, expected: date) -> None:
        (birthday,) = found(history(client(birthday=yearly(day, 1980))), "birthday")
        assert (birthday.due, birthday.anchor, birthday.own_day) == (expected, expected, True)

    def test_of_the_client_and_of_people_who_have_not_left(self) -> None:
        told = history(
            client(birthday=yearly(ago(-1))),
            people=[
                person("Ann", birthday=yearly(ago(-2))),
                person("Bob", birthday=yearly(ago(-3)), left=D),
                person("Cem", birthday=yearly(ago(-4)), left=ago(-1)),
                person("Dee"),
            ],
        )
        assert [each.subject for each in found(told, "birthday")] == ["Acme", "Ann", "Cem"]

    @pytest.mark.parametrize("kind", GREETINGS)
    def test_settled_from_a_week_before_then_the_next_years(self, kind: str) -> None:
        told = {"of": client(birthday=yearly(ago(1)))}
        for days, settled in ((8, True), (9, False), (0, True)):
            expected = date(2027, 11, 19) if settled else ago(1)
            assert due(history(interactions=[contact(ago(days), kind=kind)], **told), "birthday") == [
                expected
            ]

    def test_next_years_is_listed_up_to_a_year_ahead(self) -> None:
        greeted = [contact(D, kind="gift")]
        assert due(history(client(birthday=yearly(D)), interactions=greeted), "birthday") == [
            date(2027, 11, 20)
        ]
        tomorrow = history(client(birthday=yearly(ago(-1))), interactions=greeted)
        assert due(tomorrow, "birthday") == []

    def test_not_before_the_year_that_it_names(self) -> None:
        assert due(history(client(birthday=YearlyDate(12, 1, 2027))), "birthday") == []
        assert due(history(client(birthday=YearlyDate(11, 1, 2027))), "birthday") == [date(2027, 11, 1)]
        assert due(history(client(birthday=YearlyDate(12, 1, 2026))), "birthday") == [date(2026, 12, 1)]

    def test_a_lunar_one_comes_in_any_year(self) -> None:
        born = YearlyDate(10, 15, 2030, lunar=True)
        assert due(history(client(birthday=born)), "birthday") == [date(2026, 11, 23)]

    def test_29_february(self) -> None:
        assert due(history(client(birthday=YearlyDate(2, 29))), "birthday") == [date(2027, 2, 28)]


class TestImportantDate:
    def important(self, day: YearlyDate, *interactions: Any, once: bool = False) -> list[date]:
        of = client(important_dates=(ImportantDate(day, "opening", once, 7),))
        return due(history(of, interactions=interactions), "important-date")

    def test_tells_its_title_and_line(self) -> None:
        of = client(important_dates=(ImportantDate(yearly(ago(-1)), "opening", False, 7),))
        (found_date,) = found(history(of), "important-date")
        assert (found_date.subject, str(found_date.finding.places[0])) == ("opening", "Clients/Acme.md:7:1")

    def test_those_of_their_people_who_have_not_left_are_theirs(self) -> None:
        jubilee = ImportantDate(yearly(ago(-1)), "jubilee", False, 9)
        ann = person("Ann", "People/Ann.md", important_dates=(jubilee,))
        gone = person("Bo", "People/Bo.md", important_dates=(jubilee,), left=ago(3))
        (found_date,) = found(history(client(), people=(ann, gone)), "important-date")
        assert (found_date.subject, found_date.due) == ("Ann · jubilee", ago(-1))
        assert str(found_date.finding.places[0]) == "People/Ann.md:9:1"

    def test_yearly_from_the_year_that_it_names(self) -> None:
        assert self.important(yearly(ago(-1), 2026)) == [ago(-1)]
        assert self.important(yearly(ago(-1), 2027)) == []
        assert self.important(yearly(ago(9), 2027)) == [date(2027, 11, 11)]

    @pytest.mark.parametrize(
        ("days", "told"), [(4, False), (3, True), (0, True), (-365, True), (-366, False)]
    )
    def test_once(self, days: int, told: bool) -> None:
        day = ago(days)
        assert self.important(yearly(day, day.year), once=True) == ([day] if told else [])

    def test_once_and_settled_it_never_comes_again(self) -> None:
        assert self.important(yearly(ago(1), 2026), contact(ago(8), kind="gift"), once=True) == []
        assert self.important(yearly(ago(1), 2026), contact(ago(9), kind="gift"), once=True) == [ago(1)]

    def test_once_in_the_lunar_calendar(self) -> None:
        assert self.important(YearlyDate(10, 15, 2026, lunar=True), once=True) == [date(2026, 11, 23)]
        assert self.important(YearlyDate(10, 15, 2025, lunar=True), once=True) == []


class TestHoliday:
    def listed(self, of: Any, policy: Policy | None = None, *interactions: Any) -> list[tuple[str, date]]:
        told = history(of, interactions=interactions)
        return [(each.subject, each.due) for each in found(told, "holiday", policy)]

    def test_new_year_in_english(self) -> None:
        assert self.listed(client(tier="B", stage="new")) == [("new-year", date(2027, 1, 1))]

    def test_four_festivals_in_chinese(self) -> None:
        chinese = preset(config='language = "zh"')
        assert self.listed(client(tier="A", stage="new"), chinese) == [
            ("spring-festival", date(2027, 2, 6)),
            ("dragon-boat", date(2027, 6, 9)),
            ("mid-autumn", date(2027, 9, 15)),
            ("national-day", date(2027, 10, 1)),
        ]

    def test_not_for_prospects_nor_the_lowest_tier(self) -> None:
        assert self.listed(client(tier="A")) == []
        assert self.listed(client(tier="C", stage="core")) == []

    def test_for_whom_a_policy_says(self) -> None:
        config = '[touchpoints.holiday]\ntiers = ["C"]\nstages = ["prospect"]'
        assert self.listed(client(), preset(config=config)) != []
        assert self.listed(client(tier="B"), preset(config=config)) == []

    def test_prospects_where_a_policy_says_nothing_of_stages(self) -> None:
        policy = preset()
        rule = policy.touchpoints["holiday"]
        everybody = {**policy.touchpoints, "holiday": type(rule)("holiday", settled_by=rule.settled_by)}
        assert self.listed(client(tier="A"), preset(touchpoints=everybody)) == []
        assert self.listed(client(tier="A", stage="new"), preset(touchpoints=everybody)) != []

    def test_settled_by_a_greeting_of_the_week_before(self) -> None:
        on = date(2026, 12, 29)
        for day, expected in (("2026-12-25", date(2028, 1, 1)), ("2026-12-24", date(2027, 1, 1))):
            told = history(client(tier="B", stage="new"), interactions=[contact(day, kind="greeting")])
            listed = occurring(told, on=on)
            dues = [each.due for each in listed if each.id == "holiday"]
            assert dues == ([expected] if expected.year == 2027 else [])


class TestRecurring:
    def review(self, of: Any, *interactions: Any, planned: date | None = None) -> Any:
        (review,) = found(history(of, interactions=interactions), "quarterly-review", planned=planned)
        return review

    def test_counts_from_the_latest_that_settled_it_however_early(self) -> None:
        reviews = [contact("2026-06-01", kind="review"), contact("2026-11-19", kind="review")]
        review = self.review(client(since=ago(900), stage="core"), *reviews)
        assert (review.due, review.anchor, review.first_ever) == (
            date(2027, 2, 19),
            date(2026, 11, 19),
            False,
        )

    def test_a_review_after_the_day_has_not_happened(self) -> None:
        review = self.review(client(since="2026-10-01", stage="core"), contact(ago(-1), kind="review"))
        assert (review.due, review.anchor, review.first_ever) == (date(2027, 1, 1), date(2026, 10, 1), True)

    def test_else_from_the_earliest_order_day(self) -> None:
        told = history(
            client(stage="core"), projects=[project(start="2026-10-01")], interactions=[contact(ago(90))]
        )
        assert due(told, "quarterly-review") == [date(2027, 1, 1)]

    def test_else_from_the_first_interaction_of_any_kind(self) -> None:
        review = self.review(client(stage="core"), contact("2026-10-31", kind="internal"), contact(ago(1)))
        assert (review.due, review.anchor) == (date(2027, 1, 31), date(2026, 10, 31))

    def test_with_none_of_these_there_is_none(self) -> None:
        assert not found(history(client(since=ago(-1), stage="core")), "quarterly-review")

    @pytest.mark.parametrize(
        ("since", "expected"), [("2026-08-20", D), ("2026-08-19", D), ("2026-08-21", ago(-1))]
    )
    def test_past_it_is_due_on_the_day(self, since: str, expected: date) -> None:
        assert self.review(client(stage="core"), contact(since, kind="review")).due == expected

    def test_never_settled_and_past_it_waits_for_the_next_contact(self) -> None:
        of = client(since="2026-08-19", stage="core")
        assert self.review(of, planned=ago(-9)).due == ago(-9)
        assert self.review(of, planned=D).due == D
        assert self.review(of).due == D

    def test_it_does_not_wait_where_due_today_or_once_settled(self) -> None:
        assert self.review(client(since="2026-08-20", stage="core"), planned=ago(-9)).due == D
        settled = contact("2026-08-19", kind="review")
        assert self.review(client(since=ago(900), stage="core"), settled, planned=ago(-9)).due == D

    def test_news_are_settled_by_a_newsletter_or_a_contact_about_something_useful(self) -> None:
        core = {"of": client(since="2026-11-01", stage="core")}
        for more, settles in (
            ({"kind": "newsletter"}, True),
            ({"about": "insight"}, True),
            ({"about": "progress resource"}, True),
            ({"about": "care"}, False),
            ({"about": "insight", "kind": "internal"}, False),
        ):
            told = history(interactions=[contact(ago(1), **more)], **core)
            assert due(told, "news") == [date(2026, 12, 3) if settles else D]

    def test_care_mail_is_settled_by_any_contact(self) -> None:
        enterprise = preset("enterprise")
        told = history(
            client(tier="C"), interactions=[contact(ago(1), kind="support"), contact(D, kind="internal")]
        )
        (mail,) = found(told, "care-mail", enterprise)
        assert (mail.due, mail.kind) == (date(2027, 2, 19), "contact")

    def test_yearly_survey_is_settled_by_feedback_too(self) -> None:
        enterprise = preset("enterprise")
        told = history(
            client(tier="C"), interactions=[contact(ago(40), kind="survey")], feedback=[feedback(ago(30))]
        )
        (survey,) = found(told, "yearly-survey", enterprise)
        assert (survey.due, survey.anchor, survey.kind) == (date(2027, 10, 21), ago(30), "survey")

    def test_brief_every_month_and_deep_visit_every_six(self) -> None:
        enterprise = preset("enterprise")
        told = history(
            client(tier="A"),
            interactions=[contact("2026-10-31", kind="brief"), contact("2026-08-31", kind="review")],
        )
        assert due(told, "brief", policy=enterprise) == [date(2026, 11, 30)]
        assert due(told, "deep-visit", policy=enterprise) == [date(2027, 2, 28)]

    def test_a_users_own_rule(self) -> None:
        own = preset(
            config='[touchpoints.coffee]\nevery = "10 days"\nsettled_by = ["gift"]\nstages = ["prospect"]'
        )
        told = history(interactions=[contact(ago(5), kind="gift")])
        (coffee,) = found(told, "coffee", own)
        assert (coffee.due, coffee.kind, coffee.own_day, coffee.missed) == (ago(-5), "gift", False, False)

    def test_never_dropped(self) -> None:
        review = self.review(client(since=ago(5000), stage="core"))
        assert (review.due, review.missed) == (D, False)

    def test_without_an_interval_it_never_comes(self) -> None:
        policy = preset()
        rule = policy.touchpoints["news"]
        idle = {"news": type(rule)("news", settled_by=("newsletter",))}
        assert occurring(history(client(since=ago(9))), preset(touchpoints=idle)) == ()
