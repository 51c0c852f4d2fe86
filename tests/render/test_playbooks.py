"""Which note of a vault is the playbook for what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.render.builders import FRIDAY, overview, words
from tests.rules.builders import client, contact, history, person
from vaultcrm.model.records import Reading, YearlyDate
from vaultcrm.render.brief import render_brief
from vaultcrm.render.dashboard import dashboard_section
from vaultcrm.render.playbooks import find_playbooks, playbook_of, playbooks_of
from vaultcrm.render.terminal import client_text

EN, ZH = words(), words("zh")


def reading(path: str, *ids: str, kind: str | None = None) -> Reading:
    return Reading(path, kind, playbooks=ids)


@pytest.mark.parametrize(
    ("path", "ids", "found"),
    [
        (
            "Playbooks/A complaint.md",
            ("complaints_open", "call_back"),
            {"complaints-open", "call-back", "a-complaint"},
        ),
        ("Playbooks/silent.md", (), {"silent"}),
        ("Playbooks/Silent after the project.md", (), {"silent-after-project"}),
        ("Playbooks/deep/tier-S.md", (), {"tier-s"}),
        ("Notes/How to.md", ("survey",), {"survey"}),
        ("Notes/silent.md", (), set()),
        ("Playbooks/Messages/survey.md", (), set()),
        ("Playbooks/Messages/survey.md", ("survey",), {"survey"}),
    ],
)
def test_a_note_says_what_it_is_for(path: str, ids: tuple[str, ...], found: set[str]) -> None:
    assert set(find_playbooks([reading(path, *ids)], "Playbooks", EN)) == found


def test_chinese_names_of_warnings_are_known() -> None:
    name = ZH.get("warning.contact-left.name")
    assert "contact-left" in find_playbooks([reading(f"维护手册/{name}.md")], "维护手册", ZH)


def test_notes_of_a_kind_are_no_playbooks() -> None:
    assert find_playbooks([reading("Playbooks/silent.md", kind="client")], "Playbooks", EN) == {}


def test_user_s_own_takes_over() -> None:
    shipped = reading("Playbooks/Silent after a project.md", "silent", "silent_after_project")
    fewer = reading("Notes/z.md", "silent")
    named = reading("Playbooks/z/silent.md")
    for others, path in [((), shipped.path), ((fewer,), fewer.path), ((fewer, named), named.path)]:
        for order in ((shipped, *others), (*others, shipped)):
            assert find_playbooks(order, "Playbooks", EN)["silent"] == path


PLAYBOOKS = {
    "silent": "Playbooks/A | B.md",
    "stage-prospect": "Playbooks/0 Prospects.md",
    "tier-c": "Playbooks/By tier.md",
    "birthday": "Playbooks/Birthdays.md",
}


def test_warnings_and_touchpoints_link_to_theirs() -> None:
    found = overview(
        history(client(cadence=7), interactions=[contact("2026-10-01")]),
        history(
            client("Bell", since="2026-11-01", birthday=None),
            people=[person(birthday=YearlyDate(FRIDAY.month, FRIDAY.day))],
        ),
    )
    plain, linked = found, replace(found, playbooks=PLAYBOOKS)
    assert "Playbooks" not in dashboard_section("warnings", plain, EN, {})
    assert "** silent: 43 days" in dashboard_section("warnings", linked, EN, {})  # no link can be made to it
    assert "**[[Playbooks/Birthdays|Birthday: Ann Lee]]**: " in dashboard_section("today", linked, EN, {})
    acme, bell = linked.assessments
    assert playbooks_of(acme, linked) == (
        "Playbooks/A | B.md",
        "Playbooks/0 Prospects.md",
        "Playbooks/By tier.md",
    )
    assert playbooks_of(bell, linked)[0] == "Playbooks/Birthdays.md"
    assert playbooks_of(acme, plain) == ()
    assert "Playbooks       A | B · 0 Prospects" in client_text(acme, linked, EN, 80, False)
    assert "Playbooks" not in client_text(acme, plain, EN, 80, False)
    assert "[[Playbooks/0 Prospects|0 Prospects]]" in render_brief(acme, linked, EN)
    assert playbook_of("Silent", linked) == "Playbooks/A | B.md"
