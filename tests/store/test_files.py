from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.vaults import contents
from vaultcrm.errors import ChangedOnDisk, NotWritable, VaultcrmError
from vaultcrm.store import exchange as exchange_module
from vaultcrm.store import files, strays
from vaultcrm.store.files import (
    EditResult,
    edit_file,
    keep_file,
    read_bytes,
    replace_file,
    sweep_temporaries,
)
from vaultcrm.store.strays import STALE_NS
from vaultcrm.store.target import Target
from vaultcrm.store.vault import walk

MakeVault = Callable[[dict[str, str | bytes]], Path]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")


# ---------------------------------------------------------------------------- replacing


def test_a_new_file_comes_with_its_folders(tmp_path: Path) -> None:
    assert replace_file(str(tmp_path), "CRM/Reviews/2026.md", b"text")
    assert contents(tmp_path) == {"CRM/Reviews/2026.md": b"text"}


def test_equal_bytes_are_not_written(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "text"})
    before = os.stat(root / "a.md")
    assert not replace_file(str(root), "a.md", b"text")
    assert os.stat(root / "a.md") == before


def test_other_bytes_are_written_and_nothing_else_is_left(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "old"})
    assert replace_file(str(root), "a.md", b"new")
    assert contents(root) == {"a.md": b"new"}


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    assert replace_file(str(tmp_path), "a.md", b"")
    assert contents(tmp_path) == {"a.md": b""}


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o660])
@needs_posix
def test_the_mode_of_the_old_file_stays(make_vault: MakeVault, mode: int) -> None:
    root = make_vault({"a.md": "old"})
    os.chmod(root / "a.md", mode)
    replace_file(str(root), "a.md", b"new")
    assert os.stat(root / "a.md").st_mode & 0o777 == mode


@pytest.mark.skipif(not hasattr(os, "listxattr"), reason="Python knows of no attributes here")
def test_what_hangs_on_the_old_file_stays(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "old", "b.md": "old"})
    tags = {"user.xdg.tags": "重要,vip".encode(), "user.empty": b""}
    try:
        for name, value in tags.items():
            for file in ("a.md", "b.md"):
                os.setxattr(root / file, name, value)
    except OSError:
        pytest.skip("this file system knows no attributes")
    replace_file(str(root), "a.md", b"new")
    edit_file(str(root), "b.md", sha256(b"old").digest(), b"new")
    for file in ("a.md", "b.md"):
        assert (root / file).read_bytes() == b"new"
        assert {name: os.getxattr(root / file, name) for name in tags} == tags


def test_where_attributes_cannot_be_given_the_file_is_written_all_the_same(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object) -> bytes:
        raise PermissionError(1, "no")

    monkeypatch.setattr(os, "listxattr", lambda source: ["user.x"], raising=False)
    monkeypatch.setattr(os, "getxattr", lambda source, name: b"", raising=False)
    monkeypatch.setattr(os, "setxattr", refused, raising=False)
    root = make_vault({"a.md": "old"})
    assert replace_file(str(root), "a.md", b"new")
    assert contents(root) == {"a.md": b"new"}


@needs_posix
def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        replace_file(str(tmp_path), "a.md", b"new")
        replace_file(str(tmp_path), "b.md", b"new", expected=b"")
    finally:
        os.umask(mask)
    assert {os.stat(tmp_path / name).st_mode & 0o777 for name in ("a.md", "b.md")} == {0o640}


@needs_posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(make_vault: MakeVault) -> None:
    root = make_vault({"Shared/a.md": "old"})
    (root / "CRM").mkdir()
    os.symlink("../Shared/a.md", root / "CRM" / "a.md")
    assert replace_file(str(root), "CRM/a.md", b"new")
    assert os.readlink(root / "CRM" / "a.md") == "../Shared/a.md"
    assert (root / "Shared" / "a.md").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["../outside.md", "CRM/../../outside.md", "/outside.md", "", ".", "a\0b.md"])
def test_nothing_is_written_outside_the_vault(make_vault: MakeVault, tmp_path: Path, path: str) -> None:
    root = make_vault({"a.md": "old"})
    with pytest.raises(NotWritable):
        replace_file(str(root), path, b"new")
    assert contents(tmp_path) == {"vault/a.md": b"old"}


