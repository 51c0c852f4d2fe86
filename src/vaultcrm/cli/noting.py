"""``vaultcrm log``: the run. This module must not load typer, nor what notes are made with."""

from __future__ import annotations

from vaultcrm.app.walking import walking
from vaultcrm.cli.conversation import Request
from vaultcrm.cli.printing import opened

__all__ = ("Request", "run")


def run(asked: Request) -> int:
    """Note a conversation down, and tell what follows."""
    with walking(opened(asked.vault)) as found:
        from vaultcrm.cli.noted import note_down  # loaded while another process looks at the notes

        note_down(found, asked)
    return 0
