from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.policies import preset
from tests.render.builders import FRIDAY, overview, words
from tests.rules.builders import client, contact, feedback, follow_up, history, person, project
from vaultcrm.errors import BadTemplateError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.note import Place
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Loyalty, Paths
from vaultcrm.model.records import ClientHistory, ImportantDate, Referral, YearlyDate
from vaultcrm.render.brief import render_brief
from vaultcrm.render.charts import mermaid_label
from vaultcrm.render.dashboard import (
    ELSEWHERE,
    OPTIONS,
    SECTION_NAMES,
    SECTIONS,
    clients_listed,
    is_dashboard,
    is_option,
    render_dashboard,
    render_section,
)
from vaultcrm.render.generated import merge_dashboard
from vaultcrm.render.regions import find_regions
from vaultcrm.render.terminal import client_text, reach_line
from vaultcrm.render.wording import Reach

HOSTILE = [
    "a | b",
    "a ]] b [[c",
    "`code` ``` ~~~",
    "<script>alert(1)</script>",
    "```dataviewjs\ndv.pages()\n```",
    "%% comment %%",
    "<!-- vaultcrm:end -->",
    "<!-- vaultcrm:begin today -->",
    "<% tp.file.title %>",
    "![[Secret]]",
    "![x](http://example.com/x.png)",
    "[x](javascript:alert(1))",
    "line\nbreak\r\n# heading",
    "\u202egnp.exe\u2066",
    "*b* _i_ ~~s~~ ==h== $= 1 $x$",
    "- list",
    "1. list",
    "#tag [[#^x]]",
    "\\",
    "{{ 7 * 7 }} {% raw %}",
    "| --- |",
    "http://example.com www.example.com",
    "&lt;b&gt; &#x3c;",
    "😀 é 青禾",
    "",
]


def acme(name: str = "Acme", path: str = "Clients/Acme.md", text: str = "sent the report") -> ClientHistory:
    """A client about whom each section has something to say; ``text`` is the user's text everywhere."""
    ann = person(text or "Ann", path="People/Ann.md", decision_maker=True, birthday=YearlyDate(11, 25))
    introduced = client("Beta", referred_on="2026-11-01")
    fields = {"owner": text or None, "goal": text, "phone": (text,), "email": (text,), "wechat": (text,)}
    return history(
        client(
            name,
            path,
            important_dates=(ImportantDate(YearlyDate(12, 1), text, once=False, line=9),),
            tier="A",
            **fields,
        ),
        [
            project(text, path="Projects/p.md", start="2026-06-01", delivered="2026-10-15", amount=12000),
            project("Logo", start="2026-11-01", due="2026-11-10", invoice_due="2026-11-01", amount=5000),
        ],
        [
            contact("2026-10-15", "Interactions/a.md", channel="email", summary=text, response=text),
            contact("2026-11-02", "Interactions/b.md", kind="complaint", severity=3, summary=text),
        ],
        [
            feedback(
                "2026-10-20", "Feedback/f.md", result=5, recommend=5, improve=text, best=text, comments=text
            )
        ],
        people=[ann],
        contacts=[ann],
        decision_makers=[ann, text],
        tasks=[follow_up(text, path="Interactions/a.md", due="2026-11-10")],
        introduced=[Referral(introduced, (), name)],
    )


def quiet(name: str, **fields: object) -> ClientHistory:
    """A client who is not due: nothing but a contact of yesterday."""
    fields = {"owner": "jo", **fields}
    return history(client(name, **fields), (), [contact("2026-11-19", f"Interactions/{name}.md")])


def written(what: Overview, language: str = "en", template: str | None = None) -> str:
    return render_dashboard(what, words(language), "My vault", template).decode()


def section(name: str, what: Overview, language: str = "en", **options: str) -> str:
    return render_section(name, what, words(language), options)


# -------------------------------------------------------------------------------------- the whole note


def test_first_line_says_what_it_is_and_how_to_make_it_anew() -> None:
    first = written(overview(acme())).partition("\n")[0]
    assert first.startswith("<!-- vaultcrm:generated clients=1 by vaultcrm ")
    assert "vaultcrm index" in first
    assert first.endswith("-->")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_section_is_a_region_in_order(language: str) -> None:
    found, problems = find_regions(written(overview(acme()), language))
    assert ([region.name for region in found], problems) == (list(SECTION_NAMES), ())


def test_the_same_overview_gives_the_same_bytes() -> None:
    two = [acme(), quiet("Beta")]
    assert written(overview(*two)) == written(overview(*reversed(two)))


