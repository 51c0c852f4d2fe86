"""What is said about a result, in plain text of one language: titles, reasons, messages, what to say.

Every output says the same about the same thing. What is returned here holds users' words as they stand: each
output escapes them in its own way. This module must not know any output's format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from vaultcrm.model.overview import Overview
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Client, Feedback, Interaction, Person, Project, YearlyDate
from vaultcrm.model.results import (
    Assessment,
    Change,
    ClientWarning,
    Finding,
    Occurrence,
    Standing,
    Touchpoint,
)
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.labels import Labels
from vaultcrm.rules.changes import Moved
from vaultcrm.rules.known import is_delivered
from vaultcrm.rules.tiers import in_vault_currency

HOLIDAY = "holiday"
FOLLOW_UP = "follow-up"
WECHAT = "wechat"
SUMMARY_LENGTH = 120
"""How many characters of a conversation's summary are shown in a line."""


class Reach(NamedTuple):
    """How to reach a client: the preferred channel (None if nobody said), numbers and addresses."""

    channel: str | None
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    wechat: tuple[str, ...]


def title_of(what: Touchpoint | Occurrence, labels: Labels) -> str:
    """What a touchpoint is, with its subject; a user's own rule is called by its id."""
    occurrence = what.occurrence if isinstance(what, Touchpoint) else what
    key = f"touchpoint.{occurrence.id}.title"
    if not labels.has(key):
        return f"{occurrence.id}: {occurrence.subject}" if occurrence.subject else occurrence.id
    subject = _subject(occurrence, labels)
    values = {**values_of(occurrence.finding), "subject": subject or None, "anchor": occurrence.anchor}
    return labels.get(key, **values)


def idea_of(touchpoint: Touchpoint, labels: Labels) -> str:
    """What to say on the occasion; empty for a user's own rule."""
    key = f"touchpoint.{touchpoint.id}.say"
    return labels.get(key) if labels.has(key) else ""


def message_of(warning: ClientWarning, labels: Labels) -> str:
    """What is wrong, with its numbers; where several things are, each with a day of its own, that is said."""
    values = values_of(warning.finding)
    days = {value for name, value, _ in warning.finding.evidence if name == DATED_BY.get(warning.id)}
    form = "several" if len(days) > 1 else "message"
    values["last"] = max((day for day in days if isinstance(day, date)), default=None)
    for name in ("pinned", "computed"):
        if name in values:
            values[name] = labels.name("tier", str(values[name]))
    if "missing" in values:
        values["missing"] = [labels.name("named", each) for each in _words(values["missing"])]
    return labels.get(f"warning.{warning.id}.{form}", **values).strip(" ;；")


def _words(value: object) -> Sequence[str]:
    """The words of a value that has several."""
    return [str(each) for each in value] if isinstance(value, tuple | list) else [str(value)]


def step_of(warning: ClientWarning, labels: Labels) -> str:
    """The next step that a warning leads to."""
    return labels.get(f"warning.{warning.id}.step")


def values_of(finding: Finding) -> dict[str, object]:
    """A finding's evidence by name, with ``_`` for ``-``; ``subjects`` has the texts of each ``subject``."""
    values: dict[str, object] = {}
    several: dict[str, dict[object, None]] = {}
    for name, value, _ in finding.evidence:
        key = name.replace("-", "_")
        values.setdefault(key, value)
        if isinstance(value, str):
            several.setdefault(f"{key}s", {})[shortened(value)] = None
    return {**values, **{key: tuple(found) for key, found in several.items()}}


