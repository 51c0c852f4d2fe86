"""Vaults whose feeds are shown to calendar programs, and what happens to one of them from day to day."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, copy_vault, write_vault

FEED = "CRM/follow-ups.ics"
CONFIG = 'policy = "studio"\nlanguage = "en"\ncurrency = "EUR"\n[paths]\nvault = "My vault & more"\n'


def indexed(vault: Path, day: str = AS_OF) -> bytes:
    """The feed of a vault, made anew."""
    outcome = run_cli("index", "--vault", vault, "--today", day)
    assert outcome.status == 0, outcome.text()
    return (vault / FEED).read_bytes()


def client(name: str, *lines: str, log: str = "") -> str:
    """A client's note; ``name`` is written as YAML reads it back."""
    quoted = '"' + "".join(_in_quotes(each) for each in name) + '"'
    front = "\n".join(["---", "type: client", f"name: {quoted}", *lines, "---"])
    return f"{front}\n\n## Log\n\n{log}\n"


def _in_quotes(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\u{ord(character):04x}"


# ------------------------------------------------------------------------------------------------- vaults


def typical(folder: Path) -> Path:
    """The golden vault in English."""
    return copy_vault("studio-en", folder)


def chinese(folder: Path) -> Path:
    """The golden vault in Chinese."""
    return copy_vault("studio-zh", folder)


def empty(folder: Path) -> Path:
    """No client at all."""
    return write_vault(folder / "empty", {"vaultcrm.toml": CONFIG})


def hostile(folder: Path) -> Path:
    """Names and texts that calendar programs stumble over."""
    files = {"vaultcrm.toml": CONFIG}
    for number, name in enumerate(HOSTILE):
        lines = [
            f"id: hostile-{number}",
            "goal: 'x; y, z \\n \\N'",
            f"next_contact: 2026-12-{number % 28 + 1:02}",
        ]
        log = f"- 2026-11-0{number % 9 + 1} email: said {name.split(chr(10))[0]}\n"
        files[f"Clients/hostile {number}.md"] = client(name, *lines, log=log)
    return write_vault(folder / "hostile", files)


def birthdays(folder: Path) -> Path:
    """Nothing but birthdays: with and without a year, at the end of February, lunar, in a leap month."""
    dates = [f"{month:02}-{day:02}" for month in range(1, 13) for day in (1, 15, 28)]
    dates += ["02-29", "1988-02-29", "1988-05-20", "2000-12-31", "2001-01-01"]
    dates += ["lunar 08-15", "lunar 01-01", "lunar 12-30", "lunar 1985-08-15", "lunar 1987-闰06-15"]
    files = {"vaultcrm.toml": CONFIG}
    for number, day in enumerate(dates):
        files[f"Clients/Born {number:02}.md"] = client(
            f"Born {number:02}", f"birthday: {day}", f"id: born-{number}"
        )
    return write_vault(folder / "birthdays", files)


def large(folder: Path) -> Path:
    """A thousand clients, each with a contact and a birthday."""
    files = {"vaultcrm.toml": "capacity = 0\n" + CONFIG}
    for number in range(1000):
        lines = [f"id: many-{number}", f"birthday: {number % 12 + 1:02}-{number % 28 + 1:02}"]
        log = f"- 2026-{number % 10 + 1:02}-{number % 27 + 1:02} phone: spoke about number {number}\n"
        files[f"Clients/Many {number:04}.md"] = client(f"Many {number:04} 客户", *lines, log=log)
    return write_vault(folder / "large", files)


VAULTS: dict[str, Callable[[Path], Path]] = {
    "typical": typical,
    "chinese": chinese,
    "empty": empty,
    "hostile": hostile,
    "birthdays": birthdays,
    "large": large,
}

EACH = [pytest.param(name, marks=pytest.mark.slow) if name == "large" else name for name in VAULTS]
"""The names of the vaults as parameters of a test; the large one takes its time."""

HOSTILE = (
    "C:\\Notes\\New",
    "\\N \\n \\, \\;",
    "semi;colon, comma: colon",
    "\"quoted\" 'single'",
    "line\nbreak",
    "tab\there",
    "END:VEVENT",
    "BEGIN:VALARM\nATTENDEE:mailto:x@y.example",
    "שלום עולם",
    "مرحبا",
    "👩\u200d💻 emoji 🇩🇪",
    "é" * 90,
    "中文名称" * 30,
    "e\u0301 combining",
    "a" * 180,
    "  blanks   around  ",
    "<b>html</b> & &amp;",
    "%41 %s {0} $(x)",
    "DTSTART;VALUE=DATE:20200101",
    "\u202eright to left",
)


# ---------------------------------------------------------------------------------- from day to day


def first(vault: Path) -> None:
    """Three clients: one to be contacted, one with a task, one with a birthday."""
    write_vault(
        vault,
        {
            "vaultcrm.toml": CONFIG,
            "Clients/Acme.md": client(
                "Acme", "id: a-1", "next_contact: 2026-12-01", log="- 2026-11-02 phone: began"
            ),
            "Clients/Bolt.md": client(
                "Bolt", "id: b-2", "next_contact: 2026-12-08", log="- 2026-11-03 email: asked"
            ),
            "Clients/Cato.md": client("Cato", "id: c-3", "birthday: 1988-05-20", "next_contact: 2026-12-10"),
            "Interactions/2026-11-05 Bolt call.md": (
                "---\ntype: interaction\nclient: '[[Bolt]]'\n---\n- [ ] send the quote 📅 2026-11-27\n"
            ),
        },
    )


def _rewrite(vault: Path, path: str, old: str, new: str) -> None:
    note = vault / path
    text = note.read_text(encoding="utf-8")
    assert old in text
    note.write_text(text.replace(old, new), encoding="utf-8")


def reschedule(vault: Path) -> None:
    """A contact is agreed for another day."""
    _rewrite(vault, "Clients/Acme.md", "2026-12-01", "2026-12-15")


def retitle(vault: Path) -> None:
    """A task is worded anew, and a client is called otherwise."""
    _rewrite(vault, "Interactions/2026-11-05 Bolt call.md", "send the quote", "send the new quote, signed")
    _rewrite(vault, "Clients/Cato.md", 'name: "Cato"', 'name: "Cato & Sons"')


def done(vault: Path) -> None:
    """The task is done."""
    _rewrite(vault, "Interactions/2026-11-05 Bolt call.md", "- [ ]", "- [x]")


def add(vault: Path) -> None:
    """A client is new."""
    write_vault(vault, {"Clients/Dune.md": client("Dune", "id: d-4", "next_contact: 2026-12-20")})


def rename(vault: Path) -> None:
    """A client's note is moved and renamed."""
    (vault / "Clients/Old").mkdir()
    os.replace(vault / "Clients/Bolt.md", vault / "Clients/Old/Bolt Ltd.md")
    _rewrite(vault, "Interactions/2026-11-05 Bolt call.md", "[[Bolt]]", "[[Bolt Ltd]]")


STEPS: tuple[Callable[[Path], None], ...] = (first, reschedule, retitle, done, add, rename)