def test_a_second_run_changes_nothing() -> None:
    fresh = written(overview(acme())).encode()
    assert merge_dashboard(fresh, fresh) == (fresh, (), ())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_to_say_is_one_line(language: str) -> None:
    what = overview()
    for name in SECTION_NAMES:
        if name not in ("head", "metrics", "mistakes"):
            assert len(section(name, what, language).splitlines()) == 1, name


def test_who_made_it_and_of_how_many() -> None:
    data = written(overview(acme(), quiet("Beta"))).encode()
    assert is_dashboard(b"---\ncssclasses: wide\n---\n" + data)
    assert not is_dashboard(b"# My own note\n")
    assert clients_listed(data) == 2
    assert clients_listed(b"# My own note\n") == 0


def test_unknown_section() -> None:
    with pytest.raises(KeyError):
        section("nonsense", overview())


def test_titles_in_chinese() -> None:
    text = written(overview(acme()), "zh")
    assert "# 客户维护看板 · My vault" in text
    assert "## 今天" in text


def test_a_vault_that_was_given_no_name_has_none_in_the_title() -> None:
    assert b"\n# Clients to keep\n" in render_dashboard(overview(acme()), words(), Paths().vault)


# ---------------------------------------------------------------------------------------------- today


def test_today_says_why_what_to_say_how_and_what_was_last() -> None:
    calm = history(
        client(phone=("+49 30 1234",), email=("a@example.com",), channel="phone"),
        (),
        [contact("2026-10-15", channel="email", summary="sent the report")],
    )
    lines = section("today", overview(calm)).splitlines()
    assert lines == [
        "- **[[Clients/Acme|Acme]]** · C · 4 days overdue, contact every 31 days, last on 15 October",
        "  - Say: Give something that helps them, without asking for anything.",
        "  - Reach: **phone** · [&#43;49 30 1234](tel:+49301234) · [a@example.com](mailto:a@example.com)",
        "  - Last: 15 October, e-mail: sent the report · "
        "[[Interactions/2026-10-15 contact|2026-10-15 contact]]",
    ]


def test_today_tells_what_goes_along() -> None:
    text = section("today", overview(acme(text="Web site")))
    assert "  - Follow-up: Web site · [[Interactions/a|a]]" in text


def test_today_has_touchpoints_of_their_own() -> None:
    born = quiet("Acme", birthday=YearlyDate(11, 20))
    assert "**Birthday: Acme**: Congratulate in person" in section("today", overview(born))


def test_a_belated_touchpoint_has_its_true_day() -> None:
    born = quiet("Acme", birthday=YearlyDate(11, 18))
    assert "**Birthday: Acme** (18 November):" in section("today", overview(born))


def test_a_contact_without_room_today_tells_its_planned_day() -> None:
    due = [history(client(name), (), [contact("2026-09-01", f"i/{name}.md")]) for name in ("Acme", "Beta")]
    text = section("today", overview(*due, policy=preset(capacity=1)))
    assert text.count("planned for Mon 23 Nov") == 1


def test_slipping_stands_first_in_the_dashboard_only() -> None:
    what = overview(acme())
    assert "Slipping away" in written(what)
    assert "Slipping away" not in section("today", what)


def test_a_crowd_is_cut_and_counted_and_hides_no_birthday() -> None:
    crowd = [history(client(f"C{n:03}"), (), [contact("2026-09-01", f"i/{n}.md")]) for n in range(30)]
    text = section("today", overview(*crowd, quiet("Zoe", birthday=YearlyDate(11, 20))))
    assert "Birthday: Zoe" in text
    assert "… and 20 more are due" in text
    assert "… and 28 more are due" in section("today", overview(*crowd), limit="2")


# --------------------------------------------------------------------------------- agenda, tasks, dates


def test_agenda_within_the_dashboard_begins_tomorrow() -> None:
    what = overview(acme())
    assert "**Fri 20 Nov**" in section("agenda", what)
    (agenda,) = [each for each in find_regions(written(what))[0] if each.name == "agenda"]
    assert "**Fri 20 Nov**" not in written(what)[agenda.start : agenda.end]


@pytest.mark.parametrize(("days", "there"), [("4", False), ("5", True)])
def test_agenda_reaches_as_far_as_asked(days: str, there: bool) -> None:
    assert ("Birthday" in section("agenda", overview(acme()), days=days)) is there


