"""Where a configuration's keys stand."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.parse.toml_lines import line_of, lookalike

CONFIG = dedent("""\
    # stages.new = 0
    policy = "studio"  # policy
    stages.new = 1
      window   = 3
    currency = { code = "EUR", rates = { USD = 1 } }

    [ touchpoints . "check-in-1m" ] # a comment
    lead = 3

    [[feeds]]
    path = "a.ics"
    [feeds.early_alarm_days]
    birthday = 3

    [[feeds]]
    'path' = "b.ics"
    kinds = [
      "survey",
    ]
    [feeds.early_alarm_days]
    birthday = 4

    [mapping.folders]
    "My People" = "person"
    "客户们" = "client"
    """)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("policy", 2),
        ("stages", 3),
        ("stages.new", 3),
        ("stages.old", 3),
        ("window", 4),
        ("currency.rates.USD", 5),
        ("touchpoints.check-in-1m", 7),
        ("touchpoints.check-in-1m.lead", 8),
        ("touchpoints.check-in-1m.every", 7),
        ("feeds[1]", 10),
        ("feeds[1].path", 11),
        ("feeds[1].early_alarm_days.birthday", 13),
        ("feeds[2].path", 16),
        ("feeds[2].kinds", 17),
        ("feeds[2].title", 15),
        ("feeds[2].early_alarm_days.birthday", 21),
        ("mapping.folders.My People", 24),
        ("mapping.folders.客户们", 25),
        ("feeds[3].path", None),
        ("holidays", None),
        ("", None),
    ],
)
def test_line_of(key: str, line: int | None) -> None:
    assert line_of(key, CONFIG) == line


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_gives_a_line_or_none(key: str, config: str) -> None:
    line = line_of(key, config)
    assert line is None or 1 <= line <= len(config.splitlines())


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("policy = “studio”", "“"),
        ('policy = "studio”', "”"),
        ('language： "zh"', "："),
        ('days = ["a"，"b"]', "，"),
        ("【paths】", "【"),
        ('name = "甲，乙" = 1', None),
        ('name = "甲，乙', None),
        ("a = # 甲，乙", None),
    ],
)
def test_signs_that_only_look_like_ours(line: str, sign: str | None) -> None:
    assert lookalike(line) == sign
