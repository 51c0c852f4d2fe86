"""What an event of the feed says: its title, and the lines of its description.

Titles begin with the client's name, since a month view shows six to eight characters. Days are written as ISO
dates and never relative to the day asked about: what has not changed must read the same tomorrow. This module
must not know which events there are, nor how they are written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from unicodedata import category

from vaultcrm.model.frozen import replace
from vaultcrm.model.policy import Policy
from vaultcrm.model.records import Client, Person, YearlyDate
from vaultcrm.model.results import Assessment, Occurrence, Task, Touchpoint
from vaultcrm.render.labels import Labels
from vaultcrm.render.text import clean_text, one_line, shorten
from vaultcrm.render.wording import idea_of, reach_of, title_of
from vaultcrm.rules.days import add_interval

NEXT_CONTACT = "next-contact"
FOLLOW_UP = "follow-up"
SUMMARY_CAP = 200
TITLE_CAP = 110
LINE_CAP = 160
TASKS_SHOWN = 5
GREETED_SHOWN = 40


def contact_title(assessment: Assessment, labels: Labels) -> str:
    """What the next contact is: ``monthly contact``, ``agreed contact``, ``first contact``."""
    contacting = assessment.standing.contacting
    if contacting.agreed is not None:
        return labels.get("feed.contact-agreed")
    if contacting.last is None and assessment.standing.known.last_sign is None:
        return labels.get("feed.contact-first")
    for first, last, key in RHYTHMS:
        if first <= contacting.interval_days <= last:
            return labels.get(f"feed.{key}")
    return labels.get("feed.contact-days", days=contacting.interval_days)


def touchpoint_title(occurrence: Occurrence, labels: Labels, *, private: bool) -> str:
    """What a touchpoint is; with ``private`` without anything that a person wrote."""
    if private:
        return title_of(replace(occurrence, subject=""), labels)
    key = f"feed.title-{occurrence.id}"
    if occurrence.subject and labels.has(key):
        return labels.get(key, subject=shorten(one_line(occurrence.subject), TITLE_CAP))
    return title_of(occurrence, labels)


def summary(name: str, sign: str, title: str, tier: str) -> str:
    """``Acme ☎ monthly contact · A``, at most 200 characters; only a very long name is cut."""
    rest = f" {sign} {shorten(one_line(title), TITLE_CAP)} · {shorten(one_line(tier), LINE_CAP - TITLE_CAP)}"
    return shorten(clean_text(name), SUMMARY_CAP - len(rest)) + rest


def initials(name: str) -> str:
    """The first letters of up to three words of a name: ``AF`` of ``Acme Foods``, ``青`` of ``青禾食品``."""
    kept = (each if each.isalnum() or category(each).startswith("M") else " " for each in one_line(name))
    first = [word[0] for word in "".join(kept).split() if word[0].isalnum()]
    return "".join(first[:3]).upper() or "?"


def natural_due(occurrence: Occurrence, policy: Policy) -> date:
    """The true day of a touchpoint: a recurring one that is late comes as due on the day asked about."""
    rule = policy.touchpoints.get(occurrence.id)
    if rule is None or rule.every is None:
        return occurrence.due
    return min(occurrence.due, add_interval(occurrence.anchor, rule.every))


def due_line(due: date, planned: date, day: date, labels: Labels) -> Iterator[str]:
    """The true day of what is planned on another one."""
    if due < day:
        yield labels.get("feed.overdue", due=due.isoformat())
    elif due != planned:
        yield labels.get("feed.due", due=due.isoformat())


def contact_lines(assessment: Assessment, bundled: list[Touchpoint], labels: Labels) -> Iterator[str]:
    """Why a next contact is due, what goes along with it, and what to talk about."""
    standing = assessment.standing
    contacting, sign = standing.contacting, standing.known.last_sign
    if contacting.agreed is not None:
        yield labels.get("feed.why-agreed", due=contacting.agreed.isoformat())
    elif contacting.last is not None:
        base = contacting.last.day.isoformat()
        yield labels.get("feed.why-interval", base=base, days=contacting.interval_days)
    elif sign is not None:
        yield labels.get("feed.why-estimated", base=str(sign.value), days=contacting.interval_days)
    else:
        yield labels.get("feed.why-first")
    if contacting.is_snoozed and contacting.next_day is not None:
        yield labels.get("feed.why-snoozed", until=contacting.next_day.isoformat())
    if bundled:
        titles = [one_line(title_of(each, labels)) for each in bundled]
        yield labels.get("feed.bundle", titles=labels.joined(titles))
    phase = "project" if standing.known.in_project else standing.stage
    ideas = [labels.name("say", phase)] if labels.has(f"say.{phase}") else []
    for idea in dict.fromkeys([*ideas, *(idea_of(each, labels) for each in bundled)]):
        if idea:
            yield labels.get("feed.say", idea=idea)


def touchpoint_lines(touchpoint: Touchpoint, labels: Labels) -> Iterator[str]:
    """Why a touchpoint is due, and an idea of what to say."""
    occurrence = touchpoint.occurrence
    key = f"feed.why-{occurrence.id}"
    subject = shorten(one_line(occurrence.subject), LINE_CAP) or None
    if not labels.has(key):
        yield labels.get("feed.why-recurring", anchor=occurrence.anchor.isoformat())
    else:
        yield labels.get(key, anchor=occurrence.anchor.isoformat(), subject=subject)
    idea = idea_of(touchpoint, labels)
    if idea:
        yield labels.get("feed.say", idea=idea)


def born_lines(name: str, assessment: Assessment, labels: Labels) -> Iterator[str]:
    """How to reach one of the client's people, where that is not how the client is reached."""
    known, reach = assessment.standing.known, reach_of(assessment)
    born = next((person for person in known.people if person.name == name), None)
    if born is not None:
        yield from _listed_lines(
            tuple(each for each in born.phone if each not in reach.phones),
            tuple(each for each in born.email if each not in reach.emails),
            tuple(each for each in born.wechat if each not in reach.wechat),
            labels,
        )


