"""The dashboard's sections that look back: clients, changes, feedback, referrals, figures, mistakes.

Each takes a `View` and gives Markdown without a heading. This module must not know in which note a section
stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.records import Feedback, Interaction, Person, Referral
from vaultcrm.model.results import Assessment, Change, Touchpoint
from vaultcrm.render.charts import load_chart, month_chart, revenue_chart, tier_chart
from vaultcrm.render.lists import LINK, Listing, Portrait, linked, listed
from vaultcrm.render.markup import beside, blocks, callout, client_link, note_link, sourced, table
from vaultcrm.render.text import markdown_cell, markdown_text, wikilink
from vaultcrm.render.view import View
from vaultcrm.render.wording import (
    answer_texts,
    change_reasons,
    complaint_parts,
    measure_text,
    shortened,
    title_of,
)
from vaultcrm.rules.answers import latest_first, recommendation, satisfaction
from vaultcrm.rules.changes import change_of, changed
from vaultcrm.rules.days import month_end
from vaultcrm.rules.known import is_muted
from vaultcrm.rules.referrals import first_order
from vaultcrm.rules.silence import SILENCES, silent_after_project, small_client_forgotten

TIERS_SHOWN = 40
CHANGES_SHOWN = 20
ANSWERS_SHOWN = 8
COMPLAINTS_SHOWN = 10
REFERRALS_SHOWN = 10
MISTAKES_SHOWN = 8
PROBLEMS_SHOWN = 20
POINTS_SHOWN = 10
CELL_LENGTH = 48
CHARTED = ("by_tier", "revenue_by_tier", "workload", "contacts_by_month")
NEVER_THE_ACTION = ("news", "follow-up")
"""Touchpoints that are no client's core action of a month."""


def tiers(view: View) -> str:
    """The tracking table of active clients, the highest tier first (specification 1, system 13)."""
    labels, cards = view.labels, view.cards
    found = [number for number in view.owned if cards[number].is_active]
    found.sort(key=lambda number: -cards[number].tier_rank)
    if not found:
        return labels.get("dashboard.no_tiers")
    limit = view.top(TIERS_SHOWN)
    columns = (
        "client",
        "tier",
        "health",
        "decision_maker",
        "goal",
        "action",
        "owner",
        "deadline",
        "response",
        "effect",
    )
    heads = [labels.get(f"table.{column}") for column in columns]
    rows = table(heads, (TRACKING.line(number, view) for number in found[:limit]))
    more = len(found) - limit
    return blocks(rows, labels.get("word.more", count=more) if more > 0 else "")


def changes(view: View) -> str:
    """Stages and tiers that differ from the end of the previous quarter, with what moved them."""
    owned = set(view.owned)
    everybody = changed(view.overview.assessments, view.policy, view.day)
    found = [(number, place) for number, place in everybody if number in owned]
    if not found:
        return view.labels.get("change.none")
    return "\n".join(listed(view, found, CHANGES_SHOWN, _change))


def feedback(view: View) -> str:
    """NPS and satisfaction, complaints that are open, the latest answers."""
    labels, values = view.labels, view.measures.values
    complaints = COMPLAINTS.items(view, view.by_urgency)
    answers = ANSWERS.items(view, view.by_urgency)
    if not complaints and not answers:
        return labels.get("dashboard.no_feedback")
    figures = [_figure(name, values.get(name), view) for name in ("nps", "satisfaction")]
    complaints.sort(key=lambda item: item.key)
    answers.sort(key=lambda item: item.key, reverse=True)
    lines = listed(view, complaints, COMPLAINTS_SHOWN, COMPLAINTS.line)
    latest = listed(view, answers, ANSWERS_SHOWN, ANSWERS.line)
    return blocks(
        "\n".join(f"- {figure}" for figure in figures if figure),
        callout("warning", labels.get("dashboard.complaints"), lines) if lines else "",
        f"**{labels.get('dashboard.latest')}**" if latest else "",
        "\n".join(latest),
    )


