"""What the configuration says of the vault itself: currency, paths, mapping.

This module must not know any rule's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from vaultcrm.model.policy import NoteMapping, Paths
from vaultcrm.parse.schema import PROPERTY_NAMES
from vaultcrm.parse.toml_table import Table
from vaultcrm.parse.vocabulary import KINDS_OF_NOTE, LOG, fold


def as_timezone(value: object) -> str | None:
    """A time zone's name that the system knows; None for anything else."""
    if not isinstance(value, str) or not value:
        return None
    from zoneinfo import ZoneInfo  # it takes long to load

    try:
        return ZoneInfo(value).key
    except (OSError, ValueError, KeyError):
        return None


def as_country(value: object) -> str | None:
    """A country code in capitals; None for what cannot be one."""
    return value.upper() if isinstance(value, str) and value.isascii() and len(value) in (2, 3) else None


ABOVE_TABLES = frozenset(
    {"policy", "language", "timezone", "holidays", "workdays", "capacity", "min_gap", "window"}
)
"""Keys that who makes a table of the currency leaves below it, where TOML takes them for its own."""


def read_currency(top: Table) -> tuple[str, Mapping[str, Decimal]]:
    """The vault's currency, and how much of it one unit of each other one is."""
    if not isinstance(top.values.get("currency"), dict):
        code = top.read("currency", _currency_code, "CNY", "a currency code such as 'EUR'")
        return code, {}
    table = top.table("currency")
    code = table.read("code", _currency_code, "CNY", "a currency code such as 'EUR'")
    rates_table = table.table("rates")
    rates: dict[str, Decimal] = {}
    for part in (table, rates_table):
        for key in [key for key in part.values if key in ABOVE_TABLES]:
            part.known.append(key)
            part.wrong(key, "this key is no part of the table: write it above all tables")
    for key in [key for key in rates_table.values if key not in ABOVE_TABLES]:
        rate = rates_table.decimal(key)
        if _currency_code(key) is None:
            rates_table.wrong(key, "a currency code such as 'EUR' is expected")
        elif rate > 0:
            rates[key.upper()] = rate
        elif rates_table.values[key] == 0:
            rates_table.wrong(key, "a rate greater than 0 is expected")
    table.close()
    return code, rates


def _currency_code(value: object) -> str | None:
    ok = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
    return value.upper() if isinstance(value, str) and ok else None


def as_path(value: object) -> str | None:
    """A path that stays within the vault; None for anything else."""
    if not isinstance(value, str) or not value.strip() or len(value) > 400 or "\0" in value or "\\" in value:
        return None
    parts = value.strip("/").split("/")
    outside = value.startswith("/") or ".." in parts or ":" in parts[0]
    return None if outside or not parts[-1] else "/".join(part for part in parts if part not in ("", "."))


def as_folder(value: object) -> str | None:
    """A folder below the vault's own, called as it may be; None for anything else."""
    parts = [part for part in value.split("/") if part not in ("", ".")] if isinstance(value, str) else []
    return "/".join(parts) if parts and ".." not in parts else None


FOLDER = "a folder within the vault, with /"
NOTE, FEED = ".md", ".ics"
"""How the names of notes and of calendar feeds end: by that each is known again in the next run."""

OUTPUTS: Mapping[str, str] = {"dashboard": NOTE, "feed": FEED, "plans": "", "reviews": "", "policy": NOTE}
"""The paths of what can be switched off, and how they end."""


def as_file(value: object, suffix: str) -> str | None:
    """A path that stays within the vault and ends so; None for anything else."""
    path = as_path(value)
    return path if path is not None and path.lower().endswith(suffix) else None


