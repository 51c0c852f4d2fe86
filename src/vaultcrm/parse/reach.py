"""When two mail addresses, telephone numbers or names mean the same.

This module must not know where they are from.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

from vaultcrm.model.patterns import regex
from vaultcrm.parse.links import link_key

SHORTEST_NUMBER = 7
"""Digits below which a number says nothing about whose it is: 112, an extension."""

LONGEST_PREFIX = 3
"""Digits of a country's code."""

_BEYOND_LATIN = "\u0250"
"""The first letter of scripts that are not Latin."""

_EXTENSION = regex(r"(;ext=|;|,|\bx|\bext\b|转|分机)", re.IGNORECASE)
_WORD = regex(r"[^\W_]+")
_ROLES = frozenset(
    (
        *("admin", "contact", "hello", "hi", "hallo", "info", "kontakt", "mail", "office", "post", "sales"),
        *("service", "support", "team", "welcome"),
    )
)
_FORMS = frozenset(
    (
        *("ab", "ag", "bv", "co", "company", "corp", "corporation", "gbr", "gmbh", "inc", "incorporated"),
        *("kg", "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pte", "pty", "sa", "sarl", "sas", "spa"),
        *("srl", "ug"),
    )
)
_CHINESE_FORM = regex(r"(股份|责任|集团)*有限(责任)?公司$|公司$")


def email_key(text: str) -> str:
    """A mail address as it is compared; empty for what is none."""
    address = unicodedata.normalize("NFKC", text).strip().casefold().removeprefix("mailto:").strip("<> ")
    return address if "@" in address.strip("@") and not any(sign.isspace() for sign in address) else ""


def is_role(address: str) -> bool:
    """Whether a mail address is that of a desk rather than of a person: ``info@…``."""
    return email_key(address).partition("@")[0] in _ROLES


def phone_key(text: str) -> str:
    """The digits of a number without what dials out of a country or town; empty where they say nothing."""
    number = unicodedata.normalize("NFKC", text).strip()
    number = number[4:] if number[:4].casefold() == "tel:" else number
    number = number.replace("(0)", "")
    digits = "".join(
        str(unicodedata.digit(sign)) for sign in _EXTENSION.split(number)[0] if sign.isdigit()
    ).lstrip("0")
    return digits if len(digits) >= SHORTEST_NUMBER else ""


def phone_ending(key: str) -> str:
    """What two equal numbers have in common for certain: it finds those that may be equal."""
    return key[-SHORTEST_NUMBER:]


def same_phone(one: str, other: str) -> bool:
    """Whether two keys are one number, written with or without the country's code."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and longer.endswith(shorter) and len(longer) - len(shorter) <= LONGEST_PREFIX


def similar_names(one: str, other: str) -> bool:
    """Whether two names may be one person's: ``A. Keller`` and ``Ann Keller``; 王芳 and Wang Fang.

    Words may be shortened, but not all of several: ``Jan Li`` is not ``Jana Liebig``.
    """
    words = [_words(name) for name in (one, other)]
    if not all(words):
        return True
    if words[0] == words[1] or len({max(map(max, each)) < _BEYOND_LATIN for each in words}) == 2:
        return True
    fewer, more = sorted(words, key=len)
    if len(fewer) > 1 and not {*fewer} & {*more}:
        return False
    return all(any(a.startswith(b) or b.startswith(a) for b in more) for a in fewer)


def _words(name: str) -> list[str]:
    letters = filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", name).casefold())
    return sorted(_WORD.findall("".join(letters)))


def company_key(name: str) -> str:
    """A company's name as it is compared: without its legal form."""
    key = link_key(unicodedata.normalize("NFKC", name))
    bare = _CHINESE_FORM.sub("", key)
    words = bare.replace(".", "").replace(",", " ").replace("&", " & ").split()
    while len(words) > 1 and words[-1] in {*_FORMS, "&"}:
        words.pop()
    return " ".join(words) or key
