from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.policies import preset
from tests.render.builders import FRIDAY, overview, words
from tests.rules.builders import client, contact, feedback, follow_up, history, project
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.overview import Overview
from vaultcrm.model.results import Measures
from vaultcrm.render.export import (
    decimals,
    diagnostic_dict,
    export_csv,
    export_dict,
    export_json,
    metrics_dict,
)

CLIENT_KEYS = [
    *("name", "path", "status", "owner", "stage", "computed_stage", "projects", "in_project", "amount_12m"),
    *(
        "amount_total",
        "tier",
        "computed_tier",
        "scores",
        "score",
        "last_contact",
        "estimated",
        "next_contact",
    ),
    *("planned", "interval_days", "overdue_days", "priority", "health", "health_parts", "band"),
    *("touchpoints", "warnings"),
]


def acme(**fields: Any) -> Overview:
    told = history(
        client("Acme", owner="mira", **fields),
        [project("Website", start="2026-06-01", delivered="2026-10-15", amount="12000.505")],
        [contact("2026-10-15", channel="email", summary="sent the report")],
        [feedback("2026-10-20", recommend=5)],
        tasks=[follow_up("send the quote", due="2026-11-10")],
    )
    return overview(told)


def first(what: Overview, language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = export_dict(what, words(language))["clients"][0]
    return found


def test_keys_are_those_of_the_specification() -> None:
    export = export_dict(acme(), words())
    assert list(export) == ["as_of", "policy", "currency", "clients", "tasks", "metrics", "diagnostics"]
    row = export["clients"][0]
    assert list(row) == CLIENT_KEYS
    assert list(row["touchpoints"][0]) == ["id", "kind", "due", "planned", "bundled", "title", "anchor"]
    assert list(row["warnings"][0]) == ["id", "severity", "message", "evidence"]
    assert list(export["tasks"][0]) == ["text", "client", "due", "path", "line"]


def test_types_and_rounding() -> None:
    row = first(acme())
    assert row["amount_12m"] == 12000.51
    assert row["scores"] is None
    assert row["priority"] == 26.3  # 10 × 1 + 10 × 4 / 31 + 15
    assert isinstance(row["health"], int)
    assert row["warnings"][0]["evidence"][0] == {"path": "Feedback/2026-10-20.md", "line": 2}
    assert row["last_contact"] == "2026-10-15"


def test_absent_is_null() -> None:
    row = first(overview(history(client("Acme", do_not_contact=True))))
    assert [row[key] for key in ("owner", "last_contact", "next_contact", "planned", "priority")] == [
        None
    ] * 5
    assert (row["overdue_days"], row["estimated"], row["in_project"]) == (0, False, False)


def test_scores_are_whole_where_they_are() -> None:
    policy = preset("sales")
    row = first(overview(history(client("Acme", scores={"closeness": 7.5})), policy=policy))
    assert row["scores"] == {"value": 1, "potential": 5, "fit": 5, "closeness": 7.5}
    assert (row["score"], type(row["scores"]["fit"])) == (18.5, int)


def test_titles_and_messages_are_in_the_language_and_ids_are_not() -> None:
    row = first(acme(), "zh")
    assert row["warnings"][0] | {"evidence": 0} == {
        "id": "detractor",
        "severity": "high",
        "message": "推荐意愿 5 分（满分 10）",
        "evidence": 0,
    }
    assert "一个月回访：Website" in [each["title"] for each in row["touchpoints"]]


def test_json_is_utf8_with_one_blank_and_a_last_newline() -> None:
    data = export_json(overview(history(client("青禾"))), words())
    assert data.startswith(b'{\n "as_of": "2026-11-20",\n')
    assert data.endswith(b"}\n")
    assert "青禾".encode() in data
    assert json.loads(data)["clients"][0]["name"] == "青禾"


def test_half_a_character_in_a_file_name_does_not_cost_the_export() -> None:
    data = export_json(overview(history(client("Acme", path="Clients/caf\udce9.md"))), words())
    assert json.loads(data)["clients"][0]["path"] == "Clients/caf?.md"


def test_metrics_are_rounded_by_kind() -> None:
    values = {
        "active": 3,
        "retention": Fraction(2, 3),
        "average_order": Decimal("10.005"),
        "satisfaction": Fraction(25, 3),
        "nps": Fraction(40),
        "referrals": {"asked": 0},
        "churn": None,
        "by_tier": {"A": 1},
        "since": FRIDAY,
    }
    assert metrics_dict(Measures(FRIDAY, FRIDAY, None, values)) == {
        "active": 3,
        "retention": 0.6667,
        "average_order": 10.01,
        "satisfaction": 8.33,
        "nps": 40,
        "referrals": {"asked": 0},
        "churn": None,
        "by_tier": {"A": 1},
        "since": "2026-11-20",
    }


def test_metrics_of_the_specification_are_all_there() -> None:
    metrics = export_dict(acme(), words())["metrics"]
    wanted = (
        "active retention churn repurchase average_order nps satisfaction referrals in_time by_tier by_stage"
    )
    assert {*wanted.split(), "top20_share"} <= set(metrics)
    assert list(metrics["referrals"]) == ["asked", "received", "won"]


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (Fraction(1, 2), 0, 1.0),
        (Fraction(-1, 2), 0, 0.0),
        (Decimal("0.00005"), 4, 0.0001),
        (0.25, 1, 0.3),
        (None, 2, None),
        ("text", 2, None),
    ],
)
def test_decimals_are_rounded_half_up(value: object, digits: int, rounded: float | None) -> None:
    assert decimals(value, digits) == rounded


def test_diagnostics_tell_what_to_do() -> None:
    problem = Diagnostic("bad-date", Place("a.md", 7, 9), "2026-02-30", "birthday", ("2026-11-20",))
    assert diagnostic_dict(problem, words()) == {
        "path": "a.md",
        "line": 7,
        "column": 9,
        "severity": "error",
        "code": "bad-date",
        "message": "'2026-02-30' is no date — birthday",
        "remedy": "write it like 2026-11-20",
    }


def rows(what: Overview) -> list[dict[str, str]]:
    text = export_csv(what, words()).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def test_csv_has_one_row_a_client() -> None:
    row = rows(acme())[0]
    assert (row["name"], row["tier"], row["in_project"], row["amount_12m"]) == (
        "Acme",
        "C",
        "false",
        "12000.51",
    )
    assert row["warnings"] == "detractor silent-after-project"
    assert "check-in-1m:2026-11-15" in row["touchpoints"]
    assert row["score"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_csv_begins_no_formula(name: str) -> None:
    assert rows(overview(history(client(name, path="Clients/a.md"))))[0]["name"].startswith("'")


@pytest.mark.parametrize("name", ['a,"b"', "a\nb", "a;b", "'"])
def test_csv_gives_a_name_back(name: str) -> None:
    what = overview(history(client(name, path="Clients/a.md")))
    assert rows(what)[0]["name"] == name


def test_csv_of_no_clients_is_its_head() -> None:
    assert rows(overview()) == []
