"""Which properties each kind has, under which names (specification 2, the tables)."""

from __future__ import annotations

import string
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from tests.parse.builders import codes, of, places, policy, properties, read
from vaultcrm.model.policy import NoteMapping
from vaultcrm.model.records import (
    Client,
    Feedback,
    Interaction,
    Interval,
    Money,
    Person,
    Project,
    YearlyDate,
)
from vaultcrm.parse import schema
from vaultcrm.parse.frontmatter import read_block
from vaultcrm.parse.readers import Context, ReadConfig
from vaultcrm.parse.schema import PROPERTIES, SCORES, meant_property, read_properties, row_of
from vaultcrm.parse.vocabulary import fold

RECORDS: dict[str, type] = {
    "client": Client,
    "person": Person,
    "project": Project,
    "interaction": Interaction,
    "feedback": Feedback,
}

CHINESE_CLIENT = """
    名称: 青禾食品
    别名: [青禾, 青禾集团]
    编号: c-7f3a
    状态: 流失
    流失日期: 2026-10-01
    流失原因: 换了供应商
    负责人: 林
    联系人: 周青
    职位: 市场总监
    关键决策人: 周青
    电话: 555 0101
    邮箱: q@example.com
    微信: zhouqing
    沟通偏好: 微信
    行业: 食品
    公司规模: 50 人
    主要产品: 果干
    目标用户: 年轻人
    维护目标: 续签
    首次合作时间: 2024年5月1日
    合作项目: {标题: 官网, 开始日期: 2024-05-01, 交付日期: 2024-08-01, 金额: 3.5万}
    生日: 农历八月十五
    兴趣爱好: 登山
    家庭情况: 两个孩子
    职业目标: 开分公司
    重要日期: {日期: 06-01, 标题: 店庆}
    沟通频率: 每2周
    下次联系: 2026-12-01
    暂缓至: 2026-12-10
    勿扰: 否
    阶段: 成长客户
    客户等级: A
    等级理由: 老朋友
    增长潜力: 7
    稳定性: 8
    风险: 9
    价值: 6
    合作潜力: 5
    战略匹配: 4
    关系紧密: 3
    信任: 2
    愿意推荐: 是
    推荐人: "[[李雷]]"
    推荐日期: 2024-04-01
    合同开始: [2024-05-01, 2025-05-01]
    合同到期: [2025-04-30, 2027-04-30]
    资料更新: 2026-11-02
    静音: silent
    备注: 重要
    """


def test_every_property_of_a_client_in_chinese() -> None:
    client = of(Client, CHINESE_CLIENT)
    assert (client.name, client.aliases, client.id) == ("青禾食品", ("青禾", "青禾集团"), "c-7f3a")
    assert (client.status, client.lost_on, client.lost_reason) == ("lost", date(2026, 10, 1), "换了供应商")
    assert (client.owner, client.position, client.channel) == ("林", "市场总监", "wechat")
    assert (client.contact[0].text, client.decision_maker[0].text) == ("周青", "周青")
    assert (client.phone, client.email, client.wechat) == (("555 0101",), ("q@example.com",), ("zhouqing",))
    assert (client.industry, client.size, client.products) == ("食品", "50 人", "果干")
    assert (client.target_users, client.goal, client.since) == ("年轻人", "续签", date(2024, 5, 1))
    assert (client.projects[0].title, client.projects[0].amount) == ("官网", Money(Decimal(35000)))
    assert client.birthday == YearlyDate(8, 15, lunar=True)
    assert (client.interests, client.family, client.career_goals) == ("登山", "两个孩子", "开分公司")
    assert client.important_dates[0].title == "店庆"
    assert (client.cadence, client.next_contact) == (Interval(days=14), date(2026, 12, 1))
    assert (client.snooze_until, client.do_not_contact) == (date(2026, 12, 10), False)
    assert (client.stage, client.tier, client.tier_reason) == ("growing", "A", "老朋友")
    expected = dict(zip(SCORES, (7, 8, 9, 6, 5, 4, 3, 2), strict=True))
    assert {name: int(score) for name, score in client.scores.items()} == expected
    assert (client.refers, client.referred_by and client.referred_by.target) == (True, "李雷")
    assert client.referred_on == date(2024, 4, 1)
    assert client.contracts == (
        (date(2024, 5, 1), date(2025, 4, 30)),
        (date(2025, 5, 1), date(2027, 4, 30)),
    )
    assert (client.reviewed, client.mute[0].id, client.remarks) == (date(2026, 11, 2), "silent", "重要")


