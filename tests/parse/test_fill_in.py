"""Values put into a template's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.vaults import TESTS
from vaultcrm.model.note import SourceFile
from vaultcrm.parse.fill_in import fill_blanks, fill_properties
from vaultcrm.parse.frontmatter import parse_note


def shown(text: str) -> dict[str, object]:
    note, told = parse_note(SourceFile("", text.encode()))
    assert told == ()
    return {each.name: getattr(each.value, "text", None) for each in note.properties}


def blank(name: str, pattern: str) -> str:
    return {"title": "A: b", "file": "A - b"}.get(name, f"<{name}{pattern}>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{title}} {{date}} {{time:HH}}", "A: b <date> <timeHH>"),
        ("{{ Date : D.M. }}{{title:x}}", "<dateD.M.>A: b"),
        ("{{other}} {{dates}} <% {{x}} %>", "{{other}} {{dates}} <% {{x}} %>"),
        ("---\nname: {{title}}\n---\n", '---\nname: "A: b"\n---\n'),
        ('---\nname: "{{title}}"\n---\n', '---\nname: "A: b"\n---\n'),
        ("---\nname: x {{title}}\n---\n", "---\nname: x A - b\n---\n"),
        ("<% tp.file.title %>|<%* tp.file.title -%>|<%tp.file.title_%>", "A: b|A: b|A: b"),
        ("---\nname: <% tp.file.title %>\n---\n", '---\nname: "A: b"\n---\n'),
        ('---\na: "<% tp.file.title %> x"\n---\n', '---\na: "A - b x"\n---\n'),
        ("<% tp.date.now() %> <% tp.date.now('D.M.') %>", "<dateYYYY-MM-DD> <dateD.M.>"),
        (
            "<% tp.date.now('D', 7) %> <% tp.file.title + 1 %>",
            "<% tp.date.now('D', 7) %> <% tp.file.title + 1 %>",
        ),
        ("---\nunclosed: {{title}}\n", "---\nunclosed: A: b\n"),
    ],
)
def test_blanks(text: str, expected: str) -> None:
    assert fill_blanks(text, blank) == expected


def test_what_is_filled_in_is_no_template() -> None:
    name = "<% tp.file.title %> {{date}}"
    assert fill_blanks("# {{title}} <% tp.file.title %>", lambda *_: name) == f"# {name} {name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "---\ni: 1\na: x\n---\n"),
        ("body", "---\ni: 1\na: x\n---\nbody"),
        ("---\n---\nbody", "---\ni: 1\na: x\n---\nbody"),
        ("---\nt: 1\n---\n", "---\nt: 1\ni: 1\na: x\n---\n"),
        ("---\na: 2\nb: 3\n---\n", "---\na: x\ni: 1\nb: 3\n---\n"),
        ("---\nb: 3\na:\n  - 1\n  - 2\n# c\nd: 4\n---\n", "---\nb: 3\ni: 1\na: x\n# c\nd: 4\n---\n"),
        ("---\na: # why\n---\n", "---\na: x # why\ni: 1\n---\n"),
        ("---\na: 1 # why\n---\n", "---\na: x\ni: 1\n---\n"),
        ("---\na: |\n  long\n\n  text\ni: 2\n---\n", "---\na: x\ni: 1\n---\n"),
    ],
)
def test_properties(text: str, expected: str) -> None:
    assert fill_properties(text, {"a": "x"}, {"i": 1}) == expected


NAMES = st.sampled_from(["a", "b", "客户", "long name", "type"])
VALUES = (
    st.text(max_size=20) | st.none() | st.booleans() | st.lists(st.text(max_size=5), min_size=2, max_size=3)
)


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(["", " x", " [1, 2]", "\n  - 1\n  - 2", " |\n  x", " # c"])),
        max_size=4,
    ),
    st.dictionaries(NAMES, VALUES, max_size=3),
)
def test_what_was_put_in_reads_back(block: list[tuple[str, str]], values: dict[str, object]) -> None:
    template = "---\n" + "".join(f"{name}:{value}\n" for name, value in dict(block).items()) + "---\nbody\n"
    filled = fill_properties(template, values, {})
    note, _ = parse_note(SourceFile("", filled.encode("utf-8", "replace")))
    names = [each.name for each in note.properties]
    assert sorted(names) == sorted({name for name, _ in block} | values.keys())
    assert note.body == "body\n"


def test_every_template_of_ours_takes_properties() -> None:
    for path in sorted((TESTS.parent / "vault_template").rglob("*.md")):
        if path.parent.name in ("Templates", "模板"):
            text = path.read_text(encoding="utf-8")
            assert "x1" in shown(fill_blanks(fill_properties(text, {"x1": "y"}, {}), lambda *_: "2026-11-20"))
