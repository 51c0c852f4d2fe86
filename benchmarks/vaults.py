"""Makes a vault of any size for measuring: the same bytes for the same size, everywhere.

A tenth of the notes are clients, six tenths interactions, the rest projects and notes of no kind. What they
say is made up; what matters is that lengths, kinds, tasks, code fences and links occur as in real vaults.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

DAY = date(2026, 11, 20)
"""The day for which the vault is made: all notes are dated before it."""

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


def make_vault(root: Path, notes: int, seed: int = 7) -> Path:
    """Make a vault with so many notes; gives the interaction that a benchmark changes."""
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
    _write(root / "vaultcrm.toml", 'policy = "studio"\nlanguage = "en"\ntimezone = "UTC"\ncurrency = "EUR"\n')
    return changed


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