def client_lines(assessment: Assessment, labels: Labels) -> Iterator[str]:
    """What to know when in touch: last contact, open tasks, goal, how to reach them, what to bear in mind."""
    client, last = assessment.client, assessment.standing.contacting.last
    if last is not None:
        how = _channel(last.channel, labels) if last.channel not in (None, "other") else None
        said = shorten(one_line(last.summary or ""), LINE_CAP) or None
        yield labels.get("feed.last", day=last.day.isoformat(), how=how, summary=said)
    for task in assessment.tasks[:TASKS_SHOWN]:
        text = shorten(one_line(task.follow_up.text), LINE_CAP)
        yield labels.get("feed.open", text=text, due=task.due.isoformat())
    if client.goal:
        yield labels.get("feed.goal", goal=shorten(one_line(client.goal), LINE_CAP))
    yield from _reach_lines(assessment, labels)
    yield from _personal_lines(assessment, labels)


def _channel(channel: str, labels: Labels) -> str:
    """A channel's name; one of a person's own is a text like any other."""
    return shorten(one_line(labels.name("channel", channel)), LINE_CAP)


def greeting_line(assessment: Assessment, labels: Labels) -> str:
    """A client to greet on a festival: name, tier and number."""
    phones = reach_of(assessment).phones
    name = shorten(one_line(assessment.client.name), TITLE_CAP)
    tier = labels.name("tier", assessment.standing.tier)
    return labels.get("feed.greet", client=name, tier=tier, phone=_listed(phones[:1], labels) or None)


def greeting_lines(clients: Sequence[int], line: Callable[[int], str], labels: Labels) -> Iterator[str]:
    """Whom to greet on a festival; ``line`` gives the line of one of them."""
    yield from map(line, clients[:GREETED_SHOWN])
    if len(clients) > GREETED_SHOWN:
        yield labels.get("feed.more", count=len(clients) - GREETED_SHOWN)


def task_lines(task: Task, labels: Labels) -> Iterator[str]:
    """What was promised."""
    yield labels.get("feed.why-follow-up", subject=shorten(one_line(task.follow_up.text), LINE_CAP))


def _reach_lines(assessment: Assessment, labels: Labels) -> Iterator[str]:
    reach = reach_of(assessment)
    if reach.channel is not None:
        yield labels.get("feed.channel", channel=_channel(reach.channel, labels))
    yield from _listed_lines(reach.phones, reach.emails, reach.wechat, labels)


def _listed_lines(
    phones: tuple[str, ...], emails: tuple[str, ...], wechat: tuple[str, ...], labels: Labels
) -> Iterator[str]:
    for key, name, values in (
        ("feed.phone", "numbers", phones),
        ("feed.mail", "addresses", emails),
        ("feed.wechat", "names", wechat),
    ):
        if values:
            yield labels.get(key, **{name: _listed(values[:3], labels)})


def _personal_lines(assessment: Assessment, labels: Labels) -> Iterator[str]:
    history = assessment.standing.known.history
    records: list[Client | Person] = [history.client]
    records += [person for person in history.contacts if isinstance(person, Person)][:2]
    for record in records:
        name = one_line(record.name) if isinstance(record, Person) else None
        if record.birthday is not None:
            key = "feed.birthday-lunar" if record.birthday.lunar else "feed.birthday"
            yield labels.get(key, day=month_and_day(record.birthday), name=name)
        if record.interests:
            interests = shorten(one_line(record.interests), LINE_CAP)
            yield labels.get("feed.interests", interests=interests, name=name)


def month_and_day(yearly: YearlyDate) -> str:
    """``05-20``; a leap month as notes write it, ``闰06-15``."""
    return f"{'闰' if yearly.leap else ''}{yearly.month:02d}-{yearly.day:02d}"


def _listed(values: tuple[str, ...], labels: Labels) -> str:
    return labels.joined([shorten(one_line(value), LINE_CAP) for value in values])


RHYTHMS = (
    (7, 7, "contact-weekly"),
    (14, 14, "contact-two-weekly"),
    (28, 31, "contact-monthly"),
    (59, 62, "contact-two-monthly"),
    (89, 92, "contact-quarterly"),
)
"""Lengths of an interval in days, both ends included, that have a name."""

SIGNS = {
    NEXT_CONTACT: "☎",
    "survey": "📝",
    "check-in-1m": "👋",
    "check-in-3m": "👋",
    "quarterly-review": "📊",
    "brief": "📄",
    "deep-visit": "🚪",
    "care-mail": "💌",
    "yearly-survey": "📝",
    "news": "📰",
    "birthday": "🎂",
    "important-date": "⭐",
    "renewal": "🔁",
    "minutes": "✍",
    "call-back": "📞",
    "referral-thanks": "🙏",
    "referral-report": "💬",
    "referral-ask": "🤝",
    FOLLOW_UP: "☑",
}
"""The sign of a kind, behind the client's name; a user's own rule has a dot."""
