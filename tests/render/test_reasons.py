"""The rules in words: every rule has a sentence in both languages, with the policy's numbers in it."""

from __future__ import annotations

import pytest

from tests.policies import preset
from tests.render.builders import words
from vaultcrm.model.records import Interval
from vaultcrm.parse.policy_rules import TOUCHPOINT_IDS, WARNING_IDS
from vaultcrm.render.reasons import (
    interval_text,
    rule_of_figure,
    rule_of_measure,
    rule_of_touchpoint,
    rule_of_warning,
)
from vaultcrm.rules.measures import MEASURES

PRESETS = ("studio", "enterprise", "sales", "retention")
FIGURES = (
    ("stage", "stage"),
    ("projects", "projects"),
    ("status", "status"),
    ("in_project", "in_project"),
    ("tier-criteria", "tier"),
    ("tier-scorecard", "tier"),
    ("tier-segments", "score"),
    ("tier-activity", "tier"),
    ("amount-12m", "amount_12m"),
    ("amount-total", "amount_total"),
    ("last_contact", "last_contact"),
    ("interval_days", "interval_days"),
    ("next-contact-agreed", "next_contact"),
    ("next-contact-interval", "next_contact"),
    ("next-contact-estimated", "next_contact"),
    ("overdue_days", "overdue_days"),
    ("priority", "priority"),
    ("planned", "planned"),
    ("health", "health"),
    ("recency", "recency"),
    ("satisfaction", "satisfaction"),
    ("recommend", "recommend"),
    ("sentiment", "sentiment"),
    ("orders", "orders"),
    ("complaints", "complaints"),
    ("payment", "payment"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_rule_of_every_preset_has_a_sentence_with_its_numbers(language: str, name: str) -> None:
    policy, labels = preset(name), words(language)
    said = [rule_of_warning(id_, policy, labels) for id_ in WARNING_IDS]
    said += [rule_of_touchpoint(id_, policy, labels) for id_ in TOUCHPOINT_IDS]
    said += [rule_of_figure(rule, topic, policy, labels) for rule, topic in FIGURES]
    assert all(said)
    assert not [text for text in said if "{" in text or "}" in text]


def test_a_changed_number_is_told() -> None:
    policy = preset("studio", "[warnings]\nforgotten_days = 77\n[tiers]\na_amount = 250000")
    labels = words()
    assert "no contact for 77 days" in rule_of_warning("small-client-forgotten", policy, labels)
    assert "more than 250,000 in 365 days" in rule_of_figure("tier-criteria", "tier", policy, labels)


def test_a_touchpoint_of_the_users_own_recurs() -> None:
    policy = preset("studio", '[touchpoints.tea]\nevery = "6 weeks"\nsettled_by = ["visit"]')
    assert rule_of_touchpoint("tea", policy, words()).startswith("Every 42 days")


def test_what_has_no_sentence_is_empty() -> None:
    assert rule_of_figure("no-such-rule", "nothing", preset(), words()) == ""


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(months=2, days=14), "2 months 14 days"),
        (Interval(days=1), "1 day"),
        (Interval(months=1), "1 month"),
        (Interval(), "0 days"),
    ],
)
def test_interval(interval: Interval, text: str) -> None:
    assert interval_text(interval, words()) == text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_measure_has_a_sentence(language: str) -> None:
    for rule in MEASURES:
        assert rule_of_measure(rule.name, preset(), words(language)).strip()
