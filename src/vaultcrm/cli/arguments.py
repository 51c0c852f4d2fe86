"""Reads the command lines of the commands that people and commits wait for, without typer.

Typer takes as long to load as a thousand clients take to be assessed. So the options of these commands stand
in a table here; whatever else is on a command line is left to the command that typer defines, which asks for
the same. This module must not load typer, nor know what a command does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.named import VAULT


@dataclass(frozen=True, slots=True)
class Line:
    """What may stand on a command line, each by what it is called where it is asked for.

    ``module`` is that of this package which runs the command: it has a ``Request``, and a `run` that takes
    one. Of ``flags`` and ``values`` (these take the next word) the last one counts, of ``lists`` all.
    ``first`` is the word that has to stand there, ``words`` those that may follow; None: there are none.
    """

    module: str
    flags: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    first: str | None = None
    words: str | None = None

    def read(self, arguments: Sequence[str], variables: Mapping[str, str]) -> dict[str, Any] | None:
        """What a command line asks for, by name; None where typer has to look at it.

        Args:
            arguments: What stands behind the command.
            variables: The environment, which may name the vault.
        """
        asked: dict[str, Any] = {}
        words: list[str] = []
        rest = iter(arguments)
        for word in rest:
            option, is_set, value = word.partition("=")
            if word in self.flags:
                asked[self.flags[word]] = True
            elif option in self.values or option in self.lists:
                value = value if is_set else next(rest, "-")
                if value.startswith("-"):
                    return None
                if option in self.values:
                    asked[self.values[option]] = value
                else:
                    asked[self.lists[option]] = (*asked.get(self.lists[option], ()), value)
            elif word.startswith("-"):
                return None
            else:
                words.append(word)
        if "--vault" in self.values and variables.get(VAULT):
            asked.setdefault("vault", variables[VAULT])
        return asked if self._take(words, asked) else None

    def _take(self, words: list[str], asked: dict[str, Any]) -> bool:
        """Take the words that are no options; whether there are as many as there should be."""
        if self.first is not None:
            if not words:
                return False
            asked[self.first] = words.pop(0)
        if self.words is not None and words:
            asked[self.words] = tuple(words)
            return True
        return not words


_ANY = {"--vault": "vault", "--today": "today"}

LINES: Mapping[str, Line] = {
    "index": Line(
        "indexing",
        flags={
            "--check": "check",
            "--full": "full",
            "--strict": "strict",
            "--accept-loss": "accept_loss",
            "--quiet": "quiet",
            "-q": "quiet",
            "--timings": "timings",
            "--staged": "staged",
            "--git-add": "git_add",
        },
        values=_ANY,
    ),
    "agenda": Line("looking", flags={"--json": "json"}, values={**_ANY, "--owner": "owner"}),
    "show": Line("showing", flags={"--json": "json", "--markdown": "markdown"}, values=_ANY, first="client"),
    "log": Line(
        "noted",
        flags={"--dry-run": "dry_run", "--json": "json"},
        values={
            **_ANY,
            "--channel": "channel",
            "--kind": "kind",
            "--next": "next",
            "--date": "date",
            "--sentiment": "sentiment",
            "--direction": "direction",
        },
        lists={"--client": "clients", "--about": "about"},
        first="client",
        words="text",
    ),
    "hook run": Line("hooking", first="hook", words="given"),
}
"""The commands that are read here, with all of their options but such as ask for more than waiting."""


def line_of(arguments: Sequence[str]) -> tuple[Line | None, Sequence[str]]:
    """What may stand on a command line, and what stands on it behind the command; None: typer knows it."""
    for command, line in LINES.items():
        words = command.split()
        if [*arguments[: len(words)]] == words:
            return line, arguments[len(words) :]
    return None, ()
