"""A vault full of hostile notes: each costs only itself, and what comes out is only text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.notes import CANARY, OWNER, Hostile
from tests.hostile.payloads import FORMULAS
from tests.hostile.vault import all_hostile, everything, valid_notes, write_hostile
from tests.support.command import Outcome, run_cli
from tests.support.surroundings import pin
from tests.support.vaults import AS_OF, write_vault
from vaultcrm.model.note import SourceFile
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.readers import ReadConfig

HOSTILE = all_hostile()
AT_MOST_S = 1.0
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What no terminal may get: controls but the line feed, separators of lines, turns of direction."""


@dataclass
class Ran:
    """What all commands have made of the hostile vault."""

    vault: Path
    hostile: tuple[Hostile, ...]
    outcomes: dict[str, Outcome]
    before: dict[bytes, object]
    after: dict[bytes, object]
    outside: tuple[dict[bytes, object], dict[bytes, object]]

    @property
    def export(self) -> dict[str, Any]:
        """What `export json` prints."""
        return dict(json.loads(self.outcomes["export json"].out_bytes))


COMMANDS = {
    "index": ("index",),
    "full": ("index", "--check", "--full"),
    "export json": ("export", "json"),
    "export csv": ("export", "csv"),
    "check": ("check",),
    "check github": ("check", "--format", "github"),
    "agenda": ("agenda", "--days", "60"),
    "show payload": ("show", "<script>alert('HVXSS')</script>"),
    "show ambiguous": ("show", "hx"),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("hostile")
    vault, outside = write_vault(folder / "vault", valid_notes()), folder / "outside"
    hostile = write_hostile(vault, HOSTILE, outside)
    before, outside_before = everything(vault), everything(outside)
    with pytest.MonkeyPatch.context() as patch:
        pin(patch, folder)
        outcomes = {
            name: run_cli(*command, "--vault", vault, "--today", AS_OF) for name, command in COMMANDS.items()
        }
    return Ran(vault, hostile, outcomes, before, everything(vault), (outside_before, everything(outside)))


def test_there_are_enough_of_them(ran: Ran) -> None:
    assert len(HOSTILE) > 1000
    assert len({each.path for each in HOSTILE}) == len(HOSTILE)
    assert len(ran.hostile) > 330


def test_exit_statuses(ran: Ran) -> None:
    wanted = dict.fromkeys(COMMANDS, 0) | dict.fromkeys(("check", "check github"), 1)
    wanted |= {"show ambiguous": 2}
    assert {name: outcome.status for name, outcome in ran.outcomes.items()} == wanted


def test_no_traceback(ran: Ran) -> None:
    for outcome in ran.outcomes.values():
        assert "Traceback" not in outcome.err
        assert "bug" not in outcome.err


def test_each_note_has_its_diagnostics_and_no_others(ran: Ran) -> None:
    told = defaultdict(set)
    for each in ran.export["diagnostics"]:
        told[each["path"]].add(each["code"])
    by_name = {_shown(each): each for each in ran.hostile}
    wrong = {
        name: (sorted(told.get(name, ())), sorted(each.codes))
        for name, each in by_name.items()
        if told.get(name, set()) - each.perhaps != each.codes - each.perhaps
    }
    assert not wrong
    assert not told.keys() - by_name.keys()


def _shown(each: Hostile) -> str:
    """The path as JSON has it: half a character is a question mark."""
    return each.name.encode("utf-8", "replace").decode()


def test_clients_are_those_of_the_valid_notes_and_of_hostile_ones_that_are_clients(ran: Ran) -> None:
    counted = {each["path"] for each in ran.export["clients"]}
    valid = {path for path in valid_notes() if path.startswith("Clients/")}
    wanted = valid | {_shown(each) for each in ran.hostile if each.counts}
    assert counted - wanted == set()
    assert wanted - counted == set()


def test_a_broken_line_costs_only_its_own_property(ran: Ran) -> None:
    owners = {each["path"]: each["owner"] for each in ran.export["clients"]}
    kept = [each for each in ran.hostile if each.keeps_owner]
    assert len(kept) > 100
    assert {_shown(each): owners[_shown(each)] for each in kept} == {_shown(each): OWNER for each in kept}


def test_valid_clients_are_computed_as_without_the_hostile_ones(ran: Ran, tmp_path: Path) -> None:
    alone = run_cli("export", "json", "--vault", write_vault(tmp_path / "v", valid_notes()), "--today", AS_OF)
    wanted = json.loads(alone.out_bytes)
    assert wanted["diagnostics"] == []
    found = {each["path"]: each for each in ran.export["clients"]}
    assert [found[each["path"]] for each in wanted["clients"]] == wanted["clients"]
    mine = {each["path"] for each in wanted["tasks"]}
    assert [each for each in ran.export["tasks"] if each["path"] in mine] == wanted["tasks"]


def test_no_byte_of_any_note_is_changed(ran: Ran) -> None:
    made = {os.fsencode(ran.vault / name) for name in ("CRM/Dashboard.md", "CRM/follow-ups.ics")}
    assert ran.after.keys() - ran.before.keys() == made
    assert {path: what for path, what in ran.after.items() if path not in made} == ran.before


def test_nothing_outside_is_read_or_written(ran: Ran) -> None:
    assert ran.outside[0] == ran.outside[1]
    for name, outcome in ran.outcomes.items():
        assert CANARY not in outcome.out + outcome.err, name
    for name in ("CRM/Dashboard.md", "CRM/follow-ups.ics"):
        assert CANARY not in (ran.vault / name).read_text(encoding="utf-8")


def test_terminal_gets_nothing_that_steers_it(ran: Ran) -> None:
    for name, outcome in ran.outcomes.items():
        if name == "export csv":
            continue  # its lines end with CRLF, and it is for a file
        found = STEERS.search(outcome.out + outcome.err)
        assert found is None, (name, found)


def test_no_cell_begins_a_formula(ran: Ran) -> None:
    text = ran.outcomes["export csv"].out_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(ran.export["clients"])
    for row in rows:
        assert None not in row
        for name, cell in row.items():
            number = re.fullmatch(r"-?[0-9.]+", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), (name, cell)
            assert not re.search(r"[\x00-\x08\x0b-\x1f]", cell.replace("\t", "")), (name, cell)
    assert any(FORMULAS[0] in row["name"] for row in rows)


@pytest.mark.parametrize("group", sorted({each.group for each in HOSTILE}))
def test_no_note_takes_a_second(group: str) -> None:
    config = ReadConfig(daily="Daily")
    slow = {}
    for each in HOSTILE:
        if each.group != group or each.data is None:
            continue
        begin = time.process_time()
        read_file(SourceFile(each.name, each.data), config)
        took = time.process_time() - begin
        if took > AT_MOST_S:
            slow[each.name] = took
    assert not slow