def read_paths(table: Table, top: Table) -> Paths:
    """Where outputs go and what is never read."""
    off = {key for key in OUTPUTS if table.values.get(key) is False}
    values = {key: value for key, value in table.values.items() if key not in off}
    inner = Table(values, table.path, table.problems)
    defaults = Paths()

    def read(key: str, suffix: str = "") -> str | None:
        expected = f"a path within the vault{f' that ends with {suffix}' if suffix else ', with /'}"
        default: str | None = getattr(defaults, key)
        return inner.read(key, lambda value: as_file(value, suffix), default, expected)

    result = Paths(
        **{key: None if key in off else read(key, suffix) for key, suffix in OUTPUTS.items()},
        rescued=read("rescued") or defaults.rescued,
        playbooks=read("playbooks") or defaults.playbooks,
        vault=inner.text("vault", defaults.vault),
        templates=read("templates"),
        dashboard_templates=read("dashboard_templates"),
        ignore=(*_globs(inner), *_globs(top)),
    )
    if result.policy and result.dashboard and result.policy.lower() == result.dashboard.lower():
        inner.wrong("policy", f"{result.policy} is the dashboard's place")
    inner.known += OUTPUTS
    inner.close()
    return result


def _globs(table: Table) -> tuple[str, ...]:
    """What is never read; that ``!`` takes nothing back, as it does in a ``.gitignore``, is told."""
    globs = table.texts("ignore")
    for glob in globs:
        if glob.lstrip().startswith("!"):
            path = f"./{glob.lstrip()}"
            table.wrong(
                "ignore",
                f"{glob} takes nothing back: narrow the others, or write {path} for a name that begins so",
            )
    return globs


def _kind(value: object) -> str | None:
    return KINDS_OF_NOTE.get(fold(value)) if isinstance(value, str) else None


def _kind_or_off(value: object) -> str | None:
    return "" if value is False else _kind(value)


def read_mapping(table: Table, own: Iterable[str] = ()) -> NoteMapping:
    """How the vault's own names are read; ``own`` are the scores that only this policy's tier scheme has."""
    kinds = "one of " + ", ".join(dict.fromkeys(KINDS_OF_NOTE.values()))

    def kind_of(
        part: str, convert: Callable[[object], str | None], compared: Callable[[str], str]
    ) -> dict[str, str]:
        inner = table.table(part)
        _tell_contradictions(inner, compared)
        found: dict[str, str | None] = {key: inner.read(key, convert, None, kinds) for key in inner.values}
        return {key: kind for key, kind in found.items() if kind is not None}

    folders = kind_of("folders", _kind_or_off, lambda key: fold(as_folder(key) or key))
    for key in folders:
        if as_folder(key) is None:
            table.wrong("folders", f"{FOLDER} is expected, not {key!r}")
    properties = table.table("properties")
    _tell_contradictions(properties, fold)
    names = {fold(name): name for name in ("type", *PROPERTY_NAMES, *own)}
    off = {key for key, value in properties.values.items() if value is False}
    properties.known += off
    standard = {
        fold(key): "" if key in off else fold(properties.choice(key, names.values(), ""))
        for key in properties.values
    }
    sections = table.table("sections")
    result = NoteMapping(
        folders={as_folder(key) or key: kind for key, kind in folders.items()},
        tags={_tag(key): kind for key, kind in kind_of("tags", _kind, _tag).items()},
        values=_values(table.table("values"), kinds),
        properties=standard,
        sections={fold(key): sections.choice(key, (LOG,), LOG) for key in sections.values},
    )
    table.close()
    return result


def _values(outer: Table, kinds: str) -> dict[tuple[str, str], str]:
    """The kinds of notes by a property's name and value, as these are compared."""
    values: dict[tuple[str, str], str] = {}
    for name in outer.values:
        inner = outer.table(name)
        for word in inner.values:
            kind = inner.read(word, _kind_or_off, None, kinds)
            if kind is not None and values.setdefault((fold(name), fold(word.strip("[]"))), kind) != kind:
                inner.wrong(word, CONTRADICTION)
    return values


CONTRADICTION = "another line says something else of the same name"
"""Case, ``-``, ``_`` and blanks make no other name; which of the lines is meant nobody knows."""


def _tell_contradictions(table: Table, compared: Callable[[str], str]) -> None:
    meant: dict[str, object] = {}
    for key, value in table.values.items():
        if meant.setdefault(compared(key), value) != value:
            table.wrong(key, CONTRADICTION)


def _tag(key: str) -> str:
    return fold(key.lstrip("#"))