def test_a_client_without_properties_has_its_file_s_name() -> None:
    reading, told = read("", "Clients/Acme.md")
    assert isinstance(reading.record, Client)
    assert (reading.record.name, reading.record.status, told) == ("Acme", "active", ())


def test_every_property_of_a_person() -> None:
    lines = """
        客户: "[[青禾食品]]"
        职位: 总监
        关键决策人: 是
        电话: [1, 2]
        邮箱: a@example.com
        微信: abc
        生日: 1988-05-20
        兴趣爱好: 茶
        沟通偏好: 电话
        离职日期: 2026-10-01
        别名: 小周
        编号: p-1
        名称: 周青
        """
    person = of(Person, lines)
    assert person.client is not None
    assert (person.client.target, person.position, person.decision_maker) == ("青禾食品", "总监", True)
    assert (person.phone, person.email, person.wechat) == (("1", "2"), ("a@example.com",), ("abc",))
    assert (person.birthday, person.interests, person.channel) == (YearlyDate(5, 20, 1988), "茶", "phone")
    assert (person.left, person.aliases, person.id, person.name) == (
        date(2026, 10, 1),
        ("小周",),
        "p-1",
        "周青",
    )
    assert of(Person, "client: Acme", "People/Ann Keller.md").name == "Ann Keller"


def test_every_property_of_a_project() -> None:
    project = of(
        Project,
        """
        客户: 青禾食品
        标题: 官网
        开始日期: 2024-05-01
        计划交付: 2024-07-01
        交付日期: 2024-08-01
        金额: 3.5万
        签约日期: 2024-04-20
        状态: 已交付
        付款期限: 2024-09-01
        已付款: 2024-08-20
        责任人: 林
        """,
    )
    assert (project.clients[0].target, project.title, project.status) == ("青禾食品", "官网", "delivered")
    assert (project.start, project.due, project.delivered) == (
        date(2024, 5, 1),
        date(2024, 7, 1),
        date(2024, 8, 1),
    )
    assert (project.amount, project.signed) == (Money(Decimal(35000)), date(2024, 4, 20))
    assert (project.invoice_due, project.paid, project.owner) == (date(2024, 9, 1), date(2024, 8, 20), "林")
    assert (project.order_day, project.order_place.line) == (date(2024, 4, 20), 8)
    assert of(Project, "client: Acme\nstart: 2026-01-01", "Projects/Signs.md").title == "Signs"


@pytest.mark.parametrize(
    ("lines", "day", "line"),
    [
        ("signed: 2026-01-05\nstart: 2026-01-07", date(2026, 1, 5), 3),
        ("signed: 2026-01-07\nstart: 2026-01-05", date(2026, 1, 5), 4),
        ("signed: 2026-01-07", date(2026, 1, 7), 3),
        ("start: 2026-01-07\ndelivered: 2026-01-09", date(2026, 1, 7), 3),
        ("due: 2026-01-01\ndelivered: 2026-01-09", date(2026, 1, 9), 4),
    ],
)
def test_order_day(lines: str, day: date, line: int) -> None:
    project = of(Project, f"client: Acme\n{lines}")
    assert (project.order_day, project.order_place.line) == (day, line)


def test_a_project_without_order_day_has_its_own_place() -> None:
    project, told = properties(Project, "client: Acme\ndue: 2026-01-01")
    assert (project.order_day, project.order_place, codes(told)) == (
        None,
        project.place,
        ["project-undated"],
    )


