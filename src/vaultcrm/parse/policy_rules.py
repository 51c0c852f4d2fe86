"""The policy's rules from its tables: stages, cadence, tiers, touchpoints, health, warnings, measures.

This module must not know which preset a table comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from vaultcrm.model.frozen import fields
from vaultcrm.model.policy import (
    STAGES,
    Cadence,
    Dimension,
    HealthPolicy,
    Loyalty,
    MeasurePolicy,
    ReferralAsk,
    Rhythm,
    Stages,
    Tier,
    TierScheme,
    TouchpointPolicy,
    WarningPolicy,
)
from vaultcrm.model.records import Interval
from vaultcrm.parse.toml_table import MOST_MONTHS, Table, as_decimals, as_interval
from vaultcrm.parse.vocabulary import KINDS, TOPICS, fold, nearest

SCHEMES = ("criteria", "scorecard", "segments", "activity")
SOURCES = ("amount", "stability", "risk", "closeness", "fixed")

# fmt: off
TOUCHPOINT_IDS = (
    "survey", "check-in-1m", "check-in-3m", "quarterly-review", "brief", "deep-visit", "care-mail", "yearly-survey",
    "news", "birthday", "important-date", "holiday", "renewal", "minutes", "call-back", "referral-thanks",
    "referral-report", "referral-ask", "follow-up",
)
WARNING_IDS = (
    "silent", "silent-after-project", "inactive", "drifting", "small-client-forgotten", "no-order", "dormant",
    "order-slowdown", "contact-left", "complaint-escalated", "complaints-open", "satisfaction-drop", "detractor",
    "renewal-due", "contract-lapsed", "payment-overdue", "project-late", "too-much-contact", "only-work",
    "only-when-selling", "stale-file", "tier-differs", "phase-out",
)
# fmt: on


def read_stages(table: Table) -> Stages:
    """From how many projects on a client is in which stage."""
    stages = Stages(table.count("new", 1, 1), table.count("growing", 2, 1), table.count("core", 4, 1))
    if not stages.new <= stages.growing <= stages.core:
        table.wrong("", "new, growing and core must not fall")
    table.close()
    return stages


def _rhythm(value: object) -> Rhythm | None:
    if isinstance(value, dict):
        every = as_interval(value.get("every"))
        any_time = value.get("any_time", False)
        known = set(value) <= {"every", "any_time"} and isinstance(any_time, bool)
        return Rhythm(every, any_time) if every is not None and known else None
    every = as_interval(value)
    return None if every is None else Rhythm(every)


def read_cadence(table: Table, tiers: TierScheme) -> Cadence:
    """How often to be in touch, by stage and phase or by tier."""
    by = table.choice("by", ("stage", "tier"), "stage")
    expected = "an interval such as '2 weeks', or { every = '1 week', any_time = true }"
    month = Rhythm(Interval(months=1))
    result: dict[str, dict[str, Rhythm]] = {}
    for part, names in (("in_project", STAGES), ("after", STAGES), ("tiers", tiers.names)):
        inner = table.table(part)
        needed = by == ("tier" if part == "tiers" else "stage")
        if needed:
            for name in names:
                if name not in inner.values:
                    inner.wrong(name, "a cadence is missing")
        result[part] = {name: inner.read(name, _rhythm, month, expected) for name in names}
        inner.close()
    table.close()
    return Cadence(by, result["in_project"], result["after"], result["tiers"])


def read_tiers(table: Table) -> TierScheme:
    """The tier scheme; thresholds must fall, names must differ."""
    names = table.texts("names")
    thresholds, aliases = table.table("from"), table.table("aliases")
    scheme = table.choice("scheme", SCHEMES, "criteria")
    needs = {"criteria": 3, "activity": 3}.get(scheme)
    if not names or len({fold(name) for name in names}) < len(names):
        table.wrong("names", "different names of tiers are expected, the highest first")
    elif needs is not None and len(names) != needs:
        table.wrong("names", f"the scheme {scheme} has {needs} tiers")
    tiers = tuple(
        Tier(name, aliases.texts(name), thresholds.decimal(name) if name in thresholds.values else None)
        for name in names
    )
    if scheme in ("scorecard", "segments"):
        _check_thresholds(tiers, thresholds)
    result = TierScheme(
        scheme=scheme,
        tiers=tiers or (Tier("A"), Tier("B"), Tier("C")),
        dimensions=tuple(_read_dimension(item) for item in table.tables("dimensions")),
        amount_steps=tuple(sorted(table.decimals("amount_steps"))),
        a_amount=table.decimal("a_amount"),
        a_projects=table.count("a_projects", 0),
        a_trust=table.decimal("a_trust"),
        b_amount=table.decimal("b_amount"),
        b_projects=table.count("b_projects", 0),
        high_amount=table.decimal("high_amount"),
        quiet_days=table.count("quiet_days", 60),
        risk_per_complaint=table.count("risk_per_complaint", 3),
        risk_payment_days=table.count("risk_payment_days", 15, 1),
        closeness_months=table.count("closeness_months", 12, 1, MOST_MONTHS),
        stability_per_year=table.count("stability_per_year", 2),
    )
    for inner in (thresholds, aliases, table):
        inner.close()
    return result


def _check_thresholds(tiers: tuple[Tier, ...], table: Table) -> None:
    scores = [tier.from_score for tier in tiers[:-1]]
    for tier in tiers[:-1]:
        if tier.from_score is None:
            table.wrong(tier.name, "a score is missing from which on this tier holds")
    given = [score for score in scores if score is not None]
    if given != sorted(given, reverse=True):
        table.wrong("", "the scores must fall from the highest tier to the lowest")


def _read_dimension(table: Table) -> Dimension:
    name = table.text("name", "")
    if not name:
        table.wrong("name", "a name is missing")
    source = table.choice("source", SOURCES, "fixed")
    dimension = Dimension(
        name, source, table.decimal("default", Decimal(5)), table.decimal("weight", Decimal(1))
    )
    table.close()
    return dimension


def read_touchpoints(
    table: Table, tiers: TierScheme, own: Mapping[str, object]
) -> Mapping[str, TouchpointPolicy]:
    """The touchpoint rules; an id that is not known is a recurring one of the user's own."""
    result: dict[str, TouchpointPolicy] = {}
    builtin = TOUCHPOINT_IDS
    for id_ in table.values:
        inner = table.table(id_)
        has_tiers = "tiers" in inner.values
        custom = "tiers" in as_dict(own.get(id_))
        names = inner.choices("tiers", tiers.names, ()) if has_tiers and custom else inner.texts("tiers")
        every = inner.interval("every", Interval())
        rule = TouchpointPolicy(
            id=id_,
            off=inner.flag("off", False),
            stages=inner.choices("stages", STAGES, ()) if "stages" in inner.values else None,
            tiers=names if has_tiers else None,
            every=None if every == Interval() else every,
            after=inner.interval("after", Interval()),
            lead_days=inner.count("lead", 7),
            settled_by=inner.choices("settled_by", (*dict.fromkeys(KINDS.values()), "any"), ()),
            about=inner.choices("about", tuple(dict.fromkeys(TOPICS.values())), ()),
            own=id_ not in builtin,
        )
        if rule.own and (rule.every is None or not rule.settled_by):
            near = nearest(id_, builtin)
            inner.wrong(
                "",
                f"a touchpoint of one's own needs every and settled_by; the nearest known: {', '.join(near)}"
                if near
                else "a touchpoint of one's own needs every and settled_by",
            )
        inner.known.append("stages")
        inner.close()
        result[id_] = rule
    return result


