"""Which files of a repository are generated: the lines of ``.gitattributes`` that give them a merge driver.

The lines stand in a block of their own; what else is in the file stays, to the byte. This module must not
know what the driver does.
"""

from __future__ import annotations

import os
import re

from vaultcrm.app.beside import generated_paths
from vaultcrm.app.opening import Vault
from vaultcrm.git.repositories import folder_in, holds
from vaultcrm.model.patterns import regex
from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.store.git import Repository
from vaultcrm.store.target import told

NAME = ".gitattributes"
BEGIN, END = "# vaultcrm:begin", "# vaultcrm:end"
DRIVEN = "merge=vaultcrm"
"""What each line of our block ends with."""

JOINED = " after a last line without end"
"""Added to the begin of our block where the file's last line had no end: it gets that back, too."""


def attributes_file(vault: Vault, repository: Repository) -> str:
    """The file that names our outputs: the vault's own, or the repository's where the vault is larger."""
    larger = folder_in(repository, vault.root).split("/")[0] == ".."
    return os.path.join(repository.top if larger else vault.root, NAME)


def has_block(vault: Vault, repository: Repository) -> bool:
    """Whether all that is generated is named."""
    return _block(vault, repository) in _read(attributes_file(vault, repository))


def put_block(vault: Vault, repository: Repository) -> bool:
    """Name all that is generated; whether anything was to be written."""
    path = attributes_file(vault, repository)
    old = _read(path)
    before, _, after = _parted(old)
    joined = JOINED if before and not before.endswith("\n") else ""
    lead = f"{before}\n" if joined else before
    new = f"{lead}{BEGIN}{joined}\n{_block(vault, repository)}{after}"
    return new != old and _write(path, new, old)


def take_block(vault: Vault, repository: Repository) -> bool:
    """Take the block out again, and the file with it where nothing else is in it; whether there was one."""
    path = attributes_file(vault, repository)
    old = _read(path)
    before, block, after = _parted(old)
    if not block:
        return False
    if before or after:
        return _write(path, before + after, old)
    with told(path):
        os.unlink(path)
    return True


def _block(vault: Vault, repository: Repository) -> str:
    """Our lines but for the first."""
    folder = os.path.dirname(attributes_file(vault, repository))
    lines = []
    for path in sorted(generated_paths(vault.policy)):
        full = os.path.join(vault.root, path)
        if holds(folder, full):
            name = os.path.relpath(os.path.realpath(full), os.path.realpath(folder)).replace(os.sep, "/")
            kind = "-text " if name.endswith(".ics") else ""  # a calendar needs the line ends that it has
            lines.append(f"{_pattern(name)} {kind}{DRIVEN}\n")
    return "".join(lines) + f"{END}\n"


def _pattern(path: str) -> str:
    """A path as a line of ``.gitattributes`` names it: no sign stands for others, blanks are quoted."""
    escaped = "".join(f"\\{sign}" if sign in "\\*?[" else sign for sign in path)
    if not any(sign in escaped for sign in ' "\t'):
        return "/" + escaped
    quoted = escaped.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"/{quoted}"'


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before our block, the block, and what stands behind it without what is left of another.

    Where somebody took its end or its begin out, or wrote within it, it goes as far as our lines do.
    """
    found = _BLOCK.search(text)
    if found is None:
        return text, "", ""
    before, block, after = text[: found.start()], found[0], _BLOCK.sub("", text[found.end() :])
    return before.removesuffix("\n") if JOINED in block and not after else before, block, after


def _read(path: str) -> str:
    return (read_bytes(path) or b"").decode("utf-8", "surrogateescape")


def _write(path: str, text: str, old: str) -> bool:
    folder, name = os.path.split(path)
    data, present = (each.encode("utf-8", "surrogateescape") for each in (text, old))
    return replace_file(folder, name, data, expected=present)


_BEGUN = rf"^{BEGIN}(?:{JOINED})?\r?\n"
_LINES = rf"(?:^.* {DRIVEN}\r?\n)*"
_BLOCK = regex(rf"(?:{_BEGUN})?{_LINES}^{END}\r?(?:\n|\Z)|{_BEGUN}{_LINES}", re.MULTILINE)
