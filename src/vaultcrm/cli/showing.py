"""``vaultcrm show``: the run. This module must not load typer, nor know what a client's page looks like."""

from __future__ import annotations

from vaultcrm.app.finding import find_client
from vaultcrm.cli.printing import computed, out
from vaultcrm.errors import UsageError
from vaultcrm.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the argument or an option of the command each."""

    client: str
    vault: str | None = None
    today: str | None = None
    markdown: bool = False
    json: bool = False


def run(asked: Request) -> int:
    """Show the page that one reads before a call."""
    if asked.markdown and asked.json:
        raise UsageError("--markdown and --json are two formats", "leave out one of the two")
    found, overview = computed(asked.vault, asked.today, few=True)
    assessment = find_client(overview, asked.client)
    printed = out()
    if asked.json:
        from vaultcrm.render.export import client_dict

        printed.json(client_dict(assessment, found.labels))
    elif asked.markdown:
        from vaultcrm.render.brief import brief_page

        printed.text(brief_page(assessment, overview, found.labels))
    else:
        from vaultcrm.render.terminal import client_text

        printed.text(client_text(assessment, overview, found.labels, printed.width, printed.color))
    return 0
