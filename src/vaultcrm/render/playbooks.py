"""Which of the vault's notes says what to do about something: a touchpoint, a warning, a stage, a tier.

This module must not know what a playbook says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vaultcrm.model.note import VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.records import Reading
from vaultcrm.model.results import Assessment
from vaultcrm.render.labels import Labels

MESSAGES = ("Messages", "话术")
"""Folders of text templates, whose names say what they are a message for."""


def may_be_playbook(reading: Reading, folder: VaultPath) -> bool:
    """Whether a note is of no kind, and lies in the folder of playbooks or says to be one."""
    return reading.kind is None and (reading.path.startswith(f"{folder}/") or bool(reading.playbooks))


def find_playbooks(readings: Iterable[Reading], folder: VaultPath, labels: Labels) -> Mapping[str, VaultPath]:
    """The playbooks of a vault by what they are for.

    A note says it in its property ``playbook``, or lies in the folder of playbooks and is called like it:
    by the id, or as the language calls the warning. One that is called so comes before one that says so,
    and of those the one that says least besides: a user's own takes over from one that is for several.
    """
    names = {_folded(text): key.split(".")[1] for key, text in labels.texts.items() if _is_name(key)}
    found: dict[str, tuple[int, VaultPath]] = {}
    for reading in readings:
        if not may_be_playbook(reading, folder):
            continue
        inside = reading.path.startswith(f"{folder}/")
        above, _, name = reading.path.rpartition("/")
        stem = _folded(name.removesuffix(".md"))
        wanted = {_folded(each): len(reading.playbooks) for each in reading.playbooks}
        if inside and above.rpartition("/")[2] not in MESSAGES:
            wanted[names.get(stem, stem)] = 0
        for id_, rank in wanted.items():
            found[id_] = min(found.get(id_, (rank, reading.path)), (rank, reading.path))
    return {id_: path for id_, (_, path) in sorted(found.items())}


def playbook_of(id_: str, overview: Overview) -> VaultPath | None:
    """The playbook for a touchpoint or a warning, None where the vault has none."""
    return overview.playbooks.get(_folded(id_))


def playbooks_of(assessment: Assessment, overview: Overview) -> tuple[VaultPath, ...]:
    """The playbooks for what is the matter now, the most pressing first; then those of stage and tier."""
    if not overview.playbooks:
        return ()
    found = (playbook_of(id_, overview) for id_ in _ids(assessment))
    return tuple(dict.fromkeys(path for path in found if path is not None))


def _ids(assessment: Assessment) -> Iterator[str]:
    standing = assessment.standing
    for severity in ("high", "medium", "low"):
        yield from (warning.id for warning in assessment.warnings if warning.severity == severity)
    yield from (each.id for each in assessment.touchpoints if each.show_from <= standing.day)
    yield f"stage-{standing.stage}"
    yield f"tier-{standing.tier}"


def _is_name(key: str) -> bool:
    return key.startswith("warning.") and key.endswith(".name")


def _folded(text: str) -> str:
    """As the names of notes and the words of properties are compared."""
    return text.strip().casefold().replace("_", "-").replace(" ", "-")
