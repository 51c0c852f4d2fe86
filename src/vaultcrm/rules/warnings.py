"""What is going wrong with a client: one rule a row in ``WARNINGS`` (specification 3, Warnings).

Here stand those about how we treat a client and keep their file; ``silence`` and ``business`` have the
others. This module must not know how a warning is worded or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Interaction, Person
from vaultcrm.model.results import ClientWarning, Evidence, Finding, Known, Standing
from vaultcrm.rules import business
from vaultcrm.rules.days import in_last
from vaultcrm.rules.known import days_without, direction_of, first_record, is_muted, phase_on
from vaultcrm.rules.orders import last_order
from vaultcrm.rules.silence import SILENCES, is_agreed, phase_out
from vaultcrm.rules.verdict import HIGH, LOW, MEDIUM, SEVERITIES, Verdict, WarningRule, verdict

MISSING = ("contact", "channel", "owner")
"""Properties of which a client's note needs at least one."""

GIVING = frozenset({"care", "personal", "insight", "resource"})
"""Topics that give the client something besides work."""

SELLING = frozenset({"opportunity"})
"""What a contact is about where we only want business."""


def client_warnings(standing: Standing, policy: Policy) -> tuple[ClientWarning, ...]:
    """The warnings that hold for a client, sorted by id; at most one of each id.

    One who is not active owes money at most. Muted ones and those that the policy switches off are left
    out; of the silences only the most severe that is left is given, with the evidence of the others.
    """
    if standing.known.status != "active":
        rows = tuple(row for row in WARNINGS if row.id in EVEN_IF_INACTIVE)
        return _held(rows, standing, policy)
    found = _held(WARNINGS, standing, policy)
    if not is_agreed(standing):
        found += _most_severe(_held(SILENCES, standing, policy))
    return tuple(sorted(found, key=lambda warning: warning.id))


def contact_left(standing: Standing, policy: Policy) -> Verdict | None:
    """All contacts that the client's note names have left, or all who decide.

    Evidence: ``people`` (their names), ``left`` of each.
    """
    known = standing.known
    history = known.history
    gone = _all_left(history.contacts, known) or _all_left(history.decision_makers, known)
    if not gone:
        return None
    people = tuple(person.name for person in gone)
    told = (Evidence("left", person.left, person.at("left")) for person in gone)
    return verdict(HIGH, "contact-left", Evidence("people", people), *told)


def too_much_contact(standing: Standing, policy: Policy) -> Verdict | None:
    """Since the last delivery we wrote far more often than the cadence asks for; not where any time is right.

    Evidence: ``count``, ``days`` (looked at), ``interval_days``, ``contact`` (its day) of each.
    """
    known, numbers, contacting = standing.known, policy.warnings, standing.contacting
    interval = contacting.interval_days
    if contacting.any_time or interval <= 0:
        return None
    span = max(numbers.too_much_days, numbers.too_much_intervals * interval)
    after = known.day - timedelta(days=span)
    delivered = [p.delivered for p in known.counted if p.delivered is not None and p.delivered <= known.day]
    after = max([after, *delivered])
    ours = [each for each in known.contacts if each.day > after and direction_of(each) == "out"]
    if (len(ours) - numbers.too_much_extra) * interval <= numbers.too_much_factor * span:
        return None
    told = (Evidence("contact", each.day, each.place) for each in reversed(ours))
    days = Evidence("days", (known.day - after).days)
    counts = (Evidence("count", len(ours)), days, Evidence("interval_days", interval))
    return verdict(LOW, "too-much-contact", *counts, *told)


def only_work(standing: Standing, policy: Policy) -> Verdict | None:
    """The last contacts were all about something, and never about the people or anything that helps them.

    Evidence: ``count``, ``contact`` (its day) of each.
    """
    known, numbers = standing.known, policy.warnings
    last = known.contacts[-numbers.only_work_contacts :]
    if len(last) < numbers.only_work_contacts or not in_last(last[0].day, known.day, numbers.only_work_days):
        return None
    if any(not each.about or not GIVING.isdisjoint(each.about) for each in last):
        return None
    return _contacts("only-work", LOW, last)


def only_when_selling(standing: Standing, policy: Policy) -> Verdict | None:
    """The last times that we wrote outside projects we only wanted business. Evidence as of ``only_work``."""
    known, wanted = standing.known, policy.warnings.only_selling_contacts
    last: list[Interaction] = []
    for contact in reversed(known.contacts):
        if direction_of(contact) != "out" or phase_on(known.history, contact.day)[1]:
            continue
        if set(contact.about) != SELLING:
            return None
        last.append(contact)
        if len(last) == wanted:
            return _contacts("only-when-selling", MEDIUM, last[::-1])
    return None


