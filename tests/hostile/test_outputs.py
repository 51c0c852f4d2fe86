"""Hostile texts in every output: they stay text, in notes, calendars, tables and terminals."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import icalendar
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.hostile.names import ODD_STEMS, STEMS
from tests.hostile.payloads import CALENDAR, FORMULAS, PAYLOADS, shown
from tests.policies import preset
from vaultcrm.app.opening import words
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.portfolio import join_readings
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.render.brief import render_brief
from vaultcrm.render.dashboard import render_dashboard
from vaultcrm.render.explain import explain_text, topics
from vaultcrm.render.export import client_dict, export_csv, export_json
from vaultcrm.render.feed import render_feed
from vaultcrm.render.labels import Labels
from vaultcrm.render.month_note import plan_text, render_plan
from vaultcrm.render.review_note import render_review, review_text
from vaultcrm.render.terminal import agenda_text, client_text, github_text, problems_text
from vaultcrm.rules.engine import assess
from vaultcrm.rules.periods import period_of
from vaultcrm.rules.review import Review, look_back

DAY = date(2026, 11, 20)
YEAR = period_of("year", DAY)
TEXTS = {
    f"{group} {number}": text
    for group, texts in (("payload", PAYLOADS), ("formula", FORMULAS), ("calendar", CALENDAR))
    for number, text in enumerate(texts)
}
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Shown:
    """What became of a text that stands everywhere in one client's notes."""

    overview: Overview
    labels: Labels
    last_year: Overview

    @cached_property
    def dashboard(self) -> str:
        return render_dashboard(self.overview, self.labels, "hostile vault").decode()

    @cached_property
    def review(self) -> Review:
        return look_back(YEAR, self.overview, self.last_year, False)

    @cached_property
    def month(self) -> str:
        """The plan and the review."""
        plan = render_plan(self.overview, self.labels, DAY.replace(day=1))
        return (plan + render_review(self.review, self.labels)).decode()

    @cached_property
    def brief(self) -> str:
        return render_brief(self.overview.assessments[0], self.overview, self.labels)


@cache
def shown_as(name: str, language: str) -> Shown:
    files = {each.name: each.data or b"" for each in shown("x", TEXTS[name])}
    return _shown(files, language)


@cache
def harmless() -> Shown:
    """The same client, with nothing in its notes that anybody could take for more than text."""
    return _shown({each.name: each.data or b"" for each in shown("x", "harmless words")}, "en")


def _shown(files: dict[str, bytes], language: str) -> Shown:
    policy, labels = preset(language=language), words(language)
    read = [read_file(SourceFile(path, data), ReadConfig()) for path, data in files.items()]
    portfolio, told = join_readings([reading for reading, _ in read], policy)
    diagnostics: tuple[Diagnostic, ...] = tuple(each for _, own in read for each in own)
    last_year = assess(portfolio, policy, YEAR.first - timedelta(days=1))
    return Shown(assess(portfolio, policy, DAY, (*diagnostics, *told), len(files)), labels, last_year)


names = pytest.mark.parametrize("name", TEXTS)
both = pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param(name, language, marks=[pytest.mark.slow] if (number + other) % 2 else [])
        for number, name in enumerate(TEXTS)
        for other, language in enumerate(LANGUAGES)
    ],
)
"""Each text in one of the languages; in the other in the long form."""


# ------------------------------------------------------------------------------------------------ Markdown

MERMAID = re.compile(r"^```mermaid\n.*?^```$", re.DOTALL | re.MULTILINE)
OURS = re.compile(
    r"^<!-- vaultcrm:[a-z]+[^<>\n]*-->$"
    r"|<!-- (?:(?:month|week-\d|actions) [0-9a-f]{6}|[0-9a-f]{8}-[0-9a-f]{6}) -->$",
    re.MULTILINE,
)
ALIVE = (
    "<%",
    "%%",
    "![",
    "$=",
    "<!--",
    "-->",
    "`",
    "dataview:",
    "{{",
    "{%",
    "::",
    "==",
    "](javascript",
    "](data:",
)
"""What Obsidian, its plugins or template engines would take for more than text, wherever it stands."""


