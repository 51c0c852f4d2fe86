"""How far a client has come, and how much they matter: amounts, lifecycle stage, tier.

Schemes and scores are rows of `TIER_SCHEMES` and `SCORES`; dimensions, weights, thresholds and names come
from the policy. This module must not know when anybody is contacted.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.policy import Dimension, Policy, TierScheme
from vaultcrm.model.records import Money, Project
from vaultcrm.model.results import Evidence, Finding, Known
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.rules.days import YEAR_DAYS, add_months, full_years, in_last, round_half_up
from vaultcrm.rules.known import days_without, last_from_them, overdue_invoice

LOWEST_SCORE, HIGHEST_SCORE = 1, 10
"""A score is a number from 1 to 10 (specification 2, Values)."""


class Score(NamedTuple):
    """One score of a client, exact, and what it came from."""

    value: int | Fraction
    evidence: tuple[Evidence, ...] = ()


class Facts(NamedTuple):
    """What tiers and scores look at."""

    known: Known
    amount_12m: Finding
    policy: Policy

    @property
    def amount(self) -> Decimal:
        """The amount of the last 365 days."""
        assert isinstance(self.amount_12m.value, Decimal)
        return self.amount_12m.value


@dataclass(frozen=True, slots=True)
class Tiering:
    """The tier that the rules give; ``scores`` and ``score`` are None for a scheme without scores."""

    tier: Finding
    scores: tuple[tuple[str, Fraction], ...] | None = None
    score: Fraction | None = None


class ScoreRule(NamedTuple):
    """How a score is computed where it is not given by hand."""

    source: str
    score: Callable[[Facts], Score]


class TierRule(NamedTuple):
    """A scheme of tiers, by the name that a policy gives."""

    scheme: str
    tiering: Callable[[Facts], Tiering]


def in_vault_currency(money: Money, policy: Policy) -> Decimal | None:
    """An amount in the vault's currency, None where no rate is known for it: then it is left out of sums."""
    if money.currency is None or money.currency == policy.currency:
        return money.amount
    rate = policy.rates.get(money.currency)
    return None if rate is None else money.amount * rate


def amount_total(known: Known, policy: Policy) -> Finding:
    """What all counted projects were worth, in the vault's currency; the value is a `Decimal`."""
    return _sum("amount-total", known.counted, policy)


def amount_12m(known: Known, policy: Policy) -> Finding:
    """The same of those ordered in the last 365 days (specification 3, Orders, stage, phase)."""
    return _sum("amount-12m", _recent(known), policy)


def stage_of(count: int, policy: Policy) -> str:
    """The lifecycle stage of a client with so many projects that count."""
    if count >= policy.stages.core:
        return "core"
    if count >= policy.stages.growing:
        return "growing"
    return "new" if count >= policy.stages.new else "prospect"


def computed_stage(known: Known, policy: Policy) -> Finding:
    """The lifecycle stage that the projects give, with the order day of each."""
    orders = (Evidence("order", p.order_day, p.order_place) for p in known.counted)
    count = len(known.counted)
    return Finding("stage", stage_of(count, policy), (Evidence("projects", count), *orders))


def computed_tier(known: Known, amount: Finding, policy: Policy) -> Tiering:
    """The tier by the policy's scheme.

    Args:
        known: What is known of the client on the day.
        amount: The finding of `amount_12m` for the same day.
        policy: Its `tiers` say which scheme, with which numbers and names.
    """
    rule = next(rule for rule in TIER_SCHEMES if rule.scheme == policy.tiers.scheme)
    return rule.tiering(Facts(known, amount, policy))


def pinned_tier(text: str | None, scheme: TierScheme) -> str | None:
    """The tier that is meant by what a person wrote: a tier's name or another spelling of it.

    Case, Unicode form, and ``-``, ``_`` and space make no difference. None where nothing is written or no
    tier is called so: then the computed one is in force.
    """
    if text is None:
        return None
    wanted = _fold(text)
    return next((t.name for t in scheme.tiers if wanted in map(_fold, (t.name, *t.aliases))), None)


def criteria(facts: Facts) -> Tiering:
    """By amount and number of projects; not the highest for who will not recommend us or trusts us little."""
    scheme, client = facts.policy.tiers, facts.known.client
    top, middle, low = scheme.names
    count, trust = len(facts.known.counted), client.scores.get("trust")
    doubts = [Evidence("refers", False, client.at("refers"))] if client.refers is False else []
    if trust is not None and trust < scheme.a_trust:
        doubts.append(Evidence("trust", trust, client.at("trust")))
    if facts.amount > scheme.a_amount and count >= scheme.a_projects and not doubts:
        tier = top
    elif facts.amount >= scheme.b_amount or count >= scheme.b_projects:
        tier = middle
    else:
        tier = low
    evidence = (*_amounts(facts), Evidence("projects", count), *doubts)
    return Tiering(Finding("tier-criteria", tier, evidence))


def scorecard(facts: Facts) -> Tiering:
    """By the weighted sum of scores, those given by hand first; the first tier whose threshold it reaches."""
    scheme = facts.policy.tiers
    scores = [(dimension, _score(dimension, facts)) for dimension in scheme.dimensions]
    total = sum(_exact(dimension.weight) * score.value for dimension, score in scores)
    reached = (t.name for t in scheme.tiers if t.from_score is not None and total >= _exact(t.from_score))
    evidence = tuple(item for _, score in scores for item in score.evidence)
    return Tiering(
        Finding(
            f"tier-{scheme.scheme}", next(reached, scheme.names[-1]), (Evidence("score", total), *evidence)
        ),
        tuple((dimension.name, Fraction(score.value)) for dimension, score in scores),
        Fraction(total),
    )


