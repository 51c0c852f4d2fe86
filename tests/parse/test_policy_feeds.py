"""What ``[[feeds]]`` may say, and what is told of what it may not."""

from __future__ import annotations

import pytest

from vaultcrm.app.opening import read_policy
from vaultcrm.model.policy import Feed


def problems(lines: str, before: str = "") -> list[str]:
    """What is told of a feed that says these lines, without where."""
    _, found = read_policy(f'{before}\n[[feeds]]\npath = "CRM/own.ics"\n{lines}')
    return [f"{problem.key.removeprefix('feeds[1].')}: {problem.message}" for problem in found]


def feed(lines: str, before: str = "") -> Feed:
    """The feed that says these lines."""
    policy, found = read_policy(f'{before}\n[[feeds]]\npath = "CRM/own.ics"\n{lines}')
    assert not found, found
    return policy.feeds[0]


def test_a_path_is_all_that_a_feed_needs() -> None:
    assert feed("") == Feed("CRM/own.ics")


def test_everything_can_be_said() -> None:
    said = feed(
        """
        title = "Mira"
        owners = ["mira"]
        tiers = ["a"]
        kinds = ["next_contact", "Birthday"]
        key_dates_only = true
        privacy = "initials"
        class = "private"
        alarm = "-PT15H"
        early_alarm_days = {renewal = 30, birthday = 0}
        days_back = 14
        months_ahead = 3
        years_ahead = 1
        refresh_hours = 1
        color = "#008080"
        """
    )
    assert said == Feed(
        path="CRM/own.ics",
        title="Mira",
        owners=("mira",),
        tiers=("A",),
        kinds=("next-contact", "birthday"),
        key_dates_only=True,
        privacy="initials",
        access="private",
        alarm="-PT15H",
        early_alarm_days={"renewal": 30, "birthday": 0},
        days_back=14,
        months_ahead=3,
        years_ahead=1,
        refresh_hours=1,
        color="teal",
    )


@pytest.mark.parametrize("off", ["false", "0"])
def test_alarms_can_be_switched_off(off: str) -> None:
    said = feed(f"alarm = false\nearly_alarm_days = {off}")
    assert said.alarm is None
    assert said.early_alarm_days["birthday"] == said.early_alarm_days["renewal"] == 0


@pytest.mark.parametrize("text", ["PT9H", "-PT15H", "PT0M", "P1D", "-P1DT9H30M", "PT999M"])
def test_alarms_are_durations(text: str) -> None:
    assert feed(f'alarm = "{text}"').alarm == text


@pytest.mark.parametrize(
    "text",
    ['"9:00"', '"P"', '"PT"', '"P1DT"', '"P1W"', '"PT9"', '"P5T9H"', '"PT1000H"', '"PT²H"', "9", "true"],
)
def test_what_is_no_duration_is_told(text: str) -> None:
    (said,) = problems(f"alarm = {text}")
    assert said.startswith("alarm: a duration such as 'PT9H' (09:00 of the day)")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'privacy = "ful"',
            "privacy: one of full, initials, busy (the nearest: full) is expected, not 'ful'",
        ),
        (
            'class = "privat"',
            "class: one of public, private, confidential (the nearest: private) is expected, not 'privat'",
        ),
        (
            'color = "stealblue"',
            "color: a colour's name in CSS such as 'teal' (the nearest: steelblue, slateblue, lightsteelblue)"
            " is expected, not 'stealblue'",
        ),
        ("color = 5", "color: a colour's name in CSS such as 'teal' is expected, not 5"),
        ("months_ahead = 0", "months_ahead: a whole number from 1 to 60 is expected, not 0"),
        ("years_ahead = 11", "years_ahead: a whole number from 1 to 10 is expected, not 11"),
        ("refresh_hours = true", "refresh_hours: a whole number from 1 to 168 is expected, not true"),
        (
            "early_alarm_days = {birthdy = 3}",
            "early_alarm_days.birthdy: unknown key; the nearest: birthday",
        ),
        (
            "early_alarm_days = {birthday = -3}",
            "early_alarm_days.birthday: a whole number from 0 to 100000 is expected, not -3",
        ),
        ("colour = 'red'", "colour: unknown key; the nearest: color"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest(line: str, said: str) -> None:
    assert problems(line) == [said]


def test_a_feed_is_an_ics_file_of_its_own() -> None:
    paths = ['path = "CRM/a.ics"', 'path = "CRM/A.ICS"', 'path = "CRM/feed.md"', ""]
    policy, found = read_policy("".join(f"[[feeds]]\n{line}\n" for line in paths))
    assert [str(problem).partition(": ")[2] for problem in found] == [
        "feeds[2].path: there is another feed for CRM/A.ICS",
        "feeds[3].path: a path within the vault that ends with .ics is expected, not 'CRM/feed.md'",
        "feeds[4].path: a path is missing",
    ]
    assert policy.feeds[0].path == "CRM/a.ics"


def test_a_feed_beside_the_main_one_differs_by_more_than_case() -> None:
    (said,) = problems("", '[paths]\nfeed = "CRM/Own.ics"')
    assert said == "path: there is another feed for CRM/own.ics"


def test_a_feed_may_be_of_a_users_own_touchpoints() -> None:
    own = '[touchpoints.lunch]\nevery = "3 months"\nsettled_by = ["visit"]'
    assert feed('kinds = ["lunch"]\nearly_alarm_days = {lunch = 2}', own).kinds == ("lunch",)


def test_the_main_feed_is_set_by_its_path() -> None:
    policy, found = read_policy('[[feeds]]\npath = "CRM/follow-ups.ics"\nalarm = false')
    assert not found
    assert policy.paths.feed == policy.feeds[0].path