def why_next(standing: Standing, labels: Labels) -> str:
    """Why the next contact is when it is, and how long it is overdue; empty without a next contact."""
    contacting = standing.contacting
    due = contacting.next_day
    if due is None:
        return ""
    day, last = standing.day, contacting.last
    if contacting.agreed is not None:
        reason = labels.get("next.agreed", due=labels.date(contacting.agreed, day))
    elif last is not None:
        last_day = labels.date(last.day, day)
        reason = labels.get("next.interval", days=contacting.interval_days, last=last_day)
    elif standing.known.last_sign is not None:
        base = standing.known.last_sign.value
        shown = labels.date(base, day) if isinstance(base, date) else str(base)
        reason = labels.get("next.estimated", days=contacting.interval_days, base=shown)
    else:
        reason = labels.get("next.never")
    reasons = [reason]
    if contacting.is_snoozed:
        reasons.insert(0, labels.get("next.snoozed", due=labels.date(due, day)))
    if contacting.overdue_days:
        reasons.insert(0, labels.get("next.overdue", days=contacting.overdue_days))
    return labels.joined(reasons, "clause")


def what_to_say(assessment: Assessment, labels: Labels) -> tuple[str, ...]:
    """Ideas for the next contact: what `openings` gives, then those of what goes along with it."""
    day = assessment.standing.day
    shown = [each for each in assessment.touchpoints if each.bundled and each.show_from <= day]
    ideas = [idea_of(touchpoint, labels) for touchpoint in shown if touchpoint.id != FOLLOW_UP]
    return tuple(dict.fromkeys([*openings(assessment, labels), *(idea for idea in ideas if idea)]))


def coming_up(assessment: Assessment) -> tuple[Touchpoint, ...]:
    """The touchpoints but for follow-ups, by the days for which they are planned."""
    others = (each for each in assessment.touchpoints if each.id != FOLLOW_UP)
    return tuple(sorted(others, key=lambda each: each.planned))


def openings(assessment: Assessment, labels: Labels) -> tuple[str, ...]:
    """What to say to a client in this stage and phase, and what their first high warning asks for."""
    standing = assessment.standing
    phase = "project" if standing.known.in_project else standing.stage
    high = [step_of(warning, labels) for warning in assessment.warnings if warning.severity == "high"]
    return (labels.get(f"say.{phase}"), *high[:1])


def last_contact(standing: Standing, labels: Labels) -> str:
    """Day, channel and summary of the last contact; empty where there was none."""
    last = standing.contacting.last
    return "" if last is None else conversation(last, standing.day, labels)


def conversation(what: Interaction, day: date, labels: Labels, *, titled: bool = False) -> str:
    """An interaction in a line: ``6 November, e-mail: sent the trend report``.

    ``titled``: where nothing was noted of what was said, what its note is called has to do.
    """
    kind = labels.name("kind", what.kind) if what.kind != "contact" else None
    channel = labels.name("channel", what.channel) if what.channel not in (None, "other") else None
    channel = shortened(channel, CHANNEL_LENGTH)
    named = list(dict.fromkeys(part for part in (channel, kind) if part))
    head = labels.joined([labels.date(what.day, day), *named], "clause")
    said = what.summary or (_title_of_note(what) if titled and what.source == "note" else "")
    return labels.get("next.said", head=head, summary=shortened(said) or None)


def _title_of_note(what: Interaction) -> str:
    """What a note of a conversation is called, without the day and the client that its name begins with."""
    title = _DAY_OF_NAME.sub("", what.path.rpartition("/")[2].removesuffix(".md"), 1)
    for each in what.clients:
        name = each.target.rpartition("/")[2]
        if title.casefold().startswith(name.casefold()):
            return title[len(name) :].strip(" -–—_")
    return title


_DAY_OF_NAME = regex(r"\A[0-9]{4}[-./]?[0-9]{2}[-./]?[0-9]{2}[ _-]*")


def complaint_parts(complaint: Interaction, day: date, labels: Labels) -> list[str]:
    """An open complaint: for how long it has been open, how severe it is, what it is about."""
    days = (day - complaint.day).days
    parts = [labels.get("dashboard.open_complaint" if days else "dashboard.new_complaint", days=days)]
    if complaint.severity is not None:
        parts.append(labels.get("dashboard.severity", severity=complaint.severity))
    if complaint.summary:
        parts.append(shortened(complaint.summary))
    return parts


