"""Bodies: list items, links, and whether there is any text. Documents are the tests' input."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.patience import HANG_S
from vaultcrm.model.note import LinkText, ListItem
from vaultcrm.parse.body import LONGEST_DOUBTFUL, LONGEST_LINE, find_links, list_items, says_something


def items(text: str) -> tuple[ListItem, ...]:
    return list_items(dedent(text).lstrip("\n"), 1)


def texts(text: str) -> list[str]:
    return [item.text for item in items(text)]


# ----------------------------------------------------------------------------------------------- list items


@pytest.mark.parametrize(
    "body", ["", "\n", "Hello, you.\n\nWell-known: 3.5 %\n", "---\n", "**bold**\n*slanted*\n"]
)
def test_no_items(body: str) -> None:
    assert list_items(body, 1) == ()


def test_item_has_text_place_and_box() -> None:
    assert list_items("Before\n\n- [ ] call 📅 2026-11-25\n", 5) == (
        ListItem("call 📅 2026-11-25", "call 📅 2026-11-25", " ", 7, 7, ()),
    )


@pytest.mark.parametrize("marker", ["-", "*", "+", "1.", "1)", "7.", "007)", "123456789."])
def test_every_marker(marker: str) -> None:
    (item,) = items(f"{marker} one\n")
    assert (item.text, item.box, item.line, item.column) == ("one", None, 1, len(marker) + 2)


@pytest.mark.parametrize(
    "line", ["-one", "1.one", "1 one", "–\N{NO-BREAK SPACE}one", "1234567890. one", "\\- one", "-\xa0one"]
)
def test_no_marker(line: str) -> None:
    assert items(line + "\n- two\n")[0].text == "two"


@pytest.mark.parametrize(
    ("line", "box", "text", "column"),
    [
        ("- [ ] a", " ", "a", 7),
        ("- [x] a", "x", "a", 7),
        ("- [X]  a ", "X", "a", 8),
        ("- [-] a", "-", "a", 7),
        ("- [/] a", "/", "a", 7),
        ("1. [ ] a", " ", "a", 8),
        ("- [ ]\ta", " ", "a", 7),
        ("- [ ]", " ", "", 6),
        ("- [] a", None, "[] a", 3),
        ("- [xx] a", None, "[xx] a", 3),
        ("- [x](a.md)", None, "[x](a.md)", 3),
        ("- [[A]] a", None, "[[A]] a", 3),
        ("- [x]a", None, "[x]a", 3),
        ("- a [ ] b", None, "a [ ] b", 3),
        ("- \\[ ] a", None, "\\[ ] a", 3),
    ],
)
def test_box(line: str, box: str | None, text: str, column: int) -> None:
    (item,) = items(line + "\n")
    assert (item.box, item.text, item.column) == (box, text, column)


def test_column_counts_code_points_and_tabs_as_one() -> None:
    assert [(item.text, item.column) for item in items("- 😀 青\n\t- - 二\n")] == [
        ("😀 青", 3),
        ("", 7),
        ("二", 6),
    ]


def test_paragraph_is_joined_to_its_first_blank_line() -> None:
    (item,) = items("""
        - sent the
          trend report
        lazily #insight

          not this
          nor this
        """)
    assert (item.text, item.first_line) == ("sent the trend report lazily #insight", "sent the")


def test_nested_items_are_items_of_their_own() -> None:
    assert texts("""
        - one
            more
          - two
             1. three
          * four
        - five
        """) == ["one more", "two", "three", "four", "five"]


def test_text_is_the_first_paragraph_only() -> None:
    assert texts(
        "- # Heading\n  text\n- ```\n  code\n  ```\n- Title\n  ---\n-\n  later\n-\n\n  outside\n-     code\n"
    ) == [
        "",
        "",
        "",
        "later",
        "",
        "",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "```\n- x\n```\n",
        "```` md\n```\n- x\n````\n",
        "~~~\n- x\n```\n- x\n~~~\n",
        "   ```\n- x\n   ```\n",
        "    - x\n",
        "\t- x\n",
        "> - x\n> - [ ] x\n",
        "> [!todo] Call\n> - [ ] x\n",
        "> quote\n> - x\nlazily\n",
        "<!-- - x\n\n- x\n-->\n",
        "<!--\n- x\n-->\n",
        "<div>\n- x\n</div>\n",
        "<details>\n- x\n\n</details>\n",
        "<script>\n\n- x\n\n</script>\n",
        "%%\n- x\n\n- x\n%%\n",
        "text %% begins\n- x\nends %% here\n",
        "$$\n- x\n$$\n",
        "  $$ a\n- x\n b $$\n",
        "<!-- vaultcrm:begin agenda days=7 -->\n- [[Acme]] call\n<!-- vaultcrm:end 1a2b -->\n",
        "<!--vaultcrm:begin agenda-->\n- [[Acme]] call\n<!--vaultcrm:end-->\n",
        "<!-- vaultcrm:begin agenda -->\n- [[Acme]] call\n<!--\tvaultcrm:end 1a2b-->\n",
        "* * *\n",
        "- - -\n",
        "a\n-\n",
        "a\n2. x\n",
        "a\n    - x\n",
    ],
)
def test_hidden_lists_do_not_count(hidden: str) -> None:
    assert texts(f"- before\n\n\npara\n\n{hidden}\n# End\n\n- after\n") == ["before", "after"]


@pytest.mark.parametrize(
    "shown",
    [
        "```\ncode\n```\n- x\n",
        "``` not `code\n- x\n",
        "`%%`\n- x\n\n`%%`\n",
        "50%% off\n- x\n",
        "```\n%%\n```\n- x\n\n```\n%%\n```\n",
        "$$ a $$\n- x\n\n$$\n",
        "costs $$\n- x\n\n$$\n",
        "<!-- one --> <!-- two -->\n- x\n",
        "<!-- vaultcrm:begin agenda -->\n- x\n",
        "> quote\n\n- x\n",
        "> quote\n- x\n",
        "   - x\n",
        "a\n- x\n",
        "a\n1. x\n",
        "<https://example.com>\n- x\n",
        "| - | a |\n- x\n",
    ],
)
def test_shown_lists_count(shown: str) -> None:
    assert texts(f"para\n\n{shown}\n# End\n") == ["x"]


def test_unclosed_fence_hides_the_rest_and_a_list_closes_its_own() -> None:
    assert texts("```\n- x\n") == []
    assert texts("- a\n  ```\n  - x\n- b\n") == ["a", "b"]


def test_comments_are_no_part_of_a_text() -> None:
    (item,) = items("- sent it <!-- id 7 --> #insight %%to check%%\n  `%%x%%` 5%%\n")
    assert (item.text, item.first_line) == ("sent it  #insight  `%%x%%` 5%%", "sent it  #insight")


def test_long_line_is_a_plain_word() -> None:
    longest = "- " + "x" * (LONGEST_LINE - 2)
    assert [len(text) for text in texts(f"{longest}\n- {'y' * LONGEST_LINE}\n")] == [LONGEST_LINE]


def test_large_body_keeps_to_the_scan() -> None:
    body = "- a\n  > quote\n" + "text\n\n" * (LONGEST_DOUBTFUL // 6) + "- b\n"
    assert len(body) > LONGEST_DOUBTFUL
    assert texts(body) == ["a", "b"]


# ------------------------------------------------------------------------------------------------- sections


def test_sections_are_the_headings_above_outermost_first() -> None:
    found = items("""
        - none
        # Acme #
        - top
        ## Log
        - log
        #### 2026
        - deep
        ### Later
        - later
        # Other
        - other
        """)
    assert [(item.text, item.sections) for item in found] == [
        ("none", ()),
        ("top", ("Acme",)),
        ("log", ("Acme", "Log")),
        ("deep", ("Acme", "Log", "2026")),
        ("later", ("Acme", "Log", "Later")),
        ("other", ("Other",)),
    ]


def test_underlined_headings() -> None:
    found = items("Log\n===\n- a\n\nTwo\n  lines\n---\n- b\n\nc\n\n---\n- d\n")
    assert [item.sections for item in found] == [("Log",), ("Log", "Two lines"), ("Log", "Two lines")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("## Log", "Log"),
        ("##  沟通记录 ##", "沟通记录"),
        ("##\tLog#", "Log#"),
        ("   ## Log", "Log"),
        ("##", ""),
        ("## #", ""),
    ],
)
def test_title(line: str, title: str) -> None:
    assert items(f"{line}\n- a\n")[0].sections == (title,)


@pytest.mark.parametrize("line", ["##Log", "####### Log", "    ## Log", "\\## Log", "> ## Log", "- ## Log"])
def test_no_title(line: str) -> None:
    assert items(f"{line}\n\n- a\n")[-1].sections == ()


# ---------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("[[Acme]]", "Acme", "Acme"),
        ("[[ Clients/Acme ]]", "Clients/Acme", "Clients/Acme"),
        ("[[Acme|the Acme people]]", "Acme", "the Acme people"),
        ("[[Acme\\|us]]", "Acme", "us"),
        ("[[Acme#Log]]", "Acme", "Acme"),
        ("[[Acme#Log|log]]", "Acme", "log"),
        ("[[Acme#^b1]]", "Acme", "Acme"),
        ("[[Acme|]]", "Acme", "Acme"),
        ("[[青禾食品.md]]", "青禾食品.md", "青禾食品.md"),
    ],
)
def test_wikilink(text: str, target: str, shown: str) -> None:
    assert find_links(f"x {text} y") == (LinkText(target, shown, 2, 2 + len(text)),)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[s](Acme.md)", "Acme.md"),
        ("[s](../Clients/Acme%20Foods.md)", "../Clients/Acme Foods.md"),
        ("[s](%E9%9D%92%E7%A6%BE.md#Log)", "青禾.md"),
        ("[s](<Acme Foods.md>)", "Acme Foods.md"),
        ("[s]( Acme.md 'title' )", "Acme.md"),
        ('[s](Acme.md "title")', "Acme.md"),
        ("[s](Acme_(Foods).md)", "Acme_(Foods).md"),
        ("[s](50%.md)", "50%.md"),
        ("[s](a%23b.md)", "a#b.md"),
    ],
)
def test_markdown_link(text: str, target: str) -> None:
    assert find_links(text) == (LinkText(target, "s", 0, len(text), relative=True),)


def test_embeds_are_marked() -> None:
    assert [(link.target, link.embed) for link in find_links("![[a.png|300]] ![b](c.png) [[d]]")] == [
        ("a.png", True),
        ("c.png", True),
        ("d", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[ ] [x]",
        "[[]]",
        "[[ ]]",
        "[[#Log]]",
        "[[|x]]",
        "[[a\nb]]",
        "[[a[b]]",
        "[s](https://example.com/a.md)",
        "[s](mailto:a@example.com)",
        "[s](obsidian://open?vault=v)",
        "[s](//example.com/a)",
        "[s](#log)",
        "[s]()",
        "[s](a b.md)",
        "[s] (a.md)",
        "`[[Acme]]`",
        "`` ` [[Acme]] ``",
    ],
)
def test_no_link(text: str) -> None:
    assert find_links(text) == ()


def test_code_ends_where_as_many_backticks_stand() -> None:
    text = "`` [[a]] ` [[b]] `` [[c]] `[[d]]` ` [[e]]"
    assert [link.target for link in find_links(text)] == ["c", "e"]


def test_links_come_in_order() -> None:
    assert [link.target for link in find_links("[a](a.md)[[b]] [[c]], [d](d.md) [[e")] == [
        "a.md",
        "b",
        "c",
        "d.md",
    ]


# ------------------------------------------------------------------------------------------- says something


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n \t\n\u3000\n",
        "<!-- fill in -->\n",
        "%% fill in %%\n\n%%\n- x\n%%\n",
        "<!-- vaultcrm:begin client -->\n# Acme\n<!-- vaultcrm:end 1a -->\n",
        "<!--vaultcrm:begin client-->\n# Acme\n<!--   vaultcrm:end 1a-->\n",
        "<!-- a\n\nb --><!-- c -->",
    ],
)
def test_says_nothing(body: str) -> None:
    assert not says_something(body)


@pytest.mark.parametrize(
    "body",
    [
        "x",
        "# Notes\n",
        "<!-- a --> b",
        "%% a %% b",
        "%% a",
        "<!-- a",
        "`<!-- a -->`",
        "$$\nx\n$$ <!-- -->",
        "100%%",
    ],
)
def test_says_something(body: str) -> None:
    assert says_something(body)


# -------------------------------------------------------------------------------------------------- hostile

HOSTILE = {
    "brackets": "- " + "[" * 9000 + "\n" + "[" * 50_000,
    "embeds": "- a\n" + "![[" * 30_000,
    "nested": "- " * 4500,
    "nested-numbers": "1. " * 3000 + "\n- a\n",
    "nested-many": ("- " * 30 + "a\n") * 1000,
    "stairs": "".join(" " * (2 * step) + "- a\n" for step in range(400)),
    "quotes": "> " * 4000 + "a\n- b\n",
    "quotes-in-items": "- > b\n" * 4000,
    "deep-quotes-in-item": "- a\n  > b\n" + (">" * 60 + "a\n") * 1000,
    "html": "- a\n" + "<div>\n" * 10_000,
    "html-attributes": "- a\n" + ("<a " + "b " * 4900 + "\n") * 6,
    "comments": "- a " + "<!-- " * 1900 + "\n" + ("<!-- " * 1900 + "\n") * 100,
    "percents": "- a\n  b %%\n" * 20_000,
    "math": "- a\n$$\n" * 20_001,
    "regions": "<!-- vaultcrm:begin x -->\n- a\n" * 10_000,
    "backticks": "- " + "a ` `` " * 1200 + "\n" + ("`" * 9000 + " x\n") * 100,
    "fences": "- ```\n" * 20_000,
    "paragraph": "- a\n  <b>\n" + "  b\n" * 15_000,
    "blanks": "- a\n" + "\n" * 200_000,
    "long-line": "- " + "a" * 2_000_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_body_ends_soon(body: str) -> None:
    start = time.process_time()
    for item in list_items(body, 1):
        find_links(item.text)
    find_links(body)
    says_something(body)
    assert time.process_time() - start < HANG_S


NEAR_LINKS = [
    "[a](",
    "[a](()",
    "[[a#",
    "[[a|",
    "[](<",
    '[a](b "',
    "[a](b(c)",
    "[[a#b",
    "[a](b '",
    "` `` ",
    "<!--",
    "%%<!--",
]


@pytest.mark.parametrize(
    "piece", [*NEAR_LINKS, "[a](" + " " * 20_000, "[a](b" + " " * 20_000, "[[" + "a" * 20_000]
)
def test_near_links_take_linear_time(piece: str) -> None:
    text = piece * max(1, 100_000 // len(piece))
    start = time.process_time()
    find_links(text)
    says_something(text)
    assert time.process_time() - start < HANG_S


@given(st.text(st.sampled_from("[]()|#!`a\\<>\"' \n%"), max_size=40))
def test_links_lie_where_they_say(text: str) -> None:
    end = 0
    for link in find_links(text):
        assert end <= link.start < link.end <= len(text)
        assert link.target.strip()
        assert text[link.start : link.end].lstrip("!").startswith("[")
        end = link.end


def test_a_second_paragraph_is_no_part_of_an_item_s_text() -> None:
    assert texts("- one\n\n  more of it\n  and more\n- two\n") == ["one", "two"]


def test_an_item_may_begin_below_its_marker_beside_raw_html_too() -> None:
    assert texts("- <b>\n\n-\n  on the next line\n  and on\n")[1] == "on the next line and on"


def test_a_comment_over_two_lines_is_no_part_of_the_first() -> None:
    (item,) = list_items("- [ ] call Bob <!-- about\n  the rent --> soon\n", 1)
    assert (item.first_line, item.text.split()) == ("call Bob", ["call", "Bob", "soon"])
