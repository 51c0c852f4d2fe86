"""The notes of git's index are those that the walk finds in a checkout of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.repositories import Repository, new_repository
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile
from vaultcrm.store import vault
from vaultcrm.store.calling import GitError
from vaultcrm.store.git import find_repository
from vaultcrm.store.snapshot import Snapshot
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.vault import Listing, Sorted, read_notes, walk

NOTE = "---\nname: Acme\n---\n"
IGNORE = ("Archive/**", "*.draft.md", "Private/")
NEVER = ("CRM/Dashboard.md", "CRM/Rescued")
AWKWARD = {
    "Acme.md": NOTE,
    "Clients/A b.md": NOTE,
    "Clients/Käse.md": NOTE,
    "Clients/CAPS.MD": NOTE,
    "Clients/not a note.txt": NOTE,
    "Clients/.hidden.md": NOTE,
    ".obsidian/templates.json": '{"folder": "Vorlagen"}',
    ".trash/Old.md": NOTE,
    "Vorlagen/Client.md": "---\nname: {{title}}\n---\n",
    "Templates/Client.md": NOTE,
    "Archive/2020/Old.md": NOTE,
    "Clients/One.draft.md": NOTE,
    "Clients/Private/Two.md": NOTE,
    "Clients/Private.md": NOTE,
    "CRM/Dashboard.md": NOTE,
    "CRM/dashboard.md/Not.md": NOTE,
    "CRM/Rescued/Text.md": NOTE,
    "Clients/Acme (Conflicted copy laptop 202611200915).md": NOTE,
    "Clients/Acme.md": NOTE,
    "Clients/Acme 2.md": NOTE,
    "Clients/Gone (Conflicted copy laptop 202611200915).md": NOTE,
    "Clients/Empty.md": "",
    "Clients/line\nend.md": NOTE,
    'Clients/"quoted" \\ ü.md': NOTE,
    "Clients/Large.md": "x" * (2 * 1024 * 1024 + 1),
}


def snapshot_of(root: Path, **options: str) -> Snapshot:
    repository = find_repository(str(root))
    assert repository is not None
    return Snapshot(str(root), repository, **options)


def told(listing: Listing, more: Iterable[Diagnostic] = ()) -> list[tuple[str, str, str]]:
    found = (*listing.diagnostics, *more)
    return sorted((each.code, each.place.path, each.read) for each in found)


def assert_same(root: Path, snapshot: Snapshot) -> None:
    """The snapshot's notes are the disk's: paths, bytes, and what is told."""
    disk = walk(str(root), IGNORE, NEVER)
    listing = snapshot.listing(IGNORE, NEVER)
    read = {path: content for path, content, _ in snapshot.read(listing.notes)}
    problems = [content for content in read.values() if isinstance(content, Diagnostic)]
    sources = {path: content.data for path, content in read.items() if isinstance(content, SourceFile)}
    there = {path: content for path, content, _ in read_notes(str(root), disk.notes)}
    assert sources == {path: source.data for path, source in there.items() if isinstance(source, SourceFile)}
    assert list(listing.notes) == sorted(listing.notes)
    assert told(listing, problems) == told(disk)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = new_repository(tmp_path / "r", AWKWARD)
    made.git("add", "-A")
    return made


def test_the_same_notes_as_on_the_disk(repository: Repository) -> None:
    with snapshot_of(repository.top) as snapshot:
        assert_same(repository.top, snapshot)


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_links_are_told_as_on_the_disk(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside.md").write_text(NOTE)
    links = {
        "Clients/out.md": "../../outside.md",
        "Clients/folder": str(tmp_path / "outside"),
        "Clients/in.md": "Acme.md",
        "Clients/nowhere": "../../../nowhere",
        "Clients/nowhere.md": "../../../nowhere.md",
        "Archive/out.md": "../../outside.md",
    }
    for path, target in links.items():
        (repository.top / path).symlink_to(target)
    repository.git("add", "-A")
    with snapshot_of(repository.top) as snapshot:
        assert_same(repository.top, snapshot)


def test_a_vault_below_the_repository(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r", {f"a b/crm/{path}": text for path, text in AWKWARD.items()})
    repository.write({"Other.md": NOTE, "a b/crm.md": NOTE, "a b/crm2/Not.md": NOTE})
    repository.git("add", "-A")
    root = repository.top / "a b" / "crm"
    with snapshot_of(root) as snapshot:
        assert_same(root, snapshot)
        assert snapshot.git_path("CRM/Dashboard.md") == "a b/crm/CRM/Dashboard.md"


def test_a_repository_within_the_vault(tmp_path: Path) -> None:
    root = tmp_path / "v"
    repository = new_repository(root / "Work", {"Clients/Acme.md": NOTE, "Clients/New.md": NOTE})
    Repository(root).write({"Private/Home.md": NOTE, "Templates/T.md": NOTE})
    repository.git("add", "Clients/Acme.md")
    found = find_repository(str(root / "Work"))
    assert found is not None
    with Snapshot(str(root), found) as snapshot:
        listing = snapshot.listing()
        assert listing.notes == ("Private/Home.md", "Work/Clients/Acme.md")
        assert sorted(note.path for note in snapshot.read(listing.notes)) == list(listing.notes)
        assert snapshot.git_path("Work/CRM/Dashboard.md") == "CRM/Dashboard.md"
        assert snapshot.git_path("CRM/Dashboard.md") is None


def test_a_submodule_counts_as_it_was_committed(tmp_path: Path) -> None:
    inner = new_repository(tmp_path / "inner", {"Clients/Acme.md": NOTE})
    inner.commit_all()
    repository = new_repository(tmp_path / "r", {"Home.md": NOTE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner.top), "Work")
    repository.git("add", "-A")
    (repository.top / "Work" / "Clients" / "Acme.md").write_text("changed")
    (repository.top / "Work" / "New.md").write_text(NOTE)
    with snapshot_of(repository.top) as snapshot:
        listing = snapshot.listing()
        assert listing.notes == ("Home.md", "Work/Clients/Acme.md")
        read = {path: content for path, content, _ in snapshot.read(listing.notes)}
        assert read["Work/Clients/Acme.md"] == SourceFile("Work/Clients/Acme.md", NOTE.encode())
    repository.git("submodule", "--quiet", "deinit", "-f", "Work")
    with snapshot_of(repository.top) as snapshot:
        assert snapshot.listing().notes == ("Home.md",)


def test_what_is_not_added_does_not_count(repository: Repository) -> None:
    repository.write({"Clients/Acme.md": "changed", "Clients/New.md": NOTE, "Clients/Meant.md": NOTE})
    repository.git("add", "-N", "Clients/Meant.md")
    with snapshot_of(repository.top) as snapshot:
        notes = snapshot.listing().notes
        assert "Clients/New.md" not in notes
        assert "Clients/Meant.md" not in notes
        assert "Clients/Empty.md" in notes
        content = next(snapshot.read(["Clients/Acme.md"])).content
        assert isinstance(content, SourceFile)
        assert content.data == NOTE.encode()


def test_a_conflict_is_told(repository: Repository) -> None:
    repository.commit_all()
    repository.git("checkout", "-q", "-b", "other")
    repository.write({"Clients/Acme.md": "theirs\n"})
    repository.commit_all()
    repository.git("checkout", "-q", "main")
    repository.write({"Clients/Acme.md": "ours\n"})
    repository.commit_all()
    assert repository.run("git", "merge", "other").status == 1
    with snapshot_of(repository.top) as snapshot:
        listing = snapshot.listing()
        assert listing.unreadable == ("Clients/Acme.md",)
        assert ("note-unreadable", "Clients/Acme.md", "unmerged") in told(listing)
        assert snapshot.is_unmerged("Clients/Acme.md")


def test_a_commit_of_the_past(repository: Repository) -> None:
    repository.commit_all()
    repository.write({"Clients/Acme.md": "changed"})
    repository.git("rm", "-q", "-f", "Acme.md")
    repository.commit_all()
    with snapshot_of(repository.top, commit="HEAD~1") as snapshot:
        assert "Acme.md" in snapshot.listing().notes
        assert snapshot.file("Clients/Acme.md") == NOTE.encode()
    with pytest.raises(GitError):
        snapshot_of(repository.top, commit="HEAD~7")


def test_a_filter_hides_what_is_in_the_repository(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r", {".gitattributes": "Secret/** filter=turn\n"})
    repository.git("config", "filter.turn.clean", "tr a-z b-za")
    repository.git("config", "filter.turn.smudge", "tr b-za a-z")
    repository.write({"Secret/Acme.md": NOTE, "Bell.md": NOTE})
    repository.git("add", "-A")
    assert b"name" not in repository.show("Secret/Acme.md", "")
    with snapshot_of(repository.top) as snapshot:
        assert_same(repository.top, snapshot)


def test_a_stamp_changes_with_the_content_only(repository: Repository) -> None:
    with snapshot_of(repository.top) as snapshot:
        before = snapshot.listing().stamps
    os.utime(repository.top / "Acme.md", (1, 1))
    repository.write({"Clients/Acme.md": "changed"})
    repository.git("add", "-A")
    with snapshot_of(repository.top) as snapshot:
        after = snapshot.listing().stamps
    assert before["Acme.md"] == after["Acme.md"]
    assert before["Clients/Acme.md"] != after["Clients/Acme.md"]


def test_where_names_are_as_before_no_copies_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = new_repository(tmp_path / "r", {"Home.md": NOTE, "a/Acme.md": NOTE, "a/b/Bell.md": NOTE})
    repository.git("add", "-A")
    with snapshot_of(repository.top) as snapshot:
        first = snapshot.listing()
    before = Sorted(Stamps.of(first.stamps), first.compared)
    repository.write({"a/Acme.md": "changed"})
    repository.git("add", "-A")
    with snapshot_of(repository.top) as snapshot, monkeypatch.context() as patch:
        whole = snapshot.listing()
        patch.setattr(vault, "sorted_out", lambda *_: pytest.fail("all names were looked at"))
        again = snapshot.listing(before=before)
    assert dict(again.stamps) == dict(whole.stamps)
    assert again.stamps["a/Acme.md"] != first.stamps["a/Acme.md"]
    repository.write({"a/Acme (Conflicted copy laptop 202611200915).md": NOTE})
    repository.git("add", "-A")
    with snapshot_of(repository.top) as snapshot:
        found = snapshot.listing(before=before)
    assert [each.code for each in found.diagnostics] == ["conflict-copy"]
    assert found.notes == first.notes


# ---------------------------------------------------------------------------- which repository


def test_no_repository(tmp_path: Path) -> None:
    assert find_repository(str(tmp_path)) is None


def test_a_bare_repository_has_no_notes(tmp_path: Path) -> None:
    new_repository(tmp_path).git("init", "-q", "--bare", "bare")
    assert find_repository(str(tmp_path / "bare")) is None


def test_the_repository_of_a_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = new_repository(tmp_path / "r", {"crm/Acme.md": NOTE})
    repository.commit_all()
    repository.git("worktree", "add", "-q", "../w")
    git_dir = str(repository.top / ".git" / "worktrees" / "w")
    monkeypatch.setenv("GIT_DIR", git_dir)
    monkeypatch.setenv("GIT_INDEX_FILE", f"{git_dir}/index.lock")
    monkeypatch.chdir(tmp_path / "w")
    found = find_repository(str(tmp_path / "w" / "crm"))
    assert found is not None
    assert (found.top, found.index) == (str(tmp_path / "w"), f"{git_dir}/index.lock")


def test_a_folder_of_another_repository_than_the_hook_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = new_repository(tmp_path / "r", {"Acme.md": NOTE})
    new_repository(tmp_path / "r" / "inner" / "repo", {"crm/Bell.md": NOTE})
    monkeypatch.setenv("GIT_INDEX_FILE", str(outer.top / ".git" / "index.lock"))
    monkeypatch.chdir(outer.top)
    for folder in ("crm", ""):
        found = find_repository(str(outer.top / "inner" / "repo" / folder))
        assert found is not None
        assert found.top == str(outer.top / "inner" / "repo")
        assert found.index == str(outer.top / "inner" / "repo" / ".git" / "index")


def test_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git cannot be run"):
        find_repository(str(tmp_path))
