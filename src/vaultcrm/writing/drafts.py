"""Drafts of messages: finds the template in the vault, else ours, and whom it goes to.

This module must not know what a template may hold, nor what is printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator

from vaultcrm.app.opening import Vault, read_text, template_folder
from vaultcrm.errors import UsageError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import Note, Scalar, SourceFile, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.records import Person
from vaultcrm.model.results import Assessment
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.links import link_key
from vaultcrm.parse.vocabulary import KINDS as INTERACTION_KINDS
from vaultcrm.parse.vocabulary import fold, nearest
from vaultcrm.render.draft import (
    FIELDS,
    KINDS,
    Filled,
    depth_of,
    draft_values,
    fill_template,
    fitting_drafts,
)
from vaultcrm.render.labels import Labels
from vaultcrm.render.wording import Reach, reach_of
from vaultcrm.store.vault import read_file
from vaultcrm.writing.filing import notes_below

ASK = "referral-ask"
BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class DraftTemplate:
    """A text template for one kind of message; ``path`` is the vault's note, None for one of ours."""

    kind: str
    text: str
    subject: str | None
    path: VaultPath | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is ready to be looked at, and sent by hand.

    ``missing`` is what the notes do not say, as blanks in the text show it; ``unknown`` the names in the
    template that mean nothing, each with the nearest that does; ``unclosed`` its parts that never end.
    """

    kind: str
    client: str
    to: str | None
    reach: Reach
    subject: str | None
    text: str
    missing: tuple[str, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]
    unclosed: tuple[str, ...]
    source: VaultPath | None


def templates_of(vault: Vault) -> dict[str, DraftTemplate]:
    """The templates by kind: the vault's own, and ours for kinds that it has none for.

    A note in the folder of playbooks is one where it has a property ``draft`` (``话术``) that names the kind,
    or lies in a folder for messages and is called like it. Of several the first counts that is not ours,
    unchanged: a text of the user's own need not wait until ours is deleted.
    """
    found = {each.kind: each for each in _own(vault.labels)}
    theirs: dict[str, DraftTemplate] = {}
    for folder in dict.fromkeys((vault.policy.paths.playbooks, *PLAYBOOKS)):
        for path in notes_below(vault.root, folder):
            data = read_file(vault.root, path)
            template = None if data is None else _template(path, data, vault.labels)
            if template is None:
                continue
            shipped, present = found.get(template.kind), theirs.get(template.kind)
            if present is None or (shipped is not None and present.text == shipped.text):
                theirs[template.kind] = template
    if ASK in theirs:  # one text of the user's own for asking stands for all three of ours
        found = {kind: each for kind, each in found.items() if not kind.startswith(f"{ASK}-")}
    return {**found, **theirs}


def draft(vault: Vault, assessment: Assessment, kind: str, to: str | None = None) -> Draft:
    """A message to a client, filled in from the notes.

    Args:
        vault: The vault.
        assessment: The client.
        kind: The kind of message, or what it is called in the vault's language.
        to: The person it goes to; None: whom the note names as contact, or whose birthday it is.

    Raises:
        UsageError: There is no template for the kind; the hint has the nearest.
    """
    templates = templates_of(vault)
    template = _chosen(templates, kind, assessment, vault.labels)
    person = _addressee(assessment, template.kind, to)
    currency = vault.policy.currency
    values = draft_values(assessment, template.kind, person, vault.labels, currency)
    text = fill_template(template.text, values, vault.labels)
    subject = fill_template(template.subject, values, vault.labels) if template.subject else Filled()
    unknown = dict.fromkeys((*subject.unknown, *text.unknown))
    return Draft(
        kind=template.kind,
        client=assessment.client.name,
        to=person.name if isinstance(person, Person) else person,
        reach=_reach(assessment, person),
        subject=" ".join(subject.text.split()) or None,
        text=text.text,
        missing=tuple(dict.fromkeys((*subject.missing, *text.missing))),
        unknown=tuple((name, nearest(name, (*FIELDS, *FIELDS.values()))) for name in unknown),
        unclosed=tuple(dict.fromkeys((*subject.unclosed, *text.unclosed))),
        source=template.path,
    )


def _own(labels: Labels) -> Iterator[DraftTemplate]:
    """Our templates, as they stand in a new vault of the language."""
    folder = os.path.join(template_folder(), labels.language, "start", *OWN_FOLDERS[labels.language])
    for name in sorted(os.listdir(folder)):
        template = _template(name, read_text(os.path.join(folder, name)).encode(), labels)
        if template is not None:
            yield DraftTemplate(template.kind, template.text, template.subject, None)


def _template(path: VaultPath, data: bytes, labels: Labels) -> DraftTemplate | None:
    note, _ = parse_note(SourceFile(path, data))
    kind = _said(note, ("draft", "话术"))
    for_messages = path.rpartition("/")[0].rpartition("/")[2] in MESSAGES
    stem = _kind_of(note.stem, labels) if for_messages else None
    if kind is None and stem is None:
        return None
    known = _kind_of(kind, labels) if kind else stem
    body = _COMMENT.sub("", note.body)
    text = _TITLE.sub("", body, count=1)
    return DraftTemplate(
        known or fold(kind or "").replace("_", "-"), text, _said(note, ("subject", "主题")), path
    )


def _said(note: Note, names: tuple[str, ...]) -> str | None:
    for each in note.properties:
        if fold(each.name) in names and isinstance(each.value, Scalar) and each.value.text.strip():
            return each.value.text.strip()
    return None


def _kind_of(text: str, labels: Labels) -> str | None:
    """The kind that a text names: by its id, or as it is called in the language."""
    word = fold(text)
    for kind in (*KINDS, *(f"{ASK}-{depth}" for depth in (1, 2, 3))):
        if word in (fold(kind), fold(labels.get(f"draft.kind.{kind}"))):
            return kind
    return None


def _chosen(
    templates: dict[str, DraftTemplate], text: str, assessment: Assessment, labels: Labels
) -> DraftTemplate:
    kind = _kind_of(text, labels) or INTERACTION_KINDS.get(fold(text)) or fold(text).replace("_", "-")
    if kind not in templates:
        kind = _variant(templates, kind, assessment)
    if kind not in templates:
        known = tuple(dict.fromkeys(re.sub(rf"^{ASK}-\d$", ASK, each) for each in templates))
        near = nearest(text, known)
        raise UsageError(
            f"there is no draft {text!r}",
            "one of: " + ", ".join(near) if near else "vaultcrm draft --list shows what there is",
        )
    return templates[kind]


def _variant(templates: Collection[str], kind: str, assessment: Assessment) -> str:
    """Which of several kinds a shorter word means: ``check-in`` is ``check-in-3m`` where that is due."""
    if kind == ASK:
        return f"{ASK}-{depth_of(assessment)}"
    several = [each for each in KINDS if each.startswith(f"{kind}-") and each in templates]
    fitting = [each for each in fitting_drafts(assessment) if each in several]
    return next(iter((*fitting, *several)), kind)


def _addressee(assessment: Assessment, kind: str, to: str | None) -> Person | str | None:
    known = assessment.standing.known
    if to is not None:
        key = link_key(to)
        people = [each for each in known.people if link_key(each.name).startswith(key)]
        exact = [each for each in people if link_key(each.name) == key]
        return (exact or people)[0] if exact or len(people) == 1 else to.strip()
    if kind == BIRTHDAY:
        found = next((each.occurrence.subject for each in assessment.touchpoints if each.id == BIRTHDAY), "")
        born = next((each for each in known.people if each.name == found), None)
        if born is not None:
            return born
    named = [each for each in known.history.contacts if not isinstance(each, Person) or each in known.people]
    if named:
        return named[0]
    return known.people[0] if len(known.people) == 1 else None


def _reach(assessment: Assessment, person: Person | str | None) -> Reach:
    """How to reach the person, else the client."""
    whole = reach_of(assessment)
    if not isinstance(person, Person) or not (
        person.phone or person.email or person.wechat or person.channel
    ):
        return whole
    return Reach(person.channel or whole.channel, person.phone, person.email, person.wechat)


_COMMENT = regex(r"%%.{0,20000}?%%|<!--.{0,20000}?-->", re.DOTALL)
_TITLE = regex(r"\A\s*# [^\n]*\n")
MESSAGES = ("Messages", "话术")
PLAYBOOKS = ("Playbooks", "维护手册")
OWN_FOLDERS = {"en": ("Playbooks", "Messages"), "zh": ("维护手册", "话术")}
"""Where our templates stand in a new vault of a language."""
