"""The policy in a note: it counts, it is told, and in git the staged one counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.support.command import run_cli
from tests.support.repositories import new_repository
from tests.support.vaults import AS_OF, SMALL_VAULT, write_vault

NOTE = "CRM/Policy.md"
USUAL = 30
"""The interval of the small vault's client without a note."""


def table(days: int) -> str:
    return f"| Stage | During a project | After |\n|---|---|---|\n| new | {days} days | {days} days |\n"


def interval(vault: Path) -> int:
    outcome = run_cli("export", "json", "--vault", vault, "--today", AS_OF)
    days: int = json.loads(outcome.out)["clients"][0]["interval_days"]
    return days


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", SMALL_VAULT)


def test_a_change_of_the_note_is_seen(vault: Path) -> None:
    for days in (40, 50):
        write_vault(vault, {NOTE: table(days)})
        assert interval(vault) == days
        outcome = run_cli("index", "--vault", vault, "--today", AS_OF)
        assert "wrote CRM/Dashboard.md" in outcome.out
    (vault / NOTE).unlink()
    assert interval(vault) == USUAL


def test_another_note_or_none(vault: Path) -> None:
    write_vault(vault, {NOTE: table(40), "Rules/Ours.md": table(25)})
    for config, days in (('policy = "Rules/Ours.md"', 25), ("policy = false", USUAL)):
        write_vault(vault, {"vaultcrm.toml": f"{SMALL_VAULT['vaultcrm.toml']}\n[paths]\n{config}\n"})
        assert interval(vault) == days


def test_each_value_says_where_it_comes_from(vault: Path) -> None:
    write_vault(vault, {NOTE: table(40)})
    shown = run_cli("policy", "show", "--vault", vault).out
    assert 'new = "40 days"  # CRM/Policy.md:3\n' in shown
    assert 'currency = "EUR"  # vaultcrm.toml:4\n' in shown
    assert 'growing = "7 days"\n' in shown
    found = json.loads(run_cli("policy", "show", "--vault", vault, "--json").out)
    assert found["origins"]["cadence.after.new"] == {"path": NOTE, "line": 3}
    assert found["cadence"]["after"]["new"] == "40 days"
    said = run_cli("explain", "Acme", "interval_days", "--vault", vault, "--today", AS_OF).out
    assert f"{NOTE}:3" in said


def test_what_is_shown_as_markdown_is_the_note(vault: Path) -> None:
    shown = run_cli("policy", "show", "--markdown", "--vault", vault).out
    before = run_cli("policy", "show", "--json", "--vault", vault).out
    write_vault(vault, {NOTE: shown})
    after = json.loads(run_cli("policy", "show", "--json", "--vault", vault).out)
    assert run_cli("check", "--vault", vault, "--today", AS_OF).status == 0
    assert {**after, "origins": None} == {**json.loads(before), "origins": None}


def test_another_configuration_is_tried_with_the_note(vault: Path, tmp_path: Path) -> None:
    write_vault(vault, {NOTE: table(40)})
    other = tmp_path / "other.toml"
    other.write_text("capacity = 3\n", encoding="utf-8")
    outcome = run_cli("policy", "simulate", other, "--vault", vault, "--today", AS_OF, "--json")
    (week,) = json.loads(outcome.out)["contacts_a_week"]
    assert week["before"] == week["after"]


def test_init_writes_it_and_never_over_one(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        vault = tmp_path / language
        assert run_cli("init", vault, "--lang", language, "--today", AS_OF).status == 0
        assert run_cli("check", "--vault", vault, "--today", AS_OF).status == 0
        fitting = json.loads(run_cli("policy", "show", "--json", "--vault", vault).out)["tiers"]["a_amount"]
        assert fitting == {"en": 20000, "zh": 100000}[language]
    joined = write_vault(tmp_path / "joined", {"Clients/Acme.md": "", NOTE: "mine\n"})
    run_cli("init", joined)
    assert (joined / NOTE).read_text(encoding="utf-8") == "mine\n"


def test_checking_the_policy_checks_the_note(vault: Path) -> None:
    assert run_cli("policy", "check", "--vault", vault).out == "the policy is fine\n"
    write_vault(vault, {NOTE: table(40).replace("40 days |\n", "now and then |\n")})
    outcome = run_cli("policy", "check", "--vault", vault)
    assert (outcome.status, f"{NOTE}:3:19: error[bad-interval]" in outcome.out) == (2, True)


def test_a_note_that_cannot_be_read_stops_the_run(vault: Path) -> None:
    (vault / NOTE).mkdir(parents=True)
    outcome = run_cli("index", "--vault", vault, "--today", AS_OF)
    assert (outcome.status, NOTE in outcome.err) == (3, True)


def test_in_git_the_staged_note_counts(home: Path, tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", {**SMALL_VAULT, NOTE: table(40)})
    repository.git("add", "-A")
    repository.write({NOTE: table(90)})
    arguments = ("index", "--staged", "--git-add", "--vault", repository.top, "--today", AS_OF)
    assert run_cli(*arguments).status == 0
    staged = repository.git("show", ":CRM/follow-ups.ics")
    assert run_cli("index", "--vault", repository.top, "--today", AS_OF).status == 0
    assert repository.read("CRM/follow-ups.ics").decode() != staged
    repository.write({NOTE: table(40)})
    assert run_cli("index", "--vault", repository.top, "--today", AS_OF).status == 0
    assert repository.read("CRM/follow-ups.ics").decode().split() == staged.split()


def test_why_a_row_does_not_fit_is_said_in_the_vault_s_language(make_vault: MakeVault) -> None:
    note = "| 设置 | 值 |\n| --- | --- |\n| 法定节假日 | XX |\n"
    root = make_vault({"vaultcrm.toml": 'language = "zh"\n', "CRM/Policy.md": note})
    told = run_cli("check", "--vault", root).out
    assert "policy-misfit" in told
    assert "no public holidays" not in told
    assert "XX" in told
