"""Makes a vault of any size for measuring: the same bytes for the same size, everywhere.

A tenth of the notes are clients, six tenths interactions, the rest projects and notes of no kind. What they
say is made up; what matters is that lengths, kinds, tasks, code fences and links occur as in real vaults. The
same vault can be had in Chinese, or with every tenth note as sync programs and haste leave them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

DAY = date(2026, 11, 20)
"""The day for which the vault is made: all notes are dated before it."""

CLEAN, CHINESE, MESSY = "clean", "Chinese", "messy"
"""How a vault is written."""

_PROPERTIES = (
    ("client", "客户"),
    ("date", "日期"),
    ("channel", "渠道"),
    ("kind", "类型"),
    ("owner", "负责人"),
)
_CHARACTERS = "报告已经发出他们希望第二稿更短董事会开会之前再谈一次范围缩小预算移到春天团队还在等数字"
_SYLLABLES = (
    "ar",
    "bel",
    "cor",
    "dan",
    "el",
    "fin",
    "gar",
    "hol",
    "is",
    "jun",
    "kel",
    "lor",
    "mar",
    "nor",
    "ost",
)
_WORDS = (  # noqa: SIM905 - a text is easier to read than a list
    "the report was sent and they asked for a second draft with shorter sentences before the board meets "
    "again we agreed on a smaller scope since the budget moves into spring while the team waits for numbers"
).split()
_CHANNELS = ("call", "email", "visit", "video")
_KINDS = ("contact", "contact", "contact", "insight", "complaint", "survey")


def make_vault(root: Path, notes: int, style: str = CLEAN, seed: int = 7) -> Path:
    """Make a vault with so many notes; gives the interaction that a benchmark changes.

    ``style`` is `CLEAN`, `CHINESE` or `MESSY`.
    """
    chance = random.Random(seed)
    clients = [_name(chance, number) for number in range(notes // 10)]
    for name in clients:
        _write(root / "Clients" / f"{name}.md", _client(chance, name))
    changed = root
    for number in range(notes * 6 // 10):
        about = clients[chance.randrange(len(clients))]
        day = DAY - timedelta(days=chance.randrange(1, 700))
        changed = root / "Interactions" / str(day.year) / f"{day} {number}.md"
        _write(changed, _interaction(chance, about, day))
    for number in range(notes // 50):
        _write(root / "Projects" / f"Project {number}.md", _project(chance, clients))
    for number in range(notes - notes // 10 - notes * 6 // 10 - notes // 50):
        _write(root / "Notes" / f"{number % 12:02}" / f"Note {number}.md", _body(chance, clients))
    if style == CHINESE:
        _restyle(root, _in_chinese)
    elif style == MESSY:
        _restyle(root, _in_haste)
    language = "zh" if style == CHINESE else "en"
    _write(
        root / "vaultcrm.toml",
        f'policy = "studio"\nlanguage = "{language}"\ntimezone = "UTC"\ncurrency = "EUR"\n',
    )
    return changed


def _restyle(root: Path, style: Callable[[str, int], bytes]) -> None:
    """Write all notes anew, each in a style; ``style`` takes a note's text and its number."""
    for number, path in enumerate(sorted(root.rglob("*.md"))):
        path.write_bytes(style(path.read_text(encoding="utf-8"), number))


def _in_chinese(text: str, number: int) -> bytes:
    """The note with Chinese property names and Chinese prose of the same length in bytes."""
    del number
    for name, chinese in _PROPERTIES:
        text = text.replace(f"\n{name}: ", f"\n{chinese}: ")
    for word, chinese in zip(_WORDS, _CHARACTERS * 9, strict=False):
        text = text.replace(f" {word} ", f"{chinese}")
    return text.encode()


def _in_haste(text: str, number: int) -> bytes:
    """Every tenth note with a slip, or as another system saves it; the others as they are."""
    if number % 10:
        return text.encode()
    slip = number // 10 % 5
    if slip == 0:
        return text.replace("\n", "\r\n").encode()
    if slip == 1:
        return b"\xef\xbb\xbf" + text.encode()
    if slip == 2:
        return text.replace("date: 20", "date: the day after 20", 1).encode()
    if slip == 3:
        return text.replace('client: "', 'client: ["', 1).encode()
    return text.replace("channel: ", "channel：", 1).encode() + b"- [ ] caf\xe9\n"


def _name(chance: random.Random, number: int) -> str:
    return "".join(chance.sample(_SYLLABLES, 3)).capitalize() + f" {number}"


def _client(chance: random.Random, name: str) -> str:
    since = DAY - timedelta(days=chance.randrange(100, 1500))
    born = DAY - timedelta(days=chance.randrange(9000, 20000))
    head = f"type: client\nname: {name}\nowner: {chance.choice(('mira', 'jonas'))}\nsince: {since}\n"
    head += f"channel: email\nbirthday: {born}\n" if chance.random() < 0.7 else ""
    return (
        f"---\n{head}tags: [{chance.choice(('retail', 'health', 'public'))}]\n---\n\n{_body(chance, (name,))}"
    )


def _interaction(chance: random.Random, about: str, day: date) -> str:
    kind = chance.choice(_KINDS)
    head = f'type: interaction\nclient: "[[{about}]]"\ndate: {day}\nchannel: {chance.choice(_CHANNELS)}\n'
    head += f"kind: {kind}\n" if kind not in ("contact", "survey") else ""
    return f"---\n{head}---\n\n{_body(chance, (about,))}"


def _project(chance: random.Random, clients: list[str]) -> str:
    start = DAY - timedelta(days=chance.randrange(30, 900))
    head = f'type: project\nclient: "[[{chance.choice(clients)}]]"\nstart: {start}\n'
    delivered = start + timedelta(days=chance.randrange(20, 200))
    head += f"delivered: {delivered}\n" if delivered < DAY else ""
    return f"---\n{head}amount: {chance.randrange(1, 60)}000\n---\n"


def _body(chance: random.Random, names: tuple[str, ...] | list[str]) -> str:
    parts = [_sentence(chance) for _ in range(chance.randrange(2, 12))]
    if chance.random() < 0.4:
        day = DAY + timedelta(days=chance.randrange(-20, 60))
        parts.append(f"- [{chance.choice(' x')}] {_sentence(chance)[:40]} 📅 {day}")
    if chance.random() < 0.4:
        parts.append("```sh\n- [ ] this is code\n```")
    if chance.random() < 0.6:
        parts.append(f"See [[{chance.choice(names)}]].")
    return "\n\n".join(parts) + "\n"


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(6, 40))).capitalize() + "."


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