def read_referral_ask(table: Table) -> ReferralAsk:
    """When to ask for a referral."""
    result = ReferralAsk(
        asked_days=table.count("asked_days", 180),
        mood_days=table.count("mood_days", 180),
        delivered_days=table.count("delivered_days", 60),
        recommend_low=table.decimal("recommend_low"),
        recommend_high=table.decimal("recommend_high"),
    )
    table.close()
    return result


def read_health(table: Table) -> HealthPolicy:
    """Weights and numbers of the health."""
    weights = table.table("weights")
    parts = ("recency", "satisfaction", "recommend", "sentiment", "orders", "complaints", "payment")

    def three(value: object) -> tuple[int, int, int] | None:
        numbers = as_decimals(value)
        if numbers is None or len(numbers) != 3 or any(n > 100 or n != int(n) for n in numbers):
            return None
        return int(numbers[0]), int(numbers[1]), int(numbers[2])

    result = HealthPolicy(
        weights={part: weights.count(part, 0) for part in parts},
        healthy=table.count("healthy", 75),
        watch=table.count("watch", 50),
        order_gap_days=table.count("order_gap", 180, 1),
        sentiment_count=table.count("sentiment_count", 5, 1),
        sentiment_values=table.read(
            "sentiment_values", three, (100, 60, 10), "three whole numbers from 0 to 100"
        ),
        complaint_cost=table.count("complaint_cost", 40),
        payment_cost=table.count("payment_cost", 2),
        gaps_to_zero=table.count("gaps_to_zero", 3, 2),
        recency_intervals=table.count("recency_intervals", 2, 1),
    )
    if not any(result.weights.values()):
        weights.wrong("", "at least one part needs a weight")
    weights.close()
    table.close()
    return result


def read_warnings(table: Table) -> WarningPolicy:
    """Numbers of the warnings."""
    values: dict[str, object] = {"off": table.choices("off", WARNING_IDS, ())}
    renamed = {"inactive": "inactive_applies", "phase_out": "phase_out_applies"}
    for key, field_name in renamed.items():
        values[field_name] = table.flag(key, False)
    for item in fields(WarningPolicy):
        if item.name not in values:
            decimal = item.type == "Decimal"
            values[item.name] = table.decimal(item.name) if decimal else table.count(item.name, 0)
    table.close()
    return WarningPolicy(**values)  # type: ignore[arg-type]  # the fields' own names and types, read above


def read_measures(table: Table) -> MeasurePolicy:
    """Numbers of the measures."""
    result = MeasurePolicy(
        promoter=table.decimal("promoter", Decimal(9)),
        detractor=table.decimal("detractor", Decimal(6)),
        top_percent=table.count("top_percent", 20, 1),
        renewal_gap_days=table.count("renewal_gap_days", 60),
        workload_weeks=table.count("workload_weeks", 8, 1),
        week_contacts=table.count("week_contacts", 3),
        month_asks=table.count("month_asks", 1),
        quarter_clients=table.count("quarter_clients", 1),
        evaluate_months=table.read("evaluate_months", _months, (6, 6, 3, 1), "whole numbers of months"),
    )
    table.close()
    return result


def _months(value: object) -> tuple[int, ...] | None:
    numbers = as_decimals(value)
    whole = numbers is not None and all(n == int(n) and 1 <= n <= YEAR_MONTHS for n in numbers)
    return tuple(int(n) for n in numbers or ()) if whole and numbers else None


YEAR_MONTHS = 12


def read_loyalty(table: Table) -> Loyalty:
    """The loyalty points."""
    result = Loyalty(
        on=table.flag("on", False),
        per_amount=table.decimal("per_amount", Decimal(100)),
        per_referral=table.count("per_referral", 0),
    )
    if result.per_amount == 0:
        table.wrong("per_amount", "an amount greater than 0 is expected")
    table.close()
    return result


def as_dict(value: object) -> dict[str, object]:
    """The value if it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}
