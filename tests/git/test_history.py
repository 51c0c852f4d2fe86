"""How clients stood on past days, from the notes as they are and as they were committed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_cli
from tests.support.repositories import Repository, new_repository
from tests.support.vaults import AS_OF, copy_vault
from vaultcrm.rules.history import Move, State, moves, past_days

CONFIG = 'policy = "studio"\ntimezone = "UTC"\n'
ACME = "---\ntype: client\nname: Acme\nsince: 2026-01-05\n---\n"
PROJECT = (
    "---\ntype: project\nclient: '[[Acme]]'\nstart: 2026-{0}-01\ndelivered: 2026-{0}-20\namount: 90000\n---\n"
)


def history(*arguments: str | Path) -> dict[str, Any]:
    done = run_cli("history", *arguments, "--json", "--today", AS_OF)
    assert done.status == 0, done.text()
    said: dict[str, Any] = json.loads(done.out)
    return said


def on(day: str) -> dict[str, str]:
    return dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T12:00:00+00:00")


def commit_on(repository: Repository, day: str) -> str:
    Repository(repository.top, on(day)).commit_all(day)
    return repository.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("week", ["2026-10-28", "2026-11-01", "2026-11-08", "2026-11-15", "2026-11-20"]),
        ("month", ["2026-10-28", "2026-10-31", "2026-11-20"]),
        ("quarter", ["2026-10-28", "2026-11-20"]),
    ],
)
def test_days_are_the_ends_of_periods(every: str, days: list[str]) -> None:
    found = past_days(date(2026, 10, 28), date(2026, 11, 20), every)
    assert [day.isoformat() for day in found] == days


def test_days_at_the_edges() -> None:
    day = date(2026, 10, 31)
    assert past_days(day, day, "month") == (day,)
    assert past_days(date(2026, 9, 30), day, "month") == (date(2026, 9, 30), day)
    assert past_days(date(2025, 12, 30), date(2026, 4, 1), "quarter")[1:3] == (
        date(2025, 12, 31),
        date(2026, 3, 31),
    )


def test_each_day_is_what_export_says_of_it(tmp_path: Path) -> None:
    vault = copy_vault("studio-en", tmp_path)
    said = history("--vault", vault, "--since", "2026-06-30", "--every", "quarter")
    assert [moment["day"] for moment in said["moments"]] == ["2026-06-30", "2026-09-30", AS_OF]
    for moment in said["moments"]:
        exported = json.loads(run_cli("export", "json", "--vault", vault, "--today", moment["day"]).out)
        by_path = {client["path"]: client for client in exported["clients"]}
        for state in moment["clients"]:
            client = by_path[state["path"]]
            assert (state["tier"], state["stage"], state["health"], state["band"]) == (
                client["tier"],
                client["stage"],
                client["health"],
                client["band"],
            )
            assert state["warnings"] == sorted({each["id"] for each in client["warnings"]})
    assert len(said["moments"][-1]["clients"]) == len(by_path)


def test_what_moved(tmp_path: Path) -> None:
    files = {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME, "Projects/One.md": PROJECT.format("03")}
    root = new_repository(tmp_path / "vault", files).top
    said = history("Acme", "--vault", root, "--since", "2026-02-28", "--every", "quarter")
    moved = [(each["day"], each["what"], each["before"], each["after"]) for each in said["moves"]]
    assert ("2026-03-31", "stage", "prospect", "new") in moved
    shown = run_cli("history", "acme", "--vault", root, "--since", "2026-02-28", "--today", AS_OF)
    assert shown.out.startswith("Acme\nday ")
    every = run_cli("history", "--vault", root, "--since", "2026-02-28", "--today", AS_OF)
    assert "stage prospect → new client" in every.out


def test_nothing_moved(small_vault: Path) -> None:
    said = run_cli("history", "--vault", small_vault, "--since", "2026-11-19", "--today", AS_OF)
    assert said.out.endswith("\n\nnothing moved in this time\n")


def test_a_client_is_not_there_before_its_first_record(tmp_path: Path) -> None:
    files = {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME, "Clients/Bare.md": "---\ntype: client\n---\n"}
    root = new_repository(tmp_path / "vault", files).top
    said = history("--vault", root, "--since", "2025-12-31", "--every", "quarter")
    names = [[client["name"] for client in moment["clients"]] for moment in said["moments"]]
    assert names[0] == ["Bare"]  # nothing in it tells since when there is this client
    assert names[1] == ["Acme", "Bare"]
    assert {"what": "client", "name": "Acme", "before": None}.items() <= said["moves"][0].items()


def test_commits_tell_how_the_notes_stood(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "vault", {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME})
    first = commit_on(repository, "2026-04-10")
    repository.write({"Projects/One.md": PROJECT.format("03")})
    second = commit_on(repository, "2026-07-15")
    repository.write({"Clients/Acme.md": ACME.replace("Acme", "Acme Corporation")})
    options = ("--vault", repository.top, "--since", "2026-03-31", "--every", "quarter", "--commits")
    said = history(*options)
    found = [(moment["day"], moment["commit"]) for moment in said["moments"]]
    assert found == [("2026-06-30", first), ("2026-09-30", second), (AS_OF, second)]
    stages = [moment["clients"][0]["stage"] for moment in said["moments"]]
    assert stages == ["prospect", "new", "new"]
    assert run_cli("history", "Acme", *options, "--today", AS_OF).out.splitlines()[2].split()[1] == first[:8]


def test_a_client_that_was_renamed_or_has_gone(tmp_path: Path) -> None:
    bell = ACME.replace("Acme", "Bell")
    files = {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME, "Clients/Bell.md": bell}
    repository = new_repository(tmp_path / "vault", files)
    commit_on(repository, "2026-04-10")
    repository.git("mv", "Clients/Acme.md", "Clients/Acme Corporation.md")
    repository.git("rm", "-q", "Clients/Bell.md")
    commit_on(repository, "2026-07-15")
    options = ("--vault", repository.top, "--since", "2026-06-30", "--every", "quarter", "--commits")
    said = history(*options)
    assert [(each["name"], each["what"], each["after"]) for each in said["moves"]] == [
        ("Bell", "client", None)
    ]
    assert len(history("Bell", *options)["moments"][0]["clients"]) == 1


def test_a_vault_in_a_larger_repository(tmp_path: Path) -> None:
    files = {"crm/vaultcrm.toml": CONFIG, "crm/Clients/Acme.md": ACME, "other.txt": "a"}
    repository = new_repository(tmp_path / "r", files)
    first = commit_on(repository, "2026-04-10")
    repository.write({"other.txt": "b"})
    commit_on(repository, "2026-05-10")
    said = history("--vault", repository.top / "crm", "--commits", "--since", "2026-10-31")
    assert {moment["commit"] for moment in said["moments"]} == {first}


def test_without_any_commit(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "vault", {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME}).top
    done = run_cli("history", "--vault", root, "--commits", "--today", AS_OF)
    assert done.status == 2
    assert "no commit" in done.err


@pytest.mark.parametrize("since", ["2027-01-01", "soon"])
def test_since_a_day_that_is_none(tmp_path: Path, since: str) -> None:
    root = new_repository(tmp_path / "vault", {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME}).top
    done = run_cli("history", "--vault", root, "--since", since, "--today", AS_OF)
    assert done.status == 2
    assert since in done.err


def test_an_unknown_client(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "vault", {"vaultcrm.toml": CONFIG, "Clients/Acme.md": ACME}).top
    done = run_cli("history", "Acne", "--vault", root, "--today", AS_OF)
    assert done.status == 2
    assert "Acme" in done.err


def test_moves_of_a_client() -> None:
    before = State("a", "A", "active", "B", "new", 80, "healthy", ("silent",))
    after = State("a", "A", "lost", "C", "new", 40, "at-risk", ("no-order",))
    assert moves(before, before) == ()
    assert moves(before, after) == (
        Move("status", "active", "lost"),
        Move("tier", "B", "C"),
        Move("health", "healthy", "at-risk"),
        Move("warning", None, "no-order"),
        Move("warning", "silent", None),
    )
