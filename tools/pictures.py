"""Pictures for the documentation, drawn from what is there: imports between floors, a note and its dashboard.

Each function gives an SVG file as text, the same for the same code; `docs` writes them and tells stale ones.
"""

from __future__ import annotations

import ast
import html
import re
import tempfile
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from program import ROOT, run

SOURCE = ROOT / "src" / "vaultcrm"
SANS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
STYLE = f"""\
text {{ font: 13px {SANS}; fill: #24292f }}
.mono {{ font: 12px {MONO} }}
.head {{ font-weight: 600 }}
.faint {{ fill: #6e7781 }}
.link {{ fill: #6639ba }}
.panel {{ fill: #ffffff; stroke: #d0d7de }}
.bar {{ fill: #f6f8fa; stroke: #d0d7de }}
.alarm {{ fill: #fff5f5 }}
.rule {{ fill: #cf222e }}
.arc {{ fill: none; stroke: #6639ba }}
.arrow {{ fill: #6e7781 }}"""


def svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    """A whole file; ``title`` is what is read out to those who do not see."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    said = f"<title>{html.escape(title)}</title>"
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', said]
    lines += [f"<style>\n{STYLE}\n</style>"]
    return "\n".join([*lines, *parts, "</svg>", ""])


def text(x: float, y: float, said: str, classes: str = "") -> str:
    """A line of text; ``y`` is its base line."""
    kind = f' class="{classes}"' if classes else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{html.escape(said, quote=False)}</text>'


def box(x: float, y: float, width: float, height: float, classes: str, radius: float = 6) -> str:
    """A rectangle."""
    size = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
    return f'<rect {size} class="{classes}"/>'


# The floors


class Room(NamedTuple):
    """A part of the package, a folder or a module at its top, and what it is for."""

    name: str
    purpose: str


def rooms() -> list[Room]:
    """The rooms of the package from the top floor down, in the order in which import-linter has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    found = []
    for layer in contract["layers"]:
        for name in re.findall(r"\b[a-z]\w*", layer):
            path = SOURCE / name
            opening = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            if opening.exists():
                found.append(Room(name, _purpose(opening)))
    return found


def _purpose(path: Path) -> str:
    """The first sentence of a module's docstring."""
    opening = (ast.get_docstring(ast.parse(path.read_bytes())) or "").partition("\n\n")[0]
    sentence = " ".join(opening.split()).partition(". ")[0].rstrip(".").replace("`", "")
    return re.sub(r" ?\(specification[^)]*\)", "", sentence)


def imports() -> Counter[tuple[str, str]]:
    """How many imports there are from room to room; those within a room are left out."""
    names = {room.name for room in rooms()}
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for target in _imported(ast.parse(path.read_bytes())):
            if room in names and target in names and target != room:
                counts[room, target] += 1
    return counts


def _imported(tree: ast.Module) -> Iterator[str]:
    """The rooms that a module names in its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vaultcrm."):
            yield (node.module or "").split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "vaultcrm":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith("vaultcrm.")
            )


def floors() -> str:
    """The rooms, one below the other, with an arc for every import from one to another."""
    places: dict[str, float] = {}
    parts = []
    y = 12.0
    for room in rooms():
        lines = wrapped(room.purpose, 450)
        height = 14 + 18 * len(lines)
        parts += [box(12, y, 600, height, "panel"), text(26, y + 20, room.name, "head")]
        parts += [text(130, y + 20 + 18 * n, line) for n, line in enumerate(lines)]
        places[room.name] = y + 15
        y += height + 10
    deepest = max(places.values()) - min(places.values())
    for (above, below), count in sorted(imports().items()):
        top, bottom = places[above], places[below]
        reach = 620 + 40 + 190 * abs(bottom - top) / deepest
        path = f"M 612 {top:.0f} C {reach:.0f} {top:.0f} {reach:.0f} {bottom:.0f} 618 {bottom:.0f}"
        strength = 1 + sum(count >= many for many in MANY)
        parts.append(f'<path d="{path}" class="arc" stroke-width="{strength}" opacity="0.55"/>')
        parts.append(f'<path d="M 612 {bottom:.0f} l 9 -4 v 8 z" class="link"/>')
    return svg(820, y + 2, "The floors of vaultcrm; every import leads down", parts)


# A note becomes a dashboard

NOTE = """\
---
type: client
owner: mira
contact: Ann Keller
email: ann@harbour-books.example
birthday: 11-26
projects:
  - {title: Shop and website,
     start: 2026-06-01,
     delivered: 2026-10-09,
     amount: 8400}
