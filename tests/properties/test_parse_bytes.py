"""Whatever the bytes are, a note comes back, and every place that is told lies within the file."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from vaultcrm.model.note import Fields, Items, SourceFile, Value
from vaultcrm.parse.body import find_links, list_items, says_something
from vaultcrm.parse.frontmatter import parse_note

PIECES = [
    *[
        "---",
        "---\n",
        "\n---\n",
        "type: client\n",
        "名称: 青禾\n",
        "备注：x\n",
        "a:b\n",
        "- ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\r",
    ],
    *[
        "[[",
        "]]",
        "![[",
        "[",
        "]",
        "{",
        "}",
        "{{x}}",
        "<%",
        "%>",
        '"',
        "'",
        "&a ",
        "*a",
        "!t ",
        "<<: ",
        "|\n",
        ">\n",
        "? ",
    ],
    *[
        ": ",
        ":",
        "：",
        "#",
        " # ",
        "@",
        "`",
        "```\n",
        "~~~",
        "%",
        "%%",
        "$$",
        "<!--",
        "-->",
        "<b>",
        "...\n",
        "\ufeff",
        "\0",
    ],
    *[
        "<<<<<<< a\n",
        "=======\n",
        ">>>>>>> b\n",
        "\x85",
        "\u2028",
        "\x07",
        "😀",
        "x",
        "client",
        "- [ ] ",
        "1. ",
        "> ",
        "\\",
        "\\u0",
    ],
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
BLOCKS = TEXTS.map(lambda text: f"---\n{text}\n---\n{text}")
BYTES = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=100).map(lambda data: b"---\n" + data + b"\n---\n" + data),
    st.one_of(TEXTS, BLOCKS, st.text(max_size=100)).map(lambda text: text.encode(errors="ignore")),
    BLOCKS.flatmap(
        lambda text: st.sampled_from(["utf-16", "utf-16-le", "utf-32", "gb18030", "utf-8-sig"]).map(
            text.encode
        )
    ),
)


def lines_of(data: bytes) -> list[str]:
    text = data.decode(errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def places(value: Value) -> list[tuple[int, int]]:
    found = [(value.line, value.column)]
    if isinstance(value, Items):
        found += [place for item in value.items for place in places(item)]
    elif isinstance(value, Fields):
        for each in value.entries:
            found += [(each.line, each.column), *places(each.value)]
    return found


@given(BYTES)
@example(b"---\n? a\n: b\n---\n")
@example(b"---\n  a: b\n c: d\n---")
@example(b"---\n\xef\xbb\xbfa: b\n---\n")
@example(b"\xef\xbb\xbf")
@example('---\r\n名: "x\r\n---\r\n'.encode())
def test_any_bytes_give_a_note_with_places_in_the_file(data: bytes) -> None:
    note, diagnostics = parse_note(SourceFile("N.md", data))
    lines = lines_of(data)
    told = [(each.place.line, each.place.column) for each in diagnostics]
    for each in note.properties:
        told += [(each.line, each.column), *places(each.value)]
    items = list_items(note.body, note.body_line)
    told += [(item.line, item.column) for item in items]
    for line, column in told:
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    for diagnostic in diagnostics:
        assert diagnostic.message.isprintable()
        assert diagnostic.remedy.isprintable()
    for item in items:
        find_links(item.text)
    assert says_something(note.body) or not note.body.strip() or "%" in note.body or "<!--" in note.body
    assert "\r" not in note.body


@given(BYTES)
def test_body_is_the_end_of_the_file(data: bytes) -> None:
    note, diagnostics = parse_note(SourceFile("N.md", data))
    if any(each.code == "not-utf8" for each in diagnostics):
        assert (note.body, note.properties) == ("", ())
        return
    assert note.body == "\n".join(lines_of(data)[note.body_line - 1 :])
    assert note.has_front_matter == (note.body_line > 1)


@given(BLOCKS)
def test_line_ends_make_no_difference(text: str) -> None:
    text = text.replace("\r", "").replace("\0", "")  # how many NUL bytes are too many depends on the size
    read = [parse_note(SourceFile("N.md", text.replace("\n", end).encode())) for end in ("\n", "\r\n", "\r")]
    assert read[0] == read[1] == read[2]
