"""Help as a page in the reader's language: commands in groups, Chinese characters as wide as they are.

Typer collects what is to be said, in English; this lays it out, and says it. A command's summary in a list is
its first paragraph, whole. This module must not know any command.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from vaultcrm.cli.speech import say
from vaultcrm.model.patterns import regex
from vaultcrm.render.screen import wrap
from vaultcrm.render.text import display_width, pad

WIDEST = 80
NARROWEST = 50
INDENT = 2
HEAD = 30
"""Columns beyond which the text beside an option begins on the next line."""

NO_PANEL = "Commands"

_KIND = regex(r"<[a-z ]+>")
"""What kind of value an option takes, as typer calls it: ``<int range>``."""

_EXTRA = regex(r"(.*?)(?:  )?\[([^\[\]]+)\]", re.DOTALL)
"""A text with what typer knows about an option behind it: ``The port.  [default: 80; required]``."""


class HelpPage:
    """A page of help as typer writes it: usage, texts, and lists of what there is."""

    def __init__(self, **_: object) -> None:
        """The width is the terminal's; what typer asks for beyond that is not needed."""
        columns = shutil.get_terminal_size((WIDEST, 24)).columns
        self.width = max(min(columns, WIDEST) - 2, NARROWEST)
        self.indent = 0
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        """Text as it is."""
        self.parts.append(text)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        head = f"{prefix}{prog} " if prefix else say(f"Usage: {prog}") + " "
        column = display_width(head)
        shown = " ".join(say(word) for word in args.split())
        for number, line in enumerate(wrap(shown, self.width - column)):
            self.write((head if number == 0 else " " * column) + line + "\n")

    def write_paragraph(self) -> None:
        """An empty line, unless the page begins here."""
        if self.parts:
            self.write("\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, which an empty line parts."""
        shown = (self._wrapped(paragraph, self.indent) for paragraph in _paragraphs(text))
        self.write("\n\n".join("\n".join(lines) for lines in shown) + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = HEAD, col_spacing: int = 2) -> None:
        """A list of what there is, each beside its text."""
        said = [(_KIND.sub(lambda kind: say(kind[0]), head), text) for head, text in rows]
        column = min(max(display_width(head) for head, _ in said), col_max) + col_spacing
        for head, text in said:
            lines = self._wrapped(_with_extra(text), self.indent + column)
            first = " " * self.indent + pad(head, column)
            if display_width(head) > column - col_spacing:
                self.write(" " * self.indent + head + "\n")
                first = " " * (self.indent + column)
            self.write((first + lines[0].lstrip()).rstrip() + "\n" if lines else f"{first.rstrip()}\n")
            self.write("".join(line + "\n" for line in lines[1:]))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """What stands below a heading."""
        self.write_paragraph()
        self.write(say(f"{name}:") + "\n")
        with self.indentation():
            yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        """What is written in the meantime stands further in."""
        self.indent += INDENT
        try:
            yield
        finally:
            self.indent -= INDENT

    def getvalue(self) -> str:
        """The page."""
        return "".join(self.parts)

    def _wrapped(self, text: str, column: int) -> list[str]:
        return [" " * column + line for line in wrap(say(text), self.width - column)]


class _Context(typer.Context):
    """A command line that is being read, with help of our own."""

    def make_formatter(self) -> Any:
        """What help is written to."""
        return HelpPage()


class _Completed:
    """Completes as typer does, and says in the reader's language what each option is."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What may stand here, each with its help."""
        found: list[Any] = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        for each in found:
            if each.help:
                each.help = say(each.help)
        return found


class HelpedCommand(_Completed, TyperCommand):
    """A command with help of our own."""

    context_class = _Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """What a list of commands says about it, and a shell that completes its name."""
        return say(next(_paragraphs(self.help or ""), ""))


class HelpedGroup(_Completed, TyperGroup):
    """Commands below a common word, with help of our own."""

    context_class = _Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """As for a command."""
        return say(next(_paragraphs(self.help or ""), ""))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands by their groups, in the order in which they were added."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            if not command.hidden:
                panel = getattr(command, "rich_help_panel", None)
                title = panel if isinstance(panel, str) else NO_PANEL
                panels.setdefault(title, []).append((name, command.get_short_help_str()))
        for title, rows in panels.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def with_help(app: typer.Typer) -> typer.Typer:
    """The same commands, with help of our own, below groups too."""
    app.info.cls = HelpedGroup
    for command in app.registered_commands:
        if not issubclass(command.cls or TyperCommand, HelpedCommand):
            command.cls = HelpedCommand
    for group in app.registered_groups:
        group.cls = HelpedGroup
        if group.typer_instance is not None:
            with_help(group.typer_instance)
    return app


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield " ".join(paragraph.split())


def _with_extra(text: str) -> str:
    """A text and what typer knows beside it, each said by itself."""
    found = _EXTRA.fullmatch(text)
    if found is None:
        return say(text)
    extra = "; ".join(say(each) for each in found[2].split("; "))
    return f"{say(found[1])} [{extra}]".lstrip()
