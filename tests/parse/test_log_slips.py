"""Slips in a log: each is told, and what is meant as it stands is not."""

from __future__ import annotations

import pytest

from vaultcrm.model.note import SourceFile
from vaultcrm.parse.log_slips import lost_lines, undeclared_log
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.vocabulary import LOG_SECTIONS


def told(log: str, heading: str = "## Log") -> list[tuple[int, str, str]]:
    note = f"---\ntype: client\n---\n{heading}\n{log}\n"
    _, diagnostics = read_file(SourceFile("Clients/Acme.md", note.encode()), ReadConfig())
    return [(each.place.line, each.code, each.read) for each in diagnostics]


@pytest.mark.parametrize(
    ("item", "code", "read"),
    [
        ("phone: hi next:next friday", "mark-inside", "next:next friday"),
        ("phone: hi next: next friday", "mark-inside", "next: next friday"),
        ("phone: hi next:2026-12-04 or later", "mark-inside", "next:2026-12-04 or later"),
        ("电话：谈报价 下次：下周五 下午", "mark-inside", "下次：下周五 下午"),
        ("phone: broken #complaint severty:3", "mark-misspelt", "severty:3"),
        ("phone: hi nextt:2026-12-04", "mark-misspelt", "nextt:2026-12-04"),
        ("phone: broken #compliant", "unknown-tag", "#compliant"),
        ("phone: hi next:2026-11-20", "next-not-after", "2026-11-20"),
        ("phne: hi", "unknown-channel", "phne"),
        ("微信: 谈了续约 ＃进展 ＋1", "mark-misspelt", "＃进展 ＋1"),
        ("微信: 谈了续约 #进展 －１", "mark-misspelt", "#进展 －１"),
        ("微信: 谈了续约 ＃进展 +1", "mark-misspelt", "＃进展"),
        ("微信: 谈了续约＃进展", "mark-glued", "＃进展"),
        ("微信: 谈了续约#进展", "mark-glued", "#进展"),
        ("微信: 谈了续约#进展 +1", "mark-glued", "#进展"),
        ("phone: the launch#progress", "mark-glued", "#progress"),
        ("phone: the best talk +3", "mark-misspelt", "+3"),
        ("微信: 太好了+2", "mark-glued", "+2"),
        ("微信: 太好了！＋2", "mark-glued", "＋2"),
        ("微信: 太好了 +2。", "mark-misspelt", "+2。"),
        ("#投诉 微信：印错字", "mark-first", "#投诉"),
        ("微信: 登不上 #投诉 严重程度:4 －1", "mark-misspelt", "－1"),
        ("phone: the best talk #care ++", "mark-misspelt", "++"),
        ("phone: the worst talk \u22125", "mark-misspelt", "\u22125"),
    ],
)
def test_what_is_nearly_a_mark_is_told(item: str, code: str, read: str) -> None:
    assert told(f"- 2026-11-20 {item}") == [(5, code, read)]


@pytest.mark.parametrize(
    "item",
    [
        "phone: agreed on the price. Next: send the contract",
        "phone: rooms 2 +3 left",
        "phone: sold +500",
        "phone: a part of C++",
        "电话：改到第3-4",
        "电话：型号 A-2",
        "电话：买了 iPhone+",
        "#1 customer came back",
        "phone: launch at 18:30",
        "phone: the ratio is 3:2",
        "phone: hi #bakery",
        "carrier-pigeon: hi",
        "phone: hi next:2026-12-04 #insight +1",
        "phone: see https://example.com/a#progress",
        "phone: issue#12",
        "微信: 发了歌单 ＃流行",
        "微信: 室温 －1度",
        "电话：问下次怎么走",
    ],
)
def test_what_is_meant_as_it_stands_is_not(item: str) -> None:
    assert told(f"- 2026-11-20 {item}") == []


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("- 2026-11-18 phone: a\n-2026-11-20 phone: b", [(6, "-2026-11-20 phone:")]),
        ("2026-11-20 phone: b", [(5, "2026-11-20 phone:")]),
        ("- 2026-11-18 phone: a\n  2026年11月20日 微信：b", [(6, "2026年11月20日 微信：")]),
        ("• 2026/11/20 <mail: b", [(5, "• 2026/11/20 <mail:")]),
        ("- 2026-11-18 phone: the launch moves to\n  2026-12-01 or later", []),
        ("```\n2026-11-20 phone: b\n```", []),
        ("### 2026\n2026-11-20 phone: b", [(6, "2026-11-20 phone:")]),
        ("## Notes\n2026-11-20 phone: b", []),
        ("- 2026-11-18 phone: a", []),
        (
            "| Day | How |\n|---|---|\n| 2026-11-20 | phone |\n| 2026-11-21 | phone |",
            [(7, "| 2026-11-20 | phone |")],
        ),
        (
            "| [[2026-11-20]] | phone |\n\n|2026-11-21|x|",
            [(5, "| [[2026-11-20]] | phone |"), (7, "|2026-11-21|x|")],
        ),
        ("| Day 2026-11-20 | phone |", []),
        ("> [!note] Calls\n> 2026-11-20 phone: b", [(6, "> 2026-11-20 phone:")]),
        ("> - 2026-11-20 phone: b", [(5, "> - 2026-11-20 phone:")]),
        ("### 2026-11-20 Call\nWe spoke.", [(5, "### 2026-11-20 Call")]),
        ("### [[2026-11-20]]\nWe spoke.\n### 2026-11-21", [(5, "### [[2026-11-20]]"), (7, "### 2026-11-21")]),
        ("### 2026-11-20\n- 2026-11-20 phone: b\n### Older", []),
        ("### 2026-11-20\n- phone: b", []),  # which is told of itself
        ("## 2026-11-20\nWe spoke.", []),
    ],
)
def test_lines_that_are_no_items(log: str, expected: list[tuple[int, str]]) -> None:
    found = list(lost_lines(f"## Log\n{log}\n", 4, LOG_SECTIONS))
    assert [(line, text.rstrip(" b")) for line, text in found] == expected