@pytest.mark.parametrize("days", ["x", "-1", "99999", ""])
def test_options_that_are_no_number_are_passed_over(days: str) -> None:
    assert section("agenda", overview(acme()), days=days) == section("agenda", overview(acme()))


def test_lists_of_an_owner() -> None:
    what = overview(acme(text="mira"), quiet("Beta", birthday=YearlyDate(11, 21)))
    for name in ("agenda", "today", "tasks", "warnings", "dates", "tiers", "feedback", "referrals"):
        text = section(name, what, owner="jo")
        assert "Acme" not in text, name
        assert "Acme" in section(name, what, owner="Mira"), name


def test_no_owner_named_is_everybody() -> None:
    what = overview(history(client(owner="jo")), history(client("Blue", owner="mira")))
    assert section("tiers", what, owner="") == section("tiers", what)


def test_figures_of_an_owner() -> None:
    what = overview(acme(text="mira"), quiet("Beta"), quiet("Gamma"))
    assert "Active clients: 3" in section("metrics", what)
    assert "Active clients: 2" in section("metrics", what, owner="jo")


def test_tasks_up_to_a_day() -> None:
    both = history(tasks=[follow_up("soon", due="2026-11-22"), follow_up("later", due="2026-12-22", line=10)])
    text = section("tasks", overview(both), days="7")
    assert "soon" in text
    assert "later" not in text


def test_a_task_of_the_client_s_own_note_is_linked_once() -> None:
    own = history(tasks=[follow_up("soon", path=client().path, due="2026-11-22")])
    assert section("tasks", overview(own)).count("[[") == 1


def test_tasks_tell_how_late_they_are() -> None:
    text = section("tasks", overview(acme(text="quote")))
    assert text == "- 10 November (10 days late) · quote · [[Clients/Acme|Acme]] · [[Interactions/a|a]]"


def test_a_holiday_is_one_line() -> None:
    clients = [quiet(f"C{n}", tier="A", stage="core") for n in range(9)]
    lines = section("dates", overview(*clients)).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("- Fri 1 Jan 2027 · Holiday greeting: New Year · [[Clients/C0|C0]], ")
    assert lines[0].endswith("… and 2 more")


# ------------------------------------------------------------------------------------------- warnings


def test_warnings_have_a_next_step_an_owner_and_their_sources() -> None:
    text = section("warnings", overview(acme(text="mira")))
    assert re.search(
        r"> - \*\*\[\[Clients/Acme\|Acme\]\]\*\* detractor: would recommend us with 5 of 10"
        r" → Listen first: .* \(mira\) · \[\[Feedback/f\|f\]\]",
        text,
    )
    assert text.index("High (") < text.index("Medium (")


def test_a_source_is_called_without_the_client_whom_the_line_names() -> None:
    found = history(
        client(),
        interactions=[
            contact("2026-09-02", "Interactions/2026-09-02 Acme slow pages.md", kind="complaint"),
            contact("2026-09-03", "Interactions/Acme.md", kind="complaint"),
            contact("2026-09-04", "Interactions/Acmeville.md", kind="complaint"),
        ],
    )
    text = section("feedback", overview(found))
    assert "|2026-09-02 slow pages]]" in text
    assert "[[Interactions/Acme|Acme]]" in text
    assert "[[Interactions/Acmeville|Acmeville]]" in text


def test_many_reasons_are_cut() -> None:
    found = history(
        client(contact="Ann", decision_maker="Ann"),
        [project("Logo", start="2026-01-01", due="2026-02-01", invoice_due="2026-02-01", amount=5000)],
        [
            contact(f"2026-0{month}-01", f"{month}.md", kind="complaint", severity=month)
            for month in range(5, 9)
        ],
        [feedback("2026-09-01", recommend=3)],
    )
    text = section("today", overview(found), "en")
    high = [warning for warning in overview(found).assessments[0].warnings if warning.severity == "high"]
    assert len(high) > 3
    whole = written(overview(found))
    assert f" · … and {len(high) - 3} more" in whole
    assert "Slipping away" not in text


