"""A user's own dashboard template (Jinja2), filled in within a sandbox.

Templates come from the vault's own folder, values from notes that anybody may have written: values never are
templates, and every value is made harmless on its way out. This module must not know where a template was
read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from vaultcrm.errors import BadTemplateError
from vaultcrm.model.overview import Overview
from vaultcrm.render.export import export_dict
from vaultcrm.render.labels import Labels
from vaultcrm.render.regions import without_markers
from vaultcrm.render.text import markdown_text, wikilink


class _Markdown(str):
    """Markdown that is harmless already. Whatever a template makes of it is an ordinary text again."""

    __slots__ = ()


SectionText = Callable[[str, Mapping[str, str]], str]
"""Gives a section's Markdown by its name and options; KeyError for an unknown name."""


def fill_template(
    template: str, overview: Overview, labels: Labels, vault_name: str, section_text: SectionText
) -> str:
    """The template's text with the overview put in.

    A template sees ``vault``, ``day``, ``data`` (all of ``export json``), ``section(name, days=…, owner=…)``,
    ``title(name)`` and ``link(path, shown)``.

    Raises:
        BadTemplateError: Bad syntax, an unknown name, or something that the sandbox does not allow.
    """

    def section(name: str, **options: object) -> _Markdown:
        chosen = {key: str(value) for key, value in options.items()}
        return _Markdown(section_text(name, chosen))

    values: dict[str, Any] = {
        "vault": vault_name,
        "day": overview.day,
        "data": export_dict(overview, labels),
        "section": section,
        "title": lambda name: _Markdown(labels.get(f"section.{name}")),
        "link": lambda path, shown: _Markdown(wikilink(str(path), str(shown))),
    }
    environment = ImmutableSandboxedEnvironment(
        finalize=_harmless, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        return without_markers(environment.from_string(template).render(values))
    except TemplateSyntaxError as problem:
        raise BadTemplateError(problem.message or "bad syntax", problem.lineno) from problem
    except TemplateError as problem:
        raise BadTemplateError(problem.message or type(problem).__name__) from problem
    except Exception as problem:  # a template is a program: dividing by zero is its fault, not ours
        raise BadTemplateError(f"{type(problem).__name__}: {problem}") from problem


def _harmless(value: object) -> object:
    """What a value is written as: Markdown of ours as it is, all else as text."""
    if isinstance(value, _Markdown):
        return value
    if isinstance(value, StrictUndefined):
        return value  # it raises as soon as it is written
    return "" if value is None else markdown_text(str(value))
