"""What `policy show` prints is a configuration that gives the very policy."""

from __future__ import annotations

import json
from dataclasses import replace
from textwrap import dedent

import pytest

from tests.policies import preset, preset_texts
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interval
from vaultcrm.parse.policy import parse_policy
from vaultcrm.parse.values import parse_interval
from vaultcrm.render.policy_toml import interval_text, policy_toml

EVERYTHING = """
    policy = "sales"
    language = "zh"
    timezone = "Asia/Shanghai"
    holidays = "CN"
    workdays = ["mon", "sat"]
    ignore = ["Private/**"]
    [currency]
    code = "CNY"
    rates = { USD = 7.105, EUR = 8 }
    [tiers]
    scheme = "scorecard"
    names = ["gold \\"1\\"", "银", "rest of them"]
    from = { "gold \\"1\\"" = 20.5, "银" = 10 }
    aliases = { "银" = ["Ag", "silver"] }
    dimensions = [{ name = "amount", source = "amount", weight = 2 }, { name = "温度", default = 6.5 }]
    [cadence]
    by = "tier"
    tiers = { "gold \\"1\\"" = { every = "P1M2D", any_time = true }, "银" = "2w", "rest of them" = "1 month" }
    [touchpoints.coffee]
    every = "2 months"
    settled_by = ["visit"]
    about = ["care"]
    stages = []
    tiers = ["银"]
    [touchpoints.survey]
    off = true
    [warnings]
    off = ["silent"]
    slowdown_factor = 2.5
    inactive = true
    [greetings]
    zh = []
    [capture]
    daily = "日记/2026"
    [writeback]
    properties = ["tier"]
    [loyalty]
    on = true
    [paths]
    dashboard = false
    feed = false
    templates = "模板"
    vault = "My vault"
    [mapping.folders]
    "Kunden/Aktiv" = "client"
    Projects = false
    [mapping.tags]
    "log/call" = "interaction"
    [mapping.values.category]
    People = "person"
    [mapping.properties]
    "last contact" = "since"
    status = false
    [[feeds]]
    path = "A.ics"
    title = "Mira's"
    owners = ["mira"]
    kinds = ["next-contact", "coffee"]
    tiers = ["银"]
    class = "private"
    alarm = false
    color = "teal"
    key_dates_only = true
    [feeds.early_alarm_days]
    birthday = 3
    [[feeds]]
    path = "B.ics"
    privacy = "busy"
    """


def read(config: str) -> Policy:
    policy, problems = parse_policy(preset_texts(), config)
    assert problems == (), [str(each) for each in problems] + [config]
    return policy


@pytest.mark.parametrize("name", ["studio", "enterprise", "sales", "retention"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_preset_comes_back_as_it_is(name: str, language: str) -> None:
    policy = preset(name, f'language = "{language}"')
    assert read(policy_toml(policy)) == policy


def test_a_policy_with_everything_comes_back_as_it_is() -> None:
    policy = read(dedent(EVERYTHING))
    printed = policy_toml(policy)
    again = read(printed)
    # of tiers that own names have replaced, none is left to name
    named = {
        id_: replace(rule, tiers=tuple(name for name in rule.tiers if name in policy.tiers.names))
        if rule.tiers is not None
        else rule
        for id_, rule in policy.touchpoints.items()
    }
    assert again == replace(policy, touchpoints=named)
    assert policy_toml(again) == printed


@pytest.mark.parametrize("line", ["off = false", "off = true", "settled_by = []", 'settled_by = ["visit"]'])
@pytest.mark.parametrize("name", ["deep-visit", "survey"])
def test_a_touchpoint_stays_as_it_is_whatever_the_preset_says(name: str, line: str) -> None:
    """One that was switched on was off again in what was printed."""
    policy = read(f"[touchpoints.{name}]\n{line}\n")
    assert read(policy_toml(policy)) == policy


def test_it_reads_like_a_configuration() -> None:
    lines = policy_toml(preset()).splitlines()
    assert lines[:3] == ['policy = "studio"', 'language = "en"', 'currency = "CNY"']
    assert 'growing = "14 days"' in lines
    assert 'core = { every = "7 days", any_time = true }' in lines
    assert "[touchpoints.check-in-1m]" in lines
    assert "[capture]" not in lines


@pytest.mark.parametrize(
    "interval", [Interval(1), Interval(12), Interval(0, 1), Interval(0, 14), Interval(2, 3)]
)
def test_intervals_can_be_read_again(interval: Interval) -> None:
    assert parse_interval(interval_text(interval)) == interval


def test_what_json_has() -> None:
    from vaultcrm.render.policy import policy_dict

    found = json.loads(json.dumps(policy_dict(preset("enterprise"))))
    assert found["policy"] == "enterprise"
    assert found["cadence"]["tiers"]["S"] == "14 days"
    assert found["tiers"]["from"] == {"S": 32, "A": 24, "B": 16}
    assert found["warnings"]["slowdown_factor"] == 1.5