def test_every_property_of_an_interaction() -> None:
    interaction = of(
        Interaction,
        """
        客户: 青禾食品
        日期: 2026/11/20
        沟通方式: 会议
        类型: 业务回顾
        话题: [进展, 商机]
        方向: 收到
        态度: 积极
        参与人: ["[[周青]]", 王]
        摘要: 谈预算
        客户反馈: 满意
        责任人: 林
        下次沟通: 2026-12-04
        严重程度: 3
        解决日期: 2026-11-25
        """,
    )
    assert (interaction.day, interaction.channel, interaction.kind) == (
        date(2026, 11, 20),
        "meeting",
        "review",
    )
    assert (interaction.about, interaction.direction, interaction.sentiment) == (
        ("progress", "opportunity"),
        "in",
        1,
    )
    assert [each.text for each in interaction.participants] == ["周青", "王"]
    assert (interaction.summary, interaction.response, interaction.owner) == ("谈预算", "满意", "林")
    assert (interaction.next, interaction.severity, interaction.resolved) == (
        date(2026, 12, 4),
        3,
        date(2026, 11, 25),
    )


def test_every_property_of_feedback() -> None:
    feedback = of(
        Feedback,
        """
        客户: 青禾食品
        项目: 官网
        日期: 2026-11-20
        成果满意度: 9
        沟通效率: 8.5
        专业能力: 10
        推荐意愿: 0
        最满意: 设计
        可改进: 速度
        comments: 谢谢
        """,
    )
    assert (feedback.result, feedback.communication, feedback.professionalism) == (9, Decimal("8.5"), 10)
    assert (feedback.recommend, feedback.best, feedback.improve, feedback.comments) == (
        0,
        "设计",
        "速度",
        "谢谢",
    )
    assert feedback.project is not None
    assert feedback.project.target == "官网"


@pytest.mark.parametrize("name", ["next_contact", "Next-Contact", "NEXT CONTACT", "next contact", "下次联系"])
def test_names_are_without_regard_to_case_dash_underscore_and_space(name: str) -> None:
    assert of(Client, f"{name}: 2026-12-01").next_contact == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "lines", "field", "value"),
    [
        (Client, "标题: x", "name", "Acme"),
        (Person, "客户: Acme\n沟通方式: 微信", "channel", "wechat"),
        (Client, "沟通方式: 微信", "channel", "wechat"),
        (Client, "责任人: 林", "owner", "林"),
        (Project, "客户: A\n开始日期: 2026-01-01\n负责人: 林", "owner", "林"),
        (Interaction, "客户: A\n日期: 2026-01-01\n负责人: 林", "owner", "林"),
        (Client, "等级: A", "tier", "A"),
        (Client, "公司名称: 青禾", "name", "青禾"),
        (Client, "客户名称: 青禾", "name", "青禾"),
    ],
)
def test_a_chinese_name_holds_in_every_kind_that_has_the_property(
    kind: type, lines: str, field: str, value: str
) -> None:
    assert getattr(of(kind, lines), field) == value


def test_of_two_equal_properties_the_first_counts_in_any_spelling() -> None:
    client, told = properties(Client, "phone: 1\nowner: a\n电话: 2\nPHONE: 3\nowner: b")
    assert (client.phone, client.owner) == (("1",), "a")
    assert places(told) == [
        "Clients/Acme.md:4:1 duplicate-property 电话",
        "Clients/Acme.md:5:1 duplicate-property PHONE",
        "Clients/Acme.md:6:1 duplicate-property owner",
    ]
    assert [each.hints for each in told] == [("2",), ("2",), ("3",)]


def test_the_first_counts_even_where_it_cannot_be_read() -> None:
    client, told = properties(Client, "since: soon\n首次合作时间: 2026-01-01")
    assert client.since is None
    assert codes(told) == ["bad-date", "duplicate-property"]


