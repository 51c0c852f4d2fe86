"""The policy: every number and name that a user may change, as frozen values.

Presets (``presets/*.toml``) give all of them; ``vaultcrm.toml`` overrides. A rule takes its numbers from
here and never has one of its own. Amounts are in the vault's currency. This module must not know where a
policy was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.note import Place
from vaultcrm.model.records import Interval

NO_TIME = Interval()

STAGES = ("prospect", "new", "growing", "core")
"""Lifecycle stages from the first to the last (specification 1, system 1)."""


@dataclass(frozen=True, slots=True)
class Stages:
    """From how many projects on a client is in a stage."""

    new: int
    growing: int
    core: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often to be in touch.

    ``any_time`` marks a cadence without upper limit, whose interval is a safety net.
    """

    every: Interval
    any_time: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """The contact cadence. ``by`` is ``stage`` (then by phase too) or ``tier``.

    ``in_project`` and ``after`` map stages, ``tiers`` maps tiers to rhythms; the mapping that ``by`` does
    not name may be empty.
    """

    by: str
    in_project: Mapping[str, Rhythm]
    after: Mapping[str, Rhythm]
    tiers: Mapping[str, Rhythm]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One score of a scorecard: its name, and where it comes from when it is not given by hand.

    ``source`` names a row of ``rules.tiers.SCORES`` (amount, stability, risk, closeness) or is ``fixed``,
    then ``default`` holds. ``weight`` multiplies it in the sum.
    """

    name: str
    source: str
    default: Decimal = Decimal(5)
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: its name, other spellings of it, and the score from which on it holds.

    ``from_score`` None: no threshold.
    """

    name: str
    aliases: tuple[str, ...] = ()
    from_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TierScheme:
    """How clients are tiered.

    ``scheme`` names a row of ``rules.tiers.TIER_SCHEMES``; ``tiers`` go from the highest down.
    """

    scheme: str
    tiers: tuple[Tier, ...]
    dimensions: tuple[Dimension, ...] = ()
    amount_steps: tuple[Decimal, ...] = ()
    a_amount: Decimal = Decimal(0)
    a_projects: int = 0
    a_trust: Decimal = Decimal(0)
    b_amount: Decimal = Decimal(0)
    b_projects: int = 0
    high_amount: Decimal = Decimal(0)
    quiet_days: int = 0
    stability_per_year: int = 2
    risk_per_complaint: int = 0
    risk_payment_days: int = 0
    closeness_months: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The tiers' names from the highest down."""
        return tuple(tier.name for tier in self.tiers)

    def rank(self, name: str) -> int:
        """1 for the lowest tier, 2 for the next, and so on; 0 for an unknown one."""
        names = self.names
        return len(names) - names.index(name) if name in names else 0


@dataclass(frozen=True, slots=True)
class TouchpointPolicy:
    """Numbers of one touchpoint rule. ``stages`` and ``tiers`` say who; None: all.

    ``off`` switches it off. ``every`` is the interval of a recurring one, ``after`` the days (or months)
    between trigger and due day. ``settled_by`` are the kinds (or, for ``about``, topics) that settle it,
    the first of which is its kind; ``any`` stands for every contact.
    """

    id: str
    off: bool = False
    stages: tuple[str, ...] | None = None
    tiers: tuple[str, ...] | None = None
    every: Interval | None = None
    after: Interval = NO_TIME
    lead_days: int = 7
    settled_by: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class ReferralAsk:
    """When it is a good time to ask for a referral.

    All in days but ``recommend_low`` and ``recommend_high``.
    """

    asked_days: int
    mood_days: int
    delivered_days: int
    recommend_low: Decimal
    recommend_high: Decimal


@dataclass(frozen=True, slots=True)
class HealthPolicy:
    """Weights by part, bands from the best down, and the numbers of the parts."""

    weights: Mapping[str, int]
    healthy: int
    watch: int
    order_gap_days: int
    sentiment_count: int
    sentiment_values: tuple[int, int, int]
    complaint_cost: int
    payment_cost: int
    gaps_to_zero: int
    recency_intervals: int = 2


@dataclass(frozen=True, slots=True)
class WarningPolicy:
    """Numbers of the warnings; days unless the name says otherwise. See specification 3, Warnings."""

    off: tuple[str, ...]
    top_tiers: int
    after_project_from: int
    after_project_to: int
    inactive_days: int
    inactive_intervals: int
    inactive_applies: bool
    drifting_contacts: int
    drifting_last: int
    drifting_factor: int
    drifting_limit: int
    forgotten_days: int
    no_order_days: int
    no_order_factor: int
    no_order_high: int
    no_order_dormant: int
    slowdown_factor: Decimal
    escalation_days: int
    complaints_open: int
    satisfaction_days: int
    satisfaction_low: Decimal
    satisfaction_drop: Decimal
    detractor_days: int
    detractor_score: Decimal
    renewal_days: int
    lapsed_days: int
    late_high_days: int
    too_much_days: int
    too_much_intervals: int
    only_work_contacts: int
    only_work_days: int
    only_selling_contacts: int
    stale_days: int
    phase_out_days: int
    phase_out_score: Decimal
    phase_out_applies: bool
    too_much_factor: int = 2
    too_much_extra: int = 1


