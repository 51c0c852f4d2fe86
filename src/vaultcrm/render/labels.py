"""The words of outputs in one language: names, titles and messages, with numbers and dates put in.

Texts are data (``labels/*.toml``), read elsewhere. A text may hold ``{days}`` (a value), ``{days|day|days}``
(a number with its noun, singular and plural) and ``[… {days} …]``, which is left out where one of its values
is not known. Values never are taken for templates. This module must not know which output a text is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date as Date  # noqa: N812 - a method is called date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from vaultcrm.model.diagnostics import CODES, Diagnostic, compose
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import round_half_up

_PIECE = regex(r"\[([^\[\]]*)\]|([^\[\]]+)")
_SLOT = regex(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


class _Slot(NamedTuple):
    """A place for a value, with the word for one and for many where it counts; or, without name, a text."""

    text: str
    name: str | None = None
    forms: tuple[str, str] | None = None


class _Piece(NamedTuple):
    """A part of a template; it is left out where one of the values that it needs is not there."""

    needs: tuple[str, ...]
    slots: tuple[_Slot, ...]


@cache
def _pieces(template: str) -> tuple[_Piece, ...]:
    """A template taken apart: there are few, and each is filled in thousands of times."""
    return tuple(_piece(*match.groups()) for match in _PIECE.finditer(template))


def _piece(optional: str | None, always: str) -> _Piece:
    if optional is None:
        return _Piece((), tuple(_slots(always)))
    slots = tuple(_slots(optional))
    return _Piece(tuple(slot.name for slot in slots if slot.name is not None), slots)


def _slots(text: str) -> Iterator[_Slot]:
    end = 0
    for match in _SLOT.finditer(text):
        if match.start() > end:
            yield _Slot(text[end : match.start()])
        name, one, many = match.groups()
        yield _Slot("", name, None if one is None else (one, many))
        end = match.end()
    if end < len(text):
        yield _Slot(text[end:])


@dataclass(frozen=True, slots=True)
class Labels:
    """All texts of one language by dotted key (``warning.silent.message``)."""

    language: str
    texts: Mapping[str, str]

    def get(self, key: str, /, **values: object) -> str:
        """A text with its values put in; KeyError where the key or a value that it must have is not there."""
        text = self.texts[key]
        if "{" not in text:
            return text
        filled: list[str] = []
        for needs, slots in _pieces(text):
            if None not in map(values.get, needs):
                filled += [
                    said if name is None else self._put_in(values[name], forms) for said, name, forms in slots
                ]
        return "".join(filled)

    def name(self, group: str, word: str) -> str:
        """What a word is called; the word itself where there is no name for it (a user's own tier)."""
        return self.texts.get(f"{group}.{word}", word)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.texts

    def message(self, diagnostic: Diagnostic) -> str:
        """What is wrong, in this language."""
        template = self.texts.get(f"diagnostic.{diagnostic.code}.template", CODES[diagnostic.code].template)
        return compose(template, self._said(diagnostic), self.texts["joint.list"])

    def remedy(self, diagnostic: Diagnostic) -> str:
        """What to do about it, in this language."""
        template = self.texts.get(f"diagnostic.{diagnostic.code}.remedy", CODES[diagnostic.code].remedy)
        # what is wrong with a line of YAML is told in English by the reader; the remedy is that very text
        about = self.texts.get(f"syntax.{diagnostic.about}", diagnostic.about)
        return compose(template, self._said(diagnostic)._replace(about=about), self.texts["joint.list"])

    def _said(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with what the program itself says (``a list``, ``client``) in this language."""
        read = self.texts.get(f"said.{diagnostic.code}.{diagnostic.read}", diagnostic.read)
        return diagnostic._replace(
            read=read, about=self.texts.get(f"named.{diagnostic.about}", diagnostic.about)
        )

    def date(self, day: Date, near: Date | None = None) -> str:
        """``4 December 2026``, ``2026年12月4日``; without the year where that is the year of ``near``."""
        same = near is not None and near.year == day.year
        return self.get("calendar.day" if same else "calendar.date", **self._parts(day))

    def weekday(self, day: Date, near: Date | None = None) -> str:
        """The date with its weekday: ``Fri 4 Dec``, ``12月4日 周五``; the year as in `date`."""
        same = near is not None and near.year == day.year
        return self.get("calendar.weekday_day" if same else "calendar.weekday_date", **self._parts(day))

    def number(self, value: Decimal | Fraction | float, digits: int = 2) -> str:
        """A number for reading: thousands apart, at most ``digits`` decimals, none where it is whole."""
        exact = round_half_up(Fraction(value), digits)
        shown = f"{Decimal(exact.numerator) / exact.denominator:,.{digits}f}"
        return shown.rstrip("0").removesuffix(".") if "." in shown else shown

    def money(self, amount: Decimal | Fraction | float, currency: str) -> str:
        """An amount with its currency, without cents from a thousand on."""
        digits = 2 if -1000 < amount < 1000 else 0
        return self.get("number.money", amount=self.number(amount, digits), currency=currency)

    def percent(self, rate: Decimal | Fraction | float) -> str:
        """A rate of 0 to 1 as a whole percentage."""
        return self.get("number.percent", number=self.number(Fraction(rate) * 100, 0))

    def joined(self, parts: Iterable[str], how: str = "list") -> str:
        """Parts in a row: a ``list`` (``a, b``, ``a、b``), or each a ``clause``, ``item`` or ``sentence``."""
        return self.texts[f"joint.{how}"].join(parts)

    def pair(self, name: str, value: str) -> str:
        """``name: value``, ``name：value``."""
        return f"{name}{self.texts['joint.colon']}{value}"

    def aside(self, text: object) -> str:
        """Text in brackets behind other text, the blank before them included: `` (text)``, ``（text）``."""
        return self.get("joint.aside", text=text)

    def _parts(self, day: Date) -> dict[str, object]:
        return {
            "year": str(day.year),
            "month": self.texts[f"calendar.month.{day.month}"],
            "short": self.texts[f"calendar.month_short.{day.month}"],
            "day": str(day.day),
            "weekday": self.texts[f"calendar.weekday.{day.isoweekday()}"],
        }

    def _put_in(self, value: object, forms: tuple[str, str] | None) -> str:
        shown = value if type(value) is str else self._shown(value)
        return shown if forms is None else f"{shown} {forms[value != 1]}"

    def _shown(self, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Date):
            return self.date(value)
        if isinstance(value, tuple | list):
            return self.joined([self._shown(item) for item in value])
        return self.number(value) if isinstance(value, int | Decimal | Fraction | float) else str(value)


def _toml(text: str) -> Mapping[str, Any]:
    import tomllib  # a run gets what was read before

    return tomllib.loads(text)


def labels(
    texts: Mapping[str, str], language: str, toml: Callable[[str], Mapping[str, Any]] = _toml
) -> Labels:
    """The texts of a language from the contents of its files: all whose name ends in ``LANGUAGE.toml``.

    A file named ``feed.en.toml`` is no different from ``en.toml``; no two may have the same key.
    ``toml`` reads one.
    """
    found: dict[str, str] = {}
    for name in sorted(texts):
        if name == f"{language}.toml" or name.endswith(f".{language}.toml"):
            found.update(_flat(toml(texts[name]), ""))
    return Labels(language, found)


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
