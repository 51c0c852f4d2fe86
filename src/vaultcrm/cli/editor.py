"""Opens a note in the user's own editor.

This module must not know what the note says.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import Annotated

import typer

from vaultcrm.errors import UsageError

EditOption = Annotated[bool, typer.Option("--edit", help="Open the note in $EDITOR.")]


def editor() -> tuple[str, ...]:
    """The command that ``VISUAL``, else ``EDITOR``, names.

    Raises:
        UsageError: Neither does, or there is no such program.
    """
    named = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()
    try:
        command = tuple(shlex.split(named, posix=os.name == "posix"))
    except ValueError as error:
        raise UsageError(f"EDITOR cannot be understood: {named}", "set it like EDITOR=nano") from error
    if not command:
        raise UsageError("--edit needs to know your editor", "set it like EDITOR=nano, or leave --edit out")
    if shutil.which(command[0]) is None:
        raise UsageError(f"there is no editor {command[0]!r}", "set it like EDITOR=nano, or leave --edit out")
    return command


def check_edit(edit: bool, dry_run: bool) -> None:
    """Refuse, before anything is written, to open an editor where there is none, or nothing to edit.

    Raises:
        UsageError: It cannot be opened.
    """
    if edit and dry_run:
        raise UsageError("--dry-run writes no note that could be edited", "leave out one of the two")
    if edit:
        editor()


def open_in_editor(path: str) -> None:
    """Let a person edit a file, and wait until they have.

    Raises:
        UsageError: The editor cannot be started, or says that it failed. The file is there.
    """
    command = editor()
    try:
        status = subprocess.run([*command, path], check=False).returncode
    except OSError as error:
        why = f"the editor {command[0]} cannot be started: {error.strerror or error}"
        raise UsageError(why, f"set EDITOR, and open {path}") from error
    if status:
        raise UsageError(f"the editor {command[0]} ended with status {status}", f"the note is there: {path}")
