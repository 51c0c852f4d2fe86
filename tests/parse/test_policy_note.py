"""The policy's note: tables that people write, each row for itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultcrm.app.opening import read_policy, words
from vaultcrm.app.policy_note import applied
from vaultcrm.model.policy import Policy, Rhythm
from vaultcrm.model.records import Interval
from vaultcrm.parse.policy_note import merged_rows, read_policy_note
from vaultcrm.render.policy_note import policy_note

PATH = "CRM/Policy.md"
BASE, _ = read_policy(None)
PRESETS = ("studio", "enterprise", "sales", "retention")


def told(note: str, config: str = "") -> tuple[Policy, list[str]]:
    """The policy with a note, and what is wrong with the note: place, code, what was read."""
    base, problems = read_policy(config)
    assert not problems
    policy, found = applied(base, config, note.encode(), PATH, read_policy, str)
    return policy, [f"{each.place.line}:{each.place.column} {each.code} {each.read}" for each in found]


def with_note(note: str, config: str = "") -> Policy:
    policy, found = told(note, config)
    assert found == []
    return policy


STAGES = "| Stage | During a project | After |\n|---|---|---|\n"
TIERS = "| Tier | Amount in 12 months | Projects | Trust |\n|---|---|---|---|\n"
TOUCHPOINTS = "| Touchpoint | On | Interval | Days ahead | For | Settled by |\n|---|---|---|---|---|---|\n"
SURVEY = "[touchpoints.survey]\n"
SETTINGS = "| Setting | Value |\n|---|---|\n"


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_written_is_read_back(preset: str, language: str) -> None:
    config = f'policy = "{preset}"\nlanguage = "{language}"\n'
    policy, _ = read_policy(config)
    note = policy_note(policy, words(language))
    again, found = told(note, config)
    assert (found, replace(again, origins={})) == ([], policy)
    assert len(again.origins) > 70


@pytest.mark.parametrize("preset", PRESETS)
def test_a_note_in_the_other_language_is_read_as_well(preset: str) -> None:
    config = f'policy = "{preset}"\n'
    policy, _ = read_policy(config)
    note = policy_note(policy, words("zh"))
    again, found = told(note, config)
    assert (found, replace(again, origins={})) == ([], policy)


@pytest.mark.parametrize(
    ("cell", "rhythm"),
    [
        ("3 weeks", Rhythm(Interval(days=21))),
        ("once a week", Rhythm(Interval(days=7))),
        ("**10 days**", Rhythm(Interval(days=10))),
        ("每2周", Rhythm(Interval(days=14))),
        ("any time", Rhythm(Interval(days=14), True)),
        ("Any time, 10 days", Rhythm(Interval(days=10), True)),
        ("随时（1个月）", Rhythm(Interval(months=1), True)),
    ],
)
def test_cadence(cell: str, rhythm: Rhythm) -> None:
    policy = with_note(f"{STAGES}| growing | | {cell} |\n")
    assert policy.cadence.after["growing"] == rhythm
    assert policy.cadence.in_project == BASE.cadence.in_project
    assert str(policy.origins["cadence.after.growing"]) == f"{PATH}:3:3"


@pytest.mark.parametrize("cell", ["20000", "20,000", "2万", "`20000`"])
def test_tier_amount(cell: str) -> None:
    policy = with_note(f"{TIERS}| A | {cell} | 5 | 8 |\n| B | 1000 | – | |\n| C | | | |\n")
    scheme = policy.tiers
    assert (scheme.a_amount, scheme.a_projects, scheme.a_trust) == (20000, 5, 8)
    assert (scheme.b_amount, scheme.b_projects) == (1000, 2)


def test_tiers_by_score_and_by_activity() -> None:
    enterprise = with_note(
        "| Tier | Score from | Contact every |\n|-|-|-|\n| S | 35 | 1 week |\n", 'policy = "enterprise"'
    )
    assert enterprise.tiers.tiers[0].from_score == 35
    assert enterprise.cadence.tiers["S"].every == Interval(days=7)
    note = "| 等级 | 金额 | 没动静的天数 |\n|-|-|-|\n| 高价值 | 9万 | |\n| 低活跃 | | 45 |\n"
    retention = with_note(note, 'policy = "retention"')
    assert (retention.tiers.high_amount, retention.tiers.quiet_days) == (90000, 45)


def test_touchpoints() -> None:
    rows = "| survey | no | 5 days | 2 | core | visit, review |\n| news | | 1 month | | all | |\n"
    rules = with_note(TOUCHPOINTS + rows + "| tasting | yes | 6 months | 21 | A, B | visit |\n").touchpoints
    survey, news, tasting = rules["survey"], rules["news"], rules["tasting"]
    assert (survey.off, survey.after, survey.lead_days) == (True, Interval(days=5), 2)
    assert (survey.stages, survey.settled_by) == (("core",), ("visit", "review"))
    assert (news.every, news.stages) == (Interval(months=1), ("prospect", "new", "growing", "core"))
    assert (tasting.own, tasting.tiers, tasting.every) == (True, ("A", "B"), Interval(months=6))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_touchpoints_by_the_names_that_the_note_shows(language: str) -> None:
    labels = words(language)
    for id_ in BASE.touchpoints:
        row = f"| {labels.get(f'policy-note.touchpoint.{id_}')} | | | 5 | | |\n"
        assert with_note(TOUCHPOINTS + row).touchpoints[id_].lead_days == 5


@pytest.mark.parametrize(
    ("name", "id_"),
    [("分享行业资讯", "news"), ("满意度调研", "survey"), ("合同续约", "renewal"), ("跟进", "follow-up")],
)
def test_touchpoints_by_the_names_that_the_dashboard_shows(name: str, id_: str) -> None:
    assert words("zh").get(f"touchpoint.{id_}.title", subject=None, contract_end=None) == name
    assert with_note(TOUCHPOINTS + f"| {name} | | | 5 | | |\n").touchpoints[id_].lead_days == 5


def test_holidays_and_settings() -> None:
    note = "| Holiday | Greeting |\n|-|-|\n| New Year | no |\n| 春节 | 是 |\n\n"
    rows = "| Public holidays of | de |\n| Working days | Monday, tue and 周三 |\n| Contacts a day | 3 |\n"
    policy = with_note(f"{note}{SETTINGS}{rows}")
    assert policy.greeting_days == ("spring-festival",)
    assert (policy.holidays, policy.workdays, policy.capacity) == ("DE", frozenset({0, 1, 2}), 3)


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (STAGES + "| growing | | sometimes |\n", "3:15 bad-interval sometimes"),
        (STAGES + "| groing | | 1 week |\n", "3:3 policy-row-unknown groing"),
        (TIERS + "| A | lots | | |\n", "3:7 policy-number lots"),
        (TIERS + "| A | 5 EUR | | |\n", "3:7 policy-number 5 EUR"),
        (TIERS + "| A | 6.000 | | |\n", "3:7 policy-number 6.000"),
        (TIERS + "| B | | 1.5 | |\n", "3:9 policy-number 1.5"),
        (TIERS + "| C | 5 | | |\n", "3:7 policy-misfit 5"),
        (TOUCHPOINTS + "| survey | maybe | | | | |\n", "3:12 bad-yes-no maybe"),
        (TOUCHPOINTS + "| survey | | | | nobody | |\n", "3:18 bad-choice nobody"),
        (TOUCHPOINTS + "| survey | | | | | dance |\n", "3:20 bad-choice dance"),
        (TOUCHPOINTS + "| tasting | | 1 year | | | |\n", "3:3 policy-row-unknown tasting"),
        (SETTINGS + "| Working days | someday |\n", "3:18 bad-choice someday"),
        (SETTINGS + "| Working days | Mon, Teusday, Wed |\n", "3:18 bad-choice Teusday"),
        (TOUCHPOINTS + "| survey | | | | growing, kore | |\n", "3:18 bad-choice kore"),
        (SETTINGS + "| Public holidays of | XX |\n", "3:3 policy-misfit XX"),
        (SETTINGS + "| Steps of the amount | a; b |\n", "3:25 policy-number a; b"),
        ("| Stage | Affter |\n|-|-|\n| new | 1 week |\n", "1:11 policy-column Affter"),
        (STAGES + "| new | | 1 week |\n| new | | 2 weeks |\n", "4:3 duplicate-property new"),
        ("| Holiday | Greeting |\n|-|-|\n| Eastre | yes |\n", "3:3 policy-row-unknown Eastre"),
    ],
)
def test_what_is_wrong_costs_only_its_row(note: str, problem: str) -> None:
    policy, found = told(f"{note}\n| 设置 | 值 |\n|-|-|\n| 每天最多联系 | 3 |\n")
    assert found == [problem]
    assert policy.capacity == 3


@pytest.mark.parametrize(
    ("note", "first"),
    [
        (SETTINGS + "| Working days | someday |\n", ("mon", "tue")),
        (SETTINGS + "| 工作日 | 每天 |\n", ("周一", "周二")),
        (TOUCHPOINTS + "| survey | | | | | dance |\n", ("contact", "meeting")),
        (TOUCHPOINTS + "| 交付后的调研 | | | | | 跳舞 |\n", ("联系", "会议")),
        (TOUCHPOINTS + "| survey | | | | nobody | |\n", ("prospect", "new")),
        (TOUCHPOINTS + "| survey | | | | 大客户 | |\n", ("潜在客户", "新客户")),
        ("| 节日 | 问候 |\n|-|-|\n| 立夏 | 是 |\n", ("春节", "端午节")),
    ],
)
def test_what_could_stand_there_is_told_once_each(note: str, first: tuple[str, ...]) -> None:
    """In the language of what stands there."""
    _, (found,) = read_policy_note(note, PATH, BASE)
    assert found.hints[:2] == first
    assert len(found.hints) == len(set(found.hints))


def test_rows_that_do_not_fit_each_other() -> None:
    rows = "| Tier | Score from |\n|-|-|\n| S | 40 |\n| A | 50 |\n| B | 10 |\n"
    policy, found = told(rows, 'policy = "enterprise"')
    assert found == ["4:3 policy-misfit 50"]
    assert [tier.from_score for tier in policy.tiers.tiers] == [40, 24, 10, None]


def test_the_configuration_counts_before_the_note() -> None:
    config = '[cadence.after]\ngrowing = "1 week"\nnew = "14 days"\n'
    policy, found = told(STAGES + "| growing | 3 days | 1 month |\n| new | | 2 weeks |\n", config)
    assert found == ["3:3 policy-overruled growing"]
    assert policy.cadence.after["growing"].every == Interval(days=7)
    assert policy.cadence.in_project["growing"].every == Interval(days=3)
    assert sorted(policy.origins) == ["cadence.in_project.growing"]


@pytest.mark.parametrize(
    ("note", "config"),
    [
        (
            f"{STAGES}| core | any time (1 week) | |\n",
            "[cadence.in_project]\ncore = {every = '7 days', any_time = true}",
        ),
        (f"{STAGES}| new | 2 weeks | |\n", '[cadence.in_project]\nnew = {every = "14 days"}'),
        (
            f"{TOUCHPOINTS}| survey | | | | new, core | visit |\n",
            f'{SURVEY}stages = ["core", "New"]\nsettled_by = "visit"',
        ),
        (f"{SETTINGS}| Working days | Sunday |\n", 'workdays = "sun"'),
        (f"{SETTINGS}| Public holidays of | DE |\n", 'holidays = "de"'),
    ],
)
def test_what_the_configuration_says_too_is_not_overruled(note: str, config: str) -> None:
    """As `policy show` prints it."""
    with_note(note, config)


@pytest.mark.parametrize("config", ['core = "1 week"', 'core = {every = "2 weeks", any_time = true}'])
def test_another_rhythm_is_overruled(config: str) -> None:
    _, found = told(f"{STAGES}| core | any time (1 week) | |\n", f"[cadence.in_project]\n{config}")
    assert found == ["3:3 policy-overruled core"]


@pytest.mark.parametrize(
    ("note", "wrong"),
    [
        ("| Stages | After |\n|---|---|\n| new | 9 days |\n", "1:3 policy-table Stages"),
        ("| Stage name | After |\n|---|---|\n| new | 9 days |\n", "1:3 policy-table Stage name"),
        ("| 客户级别 | 金额 |\n|---|---|\n| A | 2万 |\n", "1:3 policy-table 客户级别"),
    ],
)
def test_a_table_that_is_nearly_ours_is_told(note: str, wrong: str) -> None:
    """Not one of its rows counts."""
    assert told(note) == (BASE, [wrong])


@pytest.mark.parametrize("head", ["| Stages | Who |", "| Client | Amount |", "| Stages |", "| | After |"])
def test_a_table_of_ones_own_is_not_told(head: str) -> None:
    assert with_note(f"{head}\n{'|---' * (head.count('|') - 1)}|\n| new | 9 days |\n") == BASE


def test_both_sides_of_a_merge_and_what_stands_below() -> None:
    """Whatever stood below the first mark did not count, and nobody was told."""
    ours, base, theirs = "| new | 9 days | |\n", "| new | 1 week | |\n", "| new | 8 days | |\n"
    merge = f"<<<<<<< HEAD\n{ours}||||||| base\n{base}=======\n{theirs}>>>>>>> theirs\n"
    policy, found = told(f"{STAGES}{merge}| core | | 10 days |\n")
    assert found == ["3:1 merge-conflict ", "6:3 duplicate-property new", "8:3 duplicate-property new"]
    assert policy.cadence.in_project["new"].every == Interval(days=9)
    assert policy.cadence.after["core"].every == Interval(days=10)


def test_a_line_without_bars_ends_no_table_and_a_new_head_does() -> None:
    policy = with_note(
        f"{STAGES}| new | 9 days | |\nwe try this\n| core | | 10 days |\nand\n{TIERS}| A | 7 | | |\n"
    )
    assert policy.cadence.in_project["new"].every == Interval(days=9)
    assert policy.cadence.after["core"].every == Interval(days=10)
    assert policy.tiers.a_amount == 7


def test_text_around_tables_and_tables_of_ones_own_are_nothing() -> None:
    note = (
        f"# Mine\n\n| Who | What |\n|---|---|\n| me | x |\n\n```\n{STAGES}| new | | 9 days |\n```\n\na | b\n"
    )
    assert with_note(note) == BASE


def test_generated_regions_are_not_read() -> None:
    note = f"<!-- vaultcrm:begin tiers -->\n{STAGES}| new | | 9 days |\n<!-- vaultcrm:end -->\n"
    assert with_note(note) == BASE


@pytest.mark.parametrize(
    ("begin", "end"), [("<!--", "-->"), ("  <!-- last year:", "until then -->"), ("%%", "%%")]
)
def test_comments_are_not_read(begin: str, end: str) -> None:
    note = f"{begin}\n{STAGES}| new | | 9 days |\n{end}\n\n{STAGES}| new | | 8 days |\n"
    assert with_note(note).cadence.after["new"].every == Interval(days=8)


@pytest.mark.parametrize(
    "before",
    ["<!-- ours -->\n", "%% ours %%\n", "<!-- begun, never ended\n\n", "```\n<!--\n```\n", "```\n%%\n```\n"],
)
def test_what_only_looks_like_a_comment_around_a_table_hides_none(before: str) -> None:
    note = f"{before}{STAGES}| new | | 9 days |\n\n"
    assert with_note(note).cadence.after["new"].every == Interval(days=9)


def test_line_ends_byte_order_mark_and_bars() -> None:
    note = "\ufeffStage | After\r\n--|--\r\nnew | 9 days\r\n"
    assert with_note(note).cadence.after["new"].every == Interval(days=9)


def test_no_text_and_too_much() -> None:
    base = BASE
    for data, code in ((b"\xff", "not-utf8"), (b"x" * 300_000, "policy-too-large")):
        policy, found = applied(base, None, data, PATH, read_policy, str)
        assert (policy, [each.code for each in found]) == (base, [code])


@given(st.text(alphabet="|-\n aA1sStage`*\\[]", max_size=300))
def test_any_text_is_read(text: str) -> None:
    for note in (text, STAGES + text):
        rows, _ = read_policy_note(note, PATH, BASE)
        assert isinstance(merged_rows(rows), dict)


def test_decimals_of_scores() -> None:
    policy = with_note("| Tier | Score from |\n|-|-|\n| S | 30.5 |\n", 'policy = "enterprise"')
    assert policy.tiers.tiers[0].from_score == Decimal("30.5")
