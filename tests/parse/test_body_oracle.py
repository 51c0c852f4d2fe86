"""The scan against markdown-it: where it is sure, both find the same items; and it is nearly always sure."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultcrm.parse.body import list_items, task_items
from vaultcrm.parse.list_scan import DEEPEST, FoundItem, Scan
from vaultcrm.parse.list_tokens import find_items

INDENTS = [
    "",
    "",
    "",
    " ",
    "  ",
    "   ",
    "    ",
    "     ",
    "      ",
    "        ",
    "\t",
    "\t\t",
    " \t",
    "  \t",
    "\t ",
]
MARKERS = [
    "- ",
    "* ",
    "+ ",
    "1. ",
    "2. ",
    "10) ",
    "01. ",
    "-\t",
    "-  ",
    "-     ",
    "1.    ",
    "-\t\t",
    "-",
    "1.",
]
TEXTS = [
    *[
        "a",
        "foo bar",
        "[ ] task",
        "[x] done",
        "1.5",
        "-x",
        "*x*",
        "a  ",
        "\xa0",
        "[a]: b",
        "| a | b |",
        "12345678901. x",
    ],
    *["# h", "## H2 #", "#x", "#", "# #", "####### x"],
    *["```", "~~~", "````", "```x", "``` `", "~~~ `", "> q", ">", "> - a", "> ```", ">x"],
    *["---", "***", "* * *", "- - -", "_ _ _", "===", "=", "-", "--", "+", "*"],
    *[
        "<!-- c -->",
        "<!-- c",
        "-->",
        "<b>",
        "<div>",
        "<https://x>",
        "text -->",
        "",
        "",
        "",
        " ",
        "\t",
        "    ",
    ],
]
LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from(INDENTS),
    st.lists(st.sampled_from(MARKERS), max_size=3).map("".join),
    st.sampled_from(TEXTS),
)
DOCUMENTS = st.lists(LINES, max_size=14)

Told = list[tuple[int, str | None, list[str], tuple[str, ...]]]


def told(found: list[FoundItem]) -> Told:
    return [(item.index, item.first, item.rest, item.sections) for item in found]


def scanned(lines: list[str]) -> Scan:
    scan = Scan()
    scan.run(lines)
    return scan


@given(DOCUMENTS)
@example(["- a", " - b", "  - c", "   - d", "    - e"])  # the last goes on with d
@example(["-", "", "  a"])  # an item cannot begin with two blank lines
@example(["- a", "---", "- b", "  ---"])  # a rule, then a heading within the item
@example([" 10) a", "  \t> - b"])
@example(["- a", "\xa0"])  # goes on, with nothing
@example(["> a", "    - b", "c", "---"])
@example(["1. a", "   ```", "  b", "- c"])  # a line that is outdented ends the fence
@example(["a", "2. b", "", "2. c"])
@example(["- \xa0", "  a"])
@example(["<!-- a", "- b", "", "--> - c", "- d"])
def test_scan_finds_what_markdown_it_finds(lines: list[str]) -> None:
    scan = scanned(lines)
    if scan.sure:
        assert told(scan.found) == told(find_items("\n".join(lines)))


HEADINGS_AND_BOXES = [
    "# h",
    "## h",
    "###### h",
    "#",
    "#h",
    " # h",
    "- [ ] a",
    "- [x] a",
    "  - [ ] a",
    "1. [-] a",
    "",
]


@given(st.lists(LINES | st.sampled_from(HEADINGS_AND_BOXES), max_size=14), st.integers(1, 9))
@example(["- a", "# h", "- b", "  - [ ] c", "# h", "- [ ] d", "e", "# h", "- f"], 1)
@example(["- a", "", "    # h", "    - [ ] b"], 1)
@example(["```", "# h", "- [ ] a", "# h", "```", "- [ ] b"], 1)
@example(["a", "```", "# h", "- [ ] a", "````", "# h", "- [ ] b", "# h", "```sh", "# h", "- [ ] c"], 1)
@example(["a", "````", "# h", "- [ ] a", "```", "# h", "- [ ] b", "````  ", "# h", "- [ ] c"], 1)
@example(["a", "#", "```", "# h", "- [ ] b"], 1)  # a heading without words, and a fence right behind it
@example(["<!--", "# h", "- [ ] a", "# h", "-->", "- [ ] b"], 1)
@example(["$$", "# h", "- [ ] a", "# h", "$$", "- [ ] b"], 1)
@example(["%%", "# h", "- [ ] a", "# h", "%%", "- [ ] b"], 1)
@example(["> a", "# h", "- [ ] b", "# h", "<b>"], 1)
@example(["[ ]", "---", "-", "  [ ] a"], 1)
def test_tasks_are_the_items_with_a_box(lines: list[str], first_line: int) -> None:
    body = "\n".join(lines)
    expected = [item._replace(sections=()) for item in list_items(body, first_line) if item.box is not None]
    assert [item._replace(sections=()) for item in task_items(body, first_line)] == expected


@given(DOCUMENTS, st.integers(1, 9))
@example(["- -<!-- c", "-->"], 1)
@example(["- a %%", "  b <!-- %% c", "  -->"], 1)
def test_places_lie_within_the_body(lines: list[str], first_line: int) -> None:
    for item in list_items("\n".join(lines), first_line):
        line = lines[item.line - first_line]
        assert 1 <= item.column <= len(line) + 1
        assert line[item.column - 1 :].startswith(item.first_line)
        assert item.text.startswith(item.first_line)


@pytest.mark.parametrize(
    "text",
    [
        "- a\n  > - quoted\n  > text\nlazily\n- b\n",
        "- a\n  <div>\n  - raw\n  </div>\n\n- b\n",
        "> quote\nlazily\n2. b\n\n- a\n",
        "<b>\n- raw\n\n- a\n- b\n",
        "- > quoted\n- <!-- raw -->\n  a\n",
    ],
)
def test_doubtful_documents_are_left_to_markdown_it(text: str) -> None:
    lines = text.split("\n")
    assert not scanned(lines).sure
    expected = [item.index + 1 for item in find_items(text)]
    assert [item.line for item in list_items(text, 1)] == expected


@pytest.mark.parametrize("begin", ["", "<b>\n\n"], ids=["scanned", "doubtful"])
def test_deeper_lists_are_no_items(begin: str) -> None:
    for depth in (DEEPEST - 1, DEEPEST, DEEPEST + 1, 3 * DEEPEST):
        stairs = "".join(" " * (2 * step) + "- a\n" for step in range(depth))
        assert len(list_items(begin + stairs, 1)) == min(depth, DEEPEST)


ORDINARY = {
    "client": """
        # Acme

        > [!info] Since 2021
        > Likes short mails.

        ## Log
        - 2026-11-20 wechat: sent the trend report #insight +2 next:2026-12-04
        - 2026-11-02 >email: the offer,
          with two options
            - the small one
            - the large one

        ## Ideas
        1. workshop
        2. audit
           - price list
        """,
    "meeting": """
        Attendees: [[Ann]], [[Bob]]

        | who | what |
        | --- | --- |
        | Ann | budget |

        - [ ] send the quote 📅 2026-11-25 ⏫ @wang
        \t- [ ] ask for the logo
        - [x] book a room ✅ 2026-11-20
        * * *
        ```python
        - not = an item
        ```
        <!-- template: meeting -->
        Next time <b>earlier</b>, see <https://example.com>.
        """,
    "daily": """
        * [[Acme]] phone: the launch moved to May +1
        * lunch

        + read

            - this is code

        Mood
        ----
        1) fine
        > a quote

        ![[picture.png]]
        """,
}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_notes_are_scanned(text: str) -> None:
    assert scanned(dedent(text).split("\n")).sure
