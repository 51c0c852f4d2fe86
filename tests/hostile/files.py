"""What stands in a vault and is no ordinary note: copies of sync programs, pipes, links, placeholders."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.notes import MARK, Hostile, note

ORIGINAL = "---\ntype: client\nname: hx Copied\nid: hx-copied\n---\n## Log\n\n- 2026-11-01 phone: x\n"
COPIES = (
    "hx Copied.sync-conflict-20261101-101010-ABCDEFG",
    "hx Copied.sync-conflict-20261101-101010",
    "hx Copied.sync-conflict-20261101-101010-ABCDEFG.sync-conflict-20261102-101010-ABCDEFG",
    "hx Copied (Conflicted copy laptop 202611011010)",
    "hx Copied (mira's conflicted copy 2026-11-01)",
    "hx Copied (mira's conflicted copy 2026-11-01 (1))",
    "hx Copied (conflicted copy 2026-11-01 101010)",
    "hx Copied (mira 的冲突副本 2026-11-01)",
    "hx Copied (SFConflict mira@example.com 2026-11-01-10-10-10)",
    "hx Copied.conflicted.1721584183256",
    "hx Copied.conflict-20261101",
    "hx Copied_laptop_Nov-01-101010-2026_Conflict",
    "hx Copied (kept by vaultcrm)",
    "hx Copied (kept by vaultcrm 2)",
    "hx Copied 2",
    "hx Copied (1)",
    "hx Copied-LAPTOP",
    "hx Copied-LAPTOP-2",
)


MARKERS = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n"


def conflicts() -> Iterator[Hostile]:
    """Copies that sync programs make of a note when two devices wrote at once: told, and counted once."""
    group = "conflicts"
    yield note(group, "Clients/hx Copied.md", ORIGINAL, counts=True)
    for stem in COPIES:
        yield note(group, f"Clients/{stem}.md", ORIGINAL, "conflict-copy")
    other = ORIGINAL.replace("hx Copied", "hx Other").replace("hx-copied", "hx-other")
    yield note(group, "Clients/hx Other 2.md", other, counts=True)
    yield note(
        group,
        "Clients/hx Marked.md",
        f"---\ntype: client\n{MARKERS.format('goal: a', 'goal: b')}---\n{MARKERS.format('a', 'b')}",
        "merge-conflict",
        "duplicate-property",
        counts=True,
    )


Maker = Callable[[bytes, Path], None]


def special(path: str, make: Maker, *codes: str, counts: bool = False) -> Hostile:
    """Something that is no ordinary file."""
    return Hostile("files", os.fsencode(path), None, frozenset(codes), counts, False, make)


def _pipe(full: bytes, outside: Path) -> None:
    os.mkfifo(full)


def _socket(full: bytes, outside: Path) -> None:
    here = os.getcwd()
    os.chdir(os.path.dirname(full))  # a socket's path has 108 bytes at most
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.basename(full))
    finally:
        os.chdir(here)


def _folder(full: bytes, outside: Path) -> None:
    os.mkdir(full)


def _to(target: str) -> Maker:
    return lambda full, outside: os.symlink(target.format(outside=outside), full)


def _sized(size: int, text: str) -> Maker:
    def make(full: bytes, outside: Path) -> None:
        with open(full, "wb") as file:
            file.write(text.encode().ljust(size, b"x"))

    return make


def _sparse(full: bytes, outside: Path) -> None:
    with open(full, "wb") as file:
        file.truncate(10**12)


def files() -> Iterator[Hostile]:
    """Pipes, sockets, links in circles and out of the vault, files of any size, placeholders of clouds."""
    text = "---\ntype: client\n---\n"
    limit = 2 * 1024 * 1024
    yield special("Clients/hx pipe.md", _pipe)
    yield special("Interactions/hx pipe.md", _pipe)
    yield special("Clients/hx socket.md", _socket)
    yield special("Clients/hx folder.md", _folder)
    yield special("Clients/hx self.md", _to("hx self.md"))
    yield special("Clients/hx circle a.md", _to("hx circle b.md"))
    yield special("Clients/hx circle b.md", _to("hx circle a.md"))
    yield special("Clients/hx dangling.md", _to("no such note.md"))
    yield special("Clients/hx parent", _to(".."))
    yield special("Clients/hx here", _to("."))
    yield special("Clients/hx root", _to("../"))
    yield special("Clients/hx out.md", _to("{outside}/secret.md"), "link-outside")
    yield special("Clients/hx out", _to("{outside}"), "link-outside")
    yield special("hx out", _to("{outside}"), "link-outside")
    yield special("Interactions/hx out.md", _to("{outside}/secret.md"), "link-outside")
    yield special("Clients/hx dots.md", _to("../../outside/secret.md"), "link-outside")
    yield special("Clients/hx null.md", _to("/dev/null"), "link-outside")
    yield special("Clients/hx zero.md", _to("/dev/zero"), "link-outside")
    yield special("Clients/hx passwd.md", _to("/etc/passwd"), "link-outside")
    yield special("Clients/hx proc", _to("/proc/self"), "link-outside")
    yield special("Clients/hx again.md", _to("hx Link.md"))
    yield special("Clients/hx large.md", _sized(limit + 1, text), "note-too-large")
    yield special("Clients/hx limit.md", _sized(limit, text), counts=True)
    yield special("Clients/hx huge.md", _sized(8 * limit, text), "note-too-large")
    yield special("Clients/hx sparse.md", _sparse, "note-too-large")
    yield special("Other/hx large.md", _sized(limit + 1, text), "note-too-large")
    yield special("Other/hx drawing.md", _sized(limit + 1, "---\nplugin: drawing\n---\n"))
    for name in ("hx Plan.excalidraw.md", "hx Board.kanban.md"):
        yield note("files", f"Clients/{name}", f"---\ntype: drawing\n---\n{MARK}\n")
    yield note("files", "CRM/Other.md", "<!-- vaultcrm:generated clients=9999 -->\n---\ntype: client\n---\n")
    yield note("files", "Clients/hx generated.md", "<!-- vaultcrm:generated clients=9999 -->\n# HVXSS\n")
    yield note("files", "Clients/.hx evicted.md.icloud.txt", "bplist00")
