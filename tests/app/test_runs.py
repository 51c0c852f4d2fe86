"""An index run as a whole: what cannot be written costs only itself."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault
from vaultcrm.store.places import cache_folder


def index(vault: Path) -> Outcome:
    return run_cli("index", "--vault", vault, "--today", AS_OF)


def test_outputs_after_one_that_cannot_be_written_are_written_all_the_same(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", SMALL_VAULT)
    index(vault)
    dashboard, feed = vault / "CRM" / "Dashboard.md", vault / "CRM" / "follow-ups.ics"
    outside = tmp_path / "elsewhere.md"
    outside.write_bytes(dashboard.read_bytes())
    dashboard.unlink()
    dashboard.symlink_to(outside)
    before = outside.read_bytes(), feed.read_bytes()
    acme = vault / "Clients" / "Acme.md"
    acme.write_text(acme.read_text(encoding="utf-8") + "- 2026-11-19 phone: a new order\n", encoding="utf-8")
    outcome = index(vault)
    assert outcome.status == 3
    assert "CRM/Dashboard.md leads out of the vault" in outcome.err
    assert outside.read_bytes() == before[0]
    assert feed.read_bytes() != before[1]
    again = index(vault)
    assert again.status == 3, "it is told until it is written"


def test_what_a_killed_run_left_in_the_cache_goes(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", SMALL_VAULT)
    index(vault)
    cache = Path(cache_folder(str(vault)))
    for name in ("ledger.4194000", "ledger.4194001", "notes.4194000x"):
        (cache / name).write_bytes(b"half")
        os.utime(cache / name, (1, 1) if name != "ledger.4194001" else None)
    acme = vault / "Clients" / "Acme.md"
    acme.write_text(acme.read_text(encoding="utf-8") + "\nmore\n", encoding="utf-8")
    index(vault)
    assert {each.name for each in cache.glob("*.419*")} == {"ledger.4194001", "notes.4194000x"}
