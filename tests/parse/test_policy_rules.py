"""Rules of one's own: tiers, cadence, touchpoints, health, warnings (specification 2 and 3)."""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent

import pytest

from tests.policies import preset_texts
from vaultcrm.model.policy import Dimension, Policy, Rhythm, Tier, TouchpointPolicy
from vaultcrm.model.records import Interval
from vaultcrm.parse.policy import parse_policy
from vaultcrm.parse.policy_rules import as_dict


def policy(config: str) -> Policy:
    found, problems = parse_policy(preset_texts(), dedent(config))
    assert problems == (), [str(problem) for problem in problems]
    return found


def wrong(config: str) -> list[str]:
    return [f"{each.key}: {each.message}" for each in parse_policy(preset_texts(), dedent(config))[1]]


OWN_TIERS = """
    [tiers]
    scheme = "scorecard"
    names = ["gold", "silver", "bronze"]
    from = { gold = 20, silver = 10 }
    aliases = { gold = ["金", "Au"] }
    dimensions = [
      { name = "amount", source = "amount", weight = 2 },
      { name = "Warmth", default = 6 },
    ]
    [cadence]
    by = "tier"
    [cadence.tiers]
    gold = "1 week"
    silver = { every = "每2周" }
    bronze = { every = "P1M", any_time = true }
    """


def test_tiers_of_one_s_own() -> None:
    found = policy(OWN_TIERS)
    assert found.tiers.tiers == (
        Tier("gold", ("金", "Au"), Decimal(20)),
        Tier("silver", (), Decimal(10)),
        Tier("bronze"),
    )
    assert found.tiers.dimensions == (
        Dimension("amount", "amount", Decimal(5), Decimal(2)),
        Dimension("Warmth", "fixed", Decimal(6), Decimal(1)),
    )
    assert found.cadence.tiers == {
        "gold": Rhythm(Interval(days=7)),
        "silver": Rhythm(Interval(days=14)),
        "bronze": Rhythm(Interval(months=1), any_time=True),
    }
    assert (found.tiers.rank("gold"), found.tiers.rank("bronze"), found.tiers.rank("A")) == (3, 1, 0)


def test_names_for_the_tiers_of_a_scheme_with_three() -> None:
    found = policy('[tiers]\nnames = ["VIP", "Regular", "Rare"]')
    assert found.tiers.scheme == "criteria"
    assert found.tiers.names == ("VIP", "Regular", "Rare")


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[tiers]\nnames = []", ["tiers.names: different names of tiers are expected, the highest first"]),
        (
            "[tiers]\nnames = ['A', 'a', 'B']",
            ["tiers.names: different names of tiers are expected, the highest first"],
        ),
        ("[tiers]\nnames = ['A', 'B']", ["tiers.names: the scheme criteria has 3 tiers"]),
        (
            "policy = 'enterprise'\n[tiers.from]\nA = 40",
            ["tiers.from: the scores must fall from the highest tier to the lowest"],
        ),
        (
            "[tiers]\nscheme = 'scorecard'\nnames = ['x', 'y']",
            ["tiers.from.x: a score is missing from which on this tier holds"],
        ),
        (
            "policy = 'enterprise'\n[tiers.from]\nX = 40",
            ["tiers.from.X: unknown key"],
        ),
        (
            "[[tiers.dimensions]]\nsource = 'amont'",
            [
                "tiers.dimensions[1].name: a name is missing",
                "tiers.dimensions[1].source: one of amount, stability, risk, closeness, fixed"
                " (the nearest: amount) is expected, not 'amont'",
            ],
        ),
        (
            "[tiers]\na_amount = '100k'",
            ["tiers.a_amount: a number that is not negative is expected, not '100k'"],
        ),
        ("[tiers]\namount_steps = 5", ["tiers.amount_steps: a list of numbers is expected, not 5"]),
    ],
)
def test_tiers_that_are_wrong(config: str, told: list[str]) -> None:
    assert sorted(wrong(config)) == sorted(told)


def test_steps_of_amounts_are_sorted() -> None:
    assert policy("[tiers]\namount_steps = [3, 1.5, 2]").tiers.amount_steps == (Decimal("1.5"), 2, 3)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[stages]\nnew = 3", ["stages: new, growing and core must not fall"]),
        ("[stages]\nnew = 0", ["stages.new: a whole number from 1 to 100000 is expected, not 0"]),
        ("[stages]\nprospect = 0", ["stages.prospect: unknown key"]),
    ],
)
def test_stages_that_are_wrong(config: str, told: list[str]) -> None:
    assert [line.split(";")[0] for line in wrong(config)] == told


_RHYTHM = "an interval such as '2 weeks', or { every = '1 week', any_time = true } is expected"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[cadence.after]\ncore = 7", [f"cadence.after.core: {_RHYTHM}, not 7"]),
        ("[cadence.after]\ncore = 'soon'", [f"cadence.after.core: {_RHYTHM}, not 'soon'"]),
        ("[cadence.after]\ncore = {every = 7}", [f"cadence.after.core: {_RHYTHM}, not a table"]),
        (
            "[cadence.after]\ncore = {every = '1w', any_time = 1}",
            [f"cadence.after.core: {_RHYTHM}, not a table"],
        ),
        (
            "[cadence.after]\ncore = {every = '1w', never = true}",
            [f"cadence.after.core: {_RHYTHM}, not a table"],
        ),
        (
            "[cadence.after]\ngrown = '1w'",
            ["cadence.after.grown: unknown key; the nearest: growing"],
        ),
        ("[cadence]\nby = 'tier'", [f"cadence.tiers.{name}: a cadence is missing" for name in "ABC"]),
        (
            "[tiers]\nnames = ['x', 'y', 'z']\n[cadence]\nby = 'tier'\n[cadence.tiers]\nx = '1w'\ny = '1w'",
            ["cadence.tiers.z: a cadence is missing"],
        ),
    ],
)
def test_cadences_that_are_wrong(config: str, told: list[str]) -> None:
    assert wrong(config) == told


