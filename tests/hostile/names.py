"""Notes with names and links that lead nowhere, anywhere, or to several."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.notes import MARK, Hostile, note

# ------------------------------------------------------------------------------------------------- names

ODD_STEMS = (
    "hx # hash",
    "hx ^ caret",
    "hx [ open",
    "hx ] close",
    "hx [[link]]",
    "hx | bar",
    "hx %% comment",
    "hx \n newline",
    "hx \r return",
    "hx \t tab",
    "hx \x1b[31m red",
    "hx \x07 bell",
    "hx \x7f del",
    "hx \x9b csi",
    "hx \u202e turned",
    "hx \u2066 isolated",
    "hx \u200b invisible",
    "hx \ufeff mark",
    "hx \u2028 line",
)
"""Names that no link can hold, or that nobody can see."""

STEMS = (
    "hx a",
    "HX B",
    "hx: colon",
    "hx <b>bold</b>",
    "hx &amp; &lt;",
    "hx `code`",
    "hx ``` fence",
    "hx {{curly}}",
    "hx {% tag %}",
    "hx <% tp %>",
    "hx ${x}",
    "hx $= dv",
    "hx 'quote'",
    'hx "double"',
    "hx ; rm -rf ~",
    "hx $(id)",
    "hx \\ back",
    "hx *star* _under_",
    "hx ~~strike~~",
    "hx ==mark==",
    "hx ~ tilde",
    "-hx dash",
    "+hx plus",
    "=1+1 hx",
    "@hx at",
    "  hx blanks  ",
    "hx.",
    "hx .md",
    "hx...",
    "..hx",
    "hx 🙂👨‍👩‍👧‍👦",
    "hx العربية",
    "hx עברית",
    "hx\u3000全角",
    "hx ﬁ ligature",
    "hx Å",
    "hx e\u0301",
    "hx ſ",
    "hx İ",
    "hx ß",
    "CON hx",
    "NUL",
    "aux.hx",
    "hx\u00a0space",
    "hx می\u200cخواهم",
    "conflict of hx",
    "hx conflict vs mistake",
    "hx copy",
    "hx %2F..%2F",
    "hx .. x",
    "hx ../..",
    "hx " + "x" * 230,
    "hx " + "名" * 75,
    "hx name=value days=7 -->",
    "1. hx",
    "- [ ] hx",
    "#hx",
    "> hx",
    "hx::field",
    "hx (2)",
    "hx-LAPTOP",
)


def names() -> Iterator[Hostile]:
    """File names of every kind that a file system takes."""
    group = "names"
    text = "---\ntype: client\n---\n"
    for stem in ODD_STEMS:
        yield note(group, f"Clients/names/{stem.replace('/', '∕')}.md", text, "odd-name", counts=True)
    for number, stem in enumerate(STEMS):
        codes = {"odd-name"} if any(sign in stem for sign in "#^[]|") or "%%" in stem else set()
        path = f"Clients/names {number}/{stem.replace('/', '∕')}.md"
        yield note(group, path, text, *codes, counts=not stem.startswith("."))
    for number, raw in enumerate((b"hx \xff\xfe", b"hx \xe9t\xe9", b"\xed\xa0\x80 hx", b"hx \xc3\x28")):
        yield note(group, b"Clients/names/" + raw + b" %d.md" % number, text, "odd-name", counts=True)
    yield note(group, "Clients/HX UPPER.MD", text, counts=True)
    yield note(
        group, "Clients/hx deep/" + "/".join(["d" * 60] * 30) + "/hx at the bottom.md", text, counts=True
    )
    yield note(group, b"Clients/hx \xff folder/hx within.md", text, counts=True)
    for path in (
        "Clients/.hx hidden.md",
        "Clients/.hx/hx.md",
        "Clients/hx.md~",
        "Clients/hx.txt",
        "Clients/hx.markdown",
        "Clients/hx.md.tmp",
        "Clients/#hx.md#",
        "Clients/hxmd",
        "Templates/hx.md",
        "模板/hx.md",
        ".obsidian/hx.md",
        ".git/hx.md",
        ".trash/hx.md",
        "Clients/.vaultcrm-hx.tmp",
        "CRM/Rescued/hx.md",
    ):
        yield note(group, path, text.replace("client\n", f"client\nname: {MARK}-unread\n"))


# ------------------------------------------------------------------------------------------------- links


def links() -> Iterator[Hostile]:
    """Links that lead nowhere, in circles or out of the vault."""
    group = "links"
    yield note(group, "Clients/hx Link.md", "---\ntype: client\n---\n", counts=True)
    targets = (
        "../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "C:\\Windows\\win.ini",
        "..",
        ".",
        "/",
        "//",
        "hx nobody",
        "[[hx nobody]]",
        "[[hx nobody|hx Link]]",
        "[[../hx nobody]]",
        "[[#heading]]",
        "[[^block]]",
        "[hx](hx%20nobody.md)",
        "[hx](%FF%FE.md)",
        "[hx](%00.md)",
        "[hx](../../../../%2e%2e/hx%20nobody.md)",
        "[[" + "x" * 5000 + "]]",
        "[[hx nobody]] [[hx nowhere]]",
        "hx Link\x0b",
        "https://127.0.0.1/hx.md",
        "javascript:alert('HVXSS')",
        "obsidian://open?vault=x",
        "[[Clients]]",
        "[[Clients/]]",
        "hx*",
        "hx?",
    )
    for number, target in enumerate(targets):
        quoted = "'" + target.replace("'", "''") + "'"
        codes = ["control-character", "missing-client"] if "\x0b" in target else ["unknown-client"]
        text = f"---\ntype: interaction\nclient: {quoted}\ndate: 2026-11-01\n---\n"
        yield note(group, f"Interactions/hx link {number}.md", text, *codes)
    for number, target in enumerate(
        (
            "hx Link",
            "[[HX LINK]]",
            "[[Clients/hx Link.md]]",
            "[[hx Link#^x|y]]",
            "[[hx Link\\|y]]",
            "[y](../Clients/hx%20Link.md)",
            "[y](<../Clients/hx Link.md>)",
            "![[hx Link]]",
        )
    ):
        text = f"---\ntype: interaction\nclient: '{target}'\ndate: 2026-11-0{number + 1}\n---\n"
        yield note(group, f"Interactions/hx good link {number}.md", text)
    yield note(
        group,
        "Clients/hx Self.md",
        "---\ntype: client\nreferred_by: '[[hx Self]]'\nreferred_on: 2026-11-01\n---\n",
        counts=True,
    )
    yield note(
        group,
        "Clients/hx Ring A.md",
        "---\ntype: client\nreferred_by: '[[hx Ring B]]'\nreferred_on: 2026-11-01\n---\n",
        counts=True,
    )
    yield note(
        group,
        "Clients/hx Ring B.md",
        "---\ntype: client\nreferred_by: '[[hx Ring A]]'\nreferred_on: 2026-11-01\n---\n",
        counts=True,
    )
    yield note(group, "People/hx Self.md", "---\nclient: '[[People/hx Self]]'\n---\n", "unknown-client")
    yield note(group, "People/hx P.md", "---\nclient: '[[hx Q]]'\n---\n", "unknown-client")
    yield note(group, "People/hx Q.md", "---\nclient: '[[hx P]]'\n---\n", "unknown-client")
    yield note(group, "Clients/hx one/hx Twin.md", "---\ntype: client\n---\n", counts=True)
    yield note(
        group, "Clients/hx two/hx Twin.md", "---\ntype: client\n---\n", "duplicate-client", counts=True
    )
    yield note(
        group,
        "Interactions/hx twin.md",
        "---\nclient: '[[hx Twin]]'\ndate: 2026-11-01\n---\n",
        "ambiguous-link",
    )
    yield note(group, "Clients/hx Id 1.md", "---\ntype: client\nid: hx\n---\n", counts=True)
    yield note(group, "Clients/hx Id 2.md", "---\ntype: client\nid: hx\n---\n", "duplicate-id", counts=True)
