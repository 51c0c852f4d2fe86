from __future__ import annotations

import time

import pytest

from tests.support.patience import HANG_S
from vaultcrm.store.names import (
    copied_name,
    ignore_rule,
    is_doubled,
    is_generated,
    possible_originals,
    suspects,
)


@pytest.mark.parametrize(
    ("glob", "path", "is_folder"),
    [
        ("Archive", "Archive", True),
        ("Archive", "Old/Archive", True),
        ("Archive/", "Old/Archive", True),
        ("/Archive", "Archive", True),
        ("Archive/**", "Archive", True),
        ("Archive/**", "Archive/2020/Acme.md", False),
        ("Archive/*", "Archive/Acme.md", False),
        ("Archive/*.md", "Archive/Acme.md", False),
        ("**/Drafts/**", "Drafts/Acme.md", False),
        ("**/Drafts/**", "a/b/Drafts/c/Acme.md", False),
        ("a/**/b.md", "a/b.md", False),
        ("a/**/b.md", "a/x/y/b.md", False),
        ("*.excalidraw.md", "Clients/plan.excalidraw.md", False),
        ("20??-*.md", "Journal/2026-11-20.md", False),
        ("[A-C]*.md", "Bob.md", False),
        ("[!A-C]*.md", "Dora.md", False),
        ("./Private/", "Private", True),
        (" Private ", "Private", True),
        ("a[b.md", "a[b.md", False),
        ("[z-a].md", "[z-a].md", False),
        ("草稿/", "客户/草稿", True),
        ("Cafe\u0301.md", "Caf\u00e9.md", False),
    ],
)
def test_a_glob_ignores(glob: str, path: str, is_folder: bool) -> None:
    rule = ignore_rule([glob])
    assert rule is not None
    assert rule(path, is_folder)


@pytest.mark.parametrize(
    ("glob", "path", "is_folder"),
    [
        ("Archive/", "Archive", False),
        ("/Archive", "Old/Archive", True),
        ("Old/Archive", "Very/Old/Archive", True),
        ("Archive", "Archives", True),
        ("Archive/*.md", "Archive/2020/Acme.md", False),
        ("*.md", "Archive", True),
        ("archive", "Archive", True),
        ("a/**/b.md", "ab.md", False),
        ("[!A-C]*.md", "Bob.md", False),
        ("a.md", "aXmd", False),
    ],
)
def test_a_glob_lets_through(glob: str, path: str, is_folder: bool) -> None:
    rule = ignore_rule([glob])
    assert rule is not None
    assert not rule(path, is_folder)


@pytest.mark.parametrize("globs", [[], [""], ["/", "  "]])
def test_no_glob_is_no_rule(globs: list[str]) -> None:
    assert ignore_rule(globs) is None


@pytest.mark.parametrize(
    "copy",
    [
        "Acme.sync-conflict-20261120-101530-ABC2DEF.md",
        "Acme.sync-conflict-20261120-101530.md",
        "Acme (Conflicted copy MacBook Pro 202611201015).md",
        "Acme (Ann's conflicted copy 2026-11-20).md",
        "Acme (Ann's conflicted copy 2026-11-20 (1)).md",
        "Acme (conflicted copy 2026-11-20 101530).md",
        "Acme (Ann 的冲突副本 2026-11-20).md",
        "Acme（小王的冲突副本 2026-11-20）.md",
        "Acme-NSConflict-小王-v2.md",
        "Acme-NSConflict-ann-mac26.4.1.md",
        "Acme (SFConflict ann@example.com 2026-11-20-10-15-30).md",
        "Acme.conflicted.1721584183256.md",
        "Acme.conflict-20261120-101530.md",
        "Acme (Case Conflict).md",
        "Acme (Case Conflict 1).md",
        "Acme (Unicode Encoding Conflict).md",
        "Acme (Ann 冲突的副本 2026-11-20).md",
        "Acme (Konfliktkopie von Ann 2026-11-20).md",
        "Acme (copie en conflit de Ann 2026-11-20).md",
        "Acme_conflict-20261120-101530.md",
        "Acme_STATION_Nov-20-101530-2026_Conflict.md",
        "Acme (kept by vaultcrm).md",
        "Acme (kept by vaultcrm 2).md",
        "Acme.sync-conflict-20261120-101530-ABC2DEF.sync-conflict-20261121-101530-ABC2DEF.md",
    ],
)
def test_a_conflict_copy_names_its_original(copy: str) -> None:
    assert copied_name(copy) == "Acme.md"
    path = f"Clients/{copy}"
    assert suspects(["Clients/Acme.md", path]) == [path]


@pytest.mark.parametrize(
    "name",
    [
        "conflict vs mistake.md",
        "Conflict of Interest.md",
        "Conflict.md",
        "Acme conflict 2026-11-20.md",
        "Acme (conflict).md",
        "Acme (conflicted copy).md",
        "sync-conflict-20261120-101530.md",
        "Acme 2.md",
        "冲突管理.md",
    ],
)
def test_a_true_name_is_no_conflict_copy(name: str) -> None:
    assert copied_name(name) is None


def test_the_suffix_of_a_copy_is_that_of_its_original() -> None:
    assert copied_name("Acme.sync-conflict-20261120-101530-ABC2DEF.MD") == "Acme.MD"


