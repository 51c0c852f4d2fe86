"""The vault that hostile notes are put into: forty valid notes, every hostile one, and a canary outside."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.hostile import files, names, notes, payloads, texts
from tests.hostile.notes import CANARY, Hostile
from tests.support.vaults import write_vault

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper")
CONFIG = """\
policy = "studio"
language = "{language}"
timezone = "Europe/Berlin"
currency = "EUR"
capacity = 0

[capture]
daily = "Daily/"
"""
"""No capacity: else the planned days of some clients would depend on how many others there are."""


def valid_notes(language: str = "en") -> dict[str, str]:
    """A vault of forty notes without a fault."""
    made = {"vaultcrm.toml": CONFIG.format(language=language)}
    for number, name in enumerate(NAMES):
        month, link, owner = number % 9 + 1, f'"[[{name} Works]]"', ("tom", "mira")[number % 2]
        made[f"Clients/{name} Works.md"] = (
            f"---\ntype: client\nid: valid-{number}\nowner: {owner}\nchannel: phone\n"
            f'contact: "[[{name} Person]]"\nsince: 2024-0{month}-10\nreviewed: 2026-10-0{month}\n'
            f"birthday: 1980-11-2{number}\ncontract_end: 2027-01-{10 + number}\n---\n\n## Log\n\n"
            f"- 2026-0{month}-14 phone: spring plans #progress +{number % 3}\n"
            f"- 2026-10-{10 + number} email: the report #insight next:2026-12-{10 + number}\n"
        )
        made[f"People/{name} Person.md"] = (
            f"---\nclient: {link}\nposition: owner\nbirthday: 12-0{month}\n---\n"
        )
        made[f"Projects/{name} site.md"] = (
            f"---\nclient: {link}\nstart: 2026-0{month}-01\ndelivered: 2026-0{month}-25\n"
            f"amount: {number}500\n---\n"
        )
    for number, name in enumerate(NAMES[:5]):
        link = f'"[[{name} Works]]"'
        made[f"Interactions/2026-11-1{number} {name} call.md"] = (
            f"---\nclient: {link}\nkind: {'complaint' if number % 2 else 'review'}\nseverity: 2\n---\n\n"
            f"- [ ] send the offer 📅 2026-11-2{number}\n"
        )
        made[f"Feedback/2026-10-1{number} {name}.md"] = (
            f"---\nclient: {link}\nresult: {number + 5}\nrecommend: {number + 4}\n---\n"
        )
    assert len(made) == 41
    return made


def all_hostile() -> tuple[Hostile, ...]:
    """Every hostile note."""
    return tuple(_all())


def _all() -> Iterator[Hostile]:
    for group in (
        notes.front_matter,
        notes.bombs,
        notes.encodings,
        names.names,
        names.links,
        texts.values,
        texts.items,
        texts.near_misses,
        payloads.everywhere_shown,
        files.conflicts,
        files.files,
    ):
        yield from group()


def write_hostile(vault: Path, hostile: Iterable[Hostile], outside: Path) -> tuple[Hostile, ...]:
    """Put hostile notes into a vault; those that this file system cannot hold are left out.

    Returns:
        Those that stand there now.
    """
    outside.mkdir(parents=True, exist_ok=True)
    secret = f"---\ntype: client\nname: {CANARY}\nclient: {CANARY}\ndate: 2026-11-01\n---\n"
    write_vault(outside, {"secret.md": secret, "Clients/secret.md": secret})
    made = []
    for each in hostile:
        full = os.path.join(os.fsencode(vault), each.path)
        try:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if os.path.lexists(full):  # a file system that ignores case, or Unicode form
                continue
            if each.make is not None:
                each.make(full, outside)
            else:
                with open(full, "wb") as file:
                    file.write(each.data or b"")
        except (OSError, ValueError, AttributeError):
            continue
        made.append(each)
    return tuple(made)


def everything(root: Path) -> dict[bytes, object]:
    """All that stands under a folder: bytes of files, targets of links (not followed), kinds of others."""
    found: dict[bytes, object] = {}
    for folder, below, there in os.walk(os.fsencode(root)):
        for name in (*below, *there):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif not os.path.isfile(path) or status.st_size > 10**9:
                found[path] = (status.st_mode, status.st_size)
            else:
                with open(path, "rb") as file:
                    found[path] = file.read()
    return found
