"""The policy from its TOML: presets, overridden by ``vaultcrm.toml`` (specification 2, last section).

All problems of the configuration are told at once, each with the key's path and, where the text shows it, its
line. This module must not know where the texts come from.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import Policy
from vaultcrm.parse.policy_feeds import read_feeds
from vaultcrm.parse.policy_rules import (
    as_dict,
    read_cadence,
    read_health,
    read_loyalty,
    read_measures,
    read_referral_ask,
    read_stages,
    read_tiers,
    read_touchpoints,
    read_warnings,
)
from vaultcrm.parse.policy_vault import (
    FOLDER,
    as_country,
    as_folder,
    as_timezone,
    read_currency,
    read_mapping,
    read_paths,
)
from vaultcrm.parse.toml_lines import LOOKALIKES, line_of, lookalike
from vaultcrm.parse.toml_table import MOST_MONTHS, ConfigProblem, ReadToml, Table, read_toml

PRESETS = ("studio", "enterprise", "sales", "retention")
LANGUAGES = ("en", "zh")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FESTIVALS = ("spring-festival", "dragon-boat", "mid-autumn", "national-day", "new-year")
CONFLICT = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")
"""How lines begin that git puts around what it could not merge."""

OPEN_TEXTS = (
    "Illegal character '\\n'",
    "Found invalid character '\\n'",
    'Expected "\'"',
    "Expected \"'''\"",
)
"""What `tomllib` says of a text whose quote is missing at its end, beside that."""

WRITEBACK = ("tier", "stage", "next_contact", "health")


def _merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """Tables are merged key by key, everything else is replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def parse_policy(
    texts: Mapping[str, str],
    config: str | None,
    noted: Mapping[str, object] | None = None,
    toml: ReadToml = read_toml,
) -> tuple[Policy, tuple[ConfigProblem, ...]]:
    """Read a policy.

    Args:
        texts: The presets' TOML by name (``defaults``, ``studio``, …).
        config: The text of ``vaultcrm.toml``, None where there is none.
        noted: What a note gives, as tables of a configuration: it wins over the presets, and the
            configuration over it.
        toml: Reads a text as `read_toml` does.

    Returns:
        The policy, and all that is wrong with the configuration, by line; what is wrong is read as if it
        were absent.
    """
    user: dict[str, object] = {}
    problems: list[tuple[str, str]] = []
    if config is not None:
        try:
            user = toml(config.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            return _policy(texts, {}, problems, toml), (_syntax_problem(error, config),)
    policy = _policy(texts, _merged(noted or {}, user), problems, toml)
    found = [ConfigProblem(key, message, line_of(key, config or "")) for key, message in problems]
    return policy, tuple(sorted(found, key=lambda problem: problem.line or 0))


def _syntax_problem(error: Exception, config: str) -> ConfigProblem:
    if isinstance(error, RecursionError):
        return ConfigProblem("", "this is no TOML: it is nested too deeply")
    said, _, rest = str(error).partition(" (at ")
    number = rest.removeprefix("line ").split(",")[0]
    lines = config.removesuffix("\n").split("\n")  # as tomllib counts them
    line = int(number) if number.isdigit() else None
    if rest.startswith("end of document"):  # a quote that nothing closes stands on the last line with one
        opened = (place for place, each in enumerate(lines, 1) if said in OPEN_TEXTS and "'" in each)
        line = max(opened, default=len(lines))
    text = lines[line - 1] if line is not None and line <= len(lines) else ""
    if text.startswith(CONFLICT):
        return ConfigProblem("", "a merge is not finished here: keep what belongs, without git's marks", line)
    if said in OPEN_TEXTS:
        said = "unterminated string"
    name = text.partition("=")[0]
    sign = lookalike(text)
    if sign is not None:
        help_ = f"; write {LOOKALIKES[sign]} instead of {sign}"
    elif name.isascii() or '"' in name:
        help_ = ""
    else:
        help_ = "; a name with other letters than a to z stands in quotes"
    return ConfigProblem("", f"this is no TOML: {_plainly(said)}{help_}", line)


def _plainly(said: str) -> str:
    """What `tomllib` says without the words of Python: its limit of digits, a table as ``('a', 'b')``."""
    if said.startswith("Exceeds the limit"):
        return "a number has too many digits"
    said = _TUPLE.sub(lambda found: "[" + ".".join(_ITEM.findall(found[0])) + "]", said)
    return said[:1].lower() + said[1:]


_TUPLE = regex(r"\('[^()]*\)")
_ITEM = regex(r"'([^']*)'")


def _policy(
    texts: Mapping[str, str], user: dict[str, object], problems: list[tuple[str, str]], toml: ReadToml
) -> Policy:
    name = Table(user, "", problems).choice("policy", PRESETS, "studio")
    preset = _merged(toml(texts["defaults"]), toml(texts[name]))
    own_tiers = user.get("tiers")
    if isinstance(own_tiers, dict) and "names" in own_tiers:
        base = preset["tiers"]
        assert isinstance(base, dict)
        preset["tiers"] = {
            key: value for key, value in base.items() if key not in ("names", "from", "aliases")
        }
        preset["cadence"] = {**as_dict(preset["cadence"]), "tiers": {}}
    top = Table(_merged(preset, user), "", problems)
    top.known.append("policy")
    policy = _read_top(top, name, own=user)
    top.close()
    return policy


def _read_top(top: Table, name: str, own: Mapping[str, object]) -> Policy:
    currency, rates = read_currency(top)
    language = top.choice("language", LANGUAGES, "en")
    tiers = read_tiers(top.table("tiers"))
    planning = top.table("planning")
    writeback = top.table("writeback")
    touchpoints = read_touchpoints(top.table("touchpoints"), tiers, as_dict(own.get("touchpoints")))
    paths = read_paths(top.table("paths"), top)
    policy = Policy(
        preset=name,
        language=language,
        currency=currency,
        rates=rates,
        timezone=top.read("timezone", as_timezone, None, "a time zone such as 'Europe/Berlin'"),
        holidays=top.read("holidays", as_country, None, "an ISO country code such as 'DE'"),
        workdays=_workdays(top),
        capacity=top.count("capacity", 8),
        min_gap=top.count("min_gap", 3),
        window=top.count("window", 60),
        stages=read_stages(top.table("stages")),
        cadence=read_cadence(top.table("cadence"), tiers),
        tiers=tiers,
        touchpoints=touchpoints,
        referral_ask=read_referral_ask(top.table("referral_ask")),
        health=read_health(top.table("health")),
        warnings=read_warnings(top.table("warnings")),
        loyalty=read_loyalty(top.table("loyalty")),
        paths=paths,
        mapping=read_mapping(top.table("mapping"), [each.name for each in tiers.dimensions]),
        feeds=read_feeds(top, tiers, touchpoints, paths),
        greeting_days=_greeting_days(top, language),
        daily=_daily(top),
        writeback=writeback.choices("properties", WRITEBACK, ()),
        bundle_before=planning.count("bundle_before", 0),
        bundle_after=planning.count("bundle_after", 0),
        horizon_months=planning.count("horizon_months", 12, 1, MOST_MONTHS),
        task_days=planning.count("task_days", 0),
        belated_days=planning.count("belated_days", 0),
        survey_quiet_days=planning.count("survey_quiet_days", 0),
        priority_rank=planning.count("priority_rank", 0),
        priority_overdue=planning.count("priority_overdue", 0),
        priority_high=planning.count("priority_high", 0),
        period_days=planning.count("period_days", 365, 1),
        measures=read_measures(top.table("measures")),
    )
    for table in (planning, writeback):
        table.close()
    return policy


def _workdays(top: Table) -> frozenset[int]:
    days = top.choices("workdays", WEEKDAYS, WEEKDAYS[:5])
    if not days:
        top.wrong("workdays", "at least one working day is needed")
    return frozenset(WEEKDAYS.index(day) for day in days) or frozenset(range(5))


def _greeting_days(top: Table, language: str) -> tuple[str, ...]:
    """The festivals on which people of this language are greeted; those of the others are looked at, too."""
    greetings = top.table("greetings")
    days = {code: greetings.choices(code, FESTIVALS, ()) for code in LANGUAGES}
    greetings.close()
    return days[language]


def _daily(top: Table) -> str | None:
    capture = top.table("capture")
    if capture.values.get("daily") == "":
        capture.known.append("daily")
        folder = None
    else:
        folder = capture.read("daily", as_folder, None, FOLDER)
    capture.close()
    return folder
