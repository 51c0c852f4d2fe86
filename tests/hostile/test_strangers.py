"""Vaults without a client: nothing in them is taken for ours, nothing is told, and it costs little."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.hostile.strangers import STYLES, strangers
from tests.support.command import run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.model.note import SourceFile
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.readers import ReadConfig

COUNT = 2000


@pytest.mark.parametrize("daily", [None, "Daily"])
def test_no_note_of_a_stranger_is_ours(daily: str | None) -> None:
    config = ReadConfig(daily=daily)
    for path, data in strangers(COUNT).items():
        reading, told = read_file(SourceFile(path, data), config)
        assert (reading.kind, reading.record) == (None, None), path
        if daily is None:
            assert (reading.interactions, told) == ((), ()), path


def test_a_vault_of_a_stranger_gives_no_client_and_no_problem(tmp_path: Path) -> None:
    notes = strangers(len(STYLES) * 20)
    vault = write_vault(tmp_path / "vault", notes)
    export = json.loads(run_cli("export", "json", "--vault", vault, "--today", AS_OF).out)
    assert (export["clients"], export["tasks"], export["diagnostics"]) == ([], [], [])
    assert run_cli("check", "--vault", vault, "--today", AS_OF).status == 0
    assert run_cli("index", "--vault", vault, "--today", AS_OF).status == 0
    after = contents(vault)
    assert {path: after[path] for path in notes} == notes


def test_strangers_change_nothing_of_a_client(tmp_path: Path) -> None:
    alone = write_vault(tmp_path / "alone", SMALL_VAULT)
    among = write_vault(tmp_path / "among", {**strangers(len(STYLES) * 20), **SMALL_VAULT})
    exports = [
        json.loads(run_cli("export", "json", "--vault", vault, "--today", AS_OF).out)
        for vault in (alone, among)
    ]
    assert exports[0] == exports[1]


def test_a_note_of_a_stranger_costs_less_than_a_millisecond() -> None:
    notes, config = strangers(COUNT), ReadConfig(daily="Daily")
    begin = time.process_time()
    for path, data in notes.items():
        read_file(SourceFile(path, data), config)
    assert time.process_time() - begin < COUNT / 1000