---

## Log

- 2026-10-08 phone: happy with it,
  may open a second shop #opportunity +2
"""
NOTE_ZH = """\
---
type: 客户
责任人: 阿宁
联系人: 安澜
沟通偏好: 微信
微信: anlan-demo
生日: 农历十月十八
合作项目:
  - {title: 书店和网站,
     start: 2026-06-01,
     delivered: 2026-10-09,
     amount: 6万}
---

## 沟通记录

- 2026-10-08 微信: 很满意，想开分店 #商机 +2
"""


class Example(NamedTuple):
    """What is drawn: a note in a vault of its own, and how the picture is read out."""

    path: str
    note: str
    config: str
    title: str


EXAMPLES: Mapping[str, Example] = {
    "en": Example(
        "Clients/Harbour Books.md",
        NOTE,
        'policy = "studio"\ncurrency = "EUR"\n\n[tiers]\na_amount = 20000\nb_amount = 6000\n',
        "A client's note, and the dashboard and calendar that vaultcrm writes from it on {day}",
    ),
    "zh": Example(
        "客户/港湾书店.md",
        NOTE_ZH,
        'policy = "studio"\nlanguage = "zh"\ncurrency = "CNY"\n',
        "一篇客户笔记，以及 vaultcrm 在 {day} 根据它写出的看板和日历",
    ),
}
DAY = "2026-11-20"
LEFT, RIGHT, WIDE = 12, 400, 560
_WORD = re.compile(r"[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff][，。、；：？！）》”]*\s*|\s+")
_LINK = re.compile(r"\[\[[^\]|]*\|([^\]]*)\]\]|\[([^\]]*)\]\([^)]*\)")


class Run(NamedTuple):
    """A stretch of text of one kind."""

    said: str
    classes: str


def note(language: str) -> str:
    """A client's note, and what the program writes because of it: dashboard and calendar."""
    example = EXAMPLES[language]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / example.path).parent.mkdir()
        (root / example.path).write_text(example.note, encoding="utf-8")
        (root / "vaultcrm.toml").write_text(example.config, encoding="utf-8")
        run("index", "--today", DAY, "--vault", root)
        dashboard = (root / "CRM" / "Dashboard.md").read_text(encoding="utf-8")
        feed = (root / "CRM" / "follow-ups.ics").read_bytes().decode("utf-8")
    lines = example.note.rstrip("\n").split("\n")
    panel, below = _panel(RIGHT, 12, "CRM/Dashboard.md", _markdown(_section(dashboard, "today")))
    calendar, bottom = _panel(RIGHT, below + 14, "CRM/follow-ups.ics", _events(feed))
    bottom = max(bottom, 66 + 18 * len(lines))
    height = bottom - 12
    parts = [box(LEFT, 12, 340, height, "panel"), box(LEFT, 12, 340, 30, "bar")]
    parts += [text(LEFT + 14, 32, example.path, "head")]
    parts += [
        text(LEFT + 14, 66 + 18 * n, line.replace(" ", "\u00a0"), "mono") for n, line in enumerate(lines)
    ]
    middle = 12 + height / 2
    parts.append(f'<path d="M 362 {middle - 7:g} h 14 v -8 l 14 15 l -14 15 v -8 h -14 z" class="arrow"/>')
    return svg(RIGHT + WIDE + 12, bottom + 12, example.title.format(day=DAY), [*parts, *panel, *calendar])


def _section(page: str, name: str) -> str:
    found = re.search(
        rf"<!-- vaultcrm:begin {name} -->\n\n## [^\n]*\n\n(.*?)\n\n<!-- vaultcrm:end", page, re.DOTALL
    )
    assert found is not None, f"the dashboard has no section {name}"
    return found[1]


