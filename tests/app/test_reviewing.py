"""Reviews: what a period was like, and that a person's own text stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_cli
from tests.support.vaults import write_vault

ACME = """---
owner: mira
decision_maker: Ann
projects:
  - {title: Site, start: 2026-03-02, delivered: 2026-06-12, amount: 8000}
  - {title: Shop, start: 2026-10-05, amount: 40000}
---

## Log

- 2026-09-15 phone: said hello
- 2026-10-06 meeting: began
- 2026-10-20 <phone: it is late #complaint severity:2 resolved:2026-10-28
"""
GONE = "---\nstatus: lost\nlost_on: 2026-10-15\nlost_reason: moved abroad\nsince: 2025-01-01\n---\n"
NEW = """---
since: 2026-10-12
referred_by: '[[Acme]]'
referred_on: 2026-10-10
projects:
  - {title: Logo, start: 2026-10-12}
---
"""
ANSWER = "---\nclient: '[[Acme]]'\ndate: 2026-10-25\nresult: 9\nrecommend: 10\n---\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    files = {"vaultcrm.toml": "", "Clients/Acme.md": ACME, "Clients/Gone.md": GONE, "Clients/New.md": NEW}
    return write_vault(tmp_path / "vault", {**files, "Feedback/a.md": ANSWER})


def reviewed(vault: Path, period: str = "2026-10", day: str = "2026-11-20", *options: str) -> dict[str, Any]:
    outcome = run_cli("review", period, "--vault", vault, "--today", day, "--json", *options)
    assert outcome.status == 0, outcome.text()
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def test_figures_stand_beside_those_before(vault: Path) -> None:
    figures = reviewed(vault)["figures"]
    shown = {name: (each["now"], each["before"]) for name, each in figures.items()}
    assert shown["contacts"] == (2, 1)
    assert shown["meetings"] == (1, 0)
    assert shown["came"] == (1, 0)
    assert shown["lost"] == (1, 0)
    assert shown["orders"] == (2, 0)
    assert shown["revenue"] == (40000, 0)
    assert shown["nps"] == (100, None)
    assert shown["received"] == (1, 0)
    assert shown["won"] == (1, 0)


def test_a_complaint_in_the_clients_own_note_is_linked_once(vault: Path) -> None:
    (line,) = [line for line in reviewed(vault)["note"].splitlines() if "solved 28 October" in line]
    assert line == "- **[[Clients/Acme|Acme]]** · solved 28 October · it is late"


def test_what_moved_and_who_left(vault: Path) -> None:
    found = reviewed(vault)
    moved = [(each["path"], each["what"], each["before"], each["after"]) for each in found["changes"]]
    assert moved == [
        ("Clients/Acme.md", "tier", "C", "B"),
        ("Clients/Acme.md", "stage", "new", "growing"),
    ]
    assert found["lost"] == [{"path": "Clients/Gone.md", "lost_on": "2026-10-15", "reason": "moved abroad"}]
    assert found["came"] == ["Clients/New.md"]
    assert "2 Nov" not in found["note"]


def test_a_period_that_is_over_is_the_same_on_any_day(vault: Path) -> None:
    assert reviewed(vault)["note"] == reviewed(vault, day="2027-03-01")["note"]


def test_own_text_and_ticks_stay(vault: Path) -> None:
    reviewed(vault, "month", "2026-10-20")
    path = vault / "CRM/Reviews/2026-10.md"
    text = path.read_text(encoding="utf-8")
    text = text.replace("- [ ] ", "- [x] ", 1).replace("\n## Notes\n", "\n## My thoughts\n\nA good month.\n")
    path.write_text(text.replace("# Review of", "Before.\n\n# Review of", 1), encoding="utf-8")
    reviewed(vault, "month", "2026-10-31")
    found = path.read_text(encoding="utf-8")
    assert "## My thoughts\n\nA good month.\n" in found
    assert found.count("- [x] ") == 1
    assert "## Notes" not in found
    rescued = list((vault / "CRM/Rescued").iterdir())
    assert ["Before." in each.read_text(encoding="utf-8") for each in rescued] == [True]
    assert reviewed(vault, "month", "2026-10-31")["written"] is False


def test_actions_by_length(vault: Path) -> None:
    said = {
        name: reviewed(vault, name, "2026-12-31", "--dry-run")["actions"]
        for name in ("week", "month", "quarter", "year")
    }
    assert said["week"][0] == "Talk to 3 clients a week (0 this week)"
    assert said["month"][-1] == "Plan the next month: vaultcrm plan next"
    assert "Evaluate tier B anew: Acme" in said["quarter"]
    assert (
        "Evaluate tier B anew: Acme" not in reviewed(vault, "2026-11", "2026-12-31", "--dry-run")["actions"]
    )
    assert said["year"][0] == "Write a goal into each client's note, for the next year"


def test_calls_that_are_due_after_a_complaint_are_an_action_by_name(vault: Path) -> None:
    asked = {
        week: reviewed(vault, week, "2026-12-31", "--dry-run")["actions"][1]
        for week in ("2026-W43", "2026-W44")
    }
    assert asked["2026-W44"] == asked["2026-W43"] + ": Acme"


def test_a_touchpoint_is_given_up_on_the_day_after_the_window(vault: Path) -> None:
    delivered = ACME.replace("delivered: 2026-06-12", "delivered: 2026-06-14")
    write_vault(vault, {"Clients/Acme.md": delivered})
    dropped = {
        week: reviewed(vault, week, "2026-12-31", "--dry-run")["dropped"] for week in ("2026-W33", "2026-W34")
    }
    survey = {"path": "Clients/Acme.md", "id": "survey", "due": "2026-06-17"}
    assert survey not in dropped["2026-W33"], "on Sunday it is due for sixty days"
    assert survey in dropped["2026-W34"]


def test_numbers_are_policy(vault: Path) -> None:
    write_vault(vault, {"vaultcrm.toml": "[measures]\nweek_contacts = 9\nevaluate_months = [1]\n"})
    assert reviewed(vault, "week")["actions"][0] == "Talk to 9 clients a week (0 this week)"
    assert "Evaluate tier B anew: Acme" in reviewed(vault, "month")["actions"]
    write_vault(vault, {"vaultcrm.toml": "[measures]\nevaluate_months = [0]\n"})
    outcome = run_cli("review", "--vault", vault, "--today", "2026-11-20")
    assert (outcome.status, "measures.evaluate_months" in outcome.err) == (2, True)


def test_dry_run_and_no_reviews_write_nothing(vault: Path) -> None:
    found = reviewed(vault, "2026-10", "2026-11-20", "--dry-run")
    assert (found["path"], found["written"], (vault / "CRM").exists()) == (
        "CRM/Reviews/2026-10.md",
        False,
        False,
    )
    write_vault(vault, {"vaultcrm.toml": "[paths]\nreviews = false\n"})
    outcome = run_cli("review", "2026-10", "--vault", vault, "--today", "2026-11-20")
    assert outcome.out.startswith("Review of October 2026\n")
    assert not (vault / "CRM").exists()


def test_a_vault_that_has_lost_its_clients_is_not_looked_back_on(vault: Path) -> None:
    run_cli("index", "--vault", vault, "--today", "2026-11-20")
    for name in ("Acme", "Gone"):
        (vault / f"Clients/{name}.md").unlink()
    outcome = run_cli("review", "--vault", vault, "--today", "2026-11-20")
    assert (outcome.status, (vault / "CRM/Reviews").exists()) == (3, False)
