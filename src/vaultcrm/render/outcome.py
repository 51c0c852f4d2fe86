"""What a conversation that was just noted changes: next contact, what is due, what is settled, what is odd.

This module must not know how a conversation was noted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vaultcrm.model.frozen import dataclass
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interaction
from vaultcrm.model.results import Assessment, Touchpoint
from vaultcrm.render.export import iso, touchpoint_dict
from vaultcrm.render.labels import Labels
from vaultcrm.render.wording import FOLLOW_UP, message_of, step_of, title_of
from vaultcrm.rules.known import NO_CONTACT, direction_of
from vaultcrm.rules.settling import settles

COMING_DAYS = 31
"""How far ahead a touchpoint is told."""
SHOWN = 3
"""How many of them."""
TOO_MUCH = "too-much-contact"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A client before and after a conversation was noted, both on the day on which it was noted down."""

    before: Assessment
    after: Assessment
    noted: Interaction
    policy: Policy

    @property
    def coming(self) -> tuple[Touchpoint, ...]:
        """The touchpoints that come next, but for follow-ups, the earliest first."""
        day = self.after.standing.day
        near = (each for each in self.after.touchpoints if (each.due - day).days <= COMING_DAYS)
        return tuple(each for each in near if each.id != FOLLOW_UP)[:SHOWN]

    @property
    def settled(self) -> tuple[Touchpoint, ...]:
        """The touchpoints that were due, or nearly, and that this conversation settles."""
        left = {_key(each) for each in self.after.touchpoints}
        day, rules = self.after.standing.day, self.policy.touchpoints
        return tuple(
            each
            for each in self.before.touchpoints
            if each.show_from <= day and _key(each) not in left and settles(rules[each.id], self.noted)
        )

    @property
    def over(self) -> tuple[str, ...]:
        """The ids of warnings that no longer hold."""
        left = {warning.id for warning in self.after.warnings}
        return tuple(warning.id for warning in self.before.warnings if warning.id not in left)

    @property
    def days_since(self) -> int | None:
        """For how many days we had been silent, where that is too short a time to write again.

        None where it is not, where they spoke last or now, or where the two work together every day.
        """
        known, last = self.before.standing.known, self.before.standing.contacting.last
        written = self.noted.kind not in NO_CONTACT and direction_of(self.noted) == "out"
        if last is None or not written or direction_of(last) == "in":
            return None
        if known.in_project or self.before.standing.contacting.any_time:
            return None
        days = (self.noted.day - last.day).days
        return days if 0 <= days < self.policy.min_gap else None


def outcome_text(outcome: Outcome, labels: Labels) -> str:
    """What follows, in a line or a few: ``Acme: next contact Fri 4 Dec; Survey due 30 November``."""
    after = outcome.after
    day, due = after.standing.day, after.standing.contacting.next_day
    if due is not None:
        parts = [labels.get("cli.log.next", day=labels.weekday(due, day))]
    else:
        stopped = after.client.do_not_contact and after.standing.known.status == "active"
        parts = [labels.get("next.stopped" if stopped else "next.none")]
    for each in outcome.coming:
        key = "today" if each.due == day else "late" if each.due < day else "due"
        shown = labels.date(each.due, day)
        parts.append(labels.get(f"cli.log.{key}", title=title_of(each, labels), day=shown))
    lines = [labels.pair(after.client.name, labels.get("cli.log.joint").join(parts))]
    if outcome.settled:
        titles = dict.fromkeys(title_of(each, labels) for each in outcome.settled)
        lines.append("  " + labels.get("cli.log.settled", titles=tuple(titles)))
    if outcome.over:
        names = tuple(labels.get(f"warning.{each}.name") for each in outcome.over)
        lines.append("  " + labels.get("cli.log.over", names=names))
    return "\n".join(lines)


def outcome_hints(outcome: Outcome, labels: Labels) -> Iterator[str]:
    """What is worth a second thought: warnings that it causes, or that it is too soon to write again."""
    name, before = outcome.after.client.name, {warning.id for warning in outcome.before.warnings}
    told = False
    for warning in outcome.after.warnings:
        again = warning.id == TOO_MUCH and direction_of(outcome.noted) == "out"
        if warning.id not in before or again:
            told = told or warning.id == TOO_MUCH
            said = labels.pair(labels.get(f"warning.{warning.id}.name"), message_of(warning, labels))
            yield labels.pair(name, f"{said} → {step_of(warning, labels)}")
    noted = outcome.noted
    still_open = outcome.before.standing.known.complaints
    if noted.kind == "complaint" and noted.resolved is not None and still_open:
        first, said = still_open[-1], noted.resolved.isoformat()
        when, place = labels.date(first.day, noted.day), f"{first.path}:{first.place.line}"
        yield labels.pair(name, labels.get("cli.log.still-open", day=when, resolved=said, place=place))
    last = outcome.before.standing.contacting.last
    if outcome.days_since is not None and last is not None and not told:
        when = labels.date(last.day, outcome.noted.day)
        yield labels.pair(name, labels.get("cli.log.too-soon", day=when, gap=outcome.policy.min_gap))


def outcome_dict(outcome: Outcome, labels: Labels) -> dict[str, Any]:
    """What follows, for other programs; ``too_soon`` is the days since the last contact, or null."""
    after = outcome.after
    contacting = after.standing.contacting
    return {
        "client": after.client.name,
        "path": after.client.path,
        "next_contact": iso(contacting.next_day),
        "agreed": contacting.agreed is not None,
        "touchpoints": [touchpoint_dict(each, labels) for each in outcome.coming],
        "settled": [each.id for each in outcome.settled],
        "warnings": [warning.id for warning in after.warnings],
        "warnings_over": list(outcome.over),
        "too_soon": outcome.days_since,
        "hints": list(outcome_hints(outcome, labels)),
    }


def _key(touchpoint: Touchpoint) -> tuple[object, ...]:
    occurrence = touchpoint.occurrence
    return occurrence.id, occurrence.anchor, occurrence.due, occurrence.subject
