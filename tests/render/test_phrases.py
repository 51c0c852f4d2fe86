"""What stops a command is said in the reader's language; what people wrote is left alone."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.cli.speech import book
from vaultcrm.render.phrases import Phrasebook, phrasebook

SMALL = phrasebook(
    "zh",
    """
[frame]
"error: {message}" = "错误：{message}"
[files]
"{path} cannot be read: {why}" = "{path} 读不了：{why}"
"permission denied" = "没有权限"
"no client is called {name}" = "没有叫 {name} 的客户"
"line {line} of {path}" = "{path} 第 {line} 行"
""",
    tomllib.loads,
)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("permission denied", "没有权限"),
        ("a.md cannot be read: permission denied", "a.md 读不了：没有权限"),
        ("error: a.md cannot be read: permission denied", "错误：a.md 读不了：没有权限"),
        ("no client is called 'Acme'", "没有叫 “Acme” 的客户"),
        ('no client is called "Ann\'s"', "没有叫 “Ann's” 的客户"),
        ("line 12 of a.md", "a.md 第 12 行"),
        ("line x of a.md", "line x of a.md"),
        ("error: never heard of", "错误：never heard of"),
        ("permission denied\nno client is called 'B'", "没有权限\n没有叫 “B” 的客户"),
        ("没有权限", "没有权限"),
        ("", ""),
    ],
)
def test_what_is_in_the_book_is_said_and_the_rest_stays(english: str, chinese: str) -> None:
    assert SMALL.say(english) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("one of: 联系, 会议, 拜访", "可以写：联系、会议、拜访"),
        ("'x' is not one of 'json', 'csv'", "“x” 不在可选之列：“json”、“csv”"),
        ("one of: 联系", "可以写：联系"),
    ],
)
def test_lists_have_the_commas_of_the_language(english: str, chinese: str) -> None:
    assert book("zh").say(english) == chinese


def test_a_key_is_not_taken_for_a_word_of_ours() -> None:
    said = book("zh").say("vaultcrm.toml:1: policy: unknown key; the nearest: timezone")
    assert said == "vaultcrm.toml:1: policy: 没有这个键，最接近的：timezone"


def test_what_people_wrote_is_no_phrase() -> None:
    assert SMALL.say("no client is called 'permission denied'") == "没有叫 “permission denied” 的客户"


def test_no_phrase_is_taken_for_another() -> None:
    values = {"key": "a.b", "line": "7", "number": "3"}

    def filled(template: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda slot: values.get(slot[1], "QQ"), template)

    known = book("zh")
    taken = {each: known.say(filled(each)) for each in known.texts}
    assert taken == {each: filled(text) for each, text in known.texts.items()}


def test_knows() -> None:
    assert SMALL.knows("permission denied")
    assert SMALL.knows("no client is called 'x'")
    assert not SMALL.knows("something else")


def test_an_empty_book_changes_nothing() -> None:
    assert Phrasebook("en", {}).say("no client is called 'x'") == "no client is called 'x'"
    assert book("en").say("permission denied") == "permission denied"


@given(st.text())
def test_any_text_is_said(text: str) -> None:
    assert isinstance(book("zh").say(f"no client is called {text!r}"), str)
    assert isinstance(book("zh").say(text), str)


def test_every_phrase_says_all_that_its_template_holds() -> None:
    for english, chinese in book("zh").texts.items():
        assert slots(chinese) == slots(english) or "{words}" in english, english
        is_said = any("\u4e00" <= character <= "\u9fff" for character in chinese)
        assert is_said or "{" in chinese or english == ", ", english


def slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