def test_loyalty_points_stand_where_one_looks() -> None:
    policy = replace(preset("studio"), loyalty=Loyalty(on=True, per_amount=Decimal(100), per_referral=50))
    found = overview(
        history(client("Acme"), [project("Logo", start="2026-01-01", amount=5000)]),
        history(client("Bell", "Clients/Bell.md")),
        history(client("Core", "Clients/Core.md"), [project("Site", start="2026-01-01", amount=9000)]),
        policy=policy,
    )
    text = section("metrics", found)
    assert "**Loyalty points**\n\n- [[Clients/Core|Core]]: 90\n- [[Clients/Acme|Acme]]: 50\n\n" in text
    acme, bell, _ = found.assessments
    assert "- **Loyalty points**: 50" in render_brief(acme, found, words())
    assert "Loyalty points  0" in client_text(bell, found, words(), 80, False)
    off = overview(history(client("Acme"), [project("Logo", start="2026-01-01", amount=5000)]))
    assert "Loyalty" not in written(off)
    assert "Loyalty" not in render_brief(off.assessments[0], off, words())


def test_wechat_is_named_once() -> None:
    text = section("today", overview(history(client(channel="wechat", wechat=("ann-1",), phone=("123",)))))
    assert "- Reach: **WeChat** ann-1 · [123](tel:123)" in text
    text = section("today", overview(history(client(channel="phone", wechat=("ann-1",)))))
    assert "- Reach: **phone** · WeChat ann-1" in text
    assert reach_line(Reach("wechat", ("123",), (), ("ann-1",)), words()) == "WeChat ann-1 · 123"


def test_many_sources_are_cut() -> None:
    wrong = [contact(f"2026-11-0{n}", f"i/{n}.md", kind="complaint") for n in range(1, 6)]
    text = section("warnings", overview(history(client(owner="jo"), interactions=wrong)))
    assert "[[i/3|3]] …" in text


# ---------------------------------------------------------------------------------------- other reports


def test_tracking_table_has_one_row_a_client_the_highest_tier_first() -> None:
    rows = section(
        "tiers", overview(acme(text="mira"), quiet("Zoe"), quiet("Lost", status="archived"))
    ).splitlines()
    assert len(rows) == 4
    assert rows[2].startswith("| [[Clients/Acme\\|Acme]] | A | ")
    assert "| [[People/Ann\\|mira]], mira |" in rows[2]
    assert "recommends 5, satisfied 5" in rows[2]
    assert rows[3].startswith("| [[Clients/Zoe\\|Zoe]] | C | ")


def test_core_action_is_of_this_month() -> None:
    soon = history(client(owner="jo"), (), [contact("2026-11-02")])
    assert "next contact | jo | 2026-11-24" not in section("tiers", overview(soon))
    near = history(client(owner="jo", cadence=22), (), [contact("2026-11-02")])
    assert "next contact | jo | 2026-11-24" in section("tiers", overview(near))


def test_decision_makers_who_left_are_not_named() -> None:
    gone = person("Gone", left="2026-11-20")
    what = overview(history(decision_makers=[gone], people=[gone]))
    assert "Gone" not in section("tiers", what)


def test_long_table_is_cut_and_counted() -> None:
    what = overview(*(quiet(f"C{n:02}") for n in range(45)))
    assert section("tiers", what).endswith("… and 5 more")


def test_changes_say_what_moved_them() -> None:
    won = history(client(), [project("Website", start="2026-10-05", amount=40000)])
    text = section("changes", overview(won))
    assert "tier C → B since 30 September: amount, 12 months 0 → 40,000" in text
    assert "stage prospect → new client" in text
    assert "[[Projects/Website|Website]]" in text


def test_changes_that_went() -> None:
    old = history(client(), [project("Website", start="2025-10-05", amount=40000)])
    assert "amount 40,000 went" in section("changes", overview(old))


def test_open_complaints_and_latest_answers() -> None:
    text = section("feedback", overview(acme(text="too late")))
    assert "open for 18 days · severity 3 · too late · [[Interactions/b|b]]" in text
    assert "20 October · [[Clients/Acme|Acme]] · result 5, recommends 5, best: too late" in text


def test_who_introduced_whom() -> None:
    won = client("Beta", referred_on="2026-09-01")
    made = [Referral(won, (project(start="2026-10-01"),), "Acme"), Referral(client("Gamma"), (), "Acme")]
    lines = section("referrals", overview(history(introduced=made))).splitlines()
    assert "- [[Clients/Acme|Acme]] → [[Clients/Beta|Beta]] · 1 September · won" in lines
    assert "- [[Clients/Acme|Acme]] → [[Clients/Gamma|Gamma]] · no order yet" in lines


def test_a_referral_of_a_later_day_has_not_been_made() -> None:
    made = [Referral(client("Beta", referred_on="2027-09-01"), (), "Acme")]
    assert "Beta" not in section("referrals", overview(history(introduced=made)))


