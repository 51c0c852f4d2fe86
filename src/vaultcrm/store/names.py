"""What a path tells: whether a glob ignores it, and whether it is a copy that a program made.

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
    words = [word for word in (*_COPY_WORDS, *_COPIED_WORDS) if word in together]
    return [
        path
        for path in paths
        if (path[-4] in _CLOSING and path[-5:-4].isdigit())
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
    """Notes that this one may be a copy of, if they stand beside it and `is_doubled` says so too.

    iCloud writes ``NAME 2.md``, Google Drive ``NAME (1).md``, OneDrive ``NAME-DEVICE.md``, and file managers
    ``NAME - Copy.md`` or ``NAME copy.md``: as people do, who number the talks of a day.
    """
    stem, suffix = name[:-3], name[-3:]
    copied = _copied_by_hand(stem)
    if copied is not None:
        return (copied + suffix,)
    match = _NUMBERED.fullmatch(stem)
    found = [match["name"]] if match is not None else []
    end = stem.rfind("-")
    while end > (_DAY_LENGTH if _is_dated(name) else 0) and " " not in stem[end:] and end + 1 < len(stem):
        found.append(stem[:end])
        end = stem.rfind("-", 0, end)
    return tuple(each + suffix for each in found)


def is_doubled(name: str, one: bytes, other: bytes) -> bool:
    """Whether the note of this name is one that a program has doubled; the bytes are its and its original's.

    Notes that are equal to the byte are one. Else their properties have to be, and one's text has every line
    of the other's; and unless only copies have such a name, the properties name what the note is about: less
    would take two clients from one template for the same. A day that the name begins with tells talks apart,
    of which one may go on where the other ends.
    """
    first, second = _taken_apart(one), _taken_apart(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    is_named = _IDENTITY.search(first[0]) is not None
    if one == other and (is_named or first[1]):
        return True
    by_hand = _copied_by_hand(name[:-3]) is not None
    if _is_dated(name) and not by_hand:
        return False
    has_copys_name = by_hand or name[-4:-3] in _CLOSING
    return (is_named or has_copys_name) and (first[1] <= second[1] or second[1] <= first[1])


def _is_dated(name: str) -> bool:
    return name[4:5] == name[7:8] == "-" and name[:4].isdigit()


def _copied_by_hand(stem: str) -> str | None:
    if not any(word in stem for word in _COPIED_WORDS):
        return None
    match = _COPIED.fullmatch(stem)
    return None if match is None else match["name"] or match["other"]


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

_COPY_WORDS = ("onfli", "冲突", "kept by vaultcrm")
_DAY_LENGTH = 10
_CLOSING = (")", "）")
_NUMBERED = regex(r"(?P<name>.+?)(?: \d\d?| ?[(（]\d\d?[)）])")
_DAY = r"\d{4}-\d{2}-\d{2}"
_COPY = regex(
    r"(?P<name>.+)(?:"
    r"\.sync-conflict-\d{8}-\d{6}(?:-[0-9A-Z]{7})?"  # Syncthing
    r"| \(Conflicted copy .+ \d{12}\)"  # Obsidian Sync
    rf"| ?\([^()]*conflicted copy {_DAY}(?: \d{{6}})?(?: \(\d+\))?\)"  # Dropbox; Nextcloud with a time
    rf"| ?[(（][^()（）]*冲突的?副本[^()（）]*{_DAY}[^()（）]*[)）]"  # the same in Chinese
    rf"| \((?:Konfliktkopie von|copie en conflit de) [^()]*{_DAY}[^()]*\)"  # in German, in French
    r"| \((?:Case|Unicode Encoding) Conflict(?: \d+)?\)"  # Dropbox, where names differ by little
    r"|_conflict-\d{8}-\d{6}"  # ownCloud
    r"|-NSConflict-[^-].*"  # Nutstore (坚果云), with the user's name and a version
    rf"| \(SFConflict [^()]+ {_DAY}-\d{{2}}-\d{{2}}-\d{{2}}\)"  # Seafile
    rf"|\.conflict(?:ed)?[-.](?:\d{{8,}}|{_DAY})[\w-]*"  # several plugins for Obsidian
    r"|_[^_]+_[A-Z][a-z]{2}-\d{2}-\d{6}-\d{4}_(?:Case)?Conflict"  # Synology Drive
    r"| \(kept by vaultcrm(?: \d+)?\)"  # our own, see files.py
    r")",
    re.IGNORECASE,
)
_COPIED_WORDS = (" copy", "Copy", "副本")
_COPIED = regex(
    r"(?P<name>.+?)(?: - Copy| copy| - 副本| ?的? ?副本)(?: \d\d?| \(\d\d?\))?"  # Windows, macOS
    r"|Copy of (?P<other>.+)"  # Google Drive
)
_BLOCK = regex(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.{0,65536}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_IDENTITY = regex(
    rb"^[\"']?(?:id|name|title|clients?|%b)[\"']?[ \t]*:"
    % "|".join(("编号", "名称", "公司名称", "客户名称", "标题", "客户")).encode(),
    re.IGNORECASE | re.MULTILINE,
)
