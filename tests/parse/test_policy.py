"""The policy from presets and `vaultcrm.toml`; all that is wrong at once (specification 2)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import preset, preset_texts
from vaultcrm.model.policy import Policy, Rhythm, Stages
from vaultcrm.model.records import Interval
from vaultcrm.parse.policy import PRESETS, parse_policy

WEEK, TWO_WEEKS, MONTH = (
    Rhythm(Interval(days=7)),
    Rhythm(Interval(days=14)),
    Rhythm(Interval(months=1)),
)
THREE_MONTHS = Rhythm(Interval(months=3))


UNMERGED = "a merge is not finished here: keep what belongs, without git's marks"


def policy(config: str) -> Policy:
    found, problems = parse_policy(preset_texts(), dedent(config))
    assert problems == (), [str(problem) for problem in problems]
    return found


def wrong(config: str) -> list[str]:
    return [str(problem) for problem in parse_policy(preset_texts(), dedent(config))[1]]


# The presets (specification 1, Four presets)


def test_without_a_configuration_it_is_studio() -> None:
    found, problems = parse_policy(preset_texts(), None)
    assert (found.preset, found.language, problems) == ("studio", "en", ())
    assert parse_policy(preset_texts(), "") == (found, ())


@pytest.mark.parametrize(
    ("name", "scheme", "tiers"),
    [
        ("studio", "criteria", ("A", "B", "C")),
        ("enterprise", "scorecard", ("S", "A", "B", "C")),
        ("sales", "segments", ("core", "key", "standard", "watch")),
        ("retention", "activity", ("high-value", "growth", "low-activity")),
    ],
)
def test_tiers_of_the_presets(name: str, scheme: str, tiers: tuple[str, ...]) -> None:
    found = preset(name)
    assert (found.preset, found.tiers.scheme, found.tiers.names) == (name, scheme, tiers)


def test_the_studio_s_cadence_is_by_stage_and_phase() -> None:
    cadence = preset("studio").cadence
    assert cadence.by == "stage"
    assert cadence.in_project == {
        "prospect": MONTH,
        "new": WEEK,
        "growing": WEEK,
        "core": Rhythm(Interval(days=7), any_time=True),
    }
    assert cadence.after == {"prospect": MONTH, "new": MONTH, "growing": TWO_WEEKS, "core": WEEK}


@pytest.mark.parametrize(
    ("name", "rhythms"),
    [
        ("enterprise", {"S": TWO_WEEKS, "A": MONTH, "B": THREE_MONTHS, "C": THREE_MONTHS}),
        ("sales", {"core": WEEK, "key": TWO_WEEKS, "standard": MONTH, "watch": THREE_MONTHS}),
        (
            "retention",
            {"high-value": TWO_WEEKS, "growth": MONTH, "low-activity": Rhythm(Interval(months=2))},
        ),
    ],
)
def test_the_others_cadence_is_by_tier(name: str, rhythms: dict[str, Rhythm]) -> None:
    cadence = preset(name).cadence
    assert (cadence.by, cadence.tiers) == ("tier", rhythms)


def test_numbers_of_the_specification() -> None:
    studio, enterprise = preset("studio"), preset("enterprise")
    assert studio.stages == Stages(new=1, growing=2, core=4)
    assert (studio.tiers.a_amount, studio.tiers.a_projects, studio.tiers.b_amount) == (100_000, 4, 30_000)
    assert (studio.tiers.b_projects, studio.tiers.a_trust) == (2, 7)
    assert [tier.from_score for tier in enterprise.tiers.tiers] == [32, 24, 16, None]
    assert [int(step) for step in enterprise.tiers.amount_steps] == [
        5_000,
        10_000,
        20_000,
        50_000,
        100_000,
        200_000,
        500_000,
        1_000_000,
        2_000_000,
    ]
    assert (preset("retention").tiers.high_amount, preset("retention").tiers.quiet_days) == (100_000, 60)
    assert (studio.capacity, studio.min_gap, studio.window) == (8, 3, 60)
    assert (studio.bundle_before, studio.bundle_after, studio.horizon_months, studio.task_days) == (
        3,
        6,
        12,
        3,
    )
    assert (studio.warnings.no_order_days, preset("sales").warnings.no_order_days) == (365, 60)
    weights = ("recency", 25), ("satisfaction", 15), ("recommend", 15), ("sentiment", 10), ("orders", 15)
    assert dict(studio.health.weights) == {**dict(weights), "complaints": 10, "payment": 10}
    assert (studio.health.healthy, studio.health.watch, studio.health.order_gap_days) == (75, 50, 180)
    leads = {id_: rule.lead_days for id_, rule in studio.touchpoints.items() if rule.lead_days != 7}
    assert leads == {
        "survey": 3,
        "call-back": 2,
        "referral-thanks": 2,
        "minutes": 0,
        "referral-ask": 0,
        "follow-up": 0,
    }


def test_touchpoints_that_are_switched_on_by_preset() -> None:
    recurring = {"quarterly-review", "brief", "deep-visit", "care-mail", "yearly-survey", "news"}
    on = {
        name: {rule.id for rule in preset(name).touchpoints.values() if not rule.off} & recurring
        for name in PRESETS
    }
    assert on == {
        "studio": {"quarterly-review", "news"},
        "enterprise": {"quarterly-review", "brief", "deep-visit", "care-mail", "yearly-survey"},
        "sales": {"yearly-survey"},
        "retention": set(),
    }


def test_holidays_by_language() -> None:
    assert policy("").greeting_days == ("new-year",)
    assert policy('language = "zh"').greeting_days == (
        "spring-festival",
        "dragon-boat",
        "mid-autumn",
        "national-day",
    )


# Changes


def test_every_top_level_key() -> None:
    found = policy(
        """
        policy = "Sales"
        language = "zh"
        timezone = "Asia/Shanghai"
        currency = "eur"
        holidays = "cn"
        workdays = ["mon", "Sat", "sun"]
        capacity = 0
        min_gap = 5
        window = 30
        ignore = ["Private/**"]
        [capture]
        daily = "Daily/"
        [writeback]
        properties = ["tier", "next_contact"]
        [loyalty]
        on = true
        per_amount = 50
        per_referral = 10
        [planning]
        bundle_before = 0
        period_days = 90
        [measures]
        top_percent = 10
        [referral_ask]
        recommend_high = 8.5
        [greetings]
        zh = ["mid-autumn"]
        """
    )
    assert (found.preset, found.language, found.timezone) == ("sales", "zh", "Asia/Shanghai")
    assert (found.currency, found.holidays, found.workdays) == ("EUR", "CN", {0, 5, 6})
    assert (found.capacity, found.min_gap, found.window, found.daily) == (0, 5, 30, "Daily")
    assert (found.paths.ignore, found.writeback) == (("Private/**",), ("tier", "next_contact"))
    assert (found.loyalty.on, found.loyalty.per_amount, found.loyalty.per_referral) == (True, 50, 10)
    assert (found.bundle_before, found.bundle_after, found.period_days) == (0, 6, 90)
    assert (found.measures.top_percent, found.referral_ask.recommend_high) == (10, Decimal("8.5"))
    assert found.greeting_days == ("mid-autumn",)


def test_a_number_that_is_changed_leaves_the_others() -> None:
    found = policy('policy = "enterprise"\n[tiers.from]\nS = 35\n[warnings]\nforgotten_days = 90')
    assert [tier.from_score for tier in found.tiers.tiers] == [35, 24, 16, None]
    assert found.warnings.forgotten_days == 90
    assert found.warnings.stale_days == 180


def test_a_byte_order_mark_is_passed_over() -> None:
    assert policy('\ufeffpolicy = "sales"').preset == "sales"


# What is wrong


def test_all_problems_are_told_at_once_with_key_and_line_and_the_nearest() -> None:
    assert wrong(
        """\
        policy = "studioo"
        langauge = "en"
        capacity = "many"

        [warnings]
        forgoten_days = 3
        off = ["silent", "silence"]

        [touchpoints.survey]
        led = 3

        [[feeds]]
        path = "a.ics"
        privacy = "none"
        """
    ) == [
        "vaultcrm.toml:1: policy: one of studio, enterprise, sales, retention (the nearest: studio)"
        " is expected, not 'studioo'",
        "vaultcrm.toml:2: langauge: unknown key; the nearest: language, planning",
        "vaultcrm.toml:3: capacity: a whole number from 0 to 100000 is expected, not 'many'",
        "vaultcrm.toml:6: warnings.forgoten_days: unknown key; the nearest: forgotten_days, renewal_days,"
        " no_order_days",
        "vaultcrm.toml:7: warnings.off: a known word (the nearest: silent, inactive) is expected,"
        " not 'silence'",
        "vaultcrm.toml:10: touchpoints.survey.led: unknown key; the nearest: lead",
        "vaultcrm.toml:14: feeds[1].privacy: one of full, initials, busy is expected, not 'none'",
    ]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            'a = 1\n<<<<<<< ours\npolicy = "sales"\n=======\npolicy = "studio"\n>>>>>>> theirs\n',
            ["vaultcrm.toml:2: a merge is not finished here: keep what belongs, without git's marks"],
        ),
        ("policy = ", ["vaultcrm.toml:1: this is no TOML: invalid value"]),
        ("a = 1\na = 2", ["vaultcrm.toml:2: this is no TOML: cannot overwrite a value"]),
        (
            "[mapping.folders]\n客户们 = 'client'",
            [
                "vaultcrm.toml:2: this is no TOML: invalid statement; a name with other letters than a to z"
                " stands in quotes"
            ],
        ),
        ("policy = “studio”", ['vaultcrm.toml:1: this is no TOML: invalid value; write " instead of “']),
        ("policy：'studio'", ["vaultcrm.toml:1: this is no TOML: expected '=' after a key"]),
        ("workdays = ['mon'，'tue']", ["vaultcrm.toml:1: this is no TOML: unclosed array; write ,"]),
        ("【paths】", ["vaultcrm.toml:1: this is no TOML: invalid statement; write [ instead of 【"]),
        ("policy = 'a，b", ["vaultcrm.toml:1: this is no TOML: unterminated string"]),
        ("policy = 'sales\ncapacity = 3", ["vaultcrm.toml:1: this is no TOML: unterminated string"]),
        ("a = 1\npolicy = \"sales\r\nb = ''", ["vaultcrm.toml:2: this is no TOML: unterminated string"]),
        ("a = '''b\n", ["vaultcrm.toml:1: this is no TOML: unterminated string"]),
        ("a = " + "[" * 5000, ["vaultcrm.toml: this is no TOML: it is nested too deeply"]),
        ("a = 1\n<<<<<<< HEAD\nb = 2\n=======\n", [f"vaultcrm.toml:2: {UNMERGED}"]),
        ("a = 1\n=======\nb = 2\n>>>>>>> mine\n", [f"vaultcrm.toml:2: {UNMERGED}"]),
        ("# one\u2028line, another\x85\nx = 1", ["vaultcrm.toml:2: x: unknown key"]),
        ("a = " + "9" * 5000, ["vaultcrm.toml: this is no TOML: a number has too many digits"]),
        ("[paths]\n[paths]", ["vaultcrm.toml:2: this is no TOML: cannot declare [paths] twice"]),
        ("[a.b]\n[a.b]", ["vaultcrm.toml:2: this is no TOML: cannot declare [a.b] twice"]),
        ("workdays = []", ["vaultcrm.toml:1: workdays: at least one working day is needed"]),
        ("capture = 1", ["vaultcrm.toml:1: capture: a table is expected, not 1"]),
        ("writeback = {tier = true}", ["vaultcrm.toml:1: writeback.tier: unknown key"]),
    ],
)
def test_wrong(config: str, told: list[str]) -> None:
    found = wrong(config)
    assert len(found) == len(told)
    assert all(one.startswith(other) for one, other in zip(found, told, strict=True)), found


def test_what_is_wrong_is_read_as_if_it_were_absent() -> None:
    found, _ = parse_policy(preset_texts(), 'policy = "x"\nworkdays = []\ncapacity = -1\nlanguage = "de"')
    assert (found.preset, found.workdays, found.capacity, found.language) == (
        "studio",
        {0, 1, 2, 3, 4},
        8,
        "en",
    )


@given(st.text(max_size=80))
def test_any_text_gives_a_policy(config: str) -> None:
    found, _ = parse_policy(preset_texts(), config)
    assert found.preset in PRESETS


# The data files


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_are_without_fault_in_both_languages(name: str) -> None:
    for language in ("en", "zh"):
        assert preset(name, f'language = "{language}"').language == language


def test_no_number_has_a_default_that_the_presets_do_not_give() -> None:
    """A preset gives every number; a default in the model would be a second place for it."""
    for name in PRESETS:
        for part in ("warnings", "health", "referral_ask"):
            given_ = getattr(preset(name), part)
            assert is_dataclass(given_)
            assert all(getattr(given_, each.name) is not None for each in fields(given_))


def test_policies_are_values() -> None:
    one, other = preset("sales"), preset("sales", "")
    changed: Any = policy('policy = "sales"\nwindow = 61')
    assert one == other
    assert one != changed