@dataclass(frozen=True, slots=True)
class Paths:
    """Where outputs go and what is read, relative to the vault's root; an output of None is switched off.

    ``plans`` and ``reviews`` are folders, or paths in which ``{period}`` stands for the month or period.
    ``vault`` is the name that links into Obsidian use. It is configured, never taken from the folder: the
    same notes give the same bytes wherever they lie.
    """

    dashboard: str | None = "CRM/Dashboard.md"
    feed: str | None = "CRM/follow-ups.ics"
    plans: str | None = "CRM"
    reviews: str | None = "CRM/Reviews"
    rescued: str = "CRM/Rescued"
    playbooks: str = "Playbooks"
    policy: str | None = "CRM/Policy.md"
    vault: str = "vault"
    templates: str | None = None
    dashboard_templates: str | None = None
    ignore: tuple[str, ...] = ()

    def plan(self, month: str) -> str | None:
        """Where the plan of a month such as ``2026-12`` goes; None where there are none."""
        return _of_period(self.plans, "Plan {period}.md", month)

    def review(self, period: str) -> str | None:
        """Where the review of a period such as ``2026-Q4`` goes; None where there are none."""
        return _of_period(self.reviews, "{period}.md", period)


def _of_period(path: str | None, name: str, period: str) -> str | None:
    if path is None:
        return None
    return (path if PERIOD in path else f"{path}/{name}").replace(PERIOD, period)


PERIOD = "{period}"
"""What stands for a period in a configured path."""


@dataclass(frozen=True, slots=True)
class NoteMapping:
    """How an existing vault's own names are read.

    ``folders``, ``tags`` map a folder or tag to a kind; ``values`` maps (property, value) to a kind;
    ``properties`` maps a property's folded name to the standard one. A folder's or value's kind is empty
    where its notes are of none, a property's standard name where it is not to be read. ``sections`` maps a
    heading in a client's note to ``log``. All keys are folded (see ``parse.vocabulary.fold``), folders are
    not.
    """

    folders: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """One calendar feed: its file, its title, what it holds and how much it says.

    ``privacy``: full, initials, busy. ``access`` is what CLASS says, None for nothing. ``alarm`` is the
    trigger of its alarms as an iCalendar duration, None for none; ``early_alarm_days`` has by kind how many
    days ahead another one rings, 0 for none. What is late by more than ``days_back`` comes last where there
    is not room for all.
    The filters are tuples of values let through; empty lets all through.
    """

    path: str
    title: str | None = None
    owners: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    key_dates_only: bool = False
    privacy: str = "full"
    access: str | None = None
    alarm: str | None = "PT9H"
    early_alarm_days: Mapping[str, int] = field(default_factory=dict)
    days_back: int = 30
    months_ahead: int = 12
    years_ahead: int = 3
    refresh_hours: int = 6
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Loyalty:
    """Points: per ``per_amount`` of revenue, and per referral won. Off by default."""

    on: bool = False
    per_amount: Decimal = Decimal(100)
    per_referral: int = 0


@dataclass(frozen=True, slots=True)
class MeasurePolicy:
    """Numbers of the measures.

    Scores that promote us or speak against us; the share of clients (per cent) that counts as the top; the
    days within which a contract is followed by its renewal; the weeks of workload ahead. Of reviews: with
    how many clients to talk in a week, how many referrals to ask for in a month, how many clients to win in a
    quarter; every how many months a tier is evaluated anew, from the lowest up.
    """

    promoter: Decimal = Decimal(9)
    detractor: Decimal = Decimal(6)
    top_percent: int = 20
    renewal_gap_days: int = 60
    workload_weeks: int = 8
    week_contacts: int = 3
    month_asks: int = 1
    quarter_clients: int = 1
    evaluate_months: tuple[int, ...] = (6, 6, 3, 1)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a user may decide. ``timezone`` None: dates are taken as written.

    ``workdays`` are 0 (Monday) to 6. ``capacity`` places a day and owner, 0: no limit. ``min_gap`` and
    ``window`` in days. ``origins`` are the places of the keys (``cadence.after.new``) that a note gives.
    """

    preset: str
    language: str
    currency: str
    stages: Stages
    cadence: Cadence
    tiers: TierScheme
    touchpoints: Mapping[str, TouchpointPolicy]
    referral_ask: ReferralAsk
    health: HealthPolicy
    warnings: WarningPolicy
    greeting_days: tuple[str, ...] = ()
    timezone: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    holidays: str | None = None
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    capacity: int = 8
    min_gap: int = 3
    window: int = 60
    bundle_before: int = 3
    bundle_after: int = 6
    horizon_months: int = 12
    task_days: int = 3
    survey_quiet_days: int = 90
    belated_days: int = 3
    priority_rank: int = 10
    priority_overdue: int = 10
    priority_high: int = 15
    period_days: int = 365
    loyalty: Loyalty = Loyalty()
    measures: MeasurePolicy = MeasurePolicy()
    paths: Paths = Paths()
    daily: str | None = None
    mapping: NoteMapping = NoteMapping()
    feeds: tuple[Feed, ...] = ()
    writeback: tuple[str, ...] = ()
    origins: Mapping[str, Place] = field(default_factory=dict)
