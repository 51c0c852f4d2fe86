"""Marked regions and computed properties in people's notes: what is ours changes, all else stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.closed import closed
from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, copy_vault, stamps, write_vault
from vaultcrm.app import runs, upkeep
from vaultcrm.store import files

DAY = date.fromisoformat(AS_OF)
ACME = dedent(SMALL_VAULT["Clients/Acme.md"])
PROPERTIES = '\n[writeback]\nproperties = ["tier", "stage", "next_contact", "health"]\n'
WRITTEN = "crm_tier: C\ncrm_stage: new\ncrm_next_contact: 2026-12-14\ncrm_health: 92\n"
AGENDA = "<!-- vaultcrm:begin agenda days=30 -->\n<!-- vaultcrm:end -->\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", SMALL_VAULT)


def asking(vault: Path, text: str = PROPERTIES) -> Path:
    """The vault with more in its configuration."""
    config = vault / "vaultcrm.toml"
    config.write_text(config.read_text(encoding="utf-8") + text, encoding="utf-8")
    return vault


def index(vault: Path, *options: str) -> Outcome:
    return run_cli("index", "--vault", vault, "--today", AS_OF, *options)


def notes_of(vault: Path) -> dict[str, bytes]:
    return {path: data for path, data in contents(vault).items() if not path.startswith("CRM/")}


# --------------------------------------------------------------------------------- computed properties


def test_nothing_is_written_into_notes_where_nobody_asked_for_it(vault: Path) -> None:
    before = notes_of(vault)
    assert index(vault).status == 0
    assert notes_of(vault) == before


def test_what_is_asked_for_is_written_and_nothing_else(vault: Path) -> None:
    before = notes_of(asking(vault))
    outcome = index(vault)
    assert "wrote Clients/Acme.md" in outcome.out
    after = notes_of(vault)
    assert after.pop("Clients/Acme.md").decode() == ACME.replace("02\n---\n", f"02\n{WRITTEN}---\n")
    assert after.items() <= before.items()


def test_a_second_run_writes_nothing(vault: Path) -> None:
    (asking(vault) / "Home.md").write_text(AGENDA, encoding="utf-8")
    index(vault)
    before = stamps(vault)
    outcome = index(vault)
    assert (outcome.status, "wrote" in outcome.out) == (0, False)
    assert index(vault, "--full").status == index(vault, "--check").status == 0
    assert stamps(vault) == before


@pytest.mark.parametrize("name", ["studio-en", "enterprise-en", "sales-zh", "retention-en"])
def test_a_second_run_over_a_whole_vault_writes_nothing(tmp_path: Path, name: str) -> None:
    vault = asking(copy_vault(name, tmp_path))
    regions = [
        f"<!-- vaultcrm:begin {section} -->\n<!-- vaultcrm:end -->\n" for section in upkeep.REGION_NAMES
    ]
    (vault / "Home.md").write_text("\n".join(regions), encoding="utf-8")
    clients = sorted(vault.rglob("*.md"))
    for path in clients:
        if "type: client" in path.read_text(encoding="utf-8"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n<!-- vaultcrm:begin client -->\n<!-- vaultcrm:end -->\n")
    index(vault)
    before = stamps(vault)
    assert "wrote" not in index(vault).out
    assert stamps(vault) == before


def test_what_is_up_to_date_is_known_without_looking_at_any_client(tmp_path: Path) -> None:
    folder = asking(copy_vault("studio-en", tmp_path))
    clients = [path for path in folder.rglob("*.md") if "type: client" in path.read_text(encoding="utf-8")]
    for path in clients:
        with path.open("a", encoding="utf-8") as file:
            file.write("\n<!-- vaultcrm:begin client -->\n<!-- vaultcrm:end -->\n")
    index(folder)
    vault = runs.open_vault(str(folder))
    overview = runs.overview_of(vault, DAY, 0)
    paths = [path.relative_to(folder).as_posix() for path in clients]
    assert upkeep.write_into_notes(vault, overview, paths) == upkeep.Upkept()
    assert upkeep.write_into_notes(vault, closed(overview), paths) == upkeep.Upkept()


def test_check_tells_the_notes_that_would_be_written(vault: Path) -> None:
    before = contents(asking(vault))
    outcome = index(vault, "--check")
    assert outcome.status == 1
    assert "stale: Clients/Acme.md" in outcome.out
    assert contents(vault) == before


def test_only_the_lines_whose_values_change_do(vault: Path) -> None:
    index(asking(vault))
    path = vault / "Clients/Acme.md"
    theirs = path.read_text(encoding="utf-8").replace("crm_tier: C\n", 'crm_tier: "C"   # as said\n')
    path.write_text(theirs.replace("crm_stage: new", "crm_stage: core"), encoding="utf-8")
    index(vault)
    assert path.read_text(encoding="utf-8") == theirs


def test_properties_that_are_asked_for_no_more_are_taken_out(vault: Path) -> None:
    index(asking(vault))
    config = vault / "vaultcrm.toml"
    text = config.read_text(encoding="utf-8").replace('"stage", "next_contact", ', "")
    config.write_text(text, encoding="utf-8")
    index(vault)
    assert "crm_tier: C\ncrm_health: 92\n---" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")


def test_a_client_without_a_next_contact_has_no_such_property(vault: Path) -> None:
    note = vault / "Clients/Acme.md"
    note.write_text(ACME.replace("owner:", "status: paused\nowner:"), encoding="utf-8")
    index(asking(vault))
    assert "crm_next_contact" not in note.read_text(encoding="utf-8")
    note.write_text(note.read_text(encoding="utf-8").replace("status: paused\n", ""), encoding="utf-8")
    index(vault)
    assert "crm_next_contact: 2026-12-14" in note.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "broken",
    [
        "---\nname: Bell\n",
        "---\na: [1\nname: Bell\n---\n",
        "---\n<<<<<<< x\na: 1\n=======\na: 2\n>>>>>>> y\n---\n",
    ],
)
def test_broken_notes_are_left_alone_and_told_once(vault: Path, broken: str) -> None:
    (asking(vault) / "Clients/Bell.md").write_text(broken, encoding="utf-8")
    outcome = index(vault)
    assert (vault / "Clients/Bell.md").read_text(encoding="utf-8") == broken
    assert "note-left-alone" not in outcome.text()


def test_what_is_written_is_not_read_as_anything(vault: Path) -> None:
    def exported() -> str:
        return run_cli("export", "csv", "--vault", vault, "--today", AS_OF).out

    before = exported()
    index(asking(vault))
    assert exported() == before


def test_a_note_that_is_read_only_does_not_keep_the_others_from_being_written(vault: Path) -> None:
    if os.name == "nt" or os.getuid() == 0:
        pytest.skip("root may write everything")
    (asking(vault) / "Clients/Bell.md").write_text("---\nname: Bell\n---\n", encoding="utf-8")
    os.chmod(vault / "Clients/Acme.md", 0o444)
    outcome = index(vault)
    assert outcome.status == 3
    assert "Clients/Acme.md could not be written: permission denied" in outcome.err
    assert "crm_tier" in (vault / "Clients/Bell.md").read_text(encoding="utf-8")
    assert (vault / "CRM/Dashboard.md").exists()


# -------------------------------------------------------------------------------------- marked regions


def test_a_region_is_filled_and_everything_around_it_stays(vault: Path) -> None:
    before = b"\xef\xbb\xbf# Home\r\n\r\n" + AGENDA.replace("\n", "\r\n").encode() + b"\r\nmine \xff, no end"
    (vault / "Home.md").write_bytes(before)
    index(vault)
    after = (vault / "Home.md").read_bytes()
    begin, end = before.split(b"<!-- vaultcrm:end -->")
    assert after.startswith(begin + b"\r\n")
    assert after.endswith(b" -->" + end)
    assert b"[[Clients/Acme|Acme]]" in after
    assert after.count(b"\n") == after.count(b"\r\n")


def test_a_warm_run_still_knows_which_notes_have_regions(vault: Path) -> None:
    (vault / "Home.md").write_text(AGENDA, encoding="utf-8")
    index(vault)
    (vault / "Clients/Bell.md").write_text("---\nname: Bell\n---\n", encoding="utf-8")
    index(vault)
    assert "Bell" in (vault / "Home.md").read_text(encoding="utf-8")


def test_the_options_of_a_region_count(vault: Path) -> None:
    for owner, shown in (("mira", True), ("jo", False)):
        text = f"<!-- vaultcrm:begin agenda days=1 owner={owner} -->\n<!-- vaultcrm:end -->\n"
        (vault / "Home.md").write_text(text, encoding="utf-8")
        index(vault)
        assert ("Acme" in (vault / "Home.md").read_text(encoding="utf-8")) is shown


def test_a_brief_stands_in_a_client_s_note_only(vault: Path) -> None:
    region = "<!-- vaultcrm:begin client -->\n<!-- vaultcrm:end -->\n"
    for name in ("Home.md", "Clients/Acme.md"):
        with (vault / name).open("a", encoding="utf-8") as file:
            file.write(region)
    outcome = index(vault)
    assert "**Last contacts**" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")
    assert (vault / "Home.md").read_text(encoding="utf-8") == region
    check = run_cli("check", "--vault", vault, "--today", AS_OF)
    assert "Home.md:1:1: error[region-unknown]: no section 'client' can stand here" in check.out
    assert outcome.status == 0


def test_what_stands_in_a_region_is_not_read_as_anything(vault: Path) -> None:
    note = vault / "Clients/Acme.md"
    with note.open("a", encoding="utf-8") as file:
        file.write("\n<!-- vaultcrm:begin client -->\n<!-- vaultcrm:end -->\n- 2026-11-19 phone: after it\n")
    index(vault)
    found = run_cli("show", "Acme", "--json", "--vault", vault, "--today", AS_OF).out
    assert '"last_contact": "2026-11-19"' in found
    assert run_cli("check", "--vault", vault, "--today", AS_OF).status == 0


def test_text_that_a_person_wrote_inside_is_kept_and_told(vault: Path) -> None:
    (vault / "Home.md").write_text(AGENDA, encoding="utf-8")
    index(vault)
    text = (vault / "Home.md").read_text(encoding="utf-8")
    (vault / "Home.md").write_text(text.replace("- **", "- call Ann!\n- **", 1), encoding="utf-8")
    outcome = index(vault)
    assert "Home.md:1:1: warning[region-edited]" in outcome.err
    (rescued,) = (vault / "CRM/Rescued").iterdir()
    assert "- call Ann!" in rescued.read_text(encoding="utf-8")
    assert (vault / "Home.md").read_text(encoding="utf-8") == text
    assert "region-edited" not in index(vault).text()


@pytest.mark.parametrize("path", ["Home.md", "CRM/Dashboard.md"])
def test_what_was_kept_and_then_edited_stays_when_the_same_text_comes_back(vault: Path, path: str) -> None:
    (vault / "Home.md").write_text(AGENDA, encoding="utf-8")
    index(vault)
    text = (vault / path).read_text(encoding="utf-8")
    stale = text.replace("- **", "- call Ann!\n- **", 1)  # as an editor holds it that never looks again
    (vault / path).write_text(stale, encoding="utf-8")
    index(vault)
    (rescued,) = (vault / "CRM/Rescued").iterdir()
    for thoughts in (rescued.read_text(encoding="utf-8") + "\nhours of thoughts\n", "other thoughts\n"):
        rescued.write_text(thoughts, encoding="utf-8")
        (vault / path).write_text(stale, encoding="utf-8")
        index(vault)
        kept = rescued.read_text(encoding="utf-8")
        assert kept.startswith(thoughts)
        assert kept.count("- call Ann!") == 1
        assert (vault / path).read_text(encoding="utf-8") == text
    assert list((vault / "CRM/Rescued").iterdir()) == [rescued]


def test_text_of_a_note_with_the_longest_of_names_is_kept_too(vault: Path) -> None:
    name = "客" * 80 + ".md"
    (vault / name).write_text(
        AGENDA.replace("<!-- vaultcrm:end", "mine\n<!-- vaultcrm:end"), encoding="utf-8"
    )
    assert index(vault).status == 0
    assert len(list((vault / "CRM/Rescued").iterdir())) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<!-- vaultcrm:begin agenda -->\n", "Home.md:1:1: error[region-broken]"),
        (AGENDA + AGENDA, "Home.md:3:1: error[region-broken]"),
        (AGENDA.replace("agenda", "agneda"), "write one of: agenda"),
        (AGENDA + "\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", "Home.md:4:1: error[merge-conflict]"),
    ],
)
def test_what_is_wrong_with_markers_is_told_and_the_note_left_alone(
    vault: Path, text: str, told: str
) -> None:
    (vault / "Home.md").write_text(text, encoding="utf-8")
    index(vault)
    assert (vault / "Home.md").read_text(encoding="utf-8") == text
    assert told in run_cli("check", "--vault", vault, "--today", AS_OF).out


def test_an_unknown_region_does_not_keep_others_from_being_filled(vault: Path) -> None:
    unknown = AGENDA.replace("agenda", "../../secrets")
    (vault / "Home.md").write_text(unknown + AGENDA, encoding="utf-8")
    index(vault)
    after = (vault / "Home.md").read_text(encoding="utf-8")
    assert after.startswith(unknown)
    assert "Acme" in after


def test_templates_keep_their_empty_regions(vault: Path) -> None:
    write_vault(vault, {"Templates/Client.md": AGENDA})
    index(vault)
    assert (vault / "Templates/Client.md").read_text(encoding="utf-8") == AGENDA


def test_regions_and_properties_of_one_note_are_written_together(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (asking(vault) / "Clients/Acme.md").open("a", encoding="utf-8") as file:
        file.write(AGENDA)
    written = []
    real = upkeep.edit_file

    def counted(root: str, path: str, digest: bytes, data: bytes) -> files.Edit:
        written.append(path)
        return real(root, path, digest, data)

    monkeypatch.setattr(upkeep, "edit_file", counted)
    index(vault)
    assert written == ["Clients/Acme.md"]


# ------------------------------------------------------------------------------- who writes meanwhile


def index_while(vault: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path], None]) -> Outcome:
    """Index; at each moment in which notes are about to be exchanged, somebody saves."""
    real = files._swap

    def swap(target: files.Target, spare: str) -> None:
        save(vault / "Clients/Acme.md")
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swap)
    outcome = index(vault)
    monkeypatch.undo()
    return outcome


def test_what_could_not_be_placed_is_told_as_changed_on_disk(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = iter([ACME + "first\n", ACME + "second\n"])

    def save(path: Path) -> None:
        text = next(saves, None)
        if text is not None:
            path.write_text(text, encoding="utf-8")

    outcome = index_while(asking(vault), monkeypatch, save)
    assert "Clients/Acme.md:1:1: warning[changed-on-disk]" in outcome.err
    texts = {path.name: path.read_text(encoding="utf-8") for path in (vault / "Clients").iterdir()}
    assert any("first" in text for text in texts.values())
    assert any("second" in text for text in texts.values())
    assert set(texts) == {"Acme.md", "Acme (kept by vaultcrm).md"}


def test_a_note_that_never_rests_is_told_as_note_busy(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def save(path: Path) -> None:
        nonlocal count
        if count % 2 == 0:  # each exchange is followed by one that takes it back
            path.write_text(f"{ACME}save {count}\n", encoding="utf-8")
        count += 1

    outcome = index_while(asking(vault), monkeypatch, save)
    assert "Clients/Acme.md:1:1: warning[note-busy]" in outcome.err
    assert (vault / "Clients/Acme.md").read_text(encoding="utf-8").endswith("save 4\n")
    index(vault)
    assert "crm_tier" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")


def test_a_save_in_between_is_taken_into_account(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saves = iter([ACME.replace("- 2026-11-13", "- 2026-11-18 phone: a word\n- 2026-11-13")])

    def save(path: Path) -> None:
        text = next(saves, None)
        if text is not None:
            path.write_text(text, encoding="utf-8")

    outcome = index_while(asking(vault), monkeypatch, save)
    after = (vault / "Clients/Acme.md").read_text(encoding="utf-8")
    assert "a word" in after
    assert "crm_next_contact: 2026-12-18" in after  # of the new text, in the same run
    assert outcome.status == 0
    assert "wrote" not in index(vault).out


def test_a_note_that_somebody_is_at_work_on_is_left_for_later(vault: Path) -> None:
    asking(vault)
    opened = runs.open_vault(str(vault), str(vault))
    note = vault / "Clients/Acme.md"
    os.utime(note, ns=(10**18, 10**18))

    def run(rest: upkeep.Rest) -> upkeep.Upkept:
        return runs.index(opened, DAY, 2 * 10**18, rest=rest).notes

    assert run(upkeep.Rest(since_ns=10**18 - 1)).postponed == ("Clients/Acme.md",)
    assert note.read_text(encoding="utf-8") == ACME
    assert run(upkeep.Rest(10**18 - 1, {"Clients/Acme.md": b"other"})).postponed
    ours = {"Clients/Acme.md": sha256(ACME.encode()).digest()}
    found = run(upkeep.Rest(10**18 - 1, ours))
    assert (found.postponed, list(found.changed)) == ((), ["Clients/Acme.md"])
    assert found.changed["Clients/Acme.md"] == sha256(note.read_bytes()).digest()
    note.unlink()
    assert not upkeep.Rest(0).disturbs(str(vault), "Clients/Acme.md")


def test_a_note_that_is_gone_is_not_made_anew(vault: Path) -> None:
    changed = upkeep.change_note(str(vault), "Clients/None.md", lambda data: data + b"x")
    assert (changed.result, changed.data) == (files.EditResult.UNCHANGED, None)
    assert not (vault / "Clients/None.md").exists()