def referrals(view: View) -> str:
    """Whom to ask, whom to thank and tell, who introduced whom and what came of it."""
    labels = view.labels
    introduced = INTRODUCED.items(view, view.by_urgency)
    introduced.sort(key=lambda item: item.key, reverse=True)
    due = ABOUT_REFERRALS.items(view, view.by_urgency)
    asks = [item for item in due if item.key == (REFERRAL_ASK,)]
    owed = [item for item in due if item.key != (REFERRAL_ASK,)]
    lists = (
        ("thanks", listed(view, owed, REFERRALS_SHOWN, ABOUT_REFERRALS.line)),
        ("asks", listed(view, asks, REFERRALS_SHOWN, ABOUT_REFERRALS.line)),
        ("introduced", listed(view, introduced, REFERRALS_SHOWN, INTRODUCED.line)),
    )
    parts = (
        f"**{labels.get(f'dashboard.{name}')}**\n\n" + "\n".join(lines) for name, lines in lists if lines
    )
    return blocks(*parts) or labels.get("dashboard.no_referrals")


def metrics(view: View) -> str:
    """The measures of the period, with charts whose figures stand beside them."""
    labels, measures = view.labels, view.measures
    start, end = measures.first, measures.end
    period = labels.get("dashboard.period", start=labels.date(start), end=labels.date(end))
    values = measures.values.items()
    lines = [_figure(name, value, view) for name, value in values if name not in CHARTED]
    figures = "\n".join(f"- {line}" for line in lines if line)
    charts = (chart(view) for chart in (tier_chart, revenue_chart, load_chart, month_chart))
    return blocks(period, figures, _loyalty(view), *charts)


def _loyalty(view: View) -> str:
    """The clients with the most loyalty points; empty where there are none to be had."""
    points = view.measures.values.get("loyalty")
    if not isinstance(points, Mapping):
        return ""
    paths = view.overview.assessments.paths()
    found = [(points.get(paths[number]) or 0, number) for number in view.owned]
    found = sorted((each for each in found if each[0]), key=lambda each: -each[0])
    lines = listed(view, found, POINTS_SHOWN, _points)
    return blocks(f"**{view.labels.get('metric.loyalty')}**", "\n".join(lines)) if lines else ""


def mistakes(view: View) -> str:
    """The five mistakes, and with whom each is being made (specification 1, system 11)."""
    labels = view.labels
    made = view.each("dashboard.mistakes", _mistakes)
    lines = []
    for name in MISTAKES:
        found = [number for number in view.by_urgency if name in made[number]]
        who = linked(view, found, view.top(MISTAKES_SHOWN)) if found else labels.get("mistake.none")
        count = labels.aside(len(found)) if found else ""
        lines.append("- " + labels.pair(f"{labels.get(f'mistake.{name}')}{count}", who))
    return "\n".join(lines)


def problems(view: View) -> str:
    """What could not be read as it was meant, errors first, with a link to each note."""
    found = sorted(view.overview.diagnostics, key=lambda each: each.severity != "error")
    if not found:
        return view.labels.get("dashboard.no_problems")
    return "\n".join(listed(view, found, PROBLEMS_SHOWN, _problem))


def _tracking(one: Assessment, view: View) -> tuple[str, ...]:
    labels, standing, client = view.labels, one.standing, one.client
    action, deadline = _core_action(one, view)
    said = next((each for each in reversed(standing.known.interactions) if each.response), None)
    band = labels.name("band", one.health.band)
    return (
        client_link(client, in_table=True),
        markdown_cell(labels.name("tier", standing.tier)),
        f"{one.health.value} {band}",
        _deciders(one, view),
        markdown_cell(shortened(client.goal, CELL_LENGTH)),
        markdown_cell(shortened(action, CELL_LENGTH)),
        markdown_cell(shortened(client.owner, CELL_LENGTH)),
        deadline.isoformat() if deadline else "",
        markdown_cell(shortened(said.response, CELL_LENGTH)) if said else "",
        markdown_cell(_effect(one, view)),
    )


