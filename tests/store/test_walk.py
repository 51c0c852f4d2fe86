"""A walk in parts finds what one walk finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultcrm.store.stamps import Stamps
from vaultcrm.store.walk import NOTE_LIMIT, PARTS, Walk, walk_through

NAMES = st.sampled_from(
    [
        "a.md",
        "b.md",
        "ä.md",
        "客户甲.md",
        "客户乙.md",
        "C.MD",
        ".md",
        ".x.md",
        "x.txt",
        "sub.md/in.md",
        "sub/b.md",
        "sub/c.md",
    ]
)


def contents(walk: Walk) -> tuple[list[object], ...]:
    return (sorted(walk.notes()), sorted(walk.problems), sorted(walk.unreadable), sorted(walk.leftovers))


def in_parts(root: str, parts: int) -> Walk:
    first, *others = (walk_through(root, share=(part, parts)) for part in range(parts))
    for other in others:
        first.add(other.found(), other.told_folders)
    return first


@settings(max_examples=40)
@given(names=st.sets(NAMES), parts=st.integers(1, 3))
def test_parts_together_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], parts: int
) -> None:
    root = tmp_path_factory.mktemp("vault")
    for name in names:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(name)
    whole, joined = walk_through(str(root)), in_parts(str(root), parts)
    assert contents(joined) == contents(whole)
    assert joined.youngest_ns() == whole.youngest_ns()
    if parts == PARTS:
        assert Stamps(joined.in_parts()).plain() == Stamps(whole.in_parts()).plain()
    for part in range(parts):
        assert walk_through(str(root), share=(part, parts)).found() == whole.part((part, parts))


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_what_is_odd_is_told_once(tmp_path: Path, parts: int) -> None:
    (tmp_path / "far.md").symlink_to("/")
    (tmp_path / "large.md").write_bytes(b"")
    os.truncate(tmp_path / "large.md", NOTE_LIMIT + 1)
    (tmp_path / ".away.md.icloud").write_text("")
    (tmp_path / ".vaultcrm-1.tmp").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "note.md").write_text("")
    found = in_parts(str(tmp_path), parts)
    assert contents(found) == contents(walk_through(str(tmp_path)))
    assert sorted(code for code, _, _ in found.problems) == [
        "link-outside",
        "note-too-large",
        "note-unreadable",
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("parts", [1, 2])
def test_a_folder_that_nobody_may_read_is_told_once(tmp_path: Path, parts: int) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0)
    try:
        found = in_parts(str(tmp_path), parts)
    finally:
        locked.chmod(0o700)
    assert found.unreadable == ["locked"]
    assert found.told_folders == {"locked"}
