"""Expected files: compared as bytes, told as a diff, rewritten by `make golden`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

from tests.support.vaults import contents

REWRITE = os.environ.get("GOLDEN") == "1"
"""Whether expectations are rewritten instead of compared."""

SHOWN = 80
"""How many lines of each file's diff are told."""


def expect_folder(folder: Path, actual: Mapping[str, bytes]) -> None:
    """Fail unless `folder` holds exactly these files; or make it so, where expectations are rewritten."""
    __tracebackhide__ = True
    expected = contents(folder) if folder.is_dir() else {}
    if not REWRITE:
        problem = difference(expected, actual)
        assert not problem, f"{folder.parent.name}: not as expected (`make golden` rewrites)\n{problem}"
        return
    for path in expected.keys() - actual.keys():
        (folder / path).unlink()
    for path, content in actual.items():
        if expected.get(path) != content:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def expect_file(path: Path, actual: str) -> None:
    """Fail unless the file holds exactly this text; or write it, where expectations are rewritten."""
    __tracebackhide__ = True
    content = actual.encode()
    expected = path.read_bytes() if path.exists() else None
    if expected == content:
        return
    if REWRITE:
        path.write_bytes(content)
        return
    problem = difference({path.name: expected} if expected is not None else {}, {path.name: content})
    raise AssertionError(f"{path.parent.name}: not as expected (`make golden` rewrites)\n{problem}")


def difference(expected: Mapping[str, bytes], actual: Mapping[str, bytes]) -> str:
    """How two sets of files differ, for people; empty where they do not."""
    told: list[str] = []
    for path in sorted(expected.keys() | actual.keys()):
        if path not in actual:
            told.append(f"{path}: expected, and not there")
        elif path not in expected:
            told.append(f"{path}: there, and not expected")
        elif expected[path] != actual[path]:
            told += _diff(path, expected[path], actual[path])
    return "\n".join(told)


def _diff(path: str, expected: bytes, actual: bytes) -> list[str]:
    lines = difflib.unified_diff(
        _shown(expected), _shown(actual), f"{path} (expected)", f"{path} (actual)", "", "", 2, ""
    )
    told = list(lines)
    return told if len(told) <= SHOWN else [*told[:SHOWN], f"... and {len(told) - SHOWN} lines more"]


def _shown(content: bytes) -> list[str]:
    """Lines in which carriage returns and broken characters can be seen."""
    return content.decode(errors="backslashreplace").replace("\r", "␍").split("\n")
