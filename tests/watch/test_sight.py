"""What is looked at tells all that has to be told of files, too."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import MakeVault
from vaultcrm.app import runs
from vaultcrm.watch.sight import look

ACME = "---\ntype: client\nname: Acme\n---\n"


def seen(root: Path) -> dict[str, object]:
    return dict(look(runs.open_vault(str(root), str(root))))


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
