"""``vaultcrm log``: what is asked for, and the run. This module must not load typer."""

from __future__ import annotations

from vaultcrm.app.walking import walking
from vaultcrm.cli.printing import opened
from vaultcrm.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: an argument or option of the command each."""

    client: str
    text: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    channel: str | None = None
    kind: str | None = None
    about: tuple[str, ...] = ()
    next: str | None = None
    date: str | None = None
    sentiment: str | None = None
    direction: str | None = None
    edit: bool = False
    dry_run: bool = False
    vault: str | None = None
    today: str | None = None
    json: bool = False


def run(asked: Request) -> int:
    """Note a conversation down, and tell what follows."""
    with walking(opened(asked.vault)) as found:
        from vaultcrm.cli.noted import note_down  # loaded while another process looks at the notes

        note_down(found, asked)
    return 0
