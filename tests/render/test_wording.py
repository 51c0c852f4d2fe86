from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.policies import preset
from tests.render.builders import FRIDAY, overview, words
from tests.rules.builders import client, contact, history, person, project
from vaultcrm.model.records import ClientHistory, YearlyDate
from vaultcrm.model.results import Assessment, Evidence, Finding, Measures
from vaultcrm.render.charts import load_chart, tier_chart
from vaultcrm.render.dashboard import render_section
from vaultcrm.render.view import View
from vaultcrm.render.wording import (
    coming_up,
    conversation,
    idea_of,
    last_contact,
    measure_text,
    message_of,
    project_state,
    project_text,
    reach_of,
    shortened,
    shown_value,
    title_of,
    values_of,
    what_to_say,
    why_next,
)

OWN_RULE = """
[touchpoints.tasting]
every = "1 month"
settled_by = ["visit"]
"""

LATE = (("Shop", "2026-11-01"), ("Logo", "2026-11-18"))


def one(told: ClientHistory, **more: object) -> Assessment:
    return overview(told, **more).assessments[0]  # type: ignore[arg-type]


def message(id_: str, told: ClientHistory) -> str:
    """What the warning of a client with that id says."""
    (found,) = [message_of(each, words()) for each in one(told).warnings if each.id == id_]
    return found


def test_why_agreed() -> None:
    assert (
        why_next(one(history(client(next_contact="2026-12-01"))).standing, words()) == "agreed for 1 December"
    )


def test_why_agreed_and_overdue() -> None:
    told = why_next(one(history(client(next_contact="2026-11-18"))).standing, words())
    assert told == "2 days overdue, agreed for 18 November"


def test_why_by_interval_next_year() -> None:
    told = one(history(interactions=[contact("2025-11-19")])).standing
    assert why_next(told, words()) == "336 days overdue, contact every 30 days, last on 19 November 2025"


def test_why_a_snoozed_contact_is_later_than_agreed() -> None:
    told = one(history(client(next_contact="2026-11-24", snooze_until="2026-12-30"))).standing
    assert why_next(told, words()) == "snoozed until 30 December, agreed for 24 November"


def test_why_a_snoozed_contact_is_overdue() -> None:
    told = history(client(snooze_until="2026-11-18"), interactions=[contact("2026-10-12")])
    assert why_next(one(told).standing, words()) == (
        "2 days overdue, snoozed until 18 November, contact every 31 days, last on 12 October"
    )


def test_a_snooze_that_puts_nothing_off_is_not_told() -> None:
    told = one(history(client(next_contact="2026-12-01", snooze_until="2026-11-25"))).standing
    assert why_next(told, words()) == "agreed for 1 December"


def test_what_comes_up_stands_in_the_order_of_the_days_that_are_shown() -> None:
    who = client(birthday=YearlyDate(11, 21))
    told = history(who, [project(start="2026-06-01", delivered="2026-10-12")], [contact("2026-11-19")])
    days = [each.planned for each in coming_up(one(told))]
    due = [each.due for each in one(told).touchpoints]
    assert days == sorted(days)
    assert due == sorted(due)
    assert coming_up(one(told))[0].id == "birthday"
    assert one(told).touchpoints[0].id == "survey"


def test_why_estimated() -> None:
    told = one(history(client(since="2026-11-01"))).standing
    assert why_next(told, words()) == "contact every 30 days, none noted since 1 November"


def test_why_never() -> None:
    assert why_next(one(history()).standing, words()) == "no contact noted yet"
    assert last_contact(one(history()).standing, words()) == ""


def test_why_not() -> None:
    assert why_next(one(history(client(do_not_contact=True))).standing, words()) == ""


def test_what_to_say_follows_stage_phase_warnings_and_what_goes_along() -> None:
    running = one(history(projects=[project(start="2026-11-01")], interactions=[contact("2026-11-18")]))
    assert what_to_say(running, words())[0].startswith("Tell how the work goes")
    silent = one(history(interactions=[contact("2026-01-18")], projects=[project(delivered="2026-09-01")]))
    said = what_to_say(silent, words())
    assert said[:2] == (
        "Learn what their business needs next, and say that you would like to go on.",
        "Ask how the result does.",
    )


def test_a_users_own_touchpoint_is_called_by_its_id() -> None:
    found = one(history(client(since="2026-01-01")), policy=preset(config=OWN_RULE)).touchpoints
    (tasting,) = [each for each in found if each.id == "tasting"]
    assert (title_of(tasting, words()), idea_of(tasting, words())) == ("tasting", "")


def test_a_festival_has_its_name_in_each_language() -> None:
    policy = preset(config='language = "zh"')
    told = history(client(stage="core", tier="A"), interactions=[contact("2026-11-19")])
    titles = {title_of(each, words("zh")) for each in one(told, policy=policy).touchpoints}
    assert {"节日问候：春节", "节日问候：端午节"} <= titles


def test_messages_of_a_stale_file() -> None:
    bare = history(interactions=[contact("2026-01-01")])
    told = {each.id: message_of(each, words()) for each in one(bare).warnings}
    assert told["stale-file"] == "nothing noted for 323 days; not filled in: contact, channel, owner"
    fresh = one(history()).warnings
    assert [message_of(each, words()) for each in fresh] == ["not filled in: contact, channel, owner"]


def test_people_who_left_on_different_days_did_not_leave_on_one() -> None:
    ann, bob = (person(name, left=left) for name, left in (("Ann", "2026-06-05"), ("Bob", "2026-11-05")))
    assert message("contact-left", history(contacts=[bob])) == "Bob left on 5 November 2026"
    assert message("contact-left", history(contacts=[ann, bob])) == (
        "Ann, Bob have left, the last one on 5 November 2026"
    )