@needs_posix
@pytest.mark.parametrize("path", ["file.md", "folder/inside.md"])
def test_no_link_leads_a_write_out_of_the_vault(make_vault: MakeVault, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "inside.md").write_text("old")
    root = make_vault({"a.md": ""})
    os.symlink(tmp_path / "outside" / "inside.md", root / "file.md")
    os.symlink(tmp_path / "outside", root / "folder")
    with pytest.raises(NotWritable, match="leads out of the vault"):
        replace_file(str(root), path, b"new")
    assert (tmp_path / "outside" / "inside.md").read_text() == "old"


@needs_posix
def test_a_folder_that_becomes_a_link_on_the_way_is_not_followed(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside").mkdir()
    root = make_vault({"a.md": ""})
    os.symlink(tmp_path / "outside", root / "CRM")
    monkeypatch.setattr(
        os.path, "realpath", os.path.abspath
    )  # as if the link had come behind the look at the path
    with pytest.raises(NotWritable):
        replace_file(str(root), "CRM/a.md", b"new")
    assert list((tmp_path / "outside").iterdir()) == []


def test_crlf_throughout_is_kept(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": b"one\r\ntwo\r\n"})
    assert not replace_file(str(root), "a.md", b"one\ntwo\n")
    assert replace_file(str(root), "a.md", b"one\nthree\n")
    assert (root / "a.md").read_bytes() == b"one\r\nthree\r\n"


@pytest.mark.parametrize("present", [b"one\r\ntwo\n", b"one\ntwo\n", b"one", b""])
def test_other_line_ends_are_ours(make_vault: MakeVault, present: bytes) -> None:
    root = make_vault({"a.md": present})
    replace_file(str(root), "a.md", b"one\nthree\n")
    assert (root / "a.md").read_bytes() == b"one\nthree\n"


@pytest.mark.parametrize("present", [b"BEGIN\r\n", b"BEGIN\n"])
def test_a_feed_s_line_ends_are_its_own(make_vault: MakeVault, present: bytes) -> None:
    root = make_vault({"a.ics": present})
    replace_file(str(root), "a.ics", b"BEGIN\r\nEND\r\n")
    assert (root / "a.ics").read_bytes() == b"BEGIN\r\nEND\r\n"


def test_what_was_expected_is_replaced(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "old"})
    assert replace_file(str(root), "a.md", b"new", expected=b"old")
    assert replace_file(str(root), "b.md", b"new", expected=b"")
    assert contents(root) == {"a.md": b"new", "b.md": b"new"}


@pytest.mark.parametrize("expected", [b"older", b""])
def test_what_was_not_expected_is_left(make_vault: MakeVault, expected: bytes) -> None:
    root = make_vault({"a.md": "old"})
    with pytest.raises(ChangedOnDisk):
        replace_file(str(root), "a.md", b"new", expected=expected)
    assert contents(root) == {"a.md": b"old"}


def just_before(monkeypatch: pytest.MonkeyPatch, name: str, action: Callable[[], object]) -> None:
    """Have something happen right before the first call of a function of `os`."""
    real = getattr(os, name)
    waiting = [action]

    def calling(*args: object, **options: object) -> object:
        if waiting:
            waiting.pop()()
        return real(*args, **options)

    monkeypatch.setattr(os, name, calling)


def test_a_file_that_is_saved_while_ours_is_written_is_left(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": "old"})
    just_before(monkeypatch, "fsync", lambda: (root / "a.md").write_text("saved"))
    with pytest.raises(ChangedOnDisk):
        replace_file(str(root), "a.md", b"new", expected=b"old")
    assert contents(root) == {"a.md": b"saved"}


def test_a_file_that_comes_in_the_last_moment_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, "link", lambda: (tmp_path / "a.md").write_text("synced"))
    with pytest.raises(ChangedOnDisk):
        replace_file(str(tmp_path), "a.md", b"new", expected=b"")
    assert contents(tmp_path) == {"a.md": b"synced"}


def test_without_hard_links_a_new_file_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    assert replace_file(str(tmp_path), "a.md", b"new", expected=b"")
    assert contents(tmp_path) == {"a.md": b"new"}


def no_links(*args: object, **options: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@needs_posix
def test_a_read_only_file_is_left(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault({"a.md": "old"})
    real = os.open

    def refuse(path: str, flags: int, *args: int, **options: int) -> int:
        if path == "a.md" and flags & os.O_WRONLY:
            raise PermissionError(13, "no")
        return real(path, flags, *args, **options)

    monkeypatch.setattr(os, "access", lambda *args, **options: False)  # the superuser may write all
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(NotWritable, match="permission denied"):
        replace_file(str(root), "a.md", b"new")
    assert contents(root) == {"a.md": b"old"}


@needs_posix
def test_what_is_no_file_is_left(make_vault: MakeVault) -> None:
    root = make_vault({"a.md/b.md": "", "file": ""})
    os.mkfifo(root / "pipe")
    for path in ("a.md", "pipe"):
        with pytest.raises(NotWritable, match="a folder or special file stands there"):
            replace_file(str(root), path, b"new")
    with pytest.raises(NotWritable, match="a file stands in the place of its folder"):
        replace_file(str(root), "file/a.md", b"new")


def test_a_vault_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match="its folder is gone"):
        replace_file(str(tmp_path / "vault"), "a.md", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full")
def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match="the name is too long"):
        replace_file(str(tmp_path), "x" * 300, b"new")


# ---------------------------------------------------------------------------- reading


@needs_posix
def test_reading_a_file_that_is_no_note(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": b"\0text", "folder/b.md": ""})
    os.symlink(root / "a.md", tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    assert read_bytes(str(root / "a.md")) == b"\0text"
    assert read_bytes(str(tmp_path / "link")) == b"\0text"
    assert read_bytes(str(root / "gone.md")) is None
    for path in (root / "folder", tmp_path / "pipe", root / "a.md" / "x", "a\0b"):
        with pytest.raises(VaultcrmError) as caught:
            read_bytes(str(path))
        assert caught.value.exit_status == 3


# ---------------------------------------------------------------------------- keeping


@pytest.mark.parametrize(
    ("present", "kept"),
    [
        (None, "mine\n"),
        ("", "mine\n"),
        ("mine\n", "mine\n"),
        ("mine\nand thoughts of hours\n", "mine\nand thoughts of hours\n"),
        ("mine\r\nand more\r\n", "mine\r\nand more\r\n"),
        ("thoughts\n", "thoughts\n\nmine\n"),
        ("thoughts", "thoughts\n\nmine\n"),
        ("thoughts\r\n", "thoughts\r\n\r\nmine\r\n"),
    ],
)
def test_a_text_is_kept_among_what_stands_there(
    make_vault: MakeVault, present: str | None, kept: str
) -> None:
    root = make_vault({"b.md": ""} if present is None else {"a.md": present.encode()})
    assert keep_file(str(root), "a.md", b"mine\n") == (present != kept)
    assert (root / "a.md").read_bytes() == kept.encode()
    assert not keep_file(str(root), "a.md", b"mine\n")


def test_a_save_while_a_text_is_kept_stays(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault({"a.md": "thoughts\n"})
    real = files.replace_file

    def saved_first(*arguments: object, **more: object) -> bool:
        (root / "a.md").write_text("other thoughts\n", encoding="utf-8")
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "replace_file", saved_first)
    with pytest.raises(ChangedOnDisk):
        keep_file(str(root), "a.md", b"mine\n")
    assert contents(root) == {"a.md": b"other thoughts\n"}


# ---------------------------------------------------------------------------- editing a person's note


@pytest.fixture(params=["exchange", "steps", "steps without links"])
def means(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the file system can do."""
    if request.param == "exchange" and exchange_module._rename_at() is None:
        pytest.skip("this system cannot exchange two files")
    if request.param != "exchange":
        monkeypatch.setattr(exchange_module, "_rename_at", lambda: None)
    if request.param == "steps without links":
        monkeypatch.setattr(os, "link", no_links)
    return str(request.param)


def edited(root: Path, old: bytes, new: bytes, path: str = "a.md") -> files.Edit:
    return edit_file(str(root), path, sha256(old).digest(), new)


@pytest.mark.usefixtures("means")
@needs_posix
def test_an_edit_takes_the_note_s_place(make_vault: MakeVault) -> None:
    root = make_vault({"x/a.md": b"\xef\xbb\xbfold\r\n"})
    os.chmod(root / "x" / "a.md", 0o640)
    assert edited(root, b"\xef\xbb\xbfold\r\n", b"\xef\xbb\xbfnew\r\n", "x/a.md") == (
        EditResult.WRITTEN,
        None,
    )
    assert contents(root) == {"x/a.md": b"\xef\xbb\xbfnew\r\n"}
    assert os.stat(root / "x" / "a.md").st_mode & 0o777 == 0o640


def test_an_edit_that_changes_nothing_writes_nothing(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "old"})
    before = os.stat(root / "a.md")
    assert edited(root, b"old", b"old").result is EditResult.UNCHANGED
    assert os.stat(root / "a.md") == before


def test_a_note_that_was_saved_since_it_was_read_is_left(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "saved"})
    assert edited(root, b"old", b"new").result is EditResult.CHANGED
    assert contents(root) == {"a.md": b"saved"}


@pytest.mark.parametrize("path", ["gone.md", "gone/a.md"])
def test_a_note_that_is_gone_is_not_made_anew(make_vault: MakeVault, path: str) -> None:
    root = make_vault({"a.md": "old"})
    assert edited(root, b"old", b"new", path).result is EditResult.CHANGED
    assert contents(root) == {"a.md": b"old"}
    assert [each.name for each in root.iterdir()] == ["a.md"], "nor is its folder"


def save_in_place(path: Path) -> None:
    with open(path, "ab") as file:
        file.write(b"+mine")


def save_by_rename(path: Path) -> None:
    other = path.with_name("editor.tmp")
    other.write_bytes(path.read_bytes() + b"+mine")
    os.replace(other, path)


def before_the_exchange(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Have something happen behind the last look at the note, right before the first exchange."""
    real = files._swap
    waiting = [action]

    def swapping(target: Target, spare: str) -> None:
        if waiting:
            waiting.pop()()
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swapping)


def edit_note(root: Path) -> bool:
    return edited(root, b"old", b"new").result is EditResult.WRITTEN


def replace_output(root: Path) -> bool:
    try:
        return replace_file(str(root), "a.md", b"new", expected=b"old")
    except ChangedOnDisk:
        return False


@pytest.mark.usefixtures("means")
@pytest.mark.parametrize("save", [save_in_place, save_by_rename])
def test_a_save_while_ours_is_written_stays_in_place(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path], None]
) -> None:
    root = make_vault({"a.md": "old"})
    just_before(monkeypatch, "rename", lambda: save(root / "a.md"))
    assert edited(root, b"old", b"new") == (EditResult.CHANGED, None)
    assert contents(root) == {"a.md": b"old+mine"}


@pytest.mark.parametrize("save", [save_in_place, save_by_rename])
@pytest.mark.parametrize("change", [edit_note, replace_output])
def test_a_save_right_before_the_exchange_stays_in_place(
    make_vault: MakeVault,
    monkeypatch: pytest.MonkeyPatch,
    means: str,
    save: Callable[[Path], None],
    change: Callable[[Path], bool],
) -> None:
    if means == "steps without links":
        pytest.skip("such a file system can only be told beforehand")
    root = make_vault({"a.md": "old"})
    before_the_exchange(monkeypatch, lambda: save(root / "a.md"))
    assert not change(root)
    assert contents(root) == {"a.md": b"old+mine"}


@pytest.mark.usefixtures("means")
def test_a_note_that_is_deleted_before_the_exchange_stays_deleted(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": "old", "b.md": ""})
    before_the_exchange(monkeypatch, (root / "a.md").unlink)
    assert edited(root, b"old", b"new").result is EditResult.CHANGED
    assert contents(root) == {"b.md": b""}


def test_two_saves_around_the_exchange_are_both_kept(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"x/a.md": "old"})
    real = files._swap
    swaps = []

    def swapping(target: Target, spare: str) -> None:
        save_in_place(root / "x" / "a.md")
        swaps.append(spare)
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swapping)
    outcome = edited(root, b"old", b"new", "x/a.md")
    assert outcome == (EditResult.KEPT, "x/a (kept by vaultcrm).md")
    assert contents(root) == {"x/a.md": b"old+mine", "x/a (kept by vaultcrm).md": b"new+mine"}
    assert len(swaps) == 2
    assert walk(str(root)).notes == ("x/a.md",)  # the kept one is told, and not counted


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who writes")
def test_a_save_that_is_under_way_is_waited_for(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": "old"})
    editor = open(root / "a.md", "ab")  # noqa: SIM115 - it is closed in the middle of the edit

    def rest(seconds: float) -> None:
        editor.write(b"+mine")
        editor.close()

    monkeypatch.setattr(exchange_module.time, "sleep", rest)
    assert edited(root, b"old", b"new").result is EditResult.CHANGED
    assert contents(root) == {"a.md": b"old+mine"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who writes")
@pytest.mark.parametrize("change", [edit_note, replace_output])
def test_a_file_that_somebody_holds_open_for_long_stays_where_they_write_to(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], bool]
) -> None:
    monkeypatch.setattr(exchange_module, "_QUIET_S", 0.0)
    root = make_vault({"a.md": "old"})
    with open(root / "a.md", "ab") as editor:
        assert not change(root)
        editor.write(b"+mine")
    assert contents(root) == {"a.md": b"old+mine"}
    assert not change(root)


def test_names_of_kept_versions_do_not_clash(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault({"a.md": "old", "a (kept by vaultcrm).md": "earlier"})
    real = files._swap

    def swapping(target: Target, spare: str) -> None:
        save_in_place(root / "a.md")
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swapping)
    assert edited(root, b"old", b"new").kept == "a (kept by vaultcrm 2).md"
    assert (root / "a (kept by vaultcrm).md").read_bytes() == b"earlier"


def test_a_long_name_is_cut_for_a_kept_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "客" * 84 + ".md"  # 255 bytes
    (tmp_path / name).write_bytes(b"old")
    real = files._swap

    def swapping(target: Target, spare: str) -> None:
        save_in_place(tmp_path / name)
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swapping)
    assert edited(tmp_path, b"old", b"new", name).kept == "客" * 66 + " (kept by vaultcrm).md"


