"""Words as people spell them (specification 2, More Chinese names)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vaultcrm.parse.vocabulary import (
    CHANNELS,
    CLIENT_STATUS,
    DIRECTIONS,
    KINDS,
    KINDS_OF_NOTE,
    PROJECT_STATUS,
    SENTIMENTS,
    STAGES,
    TOPICS,
    YES_NO,
    fold,
    near_channel,
    nearest,
    often_meant,
    one_slip_from,
    spellings,
)

ALL = (
    CHANNELS,
    CLIENT_STATUS,
    DIRECTIONS,
    KINDS,
    KINDS_OF_NOTE,
    PROJECT_STATUS,
    SENTIMENTS,
    STAGES,
    TOPICS,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Next-Contact", "next_contact"),
        ("next contact", "next_contact"),
        (" NEXT_CONTACT ", "next_contact"),
        ("next\u00a0contact", "next_contact"),
        ("公司\u3000名称", "公司_名称"),
        ("Cafe\u0301", "café"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (CLIENT_STATUS, {"合作中": "active", "暂停": "paused", "流失": "lost", "归档": "archived"}),
        (
            PROJECT_STATUS,
            {"提案": "proposal", "进行中": "active", "已交付": "delivered", "已取消": "cancelled"},
        ),
        (STAGES, {"潜在": "prospect", "新客户": "new", "成长客户": "growing", "核心客户": "core"}),
        (
            CHANNELS,
            {
                "微信": "wechat",
                "邮件": "email",
                "电话": "phone",
                "会议": "meeting",
                "见面": "visit",
                "视频": "video",
                "短信": "message",
            },
        ),
        (
            KINDS,
            {
                "联系": "contact",
                "会议": "meeting",
                "业务回顾": "review",
                "拜访": "visit",
                "回访": "check-in",
                "调研": "survey",
                "问候": "greeting",
                "礼物": "gift",
                "资讯": "newsletter",
                "简报": "brief",
                "请求推荐": "referral-ask",
                "感谢推荐": "referral-thanks",
                "推荐进展": "referral-report",
                "投诉": "complaint",
                "支持": "support",
                "提案": "proposal",
                "内部": "internal",
            },
        ),
        (
            TOPICS,
            {
                "进展": "progress",
                "资讯": "insight",
                "资源": "resource",
                "关怀": "care",
                "个人": "personal",
                "商机": "opportunity",
            },
        ),
        (DIRECTIONS, {"发出": "out", "收到": "in", "双向": "both"}),
        (SENTIMENTS, {"积极": "positive", "中性": "neutral", "消极": "negative"}),
        (YES_NO, {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}),
        (
            KINDS_OF_NOTE,
            {
                "客户": "client",
                "联系人": "person",
                "项目": "project",
                "订单": "order",
                "沟通记录": "interaction",
                "反馈": "feedback",
            },
        ),
    ],
)
def test_chinese_words(table: Mapping[str, object], words: Mapping[str, object]) -> None:
    assert {word: table[fold(word)] for word in words} == words


@pytest.mark.parametrize("table", ALL)
def test_every_word_is_its_own_spelling(table: Mapping[str, str]) -> None:
    assert all(table[fold(word)] == word for word in table.values())


@pytest.mark.parametrize("table", ALL)
def test_hints_are_in_the_language_that_was_written(table: Mapping[str, str]) -> None:
    words = dict.fromkeys(table.values())
    assert spellings(table, "typed") == tuple(words)
    assert spellings(table, "🟢 “typed” größer") == tuple(words)
    chinese = spellings(table, "写的")
    assert [table[fold(word)] for word in chinese] == list(words)
    assert not any(word.isascii() for word in chinese)


def test_nearest_is_folded_and_best_first() -> None:
    assert nearest("Next-contcat", ["next_contact", "contact", "name"]) == ("next_contact", "contact")
    assert nearest("ac", ["Acme Foods", "Zebra"]) == ("Acme Foods",)
    assert nearest("", ["Acme"]) == ()
    assert nearest("xyz", ["Acme"]) == ()
    assert len(nearest("acme", ["acme1", "acme2", "acme3", "acme4"], 2)) == 2
    assert nearest("acme", ["acme1", "acme2"]) == nearest("acme", ["acme2", "acme1"])


@pytest.mark.parametrize("word", ["ownr", "owwner", "onwer", "oqner", "ownerr", "wner"])
def test_one_slip_of_the_hand(word: str) -> None:
    assert one_slip_from(word, ("stage", "owner")) == "owner"


@pytest.mark.parametrize("word", ["owner", "own", "ow", "", "enwor", "owneress", "rewon", "x" * 1000])
def test_more_or_less_than_one_slip(word: str) -> None:
    assert one_slip_from(word, ("owner",)) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("emial", ("email",)),
        ("Phne", ("phone",)),
        ("wechat group", ()),
        ("event", ()),
        ("微博", ()),
        ("", ()),
    ],
)
def test_near_channel(text: str, near: tuple[str, ...]) -> None:
    assert near_channel(text) == near


@pytest.mark.parametrize(
    ("word", "table", "meant"),
    [
        ("On Hold", CLIENT_STATUS, "paused"),
        ("inactive", CLIENT_STATUS, "paused"),
        ("closed", CLIENT_STATUS, "lost"),
        ("暂停合作", CLIENT_STATUS, "暂停"),
        ("closed", PROJECT_STATUS, "delivered"),
        ("done", PROJECT_STATUS, "delivered"),
        ("已完成", PROJECT_STATUS, "已交付"),
        ("洽谈中", PROJECT_STATUS, "提案"),
        ("lost", PROJECT_STATUS, "cancelled"),
        ("prospect", CLIENT_STATUS, "active"),
        ("意向", CLIENT_STATUS, "合作中"),
    ],
)
def test_what_other_words_for_a_status_often_mean(word: str, table: Mapping[str, str], meant: str) -> None:
    assert often_meant(word, spellings(table, word)) == (meant,)


def test_a_word_that_means_nothing_known_is_taken_for_none() -> None:
    assert often_meant("recipe", spellings(CLIENT_STATUS, "recipe")) == ()
