"""Vaults on disk: made of texts, copied from a golden one, looked at as bytes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

TESTS = Path(__file__).parents[1]
VAULTS = TESTS / "vaults"
ERRORS = TESTS / "errors"

AS_OF = "2026-11-20"
"""The day asked about where a test has no reason for another: a Friday."""

SMALL_VAULT = {
    "vaultcrm.toml": """\
        policy = "studio"
        language = "en"
        timezone = "Europe/Berlin"
        currency = "EUR"
        """,
    "Clients/Acme.md": """\
        ---
        type: client
        name: Acme
        owner: mira
        contact: "[[Ann Keller]]"
        channel: email
        since: 2026-02-02
        reviewed: 2026-11-02
        ---

        ## Log

        - 2026-11-13 email: sent the trend report #insight +
        """,
    "People/Ann Keller.md": """\
        ---
        type: person
        client: "[[Acme]]"
        position: Head of Marketing
        ---
        """,
    "Projects/Acme website.md": """\
        ---
        type: project
        client: "[[Acme]]"
        title: Website
        start: 2026-02-02
        delivered: 2026-06-30
        amount: 12000
        ---
        """,
}
"""A vault without a fault, for tests that add one."""


def write_vault(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write notes under `root` and return it. Texts are dedented and keep their line ends."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
    return root


def copy_vault(name: str, into: Path) -> Path:
    """Copy the golden vault `name` to `into/name`: links to a vault hold the name of its folder."""
    return Path(shutil.copytree(VAULTS / name / "vault", into / name))


def as_of(name: str) -> str:
    """The day that the golden vault `name` is asked about."""
    return (VAULTS / name / "as_of").read_text(encoding="utf-8").strip()


def contents(root: Path) -> dict[str, bytes]:
    """Every file under `root`, hidden ones too: its path with `/`, and its bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root)}


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """What shows that a file was written, be it with the bytes that it had: time of change and identity."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in _files(root)
    }


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())
