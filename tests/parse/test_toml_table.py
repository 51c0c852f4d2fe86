"""A TOML table read key by key, and how wrong keys and values are told (specification 2, vaultcrm.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal

import pytest

from vaultcrm.model.records import Interval
from vaultcrm.parse.toml_table import ConfigProblem, Table, as_decimals, as_interval

Read = Callable[[Table], object]


def read(text: str, how: Read) -> tuple[object, list[tuple[str, str]]]:
    problems: list[tuple[str, str]] = []
    table = Table(tomllib.loads(text, parse_float=Decimal), "", problems)
    value = how(table)
    table.close()
    return value, problems


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("k = 'a'", lambda t: t.text("k", "z"), "a"),
        ("", lambda t: t.text("k", "z"), "z"),
        ("", lambda t: t.text_or_none("k"), None),
        ("k = 'B_c'", lambda t: t.choice("k", ("a", "b-c"), "a"), "b-c"),
        ("", lambda t: t.choice("k", ("a",), "a"), "a"),
        ("k = 'a'", lambda t: t.choices("k", ("a", "b"), ()), ("a",)),
        ("k = ['B', 'a']", lambda t: t.choices("k", ("a", "b"), ()), ("b", "a")),
        ("k = []", lambda t: t.texts("k", ("z",)), ()),
        ("k = 0", lambda t: t.count("k", 8), 0),
        ("k = 100_000", lambda t: t.count("k", 8), 100_000),
        ("k = 1.50", lambda t: t.decimal("k"), Decimal("1.50")),
        ("k = 3", lambda t: t.decimal("k"), Decimal(3)),
        ("k = [1, 2.5]", lambda t: t.decimals("k"), (Decimal(1), Decimal("2.5"))),
        ("k = true", lambda t: t.flag("k", False), True),
        ("k = '2 weeks'", lambda t: t.interval("k", Interval()), Interval(days=14)),
        ("[k]\na = 1", lambda t: t.table("k").count("a", 0), 1),
        ("", lambda t: t.table("k").count("a", 7), 7),
        ("[[k]]\na = 1\n[[k]]\na = 2", lambda t: [each.count("a", 0) for each in t.tables("k")], [1, 2]),
        ("", lambda t: t.tables("k"), ()),
    ],
)
def test_values(text: str, how: Read, value: object) -> None:
    assert read(text, how) == (value, [])


@pytest.mark.parametrize(
    ("text", "how", "key", "message"),
    [
        ("k = 3", lambda t: t.text("k", "z"), "k", "a text is expected, not 3"),
        (
            "k = 'bb'",
            lambda t: t.choice("k", ("abc", "bbb"), "abc"),
            "k",
            "one of abc, bbb (the nearest: bbb) is expected, not 'bb'",
        ),
        (
            "k = 1",
            lambda t: t.choice("k", ("a", "b"), "a"),
            "k",
            "one of a, b is expected, not 1",
        ),
        (
            "k = ['a', 'c']",
            lambda t: t.choices("k", ("a", "b"), ()),
            "k",
            "one of a, b is expected, not 'c'",
        ),
        ("k = 1", lambda t: t.choices("k", ("a", "b"), ()), "k", "a list of texts is expected, not 1"),
        (
            "k = 'ab'",
            lambda t: t.choice("k", [*"cdefghijklmno", "ab1"], "c"),
            "k",
            "a known word (the nearest: ab1) is expected, not 'ab'",
        ),
        ("k = [1]", lambda t: t.texts("k"), "k", "a list of texts is expected, not [1]"),
        ("k = -1", lambda t: t.count("k", 8), "k", "a whole number from 0 to 100000 is expected, not -1"),
        ("k = 0", lambda t: t.count("k", 8, 1), "k", "a whole number from 1 to 100000 is expected, not 0"),
        ("k = 1.0", lambda t: t.count("k", 8), "k", "a whole number from 0 to 100000 is expected, not 1.0"),
        ("k = true", lambda t: t.count("k", 8), "k", "a whole number from 0 to 100000 is expected, not true"),
        ("k = 13", lambda t: t.count("k", 8, 1, 12), "k", "a whole number from 1 to 12 is expected, not 13"),
        ("k = 100_001", lambda t: t.count("k", 8), "k", "a whole number from 0 to 100000 is expected"),
        ("k = -0.5", lambda t: t.decimal("k"), "k", "a number that is not negative is expected, not -0.5"),
        ("k = nan", lambda t: t.decimal("k"), "k", "a number that is not negative is expected"),
        ("k = inf", lambda t: t.decimal("k"), "k", "a number that is not negative is expected"),
        ("k = true", lambda t: t.decimal("k"), "k", "a number that is not negative is expected, not true"),
        ("k = 1e13", lambda t: t.decimal("k"), "k", "a number that is not negative is expected"),
        ("k = [1, 'a']", lambda t: t.decimals("k"), "k", "a list of numbers is expected"),
        ("k = 1", lambda t: t.decimals("k"), "k", "a list of numbers is expected, not 1"),
        ("k = 'yes'", lambda t: t.flag("k", False), "k", "true or false is expected, not 'yes'"),
        ("k = 14", lambda t: t.interval("k", Interval()), "k", "an interval such as '2 weeks' or '1 month'"),
        ("k = 'soon'", lambda t: t.interval("k", Interval()), "k", "an interval such as"),
        ("k = 1", lambda t: t.table("k"), "k", "a table is expected, not 1"),
        ("k = 1", lambda t: t.tables("k"), "k", "a list of tables is expected, written as [[k]]"),
        ("k = [1]", lambda t: t.tables("k"), "k[1]", "a table is expected, not 1"),
        ("[k]\nx = 1", lambda t: t.table("k").close(), "k.x", "unknown key"),
        (
            "colour = 'red'",
            lambda t: t.text("color", ""),
            "colour",
            "unknown key; the nearest: color",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_key_and_the_default_holds(
    text: str, how: Read, key: str, message: str
) -> None:
    _, ((told_key, told),) = read(text, how)
    assert told_key == key
    assert told.startswith(message)


def test_every_problem_is_told() -> None:
    _, problems = read("a = 1\nb = 'x'\nc = 2", lambda t: (t.text("a", ""), t.count("b", 0)))
    assert [key for key, _ in problems] == ["a", "b", "c"]


def test_a_problem_says_where_it_is() -> None:
    assert str(ConfigProblem("stages.new", "no", 7)) == "vaultcrm.toml:7: stages.new: no"
    assert str(ConfigProblem("stages.new", "no")) == "vaultcrm.toml: stages.new: no"
    assert str(ConfigProblem("", "no TOML", 3)) == "vaultcrm.toml:3: no TOML"


def test_readers_of_values() -> None:
    assert as_decimals("1") is None
    assert as_decimals([]) == ()
    assert as_interval("1 month") == Interval(months=1)
    assert as_interval(1) is None