def _core_action(one: Assessment, view: View) -> tuple[str, date | None]:
    """What is to be done with a client this month, and by when: a touchpoint, else the next contact."""
    day = view.day
    end = month_end(day.year, day.month)
    for touchpoint in one.touchpoints:
        if touchpoint.planned <= end and touchpoint.id not in NEVER_THE_ACTION:
            return title_of(touchpoint, view.labels), touchpoint.planned
    if one.planned is not None and one.planned <= end:
        return view.labels.get("next.title"), one.planned
    return "", None


def _deciders(one: Assessment, view: View) -> str:
    known = one.standing.known
    people = known.history.decision_makers or known.history.contacts
    here = [each for each in people if isinstance(each, str) or each.left is None or each.left > view.day]
    return view.labels.joined([_person(each) for each in here[:2]])


def _person(person: Person | str) -> str:
    if isinstance(person, str):
        return markdown_cell(shortened(person, CELL_LENGTH))
    return wikilink(person.path, shortened(person.name, CELL_LENGTH), in_table=True)


def _effect(one: Assessment, view: View) -> str:
    labels, given = view.labels, one.standing.known.feedback
    parts = []
    for name, score in (("recommend", recommendation), ("satisfaction", satisfaction)):
        for _, value in latest_first(given, score):
            parts.append(labels.get(f"effect.{name}", value=labels.number(value, 1)))
            break
    return labels.joined(parts)


def _change(found: tuple[int, int], view: View) -> str:
    """A client's change, by the client's number and its place among theirs."""
    number, place = found

    def write(one: Assessment, view: View) -> str:
        return change_line(change_of(one, place, view.policy, view.day), view)

    return view.part(number, ("dashboard.change", place), write)


def change_line(change: Change, view: View) -> str:
    """A tier or stage that moved, with what moved it."""
    labels = view.labels
    before, after = (labels.name(change.what, each) for each in (change.before, change.after))
    line = labels.get(
        "change.line",
        what=labels.get(f"change.{change.what}"),
        before=before,
        after=after,
        since=labels.date(change.since, view.day),
    )
    reasons = change_reasons(change, labels)
    text = labels.pair(line, reasons) if reasons else line
    return sourced(f"**{client_link(change.client)}** · {markdown_text(text)}", change.finding, change.client)


def complaint_line(found: tuple[Assessment, Interaction], view: View) -> str:
    """An open complaint: for how long, how severe, what it is about."""
    one, complaint = found
    said = map(markdown_text, complaint_parts(complaint, view.day, view.labels))
    return beside(" · ".join([f"**{client_link(one.client)}**", *said]), complaint.path, one.client)


def answers_line(found: tuple[Assessment, Feedback], view: View) -> str:
    """A survey's answers, with their day and their note."""
    one, answers = found
    labels = view.labels
    said = markdown_text(labels.joined(list(answer_texts(answers, labels))))
    day = labels.date(answers.day, view.day)
    return f"{day} · {client_link(one.client)} · {said} · {note_link(answers.path, one.client)}"


def _about_referrals(one: Assessment) -> list[Touchpoint]:
    """The touchpoints about referrals whose lead has begun."""
    return [
        each for each in one.touchpoints if each.id in REFERRAL_IDS and each.show_from <= one.standing.day
    ]


def _about_referral(found: tuple[Assessment, Touchpoint], view: View) -> str:
    one, touchpoint = found
    day = view.labels.date(touchpoint.planned, view.day)
    text = markdown_text(title_of(touchpoint, view.labels))
    line = f"{client_link(one.client)} · {text} · {day}"
    return sourced(line, touchpoint.occurrence.finding, one.client)


