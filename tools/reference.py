"""Reference tables made from the code's own: properties, words, rules, policy, sections, export.

Each function gives the Markdown of one table; `docs` puts it into the pages. What a table says comes from
the code's docstrings, labels and presets, so that a page cannot say anything else than the program does.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, cast

from program import run

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "vaultcrm"
PRESETS = ("studio", "enterprise", "sales", "retention")
DAY = "2026-11-20"

_TABLE = re.compile(r"\[+([^\]]+)\]+\s*(?:#\s*(.*))?$")
_KEY = re.compile(r'([\w-]+) = (?:[^"#]|"[^"]*")*(?:#\s*(.*))?$')


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; cells may hold anything."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def first_sentence(thing: object) -> str:
    """The first sentence of a docstring, in Markdown."""
    text = " ".join((thing.__doc__ or "").split("\n\n")[0].split())
    text = re.sub(r" ?\([Ss]pecification[^)]*\)", "", text)
    sentence = re.match(r".*?[.:](?= [A-Z]|$)", text)
    said = (sentence[0] if sentence else text).rstrip(".:")
    return re.sub(r"``(.+?)``", r"`\1`", said)


def code(words: Iterable[str]) -> str:
    """Words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


@cache
def labels(language: str) -> Mapping[str, str]:
    """All texts of a language by key."""
    from vaultcrm.render.labels import labels as read

    files = (PACKAGE / "labels").glob("*.toml")
    return read({path.name: path.read_text(encoding="utf-8") for path in files}, language).texts


def _chinese(text: str) -> bool:
    return any("\u4e00" <= each <= "\u9fff" for each in text)


# Notes


def properties() -> str:
    """The properties of each kind of note."""
    from vaultcrm.parse.schema import PROPERTIES

    parts = []
    for kind, (name, chinese) in KINDS.items():
        rows = [row for row in PROPERTIES if kind in row.kinds]
        cells = [(_names(row.names), _names_zh(row.names), row.value, row.help) for row in rows]
        parts += [f"## {name} {chinese}", table(("property", "Chinese", "value", "meaning"), cells)]
    return "\n\n".join(parts)


def properties_zh() -> str:
    """The same for Chinese readers: names and kinds of value."""
    from vaultcrm.parse.schema import PROPERTIES

    parts = []
    for kind, (_, chinese) in KINDS.items():
        rows = [row for row in PROPERTIES if kind in row.kinds]
        cells = [(_names_zh(row.names), _names(row.names), VALUES_ZH[row.value]) for row in rows]
        parts += [f"### {chinese}", table(("属性", "英文名", "值"), cells)]
    return "\n\n".join(parts)


def _names(names: Iterable[str]) -> str:
    return code(name for name in names if not _chinese(name))


def _names_zh(names: Iterable[str]) -> str:
    return " / ".join(name for name in names if _chinese(name))


def words() -> str:
    """The words that stand for values, with all of their spellings."""
    from vaultcrm.parse import vocabulary

    parts = []
    for heading, name in VOCABULARY.items():
        spellings: dict[object, list[str]] = {}
        for spelling, word in getattr(vocabulary, name).items():
            spellings.setdefault(word, []).append(spelling.replace("_", "-"))
        rows = [(f"`{_word(word)}`", ", ".join(found)) for word, found in spellings.items()]
        parts += [f"## {heading}", table(("word", "spellings that are understood"), rows)]
    return "\n\n".join(parts)


def _word(word: object) -> str:
    return {True: "yes", False: "no"}[word] if isinstance(word, bool) else str(word)


# Rules


def touchpoints() -> str:
    """The touchpoint rules: when each is due, and what settles it."""
    from vaultcrm.rules.touchpoints import TOUCHPOINTS

    presets = _presets()
    rows = []
    for row in TOUCHPOINTS:
        numbers = presets["defaults"]["touchpoints"][row.id]
        en, zh = (_touchpoint_title(row.id, language) for language in ("en", "zh"))
        when = en if "every" in numbers else first_sentence(row.occurrences)
        lead = f"{numbers.get('lead', 7)} days"
        rows.append(
            (f"`{row.id}`", zh, when, _due(numbers), lead, _settled(row.id, numbers), _who(row.id, presets))
        )
    heads = ("id", "Chinese", "what", "due", "lead", "settled by", "in which presets")
    return table(heads, rows)


def _touchpoint_title(id_: str, language: str) -> str:
    return labels(language)[f"touchpoint.{id_}.title"].partition("[")[0]


