from __future__ import annotations

import re
import string
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.policies import preset
from tests.render.builders import words
from vaultcrm.model.diagnostics import CODES, Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.parse.vocabulary import CHANNELS, KINDS
from vaultcrm.render.dashboard import SECTION_NAMES
from vaultcrm.render.labels import Labels, labels
from vaultcrm.rules.days import FESTIVALS
from vaultcrm.rules.health import HEALTH_PARTS
from vaultcrm.rules.measures import MEASURES
from vaultcrm.rules.silence import SILENCES
from vaultcrm.rules.touchpoints import TOUCHPOINTS
from vaultcrm.rules.warnings import WARNINGS

ONLY_TRANSLATED = ("diagnostic.", "named.", "said.", "syntax.")
"""English has these in the code."""

PRESETS = ("studio", "enterprise", "sales", "retention")


def common(language: str) -> set[str]:
    return {key for key in words(language).texts if not key.startswith(ONLY_TRANSLATED)}


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text.replace("|", "!")) if name}


def own(**texts: str) -> Labels:
    return Labels("en", {**words().texts, **texts})


def test_both_languages_have_the_same_keys() -> None:
    assert common("en") == common("zh")


SAME_IN_BOTH = re.compile(r"tier\.[A-Z]|metric\.nps|doctor\.name\.git|doctor\..*-do")
"""Names that nobody translates, and commands to be typed."""

CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def test_chinese_texts_are_chinese() -> None:
    for key, text in words("zh").texts.items():
        rest = re.sub(r"\{[^{}]*\}", "", text)
        if re.search(r"[A-Za-z]", rest) and not SAME_IN_BOTH.fullmatch(key):
            assert CHINESE.search(text), f"{key}: {text}"


def test_english_texts_are_english() -> None:
    for key, text in words("en").texts.items():
        assert not CHINESE.search(text), f"{key}: {text}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_brackets_are_paired_and_not_nested(language: str) -> None:
    for key, text in words(language).texts.items():
        if not key.startswith(ONLY_TRANSLATED):
            pieces = text.replace("[", "\0[").replace("]", "]\0").split("\0")
            assert all(("[" in piece) == ("]" in piece) for piece in pieces), key


def test_every_diagnostic_is_translated() -> None:
    texts = words("zh").texts
    assert {key for key in texts if key.startswith("diagnostic.")} == {
        f"diagnostic.{code}.{part}" for code in CODES for part in ("template", "remedy")
    }
    for code in CODES.values():
        for part, english in (("template", code.template), ("remedy", code.remedy)):
            assert slots(texts[f"diagnostic.{code.code}.{part}"]) <= {"read", "about", "hints", "first"}
            assert slots(english) >= slots(texts[f"diagnostic.{code.code}.{part}"]), code.code


def test_whatever_rules_can_give_has_its_texts() -> None:
    wanted = [
        f"warning.{row.id}.{part}" for row in (*WARNINGS, *SILENCES) for part in ("name", "message", "step")
    ]
    wanted += [f"touchpoint.{row.id}.{part}" for row in TOUCHPOINTS for part in ("title", "say")]
    wanted += [f"metric.{row.name}" for row in MEASURES]
    wanted += [f"part.{row.name}" for row in HEALTH_PARTS]
    wanted += [f"festival.{name}" for name in FESTIVALS]
    wanted += [f"section.{name}" for name in SECTION_NAMES]
    wanted += [f"kind.{kind}" for kind in set(KINDS.values())]
    wanted += [f"channel.{channel}" for channel in set(CHANNELS.values())]
    wanted += [f"tier.{tier}" for name in PRESETS for tier in preset(name).tiers.names]
    missing = [key for key in wanted if not words().has(key)]
    assert not missing


def test_a_number_takes_its_noun() -> None:
    texts = own(x="{days|day|days} ago")
    assert texts.get("x", days=1) == "1 day ago"
    assert texts.get("x", days=0) == "0 days ago"
    assert texts.get("x", days=Fraction(3, 2)) == "1.5 days ago"


def test_an_optional_part_goes_with_its_value() -> None:
    texts = own(x="late[ by {days|day|days}][: {subject}]")
    assert texts.get("x", days=2, subject="Logo") == "late by 2 days: Logo"
    assert texts.get("x", days=None) == "late"


def test_a_value_that_must_be_there_is_missed() -> None:
    with pytest.raises(KeyError):
        own(x="{days} days").get("x")


def test_a_users_text_is_no_template() -> None:
    texts = own(x="[about ]{subject}", y="about[ {subject}]")
    assert texts.get("y", subject="{days} [b] {0.__class__}") == "about {days} [b] {0.__class__}"
    assert texts.get("x", subject="[]") == "about []"


def test_values_are_shown_by_language() -> None:
    assert own(x="{due}").get("x", due=date(2026, 12, 4)) == "4 December 2026"
    assert words("zh").date(date(2026, 12, 4)) == "2026年12月4日"
    assert own(x="{who}").get("x", who=("a", "b")) == "a, b"
    assert own(x="{flag}").get("x", flag=Place("a.md", 2, 3)) == "a.md, 2, 3"


def test_the_year_is_left_out_near_by() -> None:
    day = date(2026, 12, 4)
    assert words().date(day, date(2026, 1, 1)) == "4 December"
    assert words().date(day, date(2027, 1, 1)) == "4 December 2026"
    assert words().weekday(day, day) == "Fri 4 Dec"
    assert words().weekday(day) == "Fri 4 Dec 2026"
    assert words("zh").weekday(day, day) == "12月4日 周五"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234567.5"), "1,234,567.5"),
        (Fraction(1, 3), "0.33"),
        (100, "100"),
        (Decimal("0.005"), "0.01"),
        (-5, "-5"),
        (0.5, "0.5"),
    ],
)
def test_number(value: Decimal | Fraction | float, shown: str) -> None:
    assert words().number(value) == shown


def test_money_and_percent() -> None:
    assert words().money(Decimal("999.5"), "EUR") == "999.5 EUR"
    assert words().money(Decimal("1000.6"), "EUR") == "1,001 EUR"
    assert words().percent(Fraction(2, 3)) == "67%"


def test_a_users_own_tier_is_called_by_its_name() -> None:
    assert words("zh").name("tier", "core") == "核心"
    assert words("zh").name("tier", "platinum") == "platinum"


def test_diagnostics_are_told_in_the_language() -> None:
    problem = Diagnostic("bad-date", Place("a.md", 7, 9), "2026-02-30", "birthday", ("2026-11-20",))
    assert words().message(problem) == problem.message
    assert words("zh").message(problem) == "“2026-02-30”不是日期 — birthday"
    assert words("zh").remedy(problem) == "写成 2026-11-20 这样"


def test_remedies_of_syntax_are_translated() -> None:
    problem = Diagnostic("front-matter-syntax", Place("a.md", 7), "x", "put the value in quotes")
    assert words().remedy(problem) == "put the value in quotes"
    assert words("zh").remedy(problem) == "给值加引号"


def test_only_files_of_the_language_are_read() -> None:
    texts = {"en.toml": 'a.b = "x"', "feed.en.toml": 'c = "y"', "zh.toml": 'a.b = "z"'}
    assert dict(labels(texts, "en").texts) == {"a.b": "x", "c": "y"}
