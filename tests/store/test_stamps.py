"""Stamps by folder say the same as a dictionary of them."""

from __future__ import annotations

import marshal

from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.store.stamps import Stamps

FOLDERS = st.sampled_from(["", "a", "a/b", "客户"])
PATHS = st.builds(lambda folder, name: f"{folder}/{name}.md".lstrip("/"), FOLDERS, st.sampled_from("xyzw甲"))
STAMP = st.tuples(*[st.integers(-1, 3)] * 4)
NOTES = st.dictionaries(PATHS, STAMP)


def stamps_of(notes: dict[str, tuple[int, int, int, int]]) -> Stamps:
    return Stamps.of(notes)


@given(notes=NOTES, asked=PATHS)
def test_it_says_the_same_as_the_mapping(notes: dict[str, tuple[int, int, int, int]], asked: str) -> None:
    found = stamps_of(notes)
    assert dict(found) == notes
    assert list(found) == sorted(notes)
    assert len(found) == len(notes)
    assert (asked in found) == (asked in notes)
    assert found.get(asked) == notes.get(asked)
    assert Stamps.of(found) is found
    assert dict(Stamps(marshal.loads(marshal.dumps(found.plain())))) == notes


@given(notes=NOTES, others=NOTES)
def test_what_differs_is_found(
    notes: dict[str, tuple[int, int, int, int]], others: dict[str, tuple[int, int, int, int]]
) -> None:
    one, other = stamps_of(notes), stamps_of(others)
    assert one.unlike(other) == sorted(path for path in notes if others.get(path) != notes[path])
    assert sorted(one.absent_from(other)) == sorted(notes.keys() - others.keys())
    assert one.has_names_of(other) == (notes.keys() == others.keys())


@given(notes=NOTES, others=NOTES, change=st.dictionaries(PATHS, st.one_of(st.none(), STAMP)))
def test_what_changes_is_as_in_a_dictionary(
    notes: dict[str, tuple[int, int, int, int]],
    others: dict[str, tuple[int, int, int, int]],
    change: dict[str, tuple[int, int, int, int] | None],
) -> None:
    before, likened = stamps_of(notes), stamps_of(others)
    before.unlike(likened)
    after = before.changed(change)
    expected = {path: stamp for path, stamp in {**notes, **change}.items() if stamp is not None}
    assert dict(after) == expected
    assert dict(before) == notes
    assert after.unlike(likened) == stamps_of(expected).unlike(likened)
    assert sorted(after.unlike(before)) == sorted(p for p in expected if notes.get(p) != expected[p])


def test_parts_of_a_folder_are_put_together() -> None:
    found = Stamps([("a", ["x.md"], [1, 2, 3, 4]), ("", [], []), ("a", ["y.md"], [5, 6, 7, 8])])
    assert dict(found) == {"a/x.md": (1, 2, 3, 4), "a/y.md": (5, 6, 7, 8)}
    assert found.has_names_of(Stamps([("a", ["y.md", "x.md"], [0] * 8)]))
