from __future__ import annotations

import os
import socket
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vaultcrm.errors import VaultMissing
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import SourceFile
from vaultcrm.store import vault as vault_module
from vaultcrm.store import walk as walk_module
from vaultcrm.store.packed import packed
from vaultcrm.store.root import find_vault
from vaultcrm.store.stamps import Stamps
from vaultcrm.store.vault import UNKNOWN, Listing, Sorted, read_file, read_notes, template_folders, walk
from vaultcrm.store.walk import NOTE_LIMIT, Walk, stamp_of, walk_through

MakeVault = Callable[[dict[str, str | bytes]], Path]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")


def told(listing: Listing) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.place.path, problem.read) for problem in listing.diagnostics]


def listed(root: Path, *ignore: str, never: Iterable[str] = ()) -> list[str]:
    return list(walk(str(root), ignore, tuple(never)).notes)


# ---------------------------------------------------------------------------- the vault's root


def test_the_nearest_configured_folder_is_the_root(make_vault: MakeVault) -> None:
    root = make_vault({"vaultcrm.toml": "", "Clients/.obsidian/app.json": "{}", "Clients/A/Acme.md": ""})
    assert find_vault(str(root / "Clients" / "A")) == str(root)
    assert find_vault(str(root)) == str(root)


def test_without_configuration_obsidian_s_folder_marks_the_root(make_vault: MakeVault) -> None:
    root = make_vault({".obsidian/app.json": "{}", "Clients/Acme.md": ""})
    assert find_vault(str(root / "Clients")) == str(root)


def test_without_any_mark_it_is_the_folder_itself(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ""})
    assert find_vault(str(root / "Clients")) == str(root / "Clients")


def test_a_folder_with_a_vault_right_below_is_none(make_vault: MakeVault) -> None:
    folder = make_vault({"a/Acme.md": "", "crm b/vaultcrm.toml": "", "c/vaultcrm.toml": ""})
    with pytest.raises(VaultMissing, match="there is no vault in") as told:
        find_vault(str(folder))
    assert told.value.hint == 'this is one: --vault "c"'
    assert find_vault(str(folder), str(folder)) == str(folder)
    assert find_vault(str(folder / "a")) == str(folder / "a")
    (folder / ".obsidian").mkdir()
    assert find_vault(str(folder)) == str(folder)