def test_client_and_clients_are_one_property() -> None:
    interaction, told = properties(Interaction, "client: A\nclients: [B]\ndate: 2026-01-01")
    assert [each.text for each in interaction.clients] == ["A"]
    assert codes(told) == ["duplicate-property"]


def test_unknown_properties_are_passed_over_in_silence() -> None:
    long = "a" * 300
    assert of(Client, f"cssclasses: [wide]\nmood: 1\n{long}: 2").name == "Acme"


def test_a_vault_s_own_names_for_properties() -> None:
    under = policy('[mapping.properties]\n"Last Contact" = "since"\nKunde = "client"')
    assert of(Client, "last-contact: 2026-01-05", under=under).since == date(2026, 1, 5)
    interaction = of(Interaction, "kunde: Acme\ndate: 2026-01-01", under=under)
    assert interaction.clients[0].text == "Acme"


def test_scores_of_one_s_own_tier_scheme() -> None:
    config = """
        [tiers]
        scheme = "scorecard"
        names = ["gold", "silver"]
        from = {gold = 10}
        [[tiers.dimensions]]
        name = "Warm heart"
        source = "fixed"
        """
    client = of(Client, "warm-heart: 7\ntrust: 3", under=policy(config))
    assert client.scores == {"trust": 3, "warm_heart": 7}
    _, told = properties(Client, "warm_heart: 70", under=policy(config))
    assert places(told) == ["Clients/Acme.md:2:13 bad-score 70"]
    assert of(Person, "client: A\nwarm_heart: 70", under=policy(config)).name == "Acme"
    assert of(Client, "warm_heart: 70").scores == {}


# The table itself


def test_no_name_means_two_properties_of_one_kind() -> None:
    for kind in RECORDS:
        names = Counter(fold(name) for row in PROPERTIES if kind in row.kinds for name in row.names)
        assert [name for name, count in names.items() if count > 1] == []


def test_every_row_fills_a_field_of_its_records() -> None:
    apart = {"contract_start", "contract_end", *SCORES}
    for row in PROPERTIES:
        for kind in row.kinds:
            fields = RECORDS[kind].__dataclass_fields__
            assert row.field in fields or row.field in apart, row


def test_every_row_says_what_it_is_for() -> None:
    for row in PROPERTIES:
        assert row.help, row
        assert row.value, row
        assert row.names[0].isascii(), row
        assert set(row.names[0]) <= {*string.ascii_lowercase, "_"}, row


def test_scores_are_those_of_the_table() -> None:
    shown = [row.field for row in PROPERTIES if row.value == "score 1–10" and row.kinds == ("client",)]
    assert tuple(shown) == SCORES


def test_a_name_that_is_too_long_is_none_of_ours() -> None:
    assert row_of("client", "name" * 20, NoteMapping()) is None


@pytest.mark.parametrize(
    ("kind", "name", "meant"),
    [
        ("client", "ownr", "owner"),
        ("client", "Next Contcat", "next_contact"),
        ("client", "nextcontact", "next_contact"),
        ("client", "next", "next_contact"),
        ("client", "下次沟通", "下次联系"),
        ("client", "下次跟进", "下次联系"),
        ("client", "联系电话", "电话"),
        ("person", "手机号", "电话"),
        ("project", "手机号", None),
        ("client", "客户级别", "等级"),
        ("project", "费用", "金额"),
        ("client", "费用", None),
        ("person", "Date of birth", "birthday"),
        ("interaction", "next-contact", "next"),
        ("interaction", "下次联系", "下次沟通"),
        ("interaction", "sumary", "summary"),
        ("client", "contract", None),
        ("client", "contacts", None),
        ("client", "state", None),
        ("client", "site", None),
        ("client", "phone2", None),
        ("client", "email_2", None),
        ("client", "e-mail", "email"),
        ("client", "下次见面", None),
        ("client", "Last-Contacted", "last_contact"),
        ("client", "follow up", "next_contact"),
        ("client", "frequency", "cadence"),
        ("client", "renewal date", "contract_end"),
        ("client", "role", None),
        ("client", "last", None),
        ("project", "deadline", "due"),
        ("project", "budget", "amount"),
        ("project", "end date", None),
        ("interaction", "follow-up", "next"),
        ("interaction", "参会人", "参与人"),
        ("project", "cadance", None),
        ("client", "cadance", "cadence"),
    ],
)
def test_a_property_that_was_meant(kind: str, name: str, meant: str | None) -> None:
    assert meant_property(kind, name) == meant