def shortened(text: str | None, length: int = SUMMARY_LENGTH) -> str:
    """A text on one line, cut at a word where that is near."""
    line = " ".join((text or "")[: length * 4].split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    space = cut.rfind(" ", length * 2 // 3)
    return (cut[:space] if space > 0 else cut) + "…"


def reach_of(assessment: Assessment) -> Reach:
    """Channel, numbers and addresses of the client, then of whom its note names as contact.

    Where there are neither numbers nor addresses, those of one of its people: who decides, first.
    """
    known = assessment.standing.known
    client = known.client
    people = [person for person in known.history.contacts if isinstance(person, Person)]
    with_any = [each for each in known.people if each.phone or each.email or each.wechat]
    if not (client.phone or client.email or client.wechat or any(each in with_any for each in people)):
        deciding = {each.path for each in known.history.decision_makers if isinstance(each, Person)}
        people += sorted(with_any, key=lambda person: person.path not in deciding)[:1]
    channels = [client.channel, *(person.channel for person in people)]
    return Reach(
        next((channel for channel in channels if channel), None),
        _distinct(client.phone, *(person.phone for person in people)),
        _distinct(client.email, *(person.email for person in people)),
        _distinct(client.wechat, *(person.wechat for person in people)),
    )


def answer_texts(answers: Feedback, labels: Labels) -> Iterator[str]:
    """The scores and the words of a survey, each on its own."""
    for name in ("result", "communication", "professionalism", "recommend"):
        value = getattr(answers, name)
        if value is not None:
            yield f"{labels.get(f'answer.{name}')} {labels.number(value, 1)}"
    for name in ("best", "improve", "comments"):
        text = getattr(answers, name)
        if text:
            yield labels.pair(labels.get(f"answer.{name}"), shortened(text))


def names_of(people: tuple[Person | str, ...], labels: Labels) -> str:
    """Names of people who have not left, as an enumeration."""
    names = [person.name if isinstance(person, Person) else person for person in people]
    return labels.joined(list(dict.fromkeys(names)))


def project_state(project: Project, day: date, labels: Labels) -> str:
    """Where a project stands on a day: delivered or ordered when, or running; dates decide before status."""
    if project.delivered is not None and project.delivered <= day:
        return labels.get("terminal.delivered", day=labels.date(project.delivered, day))
    state = project.status or "active"
    if state == "delivered" and not is_delivered(project, day):
        state = "active"
    waits = state == "active" and project.start is not None and project.start > day
    if (project.is_order or waits) and project.order_day is not None:
        return labels.get("terminal.ordered", day=labels.date(project.order_day, day))
    return labels.name("project", state)


def project_text(project: Project, overview: Overview, labels: Labels) -> str:
    """A project in a line: title, where it stands, amount in the vault's currency where that is known."""
    parts = [shortened(project.title), project_state(project, overview.day, labels)]
    if project.amount is not None:
        amount = in_vault_currency(project.amount, overview.policy)
        shown = project.amount.amount if amount is None else amount
        currency = project.amount.currency if amount is None else None
        parts.append(labels.money(shown, currency or overview.policy.currency))
    return " · ".join(part for part in parts if part)


def about_texts(client: Client, labels: Labels) -> Iterator[str]:
    """What is to be borne in mind about a client, each with its name."""
    if client.birthday is not None:
        yield labels.pair(labels.get("about.birthday"), yearly_text(client.birthday, labels))
    for name in ABOUT:
        text = getattr(client, name)
        if text:
            yield labels.pair(labels.get(f"about.{name}"), shortened(text))


def _subject(occurrence: Occurrence, labels: Labels) -> str:
    if occurrence.id == HOLIDAY:
        return labels.name("festival", occurrence.subject)
    return shortened(occurrence.subject)


def _distinct(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))


def points_of(client: Client, overview: Overview) -> int | None:
    """A client's loyalty points; None where there are none to be had."""
    points = overview.measures.values.get("loyalty")
    found = points.get(client.path) if isinstance(points, Mapping) else None
    return found if isinstance(found, int) else None


def change_reasons(change: Change, labels: Labels) -> str:
    """What moved a tier or a stage: the first figures that differ, each with what it was and is."""
    moves = [(name, value) for name, value, _ in change.finding.evidence if isinstance(value, Moved)]
    reasons = []
    for name, moved in moves[:REASONS_SHOWN]:
        before, after = (None if each is None else shown_value(each, labels) for each in moved)
        key = "went" if after is None else "came" if before is None else "moved"
        called = labels.name("evidence", name.replace("-", "_"))
        reasons.append(labels.get(f"change.{key}", name=called, before=before, after=after))
    return labels.joined(reasons)


def measure_text(name: str, value: object, currency: str, labels: Labels) -> str:
    """A measure for reading; empty where there is nothing to say."""
    if isinstance(value, Mapping):
        return _parts(name, value, currency, labels)
    if not isinstance(value, int | Decimal | Fraction | float):
        return "" if value is None else str(value)
    if name in RATES:
        return labels.percent(value)
    return labels.money(value, currency) if name == "average_order" else labels.number(value)


def shown_value(value: object, labels: Labels) -> str:
    """A value of any finding as text: days as ISO, numbers for reading, all else as it stands."""
    if isinstance(value, bool):
        return labels.get("word.yes" if value else "word.no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, YearlyDate):
        return yearly_text(value, labels)
    if isinstance(value, int | Decimal | Fraction | float):
        return labels.number(value)
    if isinstance(value, tuple | list):
        return labels.joined([shown_value(each, labels) for each in value])
    return labels.get("word.none") if value is None else shortened(str(value))


def yearly_text(yearly: YearlyDate, labels: Labels) -> str:
    """A yearly date as a note may write it: ``1988-05-20``, ``lunar 08-15``."""
    leap = labels.get("word.leap") if yearly.leap else ""
    written = f"{leap}{yearly.month:02}-{yearly.day:02}"
    dated = written if yearly.year is None else f"{yearly.year}-{written}"
    return labels.get("word.lunar", day=dated) if yearly.lunar else dated


def _parts(name: str, value: Mapping[str, object], currency: str, labels: Labels) -> str:
    """A measure that has parts; those over time and of single clients stand elsewhere."""
    if name in ("by_tier", "by_stage"):
        group = name.removeprefix("by_")
        return labels.joined([f"{labels.name(group, key)} {count}" for key, count in value.items()])
    if name == "referrals":
        return labels.joined([labels.get(f"referral.{key}", count=count) for key, count in value.items()])
    if name == "churn_reasons":
        found = [
            f"{shortened(key) or labels.get('word.unknown')}{labels.aside(count)}"
            for key, count in value.items()
        ]
        return labels.joined(found)
    if name == "revenue_by_tier":
        sums = (
            (key, amount) for key, amount in value.items() if isinstance(amount, int | Decimal | Fraction)
        )
        return labels.joined(
            [f"{labels.name('tier', key)} {labels.money(amount, currency)}" for key, amount in sums]
        )
    return ""


DATED_BY = {"contact-left": "left", "payment-overdue": "invoice_due", "project-late": "due"}
"""What tells, of a warning about several people or projects, the day of each."""
CHANNEL_LENGTH = 40
"""A channel of a person's own may be any text."""
REASONS_SHOWN = 4
ABOUT = (
    "goal",
    "industry",
    "size",
    "products",
    "target_users",
    "interests",
    "family",
    "career_goals",
    "remarks",
)
RATES = frozenset(
    {"retention", "churn", "repurchase", "average_order_growth", "in_time", "top20_share", "renewal_rate"}
)
"""Measures that are shares of a whole."""
