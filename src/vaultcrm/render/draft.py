"""A message to a client from a text template, filled in from what the notes say; what is missing is a blank.

A template holds ``{{project}}`` (a value), ``{{#best}} … {{/best}}`` (only where it is known), ``{{^best}} …
{{/best}}`` (only where it is not) and ``{{? a sentence of yours}}`` (a blank to be filled by hand). That is
all: nothing in a template or in a note can run. This module must not know where a template was read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Interaction, Person, Project
from vaultcrm.model.results import Assessment, Known, Touchpoint
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import clean_text
from vaultcrm.render.wording import HOLIDAY, shortened
from vaultcrm.rules.days import full_years
from vaultcrm.rules.known import overdue_invoice

TOPIC_LENGTH = 80


@dataclass(slots=True)
class Filled:
    """A text with its blanks filled: what is missing (as a reader is told), and names that mean nothing.

    ``unclosed`` are the parts that begin and never end, each with its sign; they are shown in any case.
    """

    text: str = ""
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)


def fill_template(template: str, values: Mapping[str, str], labels: Labels) -> Filled:
    """A template with its blanks filled in; values are text, whatever they hold.

    Args:
        template: The template.
        values: What is known, by the names of `FIELDS`.
        labels: The words of the language in which blanks are named.
    """
    filled = Filled()
    parts: list[str] = []
    opened: list[tuple[str, bool]] = []
    text = _ALONE.sub(lambda match: match[1], template)
    tags = [(match, match[2].strip()) for match in _TAG.finditer(text)]
    ends = Counter(_name_of(word) for match, word in tags if match[1] == "/")
    begun: Counter[str] = Counter()
    hidden = at = 0
    for match, word in tags:
        if not hidden:
            parts.append(text[at : match.start()])
        at = match.end()
        sign, name = match[1], _name_of(word)
        if sign in ("#", "^"):
            if ends[name] <= begun[name]:
                filled.unclosed.append(f"{sign}{word}")
                continue
            filled.unknown += [] if name in FIELDS else [word]
            opened.append((name, (name in values) == (sign == "#")))
            begun[name] += 1
            hidden += not opened[-1][1]
        elif sign == "/":
            ends[name] -= 1
            for last, shown in _ended(opened, name) if begun[name] else ():
                begun[last] -= 1
                hidden -= not shown
        elif not hidden:
            parts.append(_value(sign, word, name, values, labels, filled))
    if not hidden:
        parts.append(text[at:])
    filled.text = _LINES.sub("\n\n", "".join(parts)).strip() + "\n"
    filled.missing = list(dict.fromkeys(filled.missing))
    return filled


def _name_of(word: str) -> str:
    return _NAMES.get(word.casefold(), word)


def _ended(opened: list[tuple[str, bool]], name: str) -> Iterator[tuple[str, bool]]:
    """Take the last part of that name, and those within it, off the ones that have begun."""
    last = ""
    while last != name:
        last, shown = opened.pop()
        yield last, shown


def _value(sign: str, word: str, name: str, values: Mapping[str, str], labels: Labels, filled: Filled) -> str:
    if sign != "?" and name in values:
        return values[name]
    known = sign != "?" and name in FIELDS
    if sign != "?" and not known:
        filled.unknown.append(word)
    what = labels.get(f"draft.field.{name}") if known else word
    filled.missing.append(what)
    return labels.get("draft.blank", what=what)


def draft_values(
    assessment: Assessment, kind: str, to: Person | str | None, labels: Labels, currency: str
) -> dict[str, str]:
    """What is known for the blanks of a message, by the names of `FIELDS`; what is not known is left out.

    Args:
        assessment: The client.
        kind: The kind of message: a touchpoint of that id says which project, person or holiday is meant.
        to: Whom the message goes to, None where nobody is known.
        labels: The language.
        currency: The vault's.
    """
    known, client, day = assessment.standing.known, assessment.client, assessment.standing.day
    occasion = next((each for each in assessment.touchpoints if each.id == kind), None)
    name = to.name if isinstance(to, Person) else to
    interests = to.interests if isinstance(to, Person) and to.interests else client.interests
    values: dict[str, str | None] = {
        "client": client.name,
        "name": name,
        "to": form_of_address(name, labels.language) if name else None,
        "me": client.owner,
        "interests": interests,
        "products": client.products,
        "industry": client.industry,
        "goal": client.goal,
        "projects": str(len(known.counted)) if known.counted else None,
        "today": labels.date(day),
        **dict(_of_project(known, occasion, labels)),
        **dict(_of_contacts(assessment, labels)),
        **dict(_of_referral(known, occasion)),
        **dict(_of_money(known, labels, currency)),
    }
    if known.since is not None and isinstance(known.since.value, date):
        years = full_years(known.since.value, day)
        values["years"] = labels.get("draft.years", count=years) if years > 0 else None
    holiday = next((each for each in assessment.touchpoints if each.id == HOLIDAY), None)
    if holiday is not None:
        values["holiday"] = labels.name("festival", holiday.occurrence.subject)
    ends = [end for _, end in client.contracts]
    values["contract_end"] = labels.date(max(ends), day) if ends else None
    return {key: clean_text(value).strip() for key, value in values.items() if value and value.strip()}


def form_of_address(name: str, language: str) -> str:
    """How a person is addressed: by the first name in English (``Dr. Lee`` by title and last name)."""
    words = name.split()
    if language == "zh" or len(words) < 2 or not name.isascii():
        return name if language == "zh" or not words else words[0]
    if words[0].rstrip(".").casefold() in _TITLES:
        return f"{words[0]} {words[-1]}"
    return words[0]


def depth_of(assessment: Assessment) -> int:
    """How directly a client may be asked for a referral: 1 lightly, 2 openly, 3 as a partner.

    By the stage; a trust that was scored low or high moves it by one. (Specification 1, system 7.)
    """
    depth = {"core": 3, "growing": 2}.get(assessment.standing.stage, 1)
    trust = assessment.client.scores.get("trust")
    if trust is not None:
        depth += (trust >= MUCH_TRUST) - (trust <= LITTLE_TRUST)
    return min(3, max(1, depth))


def fitting_drafts(assessment: Assessment) -> tuple[str, ...]:
    """The kinds of message that something asks for now: a complaint, a touchpoint, a warning."""
    day = assessment.standing.day
    sorry = ["apology"] if assessment.standing.known.complaints else []
    due = [each.id for each in assessment.touchpoints if each.show_from <= day and each.id in KINDS]
    found = [*sorry, *due, *(DRAFTS_OF_WARNINGS.get(warning.id, "") for warning in assessment.warnings)]
    return tuple(dict.fromkeys(kind for kind in found if kind))


def _of_project(known: Known, occasion: Touchpoint | None, labels: Labels) -> Iterator[tuple[str, str]]:
    """The project that the occasion is about, else the one that was delivered last, else the running one."""
    delivered = [
        (each.delivered, each)
        for each in known.counted
        if each.delivered is not None and each.delivered <= known.day
    ]
    about = occasion.occurrence.subject if occasion is not None else ""
    meant = [pair for pair in delivered if pair[1].title == about]
    found = max(meant or delivered, key=lambda pair: pair[0], default=None)
    if found is not None:
        yield "delivered", labels.date(found[0], known.day)
    project: Project | None = found[1] if found is not None else known.running
    if project is not None:
        yield "project", project.title
    if known.running is not None:
        yield "running", known.running.title


def _of_contacts(assessment: Assessment, labels: Labels) -> Iterator[tuple[str, str]]:
    """What was said last, what was liked, what was complained about."""
    known, day = assessment.standing.known, assessment.standing.day
    last = assessment.standing.contacting.last
    if last is not None:
        yield "last_contact", labels.date(last.day, day)
    told = next((each.summary for each in reversed(known.contacts) if each.summary), None)
    if told:
        yield "last_topic", _phrase(told)
    for name in ("best", "improve"):
        said = next((getattr(each, name) for each in reversed(known.feedback) if getattr(each, name)), None)
        if said:
            yield name, _phrase(said)
    complaints = [each for each in known.interactions if each.kind == "complaint"]
    complaint: Interaction | None = next(iter(known.complaints[-1:] or complaints[-1:]), None)
    if complaint is not None and complaint.summary:
        yield "complaint", _phrase(complaint.summary)
        if complaint.resolved is not None and complaint.resolved <= day:
            yield "resolved", labels.date(complaint.resolved, day)


def _of_referral(known: Known, occasion: Touchpoint | None) -> Iterator[tuple[str, str]]:
    """The client whom they introduced: of whom the occasion is about, else the latest."""
    about = occasion.occurrence.subject if occasion is not None else ""
    came = [each for each in known.history.introduced if (each.client.referred_on or known.day) <= known.day]
    came.sort(key=lambda each: (each.client.name == about, each.client.referred_on or date.min))
    for referral in came[-1:]:
        yield "introduced", referral.client.name
        won = [
            each.title
            for each in referral.projects
            if each.status not in ("proposal", "cancelled") and (each.order_day or date.max) <= known.day
        ]
        if won:
            yield "introduced_project", won[0]


def _of_money(known: Known, labels: Labels, currency: str) -> Iterator[tuple[str, str]]:
    """The invoice that is overdue for longest."""
    found = overdue_invoice(known)
    if found is None or found[0].invoice_due is None:
        return
    project, days = found
    yield "invoice", project.title
    yield "invoice_due", labels.date(found[0].invoice_due, known.day)
    yield "invoice_days", labels.get("draft.days", count=days)
    if project.amount is not None:
        yield "amount", labels.money(project.amount.amount, project.amount.currency or currency)


def _phrase(text: str) -> str:
    """What somebody said, on one line and without the full stop, to stand within a sentence."""
    return shortened(text, TOPIC_LENGTH).rstrip(".。 ")


KINDS: tuple[str, ...] = (
    "referral-ask",
    "referral-thanks",
    "referral-report",
    "survey",
    "check-in-1m",
    "check-in-3m",
    "quarterly-review",
    "news",
    "birthday",
    "holiday",
    "renewal",
    "call-back",
    "apology",
    "payment",
    "win-back",
)
"""The kinds of message that have a template of ours; ``referral-ask`` has three, by depth."""

DRAFTS_OF_WARNINGS: Mapping[str, str] = {
    "silent": "win-back",
    "silent-after-project": "check-in-3m",
    "inactive": "win-back",
    "drifting": "win-back",
    "small-client-forgotten": "win-back",
    "no-order": "win-back",
    "dormant": "win-back",
    "contract-lapsed": "renewal",
    "renewal-due": "renewal",
    "complaint-escalated": "apology",
    "complaints-open": "apology",
    "payment-overdue": "payment",
    "only-work": "news",
    "only-when-selling": "news",
}
"""The message that a warning asks for."""

LOGGED_AS: Mapping[str, str] = {
    "referral-ask": "--kind referral-ask",
    "referral-ask-1": "--kind referral-ask",
    "referral-ask-2": "--kind referral-ask",
    "referral-ask-3": "--kind referral-ask",
    "referral-thanks": "--kind referral-thanks",
    "referral-report": "--kind referral-report",
    "survey": "--kind survey",
    "check-in-1m": "--kind check-in",
    "check-in-3m": "--kind check-in",
    "news": "--about insight",
    "birthday": "--kind greeting",
    "holiday": "--kind greeting",
    "renewal": "--kind proposal",
}
"""The options with which a message that was sent is logged, so that it settles what it was for."""

FIELDS: Mapping[str, str] = {
    "client": "客户",
    "to": "称呼",
    "name": "姓名",
    "me": "我",
    "project": "项目",
    "running": "在做的项目",
    "delivered": "交付日期",
    "projects": "合作次数",
    "years": "合作时间",
    "last_contact": "上次联系",
    "last_topic": "上次聊的",
    "best": "最满意",
    "improve": "可改进",
    "introduced": "介绍的客户",
    "introduced_project": "介绍来的项目",
    "holiday": "节日",
    "contract_end": "合同到期",
    "invoice": "账单",
    "invoice_due": "付款期限",
    "invoice_days": "逾期天数",
    "amount": "金额",
    "complaint": "投诉",
    "resolved": "解决日期",
    "interests": "兴趣爱好",
    "products": "主要产品",
    "industry": "行业",
    "goal": "维护目标",
    "today": "今天",
}
"""The blanks that are filled in, and their Chinese names."""

_NAMES = {spelling.casefold(): name for name, chinese in FIELDS.items() for spelling in (name, chinese)}
_NAMES |= {name.replace("_", joint): name for name in FIELDS for joint in " -"}
_TAG = regex(r"\{\{ ?([#^/?]?) ?([^{}\s][^{}\n]{0,80}?) ?\}\}")
_ALONE = regex(r"^[ \t]*(\{\{ ?[#^/] ?[^{}\s][^{}\n]{0,80}\}\})[ \t]*\n", re.MULTILINE)
"""A sign that opens or closes a part, alone on its line: the line goes with it."""
_LINES = regex(r"[ \t]*\n(?:[ \t]*\n)+")
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "professor", "sir", "herr", "frau"})
LITTLE_TRUST, MUCH_TRUST = 4, 8
"""Scores of trust from which on one asks less, or more, directly than the stage says."""
