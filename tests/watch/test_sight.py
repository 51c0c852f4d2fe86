"""What is looked at tells all that has to be told of files, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from vaultcrm.app import runs
from vaultcrm.watch.sight import Look, differs, look

ACME = "---\ntype: client\nname: Acme\n---\n"


def seen(root: Path) -> dict[str, object]:
    found = look(runs.open_vault(str(root), str(root)))
    return {**found.notes, **found.others}


def test_a_conflict_copy_changes_what_is_seen_though_it_does_not_count(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME})
    before = seen(root)
    assert before["Clients/Acme.md"] is not None
    (root / "Clients" / "Acme 2.md").write_text(ACME)
    after = seen(root)
    assert after != before
    assert after["Clients/Acme 2.md"] is None
    assert after["Clients/Acme.md"] == before["Clients/Acme.md"]
    (root / "Clients" / "Acme 2.md").write_text("A talk of another day.\n")  # a note of its own
    assert seen(root)["Clients/Acme 2.md"] is not None


def test_a_note_that_is_too_large_changes_what_is_seen(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME})
    before = seen(root)
    (root / "Large.md").write_bytes(b" " * (2 * 1024 * 1024 + 1))
    assert seen(root) == {**before, "Large.md": None}


def look_at(root: Path) -> Look:
    return look(runs.open_vault(str(root), str(root)))


def test_two_looks_are_equal_where_nothing_has_changed(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME, "Clients/Bell.md": ACME.replace("Acme", "Bell")})
    before = look_at(root)
    assert look_at(root) == before
    (root / "Clients" / "Bell.md").rename(root / "Clients" / "Cole.md")
    assert look_at(root) != before
    (root / "Clients" / "Cole.md").unlink()
    assert look_at(root) != before


def test_what_is_seen_of_single_files_is_what_a_look_at_everything_sees(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME, "Clients/Bell.md": ACME.replace("Acme", "Bell")})
    seen = look_at(root)
    (root / "Clients" / "Acme.md").write_text(ACME + "More.\n")
    (root / "Clients" / "Bell.md").unlink()
    (root / "vaultcrm.toml").write_text("")
    changed = ["Clients/Acme.md", "Clients/Bell.md", "vaultcrm.toml"]
    assert differs(str(root), seen, changed)
    seen.see({path: look_at(root).stands_at(path) for path in changed})
    assert seen == look_at(root)
    assert differs(str(root), seen, changed) is False


def test_a_note_that_came_needs_a_look_at_everything(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME})
    seen = look_at(root)
    (root / "Clients" / "Bell.md").write_text(ACME)
    (root / "Clients" / "Acme.md").write_text(ACME + "More.\n")
    assert differs(str(root), seen, ["Clients/Bell.md", "Clients/Acme.md"]) is None
    assert differs(str(root), seen, ["Clients/Acme.md", "Clients/Bell.md"]) is None


def test_files_that_are_no_notes_bear_on_nothing(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Acme.md": ACME})
    seen = look_at(root)
    (root / "Clients" / "Acme.md.tmp~").write_text("half a no")
    (root / "Clients" / "photo.png").write_bytes(b"\x89PNG")
    assert differs(str(root), seen, ["Clients/Acme.md.tmp~", "Clients/photo.png", "Clients/gone"]) is False


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_that_came_needs_a_look_at_everything(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"Clients/Acme.md": ACME})
    seen = look_at(root)
    (root / "elsewhere").symlink_to(tmp_path)
    assert differs(str(root), seen, ["elsewhere"]) is None
