"""Which sections of a client's note are its log: ours, and those that the vault maps to it."""

from __future__ import annotations

import pytest

from tests.parse.builders import codes, places
from vaultcrm.model.note import SourceFile
from vaultcrm.model.policy import NoteMapping
from vaultcrm.parse.notes import Read, read_file
from vaultcrm.parse.readers import ReadConfig
from vaultcrm.parse.vocabulary import fold


def read(body: str, *titles: str, kind: str = "client") -> Read:
    config = ReadConfig(mapping=NoteMapping(sections={fold(title): "log" for title in titles}))
    return read_file(SourceFile("Clients/Acme.md", f"---\ntype: {kind}\n---\n{body}".encode()), config)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("## Interactions", "interactions"),
        ("## 📞 Call-log ##", "📞 call log"),
        ("Calls\n-----", "Calls"),
        ("## 跟进记录", "跟进记录"),
        ("## Calls\n### 2026", "Calls"),
    ],
)
def test_a_heading_that_the_vault_maps_is_a_log(heading: str, title: str) -> None:
    reading, told = read(f"{heading}\n- 2026-11-20: coffee +1\n- [x] 2026-11-19 tea\n", title)
    assert [(each.summary, each.source) for each in reading.interactions] == [("coffee", "log")]
    assert codes(told) == ["log-item-boxed"]


def test_ours_hold_beside_it_and_others_do_not() -> None:
    body = "## Log\n- 2026-11-20 a\n## Calls\n- 2026-11-19 b\n## Plan\n- 2026-11-18 c\n"
    assert [each.summary for each in read(body, "Calls")[0].interactions] == ["a", "b"]
    assert [each.summary for each in read(body)[0].interactions] == ["a"]


def test_what_is_lost_in_it_is_told_as_in_ours() -> None:
    _, told = read("## Calls\n\n2026-11-20 phone: a\n", "Calls")
    assert places(told) == ["Clients/Acme.md:6:1 log-line-lost 2026-11-20 phone: a"]


def test_a_log_under_another_heading_is_told_with_what_to_write() -> None:
    _, (told,) = read("## Calls ##\n- 2026-11-20 a\n")
    assert told.remedy.endswith('or add "Calls" = "log" below [mapping.sections] in vaultcrm.toml')
    _, (told,) = read("- 2026-11-20 phone: a\n")
    assert told.remedy == "put a line '## Log' above such items"
