"""Users' text in Markdown, links, spreadsheets and terminals."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
import unicodedata
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from vaultcrm.render.text import (
    clean_text,
    csv_cell,
    cut,
    display_width,
    mail_link,
    markdown_cell,
    markdown_text,
    obsidian_uri,
    one_line,
    pad,
    shell_text,
    shorten,
    tel_link,
    terminal_text,
    toml_text,
    typed_word,
    wikilink,
    without,
)

NASTY = st.text(
    st.sampled_from("ab1 |[]()!`*_~=#^$%<>&;:/\\-+.{}'\"@\t\n\r\x00\x1b\x85\u2028\u202e\ud800é中👍w")
)
TURNS = str.maketrans(dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def seen(markdown: str) -> str:
    """What a reader sees of a paragraph: its text, a wikilink as it stands."""
    tokens = GITHUB.parse(markdown)
    assert [token.type for token in tokens] in (["paragraph_open", "inline", "paragraph_close"], [])
    parts = [child for token in tokens for child in token.children or ()]
    assert {part.type for part in parts} <= {"text", "text_special"}
    return "".join(part.content for part in parts)


# ------------------------------------------------------------------------------------------- clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("tab\tand\nnewline stay", "tab\tand\nnewline stay"),
        ("bell\x07 esc\x1b del\x7f c1\x9b nul\x00", "bell esc del c1 nul"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("👩‍💻 עברית 中文", "👩‍💻 עברית 中文"),
    ],
    ids=[
        "plain",
        "line ends",
        "tab",
        "controls",
        "decomposed",
        "control within a letter",
        "surrogate",
        "scripts",
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_clean_text_is_clean(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", clean)


def test_one_line_joins_blanks_and_keeps_the_wide_ones() -> None:
    assert one_line("  a \t\r\n b\u3000c\u00a0d \n") == "a b\u3000c\u00a0d"


@given(st.text("aB _.é"), st.text("aB _.é", min_size=1))
@example("xa a a", "a a")
@example("2026-05-05 Acme Foods call", "Acme Foods")
@example("Acme Foodstuff", "Acme Foods")
def test_words_are_left_out_where_they_stand_as_such(text: str, words: str) -> None:
    assert without(text, words) == re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", text)


def test_no_words_are_left_out_where_there_are_none() -> None:
    assert without("Acme", "") == "Acme"


def test_shorten() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abc def", 5) == "abc…"
    assert shorten("abc", 1) == "…"


# --------------------------------------------------------------------------------------------- Markdown


@given(NASTY)
@example("1 \u202e 1")
@example("\u202e- x")
@example("- [ ] task")
@example("1. one")
@example("12) twelve")
@example("+ plus")
@example("=====")
@example("---")
@example("# heading #tag ^block")
@example("> [!note] quote")
@example("[x](javascript:alert(1)) ![i](u) [^1] [[a]] ![[b]]")
@example("*a* _b_ **c** __d__ ~~e~~ ==f== `g` ``` h")
@example("<script>x</script> <!-- c --> &lt; &#60; &amp;amp; R&D")
@example("http://x.example/a_b_c www.x.example :tada: 10:30")
@example("$x$ $$y$$ `= 1` `$= 2` key:: value %% c %% <% tp %> {{date}}")
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    assert seen(markdown_text(text)) == one_line(text.translate(TURNS))


@given(NASTY)
def test_a_cell_stays_a_cell(text: str) -> None:
    html = GITHUB.render(f"| a | b |\n|---|---|\n| {markdown_cell(text)} | end |\n| next | row |")
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 4
    assert cells[1:] == ["end", "next", "row"]


@given(NASTY)
def test_nothing_that_a_program_looks_for_is_left_in_markdown(text: str) -> None:
    markdown = markdown_text(text)
    for mark in ("<", "`", "%%", "[", "]", "|", "$", "{", "}", "==", "::", "://", "\n", "\x1b"):
        assert mark not in markdown
    assert not re.search(r"(^|\s)#", markdown)
    assert not re.search(r"(^|\s)\^", markdown)


def test_ordinary_names_are_not_made_ugly() -> None:
    for name in (
        "Acme",
        "Oak & Iron",
        "R&D, 50 % off!",
        "青禾食品（上海）",
        "Müller-Lüdenscheidt",
        "2026-11-20 10:30",
        "1.5 km",
    ):
        assert markdown_text(name) == name


def test_text_that_turns_direction_ends_with_itself() -> None:
    assert markdown_text("\u202eevil\u2066") == "evil"


@pytest.mark.parametrize(
    ("path", "shown", "link"),
    [
        ("Clients/Acme.md", "Acme", "[[Clients/Acme|Acme]]"),
        ("Clients/Oak & Iron.MD", "Oak & Iron", "[[Clients/Oak & Iron|Oak & Iron]]"),
        ("客户/青禾食品.md", "青禾食品", "[[客户/青禾食品|青禾食品]]"),
        ("Clients/a_b.v2.md", "a b", "[[Clients/a_b.v2|a b]]"),
        ("Clients/Cafe\u0301.md", "Café", "[[Clients/Café|Café]]"),
        ("Clients/Acme.md", "  ", "[[Clients/Acme|Clients/Acme]]"),
        ("Clients/Acme.md", "A]]|B", "A&#93;&#93;&#124;B [[Clients/Acme|↗]]"),
        ("Clients/a#b.md", "a#b", "a&#35;b"),
        ("Clients/a%%b.md", "x", "x"),
        ("Clients/a\nb.md", "x", "x"),
        ("Clients/a\udcffb.md", "x", "x"),
        ("Clients/a .md", "x", "x"),
    ],
)
def test_wikilink(path: str, shown: str, link: str) -> None:
    assert wikilink(path, shown) == link


@pytest.mark.parametrize("sign", list("#^[]|\\<>`${}*~\x00\x9b\u202e"))
def test_a_name_that_cannot_be_linked_is_text(sign: str) -> None:
    assert wikilink(f"Clients/a{sign}b.md", "shown") == "shown"


def test_a_wikilink_in_a_table_does_not_end_its_cell() -> None:
    link = wikilink("Clients/Acme.md", "Acme", in_table=True)
    assert link == r"[[Clients/Acme\|Acme]]"
    html = GITHUB.render(f"| a | b |\n|---|---|\n| {link} | end |")
    assert re.findall(r"<td>(.*?)</td>", html) == ["[[Clients/Acme|Acme]]", "end"]
    assert wikilink("Clients/Acme.md", "a|b", in_table=True) == r"a&#124;b [[Clients/Acme\|↗]]"


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+49 (30) 12-34", "[&#43;49 (30) 12-34](tel:+49301234)"),
        ("010/12345678", "[010/12345678](tel:01012345678)"),
        ("138 0000 0000/139 1111 1111", "[138 0000 0000/139 1111 1111](tel:13800000000)"),
        ("+49 (0)30 1234567", "[&#43;49 (0)30 1234567](tel:+49301234567)"),
        ("0049 (0) 30 1234567", "[0049 (0) 30 1234567](tel:0049301234567)"),
        ("(030) 1234567", "[(030) 1234567](tel:0301234567)"),
        ("(0)30 1234567", "[(0)30 1234567](tel:0301234567)"),
        ("12", "12"),
        ("+49 30 1234 ext. 5", "&#43;49 30 1234 ext. 5"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("１２３４５", "１２３４５"),
        ("1" * 40, "1" * 40),
    ],
)
def test_tel_link(number: str, link: str) -> None:
    assert tel_link(number) == link


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("ann_lee@acme.example", r"[ann\_lee@acme.example](mailto:ann_lee@acme.example)"),
        (" a+b@x.co.example\n", "[a+b@x.co.example](mailto:a+b@x.co.example)"),
        ("a@localhost", "a@localhost"),
        ("a@b.c?bcc=x@y.z", "a@b.c?bcc=x@y.z"),
        ("a b@x.example", "a b@x.example"),
        (f"{'a' * 250}@x.example", f"{'a' * 250}@x.example"),
    ],
)
def test_mail_link(address: str, link: str) -> None:
    assert mail_link(address) == link


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_an_obsidian_address_is_ascii_and_opens_what_was_meant(vault: str, file: str) -> None:
    uri = obsidian_uri(vault, f"{file}.md")
    assert uri.isascii()
    assert not re.search(r"[ +/<>\"]", uri.removeprefix("obsidian://"))
    query = parse_qs(urlsplit(uri).query, keep_blank_values=True, strict_parsing=True)
    assert query == {"vault": [vault], "file": [unicodedata.normalize("NFC", file)]}


def test_an_obsidian_address_is_the_same_whatever_the_file_system_makes_of_a_name() -> None:
    assert obsidian_uri("V", "Cafe\u0301.md") == obsidian_uri("V", "Caf\u00e9.md")


def test_an_obsidian_address_of_a_name_that_is_not_unicode() -> None:
    assert obsidian_uri("V", "a\udcff.md") == "obsidian://open?vault=V&file=a%3F"


# ------------------------------------------------------------------------------- spreadsheets, terminals


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert csv_cell(text).startswith("'")


def test_a_cell_of_text_is_the_text() -> None:
    assert csv_cell("Acme = 1\x00") == "Acme = 1"


@pytest.mark.skipif(os.name != "posix", reason="another shell quotes otherwise")
def test_shell_text_is_read_back_and_nothing_of_it_runs(tmp_path: Path) -> None:
    name = r'A "B" $(touch x) `touch x` \ $HOME C'
    command = ("sh", "-c", f'printf %s "{shell_text(name)}"')
    said = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    assert said.stdout.decode() == name
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("客户库/2026", "客户库/2026"),
        ("C:\\Vault", "C:\\Vault"),
        ("my vault", '"my vault"'),
        ("Tom's (old)", '"Tom\'s (old)"'),
        ('a"b $HOME `id`', r'"a\"b \$HOME \`id\`"'),
        ("a\nb", r"a\x0ab"),
        ("", '""'),
    ],
)
def test_a_name_in_a_command_is_one_word(name: str, typed: str) -> None:
    assert typed_word(name) == typed


def test_terminal_text_shows_what_would_steer() -> None:
    assert terminal_text("a\x1b[31m\x9bb\u202e\ud800") == r"a\x1b[31m\x9bb\u202e\ud800"
    assert terminal_text("中\u3000文 👩‍💻") == "中\u3000文 👩‍💻"


@given(st.text())
def test_terminal_text_cannot_steer(text: str) -> None:
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", terminal_text(text))


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("中文", 4), ("e\u0301", 1), ("，", 2), ("👍", 2), ("a\u200d", 1), ("", 0)],
)
def test_display_width(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_pad_counts_columns() -> None:
    assert pad("中", 4) == "中  "
    assert pad("中", 4, right=True) == "  中"
    assert pad("中文", 3) == "中文"


def test_cut_counts_columns() -> None:
    assert cut("中文字符", 8) == "中文字符"
    assert cut("中文字符", 6) == "中文…"
    assert cut("中文字符", 5) == "中文…"
    assert cut("abc", 1) == "…"
    assert cut("abc", 0) == ""


@given(st.text(), st.integers(0, 20))
def test_cut_fits(text: str, width: int) -> None:
    assert display_width(cut(text, width)) <= width


@given(st.text())
def test_toml_reads_back_what_was_written_on_one_line(text: str) -> None:
    written = toml_text(text)
    assert written.isprintable()
    assert tomllib.loads(f"a = {written}")["a"] == text.encode(errors="replace").decode()