def test_a_home_is_no_vault_because_somebody_stands_in_it(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_vault({"notes/Acme.md": ""})
    monkeypatch.setenv("HOME", str(home))
    for folder in (home, home.parent, Path("/")):
        with pytest.raises(VaultMissing, match="there is no vault in"):
            find_vault(str(folder))
    assert find_vault(str(home / "notes")) == str(home / "notes")
    assert find_vault("/", str(home)) == str(home)
    (home / "vaultcrm.toml").write_text("", encoding="utf-8")
    assert find_vault(str(home)) == str(home)


def test_an_explicit_vault_is_taken_as_it_is(make_vault: MakeVault) -> None:
    root = make_vault({"vaultcrm.toml": "", "Clients/Acme.md": ""})
    assert find_vault("/", str(root / "Clients")) == str(root / "Clients")


@pytest.mark.parametrize(("name", "why"), [("gone", "does not exist"), ("file", "is no folder")])
def test_a_vault_that_is_not_there(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultMissing, match=why) as caught:
        find_vault(str(tmp_path), str(tmp_path / name))
    assert caught.value.exit_status == 3


# ---------------------------------------------------------------------------- which files are notes


def test_notes_are_sorted_and_stamped(make_vault: MakeVault) -> None:
    root = make_vault(
        {"b.md": "b", "a/Z.MD": "z", "a/b/c.md": "c", "picture.png": "", "notes.markdown": "", "md": ""}
    )
    listing = walk(str(root))
    assert listing.notes == ("a/Z.MD", "a/b/c.md", "b.md")
    assert listing.stamps["b.md"] == stamp_of(os.stat(root / "b.md"))
    assert listing.diagnostics == ()


def test_dot_folders_and_dot_files_are_left_out(make_vault: MakeVault) -> None:
    root = make_vault({".trash/a.md": "", "x/.git/a.md": "", "x/._Acme.md": b"\0", ".md": "", "Acme.md": ""})
    assert listed(root) == ["Acme.md"]


def test_ignored_notes_and_folders_are_left_out(make_vault: MakeVault) -> None:
    root = make_vault(
        {"Archive/2020/a.md": "", "Clients/a.md": "", "Clients/b.excalidraw.md": "", "草稿/c.md": ""}
    )
    assert listed(root, "Archive/**", "*.excalidraw.md", "草稿/") == ["Clients/a.md"]


def test_outputs_and_generated_folders_are_left_out_whatever_their_case(make_vault: MakeVault) -> None:
    root = make_vault(
        {"CRM/Dashboard.md": "", "CRM/own.md": "", "CRM/Rescued/a.md": "", "x/Dashboard.md": ""}
    )
    assert listed(root, never=["crm/dashboard.md", "CRM/Rescued/"]) == ["CRM/own.md", "x/Dashboard.md"]


def test_a_decomposed_name_is_the_composed_one(make_vault: MakeVault) -> None:
    root = make_vault({unicodedata.normalize("NFD", "CRM/Übersicht.md"): "", "a.md": ""})
    assert listed(root, never=[unicodedata.normalize("NFC", "CRM/Übersicht.md")]) == ["a.md"]


def test_the_usual_template_folders_are_left_out(make_vault: MakeVault) -> None:
    root = make_vault({"Templates/c.md": "", "模板/c.md": "", "Notes/Templates/c.md": ""})
    assert listed(root) == ["Notes/Templates/c.md"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".obsidian/templates.json", '{"folder": "Meta/Forms"}'),
        (".obsidian/templates.json", '{"folder": "/meta/forms/"}'),
        (".obsidian/plugins/templater-obsidian/data.json", '{"templates_folder": "Meta/Forms", "x": 1}'),
    ],
)
def test_the_settings_name_the_template_folder(make_vault: MakeVault, path: str, text: str) -> None:
    root = make_vault({path: text, "Meta/Forms/c.md": "", "Templates/c.md": "", "Meta/a.md": ""})
    assert listed(root) == ["Meta/a.md", "Templates/c.md"]


@pytest.mark.parametrize(
    "settings",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"folder": ""}',
        b'{"folder": "/"}',
        b'{"folder": 3}',
        b"\xff",
        b"[" * 99999,
    ],
)
def test_settings_without_a_folder_leave_the_usual_ones(make_vault: MakeVault, settings: bytes) -> None:
    root = make_vault({".obsidian/templates.json": settings})
    assert template_folders(str(root)) == ("Templates", "模板")


def test_both_settings_count(make_vault: MakeVault) -> None:
    obsidian, templater = ".obsidian/templates.json", ".obsidian/plugins/templater-obsidian/data.json"
    root = make_vault({obsidian: '{"folder": "A"}', templater: '{"templates_folder": "B"}'})
    assert template_folders(str(root)) == ("A", "B")


def test_the_folder_of_our_own_templates_is_left_out(make_vault: MakeVault) -> None:
    root = make_vault({"Forms/c.md": "", "a.md": ""})
    assert walk(str(root), templates="Forms").notes == ("a.md",)


def test_two_mebibytes_are_read_and_a_byte_more_is_not(make_vault: MakeVault) -> None:
    root = make_vault({"fits.md": b"x" * NOTE_LIMIT, "large.md": b"x" * (NOTE_LIMIT + 1)})
    listing = walk(str(root))
    assert listing.notes == ("fits.md",)
    assert told(listing) == [("note-too-large", "large.md", "")]
    assert listing.unreadable == ()