def _settled(id_: str, numbers: Mapping[str, list[str]]) -> str:
    if id_ in SETTLED_OTHERWISE:
        return SETTLED_OTHERWISE[id_]
    by = ["any contact" if each == "any" else f"`{each}`" for each in numbers["settled_by"]]
    if "about" in numbers:
        by.append(f"a contact about {code(numbers['about'])}")
    if "survey" in numbers["settled_by"]:
        by.append("feedback")
    return ", ".join(by)


def _due(numbers: Mapping[str, str]) -> str:
    if "every" in numbers:
        return f"every {numbers['every']}"
    return f"{numbers['after']}" if "after" in numbers else "its day"


def _who(id_: str, presets: Mapping[str, Mapping[str, Any]]) -> str:
    """In which presets a rule is on, and for whom."""
    said = {}
    for name in PRESETS:
        numbers = {
            **presets["defaults"]["touchpoints"][id_],
            **presets[name].get("touchpoints", {}).get(id_, {}),
        }
        if not numbers.get("off"):
            said[name] = code((*numbers.get("stages", ()), *numbers.get("tiers", ())))
    if len(said) == len(PRESETS) and len(set(said.values())) == 1:
        whom = next(iter(said.values()))
        return f"all: {whom}" if whom else "all"
    return "; ".join(f"{name}: {whom}" if whom else name for name, whom in said.items())


def warnings() -> str:
    """The warnings: when each is given, how severe it is, and the next step."""
    from vaultcrm.rules.silence import SILENCES
    from vaultcrm.rules.warnings import WARNINGS

    rows = []
    for row in (*SILENCES, *WARNINGS):
        severities = _severities(cast("FunctionType", row.verdict))
        rows.append(
            (
                f"`{row.id}`",
                labels("zh")[f"warning.{row.id}.name"],
                first_sentence(row.verdict),
                " or ".join(each for each in ("high", "medium", "low") if each in severities),
                labels("en")[f"warning.{row.id}.step"],
            )
        )
    return table(("id", "Chinese", "when", "severity", "next step"), rows)


def _severities(function: FunctionType, seen: frozenset[str] = frozenset()) -> set[str]:
    """The severities that a function of the rules, or one that it calls, gives."""
    found = set()
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if name in ("HIGH", "MEDIUM", "LOW"):
            found.add(str(value))
        elif isinstance(value, FunctionType) and name not in seen and "rules" in value.__module__:
            found |= _severities(value, seen | {name})
    return found


def touchpoints_zh() -> str:
    """The touchpoints by their Chinese names, with what to say."""
    from vaultcrm.rules.touchpoints import TOUCHPOINTS

    texts = labels("zh")
    return table(
        ("编号", "名称", "说什么"),
        (
            (f"`{row.id}`", _touchpoint_title(row.id, "zh"), texts[f"touchpoint.{row.id}.say"])
            for row in TOUCHPOINTS
        ),
    )


def warnings_zh() -> str:
    """The warnings by their Chinese names, with the next step."""
    from vaultcrm.rules.silence import SILENCES
    from vaultcrm.rules.warnings import WARNINGS

    texts = labels("zh")
    return table(
        ("编号", "名称", "下一步"),
        (
            (f"`{row.id}`", texts[f"warning.{row.id}.name"], texts[f"warning.{row.id}.step"])
            for row in (*SILENCES, *WARNINGS)
        ),
    )


def health() -> str:
    """The parts of the health, with their weights."""
    from vaultcrm.rules.health import HEALTH_PARTS

    weights = _presets()["defaults"]["health"]["weights"]
    rows = [
        (f"`{row.name}`", labels("zh")[f"part.{row.name}"], str(weights[row.name]), first_sentence(row.part))
        for row in HEALTH_PARTS
    ]
    return table(("part", "Chinese", "weight", "worth, of 100"), rows)


def tiers() -> str:
    """The schemes of tiers, and where their scores come from."""
    from vaultcrm.rules.tiers import SCORES, TIER_SCHEMES

    presets = _presets()
    used = {presets[name]["tiers"]["scheme"]: name for name in PRESETS}
    schemes = []
    for row in TIER_SCHEMES:
        scheme = presets[used[row.scheme]]["tiers"]
        names = code(scheme["names"])
        scores = code(each["name"] for each in scheme.get("dimensions", ()))
        schemes.append(
            (f"`{row.scheme}`", used[row.scheme], names, first_sentence(row.tiering), scores or "–")
        )
    by_source = [(f"`{row.source}`", first_sentence(row.score)) for row in SCORES]
    by_source.append(("`fixed`", "The dimension's own `default`, where no score is given by hand"))
    return "\n\n".join(
        (
            table(("scheme", "preset", "tiers, the highest first", "how", "scores"), schemes),
            table(("source of a score", "how"), by_source),
        )
    )


