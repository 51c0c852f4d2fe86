"""One value of a property: what is read, what is told, where (specification 2, Values)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.parse.builders import codes, of, places, policy, properties
from vaultcrm.model.records import Client, Feedback, Interaction, Interval, Money, Person, Project, YearlyDate

CLIENT_PATH = "Clients/Acme.md"


def test_there_is_one_owner() -> None:
    client, told = properties(Client, "owner: [mira, jo]")
    assert client.owner == "mira"
    assert [(each.code, each.read, each.place.column) for each in told] == [("first-only", "jo", 15)]
    assert of(Client, "owner: [mira]").owner == "mira"
    assert of(Client, "owner: [[Mira Lin]]").owner == "Mira Lin"


@pytest.mark.parametrize("text", ["", "~", "null", "Null", '""', "[]"])
@pytest.mark.parametrize(
    "name", ["since", "cadence", "birthday", "refers", "risk", "stage", "status", "contract_end"]
)
def test_nothing_is_nothing(name: str, text: str) -> None:
    assert of(Client, f"{name}: {text}\nowner: mira") == of(Client, f"{name}:\nowner: mira")


def test_nothing_leaves_the_defaults() -> None:
    client = of(Client, "since:\nstatus:\nstage: ~\nowner:\nchannel:\nrisk: null\ncontract_end: []")
    assert (client.since, client.status, client.stage, client.owner, client.channel) == (
        None,
        "active",
        None,
        None,
        None,
    )
    assert (client.scores, client.contracts) == ({}, ())


def test_a_text_may_be_null() -> None:
    assert of(Client, "name: Null\nowner: no\nindustry: ~").name == "Null"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("no", "no"),
        ("012", "012"),
        ("12:30", "12:30"),
        ("2026-02-30", "2026-02-30"),
        ("0x10", "0x10"),
        ("1e3", "1e3"),
        ("'it''s'", "it's"),
        ('"a: b"', "a: b"),
        ("yes # a comment", "yes"),
        ("[a, b]", "a, b"),
        ("[[Ann Keller]]", "Ann Keller"),
        ('"[[Ann Keller]]"', "Ann Keller"),
        ('"[[Ann Keller|Ann]]"', "Ann"),
        ('"[[Ann]] and [[Bo]]"', "[[Ann]] and [[Bo]]"),
        ('["[[Ann]]", Bo]', "Ann, Bo"),
    ],
)
def test_texts_are_read_as_written(written: str, text: str) -> None:
    assert of(Client, f"industry: {written}").industry == text


def test_one_value_may_stand_for_a_list_and_a_list_of_one_for_a_value() -> None:
    client = of(Client, "phone: 555 0101\naliases: [A, B]\nsince: [2026-02-02]\ncadence:\n  - 2w")
    assert client.phone == ("555 0101",)
    assert client.aliases == ("A", "B")
    assert client.since == date(2026, 2, 2)
    assert client.cadence == Interval(days=14)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("since: [2026-02-02, 2026-03-03]", "Clients/Acme.md:2:8 bad-shape a list"),
        ("since: {on: 2026-02-02}", "Clients/Acme.md:2:8 bad-shape fields"),
        ("phone: {home: 555}", "Clients/Acme.md:2:8 bad-shape fields"),
        ("aliases: [A, {b: c}]", "Clients/Acme.md:2:14 bad-shape fields"),
        ("since: 2026-02-30", "Clients/Acme.md:2:8 bad-date 2026-02-30"),
        ("since: soon", "Clients/Acme.md:2:8 bad-date soon"),
        ("birthday: 13-40", "Clients/Acme.md:2:11 bad-yearly-date 13-40"),
        ("birthday: lunar 1899-08-15", "Clients/Acme.md:2:11 lunar-out-of-range lunar 1899-08-15"),
        ("cadence: 0 days", "Clients/Acme.md:2:10 bad-interval 0 days"),
        ("refers: perhaps", "Clients/Acme.md:2:9 bad-yes-no perhaps"),
        ("do_not_contact: 2", "Clients/Acme.md:2:17 bad-yes-no 2"),
        ("status: asleep", "Clients/Acme.md:2:9 bad-choice asleep"),
        ("stage: fresh", "Clients/Acme.md:2:8 unknown-stage fresh"),
        ("risk: high", "Clients/Acme.md:2:7 bad-score high"),
        ("channel: emial", "Clients/Acme.md:2:10 unknown-channel emial"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place_and_costs_only_itself(line: str, told: str) -> None:
    client, diagnostics = properties(Client, f"{line}\nowner: mira", CLIENT_PATH)
    assert places(diagnostics) == [told]
    assert client.owner == "mira"


def test_of_a_few_words_all_are_told_the_nearest_first() -> None:
    _, told = properties(Client, "status: closed", CLIENT_PATH)
    assert set(told[0].hints) == {"active", "paused", "lost", "archived"}
    _, told = properties(Client, "status: archivd", CLIENT_PATH)
    assert told[0].hints[0] == "archived"


def test_a_value_on_the_next_line_is_told_where_it_stands() -> None:
    _, told = properties(Client, "since:\n  2026-02-30", CLIENT_PATH)
    assert places(told) == ["Clients/Acme.md:3:3 bad-date 2026-02-30"]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("1", 1),
        ("10", 10),
        ("7.5", Decimal("7.5")),
        ("0", None),
        ("0.99", None),
        ("10.01", None),
        ("11", None),
        ("-3", None),
    ],
)
def test_scores_reach_from_1_to_10(text: str, score: Decimal | None) -> None:
    client, told = properties(Client, f"trust: {text}")
    assert client.scores.get("trust") == score
    assert codes(told) == ([] if score is not None else ["bad-score"])


@pytest.mark.parametrize(("text", "ok"), [("0", True), ("10", True), ("-1", False), ("11", False)])
def test_recommend_may_be_0(text: str, ok: bool) -> None:
    feedback, told = properties(Feedback, f"client: Acme\ndate: 2026-07-01\nrecommend: {text}\nresult: 1")
    assert (feedback.recommend is not None, codes(told)) == (ok, [] if ok else ["bad-score"])
    other, told = properties(Feedback, "client: Acme\ndate: 2026-07-01\nresult: 0")
    assert (other.result, codes(told)) == (None, ["bad-score"])


@pytest.mark.parametrize(("text", "ok"), [("1", True), ("5", True), ("0", False), ("6", False)])
def test_severity_is_1_to_5(text: str, ok: bool) -> None:
    interaction, told = properties(Interaction, f"client: Acme\ndate: 2026-07-01\nseverity: {text}")
    assert (interaction.severity is not None, codes(told)) == (ok, [] if ok else ["bad-score"])


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [("positive", 1), ("积极", 1), ("中性", 0), ("消极", -1), ("-2", -2), ("+2", 2), ("0", 0), ("1.5", 1.5)],
)
def test_sentiment(text: str, sentiment: float) -> None:
    assert of(Interaction, f"client: Acme\ndate: 2026-07-01\nsentiment: {text}").sentiment == Decimal(
        str(sentiment)
    )


@pytest.mark.parametrize("text", ["3", "-2.5", "great"])
def test_no_sentiment(text: str) -> None:
    interaction, told = properties(Interaction, f"client: Acme\ndate: 2026-07-01\nsentiment: {text}")
    assert (interaction.sentiment, codes(told)) == (None, ["bad-choice"])
    assert told[0].hints == ("positive", "neutral", "negative", "-2 … 2")


@pytest.mark.parametrize("text", ["yes", "Yes", "true", "是", "on"])
def test_yes(text: str) -> None:
    assert of(Client, f"do_not_contact: {text}").do_not_contact is True
    assert of(Person, f"client: Acme\ndecision_maker: {text}").decision_maker is True


@pytest.mark.parametrize("text", ["no", "False", "否", "off"])
def test_no(text: str) -> None:
    assert of(Client, f"愿意推荐: {text}").refers is False


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("true", True),
        ("是", True),
        ("no", False),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("", None),
    ],
)
def test_paid_is_a_date_or_yes(text: str, paid: date | bool | None) -> None:
    assert of(Project, f"client: Acme\nstart: 2026-01-01\npaid: {text}").paid == paid


def test_paid_soon() -> None:
    project, told = properties(Project, "client: Acme\nstart: 2026-01-01\npaid: soon")
    assert (project.paid, codes(told)) == (None, ["bad-date"])
    assert told[0].remedy == "write it like 2026-11-20, yes, no"
    _, told = properties(Project, "client: Acme\nstart: 2026-01-01\n已付款: 快了")
    assert told[0].hints == ("2026-11-20", "是", "否")


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("12000", Money(Decimal(12000))),
        ("12,000.50", Money(Decimal("12000.50"))),
        ("12000 EUR", Money(Decimal(12000), "EUR")),
        ("¥3万", Money(Decimal(30000), "CNY")),
        ("3.5万", Money(Decimal(35000))),
        ("~", None),
    ],
)
def test_money(text: str, money: Money | None) -> None:
    under = policy('currency = "EUR"')
    assert of(Project, f"client: Acme\nstart: 2026-01-01\namount: {text}", under=under).amount == money


def test_the_yen_and_the_yuan_share_a_sign() -> None:
    line = "client: Acme\nstart: 2026-01-01\namount: ¥500"
    assert of(Project, line, under=policy('currency = "JPY"')).amount == Money(Decimal(500), "JPY")
    assert of(Project, line, under=policy('currency = "USD"')).amount == Money(Decimal(500), "CNY")


@pytest.mark.parametrize(
    ("text", "amount", "told"),
    [
        ("4.500", "4.500", ["doubtful-money"]),
        ("€ 4.500", "4.500", ["doubtful-money"]),
        ("4.50", "4.50", []),
        ("0.125", "0.125", []),
        ("1234.567", "1234.567", []),
        ("4,500.125", "4500.125", []),
    ],
)
def test_a_point_before_three_digits_is_told(text: str, amount: str, told: list[str]) -> None:
    under = policy('currency = "EUR"')
    project, found = properties(Project, f"client: Acme\nstart: 2026-01-01\namount: {text}", under=under)
    assert project.amount is not None
    assert (project.amount.amount, codes(found)) == (Decimal(amount), told)


def test_an_amount_that_is_none_is_told() -> None:
    project, told = properties(Project, "client: Acme\nstart: 2026-01-01\namount: a lot")
    assert (project.amount, codes(told)) == (None, ["bad-money"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05-20", YearlyDate(5, 20)),
        ("1988-05-20", YearlyDate(5, 20, 1988)),
        ("农历八月十五", YearlyDate(8, 15, lunar=True)),
        ("lunar 1985-08-15", YearlyDate(8, 15, 1985, lunar=True)),
        ("lunar 1987-闰06-15", YearlyDate(6, 15, 1987, lunar=True, leap=True)),
        ("lunar 2099-08-15", YearlyDate(8, 15, 2099, lunar=True)),
    ],
)
def test_birthday(text: str, day: YearlyDate) -> None:
    assert of(Client, f"生日: {text}").birthday == day
    assert of(Person, f"客户: Acme\n生日: {text}").birthday == day


def test_a_time_with_a_zone_is_brought_into_the_vault_s() -> None:
    lines = "client: Acme\ndate: 2026-11-20T23:30:00Z"
    assert of(Interaction, lines, under=policy('timezone = "Asia/Shanghai"')).day == date(2026, 11, 21)
    assert of(Interaction, lines).day == date(2026, 11, 20)


def test_topics_one_or_many_known_or_not() -> None:
    assert of(Interaction, "client: A\ndate: 2026-01-01\nabout: 关怀").about == ("care",)
    interaction, told = properties(
        Interaction, "client: A\ndate: 2026-01-01\nabout: [care, wether, insight, care]"
    )
    assert interaction.about == ("care", "insight")
    assert places(told) == ["Interactions/Acme.md:4:15 bad-choice wether"]
    assert of(Interaction, "client: A\ndate: 2026-01-01\nabout: []").about == ()


@pytest.mark.parametrize(
    ("text", "channel", "told"),
    [
        ("WeChat", "wechat", []),
        ("微信", "wechat", []),
        ("E-Mail", "email", []),
        ("fax", "fax", []),
        ("signal", "signal", []),
        ("电报", "电报", []),
        ("phonee", "phonee", ["unknown-channel"]),
        ("[[Fax]]", None, ["bad-shape"]),
    ],
)
def test_a_channel_of_one_s_own_stays_as_written(text: str, channel: str | None, told: list[str]) -> None:
    client, diagnostics = properties(Client, f"channel: {text}")
    assert (client.channel, codes(diagnostics)) == (channel, told)


def test_kinds_and_directions_in_both_languages() -> None:
    lines = "客户: A\n日期: 2026-01-01\n类型: 请求推荐\n方向: 双向\n沟通方式: 见面"
    interaction = of(Interaction, lines)
    assert (interaction.kind, interaction.direction, interaction.channel) == ("referral-ask", "both", "visit")
    assert of(Interaction, "client: A\ndate: 2026-01-01\nkind: Check In").kind == "check-in"
    other, told = properties(Interaction, "client: A\ndate: 2026-01-01\nkind: referal-ask")
    assert (other.kind, told[0].hints[0]) == ("contact", "referral-ask")


@pytest.mark.parametrize("written", ["[[Paused]]", "[[States/Lost|paused]]", "[[暂停]]"])
def test_a_choice_may_be_a_link(written: str) -> None:
    assert of(Client, f'status:\n  - "{written}"').status == "paused"


def test_a_choice_that_nothing_is_near_to_lists_all() -> None:
    _, told = properties(Client, "状态: 睡")
    assert told[0].hints == ("合作中", "暂停", "流失", "归档")


@pytest.mark.parametrize(
    ("kind", "lines", "hint"),
    [
        (Interaction, "client: a\ndate: 2026-01-01\n话题: 进展、关怀", "[进展, 关怀]"),
        (Interaction, "client: a\ndate: 2026-01-01\nabout: progress; care", "[progress, care]"),
        (Client, "mute: silent, birthday", "[silent, birthday]"),
    ],
)
def test_several_words_in_one_text(kind: type[Client] | type[Interaction], lines: str, hint: str) -> None:
    _, (told,) = properties(kind, lines)
    assert (told.code, told.hints) == ("several-in-one", (hint,))


@pytest.mark.parametrize(
    ("written", "owner", "hint"),
    [
        ('"@tess"', "tess", None),
        ("tess", "tess", None),
        ("Ward, Tess", "Ward, Tess", None),
        ("R&D", "R&D", None),
        ("王五、赵六", "王五、赵六", "王五"),
        ("tess; rafi", "tess; rafi", "tess"),
        ('"@"', None, None),
        ('"[[Tess Ward]]"', "Tess Ward", None),
    ],
)
def test_an_owner_is_one_person(written: str, owner: str | None, hint: str | None) -> None:
    client, told = properties(Client, f"owner: {written}\n")
    assert client.owner == owner
    assert [(each.code, each.hints) for each in told] == ([("several-in-one", (hint,))] if hint else [])