def _events(feed: str) -> Iterator[tuple[int, list[Run]]]:
    """The first days of the feed, as a calendar shows them."""
    unfolded = feed.replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")
    found = re.findall(r"DTSTART;VALUE=DATE:(\d{8})\r\n.*?\r\nSUMMARY:(.*?)\r\n", unfolded, re.DOTALL)
    for day, summary in sorted(found)[:2]:
        yield 0, [Run(f"{day[:4]}-{day[4:6]}-{day[6:]}   ", "head"), Run(summary, "")]


def _markdown(source: str) -> Iterator[tuple[int, list[Run]]]:
    """Lines of Markdown as stretches of text with their depth; -1 within a callout."""
    for line in source.split("\n"):
        quoted = line.startswith(">")
        bare = line.removeprefix(">").removeprefix(" ") if quoted else line
        if not bare.strip() or bare.startswith("[!"):
            continue
        depth = len(bare) - len(bare.lstrip(" "))
        bullet = bare.lstrip().startswith("- ")
        said = html.unescape(bare.lstrip().removeprefix("- "))
        runs = [Run("•  ", "faint")] if bullet else []
        for number, piece in enumerate(re.split(r"\*\*", said)):
            kind = "head" if number % 2 else ""
            runs += _linked(piece, kind)
        yield (-1 if quoted else depth), runs


def _linked(piece: str, kind: str) -> Iterator[Run]:
    at = 0
    for found in _LINK.finditer(piece):
        yield Run(piece[at : found.start()], kind)
        yield Run(found[1] or found[2], f"{kind} link".strip())
        at = found.end()
    yield Run(piece[at:], kind)


def _panel(x: float, y: float, title: str, lines: Iterator[tuple[int, list[Run]]]) -> tuple[list[str], float]:
    """A panel with a title and lines of text, and where it ends."""
    parts, at, within = [], y + 54, False
    for depth, runs in lines:
        at += 12 if within and depth >= 0 else 0  # a callout is over
        within = depth < 0
        indent = 14 if depth < 0 else 10 * depth
        rows = list(_rows(runs, WIDE - 40 - indent))
        if depth < 0:
            height = 20 * len(rows)
            parts += [
                box(x + 14, at - 15, WIDE - 28, height + 1, "alarm", 0),
                box(x + 14, at - 15, 3, height + 1, "rule", 0),
            ]
        for row in rows:
            spans = "".join(_span(each) for each in row)
            parts.append(f'<text x="{x + 14 + indent:g}" y="{at:g}" xml:space="preserve">{spans}</text>')
            at += 20
    frame = [
        box(x, y, WIDE, at - y, "panel"),
        box(x, y, WIDE, 30, "bar"),
        text(x + 14, y + 20, title, "head"),
    ]
    return [*frame, *parts], at


def _span(piece: Run) -> str:
    said = html.escape(piece.said, quote=False)
    return f'<tspan class="{piece.classes}">{said}</tspan>' if piece.classes else said


def _rows(runs: Sequence[Run], width: float) -> Iterator[list[Run]]:
    """The runs in rows that are no wider than this; what goes on is set in a little."""
    row: list[Run] = []
    used = 0.0
    for each in runs:
        for word in _WORD.findall(each.said):
            wide = extent(word) * (1.08 if "head" in each.classes else 1)
            if row and used + wide > width:
                yield row
                row, used = [Run("    ", "")], extent("    ")
            row.append(Run(word, each.classes))
            used += wide
    yield row


def wrapped(said: str, width: float) -> list[str]:
    """A text in lines that are no wider than this."""
    return ["".join(each.said for each in row).strip() for row in _rows([Run(said, "")], width)]


def extent(said: str) -> float:
    """About how wide a text of 13 pixels is: rather too much than too little."""
    return sum(13.0 if unicodedata.east_asian_width(each) in "WF" else 7.0 for each in said)


MANY = (10, 30)
"""From so many imports on an arc is thicker: a picture that changed with every import would only annoy."""

PICTURES: Mapping[str, Callable[[], str]] = {
    "docs/pictures/floors.svg": floors,
    "docs/pictures/note-to-dashboard.svg": partial(note, "en"),
    "docs/pictures/note-to-dashboard.zh.svg": partial(note, "zh"),
}