def measures() -> str:
    """The measures: their names in exports, and what each counts."""
    from vaultcrm.rules.measures import MEASURES

    en, zh = labels("en"), labels("zh")
    return table(
        ("key", "name", "Chinese", "what"),
        (
            (f"`{row.name}`", en[f"metric.{row.name}"], zh[f"metric.{row.name}"], first_sentence(row.figure))
            for row in MEASURES
        ),
    )


# Policy


class Number(NamedTuple):
    """A number of the presets: its key, and what the comment beside it says."""

    section: str
    key: str
    comment: str


@cache
def _presets() -> Mapping[str, Mapping[str, Any]]:
    return {name: tomllib.loads(_preset_text(name)) for name in ("defaults", *PRESETS)}


def _preset_text(name: str) -> str:
    return (PACKAGE / "presets" / f"{name}.toml").read_text(encoding="utf-8")


def _numbers(text: str) -> Iterator[Number]:
    section = ""
    for line in text.splitlines():
        if head := _TABLE.fullmatch(line):
            section = head[1]
        elif key := _KEY.fullmatch(line):
            yield Number(section, key[1], key[2] or "")


def policy() -> str:
    """Every number of the presets with its comment: one table a section of `vaultcrm.toml`."""
    sections: dict[str, dict[str, str]] = {}
    for name in ("defaults", *PRESETS):
        for number in _numbers(_preset_text(name)):
            if number.section == "tiers.dimensions":
                continue
            group, _, rest = number.section.partition(".")
            keys = sections.setdefault(group, {})
            key = f"{rest}.{number.key}".strip(".")
            keys[key] = keys.get(key) or number.comment
    for name in PRESETS:
        if "dimensions" in _presets()[name]["tiers"]:
            sections["tiers"]["dimensions"] = "the scores that are added up, each with its source"
    parts = []
    for section in sorted(sections, key=_place):
        keys = sections[section]
        heading = f"## `[{section}]`" if section else "## At the top"
        rows = [
            (f"`{key}`", _meaning(section, key, said), *_values(section, key)) for key, said in keys.items()
        ]
        said = SECTIONS_SAY.get(section)
        parts += [heading, *([said] if said else []), table(("key", "meaning", *PRESETS), rows)]
    return "\n\n".join(parts)


def _place(section: str) -> int:
    return SECTION_ORDER.index(section) if section in SECTION_ORDER else len(SECTION_ORDER)


def _meaning(section: str, key: str, comment: str) -> str:
    group, _, last = key.rpartition(".")
    return comment or KEYS_SAY.get(f"{section}.{last}") or KEYS_SAY.get(f"{section}.{group}", "")


def _values(section: str, key: str) -> list[str]:
    path = [part for part in (section, *key.split(".")) if part]
    presets = _presets()
    return [_shown(_look(presets[name], path, _look(presets["defaults"], path, None))) for name in PRESETS]


def _look(values: object, path: Sequence[str], default: object) -> object:
    for part in path:
        if not isinstance(values, Mapping) or part not in values:
            return default
        values = values[part]
    return values


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items() if each is not False)
    if isinstance(value, list):
        if value and all(isinstance(each, Mapping) for each in value):
            return ", ".join(f"{each['name']} ({each['source']})" for each in value)
        return ", ".join(_shown(each) for each in value) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


# Outputs


def sections() -> str:
    """The dashboard's sections: their names in markers, their headings, what each says and what it takes."""
    from vaultcrm.render.dashboard import ELSEWHERE, SECTIONS

    en, zh = labels("en"), labels("zh")
    return table(
        ("name", "heading", "Chinese", "what", "takes"),
        (
            (
                f"`{row.name}`",
                en[f"section.{row.name}"],
                zh[f"section.{row.name}"],
                first_sentence(row.text),
                ", ".join(f"`{option}`" for option in row.takes),
            )
            for row in (*SECTIONS, *ELSEWHERE)
        ),
    )