def test_not_everything_is_as_late_as_the_latest() -> None:
    shop, logo = (project(title, start="2026-01-01", due=due) for title, due in LATE)
    assert message("project-late", history(projects=[shop])) == "late by 19 days: Shop"
    assert message("project-late", history(projects=[shop, logo])) == "late by up to 19 days: Shop, Logo"
    bills = [project(title, start="2026-01-01", invoice_due=due) for title, due in LATE]
    assert message("payment-overdue", history(projects=bills)) == "not paid for up to 19 days: Shop, Logo"


def test_tiers_in_a_message_are_named_in_the_language() -> None:
    told = history(client(tier="core", owner="jo"))
    warnings = one(told, policy=preset("sales")).warnings
    assert [message_of(each, words("zh")) for each in warnings if each.id == "tier-differs"] == [
        "手动定为 核心，计算结果是 潜力"
    ]


def test_several_texts_of_one_name_are_told_together() -> None:
    finding = Finding(
        "x", 1, (Evidence("the-subject", "a"), Evidence("the-subject", "b"), Evidence("days", 3))
    )
    assert values_of(finding) == {"the_subject": "a", "days": 3, "the_subjects": ("a", "b")}


def test_reach_takes_the_contacts_numbers_behind_the_clients_own() -> None:
    ann = person(phone=("2", "1"), channel="wechat", wechat=("ann",), email=("a@example.com",))
    told = reach_of(one(history(client(phone=("1",)), contacts=[ann, "somebody"])))
    assert told == ("wechat", ("1", "2"), ("a@example.com",), ("ann",))


def test_reach_is_that_of_one_of_the_people_where_nobody_else_has_any() -> None:
    ann = person("People/Ann.md", phone=("1",))
    bea = person("People/Bea.md", email=("bea@x.example",), decision_maker=True)
    gone = person("People/Cai.md", phone=("3",), left=FRIDAY)
    mute = person("People/Abe.md")
    told = reach_of(one(history(client(), people=[mute, ann, bea], decision_makers=[bea])))
    assert (told.phones, told.emails) == ((), ("bea@x.example",))
    assert reach_of(one(history(client(), people=[mute, ann]))).phones == ("1",)
    assert reach_of(one(history(client(), people=[gone]))).phones == ()
    assert reach_of(one(history(client(wechat=("w",)), people=[ann]))).phones == ()


def test_a_conversation_of_another_channel() -> None:
    said = conversation(contact("2025-11-01", channel="other", kind="complaint"), FRIDAY, words())
    assert said == "1 November 2025, complaint"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a  b\nc", "a b c"),
        (None, ""),
        ("one two three four", "one two…"),
        ("unbreakable-word", "unbreaka…"),
        ("ninechars", "ninechars"),
    ],
)
def test_shortened(text: str | None, short: str) -> None:
    assert shortened(text, 9) == short


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"start": "2026-11-01"}, "running"),
        ({"start": "2026-11-01", "status": "delivered"}, "delivered"),
        ({"delivered": "2026-11-02"}, "delivered 2 November"),
        ({"start": "2026-11-01", "delivered": "2026-12-01"}, "running"),
        ({"start": "2026-11-01", "delivered": "2026-12-01", "status": "delivered"}, "running"),
        ({"signed": "2026-11-01", "start": "2027-01-11"}, "ordered 1 November"),
        ({"order": True, "start": "2026-11-01"}, "ordered 1 November"),
    ],
)
def test_project_state(fields: dict[str, str], state: str) -> None:
    assert project_state(project(**fields), FRIDAY, words()) == state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "yes"),
        (False, "no"),
        (FRIDAY, "2026-11-20"),
        (YearlyDate(6, 15, 1987, lunar=True, leap=True), "lunar 1987-leap 06-15"),
        (YearlyDate(5, 20), "05-20"),
        (Decimal("1.50"), "1.5"),
        ((1, "a"), "1, a"),
        (None, "none"),
        ("text\nof two lines", "text of two lines"),
    ],
)
def test_shown_value(value: object, shown: str) -> None:
    assert shown_value(value, words()) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("retention", Fraction(4, 5), "80%"),
        ("average_order", Decimal("1234.5"), "1,235 EUR"),
        ("nps", None, ""),
        ("workload", {"2026-11-16": 1}, ""),
        ("churn_reasons", {"": 2, "price": 1}, "not known (2), price (1)"),
        ("by_tier", {"A": 1, "B": 0}, "A 1, B 0"),
        ("revenue_by_tier", {"A": Decimal(10)}, "A 10 EUR"),
        ("label", "text", "text"),
    ],
)
def test_measure_text(name: str, value: object, shown: str) -> None:
    assert measure_text(name, value, "EUR", words()) == shown


def test_charts_of_measures_that_are_not_there() -> None:
    from dataclasses import replace

    bare = replace(overview(), measures=Measures(FRIDAY, FRIDAY, None, {}))
    assert tier_chart(View(bare, words())) == ""
    assert load_chart(View(bare, words())) == ""
    assert render_section("metrics", bare, words(), {}) == "21 November 2026 to 20 November 2026"


def test_project_in_a_line() -> None:
    what = overview(history(client()))
    paid = project("Shop", start="2026-01-01", delivered="2026-02-01", amount=1200)
    assert project_text(paid, what, words()) == "Shop · delivered 1 February · 1,200 CNY"
    assert project_text(project("Shop", start="2026-01-01"), what, words()) == "Shop · running"