@pytest.mark.parametrize("heading", ["## Log:", "##Log", "## 📞 Log", "**Log**", "## Logs", ""])
def test_a_log_without_its_heading(heading: str) -> None:
    assert told("\n- 2026-11-20 phone: hi", heading) == [(6, "log-undeclared", "- 2026-11-20 phone: hi")]


@pytest.mark.parametrize(
    "heading",
    [
        "## Interactions",
        "## 📞 Call log",
        "**Meetings:**",
        "## Meetings\n### 2026",
        "## Contact logs\n**Ann**",
        "## Contact history",
        "## 跟进记录",
        "## 拜访记录：",
    ],
)
@pytest.mark.parametrize(
    "item",
    [
        "- 2026-11-20 went on",
        "| 2026-11-20 | went on |",
        "- [2026-11-20]: went on",
        "- **2026-11-20** x",
        "- [[2026-11-20]] x",
    ],
)
def test_a_log_that_is_called_otherwise(heading: str, item: str) -> None:
    assert told(item, heading) == [(5 + heading.count("\n"), "log-undeclared", item)]


@pytest.mark.parametrize(
    "heading",
    [
        "## Catalogs",
        "## History",
        "**Call** her\n",
        "## Meetings\n## Plan",
        "### Calls\n## Plan",
        "#calls",
        "## 跟进计划",
        "```\n## Calls\n```\n",
    ],
)
def test_dated_items_below_other_headings_are_none(heading: str) -> None:
    assert told("- 2026-11-20 went on", heading) == []


def test_a_list_of_notes_is_no_log() -> None:
    assert told("- [[2026-11-20 Kick-off]]\n- [[2026-11-20]]", "## Meetings") == []


@pytest.mark.parametrize(
    ("kind", "code"), [("person", ["log-elsewhere"]), ("project", ["log-elsewhere"]), ("note", [])]
)
def test_a_log_is_read_in_a_client_s_note(kind: str, code: list[str]) -> None:
    more = "start: 2026-11-02\n" if kind == "project" else ""
    note = f"---\ntype: {kind}\nclient: Acme\n{more}---\n## Log\n- 2026-11-20 phone: hi\n"
    _, diagnostics = read_file(SourceFile("People/Ann.md", note.encode()), ReadConfig())
    assert [each.code for each in diagnostics] == code


def test_dated_items_of_another_kind_are_none() -> None:
    assert undeclared_log("- 2026-11-20 revenue: 900\n- 2026-11-20 came back\n", 4) is None
    assert undeclared_log("```\n- 2026-11-20 phone: hi\n```\n", 4) is None
    assert told("- 2026-11-20 phone: hi\n\n## Old\n\n- 2020-01-01 phone: hi") == []


def test_a_colon_behind_the_date() -> None:
    reading, diagnostics = read_file(
        SourceFile("Clients/A.md", b"---\ntype: client\n---\n## Log\n- 2026-11-20: phone: hi\n"), ReadConfig()
    )
    assert diagnostics == ()
    assert [(each.channel, each.summary) for each in reading.interactions] == [("phone", "hi")]
