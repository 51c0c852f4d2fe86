"""What commands share that are about one client: the argument, and completing the client's name.

This module must not know any command.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from vaultcrm.app import runs
from vaultcrm.cli.printing import now_ns
from vaultcrm.errors import VaultcrmError
from vaultcrm.writing import filing

_BASH = "complete_bash"


def complete_client(context: typer.Context, incomplete: str) -> list[str]:
    """The names and aliases that begin with what was typed; nothing is computed, and nothing is told."""
    try:
        vault = runs.open_vault(os.getcwd(), context.params.get("vault"))
        histories = runs.load(vault, now_ns()).portfolio.histories
    except (VaultcrmError, OSError):
        return []
    typed = incomplete.casefold()
    names = filing.client_names(history.client for history in histories)
    found = [name for name in names if name.casefold().startswith(typed) and name.isprintable()]
    return [_Fitting(_escaped(name)) for name in found]


class _Fitting(str):
    """A name that fits what was typed: typer leaves out what does not begin with it letter by letter."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """That was looked at already, without regard to case and to how the shell writes the name."""
        return True


def _escaped(name: str) -> str:
    """The name as it goes into the line: bash takes it as it stands, the other shells quote by themselves."""
    if os.environ.get("_VAULTCRM_COMPLETE") != _BASH:
        return name
    quote = _quote()
    if quote == "'":
        return name.replace("'", r"'\''")
    special = '\\"$`' if quote == '"' else " \\'\"$`&;|<>()*?[]#~!{}"
    return "".join(f"\\{sign}" if sign in special else sign for sign in name)


def _quote() -> str:
    """The quote with which the word begins that bash completes; empty for none."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    place = os.environ.get("COMP_CWORD", "")
    return words[int(place)][:1] if place.isdigit() and int(place) < len(words) else ""


ClientArgument = Annotated[
    str,
    typer.Argument(
        metavar="CLIENT", help="A name, an alias or the beginning of one.", autocompletion=complete_client
    ),
]