def referral_line(found: tuple[Assessment, Referral], view: View) -> str:
    """Who introduced whom, and what came of it."""
    one, referral = found
    labels, introduced = view.labels, referral.client
    won = first_order(referral.projects, view.day) is not None
    outcome = labels.get("dashboard.won" if won else "dashboard.not_yet")
    on = f" · {labels.date(introduced.referred_on, view.day)}" if introduced.referred_on else ""
    return f"{client_link(one.client)} → {client_link(introduced)}{on} · {outcome}"


def _figure(name: str, value: object, view: View) -> str:
    shown = measure_text(name, value, view.policy.currency, view.labels)
    if isinstance(value, Mapping):
        shown = markdown_text(shown)
    return view.labels.pair(view.labels.get(f"metric.{name}"), shown) if shown else ""


def _points(found: tuple[int, int], view: View) -> str:
    points, number = found
    return view.labels.pair(LINK.line(number, view), view.labels.number(points))


def _mistakes(one: Assessment, view: View) -> tuple[str, ...]:
    warned = {warning.id for warning in one.warnings}
    return tuple([each for each in MISTAKES if each in warned or _is_hidden(each, one, warned, view)])


def _introduced(one: Assessment) -> tuple[Referral, ...]:
    """Whom a client introduced, but for those of a later day."""
    known = one.standing.known
    made = (each for each in known.history.introduced if (each.client.referred_on or known.day) <= known.day)
    return tuple(made)


def _introduced_on(referral: Referral) -> tuple[int, str]:
    """What referrals are sorted by: the day, the path of the client introduced."""
    return (referral.client.referred_on or date.min).toordinal(), referral.client.path


def _noted_on(what: Interaction | Feedback) -> tuple[int, str, int, int]:
    """What notes are sorted by: the day, the place."""
    return what.day.toordinal(), *what.place


def _is_hidden(mistake: str, one: Assessment, warned: set[str], view: View) -> bool:
    """Whether a mistake is being made with a client, but another silence is the warning that is given."""
    rule = HIDDEN.get(mistake)
    if rule is None or warned.isdisjoint(SILENT_IDS):
        return False
    quiet = mistake in view.policy.warnings.off or is_muted(one.client, mistake, view.day)
    return not quiet and rule(one.standing, view.policy) is not None


def _problem(problem: Diagnostic, view: View) -> str:
    labels, place = view.labels, problem.place
    where = note_link(place.path) if place.path[-3:].lower() == ".md" else markdown_text(place.path)
    line = labels.get("word.line", line=place.line)
    said = f"{labels.message(problem)} → {labels.remedy(problem)}"
    return labels.pair(f"{labels.name('severity', problem.severity)} · {where} {line}", markdown_text(said))


REFERRAL_ASK = "referral-ask"
REFERRAL_IDS = (REFERRAL_ASK, "referral-thanks", "referral-report")

MISTAKES = (
    "silent-after-project",
    "only-work",
    "too-much-contact",
    "small-client-forgotten",
    "only-when-selling",
)
"""The warnings that are the five mistakes, in the order of the specification."""

HIDDEN = {"silent-after-project": silent_after_project, "small-client-forgotten": small_client_forgotten}
"""Mistakes that another warning about the same silence may hide."""

SILENT_IDS = frozenset(row.id for row in SILENCES)

TRACKING = Portrait("dashboard.tracking", _tracking)
COMPLAINTS = Listing(
    "dashboard.complaints", lambda one: one.standing.known.complaints, _noted_on, complaint_line
)
ANSWERS = Listing("dashboard.answers", lambda one: one.standing.known.feedback, _noted_on, answers_line)
INTRODUCED = Listing("dashboard.introduced", _introduced, _introduced_on, referral_line)
ABOUT_REFERRALS = Listing("dashboard.referrals", _about_referrals, lambda each: (each.id,), _about_referral)
