"""The review of a period as a note, for the terminal and for other programs.

This module must not know how anything of it is computed, nor what becomes of what people write into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from vaultcrm.model.records import Interaction, Referral
from vaultcrm.model.results import Assessment
from vaultcrm.render.checklist import Line, Part, render_checklist
from vaultcrm.render.export import decimals, iso
from vaultcrm.render.labels import Labels
from vaultcrm.render.lists import listed
from vaultcrm.render.markup import beside, blocks, client_link, table
from vaultcrm.render.regions import GENERATED, region_text
from vaultcrm.render.reports import answers_line, change_line, complaint_line, referral_line
from vaultcrm.render.screen import Screen
from vaultcrm.render.sections import task_line, warning_line
from vaultcrm.render.text import display_width, markdown_text
from vaultcrm.render.view import View
from vaultcrm.render.wording import RATES, measure_text, shortened, title_of
from vaultcrm.rules.periods import MONTH, QUARTER, WEEK, Period
from vaultcrm.rules.review import Action, Figure, Review

SHOWN = 20
NAMES_SHOWN = 12
MONEY = frozenset({"revenue", "average_order"})

Item = TypeVar("Item")


def render_review(review: Review, labels: Labels) -> bytes:
    """The note of a review, as nobody has touched it yet."""
    name = review.period.name
    view = View(review.now, labels)
    regions = [
        f"<!-- {GENERATED} {labels.get('review.generated', period=name)} -->",
        region_text(
            "review", f"# {title_of_review(review.period, labels)}\n\n{blocks(*_span(review, labels))}"
        ),
    ]
    for section, text in SECTIONS:
        heading = f"## {labels.get(f'review.section.{section}')}"
        regions.append(region_text(f"review-{section}", f"{heading}\n\n{text(review, view)}"))
    regions += [region_text("actions", _actions(review, view)), f"## {labels.get('review.notes')}"]
    return ("\n\n".join(regions) + "\n").encode("utf-8", "replace")


def review_text(review: Review, labels: Labels, width: int, color: bool) -> str:
    """The figures for the terminal, each beside that of the period before."""
    screen = Screen(width, color)
    span = [line for text in _span(review, labels) for line in screen.wrapped(text)]
    lines = [screen.ink(title_of_review(review.period, labels), "bold"), *span, ""]
    rows = [(each, *_shown(each, review, labels)) for each in review.figures]
    column = max(display_width(_name(each, labels)) for each, *_ in rows) + 2
    for each, now, before, change in rows:
        if now or before:
            text = labels.get("review.was", now=now or "–", before=before or "–", change=change or None)
            lines += screen.hanging(_name(each, labels), text, column)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def review_dict(review: Review, labels: Labels) -> dict[str, Any]:
    """A review for other programs; figures as in the export, clients by their paths."""
    return {
        "period": review.period.name,
        "first": iso(review.period.first),
        "last": iso(review.period.last),
        "as_of": iso(review.now.day),
        "before": review.period.before.name,
        "figures": {
            each.name: {"now": _plain(each.now), "before": _plain(each.before)} for each in review.figures
        },
        "changes": [
            {"path": each.client.path, "what": each.what, "before": each.before, "after": each.after}
            for each in review.changes
        ],
        "health": [
            {
                "path": each.assessment.client.path,
                "before": each.value_before,
                "after": each.assessment.health.value,
                "band_before": each.band_before,
                "band": each.assessment.health.band,
            }
            for each in review.health
        ],
        "came": [one.client.path for one in review.came],
        "lost": [
            {"path": one.client.path, "lost_on": iso(one.client.lost_on), "reason": one.client.lost_reason}
            for one in review.lost
        ],
        "endangered": [{"path": one.client.path, "warning": each.id} for one, each in review.endangered],
        "dropped": [
            {"path": one.client.path, "id": each.id, "due": iso(each.due)} for one, each in review.dropped
        ],
        "late": [{"path": one.client.path, "id": each.id, "due": iso(each.due)} for one, each in review.late],
        "overdue": [
            {"path": one.client.path, "days": one.standing.contacting.overdue_days} for one in review.overdue
        ],
        "actions": [_action_text(each, review, labels) for each in review.actions],
    }


def title_of_review(period: Period, labels: Labels) -> str:
    """What a review is called: ``Review of November 2026``."""
    return labels.get("review.title", period=_period(period, labels))


def _period(period: Period, labels: Labels) -> str:
    first = period.first
    values: dict[str, object] = {"year": str(first.year)}
    if period.length == WEEK:
        iso_day = first.isocalendar()
        values = {"year": str(iso_day.year), "number": str(iso_day.week)}
    elif period.length == QUARTER:
        values["number"] = period.name[-1]
    elif period.length == MONTH:
        values["month"] = labels.get(f"calendar.month.{first.month}")
    return labels.get(f"review.period.{period.length}", **values)


def _span(review: Review, labels: Labels) -> tuple[str, str]:
    """The days of the period, and what it is compared with."""
    period = review.period
    key = "review.span" if review.is_over else "review.so-far"
    days = {
        "first": labels.date(period.first),
        "last": labels.date(period.last),
        "day": labels.date(review.now.day),
    }
    against = labels.get("review.against", period=_period(period.before, labels))
    return labels.get(key, **days), against


# -------------------------------------------------------------------------------------------------- figures


def _figures(review: Review, view: View) -> str:
    labels = view.labels
    heads = [
        "",
        _period(review.period, labels),
        _period(review.period.before, labels),
        labels.get("review.change"),
    ]
    rows = ((_name(each, labels), *_shown(each, review, labels)) for each in review.figures)
    return table(heads, (row for row in rows if row[1] or row[2]))


def _name(figure: Figure, labels: Labels) -> str:
    key = f"review.figure.{figure.name}"
    return labels.get(key if labels.has(key) else f"metric.{figure.name}")


def _shown(figure: Figure, review: Review, labels: Labels) -> tuple[str, str, str]:
    """A figure now and before, and by how much it changed; empty for what there is not."""
    currency = review.now.policy.currency
    kind = "average_order" if figure.name in MONEY else figure.name
    now, before = (measure_text(kind, value, currency, labels) for value in (figure.now, figure.before))
    if not now or not before:
        return now, before, ""
    difference = _number(figure.now) - _number(figure.before)
    if figure.name in RATES:
        shown = labels.get("review.points", value=labels.number(abs(difference) * 100, 0))
    else:
        shown = measure_text(kind, abs(difference), currency, labels)
    sign = "+" if difference > 0 else "-"
    return now, before, f"{sign}{shown}" if difference else ""


def _number(value: object) -> Fraction:
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else Fraction(0)


def _plain(value: object) -> float | None:
    found = decimals(value, 4)
    return found if found is None or found != int(found) else int(found)


# -------------------------------------------------------------------------------------------------- sections


def _changes(review: Review, view: View) -> str:
    labels = view.labels

    def health(move: Any, _: View) -> str:
        one = move.assessment
        return labels.get(
            "review.health",
            client=f"**{client_link(one.client)}**",
            before=labels.name("band", move.band_before),
            value_before=move.value_before,
            after=labels.name("band", one.health.band),
            value_after=one.health.value,
        )

    def came(one: Assessment, _: View) -> str:
        since = one.standing.known.since
        return labels.get(
            "review.came", client=f"**{client_link(one.client)}**", since=since.value if since else ""
        )

    return _lists(
        view,
        ("came", review.came, came),
        ("tiers", review.changes, change_line),
        ("health", review.health, health),
    )


def _churn(review: Review, view: View) -> str:
    labels = view.labels

    def lost(one: Assessment, _: View) -> str:
        client = one.client
        reason = markdown_text(shortened(client.lost_reason)) or labels.get("review.no-reason")
        day = labels.date(client.lost_on, view.day) if client.lost_on else ""
        return labels.get("review.lost-on", client=f"**{client_link(client)}**", day=day, reason=reason)

    return _lists(view, ("lost", review.lost, lost), ("endangered", review.endangered, warning_line))


def _missed(review: Review, view: View) -> str:
    labels = view.labels

    def one_of(key: str) -> Callable[[Any, View], str]:
        def line(found: Any, _: View) -> str:
            one, what = found
            title, day = markdown_text(title_of(what, labels)), labels.date(what.due, view.day)
            return labels.get(f"review.{key}", client=f"**{client_link(one.client)}**", title=title, day=day)

        return line

    def overdue(one: Assessment, _: View) -> str:
        days = one.standing.contacting.overdue_days
        tier = markdown_text(labels.name("tier", one.standing.tier))
        return labels.get("review.overdue", client=f"**{client_link(one.client)}**", days=days, tier=tier)

    tasks = [task for task in review.now.tasks if task.due < review.now.day]
    return _lists(
        view,
        ("dropped", review.dropped, one_of("dropped")),
        ("late", review.late, one_of("late")),
        ("overdue", review.overdue, overdue),
        ("tasks", tasks, task_line),
    )


def _feedback(review: Review, view: View) -> str:
    labels = view.labels

    def solved(found: tuple[Assessment, Interaction], _: View) -> str:
        one, complaint = found
        day = labels.date(complaint.resolved, view.day) if complaint.resolved else ""
        said = [markdown_text(shortened(complaint.summary))] if complaint.summary else []
        parts = [f"**{client_link(one.client)}**", labels.get("review.solved", day=day), *said]
        return beside(" · ".join(parts), complaint.path, one.client)

    still_open = [pair for pair in review.complaints if pair not in review.solved]
    return _lists(
        view,
        ("complaints", still_open, complaint_line),
        ("solved", review.solved, solved),
        ("answers", review.answers, answers_line),
    )


def _referrals(review: Review, view: View) -> str:
    def asked(found: tuple[Assessment, Interaction], _: View) -> str:
        one, each = found
        day = view.labels.date(each.day, view.day)
        return view.labels.get("review.asked", client=f"**{client_link(one.client)}**", day=day)

    def made(found: tuple[Assessment, Referral], there: View) -> str:
        return referral_line(found, there)

    return _lists(
        view, ("asked", review.asked, asked), ("received", review.received, made), ("won", review.won, made)
    )


def _lists(view: View, *lists: tuple[str, Sequence[Any], Callable[[Any, View], str]]) -> str:
    """Named lists; one that is empty is left out."""
    labels = view.labels
    parts = (
        f"**{labels.get(f'review.list.{name}')}**\n\n" + "\n".join(listed(view, items, SHOWN, line))
        for name, items, line in lists
        if items
    )
    return blocks(*parts) or labels.get("review.nothing")


# --------------------------------------------------------------------------------------------------- actions


def _actions(review: Review, view: View) -> str:
    labels = view.labels
    lines = [
        Line(f"{review.period.name} {each.id} {each.tier or ''}", text)
        for each in review.actions
        if (text := _action_text(each, review, labels, client_link, markdown_text))
    ]
    return render_checklist([Part("actions", f"## {labels.get('review.section.actions')}", tuple(lines))])


def _action_text(
    action: Action,
    review: Review,
    labels: Labels,
    name: Callable[[Any], str] = lambda client: str(client.name),
    escaped: Callable[[str], str] = str,
) -> str:
    """What is to be done; with whom, where that is known."""
    done = action.done
    if action.id == "rhythm":
        done = labels.percent(done) if isinstance(done, Fraction) else None
    clients = labels.joined(_names(action.clients, name, labels)) if action.clients else None
    tier = escaped(labels.name("tier", action.tier)) if action.tier else None
    return labels.get(
        f"review.action.{action.id}", wanted=action.wanted, done=done, clients=clients, tier=tier
    )


def _names(clients: Iterable[Assessment], name: Callable[[Any], str], labels: Labels) -> Iterator[str]:
    found = tuple(clients)
    yield from (name(one.client) for one in found[:NAMES_SHOWN])
    if len(found) > NAMES_SHOWN:
        yield labels.get("word.more", count=len(found) - NAMES_SHOWN)


SECTIONS: tuple[tuple[str, Callable[[Review, View], str]], ...] = (
    ("figures", _figures),
    ("changes", _changes),
    ("churn", _churn),
    ("missed", _missed),
    ("feedback", _feedback),
    ("referrals", _referrals),
)
"""What a review says, before what is to be done."""
