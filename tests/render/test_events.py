"""Which events a feed has, on which days, under which UIDs, and what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.policies import preset
from tests.render.builders import FRIDAY, VAULT, events, feed, of_kind, overview, words
from tests.rules.builders import client, contact, follow_up, history, person, project
from vaultcrm.model.records import ImportantDate, Mute, Referral, YearlyDate
from vaultcrm.model.results import Evidence, Finding, Occurrence
from vaultcrm.model.roster import Roster
from vaultcrm.render.event_draft import EPOCH
from vaultcrm.render.event_text import initials, summary
from vaultcrm.render.feed_events import FeedEvents
from vaultcrm.render.identity import Anchors, client_keys, event_uid

DAY = timedelta(days=1)
LINK = "obsidian://open?vault=My%20vault&file=Clients%2FAcme"


def acme(**fields: object) -> object:
    """A prospect with a next contact agreed for 1 December, and nothing else."""
    return client(**{"next_contact": "2026-12-01", "owner": "mira", **fields})


def yearly(
    title: str, month: int, day: int, year: int | None = None, *, once: bool = False, line: int = 20
) -> ImportantDate:
    return ImportantDate(YearlyDate(month, day, year), title, once, line)


# -------------------------------------------------------------------------------------- next contact


def test_a_client_with_nothing_but_a_next_contact_has_one_event() -> None:
    (event,) = events(history(acme()))
    assert (event.kind, event.start) == ("next-contact", date(2026, 12, 1))
    assert event.summary == "Acme ☎ agreed contact · C"
    assert event.categories == ("next-contact", "contact", "C")
    assert event.url == LINK
    assert event.description.split("\n")[-1] == LINK


@pytest.mark.parametrize(
    ("cadence", "title"),
    [(7, "weekly"), (14, "fortnightly"), (30, "monthly"), (91, "quarterly"), (10, "contact every 10 days")],
)
def test_the_title_names_the_rhythm(cadence: int, title: str) -> None:
    (event,) = events(history(client(cadence=cadence), interactions=[contact("2026-11-19")]))
    assert f"Acme ☎ {title}" in event.summary


def test_the_first_contact_is_called_so() -> None:
    (event,) = events(history(client()))
    assert event.summary == "Acme ☎ first contact · C"
    assert event.start == FRIDAY


def test_a_client_without_contacts_is_counted_from_the_last_sign_of_life() -> None:
    (event,) = events(history(client(since="2026-11-02")))
    assert event.summary == "Acme ☎ monthly contact · C"
    assert event.description.startswith("No contact is noted; counted from 2026-11-02, then every 30 days.")


@pytest.mark.parametrize(
    ("status", "more"), [("paused", {}), ("archived", {}), ("lost", {"lost_on": "2026-11-20"}), ("lost", {})]
)
def test_clients_who_are_not_active_have_no_events(status: str, more: dict[str, str]) -> None:
    tasks = [follow_up(due="2026-12-01", noted="2026-11-01")]
    gone = client(status=status, next_contact="2026-12-01", birthday=YearlyDate(5, 20), **more)
    assert events(history(gone, tasks=tasks)) == []


def test_a_client_who_will_be_lost_still_has_events() -> None:
    assert events(history(client(status="lost", lost_on="2026-11-21", next_contact="2026-12-01")))


@pytest.mark.parametrize(("due", "there"), [("2027-11-20", True), ("2027-11-21", False)])
def test_the_horizon_is_twelve_months_the_last_day_included(due: str, there: bool) -> None:
    assert bool(events(history(client(next_contact=due)))) is there


def test_an_overdue_contact_stands_on_the_day_and_tells_its_true_one() -> None:
    late = history(client(next_contact="2026-11-10"), interactions=[contact("2026-11-02")])
    (event,) = events(late)
    assert event.start == event.revised == FRIDAY
    assert "2026-11-10" in event.description.split("\n")[0]
    (tomorrow,) = events(late, on=date(2026, 11, 21))
    assert tomorrow.uid == event.uid
    assert tomorrow.revised == date(2026, 11, 21)


def test_a_contact_due_today_is_not_overdue_yet() -> None:
    due = history(client(next_contact="2026-11-20"), interactions=[contact("2026-11-02")])
    (event,) = events(due)
    assert event.revised == date(2026, 11, 2)
    assert events(due, on=FRIDAY - DAY) == [event]


def test_what_goes_along_is_told_and_has_no_event_of_its_own() -> None:
    delivered = [project("Website", start="2026-09-01", delivered="2026-10-20")]
    both = history(client(next_contact="2026-11-20"), delivered, [contact("2026-11-01")])
    (event,) = of_kind("next-contact", both)
    assert event.summary == "Acme ☎ agreed contact + Survey + Check-in after a month · C"
    assert "Survey: Website" in event.description
    assert not of_kind("survey", both)


def test_a_feed_without_next_contacts_shows_what_goes_along_by_itself() -> None:
    delivered = [project("Website", start="2026-09-01", delivered="2026-10-20")]
    both = history(client(next_contact="2026-11-20"), delivered, [contact("2026-11-01")])
    (event,) = events(both, kinds=("survey",))
    assert (event.kind, event.start) == ("survey", FRIDAY)


def test_the_description_tells_what_to_know() -> None:
    ann = person("Ann Lee", phone=("+49 30 1",), interests="sailing", birthday=YearlyDate(4, 12))
    who = client(
        next_contact="2026-12-01", goal="a second\nproject", channel="phone", email=("office@acme.example",),
        interests="chess", birthday=YearlyDate(8, 15, lunar=True), wechat=("acme-wx",),
    )  # fmt: skip
    talk = contact("2026-11-13", channel="email", summary="sent the\ntrend report")
    task = follow_up("send the quote", due="2027-12-01", noted="2026-11-13")
    (event,) = of_kind(
        "next-contact", history(who, interactions=[talk], people=[ann], contacts=[ann], tasks=[task])
    )
    assert event.description.split("\n") == [
        "Agreed for 2026-12-01.",
        "Say: Give something that helps them, without asking for anything.",
        "Last contact: 2026-11-13, e-mail: sent the trend report",
        "Open: send the quote (2027-12-01)",
        "Goal: a second project",
        "Prefers: phone",
        "Phone: +49 30 1",
        "Mail: office@acme.example",
        "WeChat: acme-wx",
        "Birthday: lunar 08-15",
        "Interests: chess",
        "Birthday: 04-12, Ann Lee",
        "Interests: sailing (Ann Lee)",
        LINK,
    ]


def test_the_description_tells_of_a_snooze() -> None:
    (event,) = of_kind("next-contact", history(client(next_contact="2026-11-24", snooze_until="2026-12-30")))
    assert event.description.split("\n")[:2] == ["Agreed for 2026-11-24.", "Snoozed until 2026-12-30."]


# --------------------------------------------------------------------------------------- touchpoints


def test_a_settled_touchpoint_is_gone() -> None:
    who = client(next_contact="2027-03-01")
    delivered = [project("Website", start="2026-09-01", delivered="2026-11-18")]
    before = history(who, delivered, [contact("2026-11-01")])
    (survey,) = of_kind("survey", before)
    after = history(who, delivered, [contact("2026-11-01"), contact("2026-11-20", kind="survey")])
    assert survey.uid not in {event.uid for event in events(after)}


def test_a_late_recurring_touchpoint_tells_its_true_day() -> None:
    who = client(next_contact="2027-03-01", since="2025-01-01", stage="growing")
    late = history(who, interactions=[contact("2026-08-03", kind="review")])
    (review,) = of_kind("quarterly-review", late)
    assert review.start == review.revised == FRIDAY
    assert review.description.split("\n")[:2] == ["Due since 2026-11-03.", "Counted from 2026-08-03."]


def test_a_touchpoint_of_a_users_own_has_a_title() -> None:
    config = '[touchpoints.coffee]\nevery = "1 month"\nsettled_by = ["visit"]\n'
    policy = preset(config=config)
    who = client(next_contact="2027-03-01", since="2026-11-19")
    (event,) = of_kind(
        "coffee", history(who, interactions=[contact("2026-11-19", kind="visit", summary="x")]), policy=policy
    )
    assert event.summary == "Acme • coffee · C"
    assert event.start == date(2026, 12, 21)


def test_a_touchpoint_of_a_users_own_goes_along_without_an_idea() -> None:
    policy = preset(config='[touchpoints.coffee]\nevery = "1 month"\nsettled_by = ["visit"]\n')
    who = client(next_contact="2026-12-21", since="2026-11-19")
    talk = contact("2026-11-19", kind="visit", summary="x")
    (event,) = events(history(who, interactions=[talk]), policy=policy)
    assert event.summary == "Acme ☎ agreed contact + coffee · C"
    assert event.description.count("Say:") == 1


def test_a_follow_up_is_one_event_and_not_two() -> None:
    task = follow_up("send the quote", due="2026-11-25", noted="2026-11-01")
    (event,) = of_kind("follow-up", history(acme(), interactions=[contact("2026-11-01")], tasks=[task]))
    assert event.summary == "Acme ☑ send the quote · C"
    assert event.start == date(2026, 11, 25)


def test_dated_tasks_of_a_client_who_is_left_alone_have_events() -> None:
    tasks = [
        follow_up("dated", due="2026-11-18", noted="2026-11-01", line=9),
        follow_up("undated", noted="2026-11-18", line=10),
    ]
    alone = history(client(do_not_contact=True, birthday=YearlyDate(5, 20)), tasks=tasks)
    (event,) = events(alone)
    assert (event.summary, event.start) == ("Acme ☑ dated · C", FRIDAY)
    assert event.description.startswith("Due since 2026-11-18.\nPromised: dated")
    muted = history(client(do_not_contact=True, mute=(Mute("follow-up", None, 3),)), tasks=tasks)
    assert events(muted) == []


def test_a_flood_of_tasks_does_not_drown_the_others() -> None:
    tasks = [follow_up(f"task {n}", due="2026-12-01", noted="2026-11-01", line=n) for n in range(1, 400)]
    assert len(events(history(acme(), tasks=tasks))) == 200


# -------------------------------------------------------------------------------- birthdays, holidays


def test_a_birthday_is_a_series() -> None:
    (event,) = of_kind("birthday", history(acme(birthday=YearlyDate(5, 20))))
    assert event.yearly
    assert not event.month_end
    assert event.start == date(2027, 5, 20)
    assert event.summary == "Acme 🎂 birthday · C"


def test_a_birthday_tells_how_to_reach_whose_it_is() -> None:
    ann = person("Ann Lee", phone=("2", "1"), email=("ann@x.example",), birthday=YearlyDate(5, 20))
    bob = person("Bob Ray", phone=("3",), birthday=YearlyDate(5, 21))
    who = history(acme(phone=("1",)), people=[ann, bob])
    one, other = of_kind("birthday", who)
    assert "Phone: 2\nMail: ann@x.example\n" in one.description
    assert ("Phone: 3\n" in other.description, "Phone: 2" in other.description) == (True, False)
    assert "Phone" not in of_kind("birthday", who, privacy="initials")[0].description


def test_29_february_is_the_last_of_february() -> None:
    (event,) = of_kind("birthday", history(acme(birthday=YearlyDate(2, 29))))
    assert (event.start, event.yearly, event.month_end) == (date(2027, 2, 28), True, True)


@pytest.mark.parametrize(
    ("on", "starts"),
    [
        (date(2026, 11, 19), [date(2026, 11, 20)]),
        (date(2026, 11, 20), [date(2026, 11, 20)]),
        (date(2026, 11, 21), [date(2026, 11, 21), date(2027, 11, 20)]),
        (date(2026, 11, 23), [date(2026, 11, 23), date(2027, 11, 20)]),
        (date(2026, 11, 24), [date(2027, 11, 20)]),
    ],
    ids=["the day before", "the day", "the day after", "three days late", "too late"],
)
def test_a_belated_birthday_stands_on_the_day_beside_its_series(on: date, starts: list[date]) -> None:
    found = of_kind("birthday", history(acme(birthday=YearlyDate(11, 20))), on=on)
    assert [event.start for event in found] == starts
    assert [event.yearly for event in found] == [False, True][-len(starts) :]


def test_the_series_is_the_same_until_its_day_is_over() -> None:
    who = history(acme(birthday=YearlyDate(11, 20)))
    series = {
        on: of_kind("birthday", who, on=on)[-1]
        for on in (FRIDAY - DAY, FRIDAY, FRIDAY + DAY, FRIDAY + 9 * DAY)
    }
    assert series[FRIDAY] == series[FRIDAY - DAY]
    assert series[FRIDAY + DAY] == series[FRIDAY + 9 * DAY]
    assert series[FRIDAY + DAY].uid == series[FRIDAY].uid
    assert series[FRIDAY + DAY].revised == FRIDAY > series[FRIDAY].revised


def test_a_greeted_birthday_moves_to_the_next_year() -> None:
    greeted = history(
        acme(birthday=YearlyDate(11, 22)), interactions=[contact("2026-11-20", kind="greeting")]
    )
    assert of_kind("birthday", greeted, on=date(2026, 11, 22))[0].start == date(2027, 11, 22)


def test_a_birthday_with_an_age_is_one_event_a_year() -> None:
    ann = person("Ann Lee", birthday=YearlyDate(5, 20, 1988))
    found = of_kind("birthday", history(acme(), people=[ann]))
    assert [event.start.year for event in found] == [2027, 2028, 2029]
    assert [event.summary for event in found] == [
        f"Acme 🎂 birthday of Ann Lee ({age}) · C" for age in (39, 40, 41)
    ]
    assert [event.uid[32:] for event in found] == ["-2027@vaultcrm", "-2028@vaultcrm", "-2029@vaultcrm"]
    assert not any(event.yearly for event in found)


def test_a_belated_birthday_with_an_age_keeps_its_uid() -> None:
    ann = person("Ann Lee", birthday=YearlyDate(11, 19, 1988))
    (before, *_) = of_kind("birthday", history(acme(), people=[ann]), on=date(2026, 11, 19))
    late = of_kind("birthday", history(acme(), people=[ann]))
    assert [event.start for event in late] == [
        FRIDAY,
        date(2027, 11, 19),
        date(2028, 11, 19),
        date(2029, 11, 19),
    ]
    assert late[0].uid == before.uid
    assert late[0].summary == before.summary == "Acme 🎂 birthday of Ann Lee (38) · C"
    assert late[0].description.startswith("Due since 2026-11-19.")


def test_a_lunar_birthday_is_one_event_a_year_named_by_the_lunar_year() -> None:
    found = of_kind("birthday", history(acme(birthday=YearlyDate(12, 8, lunar=True))))
    assert [event.start for event in found] == [date(2027, 1, 15), date(2028, 1, 4), date(2029, 1, 22)]
    assert [event.uid[32:] for event in found] == ["-2026@vaultcrm", "-2027@vaultcrm", "-2028@vaultcrm"]


def test_lunar_years_that_nobody_knows_have_no_event() -> None:
    found = of_kind("birthday", history(acme(birthday=YearlyDate(8, 15, lunar=True))), on=date(2098, 1, 1))
    assert [event.start.year for event in found] == [2098, 2099]


def test_an_important_date_is_a_series_unless_it_comes_once() -> None:
    dates = (yearly("Founding day", 6, 11, 2015), yearly("Fair", 12, 5, 2026, once=True, line=22))
    found = of_kind("important-date", history(acme(important_dates=dates)))
    assert [(event.start, event.yearly) for event in found] == [
        (date(2026, 12, 5), False),
        (date(2027, 6, 11), True),
    ]
    assert found[1].summary == "Acme ⭐ Founding day · C"


def test_an_important_date_of_their_people_names_whose_it_is() -> None:
    dates = (yearly("Jubilee", 6, 11, 2015), yearly("Move", 12, 5, 2026, once=True, line=22))
    ann = person("Ann", "People/Ann.md", important_dates=dates)
    found = of_kind("important-date", history(acme(), people=(ann,)))
    assert [(event.start, event.yearly) for event in found] == [
        (date(2026, 12, 5), False),
        (date(2027, 6, 11), True),
    ]
    assert found[1].summary == "Acme ⭐ Ann · Jubilee · C"
    assert len({event.uid for event in found}) == 2


def test_a_date_without_places_is_still_an_event() -> None:
    one = overview(history(acme(birthday=YearlyDate(5, 20))))
    (assessment,) = one.assessments
    (touchpoint,) = assessment.touchpoints
    bare = replace(touchpoint, occurrence=replace(touchpoint.occurrence, finding=Finding("birthday", None)))
    changed = replace(one, assessments=Roster([replace(assessment, touchpoints=(bare,))]))
    found = FeedEvents(changed, feed(), words(), VAULT)
    assert [found.event(spot).start for spot in found.spots].count(date(2027, 5, 20)) == 1


def test_a_holiday_is_one_event_that_lists_its_clients() -> None:
    clients = [
        history(client(name, stage="new", tier="B", next_contact="2026-12-01", phone=("030 1",)))
        for name in ("Acme", "Bolt")
    ]
    (event,) = of_kind("holiday", *clients)
    assert event.start == date(2027, 1, 1)
    assert event.summary == "New Year 🎉 2 greetings"
    dashboard = "obsidian://open?vault=My%20vault&file=CRM%2FDashboard"
    assert event.description.split("\n") == ["Acme · B · 030 1", "Bolt · B · 030 1", dashboard]
    assert event.url == dashboard
    (late,) = of_kind("holiday", *clients, on=date(2027, 1, 3))
    assert (late.uid, late.start) == (event.uid, date(2027, 1, 3))
    assert late.description.startswith("Due since 2027-01-01.")


def test_a_long_list_of_greetings_is_cut() -> None:
    many = [history(client(f"C{n:03}", stage="new", tier="B", next_contact="2026-12-01")) for n in range(50)]
    (event,) = of_kind("holiday", *many)
    assert "… and 10 more" in event.description


# ------------------------------------------------------------------------------------------- identity


def test_a_uid_says_nothing_private_and_belongs_to_a_fixed_domain() -> None:
    for event in events(history(acme(birthday=YearlyDate(5, 20, 1988)))):
        assert re.fullmatch(r"[0-9a-f]{32}(-\d{4})?@vaultcrm", event.uid)


def test_a_uid_outlives_a_moved_and_renamed_note_with_an_id() -> None:
    ann = person("Ann", id="ann-1", birthday=YearlyDate(5, 20))
    tasks = [follow_up(path="Clients/Acme.md", due="2026-12-01")]
    first = history(acme(id="x7"), people=[ann], tasks=tasks)
    moved = history(
        acme(id="x7", name="Acme Ltd", path="Old/Acme Ltd.md"),
        people=[replace(ann, place=ann.place._replace(path="Staff/Ann Lee.md"), name="Ann Lee")],
        tasks=[replace(tasks[0], place=tasks[0].place._replace(path="Old/Acme Ltd.md", line=20))],
    )
    assert {event.uid for event in events(first)} == {event.uid for event in events(moved)}
    assert {event.uid for event in events(history(acme()))} != {
        event.uid for event in events(history(acme(path="Old/Acme.md")))
    }


def test_a_path_is_the_same_in_either_unicode_form() -> None:
    assert event_uid("path:Caf\u00e9.md", "x") == event_uid("path:Cafe\u0301.md", "x")
    assert event_uid("a", "b") != event_uid("ab", "")


def test_a_uid_outlives_moved_dates_and_edited_texts() -> None:
    def at(due: str, delivered: str, title: str, text: str, day: str) -> dict[str, str]:
        who = client(next_contact=due, contracts=((None, day),), important_dates=(yearly(title, 6, 11),))
        work = [project(title, path="Projects/p.md", start="2026-09-01", delivered=delivered)]
        tasks = [
            follow_up(text, due=day, noted="2026-11-01", line=9),
            follow_up("second", due="2026-12-09", noted="2026-11-01", line=10),
        ]
        found = events(history(who, work, [contact("2026-11-01")], tasks=tasks))
        return {event.kind + event.summary[-10:] * (event.kind == "follow-up"): event.uid for event in found}

    one = at("2027-02-01", "2026-11-18", "Website", "send quote", "2027-05-01")
    other = at("2027-03-01", "2026-11-16", "Web shop", "send quote", "2027-06-01")
    assert one == other
    assert {"survey", "check-in-1m", "renewal", "important-date", "next-contact"} <= one.keys()
    assert len(set(one.values())) == len(one)


def test_a_ticked_task_does_not_shift_the_others() -> None:
    first = follow_up("first", due="2026-12-01", noted="2026-11-01", line=9)
    second = follow_up("second", due="2026-12-02", noted="2026-11-01", line=10)
    before = {e.summary: e.uid for e in of_kind("follow-up", history(acme(), tasks=[first, second]))}
    done = replace(first, state="done", done_on=date(2026, 11, 19))
    after = {e.summary: e.uid for e in of_kind("follow-up", history(acme(), tasks=[done, second]))}
    assert after == {"Acme ☑ second · C": before["Acme ☑ second · C"]}


def test_several_of_a_kind_have_uids_of_their_own() -> None:
    who = client(next_contact="2027-03-01")
    projects = [
        project("A", path=who.path, line=20, start="2026-09-01", delivered="2026-11-17"),
        project("B", path=who.path, line=30, start="2026-09-01", delivered="2026-11-17"),
    ]
    complaints = [
        contact(f"2026-11-{day}", kind="complaint", resolved="2026-11-19", path=who.path, line=line)
        for day, line in (("10", 50), ("12", 51))
    ]
    visits = [contact("2026-11-18", kind="visit", path=f"Interactions/{n}.md") for n in (1, 2)]
    introduced = [
        Referral(client(name, id=name[:1], referred_on="2026-11-19"), (), "Acme")
        for name in ("Bolt", "Crown")
    ]
    found = events(history(who, projects, complaints + visits, introduced=introduced))
    kinds = [event.kind for event in found]
    for kind in ("survey", "minutes", "referral-thanks"):
        assert kinds.count(kind) == 2
    assert len({event.uid for event in found}) == len(found)


def test_a_recurring_touchpoint_is_another_one_once_it_was_settled() -> None:
    def news(*days: str) -> str:
        who = client(next_contact="2027-03-01", stage="growing")
        talks = [contact(day, kind="newsletter") for day in days]
        (event,) = of_kind("news", history(who, interactions=talks))
        return event.uid

    assert news("2026-11-10") != news("2026-11-10", "2026-11-19")


def test_copies_with_one_id_are_told_apart() -> None:
    roster = overview(history(acme(id="x")), history(acme(id="x", path="Clients/Acme copy.md"))).assessments
    keys = dict(zip(roster.paths(), client_keys(roster), strict=True))
    assert keys["Clients/Acme copy.md"] == "id:x"
    assert len(set(keys.values())) == 2


def test_equal_uids_are_made_different() -> None:
    ann = person("Ann", id="same", birthday=YearlyDate(5, 20))
    ben = person("Ben", id="same", birthday=YearlyDate(5, 21))
    found = of_kind("birthday", history(acme(), people=[ann, ben]))
    assert len({event.uid for event in found}) == 2


def test_an_anchor_without_evidence_is_its_day() -> None:
    bare = Occurrence("survey", "survey", FRIDAY, FRIDAY, "", Finding("survey", None, (Evidence("x", 1),)))
    assert Anchors(history()).key(bare) == "2026-11-20"


# ------------------------------------------------------------------------------------------- revision


def test_an_event_is_revised_when_its_evidence_was_dated() -> None:
    (event,) = events(history(acme(), interactions=[contact("2026-11-02")]))
    assert event.revised == date(2026, 11, 2)
    (event,) = events(history(acme()))
    assert event.revised == EPOCH


def test_a_contact_on_the_day_of_a_promise_revises_its_event() -> None:
    task = follow_up(due="2026-11-20", noted="2026-11-02")
    before = history(acme(), interactions=[contact("2026-11-16")], tasks=[task])
    after = history(acme(), interactions=[contact("2026-11-16"), contact("2026-11-20")], tasks=[task])
    (old,), (new,) = of_kind("follow-up", before), of_kind("follow-up", after)
    assert (old.uid, old.revised, new.revised) == (new.uid, date(2026, 11, 16), FRIDAY)


def test_old_dates_do_not_come_before_the_counting() -> None:
    (event,) = events(history(client(since="1998-05-01", next_contact="2026-12-01")))
    assert event.revised == EPOCH


def test_a_first_contact_moves_with_the_day_unless_it_is_snoozed() -> None:
    assert events(history(client()))[0].revised == FRIDAY
    snoozed = history(client(snooze_until="2026-12-01"))
    assert events(snoozed)[0].revised == EPOCH
    assert events(snoozed) == events(snoozed, on=FRIDAY + DAY)


def test_asking_for_a_referral_moves_with_the_day() -> None:
    who = client(next_contact="2027-03-01", stage="core")
    glad = history(who, interactions=[contact("2026-11-10", sentiment=1)])
    (event,) = of_kind("referral-ask", glad)
    assert (event.start, event.revised) == (FRIDAY, FRIDAY)


# ---------------------------------------------------------------------------------- filters, privacy


def test_filters() -> None:
    ours = history(acme(birthday=YearlyDate(5, 20), tier="A"))
    theirs = history(client("Bolt", owner="Wang", next_contact="2026-12-02"))
    nobody = history(client("Crown", next_contact="2026-12-03"))
    clients = (ours, theirs, nobody)

    def names(**fields: object) -> set[str]:
        return {event.summary.split()[0] for event in events(*clients, **fields)}

    assert names() == {"Acme", "Bolt", "Crown"}
    assert names(owners=("WANG",)) == {"Bolt"}
    assert names(owners=("mira", "wang")) == {"Acme", "Bolt"}
    assert names(tiers=("A",)) == {"Acme"}
    assert {event.kind for event in events(*clients, kinds=("birthday",))} == {"birthday"}
    assert {event.kind for event in events(*clients, key_dates_only=True)} == {"birthday"}


def test_a_task_belongs_to_whom_it_names() -> None:
    task = follow_up(due="2026-12-01", noted="2026-11-01", owners=("wang",))
    ours = history(acme(), tasks=[task])
    assert [event.kind for event in events(ours, owners=("wang",))] == ["follow-up"]
    assert [event.kind for event in events(ours, owners=("mira",))] == ["next-contact"]


def secrets() -> list[object]:
    ann = person("Ann Lee", birthday=YearlyDate(5, 20, 1988), phone=("030 77",))
    who = acme(
        name="Acme Foods",
        goal="hidden goal",
        tier="B",
        stage="new",
        important_dates=(yearly("Secret", 6, 11),),
    )
    tasks = [follow_up("hidden task", due="2026-11-18", noted="2026-11-01")]
    alone = client("Bolt Ltd", do_not_contact=True)
    return [
        history(
            who,
            [project("Hush", start="2026-09-01", delivered="2026-11-01")],
            people=[ann],
            contacts=[ann],
            tasks=tasks,
        ),
        history(alone, tasks=[follow_up("hidden too", due="2026-12-01", noted="2026-11-01")]),
    ]


def test_initials_keep_names_and_texts_back() -> None:
    found = events(*secrets(), privacy="initials")
    assert len(found) == len(events(*secrets()))
    for event in found:
        said = f"{event.summary} {event.description} {event.brief} {event.url}"
        for word in (
            "Acme",
            "Foods",
            "Bolt",
            "Ann",
            "Secret",
            "Hush",
            "hidden",
            "030",
            "obsidian",
            "38",
            "39",
        ):
            assert word not in said
    assert "AF ☎ agreed contact + Check-in after a month · B" in {event.summary for event in found}
    (task,) = [event for event in found if event.start == FRIDAY and event.kind == "follow-up"]
    assert task.description == "Due since 2026-11-18."


def test_busy_says_nothing_at_all() -> None:
    found = events(*secrets(), privacy="busy")
    assert len(found) == len(events(*secrets()))
    assert {
        (event.summary, event.description, event.brief, event.url, event.categories) for event in found
    } == {("Busy", "", "", None, ())}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Acme Foods", "AF"),
        ("acme", "A"),
        ("青禾食品", "青"),
        ("A. B-C (D) E", "ABC"),
        ("हिन्दी कंपनी", "हक"),
        ("☎\ufe0f Acme", "A"),
        ("!!!", "?"),
        ("", "?"),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


# ---------------------------------------------------------------------------------------------- sizes


def test_a_summary_is_capped_and_begins_with_the_name() -> None:
    assert summary("Acme\nFoods", "☎", "a\nb", "A") == "Acme\nFoods ☎ a b · A"
    long = summary("N" * 500, "☎", "t" * 500, "A" * 500)
    assert len(long) == 200
    assert long.startswith("N" * 30)
    name = "N" * 150
    assert summary(name, "☎", "monthly contact", "A").startswith(name + " ☎ monthly")


def test_a_description_is_capped_and_ends_with_the_whole_link() -> None:
    ann = [person("A" * 300, interests="x" * 3000, path=f"People/{n}.md") for n in range(2)]
    numbers = tuple("1" * 3000 for _ in range(5))
    who = acme(goal="g" * 3000, interests="y" * 3000, phone=numbers, email=numbers, wechat=numbers)
    tasks = [follow_up("t" * 3000, due="2026-12-01", noted="2026-11-01", line=n) for n in range(9)]
    for event in events(history(who, tasks=tasks, contacts=ann)):
        assert len(event.description) <= 2000
        assert event.description.endswith("\n" + LINK)
        assert event.brief.endswith("\n" + LINK)
        assert len(event.brief) < 600


def test_a_link_that_is_too_long_is_left_out() -> None:
    (event,) = events(history(acme(path=f"Clients/{'客' * 200}.md")))
    assert event.url is None
    assert "obsidian" not in event.description


def test_no_clients_no_events() -> None:
    assert events() == []
