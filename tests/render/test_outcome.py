"""What is said after a conversation was noted: what follows, what is settled, what is too soon."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies import preset
from tests.render.builders import overview, words
from tests.rules.builders import client, contact, day, history, project
from vaultcrm.model.frozen import replace
from vaultcrm.model.records import Interaction
from vaultcrm.render.outcome import Outcome, outcome_dict, outcome_hints, outcome_text

EN = words()


def outcome(noted: Interaction, *before: Interaction, projects: tuple[Any, ...] = (), **of: Any) -> Outcome:
    policy = preset()
    one, other = (
        overview(history(client(**of), projects, interactions)).assessments[0]
        for interactions in (before, (*before, noted))
    )
    return Outcome(one, other, noted, policy)


def test_next_contact_and_what_is_due() -> None:
    delivered = project("Shop", start="2026-09-01", delivered="2026-10-28")
    found = outcome(contact("2026-11-20", channel="phone"), projects=(delivered,), owner="x", contact=())
    assert outcome_text(found, EN).splitlines()[0] == (
        "Acme: next contact Mon 21 Dec; Survey: Shop due since 31 October; "
        "Check-in after a month: Shop due 28 November"
    )


def test_what_is_settled_and_what_is_over() -> None:
    delivered = project("Shop", start="2026-09-01", delivered="2026-10-15")
    found = outcome(contact("2026-11-20", kind="check-in"), projects=(delivered,))
    text = outcome_text(found, EN)
    assert "  done with it: Check-in after a month: Shop" in text
    assert "  no longer: silent after the project" in text
    values = outcome_dict(found, EN)
    assert values["settled"] == ["check-in-1m"]
    assert "silent-after-project" in values["warnings_over"]
    assert (values["next_contact"], values["agreed"], values["too_soon"]) == ("2026-12-21", False, None)


def test_a_complaint_that_is_open_still_is_told_where_another_one_is_solved() -> None:
    first = contact("2026-11-10", kind="complaint")
    solved = contact("2026-11-20", kind="complaint", resolved=day("2026-11-20"))
    (hint,) = [each for each in outcome_hints(outcome(solved, first), EN) if "still open" in each]
    assert "the complaint of 10 November" in hint
    assert hint.endswith(f"write resolved:2026-11-20 there, at {first.path}:{first.place.line}")
    over = replace(first, resolved=day("2026-11-15"))
    for noted, before in (
        (solved, over),
        (contact("2026-11-20", kind="complaint"), first),
        (contact("2026-11-20"), first),
    ):
        assert not [each for each in outcome_hints(outcome(noted, before), EN) if "still open" in each]


def test_what_only_goes_away_is_not_settled() -> None:
    delivered = project("Shop", start="2026-09-01", delivered="2026-11-01")
    more = project("App", start="2026-01-01", delivered="2026-02-01")
    found = outcome(
        contact("2026-11-20", kind="complaint"), contact("2026-11-10"), projects=(more, delivered)
    )
    assert "referral-ask" in {each.id for each in found.before.touchpoints}
    assert "referral-ask" not in {each.id for each in found.after.touchpoints}
    assert found.settled == ()


@pytest.mark.parametrize(
    ("status", "said"), [({"do_not_contact": True}, "not to be"), ({"status": "paused"}, "no next")]
)
def test_no_next_contact(status: dict[str, Any], said: str) -> None:
    assert said in outcome_text(outcome(contact("2026-11-20"), **status), EN)


@pytest.mark.parametrize(
    ("noted", "before", "days"),
    [
        (contact("2026-11-20"), contact("2026-11-18"), 2),
        (contact("2026-11-20"), contact("2026-11-20", line=9), 0),
        (contact("2026-11-20"), contact("2026-11-17"), None),
        (contact("2026-11-20"), contact("2026-11-19", direction="in"), None),
        (contact("2026-11-20", direction="in"), contact("2026-11-19"), None),
        (contact("2026-11-20", channel="phone"), contact("2026-11-19"), None),
        (contact("2026-11-20", kind="newsletter"), contact("2026-11-19"), None),
        (contact("2026-11-15"), contact("2026-11-19"), None),
    ],
)
def test_too_soon(noted: Interaction, before: Interaction, days: int | None) -> None:
    found = outcome(noted, before)
    assert found.days_since == days
    assert any("wait for an answer" in hint for hint in outcome_hints(found, EN)) == (days is not None)


def test_in_a_project_one_may_write_every_day() -> None:
    running = project("Shop", start="2026-11-01")
    assert outcome(contact("2026-11-20"), contact("2026-11-19"), projects=(running,)).days_since is None


def test_first_contact_is_never_too_soon() -> None:
    assert outcome(contact("2026-11-20")).days_since is None


def test_too_much_contact_is_told_each_time_and_once() -> None:
    many = [contact(f"2026-11-{day:02}", line=day) for day in range(2, 20)]
    hints = list(outcome_hints(outcome(contact("2026-11-20"), *many), EN))
    assert [hint for hint in hints if "too much contact" in hint]
    assert not [hint for hint in hints if "at least" in hint]


def test_warning_that_a_conversation_causes_is_told() -> None:
    first = contact("2026-11-10", kind="complaint", severity="2")
    worse = contact("2026-11-20", kind="complaint", severity="4")
    (hint,) = outcome_hints(outcome(worse, first), EN)
    assert hint.startswith("Acme: complaint escalated: ")
    assert "→" in hint