@needs_posix
def test_pipes_sockets_and_folders_with_a_note_s_name_are_no_notes(make_vault: MakeVault) -> None:
    root = make_vault({"folder.md/inside.md": "", "a.md": ""})
    os.mkfifo(root / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "socket.md"))
        listing = walk(str(root))
    assert listing.notes == ("a.md", "folder.md/inside.md")
    assert listing.diagnostics == ()


@needs_posix
def test_links_are_not_followed_and_those_that_leave_the_vault_are_told(
    make_vault: MakeVault, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("CANARY")
    root = make_vault({"a.md": "", "Clients/b.md": ""})
    os.symlink(outside / "secret.md", root / "note.md")
    os.symlink(outside, root / "folder")
    os.symlink("..", root / "parent")
    os.symlink(outside / "gone.md", root / "dangling.md")
    os.symlink(root / "a.md", root / "again.md")
    os.symlink(root / "Clients", root / "Same")
    os.symlink("self.md", root / "self.md")
    os.symlink("/dev/null", root / "picture.png")
    listing = walk(str(root))
    assert listing.notes == ("Clients/b.md", "a.md")
    outsiders = ["dangling.md", "folder", "note.md", "parent"]
    assert told(listing) == [("link-outside", path, "") for path in outsiders]


@needs_posix
def test_a_vault_behind_a_link_is_as_good_as_any(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": "", "x/b.md": ""})
    os.symlink(root, tmp_path / "link")
    os.symlink(root / "a.md", root / "again.md")
    assert listed(tmp_path / "link") == ["a.md", "x/b.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow only Unicode names")
def test_a_name_that_is_not_utf_8_is_kept_as_the_disk_spells_it(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": ""})
    raw = os.fsencode(root) + b"/caf\xe9\n.md"
    with open(raw, "wb") as file:
        file.write(b"text")
    path = os.fsdecode(b"caf\xe9\n.md")
    assert listed(root) == ["a.md", path]
    assert [note.content for note in read_notes(str(root), [path])] == [SourceFile(path, b"text")]


def test_what_a_killed_run_left_is_listed_apart(make_vault: MakeVault) -> None:
    root = make_vault({"x/.vaultcrm-12.tmp": "", "a.md": ""})
    assert walk(str(root)).leftovers == ("x/.vaultcrm-12.tmp",)


# ---------------------------------------------------------------------------- what cannot be read


def test_a_vault_that_is_gone_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(VaultMissing):
        walk(str(tmp_path / "gone"))


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, part: str, error: OSError) -> None:
    real = getattr(os, name)

    def refusing(path: str, *args: object, **options: object) -> object:
        if part in str(path):
            raise error
        return real(path, *args, **options)

    monkeypatch.setattr(os, name, refusing)


def test_an_unreadable_folder_is_told_and_the_others_count(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"Locked/a.md": "", "b.md": ""})
    refuse(monkeypatch, "scandir", "Locked", PermissionError(13, "Permission denied"))
    listing = walk(str(root))
    assert listing.notes == ("b.md",)
    assert listing.unreadable == ("Locked",)
    assert told(listing) == [("note-unreadable", "Locked", "permission denied")]


def test_a_folder_that_vanishes_on_the_way_is_gone(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"Going/a.md": "", "b.md": ""})
    refuse(monkeypatch, "scandir", "Going", FileNotFoundError())
    assert told(walk(str(root))) == []


def test_a_note_that_icloud_took_away_is_not_downloaded(make_vault: MakeVault) -> None:
    root = make_vault(
        {"Clients/.Acme.md.icloud": b"bplist", "Clients/.Bolt.md.icloud": b"bplist", "Clients/Bolt.md": ""}
    )
    listing = walk(str(root))
    assert listing.unreadable == ("Clients/Acme.md",)
    assert told(listing) == [("note-unreadable", "Clients/Acme.md", "not downloaded")]
    assert walk(str(root), ["Clients/"]).unreadable == ()