# Touchpoints


def test_a_touchpoint_of_one_s_own() -> None:
    found = policy(
        """
        [touchpoints.coffee]
        every = "2 months"
        settled_by = ["visit", "meeting"]
        stages = ["core"]
        tiers = ["a", "B"]
        lead = 10
        """
    )
    assert found.touchpoints["coffee"] == TouchpointPolicy(
        "coffee",
        stages=("core",),
        tiers=("A", "B"),
        every=Interval(months=2),
        lead_days=10,
        settled_by=("visit", "meeting"),
        own=True,
    )


def test_a_built_in_touchpoint_may_be_changed_or_switched_off() -> None:
    found = policy(
        "[touchpoints.survey]\nafter = '5 days'\n[touchpoints.news]\noff = true\n"
        "[touchpoints.holiday]\nsettled_by = 'any'\nabout = ['care']"
    )
    assert found.touchpoints["survey"].after == Interval(days=5)
    assert found.touchpoints["survey"].lead_days == 3
    assert found.touchpoints["news"].off
    assert (found.touchpoints["holiday"].settled_by, found.touchpoints["holiday"].about) == (
        ("any",),
        ("care",),
    )


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            "[touchpoints.brithday]\nlead = 3",
            [
                "touchpoints.brithday: a touchpoint of one's own needs every and settled_by;"
                " the nearest known: birthday"
            ],
        ),
        (
            "[touchpoints.zzz]\nevery = '1 month'",
            ["touchpoints.zzz: a touchpoint of one's own needs every and settled_by"],
        ),
        (
            "[touchpoints.survey]\nsettled_by = ['surveys']",
            ["touchpoints.survey.settled_by: a known word (the nearest: survey) is expected, not 'surveys'"],
        ),
        (
            "[touchpoints.news]\ntiers = ['S']",
            ["touchpoints.news.tiers: one of A, B, C is expected, not 'S'"],
        ),
        (
            "[touchpoints.news]\nstages = ['grown']",
            ["touchpoints.news.stages: one of prospect, new, growing, core (the nearest: growing)"],
        ),
        ("[touchpoints]\nnews = true", ["touchpoints.news: a table is expected, not true"]),
    ],
)
def test_touchpoints_that_are_wrong(config: str, told: list[str]) -> None:
    found = wrong(config)
    assert len(found) >= len(told)
    assert all(one.startswith(other) for one, other in zip(found, told, strict=False)), found


def test_a_preset_s_touchpoint_may_name_tiers_that_own_names_replace() -> None:
    found = policy('policy = "enterprise"\n' + dedent(OWN_TIERS))
    assert found.touchpoints["brief"].tiers == ("A",)


# Health, warnings, loyalty


def test_health_and_warnings_of_one_s_own() -> None:
    found = policy(
        """
        [health]
        healthy = 80
        sentiment_values = [100, 50, 0]
        [health.weights]
        payment = 0
        [warnings]
        off = ["only-work"]
        slowdown_factor = 2.5
        inactive = true
        phase_out = true
        """
    )
    assert (found.health.healthy, found.health.sentiment_values) == (80, (100, 50, 0))
    assert (found.health.weights["payment"], found.health.weights["recency"]) == (0, 25)
    assert (found.warnings.off, found.warnings.slowdown_factor) == (("only-work",), Decimal("2.5"))
    assert (found.warnings.inactive_applies, found.warnings.phase_out_applies) == (True, True)


_NONE = ", ".join(
    f"{part} = 0"
    for part in (
        "recency",
        "satisfaction",
        "recommend",
        "sentiment",
        "orders",
        "complaints",
        "payment",
    )
)
_THREE = "health.sentiment_values: three whole numbers from 0 to 100 is expected"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (f"[health]\nweights = {{{_NONE}}}", "health.weights: at least one part needs a weight"),
        (
            "[health.weights]\nrecncy = 3",
            "health.weights.recncy: unknown key; the nearest: recency, recommend",
        ),
        ("[health]\nsentiment_values = [1, 2]", f"{_THREE}, not [1, 2]"),
        ("[health]\nsentiment_values = [1, 2, 101]", f"{_THREE}, not [1, 2, 101]"),
        ("[health]\nsentiment_values = [1, 2, 2.5]", f"{_THREE}, not [1, 2, 2.5]"),
        ("[health]\nsentiment_values = 3", f"{_THREE}, not 3"),
        (
            "[warnings]\nstale_days = -1",
            "warnings.stale_days: a whole number from 0 to 100000 is expected, not -1",
        ),
        ("[loyalty]\nper_amount = 0", "loyalty.per_amount: an amount greater than 0 is expected"),
        (
            "[measures]\ntop_percent = 0",
            "measures.top_percent: a whole number from 1 to 100000 is expected, not 0",
        ),
        ("[referral_ask]\nasked = 3", "referral_ask.asked: unknown key; the nearest: asked_days"),
    ],
)
def test_what_is_wrong(config: str, told: str) -> None:
    assert [line.partition(", del")[0] for line in wrong(config)] == [told]


def test_only_tables_are_tables() -> None:
    assert as_dict({"a": 1}) == {"a": 1}
    assert as_dict(3) == {}
