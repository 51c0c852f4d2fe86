"""What the configuration says of calendar feeds: ``[[feeds]]``.

This module must not know what a feed looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vaultcrm.model.colors import COLORS, color_code
from vaultcrm.model.policy import Feed, Paths, TierScheme
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS
from vaultcrm.parse.policy_vault import FEED, as_file
from vaultcrm.parse.toml_table import Table
from vaultcrm.parse.vocabulary import nearest

PRIVACIES = ("full", "initials", "busy")
CLASSES = ("public", "private", "confidential")
NEXT_CONTACT = "next-contact"


def read_feeds(top: Table, tiers: TierScheme, own_rules: Iterable[str], paths: Paths) -> tuple[Feed, ...]:
    """All calendar feeds; two for one file are told. One with the main feed's path says how that one is.

    ``own_rules`` are the ids of the user's own touchpoints.
    """
    kinds = tuple(dict.fromkeys((NEXT_CONTACT, *TOUCHPOINT_IDS, *own_rules)))
    feeds: list[Feed] = []
    for table in top.tables("feeds"):
        feed = _feed(table, tiers, kinds)
        others = [each.path for each in feeds]
        if paths.feed is not None and paths.feed != feed.path:
            others.append(paths.feed)
        is_told = as_file(table.values.get("path"), FEED) is None
        if not is_told and feed.path.lower() in map(str.lower, others):
            table.wrong("path", f"there is another feed for {feed.path}")
        feeds.append(feed)
    return tuple(feeds)


def _feed(table: Table, tiers: TierScheme, kinds: tuple[str, ...]) -> Feed:
    no_alarm = table.values.get("alarm") is False
    if no_alarm:
        table.known.append("alarm")
    if "path" not in table.values:
        table.wrong("path", "a path is missing")
    standard = Feed("CRM/feed.ics")
    feed = Feed(
        path=table.read(
            "path",
            lambda value: as_file(value, FEED),
            standard.path,
            f"a path within the vault that ends with {FEED}",
        ),
        title=table.text_or_none("title"),
        owners=table.texts("owners"),
        tiers=table.choices("tiers", tiers.names, ()),
        kinds=table.choices("kinds", kinds, ()),
        key_dates_only=table.flag("key_dates_only", False),
        privacy=table.choice("privacy", PRIVACIES, standard.privacy),
        access=table.choice("class", CLASSES, "") or None,
        alarm=None if no_alarm else table.read("alarm", _as_duration, standard.alarm, _DURATION),
        early_alarm_days=_early_alarms(table, kinds),
        days_back=table.count("days_back", standard.days_back),
        months_ahead=_up_to(table, "months_ahead", standard.months_ahead, 60),
        years_ahead=_up_to(table, "years_ahead", standard.years_ahead, 10),
        refresh_hours=_up_to(table, "refresh_hours", standard.refresh_hours, 24 * 7),
        color=table.read("color", _as_color, None, _color_expected(table.values.get("color"))),
    )
    table.close()
    return feed


def _up_to(table: Table, key: str, default: int, most: int) -> int:
    def convert(value: object) -> int | None:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if isinstance(value, int) and whole and 1 <= value <= most else None

    return table.read(key, convert, default, f"a whole number from 1 to {most}")


def _early_alarms(table: Table, kinds: tuple[str, ...]) -> Mapping[str, int]:
    """Days ahead by kind; ``false`` or 0 for the whole table: none at all."""
    value = table.values.get("early_alarm_days")
    if value is False or value == 0:
        table.known.append("early_alarm_days")
        return dict.fromkeys(kinds, 0)
    early = table.table("early_alarm_days")
    early.known += [kind for kind in kinds if kind not in early.values]
    known = {key: early.count(key, 0) for key in early.values if key in kinds}
    early.close()
    return known


def _as_color(value: object) -> str | None:
    found = color_code(value) if isinstance(value, str) else None
    return found[0] if found is not None else None


def _color_expected(value: object) -> str:
    near = nearest(value, COLORS) if isinstance(value, str) else ()
    return "a colour's name in CSS such as 'teal'" + (f" (the nearest: {', '.join(near)})" if near else "")


def _as_duration(value: object) -> str | None:
    """A duration of days, hours and minutes; weeks are left out, since some programs refuse them in a mix."""
    if not isinstance(value, str):
        return None
    body = value.removeprefix("-")
    days, _, time = body.removeprefix("P").partition("T")
    parts = [days[:-1]] if days else []
    for unit in "HM":
        number, found, rest = time.partition(unit)
        if found:
            parts.append(number)
            time = rest
    numbers = all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts)
    whole = body.startswith("P") and not time and not body.endswith("T") and (not days or days.endswith("D"))
    return value if whole and parts and numbers else None


_DURATION = "a duration such as 'PT9H' (09:00 of the day) or '-PT15H' (09:00 of the day before), or false,"