def test_what_is_called_elsewhere_leads_to_a_property_of_ours() -> None:
    for (kind, name), meant in schema._CALLED_ELSEWHERE.items():
        assert row_of(kind, name, NoteMapping()) is None
        assert row_of(kind, meant, NoteMapping()) is not None
        assert meant.isascii() is name.isascii(), "in the language of the note"


@pytest.mark.parametrize(
    ("lines", "mapping", "expected"),
    [
        ("mobile: 2", {}, ["unknown-property"]),
        ("phone: 1\nmobile: 2", {}, []),
        ("mobile:", {}, []),
        ("mobile: null", {}, []),
        ("mobile: 2", {"mobile": ""}, []),
        ("mobile: 2", {"mobile": "phone"}, []),
    ],
)
def test_a_property_of_ones_own_is_told_only_where_it_costs_something(
    lines: str, mapping: dict[str, str], expected: list[str]
) -> None:
    context = Context("Clients/A.md", ReadConfig(mapping=NoteMapping(properties=mapping)))
    read_properties("client", tuple(read_block("", lines + "\n")[0]), context)
    assert codes(tuple(context.told)) == expected


@pytest.mark.parametrize(
    ("kind", "line", "mapping", "expected"),
    [
        ("person", "next_contact: 2026-12-01", {}, ["property-elsewhere"]),
        ("person", "last-contact: 2026-10-01", {}, ["property-elsewhere"]),
        ("person", "勿扰: 是", {}, ["property-elsewhere"]),
        ("person", "next-followup: 2026-12-01", {}, ["property-elsewhere"]),
        ("person", "下次跟进: 2026-12-01", {}, ["property-elsewhere"]),
        ("person", "mine: 2026-12-01", {"mine": "next_contact"}, ["property-elsewhere"]),
        ("person", "next_contact: 2026-12-01", {"next_contact": ""}, []),
        ("project", "contract_end: 2026-12-01", {}, ["property-elsewhere"]),
        ("person", "next_contact:", {}, []),
        ("person", "tier: A", {}, []),
        ("person", "goal: rest", {}, []),
        ("client", "next_contact: 2026-12-01", {}, []),
        ("interaction", "cadence: 2w", {}, []),
        ("feedback", "cadence: 2w", {}, []),
    ],
)
def test_what_steers_a_client_is_told_where_nobody_reads_it(
    kind: str, line: str, mapping: dict[str, str], expected: list[str]
) -> None:
    context = Context("People/A.md", ReadConfig(mapping=NoteMapping(properties=mapping)))
    read_properties(kind, tuple(read_block("", line + "\n")[0]), context)
    assert codes(tuple(context.told)) == expected


def test_no_property_of_ours_is_taken_for_a_misspelt_one() -> None:
    ours = {fold(name) for row in PROPERTIES for name in row.names}
    called = {(kind, fold(name)) for row in PROPERTIES for kind in row.kinds for name in row.names}
    slips = {
        (kind, name)
        for kind in RECORDS
        for name in ours - {n for k, n in called if k == kind}
        if meant_property(kind, name)
    }
    assert slips == {
        ("client", "next"),
        ("client", "下次沟通"),
        ("interaction", "next_contact"),
        ("interaction", "下次联系"),
        *((kind, "客户名称") for kind in ("project", "interaction", "feedback")),
    }


def test_a_misspelt_property_beside_the_right_one_is_a_property_of_their_own() -> None:
    assert of(Client, "ownr: ann\nowner: mira").owner == "mira"
