"""The plan of a month as a note, as a region of other notes, and for the terminal and other programs.

This module must not know how a month is planned, nor what becomes of ticks and people's lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from vaultcrm.model.overview import Overview
from vaultcrm.model.results import Assessment
from vaultcrm.render.checklist import Line, Part, render_checklist
from vaultcrm.render.export import iso, task_dict, touchpoint_dict
from vaultcrm.render.labels import Labels
from vaultcrm.render.markup import beside, client_link, with_playbooks
from vaultcrm.render.regions import GENERATED, region_text
from vaultcrm.render.screen import Screen
from vaultcrm.render.text import markdown_text
from vaultcrm.render.view import View
from vaultcrm.render.wording import shortened, title_of
from vaultcrm.rules.days import add_months
from vaultcrm.rules.month import FOLLOW_UP, Item, MonthPlan, Week, plan_month

TALKED_SHOWN = 20
LEFT_OUT_SHOWN = 30
DAY_COLUMN = 14


def render_plan(overview: Overview, labels: Labels, first: date) -> bytes:
    """The note of the month that begins on ``first``, as nobody has touched it yet."""
    month = first.isoformat()[:7]
    head = f"<!-- {GENERATED} {labels.get('plan.generated', month=month)} -->"
    plan = plan_month(overview, first)
    region = region_text(f"plan month={month}", _markdown(plan, View(overview, labels, whole=True)))
    return f"{head}\n\n{region}\n".encode("utf-8", "replace")


def plan_section(view: View) -> str:
    """The plan for a region of another note: of the month that it asks for, else of this one."""
    plan = plan_month(view.overview, view.month or view.day.replace(day=1), view.owner)
    return _markdown(plan, view)


def plan_text(overview: Overview, labels: Labels, first: date, width: int, color: bool) -> str:
    """The plan for the terminal."""
    screen = Screen(width, color)
    plan = plan_month(overview, first)
    lines = [screen.ink(_title(plan, labels), "bold"), *screen.wrapped(_counts(plan, labels))]
    for week in plan.weeks:
        lines += ["", screen.ink(_week_title(week, plan, labels), "bold")]
        for item in week.items:
            day = labels.weekday(item.day, plan.day) if item.day and _has_day(item) else ""
            name = [item.assessment.client.name] if item.assessment is not None else []
            text = " · ".join([*name, *_plain(item, plan, labels)])
            lines += screen.hanging(f"  {day}", text, DAY_COLUMN + 2)
        if not week.items:
            lines.append(f"  {labels.get('plan.nothing')}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def plan_dict(overview: Overview, labels: Labels, first: date) -> dict[str, Any]:
    """The plan for other programs; items by day."""
    plan = plan_month(overview, first)
    return {
        "as_of": overview.day.isoformat(),
        "month": first.isoformat()[:7],
        "weeks": [
            {
                "week": week.number,
                "first": iso(week.first),
                "last": iso(week.last),
                "items": [_item_dict(item, labels) for item in week.items],
                "talked": [{"day": iso(day), **_client_dict(one)} for day, one in week.talked],
            }
            for week in plan.weeks
        ],
        "left_out": [_client_dict(one) for one in plan.left_out],
    }


def plan_counts(overview: Overview, labels: Labels, first: date) -> str:
    """How much there is to do in the month that begins on ``first``."""
    return _counts(plan_month(overview, first), labels)


def _markdown(plan: MonthPlan, view: View) -> str:
    return render_checklist([_head(plan, view), *(_part(week, plan, view) for week in plan.weeks)])


def _title(plan: MonthPlan, labels: Labels) -> str:
    return labels.get("plan.title", **_month_of(plan.first, labels))


def _head(plan: MonthPlan, view: View) -> Part:
    labels = view.labels
    title = f"# {_title(plan, labels)}" if view.whole else f"**{_title(plan, labels)}**"
    lines = [Line(f"{plan.first} counts", _counts(plan, labels), False)]
    if plan.left_out:
        shown = [client_link(one.client) for one in plan.left_out[:LEFT_OUT_SHOWN]]
        more = len(plan.left_out) - len(shown)
        shown += [labels.get("word.more", count=more)] if more else []
        name = labels.get("plan.left-out", capacity=view.policy.capacity)
        lines.append(Line(f"{plan.first} left-out", labels.pair(name, labels.joined(shown)), False))
    return Part("month", f"{title}\n\n{labels.get('plan.head')}", tuple(lines))


def _counts(plan: MonthPlan, labels: Labels) -> str:
    day = labels.date(plan.day)
    if plan.day >= add_months(plan.first, 1):
        return labels.get("plan.over", day=day)
    kinds = [item.kind for week in plan.weeks for item in week.items]
    return labels.get(
        "plan.counts",
        day=day,
        contacts=kinds.count("contact"),
        touchpoints=kinds.count("touchpoint"),
        tasks=kinds.count(FOLLOW_UP),
        left=len(plan.left_out) or None,
    )


def _week_title(week: Week, plan: MonthPlan, labels: Labels) -> str:
    first, last = (labels.date(day, plan.first) for day in (week.first, week.last))
    return labels.get("plan.week", number=str(week.number), first=first, last=last)


def _part(week: Week, plan: MonthPlan, view: View) -> Part:
    labels = view.labels
    level = "##" if view.whole else "###"
    above = view.policy.tiers.names[:-1]
    key = f"plan.intro.week-{week.number}"
    tiers = labels.joined([markdown_text(labels.name("tier", name)) for name in above])
    if not above and labels.has(f"{key}-one-tier"):
        key += "-one-tier"
    head = f"{level} {_week_title(week, plan, labels)}\n\n{labels.get(key, tiers=tiers)}"
    lines = [Line(f"{plan.first} {item.key}", _item(item, plan, view)) for item in week.items]
    if week.talked:
        links = [
            f"{client_link(one.client)}{labels.aside(labels.date(day, plan.first))}"
            for day, one in week.talked[:TALKED_SHOWN]
        ]
        more = len(week.talked) - len(links)
        links += [labels.get("word.more", count=more)] if more else []
        said = labels.pair(labels.get("plan.talked"), labels.joined(links))
        lines.append(Line(f"{plan.first} talked {week.number}", said, False))
    return Part(f"week-{week.number}", head, tuple(lines))


def _item(item: Item, plan: MonthPlan, view: View) -> str:
    """A line of the plan: the day, the client, what is to be done."""
    labels = view.labels
    parts = [labels.weekday(item.day, plan.first)] if item.day and _has_day(item) else []
    if item.assessment is not None:
        parts.append(f"**{client_link(item.assessment.client)}**")
    elif item.tasks:
        parts.append(f"**{client_link(item.tasks[0].client)}**")
    parts += [markdown_text(text) for text in _plain(item, plan, labels)]
    line = " · ".join(parts)
    if item.kind == FOLLOW_UP:
        return beside(line, item.tasks[0].follow_up.path, item.tasks[0].client)
    return with_playbooks(line, (touchpoint.id for touchpoint in item.touchpoints), view)


def _plain(item: Item, plan: MonthPlan, labels: Labels) -> Iterator[str]:
    """What is to be done, without the client, as plain text."""
    one = item.assessment
    if item.kind == "contact" and one is not None:
        yield labels.name("tier", one.standing.tier)
        yield labels.get("plan.contact" if item.number == 1 or item.comes_next else "plan.again")
        if item.due != item.day and item.due is not None:
            yield labels.get("plan.due", day=labels.date(item.due, plan.first))
        if item.touchpoints:
            titles = labels.joined([title_of(each, labels) for each in item.touchpoints])
            yield labels.pair(labels.get("reason.bring"), titles)
        yield from _owner(one, plan, labels)
    elif item.kind == "touchpoint":
        yield from (title_of(each, labels) for each in item.touchpoints)
        if one is not None:
            yield from _owner(one, plan, labels)
    elif item.kind == FOLLOW_UP:
        yield shortened(item.tasks[0].follow_up.text)
        yield labels.get("plan.due", day=labels.date(item.tasks[0].due, plan.first))
    elif item.kind == "next-plan":
        following = add_months(plan.first, 1)
        yield labels.get("plan.next-plan", **_month_of(following, labels))
        yield f"vaultcrm plan {following.isoformat()[:7]}"
    elif item.kind == "look-back":
        yield labels.get("plan.look-back")
        yield f"vaultcrm review {plan.first.isoformat()[:7]}"
    else:
        yield labels.get("plan.news", count=len(plan.everybody))


def _owner(one: Assessment, plan: MonthPlan, labels: Labels) -> Iterator[str]:
    """Whose the client is, where several work in the vault."""
    if one.client.owner and plan.owners > 1:
        yield labels.get("plan.owner", owner=shortened(one.client.owner))


def _has_day(item: Item) -> bool:
    """Whether a line begins with its day: what the week as a whole is for has none."""
    return item.assessment is not None and item.kind in ("contact", "touchpoint")


def _month_of(first: date, labels: Labels) -> dict[str, str]:
    return {"month": labels.get(f"calendar.month.{first.month}"), "year": str(first.year)}


def _client_dict(one: Assessment) -> dict[str, Any]:
    return {"client": one.client.name, "path": one.client.path, "tier": one.standing.tier}


def _item_dict(item: Item, labels: Labels) -> dict[str, Any]:
    one = item.assessment
    return {
        "kind": item.kind,
        "day": iso(item.day),
        "due": iso(item.due),
        "client": one.client.name if one is not None else None,
        "path": one.client.path if one is not None else None,
        "tier": one.standing.tier if one is not None else None,
        "owner": one.client.owner if one is not None else None,
        "touchpoints": [touchpoint_dict(each, labels) for each in item.touchpoints],
        "tasks": [task_dict(each) for each in item.tasks],
    }
