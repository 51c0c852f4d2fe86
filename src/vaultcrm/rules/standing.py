"""How a client stands on a day: stage, tier and next contact together, on which all other rules build.

This module must not know any rule of its own; it puts the figures in their order.
"""

from __future__ import annotations

from datetime import date

from vaultcrm.model.policy import Policy
from vaultcrm.model.records import ClientHistory
from vaultcrm.model.results import Standing
from vaultcrm.rules.cadence import contacting, rhythm
from vaultcrm.rules.days import WorkCalendar
from vaultcrm.rules.known import known
from vaultcrm.rules.tiers import amount_12m, amount_total, computed_stage, computed_tier, pinned_tier


def standing(history: ClientHistory, policy: Policy, day: date, calendar: WorkCalendar) -> Standing:
    """A client's standing: stage and tier, computed and in force (pinned by hand first), next contact."""
    facts = known(history, day)
    amount = amount_12m(facts, policy)
    stage_finding = computed_stage(facts, policy)
    tiering = computed_tier(facts, amount, policy)
    stage = history.client.stage or str(stage_finding.value)
    tier = pinned_tier(history.client.tier, policy.tiers) or str(tiering.tier.value)
    every = rhythm(history.client, stage, facts.in_project, tier, policy)
    return Standing(
        known=facts,
        amount_12m=amount,
        amount_total=amount_total(facts, policy),
        stage=stage,
        computed_stage=stage_finding,
        tier=tier,
        tier_rank=policy.tiers.rank(tier),
        computed_tier=tiering.tier,
        scores=tiering.scores,
        score=tiering.score,
        contacting=contacting(facts, every, calendar),
    )
