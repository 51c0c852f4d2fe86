"""One fault, one line: what is told of notes that cannot be read, and of notes that are none of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run_cli
from tests.support.vaults import AS_OF, write_vault
from vaultcrm.model.note import SourceFile
from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.notes import read_file
from vaultcrm.parse.readers import ReadConfig


def told(path: str, note: str | bytes) -> list[str]:
    data = note if isinstance(note, bytes) else note.encode()
    _, diagnostics = read_file(SourceFile(path, data), ReadConfig(mapping=NoteMapping()))
    return [f"{each.place.line} {each.code}" for each in diagnostics]


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("---\nclient: '[[Acme]]'\ndate: 2026-11-20\n", "1 front-matter-unclosed"),
        ("client: '[[Acme]]'\ndate: 2026-11-20\n\nA call.\n", "1 front-matter-unopened"),
        (b"---\nclient: '[[Acme]]'\n---\ncaf\xe9\n", "4 not-utf8"),
        ("---\nclient: '[[Acme]]'\nx: " + "y" * 65_536 + "\n---\n", "1 front-matter-too-large"),
    ],
    ids=["unclosed", "unopened", "not-utf8", "too-large"],
)
@pytest.mark.parametrize("folder", ["Interactions", "People", "Projects", "Feedback"])
def test_properties_that_cannot_be_read_are_not_said_to_be_missing_too(
    folder: str, note: str | bytes, code: str
) -> None:
    assert told(f"{folder}/Call.md", note) == [code]


def test_placeholder_is_not_told_once_more_as_a_bad_date() -> None:
    dates = 'since: "{{date}}"\nreviewed: <% tp.date.now() %>\nlost_on: never'
    note = f"---\ntype: client\n{dates}\nstatus: lost\n---\n"
    assert told("Acme.md", note) == ["3 template-placeholder", "4 template-placeholder", "5 bad-date"]


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("---\ntype: client\nname: Acme\n", "1 front-matter-unclosed"),
        ("---\nname: Acme\ntype: 客户\n", "1 front-matter-unclosed"),
        (b"---\ntype: client\n---\ncaf\xe9\n", "4 not-utf8"),
        ("---\ntype：客户\nname: Acme\n---\n", "2 full-width-colon"),
        ('---\ntype:"client"\nname: Acme\n---\n', "2 colon-without-space"),
        ("---\ntype: {{kind}}\ntype: client\n---\n", "2 template-placeholder"),
    ],
)
def test_note_that_says_it_is_ours_is_told_wherever_it_stands(note: str | bytes, code: str) -> None:
    assert told("Anywhere/Acme.md", note)[0] == code


@pytest.mark.parametrize(
    "note",
    [
        "---\ntype: book\nauthor: x\n",
        b"---\ntype: note\n---\ncaf\xe9\n",
        "---\ntitle：x\n---\n",
        "---\ndate: {{date}}\n---\n",
        "---\nx: [\n---\n",
    ],
)
def test_faults_of_strangers_are_not_told(note: str | bytes) -> None:
    assert told("Anywhere/Acme.md", note) == []


LARGE = "x" * (2 * 1024 * 1024 + 1)


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"Drawings/Map.excalidraw.md": LARGE}, []),
        ({"Clients/Acme.md": LARGE}, ["note-too-large"]),
        ({"Drawings/Acme.md": f"---\ntype: client\n---\n{LARGE}"}, ["note-too-large"]),
        ({"Daily/A.md": "x", "Daily/A.sync-conflict-20261101-101010-ABCDEFG.md": "y"}, []),
        ({"Daily/A.sync-conflict-20261101-101010-ABCDEFG.md": "y"}, []),
        ({"Clients/A.md": "x", "Clients/A.sync-conflict-20261101-101010-ABCDEFG.md": "y"}, ["conflict-copy"]),
        ({"Clients/A.sync-conflict-20261101-101010-ABCDEFG.md": "y"}, ["conflict-copy-alone"]),
        (
            {
                f"Work/A.sync-conflict-2026110{day}-101010-ABCDEFG.md": "---\ntype: client\n---\n"
                for day in (1, 2, 3)
            },
            ["conflict-copy", "conflict-copy", "conflict-copy-alone"],
        ),
        ({"CRM/Dashboard.sync-conflict-20261101-101010-ABCDEFG.md": "y"}, ["conflict-copy"]),
    ],
)
def test_files_that_are_not_read_are_told_where_they_concern_us(
    files: dict[str, str], codes: list[str], tmp_path: Path
) -> None:
    vault = write_vault(tmp_path / "vault", files)
    outcome = run_cli("export", "json", "--vault", vault, "--today", AS_OF)
    assert [each["code"] for each in json.loads(outcome.out)["diagnostics"]] == codes


@pytest.mark.parametrize(
    ("path", "note", "expected"),
    [
        ("Acme.md", "type: client\n", ["1 front-matter-unopened"]),
        ("Acme.md", "\n\nType：客户\n", ["3 front-matter-unopened"]),
        ("Acme.md", "—\ntype: client\n---\n", ["2 front-matter-unopened"]),
        ("Acme.md", "-----\nname: Acme\ntype: client\n", ["2 front-matter-unopened"]),
        ("Clients/Acme.md", "phone: 12\nemail: a@b.example\n", ["1 front-matter-unopened"]),
        ("Acme.md", "phone: 12\nemail: a@b.example\n", []),
        ("Clients/Acme.md", "phone: 12\n\nemail: a@b.example\n", []),
        ("Clients/Acme.md", "phone: 12\nreminder: ask for the other one\n", []),
        ("Clients/Acme.md", "Old friends.\n\ntype: client\n", []),
        ("Acme.md", "type: essay\n", []),
        ("Acme.md", "---\n---\ntype: client\n", []),
        ("Acme.md", "-----\n", []),
        ("Clients/Acme.md", "", []),
    ],
)
def test_properties_that_no_line_opens_are_told(path: str, note: str, expected: list[str]) -> None:
    assert told(path, note) == expected


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("Clients/Acme.md", "Cleint", ["2 unknown-type"]),
        ("Clients/Acme.md", "clients", ["2 unknown-type"]),
        ("Acme.md", "Cleint", []),
        ("Clients/Acme.md", "essay", []),
    ],
)
def test_a_kind_that_is_nearly_one_of_ours_is_told(path: str, kind: str, expected: list[str]) -> None:
    assert told(path, f"---\ntype: {kind}\nsince: never\n---\n") == expected