def activity(facts: Facts) -> Tiering:
    """By amount, then by whether anything came from the client lately."""
    scheme = facts.policy.tiers
    high, growth, low = scheme.names
    last = last_from_them(facts.known)
    quiet = days_without(last, facts.known)
    if facts.amount >= scheme.high_amount:
        tier = high
    else:
        tier = low if quiet is not None and quiet >= scheme.quiet_days else growth
    heard = () if last is None else (Evidence("last-from-them", last.value, last.place),)
    return Tiering(Finding("tier-activity", tier, (*_amounts(facts), *heard, Evidence("quiet-days", quiet))))


def amount_score(facts: Facts) -> Score:
    """1, and 1 more for each step that the amount of the last 365 days reaches."""
    steps = sum(1 for step in facts.policy.tiers.amount_steps if facts.amount >= step)
    return Score(LOWEST_SCORE + steps, _amounts(facts))


def stability_score(facts: Facts) -> Score:
    """Years of cooperation, and orders in the last 365 days."""
    known = facts.known
    years = 0 if known.since is None else full_years(_day(known.since), known.day)
    recent = _recent(known)
    value = LOWEST_SCORE + facts.policy.tiers.stability_per_year * years + len(recent)
    since = () if known.since is None else (known.since,)
    orders = (Evidence("order", p.order_day, p.order_place) for p in recent)
    evidence = (*since, Evidence("years", years), Evidence("orders-12m", len(recent)), *orders)
    return Score(min(HIGHEST_SCORE, value), evidence)


def risk_score(facts: Facts) -> Score:
    """10 without risk; less for each open complaint, and for how long the longest overdue invoice waits."""
    scheme, known = facts.policy.tiers, facts.known
    evidence = [Evidence("open-complaint", c.day, c.place) for c in known.complaints]
    value = HIGHEST_SCORE - scheme.risk_per_complaint * len(known.complaints)
    overdue = overdue_invoice(known)
    if overdue is not None:
        project, days = overdue
        value -= -(-days // scheme.risk_payment_days)  # each begun period counts
        evidence.append(Evidence("invoice-overdue-days", days, project.at("invoice_due")))
    return Score(max(LOWEST_SCORE, value), tuple(evidence))


def closeness_score(facts: Facts) -> Score:
    """The share of the last months, each counted back from the day, with a contact; 10 for all of them."""
    months, known = facts.policy.tiers.closeness_months, facts.known
    days = [contact.day for contact in known.contacts]
    ends = [bisect_right(days, add_months(known.day, -k)) for k in range(months + 1)]
    close = sum(1 for k in range(months) if ends[k] > ends[k + 1])
    value = int(round_half_up(Fraction(HIGHEST_SCORE * close, months)))
    last = [Evidence("last-contact", c.day, c.place) for c in known.contacts[-1:]]
    return Score(max(LOWEST_SCORE, value), (Evidence("months-with-contact", close), *last))


def _score(dimension: Dimension, facts: Facts) -> Score:
    client, name = facts.known.client, dimension.name
    written = _fold(name)
    by_hand = client.scores.get(written)
    if by_hand is not None:
        return Score(_exact(by_hand), (Evidence(name, by_hand, client.at(written)),))
    rule = next((rule for rule in SCORES if rule.source == dimension.source), None)
    score = Score(_exact(dimension.default)) if rule is None else rule.score(facts)
    return Score(score.value, (Evidence(name, score.value), *score.evidence))


def _recent(known: Known) -> tuple[Project, ...]:
    begin = len(known.counted)
    while begin and in_last(known.counted[begin - 1].order_day or date.min, known.day, YEAR_DAYS):
        begin -= 1
    return known.counted[begin:]


@lru_cache(maxsize=512)
def _exact(number: Decimal) -> int | Fraction:
    """A policy's number or a score, of which there are few, for exact arithmetic."""
    exact = Fraction(number)
    return exact.numerator if exact.denominator == 1 else exact


def _sum(rule: str, projects: Iterable[Project], policy: Policy) -> Finding:
    amounts = [
        Evidence("amount", value, project.at("amount"))
        for project in projects
        if project.amount is not None and (value := in_vault_currency(project.amount, policy)) is not None
    ]
    total = sum((item.value for item in amounts if isinstance(item.value, Decimal)), Decimal())
    return Finding(rule, total, tuple(amounts))


def _amounts(facts: Facts) -> tuple[Evidence, ...]:
    return Evidence("amount-12m", facts.amount), *facts.amount_12m.evidence


def _day(evidence: Evidence) -> date:
    assert isinstance(evidence.value, date)
    return evidence.value


@lru_cache(maxsize=512)
def _fold(text: str) -> str:
    """A name as it is compared, and as a client's scores are named."""
    return unicodedata.normalize("NFC", text).strip().casefold().translate(_SPACES)


_SPACES = str.maketrans({"-": "_", " ": "_", "\u3000": "_", "\u00a0": "_"})

SCORES: tuple[ScoreRule, ...] = (
    ScoreRule("amount", amount_score),
    ScoreRule("stability", stability_score),
    ScoreRule("risk", risk_score),
    ScoreRule("closeness", closeness_score),
)
"""Where a dimension's score comes from; any other source is the dimension's default."""

TIER_SCHEMES: tuple[TierRule, ...] = (
    TierRule("criteria", criteria),
    TierRule("scorecard", scorecard),
    TierRule("segments", scorecard),
    TierRule("activity", activity),
)
"""The schemes of specification 3, Tier. Scorecard and segments differ in their data alone."""
