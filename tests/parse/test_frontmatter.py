"""Front matter: what is read, what is refused, where, and what that costs. Notes are the tests' input."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.patience import HANG_S
from vaultcrm.model.diagnostics import SHOWN, Diagnostic
from vaultcrm.model.note import Fields, Items, Note, Property, Scalar, SourceFile, Value
from vaultcrm.parse import frontmatter, yaml_events
from vaultcrm.parse.frontmatter import LARGEST_BLOCK, parse_note


def parsed(text: str | bytes) -> tuple[Note, tuple[Diagnostic, ...]]:
    data = text if isinstance(text, bytes) else text.encode()
    return parse_note(SourceFile("Clients/Acme.md", data))


def block(text: str) -> tuple[dict[str, object], list[str]]:
    """The properties of a block in plain values, and its diagnostics as ``line:column code``."""
    note, diagnostics = parsed(f"---\n{dedent(text).lstrip(chr(10))}---\n")
    assert note.has_front_matter
    return {each.name: plain(each.value) for each in note.properties}, told(diagnostics)


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{each.place.line}:{each.place.column} {each.code}" for each in diagnostics]


def plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return [plain(item) for item in value.items]
    return {each.name: plain(each.value) for each in value.entries}


# --------------------------------------------------------------------------------------- where the block is


@pytest.mark.parametrize(
    ("text", "body", "body_line"),
    [
        ("---\ntype: client\n---\nHello\n", "Hello\n", 4),
        ("---\ntype: client\n---", "", 4),
        ("---  \ntype: client\n---\t \nHello", "Hello", 4),
        ("\ufeff---\ntype: client\n---\nHello", "Hello", 4),
        ("---\r\ntype: client\r\n---\r\nHello\r\nyou\r\n", "Hello\nyou\n", 4),
        ("---\rtype: client\r---\rHello\r", "Hello\n", 4),
        ("---\n\n# why\ntype: client\n\n---\nHello", "Hello", 7),
        ("---\ntype: client\n---\n\n---\nHello\n---\n", "\n---\nHello\n---\n", 4),
    ],
)
def test_block_ends_at_the_next_line_of_hyphens(text: str, body: str, body_line: int) -> None:
    note, diagnostics = parsed(text)
    assert (note.body, note.body_line, note.has_front_matter) == (body, body_line, True)
    assert [(each.name, plain(each.value)) for each in note.properties] == [("type", "client")]
    assert not diagnostics


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "Hello\n",
        "----\ntype: client\n----\n",
        "--- # properties\ntype: client\n---\n",
        "```\n---\ntype: client\n---\n```\n",
        "{\n",
        "---",
        "---\n",
        "---\nA rule as the first line, and prose.\n\nMore: of it.\n",
    ],
)
def test_all_is_body_without_a_block_at_the_top(text: str) -> None:
    note, diagnostics = parsed(text)
    assert (note.properties, note.body, note.body_line, note.has_front_matter) == ((), text, 1, False)
    assert not diagnostics


@pytest.mark.parametrize("text", ["---\n---\n", "---\n---", "---\n\n  \n---\n", "---\n# a comment\n---\n"])
def test_empty_block_is_a_block(text: str) -> None:
    note, diagnostics = parsed(text)
    assert (note.properties, note.has_front_matter, diagnostics) == ((), True, ())


@pytest.mark.parametrize(
    "text",
    [
        "---\ntype: client\nowner: Ann\n",
        "---\ntype: client\n...\nHello\n",
        "---\n# why\ntype: client\n",
        "---\n类型：客户\n",
        "---\ntype: client\n----\n",
        "---\ntype: client\n ---\n",
    ],
)
def test_unclosed_block_is_told_and_is_body(text: str) -> None:
    note, diagnostics = parsed(text)
    assert (note.properties, note.body, note.has_front_matter) == ((), text, False)
    assert told(diagnostics) == ["1:1 front-matter-unclosed"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n---\ntype: client\n---\n", 2),
        (" \n\t\n---\nowner: Ann\n---\ntext\n", 3),
        ("\r\n---\r\n责任人：小周\r\n---\r\n", 2),
        (" ---\nowner: Ann\n---\n", 1),
        ("\u3000---\nowner: Ann\n---\n", 1),
        ("\u200b\n\xa0\n---\nowner: Ann\n---\n", 3),
    ],
)
def test_a_block_behind_blanks_is_told_and_is_body(text: str, line: int) -> None:
    note, diagnostics = parsed(text)
    body = text.replace("\r\n", "\n")
    assert (note.properties, note.body, note.body_line, note.has_front_matter) == ((), body, 1, False)
    assert told(diagnostics) == [f"{line}:1 front-matter-late"]


@pytest.mark.parametrize(
    "text",
    ["\n---\n", "\n---\nA rule, and text.\n---\n", "\n---\nowner: Ann\n", "\n# Note\n\n---\na: b\n---\n"],
)
def test_a_rule_behind_blanks_is_a_rule(text: str) -> None:
    assert parsed(text)[1] == ()


def test_dots_do_not_close() -> None:
    assert block("type: client\n...\n") == ({"type": "client"}, [])
    assert block("type: client\n...\nowner: Ann\n") == (
        {"type": "client", "owner": "Ann"},
        ["3:1 front-matter-syntax"],
    )


# --------------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "~",
        "null",
        "true",
        "012",
        "0555567",
        "12:30",
        "09:30",
        "2026-02-30",
        "0000-00-00",
        "1e3",
        ".inf",
        "0x1F",
        "1_000",
        "+49",
        "R&D",
        "a * b",
        "wow!",
        "50% off",
        "a#b",
        "https://example.com/a?b=c",
        "5,000 & more",
        "-5",
        "9" * 5000,
        "a: b"[:1],
    ],
)
def test_scalar_stays_as_it_is_typed(text: str) -> None:
    note, diagnostics = parsed(f"---\nvalue: {text}\n---\n")
    assert note.properties == (Property("value", Scalar(text, 2, 8), 2, 1),)
    assert not diagnostics


def test_quotes_come_off_and_are_remembered() -> None:
    note, _ = parsed("---\na: \"x: \\\"y\\\" #z\"\nb: 'it''s'\nc: |\n  one\n  two\nd:\n---\n")
    values = [each.value for each in note.properties]
    assert values == [
        Scalar('x: "y" #z', 2, 4, True),
        Scalar("it's", 3, 4, True),
        Scalar("one\ntwo\n", 4, 4, True),
        Scalar("", 7, 3),
    ]


def test_places_count_code_points_from_1() -> None:
    note, _ = parsed("---\n名称: 青禾\n😀 b: [x, '二']\nfields:\n  - date: 05-20\n    title: T\n---\n")
    assert note.properties == (
        Property("名称", Scalar("青禾", 2, 5), 2, 1),
        Property("😀 b", Items((Scalar("x", 3, 7), Scalar("二", 3, 10, True)), 3, 6), 3, 1),
        Property(
            "fields",
            Items(
                (
                    Fields(
                        (
                            Property("date", Scalar("05-20", 5, 11), 5, 5),
                            Property("title", Scalar("T", 6, 12), 6, 5),
                        ),
                        5,
                        5,
                    ),
                ),
                5,
                3,
            ),
            4,
            1,
        ),
    )


def test_unquoted_wikilink_is_a_list_in_a_list() -> None:
    assert block("""
        client: [[Acme]]
        clients:
          - [[Acme]]
        """) == ({"client": [["Acme"]], "clients": [[["Acme"]]]}, [])


def test_equal_names_are_both_kept() -> None:
    note, diagnostics = parsed("---\nowner: Ann\nowner: Bob\n---\n")
    assert [plain(each.value) for each in note.properties] == ["Ann", "Bob"]
    assert not diagnostics


@pytest.mark.parametrize(
    "name", ["content", "handler", "self", "2026", "yes", "null", "a b", "联系人", "[x"[1:]]
)
def test_no_name_is_special(name: str) -> None:
    assert block(f"{name}: x\n") == ({name: "x"}, [])


def test_whole_block_may_be_indented_or_in_braces() -> None:
    assert block("  a: 1\n  b: 2\n") == ({"a": "1", "b": "2"}, [])
    assert block("{a: 1, b: [2]}\n") == ({"a": "1", "b": ["2"]}, [])


def test_list_items_may_stand_at_the_line_begin() -> None:
    assert block("tags:\n- a\n- b\nbad: @x\nowner: Ann\n") == (
        {"tags": ["a", "b"], "owner": "Ann"},
        ["5:6 front-matter-syntax"],
    )


def test_pure_python_scanner_where_libyaml_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    spec = importlib.util.spec_from_file_location("without_libyaml", yaml_events.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.Parser is yaml.SafeLoader
    (read,) = module.read_fields("a: [no, '012']\n", 2)
    assert plain(read.value) == ["no", "012"]


def test_tab_behind_a_colon_is_a_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    assert block("a:\tb\n") == ({"a": "b"}, [])
    monkeypatch.setattr(yaml_events, "Parser", yaml.SafeLoader)
    assert block("a:\tb\n") == ({"a": "b"}, [])


# ----------------------------------------------------------------- an error costs the property it stands in


@pytest.mark.parametrize(
    ("line", "column", "code", "remedy"),
    [
        ("备注：林姐喜欢喝白茶", 1, "full-width-colon", "write an ordinary colon and a space"),
        ("时间：12: 30", 1, "full-width-colon", "write an ordinary colon and a space"),
        ("owner:Ann", 1, "colon-without-space", "put a space behind the colon"),
        ("site:https://example.com", 1, "colon-without-space", "put a space behind the colon"),
        ("owner:\xa0Ann", 1, "colon-without-space", "put a space behind the colon"),
        ("责任人:\u3000吴越", 1, "colon-without-space", "put a space behind the colon"),
        ('tags:["a"]', 1, "colon-without-space", "put a space behind the colon"),
        ("\tbad: x", 1, "tab-indent", "use spaces"),
        ('备注: "还没写完', 5, "front-matter-syntax", "close the quotes at the end of the value"),
        ("bad: 'x", 6, "front-matter-syntax", "close the quotes at the end of the value"),
        ("title: A: B", 9, "front-matter-syntax", "put the value in quotes: it has ': ' in it"),
        ("bad: @x", 6, "front-matter-syntax", "put the value in quotes"),
        ("bad: `x`", 6, "front-matter-syntax", "put the value in quotes"),
        ("bad: %x", 6, "front-matter-syntax", "put the value in quotes"),
        ("bad: ]", 6, "front-matter-syntax", "put the value in quotes"),
        ("bad: > x", 8, "front-matter-syntax", "put the value in quotes"),
        ("bad: [a, b", 6, "front-matter-syntax", "close the bracket ], or put the value in quotes"),
        ("bad: {a: b", 6, "front-matter-syntax", "close the bracket }, or put the value in quotes"),
        ("bad: {a: b，c: d}", 6, "front-matter-syntax", "write ordinary commas instead of ，"),
        ('bad: ["甲"，"乙"]', 6, "front-matter-syntax", "write ordinary commas instead of ，"),
        ("bad: {a: b，c: d", 6, "front-matter-syntax", "close the bracket }, or put the value in quotes"),
        ("bad: [[A]], [[B]]", 11, "front-matter-syntax", "put the whole value in quotes"),
        ('bad: "x" y', 10, "front-matter-syntax", "put the whole value in quotes"),
        ("[[A]]: x", 1, "front-matter-syntax", "put the brackets in quotes"),
        ("just text", 1, "front-matter-syntax", "write it as 'name: value', or delete the line"),
        ("bad: - x", 6, "front-matter-syntax", "put the value in quotes, or each - on a line of its own"),
        ("bad: *bold*", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: *x", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: &x y", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: !!int 3", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: !x", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: ![[A]]", 6, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: [a, *x]", 10, "yaml-reference", "write the value itself, or put it in quotes"),
        ("<<: *x", 1, "yaml-reference", "write the value itself, or put it in quotes"),
        ("<<: {a: b}", 1, "yaml-reference", "write the value itself, or put it in quotes"),
        ("*x : y", 1, "yaml-reference", "write the value itself, or put it in quotes"),
        ("&x bad: y", 1, "yaml-reference", "write the value itself, or put it in quotes"),
        ("bad: a\x07b", 7, "control-character", "delete it"),
        ("bad: a\x85b", 7, "control-character", "delete it"),
        ("bad: a\u2028b", 7, "control-character", "delete it"),
        ("\ufeffbad: a", 1, "control-character", "delete it"),
        ("bad: a\0b", 7, "control-character", "delete it"),
        (r'bad: "\ud800"', 6, "front-matter-syntax", "write the character itself, not its number"),
        (
            "bad: {{date}}",
            6,
            "template-placeholder",
            "fill it in, or move the note into the templates folder",
        ),
        (
            "bad: {{date:YYYY-MM-DD}}",
            6,
            "template-placeholder",
            "fill it in, or move the note into the templates folder",
        ),
    ],
)
@pytest.mark.parametrize("native", [True, False], ids=["libyaml", "pure"])
def test_error_costs_its_property(
    line: str, column: int, code: str, remedy: str, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:
        monkeypatch.setattr(yaml_events, "Parser", yaml.SafeLoader)
    note, diagnostics = parsed(f"---\ntype: client\n{line}\nowner: Ann\naliases: [A, B]\n---\nHello\n")
    assert {each.name: plain(each.value) for each in note.properties} == {
        "type": "client",
        "owner": "Ann",
        "aliases": ["A", "B"],
    }
    assert note.body == "Hello\n"
    (diagnostic,) = diagnostics
    assert (diagnostic.code, diagnostic.place.line) == (code, 3)
    if native:  # the pure-Python scanner notices some of them elsewhere in the line
        assert (diagnostic.place.column, diagnostic.remedy) == (column, remedy)


def test_every_error_has_its_own_place() -> None:
    assert block("""
        备注: "还没写完
        推荐人: "海蓝医疗"
        title: A: B
        责任人：吴越
        重要日期: {date: 10-07, title: 校庆}
        """) == (
        {"推荐人": "海蓝医疗", "重要日期": {"date": "10-07", "title": "校庆"}},
        ["2:5 front-matter-syntax", "4:9 front-matter-syntax", "5:1 full-width-colon"],
    )


def test_open_quote_that_a_later_one_closes_takes_nothing_in() -> None:
    assert block('a: "open\nb: say "\nc: x\n') == ({"b": 'say "', "c": "x"}, ["2:4 front-matter-syntax"])
    assert block("a: 'open\nb: x'\n") == ({"b": "x'"}, ["2:4 front-matter-syntax"])


def test_quotes_may_span_lines() -> None:
    assert block('a: "one\n  two"\nb: "three\nfour"\nc: x\n') == (
        {"a": "one two", "b": "three four", "c": "x"},
        [],
    )


@pytest.mark.parametrize(
    ("lines", "place", "code"),
    [
        ("  - date: 10-07\n    title：校庆\n", "4:5", "full-width-colon"),
        ("  - date: 10-07\n    title:T\n", "4:5", "colon-without-space"),
        ("  - date: 10-07\n   title: T\n", "4:4", "front-matter-syntax"),
        ("\t- date: 10-07\n\t  title: T\n", "3:1", "tab-indent"),
        ("  - date: {{date}}\n", "3:11", "template-placeholder"),
        ("  - &x\n", "3:5", "yaml-reference"),
    ],
)
def test_error_within_a_list_costs_the_whole_list(lines: str, place: str, code: str) -> None:
    assert block(f"dates:\n{lines}owner: Ann\n") == ({"owner": "Ann"}, [f"{place} {code}"])


def test_tab_indented_line_does_not_cost_the_one_before() -> None:
    assert block("type: client\n\tstatus: lost\nowner: Ann\n") == (
        {"type": "client", "owner": "Ann"},
        ["3:1 tab-indent"],
    )


def test_tab_behind_the_sign_of_an_item_is_told_as_one() -> None:
    assert block("dates:\n-\t05-20\nowner: Ann\n") == ({"owner": "Ann"}, ["3:2 tab-indent"])


@pytest.mark.parametrize("native", [True, False], ids=["libyaml", "pure"])
@pytest.mark.parametrize("path", ["C:\\new", "C:\\docs", "C:\\Users\\x", "c:\\temp", "D:\\x"])
def test_backslash_within_quotes_is_named(path: str, native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not native:
        monkeypatch.setattr(yaml_events, "Parser", yaml.SafeLoader)
    note, diagnostics = parsed(f'---\ntype: client\nremarks: "{path}"\nowner: Ann\n---\n')
    assert [each.name for each in note.properties] == ["type", "owner"]
    (diagnostic,) = diagnostics
    assert (diagnostic.code, diagnostic.place.line) == ("front-matter-syntax", 3)
    assert diagnostic.remedy == ("put it in single quotes: in double ones \\ is an escape")
    assert block(f"remarks: '{path}'\nowner: \"a\\nb\"\n") == ({"remarks": path, "owner": "a\nb"}, [])


@pytest.mark.parametrize("body", ["Text\n", "Text\n---\nmore\n", "## Log\n\n- 2026-11-20 phone: x\n\n---\n"])
def test_blanks_before_the_closing_line_are_named(body: str) -> None:
    note, (diagnostic,) = parsed(f"---\ntype: client\nowner: Ann\n  ---\n{body}")
    assert diagnostic.code == "front-matter-unclosed"
    assert diagnostic.remedy.endswith("; delete what stands before the --- in line 4")
    if note.has_front_matter:
        assert [each.name for each in note.properties] == ["type", "owner"]


@pytest.mark.parametrize(
    "text", ["goal: |\n  a\n  ---\n  b\n", 'goal: "a\n  ---\n  b"\n', "goal:\n  - >\n    a\n    ---\n    b\n"]
)
def test_a_rule_within_a_text_of_several_lines_is_text(text: str) -> None:
    properties, diagnostics = block(f"{text}owner: Ann\n")
    assert (list(properties), diagnostics) == (["goal", "owner"], [])


def test_tab_indented_list_is_told_once() -> None:
    assert block("dates:\n\t- 05-20\n\t- 10-07\nowner: Ann\n") == ({"owner": "Ann"}, ["3:1 tab-indent"])


def test_second_document_is_no_property() -> None:
    assert block("type: client\n--- x\n") == ({"type": "client"}, ["3:1 front-matter-syntax"])
    assert block("&x {a: b}\n") == ({}, ["2:1 yaml-reference"])


INDENTED, LISTED = (
    "delete the blanks before the name",
    "delete it, or put the list below a name without a value",
)


@pytest.mark.parametrize("native", [True, False], ids=["libyaml", "pure"])
@pytest.mark.parametrize(
    ("above", "value", "lost", "remedy"),
    [
        ("owner: Ann", "Ann", [" status: lost"], INDENTED),
        ("owner: Ann", "Ann", ["  status: lost", "  phone: 12"], INDENTED),
        ("owner: 'Ann'", "Ann", ["  status: lost"], INDENTED),
        ("owner: Ann\n  Lee", "Ann Lee", ["  status:"], INDENTED),
        ("owner: [Ann, Bo]", ["Ann", "Bo"], ["  status: lost"], INDENTED),
        ("owner:\n  - Ann", ["Ann"], [" status: lost"], INDENTED),
        ("owner:\n  - Ann", ["Ann"], ["  status: lost"], INDENTED),
        ("owner: Ann", "Ann", ["- lost"], LISTED),
        ("owner: 'Ann'", "Ann", ["  - lost", "  - found"], LISTED),
    ],
)
def test_line_that_does_not_belong_to_the_one_above_costs_only_itself(
    above: str, value: object, lost: list[str], remedy: str, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:
        monkeypatch.setattr(yaml_events, "Parser", yaml.SafeLoader)
    written = "".join(f"{line}\n" for line in lost)
    note, diagnostics = parsed(f"---\n{above}\n{written}type: client\n---\n")
    assert [(each.name, plain(each.value)) for each in note.properties] == [
        ("owner", value),
        ("type", "client"),
    ]
    first = above.count("\n") + 3
    assert [(each.place.line, each.read, each.remedy) for each in diagnostics] == [
        (number, line.strip(), remedy) for number, line in enumerate(lost, first)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "owner: {a: Ann}\n  status: lost\n",
        "owner:\n  - a: Ann\n   status: lost\n",
        "owner: Ann: Lee\n  status: lost\n",
        "owner: 'Ann' Lee\n  status: lost\n",
        "owner: [Ann]\n  status\n",
        "owner: [Ann,\n  - b: {c\n",
        "owner:\n  - Ann\n  - [Bo\n",
        "owner:\n  - Ann\n  - Bo: Lee: x\n",
    ],
)
def test_line_that_may_belong_to_the_one_above_costs_that_too(lines: str) -> None:
    properties, diagnostics = block(f"type: client\n{lines}")
    assert (properties, len(diagnostics)) == ({"type": "client"}, 1)


@pytest.mark.parametrize(
    ("line", "column"),
    [("bad: '{{title}}'", 7), ('bad: "{{title}}"', 7), ("bad: <% tp.file.title %>", 6)],
)
def test_placeholder_that_is_a_text_to_yaml_is_told_and_counts_as_written(line: str, column: int) -> None:
    written = line.partition(": ")[2].strip("'\"")
    assert block(f"owner: Ann\n{line}\n") == (
        {"owner": "Ann", "bad": written},
        [f"3:{column} template-placeholder"],
    )


def test_placeholder_within_a_text_is_told_and_the_text_counts() -> None:
    assert block("title: Call {{title}}\nfields: {a: {b: c}}\nshare: 5 <% of it\n") == (
        {"title": "Call {{title}}", "fields": {"a": {"b": "c"}}, "share": "5 <% of it"},
        ["2:13 template-placeholder"],
    )


def test_merge_conflict_is_told_once_and_both_sides_are_kept() -> None:
    note, diagnostics = parsed(
        "---\ntype: client\n<<<<<<< HEAD\nowner: Ann\n=======\nowner: Bob\n>>>>>>> theirs\ntags:\n"
        "<<<<<<< HEAD\n  - a\n||||||| base\n=======\n  - b\n>>>>>>> theirs\n---\n"
    )
    assert [(each.name, plain(each.value), each.line) for each in note.properties] == [
        ("type", "client", 2),
        ("owner", "Ann", 4),
        ("owner", "Bob", 6),
        ("tags", ["a", "b"], 8),
    ]
    assert told(diagnostics) == ["3:1 merge-conflict"]


def test_merge_conflict_above_the_block_is_told() -> None:
    note, diagnostics = parsed("<<<<<<< HEAD\n---\ntype: client\n---\n")
    assert (note.properties, told(diagnostics)) == ((), ["1:1 merge-conflict"])


def test_row_of_equal_signs_alone_is_no_conflict() -> None:
    assert block("type: client\n=======\nowner: Ann\n") == (
        {"type": "client", "owner": "Ann"},
        ["3:1 front-matter-syntax"],
    )


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "just text\n", "one line\n\nand another\n", "~\n", "- a:b\n", "? [a]\n"[2:]]
)
def test_block_without_properties(text: str) -> None:
    properties, diagnostics = block(text)
    assert (properties, diagnostics) == ({}, ["2:1 front-matter-no-fields"])


def test_every_remedy_is_shown_whole() -> None:
    remedies = [remedy for _, remedy in yaml_events._REMEDIES] + [yaml_events._QUOTES]
    assert not [remedy for remedy in remedies if len(remedy) > SHOWN]


# ------------------------------------------------------------------------------------------- no text at all


@pytest.mark.parametrize(
    ("data", "place", "found"),
    [
        ("---\nowner: Andr\xe9\n---\n".encode("latin-1"), "2:12", "0xE9"),
        ("---\r\nowner: 青\xe9".encode()[:-1], "2:9", "0xC3"),
        (b"\xff", "1:1", "0xFF"),
        (b"---\na: \xed\xa0\x80\n---\n", "2:4", "0xED"),
        ("---\na: b\n---\n".encode("utf-16"), "1:1", "UTF-16"),
        ("---\na: b\n---\n".encode("utf-16-be"), "1:1", "UTF-16"),
        (b"\0" * 4096, "1:1", "NUL bytes"),
        (b"\0\0\0\0rest of it", "1:1", "NUL bytes"),
    ],
)
def test_note_that_is_no_utf8_is_left_out_whole(data: bytes, place: str, found: str) -> None:
    note, diagnostics = parsed(data)
    assert (note.properties, note.body, note.has_front_matter) == ((), "", False)
    assert told(diagnostics) == [f"{place} not-utf8"]
    assert diagnostics[0].read == found


def test_single_nul_is_a_character() -> None:
    note, diagnostics = parsed("---\na: b\n---\nHello\0 you, and all of you\n")
    assert (note.body, diagnostics) == ("Hello\0 you, and all of you\n", ())


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\u200b", "\ufeff"])
def test_odd_line_breaks_in_a_body_are_characters(character: str) -> None:
    note, _ = parsed(f"---\na: b\n---\nx{character}y\n")
    assert note.body == f"x{character}y\n"


# ------------------------------------------------------------------------------------------- size and depth


def test_block_may_have_64_kib() -> None:
    row = "a: " + "ä" * ((LARGEST_BLOCK - 4) // 2) + "\n"
    assert len(row.encode()) == LARGEST_BLOCK
    assert parsed(f"---\n{row}---\n")[1] == ()
    note, diagnostics = parsed(f"---\n{row[:-1]}b\n---\nHello\n")
    assert (note.properties, note.body, note.body_line) == ((), "Hello\n", 4)
    assert told(diagnostics) == ["1:1 front-matter-too-large"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_32_levels_are_read(opening: str, closing: str) -> None:
    at_limit, beyond = (f"x: {opening * depth}{closing * depth}\nowner: Ann\n" for depth in (32, 33))
    assert block(at_limit)[1] == []
    properties, diagnostics = block(beyond)
    assert properties == {"owner": "Ann"}
    assert diagnostics == [f"2:{4 + 32 * len(opening)} front-matter-too-deep"]


def test_indentation_nests_too() -> None:
    lines = "".join(f"{' ' * depth}a:\n" for depth in range(34))
    assert block(f"{lines}owner: Ann\n") == ({"owner": "Ann"}, ["35:34 front-matter-too-deep"])


def test_too_deep_names_the_property() -> None:
    _, diagnostics = parsed(f"---\nties: {'[' * 40}\n---\n")
    assert diagnostics[0].about == "ties"


_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + step)}: &{chr(98 + step)} {{<<: [{', '.join(['*' + chr(97 + step)] * 9)}]}}\n"
    for step in range(20)
)

HOSTILE = {
    "nested-lists": "x: " + "[" * 25_000,
    "nested-and-closed": "x: " + "[" * 25_000 + "]" * 25_000,
    "nested-fields": "x: " + "{a: " * 12_000,
    "hyphens": "- " * 30_000,
    "question-marks": "? " * 30_000,
    "stairs": "\n".join(" " * step + "a:" for step in range(340)),
    "merge-keys": _BOMB,
    "long-number": "x: " + "9" * 5000,
    "megabyte": "x: y\n" * 200_000,
    "one-long-line": "x: " + "y" * 1_000_000,
    "no-spaces": "a:b\n" * 15_000,
    "aliases": "a: *b\n" * 10_000,
    "open-quotes": 'a: "b\n' * 10_000,
    "open-brackets": "a: [\n" * 10_000,
    "tabs": "a: b\n\tc: d\n" * 5000,
    "placeholders": "<%" * 32_000,
    "curly": "a: {{b}}\n" * 7000,
    "conflicts": "<<<<<<< \n" * 6000,
    "flat-list": "x: [" + "a," * 30_000 + "]",
    "nearly-closed": "a: b\n---x\n" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_front_matter_ends_soon_on_a_small_stack(text: str) -> None:
    taken: list[float] = []

    def read() -> None:
        start = time.process_time()
        parsed(f"---\n{text}\n---\nHello\n")
        taken.append(time.process_time() - start)

    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert taken[0] < HANG_S


# ----------------------------------------------------------------------------------------------- in general

NAMES = st.sampled_from(["type", "owner", "客户", "content", "a b", "x"])
GOOD = st.sampled_from(
    [
        "client",
        "[a, b]",
        '"[[Acme]]"',
        "[[Acme]]",
        "\n  - a\n  - b",
        "{a: b}",
        "|\n  text: x\n\n  more",
        "",
        "12:30",
        "'x'",
    ]
)
BAD = st.sampled_from(
    ["bad: @x", "备注：x", "bad:x", "title: A: B", "bad: *x", 'bad: "x', "bad: [x", "bad: {{x}}", "just text"]
)


@given(st.lists(st.tuples(NAMES, GOOD), min_size=1), BAD, st.data())
def test_good_properties_count_whatever_stands_between(
    rows: list[tuple[str, str]], bad: str, data: st.DataObject
) -> None:
    lines = [f"{name}: {value}".rstrip() for name, value in rows]
    alone, diagnostics = parsed("---\n" + "\n".join(lines) + "\n---\n")
    assert not diagnostics
    at = data.draw(st.integers(0, len(lines)))
    mixed, diagnostics = parsed("---\n" + "\n".join([*lines[:at], bad, *lines[at:]]) + "\n---\n")
    assert [(each.name, plain(each.value)) for each in mixed.properties] == [
        (each.name, plain(each.value)) for each in alone.properties
    ]
    assert len(diagnostics) == 1


def test_split_text_is_none_without_a_closing_line() -> None:
    assert frontmatter.split_text("---\na: b\n") is None
