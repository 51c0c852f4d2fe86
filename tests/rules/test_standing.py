from __future__ import annotations

import pytest

from tests.policies import preset
from tests.rules.builders import client, contact, day, history, project
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, ClientHistory
from vaultcrm.model.results import Standing
from vaultcrm.rules.days import work_calendar
from vaultcrm.rules.standing import standing

D = day("2026-11-20")


def stands(told: ClientHistory, policy: Policy | None = None) -> Standing:
    policy = policy or preset()
    return standing(told, policy, D, work_calendar(policy))


def test_the_computed_figures_are_in_force_unless_pinned() -> None:
    result = stands(history(projects=[project("A", start="2026-01-01"), project("B", start="2026-02-01")]))
    assert (result.stage, result.tier, result.tier_rank) == ("growing", "B", 2)
    assert (result.computed_stage.value, result.computed_tier.value) == ("growing", "B")


def test_pinned_ones_are_in_force_and_the_computed_ones_still_told() -> None:
    result = stands(history(client(stage="core", tier="a")))
    assert (result.stage, result.tier, result.tier_rank) == ("core", "A", 3)
    assert (result.computed_stage.value, result.computed_tier.value) == ("prospect", "C")


def test_an_unknown_pinned_tier_counts_as_absent() -> None:
    assert stands(history(client(tier="S"))).tier == "C"


@pytest.mark.parametrize(
    ("of", "days"), [(client(), 31), (client(stage="growing"), 14), (client(stage="core"), 7)]
)
def test_the_stage_in_force_gives_the_interval(of: Client, days: int) -> None:
    assert stands(history(of, interactions=[contact("2026-10-20")])).contacting.interval_days == days


def test_the_tier_in_force_gives_the_interval() -> None:
    told = history(client(tier="S"), interactions=[contact("2026-11-10")])
    result = stands(told, preset("enterprise"))
    assert result.contacting.interval_days == 14
    assert result.tier_rank == 4


def test_the_phase_gives_the_interval() -> None:
    begun = project(start="2026-11-01")
    assert stands(history(projects=[begun])).contacting.interval_days == 7
    done = project(start="2026-11-01", delivered="2026-11-05")
    assert stands(history(projects=[done])).contacting.interval_days == 30


def test_scores_go_along() -> None:
    result = stands(history(client(scores={"risk": 4})), preset("enterprise"))
    assert dict(result.scores or ())["risk"] == 4
    assert result.score == 11
