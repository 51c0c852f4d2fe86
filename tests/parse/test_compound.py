"""Values that are made of several: links, muted ids, dates with titles, inline projects (specification 2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.parse.builders import codes, of, places, policy, properties
from vaultcrm.model.records import (
    Client,
    Feedback,
    ImportantDate,
    Interaction,
    Interval,
    Money,
    Mute,
    Reference,
    YearlyDate,
)

DATED = "\ndate: 2026-01-01"


def targets(references: tuple[Reference, ...]) -> list[tuple[str, str, bool]]:
    return [(each.target, each.text, each.linked) for each in references]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Acme", [("Acme", "Acme", False)]),
        ('"[[Acme]]"', [("Acme", "Acme", True)]),
        ("[[Acme]]", [("Acme", "Acme", True)]),
        ("[[Acme, Inc]]", [("Acme, Inc", "Acme, Inc", True)]),
        ("[[Acme|the Acme people]]", [("Acme", "the Acme people", True)]),
        ("[[Acme#Log]]", [("Acme", "Acme", True)]),
        ('"[[Clients/Acme|the Acme people]]"', [("Clients/Acme", "the Acme people", True)]),
        ('"[[Acme#Log]]"', [("Acme", "Acme", True)]),
        ('"[Acme](../Clients/Acme%20Foods.md)"', [("../Clients/Acme Foods.md", "Acme", True)]),
        ('["[[Acme]]", Bell]', [("Acme", "Acme", True), ("Bell", "Bell", False)]),
        ("\n  - [[Acme]]\n  - [[Bell]]", [("Acme", "Acme", True), ("Bell", "Bell", True)]),
        ("[[[Acme]], [[Bell]]]", [("Acme", "Acme", True), ("Bell", "Bell", True)]),
        ('"[[Acme]], [[Bell]]"', [("Acme", "Acme", True), ("Bell", "Bell", True)]),
        ("[Acme, Bell]", [("Acme", "Acme", False), ("Bell", "Bell", False)]),
        ("北方影业", [("北方影业", "北方影业", False)]),
    ],
)
def test_links_in_every_spelling(written: str, found: list[tuple[str, str, bool]]) -> None:
    assert targets(of(Interaction, f"clients: {written}{DATED}").clients) == found


def test_a_markdown_link_is_relative_to_its_note() -> None:
    one, other = of(Interaction, f"client: ['[A](A.md)', '[[A]]']{DATED}").clients
    assert (one.relative, other.relative) == (True, False)


def test_a_link_knows_where_it_stands() -> None:
    (link,) = of(Interaction, f"client:\n  - '[[Acme]]'{DATED}").clients
    assert (link.line, link.column) == (3, 5)


@pytest.mark.parametrize("written", ["", "[]", '""', "['']"])
def test_no_link(written: str) -> None:
    interaction, told = properties(Interaction, f"client: {written}{DATED}")
    assert interaction.clients == ()
    assert codes(told) == ["missing-client"]


def test_fields_are_no_link() -> None:
    interaction, told = properties(Interaction, f"client: {{name: Acme, tags: [a, b]}}{DATED}")
    assert interaction.clients == ()
    assert places(told) == [
        "Interactions/Acme.md:2:9 bad-link {name: Acme, tags: [a, b]}",
        "Interactions/Acme.md:2:1 missing-client",
    ]


def test_where_one_is_expected_the_first_counts() -> None:
    client, told = properties(Client, 'referred_by: ["[[Bell]]", "[[Oak]]"]')
    assert client.referred_by == Reference("Bell", "Bell", 2, 15, True)
    assert [(each.code, each.read, each.about) for each in told] == [("first-only", "Oak", "referred_by")]
    assert of(Client, "referred_by:").referred_by is None
    feedback = of(Feedback, f"client: Acme\nproject: '[[Website]]'{DATED}")
    assert feedback.project is not None
    assert feedback.project.target == "Website"


def test_contact_text_or_link() -> None:
    client = of(Client, 'contact: Jo Hall\ndecision_maker: ["[[Ann Keller]]", Bo]')
    assert targets(client.contact) == [("Jo Hall", "Jo Hall", False)]
    assert targets(client.decision_maker) == [("Ann Keller", "Ann Keller", True), ("Bo", "Bo", False)]


# mute


def muted(written: str) -> tuple[Mute, ...]:
    return of(Client, f"mute: {written}").mute


def test_mute_one_or_a_list() -> None:
    assert muted("silent") == (Mute("silent", None, 2),)
    assert muted("[silent, birthday]") == (Mute("silent", None, 2), Mute("birthday", None, 2))
    assert muted("\n  - silent\n  - Check_In 1M") == (Mute("silent", None, 3), Mute("check-in-1m", None, 4))


def test_mute_by_the_names_of_touchpoints() -> None:
    assert [each.id for each in muted("[生日, 节日问候, Ask for a referral]")] == [
        "birthday",
        "holiday",
        "referral-ask",
    ]


def test_mute_until() -> None:
    until = date(2026, 12, 31)
    assert muted("{id: silent, until: 2026-12-31}") == (Mute("silent", until, 2),)
    assert muted("\n  - id: silent\n    until: 2026-12-31\n  - news") == (
        Mute("silent", until, 3),
        Mute("news", None, 5),
    )
    assert muted("{ID: silent}") == (Mute("silent", None, 2),)


@pytest.mark.parametrize("written", ["", "[]", "['']", "{id: ''}"])
def test_nothing_is_muted(written: str) -> None:
    assert muted(written) == ()


def test_mute_that_is_none_is_told_with_the_nearest_and_the_others_count() -> None:
    client, told = properties(Client, "mute: [silence, news, {until: 2026-12-31}, [a]]")
    assert [each.id for each in client.mute] == ["news"]
    assert places(told) == [
        "Clients/Acme.md:2:8 bad-mute silence",
        "Clients/Acme.md:2:23 bad-fields {until: 2026-12-31}",
        "Clients/Acme.md:2:44 bad-fields [a]",
    ]
    assert told[0].hints[0] == "silent"


def test_a_mute_whose_end_is_wrong_holds_for_ever() -> None:
    client, told = properties(Client, "mute: {id: silent, until: soon}")
    assert (client.mute, codes(told)) == ((Mute("silent", None, 2),), ["bad-date"])


def test_a_touchpoint_of_one_s_own_can_be_muted() -> None:
    under = policy("[touchpoints.coffee]\nevery = '2 months'\nsettled_by = ['visit']")
    assert of(Client, "静音: coffee", under=under).mute == (Mute("coffee", None, 2),)
    _, told = properties(Client, "mute: coffee")
    assert codes(told) == ["bad-mute"]


# important dates


def dates(written: str) -> tuple[ImportantDate, ...]:
    return of(Client, f"important_dates: {written}").important_dates


def test_important_dates() -> None:
    assert dates("\n  - {date: 06-01, title: shop opened}\n  - date: 2019-03-04\n    title: founded") == (
        ImportantDate(YearlyDate(6, 1), "shop opened", False, 3),
        ImportantDate(YearlyDate(3, 4, 2019), "founded", False, 4),
    )
    assert dates("{date: lunar 08-15, title: moon}") == (
        ImportantDate(YearlyDate(8, 15, lunar=True), "moon", False, 2),
    )
    assert dates("{date: 2026-12-05, title: moving, once: true}") == (
        ImportantDate(YearlyDate(12, 5, 2026), "moving", True, 2),
    )
    assert dates("{日期: 06-01, 标题: 开业, 一次: 否}") == (
        ImportantDate(YearlyDate(6, 1), "开业", False, 2),
    )


@pytest.mark.parametrize("written", ["", "[]", "['']"])
def test_no_important_dates(written: str) -> None:
    assert dates(written) == ()


@pytest.mark.parametrize(
    ("written", "kept", "told"),
    [
        ("05-20", 0, ["bad-fields"]),
        ("[[05-20]]", 0, ["bad-fields"]),
        ("{title: founded}", 0, ["bad-fields"]),
        ("{date: soon, title: founded}", 0, ["bad-yearly-date"]),
        ("{date: '', title: founded}", 0, []),
        ("{date: 06-01}", 1, ["missing-title"]),
        ("{date: 06-01, title: x, once: true}", 1, ["once-without-year"]),
        ("{date: 06-01, title: x, once: perhaps}", 1, ["bad-yes-no"]),
    ],
)
def test_important_dates_that_are_wrong(written: str, kept: int, told: list[str]) -> None:
    client, diagnostics = properties(Client, f"important_dates: {written}")
    assert (len(client.important_dates), codes(diagnostics)) == (kept, told)


def test_of_two_equal_fields_of_a_date_the_first_counts() -> None:
    assert dates("{date: 06-01, title: x, 日期: 07-01}")[0].date == YearlyDate(6, 1)


# inline projects


def test_projects_in_the_client_s_note() -> None:
    client = of(
        Client,
        """
        projects:
          - {title: Website, start: 2026-02-02, delivered: 2026-06-30, amount: 12000, paid: true}
          - title: Signs
            签约日期: 2026-07-01
            计划交付: 2026-09-01
            status: 进行中
            owner: jo
          - {type: order, title: Bags, start: 2026-08-01}
        """,
    )
    website, signs, bags = client.projects
    assert (website.title, website.start, website.delivered) == (
        "Website",
        date(2026, 2, 2),
        date(2026, 6, 30),
    )
    assert (website.amount, website.paid, website.is_order) == (Money(Decimal(12000)), True, False)
    assert (signs.signed, signs.due, signs.status, signs.owner) == (
        date(2026, 7, 1),
        date(2026, 9, 1),
        "active",
        "jo",
    )
    assert bags.is_order
    assert (website.place.line, signs.place.line, signs.at("due").line) == (3, 4, 6)


def test_one_project_needs_no_list() -> None:
    (project,) = of(Client, "合作项目: {title: Website, start: 2026-02-02}").projects
    assert (project.title, project.clients) == ("Website", ())


@pytest.mark.parametrize(
    "written",
    [
        '"[[Signs]]"',
        "[[Signs]]",
        '["[[Signs]]", "[[P/Bags|bags]]"]',
        "\n  - [[Signs]]",
        '"[Signs](Signs.md)"',
    ],
)
def test_links_to_projects_are_left_to_their_own_notes(written: str) -> None:
    client, told = properties(Client, f"projects: {written}")
    assert (client.projects, told) == ((), ())


def test_projects_that_are_none() -> None:
    client, told = properties(Client, "projects: [Website, {title: Signs, start: 2026-02-02}, '', [a]]")
    assert [project.title for project in client.projects] == ["Signs"]
    assert places(told) == [
        "Clients/Acme.md:2:12 bad-fields Website",
        "Clients/Acme.md:2:60 bad-fields [a]",
    ]
    assert of(Client, "projects:").projects == ()


def test_an_undated_project_is_told_but_for_proposals_and_cancelled_ones() -> None:
    _, told = properties(
        Client, "projects: [{title: A}, {title: B, status: proposal}, {title: C, status: cancelled}]"
    )
    assert places(told) == ["Clients/Acme.md:2:12 project-undated"]


def test_a_project_s_own_client_says_nothing_there() -> None:
    (project,) = of(Client, "projects: {title: A, start: 2026-01-01, client: '[[Bell]]'}").projects
    assert project.clients == ()


def test_wrong_values_of_a_project_in_the_client_s_note_have_their_place() -> None:
    client, told = properties(
        Client, "projects:\n  - title: A\n    start: 2026-02-30\n    signed: 2026-02-02"
    )
    assert client.projects[0].order_day == date(2026, 2, 2)
    assert places(told) == ["Clients/Acme.md:4:12 bad-date 2026-02-30"]


def test_cadence_in_chinese() -> None:
    assert of(Client, "沟通频率: 每2周").cadence == Interval(days=14)
