"""Says in another language what was said in English: messages of whoever stops a command, and help.

Those come from many places: our own code, typer, the reader of TOML, Jinja2, the operating system. None of
them knows a language, nor where a vault is. So each says it in English, and it is found in a table by the
template that it was made from: ``no client is called {name}``. This module must not know who said it.

Texts with a key of their own, all that outputs hold, are no matter of this module but of `labels`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.patterns import regex

_SLOT = regex(r"\{(\w+)\}")
_QUOTED = regex(r"'[^']*'|\"[^\"]*\"", re.DOTALL)
_KINDS: Mapping[str, str] = {"key": r"[\w.\-\[\]]+", "line": r"\d+", "number": r"-?[\d.,]+"}
"""What a slot of that name matches; any other matches any text. A key of a file stays as it stands there."""

_LISTS = ("names", "known")
"""Slots in which several things may stand, joined by commas; the book's phrase for the comma joins them."""

_COMMA = ", "

_DEEPEST = 6
"""How many phrases stand within each other at most; a text that goes on is a user's."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A template as a pattern, and what it is in the other language."""

    pattern: re.Pattern[str]
    text: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """English templates with what they are in another language, in the order in which they are looked up.

    An empty one says everything as it is.
    """

    language: str
    texts: Mapping[str, str]
    _phrases: list[_Phrase] = field(default_factory=list, repr=False, compare=False)

    def say(self, text: str) -> str:
        """The text in the book's language, line by line; a line that is not in it stays as it is."""
        return "\n".join(self._said(line, 0) for line in text.split("\n")) if self.texts else text

    def knows(self, text: str) -> bool:
        """Whether the text is in the book as a whole."""
        return text in self.texts or any(each.pattern.fullmatch(text) for each in self._templates())

    def _said(self, text: str, depth: int) -> str:
        exact = self.texts.get(text)
        if exact is not None and "{" not in text:
            return exact
        for phrase in self._templates() if depth < _DEEPEST else ():
            match = phrase.pattern.fullmatch(text)
            if match is not None:
                found = match.groupdict().items()
                values = {name: self._filled(name, value, depth) for name, value in found}
                return _SLOT.sub(lambda slot, values=values: values[slot[1]], phrase.text)  # type: ignore[misc]
        return text

    def _filled(self, name: str, value: str, depth: int) -> str:
        """What stands in a slot of that name; several things are joined as the other language does."""
        if name == "key":
            return value
        if name not in _LISTS or ", " not in value or _QUOTED.fullmatch(value):
            return self._value(value, depth)
        return self.texts.get(_COMMA, _COMMA).join(self._value(each, depth) for each in value.split(_COMMA))

    def _value(self, value: str, depth: int) -> str:
        """A value as it stands in the other language; what is quoted is a user's and stays."""
        if _QUOTED.fullmatch(value):
            return f"“{value[1:-1]}”"
        return self._said(value, depth + 1)

    def _templates(self) -> list[_Phrase]:
        """The templates, made when first one is needed: most runs end without."""
        if not self._phrases:
            self._phrases.extend(
                _Phrase(_pattern(template), text) for template, text in self.texts.items() if "{" in template
            )
        return self._phrases


def _pattern(template: str) -> re.Pattern[str]:
    """A regular expression for what a template makes; its last slot takes all that is left."""
    pattern, end = "", 0
    for slot in _SLOT.finditer(template):
        pattern += re.escape(template[end : slot.start()])
        pattern += f"(?P<{slot[1]}>{_KINDS.get(slot[1], '.+?')})"
        end = slot.end()
    return re.compile(pattern + re.escape(template[end:]), re.DOTALL)


def phrasebook(language: str, text: str, toml: Callable[[str], Mapping[str, object]]) -> Phrasebook:
    """The book that a TOML file holds, which ``toml`` reads: tables of English templates, in their order."""
    return Phrasebook(language, dict(_flat(toml(text))))


def _flat(table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield key, str(value)
