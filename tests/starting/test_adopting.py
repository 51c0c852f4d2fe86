"""`init` in a vault that exists: what the notes seem to be, what is written, and what that makes known."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.conftest import MakeVault
from tests.support.command import run_cli
from tests.support.vaults import VAULTS, contents
from vaultcrm.app.opening import read_policy
from vaultcrm.model.note import Note, SourceFile
from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.schema import ALSO_CALLED, field_called, row_of
from vaultcrm.starting.adopt import propose
from vaultcrm.starting.adopt_text import LONGEST_EXAMPLE, mapping_text
from vaultcrm.starting.outlook import outlook
from vaultcrm.starting.proposed import Proposed, Row
from vaultcrm.starting.starter import start_vault

DAY = date(2026, 11, 20)
ADOPTED = sorted(path.name for path in VAULTS.glob("adopted-*"))


def notes(files: dict[str, str]) -> list[Note]:
    return [parse_note(SourceFile(path, text.encode()))[0] for path, text in sorted(files.items())]


def rows(files: dict[str, str], *, on: bool = True) -> dict[str, str]:
    return {row.key: row.meaning for row in propose(notes(files)).rows if row.on is on}


def joined(name: str, into: Path) -> Path:
    """A copy of a vault as it was before it was adopted."""
    root = Path(copytree(VAULTS / name / "vault", into / name))
    (root / "vaultcrm.toml").unlink()
    return root


def test_headings_below_which_clients_tell_conversations() -> None:
    files = {
        "Clients/A.md": "## Interactions\n- 2026-10-09: coffee\n",
        "Clients/B.md": "# B\n## interactions\n- 2026-10-09 phone: x\n",
        "Clients/C.md": "## Log\n- 2026-10-09: coffee\n",
        "Clients/D.md": "**Calls**\n- 2026-10-09: coffee\n",
        "Clients/E.md": "## Plan\n- 2026-10-09: coffee\n",
        "Notes/F.md": "## Calls\n- 2026-10-09: coffee\n",
    }
    (row,) = propose(notes(files)).rows
    assert row == Row("sections", "Interactions", "log", 2, "- 2026-10-09: coffee")
    assert '[mapping.sections]\n"Interactions" = "log"  # 2: - 2026-10-09: coffee\n' in mapping_text(
        Proposed((row,))
    )


def project(amount: str, name: str = "amount") -> str:
    return f"---\ntype: project\nclient: '[[A]]'\n{name}: {amount}\n---\n"


@pytest.mark.parametrize(
    ("amounts", "currency"),
    [
        (["$12,500.00", "900", "4k USD"], ("USD", 2, "$12,500.00")),
        (["¥3万", "500 元", "10 EUR"], ("CNY", 2, "¥3万")),
        (["10 EUR", "10 GBP"], None),
        (["900", "much"], None),
        ([], None),
    ],
)
@pytest.mark.parametrize("name", ["amount", "budget"])
def test_the_currency_of_most_amounts(
    amounts: list[str], name: str, currency: tuple[str, int, str] | None
) -> None:
    files = {f"Projects/{number}.md": project(each, name) for number, each in enumerate(amounts)}
    found = propose(notes({"Clients/A.md": "", **files})).currency
    assert (None if found is None else (found.meaning, found.count, found.example)) == currency


@pytest.mark.parametrize(
    ("language", "amount", "currency", "least"),
    [("en", "$900", "USD", 6000), ("en", "¥900", "CNY", 30000), ("zh", "€900", "EUR", 6000)],
)
def test_amounts_are_in_the_currency_of_the_notes(
    make_vault: MakeVault, language: str, amount: str, currency: str, least: int
) -> None:
    root = make_vault({"Clients/A.md": "---\ntype: client\n---\n", "Projects/P.md": project(amount)})
    (root / "vaultcrm.toml").unlink(missing_ok=True)
    started = start_vault(str(root), language=language, policy="studio", sample=False, day=DAY)
    assert tomllib.loads(started.config)["currency"] == currency
    assert f'currency = "{currency}"  # 1: {amount}\n' in started.config
    assert str(least) in (root / "CRM/Policy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ADOPTED)
def test_vaults_of_other_styles_are_understood_as_they_are(name: str, tmp_path: Path) -> None:
    root = joined(name, tmp_path)
    before = contents(root)
    language = "zh" if name.endswith("-zh") else "en"
    started = start_vault(str(root), language=language, policy="studio", sample=False, day=DAY)
    after = contents(root)
    assert after["vaultcrm.toml"] == (VAULTS / name / "vault" / "vaultcrm.toml").read_bytes()
    assert {path: after[path] for path in before} == before
    assert all(path == "vaultcrm.toml" or path.startswith("CRM/") for path in after.keys() - before.keys())
    assert set(started.written) == after.keys() - before.keys()


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("adopted-categories", (2, 2, 0, 3)),
        ("adopted-prm", (3, 0, 0, 4)),
        ("adopted-tags", (3, 0, 1, 2)),
        ("adopted-typed", (2, 2, 1, 1)),
        ("adopted-folders-zh", (2, 1, 0, 4)),
    ],
)
def test_what_would_be_known(name: str, counts: tuple[int, ...], tmp_path: Path) -> None:
    root = joined(name, tmp_path)
    said = run_cli("init", root, "--dry-run", "--json", "--today", "2026-11-20")
    known: dict[str, Any] = json.loads(said.out)
    assert tuple(known["known"][each] for each in ("clients", "people", "projects", "interactions")) == counts
    assert known["known_without"]["clients"] == 0
    assert known["written"] is False
    assert contents(root).keys() == contents(VAULTS / name / "vault").keys() - {"vaultcrm.toml"}
    assert known["config"] == outlook_config(root)


def outlook_config(root: Path) -> str:
    run_cli("init", root, "--today", "2026-11-20")
    return (root / "vaultcrm.toml").read_text(encoding="utf-8")


def test_dry_run_of_an_empty_folder_makes_none(tmp_path: Path) -> None:
    said = run_cli("init", tmp_path / "new" / "vault", "--dry-run")
    assert said.status == 0
    assert "would write vaultcrm.toml" in said.out
    assert contents(tmp_path) == {}
    assert not (tmp_path / "new").exists()


def test_companies_are_clients_unless_others_are_called_so() -> None:
    acme = "---\ntype: company\n---\n"
    assert rows({"Acme.md": acme}) == {"company": "client"}
    assert rows({"Acme.md": acme, "Bell.md": "---\ntype: customer\n---\n"}) == {"customer": "client"}
    assert rows({"Acme.md": acme, "Clients/Bell.md": ""}, on=False) == {"company": "client"}


def test_tag_on_a_few_notes_beside_many_clients_is_only_proposed() -> None:
    files = {f"Clients/{number}.md": "" for number in range(4)}
    files["Book.md"] = "---\ntags: client\n---\n"
    assert rows(files) == {"client": "client"}
    assert rows({**files, "Clients/5.md": ""}, on=False) == {"client": "client"}


def test_people_are_clients_where_there_are_no_others() -> None:
    assert rows({"Rolodex/Ann.md": ""}) == {"Rolodex": "client"}
    assert rows({"People/Ann.md": ""}) == {"People": "client"}
    assert rows({"x/Ann.md": "---\ntype: person\n---\n"}) == {"person": "client"}
    assert rows({"Clients/Acme.md": "", "People/Ann.md": "---\nclient: Acme\n---\n"}) == {}


MEETING = "---\ntype: meeting\nclient: '[[{}]]'\ndate: 2026-11-02\n---\n"


@pytest.mark.parametrize(
    ("named", "on"), [(["Alpha", "Kunden/Beta"], True), (["Alpha"], False), (["Alpha", "Alpha"], False)]
)
def test_folder_of_any_name_is_of_clients_where_others_name_its_notes(named: list[str], on: bool) -> None:
    files = {f"Kunden/{name}.md": "---\nowner: jo\n---\n" for name in ("Alpha", "Beta", "Gamma")}
    files |= {f"Treffen/{number}.md": MEETING.format(name) for number, name in enumerate(named)}
    assert rows(files) == ({"Kunden": "client", "meeting": "interaction"} if on else {})
    assert rows(files, on=False) == ({} if on else {"Kunden": "client", "meeting": "interaction"})


def test_folders_of_their_own_below_one_folder_are_clients() -> None:
    files = {f"Praxis/{name}/{name}.md": "" for name in ("Alpha", "Beta")}
    files |= {f"Treffen/{name}.md": MEETING.format(name) for name in ("Alpha", "Beta")}
    assert rows(files)["Praxis"] == "client"


def test_what_is_named_means_nothing_where_some_are_called_clients_or_lie_nowhere() -> None:
    files = {f"Treffen/{name}.md": MEETING.format(name) for name in ("Alpha", "Beta")}
    called = {"Accounts/Alpha.md": "", "Kunden/Beta.md": ""}
    assert rows({**files, **called}) == {"Accounts": "client", "meeting": "interaction"}
    assert rows({**files, "Alpha.md": "", "Kunden/Beta.md": ""}) == {}


def test_people_without_a_client_are_only_proposed() -> None:
    files = {"Clients/Acme.md": "", "x/Ann.md": "---\ntags: [person]\n---\n"}
    assert rows(files, on=False) == {"person": "person"}
    files["x/Ann.md"] = '---\ntags: [person]\nworks at: "[[Acme|them]]"\n---\n'
    assert rows(files) == {"person": "person", "works at": "client"}


def test_names_lead_to_clients_by_path_alias_and_name() -> None:
    files = {
        "Clients/Acme.md": "---\naliases: [ACM]\nname: Acme Foods\n---\n",
        "x/Ann.md": "---\ntags: [person]\norg: [[Clients/Acme]]\n---\n",
        "x/Bo.md": "---\ntags: [person]\norg: ACM\n---\n",
        "x/Cy.md": "---\ntags: [person]\norg:\n  - acme foods\n---\n",
    }
    (person, org) = propose(notes(files)).rows
    assert (person.meaning, person.on, org.meaning, org.on, org.count) == ("person", True, "client", True, 3)


def test_folders_may_be_numbered_and_the_deepest_that_says_something_counts() -> None:
    assert rows({"10 - Clients/A.md": "", "Work/Customers/Old/B.md": ""}) == {
        "10 - Clients": "client",
        "Work/Customers": "client",
    }


def test_property_that_cannot_be_read_is_only_proposed() -> None:
    files = {
        "Clients/A.md": "---\ncontact frequency: now and then\n---\n",
        "Clients/B.md": "---\ncontact frequency: 30\n---\n",
    }
    assert rows(files, on=False) == {"contact frequency": "cadence"}
    files |= {f"Clients/{name}.md": "---\ncontact frequency: monthly\n---\n" for name in "CD"}
    (row,) = propose(notes(files)).rows
    assert (row.on, row.count, row.example) == (True, 4, "monthly")


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("下次联系时间: 2026-12-01", "next_contact"),
        ("客户级别: A", "tier"),
        ("合同到期日: 2027-01-01", "contract_end"),
        ("mobile: 020 1", "phone"),
        ("next_follow_up: 2026-12-01", "next_contact"),
    ],
)
def test_what_is_told_to_be_one_of_our_properties_is_proposed(line: str, meaning: str) -> None:
    name = line.partition(":")[0]
    assert rows({"Clients/A.md": f"---\n{line}\n---\n"})[name] == meaning


def test_each_name_that_is_told_may_be_proposed() -> None:
    for kinds, meant, names in ALSO_CALLED:
        for kind in kinds:
            assert row_of(kind, meant, NoteMapping()) is not None
            assert {field_called(kind, name) for name in names} == {field_called(kind, names[0])} != {None}


def test_property_beside_our_own_is_only_proposed() -> None:
    files = {"Clients/A.md": "---\nemail: a@x.example\nmail: b@x.example\n---\n"}
    assert rows(files, on=False) == {"mail": "email"}


def test_two_names_for_one_property_are_both_on_where_no_note_has_both() -> None:
    files = {
        "Clients/A.md": "---\nmail: a@x.example\n---\n",
        "Clients/B.md": "---\ne-mail: b@x.example\n---\n",
    }
    assert rows(files) == {"mail": "email", "e-mail": "email"}
    files["Clients/C.md"] = "---\nmail: c@x.example\ne-mail: d@x.example\n---\n"
    assert rows(files) == {"e-mail": "email"}
    assert rows(files, on=False) == {"mail": "email"}


def test_attendees_name_the_client_or_take_part() -> None:
    files = {"Clients/A.md": "", "Meetings/1.md": "---\nattendees: [A]\n---\n"}
    assert rows(files) == {"Meetings": "interaction", "attendees": "client"}
    files["Meetings/1.md"] = "---\nattendees: [A]\ncompany: A\n---\n"
    assert rows(files) == {"Meetings": "interaction", "attendees": "participants", "company": "client"}


def test_start_of_a_conversation_is_its_day() -> None:
    files = {"Clients/A.md": "", "Meetings/Kick-off.md": "---\ncompany: A\nstartdate: 2026-11-12\n---\n"}
    assert rows(files) == {"Meetings": "interaction", "company": "client", "startdate": "date"}


def test_tiers_of_ones_own_are_left_alone() -> None:
    """Each note would be told otherwise to have an unknown tier."""
    words = {"a": "gold", "b": "silver", "c": "key accounts"}
    odd = {f"Clients/{name}.md": f"---\nTier: {word}\n---\n" for name, word in words.items()}

    def found(files: dict[str, str], policy: str = "studio") -> list[tuple[str, str, bool]]:
        tiers = read_policy(f'policy = "{policy}"')[0].tiers
        return [(row.key, row.meaning, row.on) for row in propose(notes(files), tiers=tiers).rows]

    assert found(odd) == [("Tier", "", True)]
    assert found({**odd, "Clients/d.md": "---\ntier: B\n---\n"}) == [("Tier", "", False)]
    ours = {f"Clients/{name}.md": f"---\n客户等级: {name}\n---\n" for name in ("重点", "核心", "key")}
    assert found(ours, "sales") == []
    assert found(ours) == [("客户等级", "", True)]


def test_property_whose_values_are_none_of_our_words_is_left_alone() -> None:
    odd = {f"Clients/{number}.md": f"---\nStage: round {number}\n---\n" for number in range(3)}
    (row,) = propose(notes(odd)).rows
    assert (row.table, row.key, row.meaning, row.on) == ("properties", "Stage", "", True)
    assert (row.count, row.example) == (3, "round 0")
    assert mapping_text_of(row).endswith('"Stage" = false  # 3: round 0\n')
    assert rows(dict(list(odd.items())[:2])) == {}, "of two one is told, so that they can be mended"
    even = {f"Clients/{name}.md": "---\nstage: core\n---\n" for name in "abc"}
    assert rows({**odd, **even}) == {}, "half of them can be read"
    core = {"Clients/a.md": "---\nstage: core\n---\n"}
    assert rows({**odd, **core}) == {}
    assert rows({**odd, **core}, on=False) == {"Stage": ""}, "one can be read: not to read it would lose that"


def test_folder_called_as_ours_with_notes_of_no_client_is_left_alone(make_vault: MakeVault) -> None:
    files = {f"Projects/House {number}.md": "- [ ] paint\n" for number in range(3)}
    files["Clients/A.md"] = ""
    (row,) = propose(notes(files)).rows
    assert (row.table, row.key, row.meaning, row.count, row.on) == ("folders", "Projects", "", 3, True)
    assert rows({**files, "Projects/Shop.md": "---\nclient: A\n---\n"}, on=False) == {"Projects": ""}
    assert rows(dict(list(files.items())[1:])) == {}, "of two it is told, so that they can be mended"
    assert rows(dict.fromkeys(files, "---\ntype: project\n---\n") | {"Clients/A.md": ""}) == {}
    root = make_vault(files)
    run_cli("init", root, "--today", "2026-11-20")
    assert 'Projects" = false  # 3: ' in (root / "vaultcrm.toml").read_text(encoding="utf-8")
    said = run_cli("check", "--vault", root)
    assert (said.status, said.out) == (0, "The notes are all readable.\n")


def test_what_is_left_alone_is_no_problem(make_vault: MakeVault) -> None:
    root = make_vault({f"客户/{name}.md": "---\n状态: 送货中\n---\n" for name in "甲乙丙"})
    said = run_cli("init", root, "--lang", "zh", "--today", "2026-11-20")
    assert "属性 状态 = 你自己的内容，不读 · 3 篇：送货中" in said.out
    assert "读不懂" not in said.out
    assert run_cli("check", "--vault", root).status == 0


def test_templates_are_never_read_wherever_they_lie(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "Clients/A.md": "",
            "Clients/Templates.md": "",
            "99 - Templates/Client.md": "---\ntype: client\nstage: ?\n---\n",
            "系统/模板/[x]/客户.md": "---\ntype: client\n---\n",
            "Notes [old]/Templates/2026-11-12.md": "- [[A]] phone: x\n",
        }
    )
    said = run_cli("init", root, "--today", "2026-11-20")
    assert "folder 系统/模板 = templates, never read" in said.out
    config = (root / "vaultcrm.toml").read_text(encoding="utf-8")
    assert tomllib.loads(config)["paths"]["ignore"] == [
        "/99 - Templates/",
        "/Notes [[]old]/Templates/",
        "/系统/模板/",
    ]
    known = outlook(str(root), config, DAY).counts
    assert (known["clients"], known["interactions"], known["problems"]) == (2, 0, 0)


def test_empty_and_endless_names_mean_nothing() -> None:
    assert rows({"Clients/A.md": f"---\nmail:\n{'x' * 200}: 1\nnothing: {{a: 1}}\n---\n"}) == {}


@pytest.mark.parametrize(
    ("files", "setting", "daily"),
    [
        ({"Journal/2026/11/2026-11-12.md": "- [[A]] phone: x"}, None, ("Journal", True)),
        ({"Journal/2026-11-12.md": "- [ ] call [[A]]"}, None, ("Journal", False)),
        ({"Journal/2026-11-12.md": "- [A](../Clients/A.md) phone: x"}, "Journal/", ("Journal", True)),
        ({"Journal/2026-11-12.md": "", "Log/2026-11-12.md": ""}, "Log", ("Log", False)),
        ({"2026-11-12.md": "- [[A]] phone: x"}, None, None),
        ({"Journal/x.md": ""}, "Journal", None),
    ],
)
def test_daily_notes(files: dict[str, str], setting: str | None, daily: tuple[str, bool] | None) -> None:
    found = propose(notes({"Clients/A.md": "", **files}), setting).daily
    assert (None if found is None else (found.key, found.on)) == daily


@pytest.mark.parametrize(
    "settings",
    [
        {".obsidian/daily-notes.json": '{"folder": "Diary"}'},
        {".obsidian/plugins/periodic-notes/data.json": '{"daily": {"folder": "/Diary/"}}'},
        {
            ".obsidian/daily-notes.json": '{"folder": "Diary"}',
            ".obsidian/plugins/periodic-notes/data.json": "[1]",
        },
    ],
)
def test_settings_of_other_programs_name_the_daily_folder(
    make_vault: MakeVault, settings: dict[str, str]
) -> None:
    root = make_vault({"Clients/A.md": "", "Diary/2026-11-12.md": "- [[A]] phone: x\n", **settings})
    start_vault(str(root), language="en", policy="studio", sample=False, day=DAY)
    config = tomllib.loads((root / "vaultcrm.toml").read_text(encoding="utf-8"))
    assert config["capture"]["daily"] == "Diary"


@pytest.mark.parametrize("settings", ["{", "[]", '{"folder": 1}', '{"folder": " / "}'])
def test_settings_that_say_nothing(make_vault: MakeVault, settings: str) -> None:
    root = make_vault({"Clients/A.md": "", ".obsidian/daily-notes.json": settings})
    started = start_vault(str(root), language="en", policy="studio", sample=False, day=DAY)
    assert started.proposed is not None
    assert started.proposed.daily is None


def test_hostile_names_stay_text_in_the_configuration(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            'a"]\\/Clients/A\\B.md': '---\nmail: "x\\n[policy]\\na = 1 \\u001b]8 ' + "y" * 200 + '"\n---\n',
            "b/C.md": '---\ntags: [\'customer"\\n[x]\']\ncategory: "[[Clients]]"\n---\n',
        }
    )
    started = start_vault(str(root), language="en", policy="studio", sample=False, day=DAY)
    text = (root / "vaultcrm.toml").read_text(encoding="utf-8")
    assert started.config == text
    config = tomllib.loads(text)
    assert config["policy"] == "studio"
    assert config["mapping"]["values"]["category"] == {"Clients": "client"}
    assert outlook(str(root), text, DAY).counts["clients"] == 2


def test_examples_are_short() -> None:
    (line,) = mapping_text_of(Row("folders", "F", "client", 3, "x" * 500)).splitlines()[2:]
    assert len(line) < LONGEST_EXAMPLE + 40


def mapping_text_of(row: Row) -> str:
    return mapping_text(Proposed((row,)))


def test_vault_that_is_understood_is_told_so(make_vault: MakeVault) -> None:
    said = run_cli("init", make_vault({"Clients/A.md": "---\nstatus: odd\n---\n"}), "--today", "2026-11-20")
    assert "Your notes are understood as they are." in said.out
    assert "1 value cannot be read" in said.out
    assert "Without it" not in said.out


def test_vault_about_something_else_is_told_so(make_vault: MakeVault) -> None:
    said = run_cli("init", make_vault({"Ideas/A.md": ""}), "--today", "2026-11-20")
    assert "Nothing here seems to be about clients yet" in said.out


def test_many_rows_are_counted(make_vault: MakeVault) -> None:
    root = make_vault({f"{number}/Clients/{number}.md": "" for number in range(40)})
    said = run_cli("init", root, "--dry-run", "--today", "2026-11-20")
    assert "and 16 more in vaultcrm.toml" in said.out
    assert all(len(line) <= 80 for line in said.out.split("\n\n")[0].splitlines())
