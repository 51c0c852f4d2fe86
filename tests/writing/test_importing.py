"""`import`: notes of contacts, nothing that exists changed, nothing twice, nothing acted upon."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
import vobject

from tests.conftest import MakeVault
from tests.support.command import run_cli
from tests.support.vaults import contents, copy_vault
from vaultcrm.app import runs
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.frozen import replace
from vaultcrm.model.records import ClientHistory
from vaultcrm.model.results import Assessment
from vaultcrm.parse.contact_tables import read_table
from vaultcrm.parse.policy import LANGUAGES
from vaultcrm.parse.vcards import read_vcards
from vaultcrm.render.export import export_csv
from vaultcrm.writing.importing import Imported, import_contacts


@pytest.fixture(params=["studio-en", "sales-zh", "enterprise-en"])
def golden_vault(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a vault with everything in it."""
    return copy_vault(request.param, tmp_path / "golden")


EMPTY = {"vaultcrm.toml": 'currency = "EUR"\n'}

MOMENT = datetime(2026, 11, 20, 9, 5)


def card(*lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def imported(root: Path, text: str, dry_run: bool = False) -> Imported:
    return import_contacts(runs.open_vault(str(root)), read_vcards(text), MOMENT, 0, dry_run=dry_run)


def histories(root: Path) -> dict[str, ClientHistory]:
    loaded = runs.load(runs.open_vault(str(root)), 0)
    assert loaded.diagnostics == ()
    return {each.client.name: each for each in loaded.portfolio.histories}


ANN = card(
    *(
        "FN:Ann Keller",
        "ORG:Pine Bakery;Hall",
        "TITLE:Head",
        "TEL;TYPE=CELL:+49 170 1234567",
        "TEL:030 7654321",
    ),
    *(
        "EMAIL:ann@pine.example",
        "BDAY:--0415",
        "NOTE:rye\\nand cats",
        "ANNIVERSARY:20100501",
        "URL:https://x.example",
    ),
)
BOB = card("FN:Bob Miller", "EMAIL:bob@mill.example", "NOTE:one line", "X-ANNIVERSARY:2011-06-01")


@pytest.mark.parametrize("language", LANGUAGES)
def test_companies_are_clients_and_who_works_there_people(make_vault: MakeVault, language: str) -> None:
    root = make_vault({"vaultcrm.toml": f'language = "{language}"\n'})
    result = imported(root, ANN + BOB)
    assert [each.kind for each in result.notes] == ["client", "client", "person"]
    found = histories(root)
    (ann,) = found["Pine Bakery"].people
    assert (ann.name, ann.position, ann.email) == ("Ann Keller", "Head", ("ann@pine.example",))
    assert ann.phone == ("+49 170 1234567", "030 7654321")
    assert ann.birthday is not None
    assert (ann.birthday.month, ann.birthday.day, ann.birthday.year) == (4, 15, None)
    assert found["Pine Bakery"].contacts == (ann,)
    bob = found["Bob Miller"].client
    assert (bob.email, bob.remarks, bob.contact[0].text) == (("bob@mill.example",), "one line", "Bob Miller")
    assert [each.title for each in bob.important_dates] == ["Anniversary"]
    assert all(each.id for each in (ann, bob, found["Pine Bakery"].client))
    text = (root / result.notes[-1].path).read_text(encoding="utf-8")
    assert "rye\nand cats\n" in text
    assert "  - date: 2010-05-01\n    title: Anniversary\n" in text
    assert ("手机: +49 170 1234567" if language == "zh" else "mobile: +49 170 1234567") in text


def test_nobody_gets_a_second_note_beside_one_that_cannot_be_read(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault(EMPTY)
    loaded = replace(runs.load(runs.open_vault(str(root)), 0), unreadable=("Clients/Ann.md",))
    monkeypatch.setattr(runs, "load", lambda *_: loaded)
    before = contents(root)
    with pytest.raises(VaultcrmError, match="nothing is imported") as caught:
        imported(root, ANN)
    assert caught.value.exit_status == 3
    assert caught.value.hint == "1 file could not be read, and it may stand there: Clients/Ann.md"
    assert contents(root) == before


def test_second_import_makes_nothing(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    text = (
        ANN
        + BOB
        + card("FN:张三", "BDAY:农历八月十五")
        + card("N:O'Neil;x;;;", "ORG:A/B: C")
        + card("TEL:+49 30 9999999")
    )
    assert len(imported(root, text).notes) == 7
    before = contents(root)
    again = imported(root, text)
    assert (again.notes, again.proposals) == ((), ())
    assert again.same == 5
    assert contents(root) == before


def test_dry_run_shows_what_would_be_written(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    shown = imported(root, ANN + BOB, dry_run=True)
    assert contents(root).keys() == EMPTY.keys()
    made = imported(root, ANN + BOB)
    assert [each.path for each in shown.notes] == [each.path for each in made.notes]
    for one, other in zip(shown.notes, made.notes, strict=True):
        lines = [line for line in other.text.splitlines() if not line.startswith("id:")]
        assert [line for line in one.text.splitlines() if line != "id: …"] == lines


PEOPLE = {
    "Clients/Pine Bakery.md": "---\ntype: client\n---\n",
    "People/Ann.md": "---\ntype: person\nclient: '[[Pine Bakery]]'\nemail: ANN@pine.example\n"
    "position: baker\n---\nrye\n",
}


def test_notes_that_exist_are_never_changed_but_told_about(make_vault: MakeVault) -> None:
    root = make_vault(PEOPLE)
    before = contents(root)
    result = imported(root, ANN)
    assert contents(root) == before
    (offer,) = result.proposals
    assert (offer.path, offer.because) == ("People/Ann.md", "email")
    assert offer.add == {
        "aliases": ("Ann Keller",),
        "phone": ("+49 170 1234567", "030 7654321"),
        "birthday": ("04-15",),
        "website": ("https://x.example",),
        "department": ("Hall",),
        "remarks": ("and cats",),
        "important_dates": ("{date: 2010-05-01, title: Anniversary}",),
    }
    assert offer.differs == {"position": ("baker", "Head")}


@pytest.mark.parametrize(
    ("note", "path"),
    [
        ("---\ntype: client\nphone: 0170/1234567\ncontact: Ann Keller\n---\n", "Clients/Pine.md"),
        ("---\ntype: client\nemail: ann@pine.example\n---\n", "Clients/Pine.md"),
        ("---\nE-Mail: x\nphone: [+49 170 1234567]\n---\n", "Ann Keller.md"),
        ("---\ntype: person\nemail: <ann@pine.example>\n---\n", "Anywhere.md"),
    ],
)
def test_addresses_and_numbers_find_notes_of_every_kind(make_vault: MakeVault, note: str, path: str) -> None:
    root = make_vault({path: note})
    result = imported(root, ANN)
    assert result.notes == ()
    assert [each.path for each in result.proposals] == [path]


def test_colleague_who_shares_a_number_gets_a_note_and_is_told(make_vault: MakeVault) -> None:
    root = make_vault(
        {**PEOPLE, "People/Ann.md": PEOPLE["People/Ann.md"].replace("email", "phone: 030 7654321\nemail")}
    )
    result = imported(root, card("FN:Bob Miller", "ORG:Pine Bakery Ltd", "TEL:030 7654321"))
    assert [each.path for each in result.notes] == ["People/Bob Miller.md"]
    assert result.sharing == (("Bob Miller", "People/Ann.md"),)
    assert result.companies == (("Pine Bakery Ltd", "Clients/Pine Bakery.md"),)
    assert [each.name for each in histories(root)["Pine Bakery"].people] == ["Ann", "Bob Miller"]


def test_own_client_who_shares_a_number_is_told(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Pine.md": "---\ntype: client\nphone: 030 7654321\ncontact: Ann\n---\n"})
    result = imported(
        root, card("FN:Bob Miller", "TEL:030 7654321") + card("FN:Cy", "ORG:Pine", "TEL:030 7654321")
    )
    assert [each.path for each in result.notes] == ["Clients/Bob Miller.md", "People/Cy.md"]
    assert result.sharing == (("Bob Miller", "Clients/Pine.md"),)


def test_too_many_values_are_told(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    text = card(
        "FN:Ann", *(f"TEL:030 {each:07}" for each in range(50)), "TITLE:\u202e", "NOTE:" + "x " * 20_000
    )
    result = imported(root, text)
    assert [key for _, _, key in result.told] == ["phone", "remarks"]
    assert len(histories(root)["Ann"].client.phone) == 30


def test_notes_of_other_kinds_are_nobody_s(make_vault: MakeVault) -> None:
    note = "---\ntype: project\nclient: '[[Pine]]'\nstart: 2026-01-01\nemail: ann@pine.example\n---\n"
    root = make_vault({"Clients/Pine.md": "---\ntype: client\n---\n", "Projects/Shop.md": note})
    assert [each.kind for each in imported(root, ANN).notes] == ["client", "person"]


def test_company_that_stands_there_twice_is_made_once(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    text = card("FN:Oak", "KIND:org", "TEL:030 1111111") + card("FN:Oak GmbH", "KIND:org", "TEL:030 2222222")
    assert [each.path for each in imported(root, text).notes] == ["Clients/Oak.md"]


def test_somebody_new_at_a_client_that_names_another_contact(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Pine.md": "---\ntype: client\nphone: 030 7654321\ncontact: Ann\n---\n"})
    result = imported(root, card("FN:Bob Miller", "ORG:Pine", "TEL:030 7654321"))
    assert [each.kind for each in result.notes] == ["person"]


@pytest.mark.parametrize("reach", ["EMAIL:x@y.example", "TEL:+49 30 1234567"])
def test_who_has_no_name_is_made_once(make_vault: MakeVault, reach: str) -> None:
    root = make_vault(EMPTY)
    text = f"BEGIN:VCARD\nVERSION:3.0\n{reach}\nEND:VCARD\n"
    assert len(imported(root, text).notes) == 1
    (client,) = (each.client for each in histories(root).values())
    assert (*client.email, *client.phone) == (client.name,)
    assert imported(root, text).notes == ()


def test_person_whom_a_company_s_card_names_is_its_contact(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    imported(root, card("FN:Pine", "N:Keller;Ann;;;", "ORG:Pine") + card("FN:Bob", "ORG:Pine"))
    (contact,) = histories(root)["Pine"].contacts
    assert getattr(contact, "text", contact) == "Ann Keller"


def test_equal_contacts_of_the_file_become_one(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    result = imported(root, ANN + card("FN:Ann Keller", "TEL:0170 1234567", "EMAIL:a2@pine.example"))
    assert result.equal == (("Ann Keller", (1, 14)),)
    (ann,) = histories(root)["Pine Bakery"].people
    assert ann.email == ("ann@pine.example", "a2@pine.example")


def test_namesakes_are_told_apart(make_vault: MakeVault) -> None:
    root = make_vault({"People/Ann Keller.md": "---\ntype: recipe\n---\n"})
    text = "".join(card("FN:Ann Keller", f"ORG:{name}") for name in ("Oak", "Elm"))
    text += card("FN:Oak Ltd.", "ORG:Oak Ltd.", "TEL:030 1111111")
    paths = [each.path for each in imported(root, text).notes]
    assert paths == [
        "Clients/Oak Ltd.md",
        "People/Ann Keller (Oak).md",
        "Clients/Elm.md",
        "People/Ann Keller (Elm).md",
    ]
    found = histories(root)
    assert [each.people[0].name for each in found.values()] == ["Ann Keller", "Ann Keller"]
    assert imported(root, text).notes == ()


HOSTILE = (
    "../../etc/passwd",
    "---\\nstatus: lost\\n---",
    "[[Pine]] | `= 1` <% tp.x %> {{title}} ![[x]]",
    "\x1b[31mred\x07",
    "<!-- vaultcrm:begin plan -->",
    "x" * 90_000,
    "con",
    "=HYPERLINK(1)",
    "\u202eevil",
    "%%a%% $= x",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_text(make_vault: MakeVault, value: str) -> None:
    root = make_vault(EMPTY)
    lines = (
        f"{name}:{value}" for name in ("FN", "ORG", "TITLE", "NOTE", "URL", "CATEGORIES", "TEL", "X-ABDATE")
    )
    result = imported(
        root, card(*lines) + card(f"FN:{value}", f"NOTE:- 2026-11-01 phone: {value}\\n- [ ] x 📅 2026-12-01")
    )
    assert {each.path.partition("/")[0] for each in result.notes} <= {"Clients", "People"}
    assert all(each.path.count("/") == 1 for each in result.notes)
    overview = runs.overview_of(runs.open_vault(str(root)), date(2026, 11, 20), 0)
    assert {each.client.status for each in overview.assessments} == {"active"}
    assert not any(each.interactions or each.tasks for each in histories(root).values())
    for note in result.notes:
        data = (root / note.path).read_text(encoding="utf-8")
        assert len(data) < 60_000
        assert not any(sign in data for sign in ("<%", "`", "{{", "\x1b", "\x07", "<!--", "\u202e", "![["))
    assert imported(root, card(*lines)).notes == ()


def test_own_templates_folders_and_names_are_used(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "vaultcrm.toml": '[mapping.folders]\n"Work/People" = "person"\n'
            '[mapping.properties]\n"mail" = "email"\n"company" = "client"\n',
            "Templates/Person.md": "---\ntype: person\ncompany:\nmail:\nwebsite:\n---\n"
            "# {{title}} <% tp.now() %>\n",
        }
    )
    person = imported(root, ANN).notes[-1]
    assert person.path == "Work/People/Ann Keller.md"
    assert 'company: "[[Pine Bakery]]"\nmail: ann@pine.example\nwebsite: https://x.example\n' in person.text
    assert "# Ann Keller <% tp.now() %>" in person.text


def test_values_that_mean_nothing_stay_as_remarks(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    book = read_table("Name,Seit,Status\nAnn,long ago,happy\n", {"seit": "since", "status": "status"})
    result = import_contacts(runs.open_vault(str(root)), book, MOMENT, 0)
    assert [key for _, key, _ in result.told] == ["value", "value"]
    assert "since: long ago" in result.notes[0].text.partition("## Remarks")[2]
    assert histories(root)["Ann"].client.since is None


def test_of_several_values_that_can_be_only_one_the_others_are_remarks(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Elm.md": "---\ntype: client\n---\n"})
    table = (
        "Name,Company,Owner,Left\nAnn,Oak,mira,\nBob,Oak,jan,\nEd,Oak,Mira,\nEve,Elm,jan,\nUma,Elm,mira,\n"
    )
    book = read_table(table + "Zoe,,,2026-01-02\n", {"left": "left"})
    result = import_contacts(runs.open_vault(str(root)), book, MOMENT, 0)
    known = histories(root)
    assert (known["Oak"].client.owner, known["Oak"].client.remarks) == ("mira", "owner: jan")
    assert known["Zoe"].client.remarks == "left: 2026-01-02", "a client's note has no such property"
    (elm,) = result.proposals
    assert elm.add == {"owner": ("jan",), "remarks": ("owner: mira",)}


def test_own_notes_hold_all_that_was_imported(make_vault: MakeVault) -> None:
    root = make_vault(EMPTY)
    text = card("FN:Ann", "TITLE:Head", "TITLE:Baker", "X-ABDATE:20100501", "X-ALTBDAY:--0102", "NOTE:a\\nb")
    imported(root, text)
    assert imported(root, text).same == 1
    (again,) = imported(root, card("FN:Ann", "TITLE:Head", "TITLE:Cook")).proposals
    assert again.differs == {"position": ("Head, Baker", "Head, Cook")}


def test_what_a_note_of_that_kind_cannot_say_is_proposed_as_a_remark(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Zoe.md": "---\ntype: client\n---\nleft: 2025-01-02\n"})
    book = read_table("Name,Left,Left\nZoe,2026-01-02,2025-01-02\n", {"left": "left"})
    (zoe,) = import_contacts(runs.open_vault(str(root)), book, MOMENT, 0).proposals
    assert zoe.add == {"remarks": ("left: 2026-01-02",)}


def test_what_a_table_says_of_clients_goes_to_the_client_s_note(make_vault: MakeVault) -> None:
    root = make_vault({"Clients/Elm.md": "---\ntype: client\n---\n"})
    book = read_table("Name,Company,Owner\nAnn,Oak,mira\nBob,Oak,mira\nEve,Elm,jan\n", {})
    result = import_contacts(runs.open_vault(str(root)), book, MOMENT, 0)
    found = histories(root)
    assert (found["Oak"].client.owner, found["Oak"].client.contact) == ("mira", ())
    assert found["Elm"].client.owner is None
    assert [(each.path, each.add) for each in result.proposals] == [("Clients/Elm.md", {"owner": ("jan",)})]


def test_round_trip_over_our_own_export(golden_vault: Path, make_vault: MakeVault) -> None:
    vault = runs.open_vault(str(golden_vault))
    overview = runs.overview_of(vault, date(2026, 11, 20), 0)
    book = read_table(export_csv(overview, vault.labels).decode("utf-8-sig"), {})
    root = make_vault(EMPTY)
    import_contacts(runs.open_vault(str(root)), book, MOMENT, 0)
    copies = {
        each.client.name: each
        for each in runs.overview_of(runs.open_vault(str(root)), overview.day, 0).assessments
    }
    for each in overview.assessments:
        copy = copies[each.client.name]
        assert (copy.client.status, copy.client.owner) == (each.client.status, each.client.owner)
        assert _last_day(copy) == _last_day(each)


def _last_day(assessment: Assessment) -> date | None:
    last = assessment.standing.contacting.last
    return None if last is None else last.day


def test_round_trip_over_cards_made_from_notes(golden_vault: Path, make_vault: MakeVault) -> None:
    before = runs.load(runs.open_vault(str(golden_vault)), 0).portfolio.histories
    text = ""
    for history in before:
        text += _card_of(history.client.name, history.client, None)
        text += "".join(_card_of(each.name, each, history.client.name) for each in history.people)
    root = make_vault(EMPTY)
    assert imported(root, text).told == ()
    after = histories(root)
    for history in before:
        copy = after[history.client.name]
        _same(history.client, copy.client)
        people = {each.name: each for each in copy.people}
        for person in history.people:
            _same(person, people[person.name])


def _card_of(name: str, record: object, company: str | None) -> str:
    made = vobject.vCard()
    made.add("fn").value = name
    made.add("n").value = vobject.vcard.Name(family=name)
    made.add("org").value = [company or name]
    for field, what in (("phone", "tel"), ("email", "email"), ("wechat", "x-wechat")):
        for value in getattr(record, field):
            made.add(what).value = value
    if getattr(record, "position"):  # noqa: B009 - of two kinds of records
        made.add("title").value = record.position
    birthday = record.birthday
    if birthday is not None and not birthday.lunar:
        year = "-" if birthday.year is None else f"{birthday.year}"
        made.add("bday").value = f"{year}-{birthday.month:02}-{birthday.day:02}"
    return made.serialize()


def _same(one: object, other: object) -> None:
    for field in ("phone", "email", "wechat", "position"):
        assert getattr(one, field) == getattr(other, field)
    if one.birthday is not None and not one.birthday.lunar:
        assert one.birthday == other.birthday


@pytest.mark.parametrize(
    ("language", "note", "offered"),
    [
        ("zh", "电话:", {"+ 电话: 138 0000 0000", "+ 邮箱: a@b.example"}),
        ("zh", "phone:", {"+ phone: 138 0000 0000", "+ 邮箱: a@b.example"}),
        ("en", "电话:", {"+ 电话: 138 0000 0000", "+ email: a@b.example"}),
    ],
)
def test_what_is_proposed_is_called_as_the_note_calls_it(
    make_vault: MakeVault, tmp_path: Path, language: str, note: str, offered: set[str]
) -> None:
    notes = {"客户/甲.md": f"---\n{note}\n---\n"}
    root = make_vault({"vaultcrm.toml": f'language = "{language}"\n', **notes})
    file = tmp_path / "contacts.vcf"
    file.write_text(card("FN:甲", "TEL:138 0000 0000", "EMAIL:a@b.example"), encoding="utf-8")
    lines = run_cli("import", "vcf", file, "--vault", root).out.splitlines()
    assert {line.strip() for line in lines if line.startswith("    + ")} == offered


def test_json_says_all(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault(PEOPLE)
    file = tmp_path / "contacts.vcf"
    file.write_text(ANN + BOB + card("FN:x", "garbage", "PHOTO:aa"), encoding="utf-8")
    said = json.loads(run_cli("import", "vcf", file, "--vault", root, "--json", "--dry-run").out)
    assert said["written"] is False
    assert [each["path"] for each in said["notes"]] == ["Clients/Bob Miller.md", "Clients/x.md"]
    assert said["proposals"][0]["differs"] == {"position": {"note": "baker", "file": "Head"}}
    assert said["left_out"] == {"PHOTO": 1}
    assert [each["code"] for each in said["told"]] == ["line"]


def test_encoding_that_is_said(make_vault: MakeVault, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("\ufeffName,Email\nAnn,ann@pine.example\n", encoding="utf-8")
    root = make_vault(EMPTY)
    run = partial(run_cli, "import", "csv", file, "--vault", root, "--json", "--dry-run", "--encoding")
    assert [each["name"] for each in json.loads(run("utf-8").out)["notes"]] == ["Ann"]
    for encoding in ("ascii", "undefined", "nothing"):
        assert run(encoding).status == 2


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ("Kunde", '--map "Kunde=client"'),
        ("Cadence", '--map "Cadence=Cadence"'),  # a client called 2w was what it proposed
        ("", None),
        (",Kunde", '--map "Kunde=client"'),
    ],
)
def test_column_that_is_left_out_can_be_taken_in(
    make_vault: MakeVault, tmp_path: Path, heads: str, said: str | None
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(f"{heads},Name\n{'2w,' * (heads.count(',') + 1)}Ann\n", encoding="utf-8")
    told = run_cli("import", "csv", file, "--vault", make_vault(EMPTY), "--dry-run").err
    assert (said in told) if said else ("--map" not in told)


def test_without_the_extra_it_says_what_to_install(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "contacts.vcf"
    file.write_text(ANN, encoding="utf-8")
    monkeypatch.setitem(__import__("sys").modules, "vobject.base", None)
    outcome = run_cli("import", "vcf", file, "--vault", make_vault(EMPTY))
    assert outcome.status == 2
    assert "pip install 'vaultcrm[import]'" in outcome.err