def export() -> str:
    """Every key of `export json`, with a value of the example vault; and the columns of `export csv`."""
    from vaultcrm.render.export import COLUMNS

    said = _exported()
    client = said["clients"][0]
    parts = [_keys("", {k: v for k, v in said.items() if k != "metrics"}), "## A client"]
    parts += [_keys("client", client), "## A touchpoint", _keys("touchpoint", _longest(said, "touchpoints"))]
    parts += ["## A warning", _keys("warning", _longest(said, "warnings"))]
    parts += ["## A task", _keys("task", said["tasks"][0])]
    parts += ["## A diagnostic", _keys("diagnostic", said["diagnostics"][0])]
    parts += ["## Metrics", measures(), "## The columns of the CSV", code(COLUMNS) + "."]
    return "\n\n".join(parts)


def _longest(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return max((each for client in said["clients"] for each in client[name]), key=lambda each: len(str(each)))


def _keys(of: str, values: Mapping[str, object]) -> str:
    meanings = EXPORT[of]
    if set(meanings) - {"metrics"} != set(values):
        differ = set(meanings) ^ set(values)
        raise SystemExit(
            f"tools/reference.py: EXPORT does not say what these keys mean, or too much: {differ}"
        )
    return table(
        ("key", "meaning", "example"), ((f"`{k}`", meanings[k], _example(v)) for k, v in values.items())
    )


def _example(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Mapping):
        return "`{" + ", ".join(f'"{name}": {each}' for name, each in list(value.items())[:2]) + ", …}`"
    text = '"' + value + '"' if isinstance(value, str) else str(value)
    shown = {"None": "null", "True": "true", "False": "false"}.get(text, text)
    return f"`{shown if len(shown) <= 44 else shown[:40] + '…'}`"


@cache
def _exported() -> Mapping[str, Any]:
    """The export of a golden vault, with a note that has a mistake."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(
            shutil.copytree(ROOT / "tests" / "vaults" / "enterprise-en" / "vault", Path(folder, "vault"))
        )
        (root / "Clients" / "Acme.md").write_text("---\nsince: 2026-02-30\n---\n", encoding="utf-8")
        exported: Mapping[str, Any] = json.loads(run("export", "json", "--today", DAY, "--vault", root))
        return exported


def commands_zh() -> str:
    """Every command with the first line of its Chinese help."""
    from typer.main import get_command

    from vaultcrm.cli.commands import command_line

    app = command_line()
    return table(("命令", "做什么"), _commands_zh("", get_command(app)))


def _commands_zh(name: str, command: object) -> Iterator[tuple[str, str]]:
    from vaultcrm.app.opening import book

    subcommands: Mapping[str, object] = getattr(command, "commands", {})
    for word, each in subcommands.items():
        if not getattr(each, "hidden", False):
            yield from _commands_zh(f"{name} {word}".strip(), each)
    if not subcommands:
        told = " ".join((getattr(command, "help", None) or "").strip().split("\n\n")[0].split())
        yield f"`vaultcrm {name}`", book("zh").say(told).rstrip("。")


KINDS = {
    "client": ("Client", "客户"),
    "person": ("Person", "联系人"),
    "project": ("Project or order", "项目、订单"),
    "interaction": ("Interaction", "沟通记录"),
    "feedback": ("Feedback", "反馈"),
}

VALUES_ZH = {
    "text": "文字",
    "texts": "文字，可多个",
    "choice": "固定用词",
    "date": "日期",
    "dates": "日期，可多个",
    "links": "链接，可多个",
    "link": "链接",
    "yes or no": "是 / 否",
    "channel": "沟通方式",
    "projects": "项目列表",
    "yearly date": "每年的日期，可用农历",
    "interval": "间隔",
    "ids": "编号",
    "score 1–10": "1–10 分",
    "score 0–10": "0–10 分",
    "score 1–5": "1–5 分",
    "money": "金额",
    "date or yes": "日期，或“是”",
    "topics": "话题，可多个",
    "attitude": "积极 / 中性 / 消极，或 −2 … 2",
}

VOCABULARY = {
    "Kinds of notes (`type`)": "KINDS_OF_NOTE",
    "Folders": "FOLDERS",
    "Status of a client": "CLIENT_STATUS",
    "Lifecycle stages": "STAGES",
    "Status of a project": "PROJECT_STATUS",
    "Channels": "CHANNELS",
    "Kinds of interactions": "KINDS",
    "Topics (`about`)": "TOPICS",
    "Direction": "DIRECTIONS",
    "Sentiment": "SENTIMENTS",
    "Yes and no": "YES_NO",
}

SETTLED_OTHERWISE = {"minutes": "the note being filled in", "follow-up": "ticking the task"}

SECTION_ORDER = (
    "",
    "stages",
    "cadence",
    "tiers",
    "planning",
    "touchpoints",
    "referral_ask",
    "greetings",
    "health",
)

SECTIONS_SAY = {
    "cadence": "How often to be in touch, by stage and phase or by tier. Intervals are written like "
    "`10 days`, `2 weeks`, `1 month`.",
    "touchpoints": "`off` switches a rule off. `every`: the interval of one that recurs. `after`: from what "
    "happened to the due day. `lead`: how many days early it is shown, and may be settled. `stages`, "
    "`tiers`: for whom; all where it is absent. `settled_by`: kinds of interactions, `any` for every "
    "contact. `about`: topics that settle it, too. A rule of your own needs `every` and `settled_by`.",
}

KEYS_SAY = {
    "cadence.in_project": "while a project is running",
    "cadence.after": "outside of projects",
    "cadence.tiers": "by tier",
    "tiers.aliases": "other names of the tier",
    "touchpoints.off": "switched off",
    "touchpoints.every": "how often",
    "touchpoints.lead": "days before it is due",
    "touchpoints.settled_by": "kinds that settle it",
    "touchpoints.about": "topics that settle it",
    "touchpoints.stages": "for whom",
    "touchpoints.tiers": "for whom",
}

EXPORT = {
    "": {
        "as_of": "the day asked about",
        "policy": "the preset",
        "currency": "of all amounts",
        "clients": "all clients, by name",
        "tasks": "open follow-ups, by due day",
        "metrics": "see below",
        "diagnostics": "problems in the notes",
    },
    "client": {
        "name": "the client's name",
        "path": "their note",
        "status": "`active`, `paused`, `lost` or `archived` on that day",
        "owner": "the one responsible",
        "stage": "lifecycle stage in force: pinned by hand, else computed",
        "computed_stage": "the stage that the projects give",
        "projects": "how many projects count",
        "in_project": "whether one is running",
        "amount_12m": "ordered in the last 365 days",
        "amount_total": "ordered ever",
        "tier": "tier in force: pinned by hand, else computed",
        "computed_tier": "the tier that the scheme gives",
        "scores": "the scores of the scheme by name; null for schemes without",
        "score": "their weighted sum; null for schemes without",
        "last_contact": "day of the last contact",
        "estimated": "whether the next contact counts from something else than a contact",
        "next_contact": "day on which the next contact is due",
        "planned": "day on which it is planned",
        "interval_days": "how many days are between two contacts",
        "overdue_days": "how many days it is overdue",
        "priority": "who comes first: more is more urgent",
        "health": "0 to 100",
        "health_parts": "its parts that have data, 0 to 100 each",
        "band": "`healthy`, `watch` or `at-risk`",
        "touchpoints": "what is due within 12 months, by due day and id",
        "warnings": "what is going wrong, by id",
    },
    "touchpoint": {
        "id": "the rule",
        "kind": "the first kind that settles it; null where no record does",
        "due": "day on which it is due",
        "planned": "day on which it is planned",
        "bundled": "whether it goes along with the next contact",
        "title": "in the vault's language",
        "anchor": "the day that it is counted from",
    },
    "warning": {
        "id": "the rule",
        "severity": "`high`, `medium` or `low`",
        "message": "in the vault's language",
        "evidence": "where it was written: `path` and `line`",
    },
    "task": {
        "text": "without dates and marks",
        "client": "whose it is",
        "due": "day on which it is due",
        "path": "the note that it stands in",
        "line": "and the line there",
    },
    "diagnostic": {
        "path": "the note",
        "line": "from 1",
        "column": "from 1, in characters",
        "severity": "`error` or `warning`",
        "code": "see [errors](errors.md)",
        "message": "in the vault's language",
        "remedy": "what to do",
    },
}

TABLES: dict[str, Callable[[], str]] = {
    "properties": properties,
    "properties-zh": properties_zh,
    "words": words,
    "touchpoints": touchpoints,
    "touchpoints-zh": touchpoints_zh,
    "warnings": warnings,
    "warnings-zh": warnings_zh,
    "health": health,
    "tiers": tiers,
    "measures": measures,
    "policy": policy,
    "sections": sections,
    "export": export,
    "commands-zh": commands_zh,
}