# ---------------------------------------------------------------------------- what killed runs left


def spare(old: bytes, new: bytes) -> str:
    return files._spare_name(f"{files._digest(old)}-{files._digest(new)}.swap")


def test_old_temporaries_go_and_fresh_ones_stay(make_vault: MakeVault) -> None:
    root = make_vault(
        {"a.md": "", "x/.vaultcrm-01.tmp": "half", ".vaultcrm-02.tmp": "half", ".vaultcrm-odd": ""}
    )
    now = os.stat(root / ".vaultcrm-odd").st_ctime_ns
    leftovers = walk(str(root)).leftovers
    assert len(leftovers) == 3
    assert sweep_temporaries(str(root), leftovers, now) == ()
    assert len(contents(root)) == 4
    assert sweep_temporaries(str(root), [*leftovers, "gone/.vaultcrm-03.tmp"], now + 2 * STALE_NS) == ()
    assert set(contents(root)) == {"a.md", ".vaultcrm-odd"}


def leftover(process: int, machine: str | None = None) -> str:
    """The name of a temporary file of a process."""
    return f".vaultcrm-{machine or strays._machine()}{process:08x}0000000a.tmp"


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that was and is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


@needs_posix
def test_a_dead_run_s_temporaries_go_at_the_next_start(make_vault: MakeVault, dead: int) -> None:
    others = {leftover(os.getppid()): "of a run at work", leftover(dead, "0" * 8): "of another machine"}
    root = make_vault({leftover(dead): "half", leftover(os.getpid()): "half", **others})
    now = os.stat(root / leftover(dead)).st_ctime_ns
    assert sweep_temporaries(str(root), walk(str(root)).leftovers, now) == ()
    assert contents(root).keys() == others.keys()
    assert sweep_temporaries(str(root), walk(str(root)).leftovers, now + 2 * STALE_NS) == ()
    assert contents(root) == {}


