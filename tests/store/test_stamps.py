"""Stamps by folder say the same as a dictionary of them."""

from __future__ import annotations

import marshal

from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.store.packed import numbers_in, packed, signed
from vaultcrm.store.stamps import FEW, Stamps

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
    assert sorted(
        path for folder in ("", "a", "a/b", "客户", "none") for path in one.within(folder)
    ) == sorted(notes)


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
    found = Stamps(
        [
            ("a", "x.md", packed([1, 2, 3, 4])),
            ("", "", packed([])),
            ("a", "y.md", packed([5, 6, 7, 8])),
        ]
    )
    assert dict(found) == {"a/x.md": (1, 2, 3, 4), "a/y.md": (5, 6, 7, 8)}
    assert not found.absent_from(Stamps([("a", "y.md/x.md", packed([0] * 8))]))


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_numbers_in_a_row_are_the_same(numbers: list[int]) -> None:
    assert list(numbers_in(packed(numbers))) == numbers


def test_an_inode_of_64_bits_without_a_sign_has_room_and_differs_from_others() -> None:
    assert list(numbers_in(packed([5, 2**64 - 1, 2**63]))) == [5, -1, -(2**63)]
    assert [signed(each) for each in (5, -7, 2**64 - 1)] == [5, -7, -1]


def test_few_notes_are_found_as_many_are() -> None:
    folder = {f"a/{name}.md": (number, 0, 0, 0) for number, name in enumerate("vwxyz")}
    notes = {**folder, "a/b/y.md": (7, 0, 0, 0), "y.md": (8, 0, 0, 0)}
    found = Stamps.of(notes)
    for _ in range(FEW):
        assert {path: found[path] for path in notes} == notes
        assert not [path for path in ("a/.md", "a/y", "a/y.md/z", "b/y.md", "md", "a/b", "") if path in found]