@pytest.mark.parametrize(
    ("name", "originals"),
    [
        ("Acme 2.md", ("Acme.md",)),
        ("Acme (1).md", ("Acme.md",)),
        ("Acme-LAPTOP-7.md", ("Acme-LAPTOP.md", "Acme.md")),
        ("Acme kick-off.md", ("Acme kick.md",)),
        ("Acme - Copy.md", ("Acme.md",)),
        ("Acme - Copy (2).md", ("Acme.md",)),
        ("Acme copy.md", ("Acme.md",)),
        ("Acme copy 2.md", ("Acme.md",)),
        ("Copy of Acme.md", ("Acme.md",)),
        ("青禾食品 - 副本.md", ("青禾食品.md",)),
        ("青禾食品 - 副本 (2).md", ("青禾食品.md",)),
        ("青禾食品的副本.md", ("青禾食品.md",)),
        ("青禾食品副本 2.md", ("青禾食品.md",)),
        ("2026-11-20 Acme call - Copy.md", ("2026-11-20 Acme call.md",)),
        ("Acme copywriting.md", ()),
        ("Copycat.md", ()),
        ("副本.md", ()),
        ("Acme(1).md", ("Acme.md",)),
        ("青禾（1）.md", ("青禾.md",)),
        ("2026-11-20 Acme call 2.md", ("2026-11-20 Acme call.md",)),
        ("2026-11-20 Acme-LAPTOP.md", ("2026-11-20 Acme.md",)),
        ("2026-11-20.md", ()),
        ("Acme 2026.md", ()),
        ("Acme (draft).md", ()),
        ("Acme.md", ()),
        ("-.md", ()),
        ("2.md", ()),
    ],
)
def test_possible_originals(name: str, originals: tuple[str, ...]) -> None:
    assert possible_originals(name) == originals
    assert bool(suspects([name])) or not originals


ACME = b"---\ntype: client\nname: Acme\n---\n## Log\n- 2026-11-01 phone: hello\n"
BARE = b"---\ntype: client\n---\n"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ACME, True),
        (ACME + b"- 2026-11-02 phone: again\n", True),
        (ACME.replace(b"\n", b"\r\n"), True),
        (b"\xef\xbb\xbf" + ACME, True),
        (ACME.replace(b"hello", b"goodbye"), False),
        (ACME.replace(b"Acme", b"Bolt"), False),
        (b"", False),
    ],
)
def test_doubled_notes_have_equal_properties_and_each_other_s_lines(other: bytes, same: bool) -> None:
    assert is_doubled("Acme 2.md", ACME, other) is same
    assert is_doubled("Acme 2.md", other, ACME) is same


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("Acme 2.md", BARE, BARE, False),
        ("Acme 2.md", BARE + b"tea\n", BARE + b"tea\n", True),
        ("Acme 2.md", BARE + b"tea\n", BARE + b"tea\ncake\n", False),
        ("Acme (1).md", BARE, BARE, True),
        ("Acme (1).md", BARE + b"tea\n", BARE + b"tea\ncake\n", True),
        ("Acme（1）.md", BARE, BARE, True),
        ("Acme - Copy.md", BARE + b"tea\n", BARE + b"tea\ncake\n", True),
        ("Acme - Copy.md", BARE + b"tea\n", BARE + b"coffee\n", False),
        ("青禾的副本.md", BARE, BARE, True),
        ("2026-11-20 Acme 2.md", ACME, ACME, True),
        ("2026-11-20 Acme 2.md", ACME, ACME + b"more\n", False),
        ("2026-11-20 Acme - Copy.md", ACME, ACME + b"more\n", True),
    ],
)
def test_what_the_name_of_a_copy_proves(name: str, one: bytes, other: bytes, same: bool) -> None:
    assert is_doubled(name, one, other) is same
    assert is_doubled(name, other, one) is same


def test_chinese_names_tell_a_note_too() -> None:
    note = "---\n类型: 沟通记录\n客户: 青禾食品\n---\n".encode()
    assert is_doubled("2.md", note, note + b"more\n")


@pytest.mark.parametrize(
    ("data", "generated"),
    [
        (b"<!-- vaultcrm:generated by vaultcrm -->\n# Plan\n", True),
        (b"\xef\xbb\xbf<!-- vaultcrm:generated -->\r\n", True),
        (b"---\ncssclasses: wide\n---\n<!-- vaultcrm:generated -->\n", True),
        (b"see `<!-- vaultcrm:generated` in the docs\n", False),
        (b"<!-- vaultcrm:begin client -->\n", False),
        (b"x\n" * 2000 + b"<!-- vaultcrm:generated -->\n", False),
        (b"", False),
    ],
)
def test_generated_notes_say_so_in_their_first_lines(data: bytes, generated: bool) -> None:
    assert is_generated(data) is generated


@pytest.mark.parametrize(
    "piece",
    [
        "(conflicted copy ",
        ".conflict-1",
        "(冲突副本",
        "-NSConflict-a",
        "_a_Conflict",
        " (",
        "-",
        "sync-conflict-",
    ],
)
def test_long_names_are_looked_at_quickly(piece: str) -> None:
    name = piece * (100_000 // len(piece)) + ".md"
    begin = time.process_time()
    copied_name(name[:255] + "conflict.md")
    possible_originals(name[:255] + ".md")
    assert time.process_time() - begin < HANG_S
