"""What `init` leaves: a vault to begin with, a joined one, the sample studio, and never a changed byte."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import run_cli
from tests.support.vaults import contents, write_vault
from vaultcrm.app import runs
from vaultcrm.errors import NotWritable, UsageError
from vaultcrm.model.note import SourceFile
from vaultcrm.model.overview import Overview
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.policy import LANGUAGES, PRESETS
from vaultcrm.parse.values import parse_yearly
from vaultcrm.rules.changes import changes
from vaultcrm.rules.days import next_yearly
from vaultcrm.starting.starter import FOLDERS, Started, fill, start_vault

DAY = date(2026, 11, 20)
DAYS = [
    date(2024, 2, 29),
    date(2025, 8, 1),  # in a leap month of the lunar calendar
    date(2025, 12, 31),
    date(2026, 1, 1),  # a quarter and a year begin: yesterday is the end of the previous one
    date(2026, 2, 18),  # within the longest holidays of China
    date(2026, 3, 1),  # a Sunday
    date(2026, 5, 30),  # a Saturday
    date(2026, 7, 1),
    date(2026, 10, 5),
    date(2026, 11, 23),  # a Monday
]
"""Days on which somebody may begin: awkward ones among them."""

MISTAKES = {
    "silent-after-project",
    "only-work",
    "too-much-contact",
    "small-client-forgotten",
    "only-when-selling",
}
"""The five mistakes; the sample makes each of them once."""

NOTE = """\
---
type: client
---
"""


@pytest.fixture(autouse=True)
def disk_that_need_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some thousand files are written here, and none has to survive a power cut."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def start(target: Path, language: str = "en", policy: str = "studio", *, sample: bool = False) -> Started:
    return start_vault(str(target), language=language, policy=policy, sample=sample, day=DAY)


def overview(root: Path, day: date) -> Overview:
    return runs.overview_of(runs.open_vault(str(root)), day, 0, use_cache=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_folder_becomes_a_vault(tmp_path: Path, language: str) -> None:
    started = start(tmp_path / "My clients", language)
    files = contents(tmp_path / "My clients")
    assert started.written == tuple(sorted(files))
    assert started.skipped == ()
    for folder in FOLDERS[language]:
        assert (tmp_path / "My clients" / folder).is_dir()
    config = tomllib.loads(files["vaultcrm.toml"].decode())
    assert (config["policy"], config["language"]) == ("studio", language)
    assert config["paths"]["vault"] == "My clients"
    assert config["capture"]["daily"] == FOLDERS[language][-1]


def test_currency_and_holidays_fit_the_language(tmp_path: Path) -> None:
    start(tmp_path / "en", "en")
    start(tmp_path / "zh", "zh")
    english = runs.open_vault(str(tmp_path / "en")).policy
    chinese = runs.open_vault(str(tmp_path / "zh")).policy
    assert (english.currency, english.holidays) == ("EUR", None)
    assert (chinese.currency, chinese.holidays) == ("CNY", "CN")
    assert english.tiers.a_amount < chinese.tiers.a_amount
    assert english.timezone is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", PRESETS)
def test_every_policy_starts_without_a_complaint(tmp_path: Path, language: str, policy: str) -> None:
    start(tmp_path / "vault", language, policy, sample=True)
    found = overview(tmp_path / "vault", DAY)
    assert found.policy.preset == policy
    assert {d.code for d in found.diagnostics} <= {"holidays-uncertain"}


@pytest.mark.parametrize("name", ['a "quoted" \\ name', "客户", "line\nbreak", "del\x7f"])
def test_folder_names_that_toml_has_to_escape(tmp_path: Path, name: str) -> None:
    try:
        start(tmp_path / name)
    except NotWritable:
        pytest.skip("the file system has no such names")
    assert runs.open_vault(str(tmp_path / name)).policy.paths.vault == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_vault_without_clients_gives_an_empty_overview(tmp_path: Path, language: str) -> None:
    start(tmp_path, language)
    found = overview(tmp_path, DAY)
    assert found.assessments == ()
    assert found.diagnostics == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_note_templates_say_only_that_a_client_is_missing(tmp_path: Path, language: str) -> None:
    start(tmp_path, language)
    vault = runs.open_vault(str(tmp_path))
    folder = tmp_path / {"en": "Templates", "zh": "模板"}[language]
    kinds = set()
    for template in sorted(folder.glob("*.md")):
        text = (
            template.read_text(encoding="utf-8")
            .replace("{{title}}", "Acme")
            .replace("{{date}}", "2026-11-20")
        )
        reading, told = read_file(SourceFile("CRM/note.md", text.encode()), runs.read_config(vault.policy))
        kinds.add(reading.kind)
        assert {d.code for d in told} == (
            {"missing-client"} if reading.kind not in {"client", None} else set()
        )
        assert reading.interactions == ()
    assert kinds >= {"client", "person", "project", "interaction", "feedback"}


def test_folder_with_notes_is_joined(tmp_path: Path) -> None:
    write_vault(tmp_path, {"Customers/Acme.md": NOTE, "notes.txt": "mine"})
    before = contents(tmp_path)
    started = start(tmp_path)
    assert started.written == ("CRM/Policy.md", "CRM/Start here.md", "vaultcrm.toml")
    after = contents(tmp_path)
    assert before.items() <= after.items()
    assert set(after) == {*before, *started.written}
    assert not (tmp_path / "Clients").exists()
    assert runs.open_vault(str(tmp_path)).policy.daily is None


def test_joined_vault_has_its_own_words_mapped(tmp_path: Path) -> None:
    notes = {
        "Work/Customers/Acme.md": "Acme makes things.",
        "Work/Customers/Old/Bell.md": "Bell did.",
        "Tagged.md": '---\ntags: [idea, "#customer"]\n---\n',
        "Linked.md": '---\ncategory: "[[Sorts/Clients|our accounts]]"\n---\n',
        "Nested.md": "---\nCategory: [[clients]]\n---\n",
        "Typed.md": "---\ntype: customer\n---\n",
        "Friend.md": "---\ncategory: [[People]]\n---\n",
        "Clients/Known.md": "understood without a mapping",
        "Ideas/Thought.md": "nothing of ours",
    }
    write_vault(tmp_path, notes)
    start(tmp_path)
    mapping = tomllib.loads((tmp_path / "vaultcrm.toml").read_text(encoding="utf-8"))["mapping"]
    assert mapping["folders"] == {"Work/Customers": "client"}
    assert mapping["tags"] == {"customer": "client"}
    assert mapping["values"]["category"] == {"Clients": "client", "clients": "client"}
    found = {one.client.name for one in overview(tmp_path, DAY).assessments}
    assert found == {"Acme", "Bell", "Tagged", "Linked", "Nested", "Typed", "Known"}
    assert '# "People" = "person"  # 1' in (tmp_path / "vaultcrm.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", PRESETS)
def test_joined_vault_without_a_hint_gets_examples(tmp_path: Path, language: str, policy: str) -> None:
    write_vault(tmp_path, {"Ideas/Thought.md": "nothing of ours"})
    start(tmp_path, language, policy)
    text = (tmp_path / "vaultcrm.toml").read_text(encoding="utf-8")
    assert "# [mapping.folders]" in text
    assert "mapping" not in tomllib.loads(text)
    assert runs.open_vault(str(tmp_path)).policy.preset == policy


def test_notes_in_dot_folders_do_not_make_a_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {".trash/Acme.md": NOTE, ".obsidian/templates.json": '{"folder": "Mine"}'})
    started = start(tmp_path)
    assert "Templates/Client.md" in started.written
    assert started.skipped == (".obsidian/templates.json",)
    assert contents(tmp_path)[".obsidian/templates.json"] == b'{"folder": "Mine"}'


@pytest.mark.parametrize("files", [{}, {"Acme.md": NOTE}], ids=["new", "joined"])
def test_second_start_writes_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    write_vault(tmp_path, files)
    start(tmp_path)
    before = contents(tmp_path)
    started = start(tmp_path, "zh", "sales")
    assert started == Started((), ("vaultcrm.toml",))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("files", [{"Acme.md": NOTE}, {"vaultcrm.toml": ""}], ids=["notes", "vault"])
def test_sample_goes_into_no_existing_vault(tmp_path: Path, files: dict[str, str]) -> None:
    write_vault(tmp_path, files)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="notes"):
        start(tmp_path, sample=True)
    assert contents(tmp_path) == before


def test_no_vault_within_a_vault(tmp_path: Path) -> None:
    start(tmp_path)
    with pytest.raises(UsageError, match="lies in the vault") as caught:
        start(tmp_path / "Clients" / "deep" / "er")
    assert str(tmp_path) in caught.value.hint
    assert not (tmp_path / "Clients" / "deep").exists()


def test_no_vault_around_a_vault(tmp_path: Path) -> None:
    """Its notes would be read as a part of this one, too."""
    inner = tmp_path / "All of it" / "My clients"
    start(inner)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="holds the vault") as caught:
        start(tmp_path)
    assert f'--vault "{inner}"' in caught.value.hint
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_the_folder_one_is_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``vaultcrm init "$FOLDER"`` has it where nobody has set that."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="empty name"):
        start_vault(name, language="en", policy="studio", sample=False, day=DAY)
    assert contents(tmp_path) == {}


def test_what_stands_in_a_folder_s_place_is_left(tmp_path: Path) -> None:
    write_vault(tmp_path, {"People": "not a folder"})
    start(tmp_path)
    assert (tmp_path / "People").read_text() == "not a folder"
    assert (tmp_path / "vaultcrm.toml").exists()


def test_target_that_is_a_file(tmp_path: Path) -> None:
    write_vault(tmp_path, {"Acme": "text"})
    with pytest.raises(NotWritable):
        start(tmp_path / "Acme")
    with pytest.raises(NotWritable):
        start(tmp_path / "Acme" / "below")


@pytest.mark.parametrize(("language", "policy"), [("fr", "studio"), ("en", "atelier")])
def test_unknown_words(tmp_path: Path, language: str, policy: str) -> None:
    with pytest.raises(UsageError, match="unknown") as caught:
        start(tmp_path / "vault", language, policy)
    assert "en, zh" in caught.value.hint or "studio" in caught.value.hint
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_day_same_bytes(tmp_path: Path, language: str) -> None:
    start(tmp_path / "one" / "vault", language, sample=True)
    start(tmp_path / "two" / "vault", language, sample=True)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_leaves_no_blank(tmp_path: Path, language: str) -> None:
    started = start(tmp_path, language, sample=True)
    templates = ("Templates/", "模板/", "Playbooks/Messages/", "维护手册/话术/")
    for path in started.written:
        assert "{{" not in path
        if not path.startswith(templates):
            assert "{{" not in (tmp_path / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_clients_of_the_sample_have_ids_of_their_own(tmp_path: Path, language: str) -> None:
    start(tmp_path, language, sample=True)
    ids = [one.client.id for one in overview(tmp_path, DAY).assessments]
    assert len(set(ids)) == len(ids) == 12
    assert all(id_ and len(id_) == 12 for id_ in ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sample_has_something_to_say_on_every_day(tmp_path: Path, language: str, day: date) -> None:
    start_vault(str(tmp_path), language=language, policy="studio", sample=True, day=day)
    found = overview(tmp_path, day)
    assert {d.code for d in found.diagnostics} <= {"holidays-uncertain"}
    standings = [one.standing for one in found.assessments]
    assert any(one.contacting.overdue_days for one in standings)
    assert any(one.contacting.next_day == day for one in standings)
    assert len(set(warnings(found))) >= 5
    assert set(warnings(found)) >= MISTAKES
    assert len(set(shown(found))) >= 6
    assert {"birthday", "referral-thanks", "referral-ask", "survey", "renewal"} <= set(shown(found))
    assert any(touchpoint.bundled for one in found.assessments for touchpoint in one.touchpoints)
    assert changes(standings, found.policy, day)
    assert found.tasks
    assert found.measures.values["nps"] is not None
    assert any(one.standing.known.feedback for one in found.assessments)
    assert any(one.standing.known.history.introduced for one in found.assessments)


def warnings(found: Overview) -> Iterator[str]:
    for one in found.assessments:
        yield from (warning.id for warning in one.warnings)


def shown(found: Overview) -> Iterator[str]:
    """The touchpoints of the dashboard: those whose lead has begun."""
    for one in found.assessments:
        yield from (touchpoint.id for touchpoint in one.touchpoints if touchpoint.show_from <= found.day)


def test_blanks() -> None:
    sunday = date(2026, 3, 1)
    filled = fill(
        "{{day}} {{day-1}} {{day+3}} {{workday-1}} {{workday+6}} {{month-1}} {{yearly+1}}", "x.md", sunday
    )
    assert filled == "2026-03-01 2026-02-28 2026-03-04 2026-02-27 2026-03-09 2026-02-01 03-02"
    assert fill("{{month-1}} {{month+11}}", "x.md", date(2026, 3, 31)) == "2026-02-28 2027-02-28"
    assert (
        fill("{{title}} {{date}} {{date:YYYY}} {{ day }}", "x.md", DAY)
        == "{{title}} {{date}} {{date:YYYY}} {{ day }}"
    )


def test_ids_differ_by_note_and_language() -> None:
    notes = ("en/Clients/Acme.md", "en/Clients/Bell.md", "zh/Clients/Acme.md")
    assert len({fill("{{id}}", note, DAY) for note in notes}) == len(notes)
    assert fill("{{id}}", notes[0], DAY) == fill("{{id}}", notes[0], DAY + timedelta(days=1))


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_lunar_dates_are_read_back_as_that_day(day: date) -> None:
    yearly = parse_yearly(fill("{{lunar}}", "x.md", day))
    assert yearly is not None
    assert yearly.lunar
    assert next_yearly(yearly, day) == day


def test_a_dashboard_that_came_first_is_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody began with the second step."""
    monkeypatch.chdir(tmp_path)
    assert "vaultcrm init" in run_cli("index").err
    run_cli("init")
    assert (tmp_path / "Templates").is_dir()
    assert 'vaultcrm new client "NAME"' in run_cli("agenda").err
    run_cli("new", "client", "Acme")
    assert run_cli("agenda").err == ""


def test_where_there_is_no_vault_the_reader_s_language_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run_cli("agenda").err == "这里还没有库。新建一个：vaultcrm init\n"
