"""The dashboard note: one section a row in ``SECTIONS``, each a marked region of its own.

The same overview gives the same bytes; there is no clock here. Sections stand in ``sections`` and
``reports``; a user's own template takes the place of all of them. This module must not know what is in a
section, nor how text is merged into a note that exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vaultcrm.model.frozen import replace
from vaultcrm.model.overview import Overview
from vaultcrm.model.patterns import regex
from vaultcrm.model.policy import Paths
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render import reports, sections
from vaultcrm.render.labels import Labels
from vaultcrm.render.regions import GENERATED, region_text
from vaultcrm.render.text import markdown_text
from vaultcrm.render.view import View
from vaultcrm.rules.periods import parse_month


class Section(NamedTuple):
    """A row of ``SECTIONS``: the name in begin markers and labels, and what gives its Markdown.

    ``takes`` names the rows of ``OPTIONS`` that its begin marker may ask for.
    """

    name: str
    text: Callable[[View], str]
    takes: tuple[str, ...]


class Option(NamedTuple):
    """A row of ``OPTIONS``: how it is written, and what reads its value (None: it is none)."""

    example: str
    read: Callable[[str], object]


def render_dashboard(
    overview: Overview, labels: Labels, vault_name: str, template: str | None = None
) -> bytes:
    """The whole dashboard as a fresh note; `merge_dashboard` brings it together with one that exists.

    Args:
        overview: What is to be shown.
        labels: In which language.
        vault_name: The vault's name, for the title; the one that stands for none configured is left out.
        template: A user's own Jinja2 template for all of it; its text is one region, ``dashboard``.

    Raises:
        BadTemplateError: The template cannot be filled in.
    """
    clients = len(overview.assessments)
    first = f"<!-- {GENERATED} {labels.get('dashboard.generated', count=str(clients))} -->"
    if template is not None:
        # Jinja2 takes longer to load than all sections together take to write.
        from vaultcrm.render.template import fill_template

        def section_text(name: str, options: Mapping[str, str]) -> str:
            return render_section(name, overview, labels, options)

        filled = fill_template(template, overview, labels, vault_name, section_text)
        regions = [region_text("dashboard", filled)]
    else:
        title = markdown_text(vault_name) if vault_name != Paths().vault else ""
        view = replace(_view(overview, labels, {}), whole=True)
        regions = [region_text(row.name, _under_heading(row.name, view, title)) for row in SECTIONS]
    return ("\n\n".join([first, *regions]) + "\n").encode("utf-8", "replace")


def dashboard_section(
    name: str, overview: Overview, labels: Labels, options: Mapping[str, str], title: str = ""
) -> str:
    """A section as it stands in the dashboard, under its heading; KeyError for an unknown name."""
    return _under_heading(name, replace(_view(overview, labels, options), whole=True), title)


def _under_heading(name: str, view: View, title: str) -> str:
    labels = view.labels
    heading = (
        f"# {labels.get('dashboard.title', vault=title or None)}"
        if name == HEAD
        else f"## {labels.get(f'section.{name}')}"
    )
    return f"{heading}\n\n{_BY_NAME[name].text(view)}"


def render_section(name: str, overview: Overview, labels: Labels, options: Mapping[str, str]) -> str:
    """A section for a region of another note, without a heading.

    Args:
        name: A name of ``REGION_NAMES``; KeyError for another.
        overview: What is to be shown.
        labels: In which language.
        options: As in ``OPTIONS``; anything else is passed over.
    """
    return _BY_NAME[name].text(_view(overview, labels, options))


def options_of(name: str) -> tuple[str, ...]:
    """How the options are written that a region's begin marker may ask for."""
    return tuple(OPTIONS[option].example for option in _taken(name))


def is_option(name: str, option: str, value: str) -> bool:
    """Whether an option, with that value, means anything to the section of that name."""
    return option in _taken(name) and OPTIONS[option].read(value) is not None


def _taken(name: str) -> tuple[str, ...]:
    return _BY_NAME[name].takes if name in _BY_NAME else ()


def clients_listed(data: bytes) -> int:
    """How many clients a dashboard was made of; 0 where it does not say."""
    match = _LISTED.search(data[:BEGINNING])
    return int(match.group(1)) if match else 0


def is_dashboard(data: bytes) -> bool:
    """Whether a note was made by vaultcrm: near its beginning it says so."""
    return f"<!-- {GENERATED} ".encode() in data[:BEGINNING]


def _view(overview: Overview, labels: Labels, options: Mapping[str, str]) -> View:
    days, limit = _count(options.get("days")), _count(options.get("limit"))
    month = parse_month(options.get("month", ""))
    return View(overview, labels, days=days, limit=limit, owner=options.get("owner") or None, month=month)


def _count(text: str | None) -> int | None:
    """A whole number of at most four digits; None for anything else."""
    return int(text) if text is not None and text.isdecimal() and len(text) <= 4 else None


OPTIONS: Mapping[str, Option] = {
    "days": Option("days=14", _count),
    "limit": Option("limit=5", _count),
    "owner": Option("owner=NAME", lambda value: value or None),
    "month": Option("month=2026-12", parse_month),
}
"""What the begin marker of a region may ask for."""

HEAD = "head"
BEGINNING = 4000
"""Within how many bytes a generated note says so: a person may have put properties before it."""
_LISTED = regex(rb"<!-- " + GENERATED.encode() + rb" clients=([0-9]{1,9}) ")

SECTIONS: tuple[Section, ...] = (
    Section(HEAD, sections.head, ("owner",)),
    Section("today", sections.today, ("limit", "owner")),
    Section("agenda", sections.agenda, ("days", "limit", "owner")),
    Section("tasks", sections.tasks, ("days", "limit", "owner")),
    Section("warnings", sections.warnings, ("limit", "owner")),
    Section("dates", sections.dates, ("days", "limit", "owner")),
    Section("tiers", reports.tiers, ("limit", "owner")),
    Section("changes", reports.changes, ("limit", "owner")),
    Section("feedback", reports.feedback, ("limit", "owner")),
    Section("referrals", reports.referrals, ("limit", "owner")),
    Section("metrics", reports.metrics, ("owner",)),
    Section("mistakes", reports.mistakes, ("limit", "owner")),
    Section("problems", reports.problems, ("limit",)),
)


def _plan(view: View) -> str:
    """The plan for a region of another note: of the month that it asks for, else of this one."""
    from vaultcrm.render.month_note import plan_section  # few notes hold a plan

    return plan_section(view)


ELSEWHERE: tuple[Section, ...] = (Section("plan", _plan, ("month", "owner")),)
"""Sections that other notes may have, and the dashboard has not by itself."""

_BY_NAME = {row.name: row for row in (*SECTIONS, *ELSEWHERE)}
SECTION_NAMES = tuple(row.name for row in SECTIONS)
REGION_NAMES = tuple(_BY_NAME)
"""What the begin marker of a region may name."""
