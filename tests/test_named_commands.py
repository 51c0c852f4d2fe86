"""Wherever we name a command of ours, in pages, notes, messages and code, there is such a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.support.vaults import TESTS
from vaultcrm.cli.commands import command_line

ROOT = TESTS.parent
TEXTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "vault_template").rglob("*.md")),
    *sorted((ROOT / "vault_template").rglob("*.toml")),
    *sorted((ROOT / "src").rglob("*.toml")),
    *sorted((ROOT / "src").rglob("*.py")),
]
NAMED = re.compile(r"(?:`|\$ |[\"'：]|: )vaultcrm (?P<words>[a-z][a-z-]+(?: [^`\n\"';&，。；：（）]*)?)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[a-zA-Z])(?![\w-])")


NONE = {"agendo", "asks", "in"}
"""Words that follow our name without being a command: a slip of the pen that a page shows, and prose."""


@cache
def commands() -> Any:
    """All of them, as typer has them; its classes have other names from version to version."""
    return get_command(command_line())


def named(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with our name before it, and the options behind it."""
    for match in NAMED.finditer(text):
        if match["words"].split()[0] not in NONE:
            yield match["words"], OPTION.findall(match["words"])


def found(words: str) -> Any:
    """The command that words begin with, a group where they name no more; None where there is none."""
    command = commands()
    for word in words.split():
        below = getattr(command, "commands", None)
        if below is None or (command is not commands() and not word.isalpha()):
            break
        command = below.get(word)
        if command is None:
            return None
    return command


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: Path(path).relative_to(ROOT).as_posix())
def test_named_commands_exist(path: Path) -> None:
    for words, options in named(path.read_text(encoding="utf-8")):
        command = found(words)
        assert command is not None, words
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        assert set(options) <= known | {"--help", "-h"}, words