def without_ours(markdown: str) -> str:
    """A generated note without the charts and comments that are our own."""
    return OURS.sub("", MERMAID.sub("", markdown))


@both
def test_markdown_holds_nothing_that_is_alive(name: str, language: str) -> None:
    made = shown_as(name, language)
    for text in (without_ours(made.dashboard), without_ours(made.brief), without_ours(made.month)):
        assert not [sign for sign in ALIVE if sign in text]
        assert not re.search(r"(?m)^\s*(?:~~~|\$\$)", text)
        assert not re.search(r"(?<!\\)~~|(?<![\\\w])\^[\w-]+$", text)
        found = STEERS.search(text)
        assert found is None, found


@names
@pytest.mark.parametrize("html", [True, False], ids=["html", "no html"])
def test_markdown_parser_finds_no_element_of_theirs(name: str, html: bool) -> None:
    made = shown_as(name, "en")
    parser = MarkdownIt("commonmark", {"html": html, "linkify": False}).enable(["table", "strikethrough"])
    for text in (without_ours(made.dashboard), without_ours(made.brief), without_ours(made.month)):
        tokens = list(_flat(parser.parse(text)))
        kinds = {token.type for token in tokens}
        assert not kinds & {
            "html_block",
            "html_inline",
            "image",
            "code_inline",
            "code_block",
            "fence",
            "s_open",
        }
        for token in tokens:
            if token.type == "link_open":
                assert str(token.attrs["href"]).startswith(("tel:", "mailto:"))
    rendered = parser.render(without_ours(made.dashboard)).lower()
    assert not re.search(
        r"<(script|iframe|img|svg|object|embed|style|form|input|a href=\"(?!tel:|mailto:))", rendered
    )


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


@names
def test_tables_stay_tables(name: str) -> None:
    rows = [line for line in shown_as(name, "en").dashboard.split("\n") if line.startswith("|")]
    assert rows
    columns = 0
    for above, row in zip(["", *rows], rows, strict=False):
        count = len(re.findall(r"(?<!\\)\|", row))
        if re.fullmatch(r"\|(?: --- \|)+", row):
            assert columns == count, row
        columns = count if not above or re.fullmatch(r"\|(?: --- \|)+", row) else columns
        assert count == columns or not re.fullmatch(r"\|(?: --- \|)+", above), row
    tables = MarkdownIt("commonmark").enable("table").parse(shown_as(name, "en").dashboard)
    assert sum(token.type == "tr_open" for token in tables) + sum(
        token.type == "table_open" for token in tables
    ) == len(rows)


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if text != "%%"])  # it hides a task
def test_dashboard_of_a_hostile_client_has_the_structure_of_any_other(name: str) -> None:
    assert _structure(shown_as(name, "en").dashboard) == _structure(harmless().dashboard)


def _structure(markdown: str) -> Counter[str]:
    """How many there are of each kind of block, and which regions; how many problems there are may differ."""
    markdown = re.sub(r"(?s)(<!-- vaultcrm:begin problems).*?(<!-- vaultcrm:end)", r"\1 -->\2", markdown)
    markdown = re.sub(r"(?m)^- \*?\*?\d+ (?:problem|error|warning).*\n", "", markdown)
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    kinds = Counter(
        token.type for token in tokens if token.type.endswith("_open") and "item" not in token.type
    )
    comments = Counter(OURS.findall(re.sub(r"vaultcrm:end \w+", "vaultcrm:end", markdown)))
    return kinds + comments


# --------------------------------------------------------------------------------------------------- calendar

ALLOWED = {
    "VCALENDAR": {
        "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", "COLOR", "X-APPLE-CALENDAR-COLOR",
    },
    "VEVENT": {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "SUMMARY", "DESCRIPTION",
        "URL", "CATEGORIES", "TRANSP",
    },
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},
}  # fmt: skip


