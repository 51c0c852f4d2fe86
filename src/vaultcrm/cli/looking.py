"""``vaultcrm agenda``: the run. This module must not load typer, nor know what an agenda looks like."""

from __future__ import annotations

from vaultcrm.app.finding import find_owner
from vaultcrm.cli.printing import computed, out, tell_nobody
from vaultcrm.model.frozen import dataclass
from vaultcrm.render.terminal import agenda_dict, agenda_text


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: an option of the command each."""

    vault: str | None = None
    today: str | None = None
    days: int = 7
    owner: str | None = None
    json: bool = False


def run(asked: Request) -> int:
    """Show what to do today and in the days ahead."""
    found, overview = computed(asked.vault, asked.today, few=True)
    owner = asked.owner and find_owner(overview, asked.owner)
    if asked.json:
        out().json(agenda_dict(overview, found.labels, asked.days, owner))
    else:
        printed = out()
        printed.text(agenda_text(overview, found.labels, asked.days, owner, printed.width, printed.color))
        tell_nobody(found, overview)
    return 0
