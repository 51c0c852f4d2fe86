"""What ``vaultcrm log`` is asked for. This module must not load anything else."""

from __future__ import annotations

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