def test_a_file_without_its_bytes_is_not_downloaded(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": "text"})
    monkeypatch.setattr(walk_module, "_EVICTED", ("st_nlink", 1))  # a field that every system has
    assert walk(str(root)).unreadable == ("a.md",)


NASTY = {
    "Clients/Acme.md": "a",
    "Clients/BOLT.MD": "b",
    "Clients/Zu\u0308rich.md": "decomposed",
    "Clients/.Away.md.icloud": b"bplist",
    "Archive/Old.md": "o",
    "Archive/.Gone.md.icloud": b"bplist",
    "Archive/.vaultcrm-12.tmp": "",
    "Archive/deep/Templates/T.md": "t",
    "Templates/T.md": "t",
    "CRM/Dashboard.md": "d",
    "CRM/Large.md": b"x" * (NOTE_LIMIT + 1),
    "CRM/Kept/.vaultcrm-13.tmp": "",
    "Folder.md/note.md": "in a folder that is called as a note",
    "Locked/l.md": "l",
    "Locked/Acme.md": "l",
}
RULES: list[tuple[list[str], list[str], str | None]] = [
    ([], [], None),
    (["Archive/"], [], None),
    (["Acme.md", "deep", "*.MD"], [], None),
    (["*.md/"], ["crm/dashboard.MD"], None),
    (["**"], [], None),
    ([], ["CRM", "Clients/Z\u00fcrich.md"], "Archive/deep"),
    (["Locked"], ["Clients/Away.md", "Archive/"], None),
    (["Link.md", "Out/"], [], None),
    ([], ["out", "CRM/large.md"], None),
]


@needs_posix
@pytest.mark.parametrize(("ignore", "never", "templates"), RULES)
def test_of_a_whole_walk_the_same_is_left_as_of_one_that_passes_over(
    make_vault: MakeVault,
    monkeypatch: pytest.MonkeyPatch,
    ignore: list[str],
    never: list[str],
    templates: str | None,
) -> None:
    root = make_vault(NASTY)
    (root / "Link.md").symlink_to("/etc/hostname")
    (root / "Out").symlink_to("/etc")
    (root / "In").symlink_to("Clients")
    refuse(monkeypatch, "scandir", "Locked", PermissionError(13, "Permission denied"))
    whole = walk_through(str(root))
    listing = walk(str(root), ignore, never, templates, through=lambda *_: whole)
    assert listing == walk(str(root), ignore, never, templates)
    assert list(listing.stamps) == sorted(listing.stamps)
    assert walk_through(str(root)).folders == whole.folders  # which is left as it was


# ---------------------------------------------------------------------------- conflict copies


def test_a_conflict_copy_is_told_and_counted_once(make_vault: MakeVault) -> None:
    copy = "Clients/Acme.sync-conflict-20261120-101530-ABC2DEF.md"
    root = make_vault({"Clients/Acme.md": "a", copy: "b", "Clients/conflict vs mistake.md": "c"})
    listing = walk(str(root))
    assert listing.notes == ("Clients/Acme.md", "Clients/conflict vs mistake.md")
    assert told(listing) == [("conflict-copy", copy, "Clients/Acme.md")]


def test_of_copies_without_their_original_the_last_counts(make_vault: MakeVault) -> None:
    first = "Acme.sync-conflict-20261119-101530-ABC2DEF.md"
    last = "Acme.sync-conflict-20261120-101530-ABC2DEF.md"
    root = make_vault({first: "a", last: "b"})
    listing = walk(str(root))
    assert listing.notes == (last,)
    assert told(listing) == [("conflict-copy", first, last), ("conflict-copy-alone", last, "Acme.md")]


def test_a_conflict_copy_of_an_output_is_no_note(make_vault: MakeVault) -> None:
    copy = "CRM/Dashboard (conflicted copy 2026-11-20 101530).md"
    root = make_vault({"CRM/Dashboard.md": "a", copy: "b"})
    assert listed(root, never=["CRM/Dashboard.md"]) == []


NOTE = "---\ntype: client\nname: Acme\n---\nhello\n"


@pytest.mark.parametrize("copy", ["Clients/Acme 2.md", "Clients/Acme (1).md", "Clients/Acme-LAPTOP.md"])
def test_a_numbered_double_is_a_copy_only_if_it_says_the_same(make_vault: MakeVault, copy: str) -> None:
    root = make_vault({"Clients/Acme.md": NOTE, copy: NOTE + "more\n"})
    listing = walk(str(root))
    assert listing.notes == ("Clients/Acme.md",)
    assert told(listing) == [("conflict-copy", copy, "Clients/Acme.md")]
    make_vault({copy: NOTE.replace("Acme", "Acme Two")})
    assert len(walk(str(root)).notes) == 2


# ---------------------------------------------------------------------------- reading


CONFLICT = "Acme (Conflicted copy laptop 202611200915).md"
NAMES = (
    *("Acme.md", "Acme 2.md", "Acme (1).md", "Acme - Copy.md", "Acme-DESKTOP.md", "Acme-DESKTOP-1.md"),
    *(CONFLICT, "2026-11-20 Acme.md", "2026-11-20 Acme 2.md", "Bell.md"),
)
ACME, MORE, BELL = b"---\nname: Acme\n---\n", b"---\nname: Acme\n---\nmore\n", b"---\nname: Bell\n---\n"
CONTENTS = (ACME, MORE, BELL)
VAULTS = st.dictionaries(
    st.builds(lambda folder, name: folder + name, st.sampled_from(["", "a/"]), st.sampled_from(NAMES)),
    st.sampled_from(CONTENTS),
    max_size=6,
)


def listing_of(notes: dict[str, bytes], before: Sorted | None = None) -> Listing:
    found = Walk()
    found.is_in_order = True
    for folder in ("", "a"):
        own = {path: data for path, data in notes.items() if path.rpartition("/")[0] == folder}
        numbers = [number for data in own.values() for number in (CONTENTS.index(data), 1, 1, 1)]
        names = "/".join(path.rpartition("/")[2] for path in own)
        found.folders.append((folder, names, packed(numbers)))
    return vault_module.listed("/vault", found, ("Bell.md",), notes.get, before)


@given(before=VAULTS, changes=VAULTS, gone=st.sets(st.sampled_from(NAMES)), is_reversed=st.booleans())
@example({"Acme (1).md": ACME}, {"Acme.md": MORE}, set(), False)  # an original came
@example({"Acme.md": ACME}, {"Acme (1).md": MORE}, set(), False)  # a copy
@example({"Acme.md": ACME}, {CONFLICT: BELL}, set(), False)
@example({"Bell.md": BELL}, {CONFLICT: ACME}, set(), True)  # one without its original
@example({"Acme.md": ACME, "Acme (1).md": BELL}, {"Acme (1).md": ACME}, set(), False)  # what was compared
@example({"Acme.md": ACME, "Acme (1).md": BELL}, {"Bell.md": BELL}, {"Acme.md"}, False)
def test_of_notes_that_came_the_same_is_told_as_of_all(
    before: dict[str, bytes], changes: dict[str, bytes], gone: set[str], is_reversed: bool
) -> None:
    first = listing_of(before)
    assume(not first.diagnostics)
    kept = {path: content for path, content in before.items() if path.rpartition("/")[2] not in gone}
    notes = kept | changes
    if is_reversed:
        notes = dict(reversed(notes.items()))
    whole = listing_of(notes)
    again = listing_of(notes, Sorted(Stamps.of(first.stamps), first.compared))
    assert (dict(again.stamps), again.diagnostics) == (dict(whole.stamps), whole.diagnostics)
    assert again.compared >= whole.compared


def test_of_a_note_that_came_few_names_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = {f"a/{number}.md": ACME for number in range(50)}
    first = listing_of(notes)
    looked_at: list[str] = []
    monkeypatch.setattr(vault_module, "sorted_out", lambda *_: pytest.fail("all names were looked at"))
    monkeypatch.setattr(vault_module, "suspects", lambda paths: looked_at.extend(paths) or [])
    before = Sorted(Stamps.of(first.stamps), first.compared)
    assert set(listing_of(notes | {"Came.md": ACME}, before).stamps) == {*notes, "Came.md"}
    assert looked_at == ["Came.md"]


def test_notes_are_read_from_all_folders(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "A", "x/b.md": b"\xef\xbb\xbfB\r\n", "x/y/c.md": ""})
    read = list(read_notes(str(root), ["a.md", "x/b.md", "x/y/c.md"]))
    contents = [note.content.data for note in read if isinstance(note.content, SourceFile)]
    assert contents == [b"A", b"\xef\xbb\xbfB\r\n", b""]
    assert [note.stamp for note in read] == list(walk(str(root)).stamps.values())