def test_the_names_of_temporaries_tell_whose_they_are() -> None:
    assert strays.own_name()[:-8] == leftover(os.getpid())[:-12]
    assert strays.own_name() != strays.own_name()


@pytest.mark.parametrize("text", [b"old", b"new"])
def test_a_spare_file_with_a_known_text_goes(make_vault: MakeVault, text: bytes) -> None:
    root = make_vault({"a.md": "new", spare(b"old", b"new"): text})
    assert sweep_temporaries(str(root), walk(str(root)).leftovers, 2**62) == ()
    assert set(contents(root)) == {"a.md"}


def test_a_spare_file_with_a_person_s_text_is_kept_visibly(make_vault: MakeVault) -> None:
    root = make_vault({"x/a.md": "new", "x/" + spare(b"old", b"new"): b"old+mine"})
    kept = sweep_temporaries(str(root), walk(str(root)).leftovers, 2**62)
    assert kept == ("x/Rescued (kept by vaultcrm).md",)
    assert contents(root) == {"x/a.md": b"new", kept[0]: b"old+mine"}


@needs_posix
def test_a_link_with_the_name_of_a_temporary_is_left(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "text"})
    os.symlink("a.md", root / ".vaultcrm-01.tmp")
    sweep_temporaries(str(root), [".vaultcrm-01.tmp"], 2**62)
    assert (root / ".vaultcrm-01.tmp").is_symlink()