def test_referrals_to_thank_for() -> None:
    text = section("referrals", overview(acme()))
    assert "**To thank and to tell**" in text
    assert "Thanks for the referral: Beta" in text


def test_mistakes_are_counted_even_where_another_warning_hides_them() -> None:
    silent = history(
        client(owner="jo"), [project(delivered="2026-09-01", start="2026-08-01")], [contact("2026-08-15")]
    )
    what = overview(silent)
    assert [warning.id for warning in what.assessments[0].warnings] != []
    assert "- Silent once the project ended (1): [[Clients/Acme|Acme]]" in section("mistakes", what)
    assert "- Only ever about work: nobody" in section("mistakes", what)


def test_a_muted_mistake_is_none() -> None:
    from vaultcrm.model.records import Mute

    muted = (Mute("small-client-forgotten", None, 3),)
    calls = [contact("2026-01-15")]
    assert "looked after (1)" in section("mistakes", overview(history(client(), interactions=calls)))
    assert "looked after (1)" not in section(
        "mistakes", overview(history(client(mute=muted), interactions=calls))
    )


def test_mistakes_of_many_are_cut() -> None:
    crowd = [history(client(f"C{n}"), (), [contact("2026-01-15", f"i/{n}.md")]) for n in range(12)]
    assert "(12): [[Clients/C0|C0]]" in section("mistakes", overview(*crowd))
    assert "… and 4 more" in section("mistakes", overview(*crowd))


def test_problems_with_links_errors_first() -> None:
    problems = (
        Diagnostic("holidays-uncertain", Place("vaultcrm.toml"), "DE 2027"),
        Diagnostic("bad-date", Place("Clients/Acme.md", 7, 9), "2026-02-30 <b>", "birthday", ("2026-11-20",)),
    )
    lines = section("problems", replace(overview(), diagnostics=problems)).splitlines()
    assert lines[0] == (
        "- error · [[Clients/Acme|Acme]] line 7: '2026-02-30 &#60;b&#62;' is no date — birthday"
        " → write it like 2026-11-20"
    )
    assert lines[1].startswith("- warning · vaultcrm.toml line 1: ")


# --------------------------------------------------------------------------------------------- charts


def test_charts_have_their_figures_as_text() -> None:
    clients = (acme(), quiet("Beta"), quiet("Gamma", tier="B"))
    text = section("metrics", overview(*clients))
    bars = '```mermaid\nxychart-beta\n    x-axis ["A", "B", "C"]\n    y-axis 0 --> 1\n    bar [1, 1, 1]\n```'
    assert f"- A: 1\n- B: 1\n- C: 1\n\n{bars}" in text
    assert re.search(r'xychart-beta\n    x-axis \["11-16", .*\]\n    y-axis 0 --> \d+\n    bar \[\d+, ', text)
    assert "- 2026-10: 1\n- 2026-11: 3\n" in text


def test_months_without_contact_are_among_the_months() -> None:
    what = overview(history(interactions=[contact("2025-12-15"), contact("2026-02-15")]))
    assert "- 2025-12: 1\n- 2026-01: 0\n- 2026-02: 1\n- 2026-03: 0" in section("metrics", what)


def test_one_bar_is_no_picture() -> None:
    text = section("metrics", overview(quiet("Acme")))
    assert "- A: 0\n- B: 0\n- C: 1\n\n**" in text
    assert text.count("xychart-beta") == 0


def test_labels_in_charts_mean_nothing_to_mermaid() -> None:
    assert mermaid_label('x"] ; click A "javascript:y" %%{init}%%') == "x click A javascript y i"
    assert mermaid_label("#<>;") == "-"
    assert mermaid_label("高价值 A-1") == "高价值 A-1"


# -------------------------------------------------------------------------------------- hostile names


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def shape(text: str) -> list[str]:
    """Blocks of a note, without what stands in them."""
    return [token.type for token in parsed(text) if token.type != "inline"]


