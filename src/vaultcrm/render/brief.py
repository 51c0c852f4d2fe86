"""A client's brief in Markdown: the page that one reads before a call, for a region of the client's own note.

It says what the terminal's page says, with links. It has no headings, so that it can stand under any. This
module must not know in which note it stands, nor where anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vaultcrm.model.note import Place
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Person
from vaultcrm.model.results import Assessment, ClientWarning
from vaultcrm.render.labels import Labels
from vaultcrm.render.markup import blocks, note_link, reach_text, sourced, sources
from vaultcrm.render.playbooks import playbooks_of
from vaultcrm.render.text import markdown_text, wikilink
from vaultcrm.render.wording import (
    about_texts,
    answer_texts,
    coming_up,
    complaint_parts,
    conversation,
    message_of,
    points_of,
    project_text,
    reach_of,
    shortened,
    step_of,
    title_of,
    what_to_say,
    why_next,
)

LATEST = 5
"""How many conversations, projects and answers are shown."""


def render_brief(assessment: Assessment, overview: Overview, labels: Labels) -> str:
    """The brief as Markdown without a heading; what nobody noted is left out.

    Args:
        assessment: Whom it is about.
        overview: Where the assessment is from, for the day and the currency.
        labels: In which language.
    """
    standing, client = assessment.standing, assessment.client
    facts = [
        labels.name("stage", standing.stage),
        labels.name("tier", standing.tier),
        labels.name("status", standing.known.status),
        *([client.owner] if client.owner else []),
    ]
    parts = [
        "**" + " · ".join(markdown_text(fact) for fact in facts) + "**",
        _list([*_summary(assessment, overview, labels), *_playbooks(assessment, overview, labels)]),
    ]
    for title, lines in _lists(assessment, overview, labels):
        if lines:
            parts.append(f"**{labels.get(f'terminal.{title}')}**\n\n{_list(lines)}")
    return blocks(*parts)


def brief_page(assessment: Assessment, overview: Overview, labels: Labels) -> str:
    """The brief as a page of its own, below the client's name as a link to their note."""
    heading = wikilink(assessment.client.path, assessment.client.name)
    return f"# {heading}\n\n{render_brief(assessment, overview, labels)}\n"


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _row(labels: Labels, name: str, text: str) -> str:
    return labels.pair(f"**{labels.get(f'terminal.{name}')}**", text)


def _summary(one: Assessment, overview: Overview, labels: Labels) -> list[str]:
    """When, why, what to say, and how to reach them."""
    standing, client, day = one.standing, one.client, one.standing.day
    due = standing.contacting.next_day
    rows = []
    if due is None:
        stopped = client.do_not_contact and standing.known.status == "active"
        rows.append(_row(labels, "next", labels.get("next.stopped" if stopped else "next.none")))
    else:
        when = [labels.weekday(due, day), markdown_text(why_next(standing, labels))]
        if one.planned is not None and one.planned != due:
            when.append(labels.get("next.planned", day=labels.weekday(one.planned, day)))
        rows.append(_row(labels, "next", " · ".join(when)))
    band = markdown_text(labels.name("band", one.health.band))
    rows.append(_row(labels, "health", f"{one.health.value} · {band}"))
    points = points_of(client, overview)
    if points is not None:
        rows.append(_row(labels, "points", labels.number(points)))
    if due is not None:
        rows.append(_row(labels, "say", labels.joined(what_to_say(one, labels), "sentence")))
    reach = reach_text(reach_of(one), labels)
    if reach:
        rows.append(_row(labels, "reach", reach))
    people = tuple(person for person in standing.known.people if person.name)
    named = [_person(each) for each in people or standing.known.history.contacts]
    if named:
        rows.append(_row(labels, "people", labels.joined(list(dict.fromkeys(named)))))
    return rows


def _playbooks(one: Assessment, overview: Overview, labels: Labels) -> Iterator[str]:
    """The vault's notes on what to do about what is the matter now."""
    links = [note_link(path) for path in playbooks_of(one, overview)]
    if links:
        yield _row(labels, "playbooks", " · ".join(links))


def _person(person: Person | str) -> str:
    return wikilink(person.path, person.name) if isinstance(person, Person) else markdown_text(person)


def _lists(one: Assessment, overview: Overview, labels: Labels) -> Iterator[tuple[str, list[str]]]:
    """The lists below: key of the title, and lines, the latest first."""
    known, day = one.standing.known, overview.day

    def said(text: str, *places: Place) -> str:
        """A line, with links to the notes that it comes from, but for the client's own."""
        found = sources(places, one.client)
        return f"{markdown_text(text)} · {found}" if found else markdown_text(text)

    yield "warnings", [_warning(each, one, labels) for each in one.warnings]
    complaints = ((complaint_parts(each, day, labels), each.place) for each in reversed(known.complaints))
    yield "complaints", [said(" · ".join(parts), place) for parts, place in complaints]
    contacts = known.contacts[: -LATEST - 1 : -1]
    yield (
        "last_contacts",
        [said(conversation(each, day, labels, titled=True), each.place) for each in contacts],
    )
    tasks = [
        (labels.pair(labels.date(each.due, day), shortened(each.follow_up.text)), each.follow_up.place)
        for each in one.tasks
    ]
    yield "tasks", [said(*each) for each in tasks]
    coming = coming_up(one)[:LATEST]
    yield (
        "dates",
        [said(labels.pair(labels.date(each.planned, day), title_of(each, labels))) for each in coming],
    )
    projects = known.counted[: -LATEST - 1 : -1]
    yield "projects", [said(project_text(each, overview, labels), each.place) for each in projects]
    answers = [
        (labels.pair(labels.date(each.day, day), labels.joined(answer_texts(each, labels))), each.place)
        for each in known.feedback[: -LATEST - 1 : -1]
    ]
    yield "feedback", [said(*each) for each in answers]
    yield "about", [said(text) for text in about_texts(one.client, labels)]


def _warning(warning: ClientWarning, one: Assessment, labels: Labels) -> str:
    name = f"**{labels.get(f'warning.{warning.id}.name')}**"
    said = labels.pair(name, markdown_text(message_of(warning, labels)))
    return sourced(f"{said} → {step_of(warning, labels)}", warning.finding, one.client)