@needs_posix
def test_what_is_no_file_any_more_is_gone(make_vault: MakeVault) -> None:
    root = make_vault({"folder.md/x.md": "", "a.md": "A", "x/b.md": "B"})
    os.mkfifo(root / "pipe.md")
    os.symlink(root / "a.md", root / "link.md")
    paths = ["folder.md", "gone.md", "gone/b.md", "link.md", "pipe.md", "a.md/b.md", "a.md"]
    assert [note.path for note in read_notes(str(root), paths)] == ["a.md"]


@needs_posix
def test_a_folder_that_became_a_link_out_of_the_vault_is_not_entered(
    make_vault: MakeVault, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.md").write_text("CANARY")
    root = make_vault({"a.md": ""})
    os.symlink(tmp_path / "outside", root / "x")
    assert list(read_notes(str(root), ["x/b.md"])) == []
    assert read_file(str(root), "x/b.md") is None


def test_a_note_that_may_not_be_read_is_told(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault({"a.md": "A", "b.md": "B"})
    refuse(monkeypatch, "open", "a.md", PermissionError(13, "Permission denied"))
    first, second = read_notes(str(root), ["a.md", "b.md"])
    assert isinstance(first.content, Diagnostic)
    assert (first.content.code, first.content.read, first.stamp) == (
        "note-unreadable",
        "permission denied",
        UNKNOWN,
    )
    assert second.content == SourceFile("b.md", b"B")


def test_an_input_error_is_told(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(handle: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    root = make_vault({"a.md": "A"})
    monkeypatch.setattr(os, "read", failing)
    (note,) = read_notes(str(root), ["a.md"])
    assert isinstance(note.content, Diagnostic)
    assert note.content.message == "this note cannot be read: input/output error"


def test_a_note_that_grew_beyond_the_limit_is_told(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": b"x" * (NOTE_LIMIT + 1)})
    (note,) = read_notes(str(root), ["a.md"])
    assert isinstance(note.content, Diagnostic)
    assert note.content.code == "note-too-large"


def change_while_reading(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> list[float]:
    """Have the note rewritten behind each of the first reads; what is slept is collected."""
    slept: list[float] = []
    changes = iter(range(times))
    real = os.read

    def reading(handle: int, size: int) -> bytes:
        data = real(handle, size)
        change = next(changes, None)
        if change is not None:
            path.write_bytes(b"%d whole" % change)
            os.utime(path, ns=(change, change))
        return data

    monkeypatch.setattr(os, "read", reading)
    monkeypatch.setattr(vault_module.time, "sleep", slept.append)
    return slept


def test_a_note_that_is_written_while_it_is_read_is_read_again(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": b"half"})
    slept = change_while_reading(monkeypatch, root / "a.md", 2)
    (note,) = read_notes(str(root), ["a.md"])
    assert note.content == SourceFile("a.md", b"1 whole")
    assert note.stamp == stamp_of(os.stat(root / "a.md"))
    assert len(slept) == 2


def test_a_note_that_never_rests_is_read_again_in_the_next_run(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": b"half"})
    change_while_reading(monkeypatch, root / "a.md", 99)
    (note,) = read_notes(str(root), ["a.md"])
    assert isinstance(note.content, SourceFile)
    assert note.stamp == UNKNOWN
