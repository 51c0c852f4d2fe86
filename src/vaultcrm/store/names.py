"""What a path tells: whether a glob ignores it, and whether a sync program made it as a conflict copy.

Everything here is decided from names and bytes that are given. This module must not touch the disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from unicodedata import normalize

from vaultcrm.model.patterns import regex

Ignored = Callable[[str, bool], bool]
"""Whether a vault path is ignored; the second argument is true for a folder."""


def ignore_rule(globs: Iterable[str]) -> Ignored | None:
    """One rule out of all ``ignore`` globs; None where there are none.

    As in a ``.gitignore``: ``*`` and ``?`` stop at ``/``, ``**`` does not, ``[a-z]`` and ``[!a-z]`` are
    classes. A glob with ``/`` at its start or within counts from the vault's root, any other holds for a name
    in every folder. With ``/`` at its end it holds for folders only. What lies in an ignored folder is
    ignored. Case counts. There is no ``!``.
    """
    rules = [_regex(normalize("NFC", glob.strip())) for glob in globs if glob.strip().strip("/")]
    if not rules:
        return None
    matches = re.compile("|".join(rules)).fullmatch

    def ignored(path: str, is_folder: bool) -> bool:
        name = path if path.isascii() else normalize("NFC", path)
        return matches(name + "/" if is_folder else name) is not None

    return ignored


def _regex(glob: str) -> str:
    """One glob as a regular expression for a path; a folder's path has a ``/`` at its end."""
    body = glob.removeprefix("./").rstrip("/")
    anywhere = "" if "/" in body else "(?:.*/)?"
    return anywhere + _TOKENS.sub(_token, body.lstrip("/")) + ("/" if glob.endswith("/") else "/?")


def _token(match: re.Match[str]) -> str:
    token = match.group()
    fixed = _FIXED.get(token)
    if fixed is not None:
        return fixed
    if token[0] == "[" and len(token) > 1:
        inner = token[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        characters = f"[^/{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]"
        with suppress(re.error):  # a range such as [z-a]: no class then, but these very characters
            return re.compile(characters).pattern
    return re.escape(token)


_TOKENS = regex(r"\A\*\*/|/\*\*/|/\*\*\Z|\*\*|\[[!^]?\]?[^]/]*\]|.", re.DOTALL)
_FIXED = {"**/": "(?:.*/)?", "/**/": "/(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def suspects(paths: Collection[str]) -> list[str]:
    """Of many notes the few that may be copies by their names: a cheap look before the exact ones."""
    together = "\n".join(paths)
    words = [word for word in _COPY_WORDS if word in together]
    return [
        path
        for path in paths
        if (path[-4] == ")" and path[-5:-4].isdigit())
        or (path[-4] in "0123456789" and " " in path[-6:-4])
        or path.rfind("-") > path.rfind(" ")
        or (words and any(word in path for word in words))
    ]


def copied_name(name: str) -> str | None:
    """The name of the note that a sync program made this conflict copy of; None for any other name.

    Only what the programs write exactly: ``conflict vs mistake.md`` is a note like any other. A copy of a
    copy leads to the first original.
    """
    if not any(word in name for word in _COPY_WORDS):
        return None
    stem = name[:-3]
    while (match := _COPY.fullmatch(stem)) is not None:
        stem = match["name"].rstrip(" ")
    return None if len(stem) + 3 == len(name) else stem + name[-3:]


def possible_originals(name: str) -> tuple[str, ...]:
    """Notes that this one may be a copy of, if they stand beside it and `same_note` says so too.

    iCloud writes ``NAME 2.md``, Google Drive ``NAME (1).md``, OneDrive ``NAME-DEVICE.md``: as people do, who
    number the talks of a day too: a name that begins with a date is taken as it is.
    """
    if name[4:5] == name[7:8] == "-" and name[:4].isdigit():
        return ()
    stem, suffix = name[:-3], name[-3:]
    base, _, last = stem.rpartition(" ")
    number = last[1:-1] if last[:1] == "(" and last[-1:] == ")" else last
    found = [base] if base and len(number) <= 2 and number.isdigit() else []
    end = stem.rfind("-")
    while end > 0 and " " not in stem[end:] and end + 1 < len(stem):
        found.append(stem[:end])
        end = stem.rfind("-", 0, end)
    return tuple(each + suffix for each in found)


def same_note(one: bytes, other: bytes) -> bool:
    """Whether two notes side by side are one note that a sync program has doubled.

    Their properties are equal to the byte and name what the note is about, and one's text has every line of
    the other's. Less would take two calls of one day, or two clients from one template, for the same.
    """
    first, second = _taken_apart(one), _taken_apart(other)
    if first is None or second is None or first[0] != second[0] or not _IDENTITY.search(first[0]):
        return False
    return first[1] <= second[1] or second[1] <= first[1]


def _taken_apart(note: bytes) -> tuple[bytes, frozenset[bytes]] | None:
    match = _BLOCK.match(note)
    if match is None:
        return None
    lines = frozenset(line.strip() for line in note[match.end() :].splitlines())
    return match[1].replace(b"\r\n", b"\n"), lines - {b""}


def is_generated(note: bytes) -> bool:
    """Whether the first lines of a file say that vaultcrm made it: then it is an output and no note."""
    if note.find(_GENERATED, 0, _FIRST_LINES) < 0:
        return False
    first = note[:_FIRST_LINES].removeprefix(b"\xef\xbb\xbf")
    return any(line.startswith(_GENERATED) for line in first.splitlines())


_FIRST_LINES = 2048  # bytes


_GENERATED = b"<!-- vaultcrm:generated"

_COPY_WORDS = ("onflict", "冲突", "kept by vaultcrm")
_DAY = r"\d{4}-\d{2}-\d{2}"
_COPY = regex(
    r"(?P<name>.+)(?:"
    r"\.sync-conflict-\d{8}-\d{6}(?:-[0-9A-Z]{7})?"  # Syncthing
    r"| \(Conflicted copy .+ \d{12}\)"  # Obsidian Sync
    rf"| ?\([^()]*conflicted copy {_DAY}(?: \d{{6}})?(?: \(\d+\))?\)"  # Dropbox; Nextcloud with a time
    rf"| ?[(（][^()（）]*冲突副本[^()（）]*{_DAY}[^()（）]*[)）]"  # the same in Chinese
    r"|-NSConflict-[^-].*"  # Nutstore (坚果云), with the user's name and a version
    rf"| \(SFConflict [^()]+ {_DAY}-\d{{2}}-\d{{2}}-\d{{2}}\)"  # Seafile
    rf"|\.conflict(?:ed)?[-.](?:\d{{8,}}|{_DAY})[\w-]*"  # several plugins for Obsidian
    r"|_[^_]+_[A-Z][a-z]{2}-\d{2}-\d{6}-\d{4}_(?:Case)?Conflict"  # Synology Drive
    r"| \(kept by vaultcrm(?: \d+)?\)"  # our own, see files.py
    r")",
    re.IGNORECASE,
)
_BLOCK = regex(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.{0,65536}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_IDENTITY = regex(
    rb"^[\"']?(?:id|name|title|clients?|%b)[\"']?[ \t]*:"
    % "|".join(("编号", "名称", "公司名称", "客户名称", "标题", "客户")).encode(),
    re.IGNORECASE | re.MULTILINE,
)
