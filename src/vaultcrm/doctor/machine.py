"""What the doctor looks at on the machine: Python, its libraries, the language, and what watches folders.

This module must not know what is in a vault.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import PurePath

from vaultcrm import __version__
from vaultcrm.doctor.findings import Found, note, ok, problem

WATCHES = "/proc/sys/fs/inotify/max_user_watches"
MOUNTS = "/proc/self/mounts"
REMOTE = frozenset({"9p", "afs", "ceph", "cifs", "drvfs", "nfs", "nfs4", "smb3", "vboxsf", "virtiofs"})
"""Kinds of file systems on which nobody is told what others change."""

FULL_SHARE = 0.8
"""The share of the watches beyond which other programs are likely to need the rest."""


def python() -> Iterator[Found]:
    """Which Python runs which vaultcrm."""
    yield ok("python", version=platform.python_version(), own=__version__, program=sys.executable)


def command() -> Iterator[Found]:
    """Whether a shell finds the command, and this very one."""
    found = shutil.which("vaultcrm")
    if found is None:
        yield note("command", "not-found", folder=os.path.dirname(os.path.abspath(sys.executable)))
    elif os.name == "posix" and _folder(os.path.realpath(found)) != _folder(sys.executable):
        yield note("command", "another", path=found, program=sys.executable)
    else:
        yield ok("command", path=found)


def libyaml() -> Iterator[Found]:
    """Whether front matter is read by libyaml."""
    import yaml

    yield ok("libyaml") if yaml.__with_libyaml__ else note("libyaml", "missing")


def encoding(language: str) -> Iterator[Found]:
    """Whether names of files and what is printed can hold any character, and what language messages have."""
    files, printed = sys.getfilesystemencoding(), sys.stdout.encoding or "utf-8"
    if not _is_utf8(files):
        yield problem("encoding", "files", encoding=files)
    elif not _is_utf8(printed):
        yield note("encoding", "printed", encoding=printed)
    else:
        yield ok("encoding", language=language)


def extras() -> Iterator[Found]:
    """Which of the optional libraries are there."""
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            yield ok(
                "extras",
                "missing",
                extra=extra,
                modules=missing,
                package=f"vaultcrm[{extra}]",
                wanted=" ".join(missing),
            )
        else:
            yield ok("extras", extra=extra)


def watching(root: str) -> Iterator[Found]:
    """Whether the system would report changes in all of a folder's folders."""
    kind = remote_kind(root)
    if kind is not None:
        yield note("watch", "remote", kind=kind)
        return
    limit = _number(WATCHES)
    if limit is None:
        yield ok("watch")
        return
    folders = _folders(root, limit)
    what = "limit" if folders >= limit * FULL_SHARE else "fine-limit"
    make = problem if what == "limit" else ok
    yield make("watch", what, folders=folders, limit=limit, wanted=str(max(524_288, 4 * folders)))


def remote_kind(folder: str, mounts: str = MOUNTS) -> str | None:
    """The kind of a folder's file system where changes by others are not reported; None for all else."""
    real = PurePath(os.path.realpath(folder))
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.split() for line in file]
    except OSError:  # there is no such list but on Linux
        return None
    found = {_plain(words[1]): words[2] for words in lines if len(words) > 2}
    kind = next((found[str(each)] for each in (real, *real.parents) if str(each) in found), "")
    return kind if kind in REMOTE or kind.startswith("fuse.") else None


def _plain(path: str) -> str:
    """A path of the list of mounts, where blanks are written as octal numbers."""
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")


def _folders(root: str, enough: int) -> int:
    """How many folders there are; not counted beyond what is enough."""
    count = 0
    for _ in os.walk(root):
        count += 1
        if count > enough:
            break
    return count


def _number(path: str) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def _folder(program: str) -> str:
    return os.path.dirname(os.path.abspath(program))


def _is_utf8(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") == "utf8"


EXTRAS = {"serve": ("starlette", "uvicorn", "segno"), "publish": ("fsspec",)}
"""The extras of the package, by what they must bring along."""
