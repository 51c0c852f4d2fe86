"""Entries of an index and of a tree are the same files; a walk is made of the notes among them."""

from __future__ import annotations

import marshal

import pytest

from vaultcrm.store import entries as module
from vaultcrm.store.entries import LINK, SUBMODULE, Entries, Entry, Folders, stamp
from vaultcrm.store.packed import packed
from vaultcrm.store.walk import Walk

ONE, OTHER = "0" * 39 + "1", "0" * 39 + "2"
FILES = ("Clients/Acme.md", "Clients/Öl.MD", "Home.md", "tab\there.md")


def index(*records: str) -> Entries:
    return Entries("".join(f"{record}\0" for record in records).encode())


def files(*paths: str) -> Entries:
    return index(*(f"100644 {ONE} 0\t{path}" for path in paths))


def walk_of(entries: Entries, lead: str = "", inside: str = "") -> Walk:
    walk = Walk()
    folders = Folders()
    entries.add_notes(folders, lead, inside)
    walk.folders = folders.notes()
    return walk


def test_files_of_an_index_and_of_a_tree_are_the_same() -> None:
    tree = index(*(f"100644 blob {ONE}\t{path}" for path in FILES))
    assert list(files(*FILES)) == list(tree) == [Entry(path, "100644", ONE) for path in FILES]
    assert tree.get("Home.md") == Entry("Home.md", "100644", ONE)
    assert tree.get("here.md") is None
    assert tree.get("tab\there.md") == Entry("tab\there.md", "100644", ONE)
    assert files("a\tHome.md", "Home.md").get("Home.md") == Entry("Home.md", "100644", ONE)
    assert tree.get("") is None
    assert walk_of(tree).folders == walk_of(files(*FILES)).folders


@pytest.mark.parametrize("few", [0, 100])
def test_one_of_few_and_one_of_many_is_the_same_file(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", few)
    entries = index(
        f"100644 {ONE} 0\ta\tHome.md",
        f"100644 {OTHER} 0\tHome.md",
        f"120000 {ONE} 0\tlink.md",
        f"100644 {ONE} 1\ttorn.md",
        f"100644 {OTHER} 2\ttorn.md",
        f"100644 {ONE} 0\tout.md",
    )
    entries.leave_out("out.md")
    assert entries.get("a\tHome.md") == Entry("a\tHome.md", "100644", ONE)
    assert entries.get("Home.md") == Entry("Home.md", "100644", OTHER)
    assert [entries.get(path) for path in ("link.md", "torn.md", "out.md", "none.md", "")] == [None] * 5


def test_what_is_no_file_or_in_conflict_stands_apart() -> None:
    entries = index(
        f"120000 {ONE} 0\tlink.md",
        f"160000 {ONE} 0\tinner",
        f"100755 {ONE} 1\tHome.md",
        f"100644 {OTHER} 2\tHome.md",
        f"100644 {OTHER} 0\tAcme.md",
    )
    assert entries.others == [
        Entry("link.md", LINK, ONE),
        Entry("inner", SUBMODULE, ONE),
        Entry("Home.md", "100755", ONE, 1),
        Entry("Home.md", "100644", OTHER, 2),
    ]
    assert entries.get("Home.md") is None
    assert index(f"160000 commit {ONE}\tinner").others == [Entry("inner", SUBMODULE, ONE)]
    assert [entry.path for entry in entries] == ["link.md", "inner", "Home.md", "Home.md", "Acme.md"]
    assert entries.get("link.md") is None


def test_a_file_is_found_by_its_content_and_left_out() -> None:
    entries = index(f"100644 {ONE} 0\ta.md", f"100644 {OTHER} 0\tb.md")
    assert entries.paths_of([OTHER, "0" * 40]) == ["b.md"]
    entries.leave_out("b.md")
    assert entries.get("b.md") is None


def test_they_are_told_to_another_process_in_plain_values() -> None:
    entries = index(f"100644 {ONE} 0\ta/b.md", f"120000 {ONE} 0\tlink.md", f"100644 {OTHER} 0\tc.txt")
    told = Entries.of_plain(marshal.loads(marshal.dumps(entries.plain())))
    assert list(told) == list(entries)
    assert told.others == entries.others
    assert (
        walk_of(told).folders
        == walk_of(entries).folders
        == [("", "", b""), ("a", "b.md", packed(stamp(ONE)))]
    )
    told.leave_out("a/b.md")
    assert walk_of(told).folders == []


def test_a_walk_has_notes_by_folder_and_each_folder_behind_the_one_that_holds_it() -> None:
    found = walk_of(files("a/b/c.md", "a/.hidden/d.md", ".git/e.md", "a/.f.md", "a/g.txt", "H.MD"))
    assert found.folders == [
        ("", "H.MD", packed(stamp(ONE))),
        ("a", "", b""),
        ("a/b", "c.md", packed(stamp(ONE))),
    ]


def test_paths_begin_as_the_vault_has_them() -> None:
    assert walk_of(files("crm/a.md", "crm/x/b.md"), inside="crm/").folders == [
        ("", "a.md", packed(stamp(ONE))),
        ("x", "b.md", packed(stamp(ONE))),
    ]
    assert [folder for folder, *_ in walk_of(files("a.md", "x/b.md"), lead="in/ner/").folders] == [
        "",
        "in",
        "in/ner",
        "in/ner/x",
    ]


def test_a_walk_comes_to_a_file_but_below_a_dot() -> None:
    folders = Folders()
    assert folders.holds("a/b.md")
    assert folders.holds("b.md")
    assert not folders.holds("a/.b/c.md")
    assert not folders.holds(".b.md")