def calm(text: str) -> str:
    """A hostile text's harmless twin: empty where that is nothing but blank."""
    return "x" if text.strip() else ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str, language: str) -> None:
    what = overview(acme(text or "Acme", text=text), on=FRIDAY)
    problem = Diagnostic("bad-date", Place("Clients/Acme.md", 7, 9), text, text)
    note = written(replace(what, diagnostics=(problem,)), language)
    tokens = list(flat(parsed(note)))
    html = [token.content.strip() for token in tokens if token.type in ("html_block", "html_inline")]
    assert all(re.fullmatch(r"<!-- vaultcrm:[^\n]* -->", each) for each in html), html
    assert not [token for token in tokens if token.type in ("image", "code_inline", "s_open", "em_open")]
    for token in tokens:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("tel:", "mailto:"))
        if token.type == "fence":
            assert token.info == "mermaid"
    assert [region.name for region in find_regions(note)[0]] == list(SECTION_NAMES)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_keeps_tables_and_lists_in_shape(text: str) -> None:
    hostile = written(overview(acme(text or "Acme", text=text)))
    harmless = written(overview(acme("x", text=calm(text))))
    assert shape(hostile) == shape(harmless)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_starts_nothing_that_looks_at_raw_text(text: str) -> None:
    note = written(overview(acme(text or "Acme", text=text)))
    for marker in ("dataviewjs\n", "<%", "%>", "![", "%%", "$=", "`$", "{{", "=="):
        assert marker not in note, marker
    assert note.count("<!--") == 1 + 2 * len(SECTION_NAMES)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\r]", note)


@given(st.text(max_size=30))
def test_any_text_keeps_the_note_in_shape(text: str) -> None:
    note = written(overview(acme(text or "x", text=text)))
    assert [region.name for region in find_regions(note)[0]] == list(SECTION_NAMES)
    rows = [token for token in parsed(note) if token.type == "td_open"]
    assert len(rows) == 10


# ------------------------------------------------------------------------------------------- template


def filled(template: str, what: Overview | None = None) -> str:
    note = written(what or overview(acme(text="<b>x</b>")), template=template)
    (region,) = find_regions(note)[0]
    assert region.name == "dashboard"
    return note[region.start : region.end].strip()


def test_a_users_template_takes_the_place_of_all_sections() -> None:
    assert (
        filled("# {{ vault }} on {{ day }}\n{{ title('tasks') }}") == "# My vault on 2026-11-20\nFollow-ups"
    )
    assert filled("{{ section('tasks', days=0) }}").startswith("- 10 November (10 days late)")


def test_values_in_a_template_are_harmless() -> None:
    template = "{% for c in data.clients %}{{ c.owner }} {{ c.owner ~ '!' }} {{ c.last_contact }}{{ none }}"
    template += "{% endfor %}"
    assert filled(template) == "&#60;b&#62;x&#60;/b&#62; &#60;b&#62;x&#60;/b&#62;! 2026-11-02"


def test_links_in_a_template() -> None:
    assert filled("{{ link('Clients/Acme.md', 'Acme') }}") == "[[Clients/Acme|Acme]]"


def test_a_template_makes_no_regions() -> None:
    assert filled("a <!-- vaultcrm:begin today -->b") == "a b"


@pytest.mark.parametrize(
    "template",
    [
        "{% if %}",
        "{{ nonsense }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ data.clients.append(1) }}",
        "{{ 1 // 0 }}",
        "{{ section('nonsense') }}",
        "{% include 'x' %}",
        "{{ vault.format }}{{ '{0.__class__}'.format(vault).nonsense }}",
    ],
)
def test_a_bad_template_is_told(template: str) -> None:
    with pytest.raises(BadTemplateError):
        written(overview(), template=template)


def test_a_bad_template_tells_its_line() -> None:
    with pytest.raises(BadTemplateError) as told:
        written(overview(), template="a\n{% if %}")
    assert told.value.line == 2


def test_two_thousand_clients_are_still_readable() -> None:
    crowd = [
        history(client(f"C{n:04}"), (), [contact("2026-06-01", f"i/{n}.md", summary="x")])
        for n in range(2000)
    ]
    note = written(overview(*crowd))
    assert len(note.splitlines()) < 400
    assert "… and 1,990 more are due" in note


def test_each_section_has_a_row_for_each_option_that_it_takes() -> None:
    taken = {option for row in (*SECTIONS, *ELSEWHERE) for option in row.takes}
    assert taken == set(OPTIONS)


@pytest.mark.parametrize(
    ("name", "option", "value", "known"),
    [
        ("agenda", "days", "14", True),
        ("agenda", "days", "two", False),
        ("agenda", "month", "2026-12", False),
        ("plan", "month", "2026-12", True),
        ("plan", "month", "december", False),
        ("warnings", "owner", "mira", True),
        ("warnings", "owner", "", False),
        ("client", "days", "3", False),
    ],
)
def test_what_a_begin_marker_may_ask_for(name: str, option: str, value: str, known: bool) -> None:
    assert is_option(name, option, value) is known
