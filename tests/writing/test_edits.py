"""done and snooze: one line of one note changes; what is not meant, or not certain, is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Outcome, run_cli
from tests.support.vaults import AS_OF, SMALL_VAULT, contents, write_vault
from vaultcrm.app.upkeep import Changed
from vaultcrm.errors import NotWritable
from vaultcrm.model.records import FollowUp
from vaultcrm.store import files
from vaultcrm.store.folders import Folder
from vaultcrm.writing import edits

CALL = "Interactions/2026-11-18 Acme call.md"
NOTES = {
    CALL: """\
        ---
        type: interaction
        client: "[[Acme]]"
        channel: phone
        ---
        - [ ] send the quote 📅 2026-11-25 ⏫ @mira
        - [ ] send the price list
        - [ ] ask for the photos 🔁 every week
        """,
    "Clients/Bell & Co.md": """\
        ---
        type: client
        aliases: [the bell people]
        ---

        - [ ] send the contract due:2026-12-01
        - [x] old thing ✅ 2026-11-01
        - [ ] same 📅 2026-12-01
        - [ ] same 📅 2026-12-01
        """,
    "Clients/Call Center.md": "---\ntype: client\n---\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", {**SMALL_VAULT, **NOTES})


def run(vault: Path, *words: str) -> Outcome:
    return run_cli(*words, "--vault", vault, "--today", AS_OF)


def changed_lines(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, list[str]]:
    """What stands in a note's changed lines now, by the note's path."""
    assert before.keys() == after.keys()
    return {
        path: [
            new.decode()
            for old, new in zip(before[path].splitlines(), after[path].splitlines(), strict=True)
            if old != new
        ]
        for path in before
        if before[path] != after[path]
    }


# ------------------------------------------------------------------------------------------------ done

QUOTE = {CALL: ["- [x] send the quote 📅 2026-11-25 ⏫ @mira ✅ 2026-11-20"]}
CONTRACT = {"Clients/Bell & Co.md": ["- [x] send the contract due:2026-12-01 ✅ 2026-11-20"]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["send the quote"], QUOTE),
        (["send", "the", "quote"], QUOTE),
        (["SEND THE QUOTE"], QUOTE),
        (["quote"], QUOTE),
        (["Acme", "quote"], QUOTE),
        (["Acme", "2026-11-25"], QUOTE),
        (["quote", "acme"], QUOTE),
        (["Bell", "send"], CONTRACT),
        (["the", "bell", "people", "contract"], CONTRACT),
        (["Bell & Co", "contract"], CONTRACT),
        (["send the quote", "send the contract"], QUOTE | CONTRACT),
        (["send the quote", "send the quote"], QUOTE),
        (["same"], {"Clients/Bell & Co.md": ["- [x] same 📅 2026-12-01 ✅ 2026-11-20"]}),
    ],
)
def test_what_is_meant_is_ticked_and_nothing_else(
    vault: Path, words: list[str], expected: dict[str, list[str]]
) -> None:
    before = contents(vault)
    outcome = run(vault, "done", *words)
    assert outcome.status == 0, outcome.text()
    assert changed_lines(before, contents(vault)) == expected


def test_it_says_what_it_has_ticked(vault: Path) -> None:
    assert run(vault, "done", "quote").text() == f"done: send the quote · Acme · {CALL}:6\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["send"], "'send' could be several follow-ups"),
        (["send"], "Acme: send the price list (2026-11-21); Acme: send the quote (2026-11-25); Bell & Co"),
        (["Acme", "send"], "Acme: send the price list (2026-11-21); Acme: send the quote (2026-11-25)\n"),
        (["Acme"], "'Acme' could be several follow-ups"),
        (["Acme", "nothing like it"], "no open follow-up says 'Acme nothing like it'"),
        (["the moon"], "Acme: send the price list"),
        (["old thing"], "'old thing' is done already"),
        (["Bell", "old", "thing"], "'Bell old thing' is done already"),
        (["Call Center"], "Call Center has no open follow-up"),
        ([" "], "which follow-up is done?"),
        (["send the quote", "nothing"], "no open follow-up says"),
    ],
)
def test_what_is_not_certain_is_told_with_the_nearest(vault: Path, words: list[str], told: str) -> None:
    before = contents(vault)
    outcome = run(vault, "done", *words)
    assert outcome.status == 2
    assert told in outcome.err
    assert contents(vault) == before


def test_follow_ups_are_told_as_the_vault_s_language_writes_them(vault: Path) -> None:
    (vault / "vaultcrm.toml").write_text('language = "zh"\n', encoding="utf-8")
    told = run(vault, "done", "Acme", "send").err
    assert "Acme：send the price list（2026-11-21）；Acme：send the quote（2026-11-25）\n" in told


def test_without_any_follow_up_it_says_so(tmp_path: Path) -> None:
    outcome = run(write_vault(tmp_path / "v", SMALL_VAULT), "done", "x")
    assert "there is no open follow-up" in outcome.err


def test_a_client_with_one_follow_up_needs_no_more_words(vault: Path) -> None:
    (vault / "Clients/Call Center.md").write_text(
        "---\ntype: client\n---\n- [ ] ring 📅 2026-12-01\n", encoding="utf-8"
    )
    assert run(vault, "done", "Call").status == 0


def test_a_dry_run_shows_the_lines_and_writes_nothing(vault: Path) -> None:
    before = contents(vault)
    assert run(vault, "done", "quote", "--dry-run").text().splitlines() == [
        "would tick: send the quote · Acme",
        f"{CALL}:6",
        "- - [ ] send the quote 📅 2026-11-25 ⏫ @mira",
        "+ - [x] send the quote 📅 2026-11-25 ⏫ @mira ✅ 2026-11-20",
    ]
    assert contents(vault) == before


def test_one_that_comes_again_is_told(vault: Path) -> None:
    assert "it comes again" in run(vault, "done", "photos").err


def test_a_ticked_one_is_gone_from_the_agenda(vault: Path) -> None:
    run(vault, "done", "quote")
    assert "quote" not in run(vault, "agenda").out


def test_as_json(vault: Path) -> None:
    (found,) = json.loads(run(vault, "done", "quote", "--json").out)
    assert found == {
        "text": "send the quote",
        "client": "Acme",
        "due": "2026-11-25",
        "path": CALL,
        "line": 6,
        "removed": ["- [ ] send the quote 📅 2026-11-25 ⏫ @mira"],
        "added": ["- [x] send the quote 📅 2026-11-25 ⏫ @mira ✅ 2026-11-20"],
        "written": True,
    }


def test_lines_that_come_in_between_do_not_lead_it_to_the_neighbour(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = vault / CALL
    real, once = files._swap, iter([True])

    def swap(target: files.Target, spare: str) -> None:
        if next(once, False):
            text = path.read_text(encoding="utf-8")
            path.write_text(
                text.replace("- [ ] send the quote", "- [ ] new\n- [ ] send the quote"), encoding="utf-8"
            )
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swap)
    assert run(vault, "done", "quote").text() == f"done: send the quote · Acme · {CALL}:7\n"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[5:7] == ["- [ ] new", "- [x] send the quote 📅 2026-11-25 ⏫ @mira ✅ 2026-11-20"]


def test_one_that_somebody_ticks_in_between_is_not_ticked_twice(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = vault / CALL
    real = files._swap

    def swap(target: files.Target, spare: str) -> None:
        path.write_text(
            path.read_text(encoding="utf-8").replace("[ ] send the q", "[x] send the q"), encoding="utf-8"
        )
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swap)
    outcome = run(vault, "done", "quote")
    assert outcome.status == 3
    assert "the follow-up is not there any more" in outcome.err
    assert "✅" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("done", "quote"), ("snooze", "Acme", "2w")])
def test_a_note_that_gets_another_name_in_between_is_told(
    vault: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    path = vault / (CALL if words[0] == "done" else "Clients/Acme.md")
    change = edits.change_note

    def renamed(root: str, *rest: Any) -> Changed:
        path.rename(path.with_name("Another.md"))
        return change(root, *rest)

    monkeypatch.setattr(edits, "change_note", renamed)
    name = path.relative_to(vault).as_posix()
    assert run(vault, *words).text() == (
        f"! error: {name} is left as it is: it is not there any more\n"
        "!   if it has another name now, run it again\n[3]\n"
    )


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_one_that_cannot_be_ticked_keeps_no_other_from_it(
    vault: Path, monkeypatch: pytest.MonkeyPatch, dry_run: tuple[str, ...]
) -> None:
    tick = edits.tick

    def refuse(data: bytes, follow_up: FollowUp, *rest: Any) -> Any:
        return tick(data, follow_up, *rest) if "contract" in follow_up.text else None

    monkeypatch.setattr(edits, "tick", refuse)
    outcome = run(vault, "done", "send the quote", "send the contract", "ask for the photos", *dry_run)
    assert outcome.status == 3
    assert outcome.err.count("the follow-up is not there any more") == 2
    assert ("would tick" if dry_run else "done: send the contract") in outcome.out
    assert outcome.out.count("contract") >= 1
    assert ("✅ 2026-11-20" in (vault / "Clients/Bell & Co.md").read_text(encoding="utf-8")) is not bool(
        dry_run
    )


def test_one_whose_note_is_saved_by_who_had_it_open_is_ticked(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, settled = vault / CALL, files.read_settled
    saved: list[str] = []

    def late(folder: Folder, name: str) -> tuple[bytes | None, bool]:
        found = settled(folder, name)
        if not saved:  # the text before is still open in an editor, which does not look at the name
            saved.append(name)
            (path.parent / name).write_text("mine\n", encoding="utf-8")
        return found

    monkeypatch.setattr(files, "read_settled", late)
    outcome = run(vault, "done", "quote")
    assert (outcome.status, outcome.out.startswith("done: send the quote")) == (0, True)
    assert "changed-on-disk" in outcome.err
    assert "✅" in path.read_text(encoding="utf-8")
    (kept,) = path.parent.glob("*kept by vaultcrm*")
    assert kept.read_text(encoding="utf-8") == "mine\n"


def test_a_note_that_never_rests_is_left_and_told(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, count = vault / CALL, 0
    real = files._swap

    def swap(target: files.Target, spare: str) -> None:
        nonlocal count
        if count % 2 == 0:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{count}\n")
        count += 1
        real(target, spare)

    monkeypatch.setattr(files, "_swap", swap)
    outcome = run(vault, "done", "quote")
    assert (outcome.status, "note-busy" in outcome.err) == (3, True)
    assert outcome.out.startswith("not ticked: send the quote")


# ---------------------------------------------------------------------------------------------- snooze


@pytest.mark.parametrize(
    ("when", "until"),
    [("2026-12-04", "2026-12-04"), ("2w", "2026-12-04"), ("1 month", "2026-12-20"), ("friday", "2026-11-27")],
)
def test_a_client_is_snoozed_and_nothing_else_changes(vault: Path, when: str, until: str) -> None:
    before = contents(vault)
    outcome = run(vault, "snooze", "Acme", when)
    assert outcome.status == 0, outcome.text()
    after = contents(vault)
    old, new = before.pop("Clients/Acme.md"), after.pop("Clients/Acme.md")
    assert new == old.replace(b"-02\n---\n", f"-02\nsnooze_until: {until}\n---\n".encode())
    assert before == after
    assert run(vault, "snooze", "Acme", "off").text() == "Acme: snoozed no longer\n"
    assert (vault / "Clients/Acme.md").read_bytes() == old


def test_the_words_of_a_name_need_no_quotes(vault: Path) -> None:
    assert run(vault, "snooze", "Bell", "&", "Co", "2", "weeks").status == 0
    assert "snooze_until: 2026-12-04" in (vault / "Clients/Bell & Co.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("snooze-until: 2020-01-01  # long ago", "snooze-until: 2026-12-04  # long ago"),
        ("暂缓至: 2020-01-01", "暂缓至: 2026-12-04"),
        ("Snooze Until:", "Snooze Until: 2026-12-04"),
        ("rest: 2020-01-01", "rest: 2026-12-04"),
    ],
)
def test_the_property_that_is_there_is_set_whatever_it_is_called(
    vault: Path, line: str, expected: str
) -> None:
    with (vault / "vaultcrm.toml").open("a", encoding="utf-8") as file:
        file.write('\n[mapping.properties]\nrest = "snooze_until"\n')
    note = vault / "Clients/Call Center.md"
    note.write_text(f"---\ntype: client\n{line}\n---\n", encoding="utf-8")
    assert run(vault, "snooze", "Call Center", "2w").status == 0
    assert note.read_text(encoding="utf-8") == f"---\ntype: client\n{expected}\n---\n"


def test_a_chinese_vault_gets_a_chinese_property(vault: Path) -> None:
    config = vault / "vaultcrm.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('"en"', '"zh"'), encoding="utf-8")
    assert run(vault, "snooze", "Acme", "2周").text() == "Acme：2026年12月4日 周五之前不联系\n"
    assert "\n暂缓至: 2026-12-04\n---" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")


def test_what_is_computed_follows(vault: Path) -> None:
    run(vault, "snooze", "Acme", "2027-01-15")
    assert '"next_contact": "2027-01-15"' in run(vault, "show", "Acme", "--json").out


def test_a_dry_run_of_a_snooze(vault: Path) -> None:
    before = contents(vault)
    assert run(vault, "snooze", "Acme", "2w", "--dry-run").text().splitlines() == [
        "Acme: not before Fri 4 Dec 2026",
        "Clients/Acme.md:9",
        "+ snooze_until: 2026-12-04",
    ]
    assert contents(vault) == before


def test_a_snooze_as_json(vault: Path) -> None:
    found = json.loads(run(vault, "snooze", "Acme", "2w", "--json").out)
    assert found == {
        "client": "Acme",
        "snooze_until": "2026-12-04",
        "path": "Clients/Acme.md",
        "line": 9,
        "removed": [],
        "added": ["snooze_until: 2026-12-04"],
        "written": True,
    }
    assert json.loads(run(vault, "snooze", "Acme", "off", "--json").out)["snooze_until"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Nobody", "2w"], "no client is called 'Nobody'"),
        (["Acme"], "until when?"),
        (["Acme", "soon"], "'soon' is no day"),
        (["Acme", "2026-11-20"], "2026-11-20 does not lie ahead"),
    ],
)
def test_what_cannot_be_snoozed_is_told(vault: Path, words: list[str], told: str) -> None:
    before = contents(vault)
    outcome = run(vault, "snooze", *words)
    assert (outcome.status, told in outcome.err) == (2, True), outcome.text()
    assert contents(vault) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "---\ntype: client\nsnooze_until:\n  - 2026-01-01\n---\n",
            ":3 is left as it is: the property has more",
        ),
        ("---\ntype: client\nowner: [a\n---\n", ":3 is left as it is: there is an error in its properties"),
        (
            "---\ntype: client\n---\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n",
            ":4 is left as it is: a merge left",
        ),
    ],
)
def test_a_note_that_is_not_plain_is_left_alone(vault: Path, text: str, told: str) -> None:
    note = vault / "Clients/Call Center.md"
    note.write_text(text, encoding="utf-8")
    outcome = run(vault, "snooze", "Call Center", "2w")
    assert (outcome.status, told in outcome.err) == (3, True), outcome.text()
    assert note.read_text(encoding="utf-8") == text


def test_a_note_that_is_gone_in_between(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "read_file", lambda *_: None)
    assert run(vault, "snooze", "Acme", "2w", "--dry-run").status == 3


# ------------------------------------------------------------------------------------------- writeback

ASKED = '\n[writeback]\nproperties = ["tier", "health"]\n'


def asking(vault: Path) -> Path:
    with (vault / "vaultcrm.toml").open("a", encoding="utf-8") as file:
        file.write(ASKED)
    return vault


def test_what_index_writes_is_taken_out_again(vault: Path) -> None:
    (asking(vault) / "Clients/Bare.md").write_bytes(b"No properties at all.\r\n")
    before = contents(vault)
    run(vault, "index")
    assert b"crm_tier" in (vault / "Clients/Bare.md").read_bytes()
    outcome = run(vault, "writeback", "--remove")
    assert {path: data for path, data in contents(vault).items() if not path.startswith("CRM/")} == before
    assert outcome.out.splitlines()[-1] == "4 notes"
    assert "the next index writes them again" in outcome.err
    assert run(vault, "writeback", "--remove").out == "0 notes\n"


def test_properties_are_taken_out_of_notes_that_are_no_clients_any_more(vault: Path) -> None:
    run(asking(vault), "index")
    note = vault / "Clients/Acme.md"
    note.write_text(note.read_text(encoding="utf-8").replace("type: client", "type: idea"), encoding="utf-8")
    run(vault, "writeback", "--remove")
    assert "crm_" not in note.read_text(encoding="utf-8")


def test_what_is_not_certain_stays_when_properties_are_taken_out(vault: Path) -> None:
    text = "---\ncrm_tier: [a\n---\nabout crm_tier\n"
    for name in ("Odd.md", "Other.md"):
        (vault / name).write_text(text if name == "Odd.md" else "about crm_tier\n", encoding="utf-8")
    before = contents(vault)
    outcome = run(vault, "writeback", "--remove")
    assert outcome.out == "0 notes\n"
    assert "Odd.md:2:1: warning[note-left-alone]" in outcome.err
    assert "Other.md" not in outcome.err
    assert contents(vault) == before


def test_a_note_that_cannot_be_written_keeps_its_properties_and_no_other_does(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(asking(vault), "index")
    real = edits.change_note

    def refused(root: str, path: str, change: Any) -> Changed:
        if path == "Clients/Acme.md":
            raise NotWritable(f"{path} could not be written: permission denied")
        return real(root, path, change)

    monkeypatch.setattr(edits, "change_note", refused)
    outcome = run(vault, "writeback", "--remove")
    assert outcome.status == 3
    assert "Clients/Acme.md could not be written" in outcome.err
    left = [path for path, data in contents(vault).items() if b"crm_tier" in data]
    assert left == ["Clients/Acme.md"]


def test_writeback_writes_nothing_but_the_properties(vault: Path) -> None:
    outcome = run(asking(vault), "writeback")
    assert outcome.out.splitlines()[0] == "wrote Clients/Acme.md"
    assert not (vault / "CRM").exists()
    assert "crm_tier: C" in (vault / "Clients/Acme.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("remove", [[], ["--remove"]])
def test_a_dry_run_of_a_writeback(vault: Path, remove: list[str]) -> None:
    asking(vault)
    if remove:
        run(vault, "writeback")
    before = contents(vault)
    outcome = run(vault, "writeback", "--dry-run", *remove)
    assert outcome.out.splitlines()[0] == "stale: Clients/Acme.md"
    found = json.loads(run(vault, "writeback", "--dry-run", "--json", *remove).out)
    assert found == {
        "written": False,
        "paths": ["Clients/Acme.md", "Clients/Bell & Co.md", "Clients/Call Center.md"],
    }
    assert contents(vault) == before


def test_writeback_says_how_it_is_asked_for(vault: Path) -> None:
    outcome = run(vault, "writeback")
    assert (outcome.status, "[writeback] properties = [" in outcome.err) == (2, True)