def stale_file(standing: Standing, policy: Policy) -> Verdict | None:
    """Nothing was noted for long, or nobody knows whom to reach, how, or who is responsible.

    Evidence: ``days``, ``limit`` and the latest record; ``missing`` (the properties), which is the
    finding's value where it is the only reason.
    """
    known, client = standing.known, standing.client
    limit = policy.warnings.stale_days
    last = _last_record(known)
    days = days_without(last, known)
    told: list[Evidence] = []
    if days is not None and days >= limit:
        begin = last or first_record(known)
        told = [Evidence("days", days), Evidence("limit", limit), *([begin] if begin else [])]
    missing = not client.contact and client.channel is None and client.owner is None
    if missing:
        told.append(Evidence("missing", MISSING, client.place))
    if not told:
        return None
    return Verdict(LOW, Finding("stale-file", "missing" if len(told) == missing else LOW, tuple(told)))


def tier_differs(standing: Standing, policy: Policy) -> Verdict | None:
    """The pinned tier is not the computed one, and nobody says why. Evidence: ``pinned``, ``computed``."""
    client = standing.client
    computed = standing.computed_tier
    if standing.tier == computed.value or client.tier_reason:
        return None
    pinned = Evidence("pinned", standing.tier, client.at("tier"))
    return verdict(LOW, "tier-differs", pinned, Evidence("computed", computed.value), *computed.evidence)


def _held(rows: Iterable[WarningRule], standing: Standing, policy: Policy) -> tuple[ClientWarning, ...]:
    """The warnings of the rows that hold and may be told, in the order of the rows."""
    off, client = policy.warnings.off, standing.client
    found = []
    for row in rows:
        held = None if row.id in off else row.verdict(standing, policy)
        if held is not None and not is_muted(client, row.id, standing.day):
            found.append(ClientWarning(row.id, held.severity, held.finding))
    return tuple(found)


def _most_severe(found: Sequence[ClientWarning]) -> tuple[ClientWarning, ...]:
    """The most severe, of equals the first, with its own evidence and then that of the others."""
    if not found:
        return ()
    worst = max(found, key=lambda each: SEVERITIES.index(each.severity))
    others = [item for each in found if each is not worst for item in each.finding.evidence]
    finding = Finding(worst.finding.rule, worst.finding.value, (*worst.finding.evidence, *others))
    return (ClientWarning(worst.id, worst.severity, finding),)


def _all_left(people: Sequence[Person | str], known: Known) -> tuple[Person, ...]:
    """The people, where all of them have left; empty where somebody is left, or nobody is named."""
    gone = tuple(
        person
        for person in people
        if isinstance(person, Person) and person.left is not None and person.left <= known.day
    )
    return gone if len(gone) == len(people) else ()


def _contacts(rule: str, severity: str, contacts: Sequence[Interaction]) -> Verdict:
    told = (Evidence("contact", each.day, each.place) for each in reversed(contacts))
    return verdict(severity, rule, Evidence("count", len(contacts)), *told)


def _last_record(known: Known) -> Evidence | None:
    """The latest of: file gone through, interaction, feedback, order day, delivery."""
    client, day = known.client, known.day
    found = [(each.day, Evidence("interaction", each.day, each.place)) for each in known.interactions[-1:]]
    found += [(each.day, Evidence("feedback", each.day, each.place)) for each in known.feedback[-1:]]
    if client.reviewed is not None and client.reviewed <= day:
        found.append((client.reviewed, Evidence("reviewed", client.reviewed, client.at("reviewed"))))
    if known.order_days:
        found.append((known.order_days[-1], last_order(known)))
    for project in known.counted:
        delivered = project.delivered
        if delivered is not None and delivered <= day:
            found.append((delivered, Evidence("delivered", delivered, project.at("delivered"))))
    return max(found, key=lambda each: each[0])[1] if found else None


WARNINGS: tuple[WarningRule, ...] = (
    WarningRule("no-order", business.no_order),
    WarningRule("dormant", business.dormant),
    WarningRule("order-slowdown", business.order_slowdown),
    WarningRule("contact-left", contact_left),
    WarningRule("complaint-escalated", business.complaint_escalated),
    WarningRule("complaints-open", business.complaints_open),
    WarningRule("satisfaction-drop", business.satisfaction_drop),
    WarningRule("detractor", business.detractor),
    WarningRule("renewal-due", business.renewal_due),
    WarningRule("contract-lapsed", business.contract_lapsed),
    WarningRule("payment-overdue", business.payment_overdue),
    WarningRule("project-late", business.project_late),
    WarningRule("too-much-contact", too_much_contact),
    WarningRule("only-work", only_work),
    WarningRule("only-when-selling", only_when_selling),
    WarningRule("stale-file", stale_file),
    WarningRule("tier-differs", tier_differs),
    WarningRule("phase-out", phase_out),
)
"""All warnings but the silences, which stand in ``SILENCES``."""

EVEN_IF_INACTIVE = frozenset({"payment-overdue"})
"""What is told of clients who are not active, too."""