@both
def test_calendar_has_no_property_but_ours(name: str, language: str) -> None:
    made = shown_as(name, language)
    data = render_feed(made.overview, Feed("f.ics"), made.labels, TEXTS[name])
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.decode().replace("\r\n ", "")
    assert not CONTROLS.search(text.replace("\r\n", "\n"))
    open_now: list[str] = []
    counts: list[Counter[str]] = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = re.match(r"([A-Z-]+)((?:;[A-Z]+=[A-Z0-9/]+)*):(.*)", line)
        assert match, line
        if match[1] == "BEGIN":
            open_now.append(match[3])
            counts.append(Counter())
        elif match[1] == "END":
            assert open_now.pop() == match[3]
            assert max(counts.pop().values()) == 1
        else:
            assert match[1] in ALLOWED[open_now[-1]], line
            counts[-1][match[1]] += 1
    assert not open_now


@names
def test_calendar_gives_the_name_back(name: str) -> None:
    made = shown_as(name, "en")
    data = render_feed(made.overview, Feed("f.ics"), made.labels, "hostile vault")
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    events = list(calendar.walk("VEVENT"))
    assert events
    client = made.overview.assessments[0].client.name
    first = re.split(r"\s", client.replace("\x00", "").strip())[0][:40]
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "", first)
    assert any(plain in str(event["SUMMARY"]) for event in events) or not plain.isascii()
    for event in events:
        assert str(event["URL"]).startswith("obsidian://open?vault=")
        assert str(event["URL"]).isascii()


# --------------------------------------------------------------------------- terminals, other programs


@both
@pytest.mark.parametrize("width", [40, 80])
def test_terminal_gets_text_alone(name: str, language: str, width: int) -> None:
    made = shown_as(name, language)
    assessment = made.overview.assessments[0]
    texts = [
        client_text(assessment, made.overview, made.labels, width, False),
        agenda_text(made.overview, made.labels, 30, None, width, False),
        plan_text(made.overview, made.labels, DAY.replace(day=1), width, False),
        review_text(made.review, made.labels, width, False),
        problems_text(made.overview.diagnostics, made.labels),
        github_text(made.overview.diagnostics, made.labels),
        *(
            explain_text(assessment, made.overview, made.labels, what, width, False)
            for what in topics(assessment)
        ),
    ]
    for text in texts:
        found = STEERS.search(text)
        assert found is None, (found, text)


@names
def test_json_gives_the_name_back_and_steers_nothing(name: str) -> None:
    made = shown_as(name, "en")
    data = export_json(made.overview, made.labels).decode()
    assert not STEERS.search(data)
    (client,) = json.loads(data)["clients"]
    assert client["name"] == made.overview.assessments[0].client.name
    assert json.loads(data)["clients"] == [client_dict(made.overview.assessments[0], made.labels)]


@names
def test_table_has_no_formula(name: str) -> None:
    made = shown_as(name, "en")
    text = export_csv(made.overview, made.labels).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text, newline=""))
    assert len(head) == len(row)
    for cell in row:
        bare = cell.lstrip(" \u00a0\u200b\ufeff")
        assert not bare.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", cell)


# ------------------------------------------------------------------------------------- names of notes


@pytest.mark.parametrize("stem", [*ODD_STEMS, *STEMS])
def test_name_of_a_note_stays_a_name(stem: str) -> None:
    path = f"Clients/{stem.replace('/', '∕')}.md"
    text = "---\ntype: client\n---\n- [ ] call 📅 2026-11-23\n## Log\n- 2026-10-01 phone: x\n"
    made = _shown({path: text.encode()}, "en")
    markdown = without_ours(made.dashboard)
    assert not [sign for sign in ALIVE if sign in markdown.replace("[!", "")]
    kinds = {token.type for token in _flat(MarkdownIt("commonmark").enable("table").parse(markdown))}
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "link_open",
    }
    for link in re.findall(r"\[\[(.*?)\]\]", markdown):
        target = re.split(r"\\?\|", link)[0]
        assert not re.search(r"[#^\[\]|]|%%", target), link
    shown_texts = (
        client_text(made.overview.assessments[0], made.overview, made.labels, 80, False),
        problems_text(made.overview.diagnostics, made.labels),
        github_text(made.overview.diagnostics, made.labels),
        markdown,
    )
    for text in shown_texts:
        assert not STEERS.search(text)
    icalendar.Calendar.from_ical(render_feed(made.overview, Feed("f.ics"), made.labels, "v"))
