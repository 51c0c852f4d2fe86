"""A TOML table read key by key: what a key must be is told with its path, and unknown keys with the nearest.

This module must not know any key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.records import Interval
from vaultcrm.parse.values import parse_interval
from vaultcrm.parse.vocabulary import fold, nearest

CONFIG_NAME = "vaultcrm.toml"
MOST = 100_000
"""The largest whole number: days beyond it would leave the calendar."""

MOST_MONTHS = 1_200

MANY, TOO_MANY = 12, 60
"""How many words are too many to list where some are near, and where none is."""

T = TypeVar("T")

ReadToml = Callable[[str], dict[str, Any]]
"""Reads a text as TOML, as `read_toml` does."""


@lru_cache(maxsize=16)
def read_toml(text: str) -> dict[str, Any]:
    """A text as TOML, numbers with a point as a `Decimal`. The table is not to be changed.

    Raises:
        ValueError: It is no TOML; the message ends with the place, as that of `tomllib`.
        RecursionError: It is nested too deeply.
    """
    import tomllib  # what was read before is kept by `store.tables`

    return tomllib.loads(text, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something wrong in the configuration; ``line`` is None where it is not known."""

    key: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return self.told(CONFIG_NAME)

    def told(self, name: str) -> str:
        """The problem in a file of this name, its place first."""
        where = name if self.line is None else f"{name}:{self.line}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class Table:
    """A TOML table, read key by key: remembers which keys were asked for, collects what is wrong."""

    def __init__(self, values: object, path: str, problems: list[tuple[str, str]]) -> None:
        self.path = path
        self.problems = problems
        self.known: list[str] = []
        if isinstance(values, dict):
            self.values: dict[str, object] = values
        else:
            self.values = {}
            self.wrong("", f"a table is expected, not {_shown(values)}")

    def wrong(self, key: str, message: str) -> None:
        """Remember a problem with a key."""
        self.problems.append((f"{self.path}.{key}".strip("."), message))

    def read(self, key: str, convert: Callable[[object], T | None], default: T, expected: str) -> T:
        """The converted value of a key, or the default where it is absent or (then told) wrong."""
        self.known.append(key)
        if key not in self.values:
            return default
        value = convert(self.values[key])
        if value is None:
            self.wrong(key, f"{expected} is expected, not {_shown(self.values[key])}")
            return default
        return value

    def text(self, key: str, default: str) -> str:
        """A text."""
        return self.read(key, _text, default, "a text")

    def text_or_none(self, key: str, default: str | None = None) -> str | None:
        """A text that may be absent."""
        return self.read(key, _text, default, "a text")

    def choice(self, key: str, known: Iterable[str], default: str) -> str:
        """One of the known words."""
        words = {fold(word): word for word in known}

        def convert(value: object) -> str | None:
            return words.get(fold(value)) if isinstance(value, str) else None

        given = self.values.get(key)
        expected = (
            "" if convert(given) else _one_of(words.values(), given)
        )  # to look for the nearest takes long
        return self.read(key, convert, default, expected)

    def choices(self, key: str, known: Iterable[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of known words; each that is not known is told."""
        words = {fold(word): word for word in known}
        texts = self.texts(key, default)
        unknown = [text for text in texts if fold(text) not in words]
        for text in unknown:
            self.wrong(key, f"{_one_of(words.values(), text)} is expected, not {_shown(text)}")
        return default if unknown else tuple(words[fold(text)] for text in texts)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        return self.read(key, _texts, default, "a list of texts")

    def count(self, key: str, default: int, least: int = 0, most: int = MOST) -> int:
        """A whole number from ``least`` to ``most``."""

        def convert(value: object) -> int | None:
            return (
                value
                if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
                else None
            )

        return self.read(key, convert, default, f"a whole number from {least} to {most}")

    def decimal(self, key: str, default: Decimal = Decimal(0)) -> Decimal:
        """A number that is not negative."""
        return self.read(key, _decimal, default, "a number that is not negative")

    def decimals(self, key: str, default: tuple[Decimal, ...] = ()) -> tuple[Decimal, ...]:
        """A list of numbers."""
        return self.read(key, as_decimals, default, "a list of numbers")

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        return self.read(key, lambda v: v if isinstance(v, bool) else None, default, "true or false")

    def interval(self, key: str, default: Interval) -> Interval:
        """An interval such as ``2 weeks``."""
        return self.read(key, as_interval, default, "an interval such as '2 weeks' or '1 month'")

    def table(self, key: str) -> Table:
        """A table within; empty where it is absent."""
        self.known.append(key)
        return Table(self.values.get(key, {}), f"{self.path}.{key}".strip("."), self.problems)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables."""
        self.known.append(key)
        values = self.values.get(key, [])
        if not isinstance(values, list):
            self.wrong(key, "a list of tables is expected, written as [[" + key + "]]")
            return ()
        path = f"{self.path}.{key}".strip(".")
        return tuple(Table(value, f"{path}[{i + 1}]", self.problems) for i, value in enumerate(values))

    def close(self) -> None:
        """Tell every key that nobody asked for, with the nearest that exists."""
        for key in self.values:
            if key not in self.known:
                near = nearest(key, self.known)
                self.wrong(key, "unknown key" + (f"; the nearest: {', '.join(near)}" if near else ""))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if isinstance(value, dict):
        return "a table"
    return repr(value) if isinstance(value, str) else str(value)


def _one_of(words: Iterable[str], value: object) -> str:
    known = tuple(words)
    near = nearest(value, known) if isinstance(value, str) else ()
    if near and len(known) > MANY:
        return f"a known word (the nearest: {', '.join(near)})"
    if len(known) > TOO_MANY:
        return f"a known word such as {', '.join(known[:MANY])}"
    if len(known) == 1:
        return f'"{known[0]}"'
    return "one of " + ", ".join(known) + (f" (the nearest: {near[0]})" if near else "")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() and 0 <= number <= 10**12 else None


def as_decimals(value: object) -> tuple[Decimal, ...] | None:
    """The numbers of a list; None for anything else."""
    if not isinstance(value, list):
        return None
    numbers = tuple(_decimal(item) for item in value)
    return None if None in numbers else tuple(number for number in numbers if number is not None)


def as_interval(value: object) -> Interval | None:
    """The interval of a text; None for anything else."""
    return parse_interval(value) if isinstance(value, str) else None
