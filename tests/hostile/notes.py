"""Notes that nobody should be able to write: in groups, each with what is expected of it.

A note is bytes at a path, or something that is no file of its own (a pipe, a link). What is expected: which
diagnostics it has, and whether a client stands there afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CANARY = "PWNED_OUTSIDE"
"""What stands in the files outside the vault that links lead to: no output may ever hold it."""

OWNER = "hx-owner"
"""The owner of clients of which a property before it is broken: it must survive."""

MARK = "HVXSS"
"""In every text that tries to be more than text."""


@dataclass(frozen=True)
class Hostile:
    """A hostile note.

    Attributes:
        group: what it attacks.
        path: where it stands, in the file system's bytes.
        data: what it holds; None where `make` makes it.
        codes: the diagnostics that it has, exactly.
        counts: whether a client stands at this path.
        keeps_owner: whether that client's owner, given behind the broken line, is read.
        make: makes what is no ordinary file, given its full path and a folder outside the vault.
        perhaps: diagnostics that it may have too: what other hostile notes are called decides.
    """

    group: str
    path: bytes
    data: bytes | None
    codes: frozenset[str] = frozenset()
    counts: bool = False
    keeps_owner: bool = False
    make: Callable[[bytes, Path], None] | None = None
    perhaps: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The path as vaultcrm tells it."""
        return os.fsdecode(self.path)


def note(
    group: str, path: str | bytes, data: str | bytes, *codes: str, counts: bool = False, owner: bool = False
) -> Hostile:
    """A hostile note that is an ordinary file."""
    place = path if isinstance(path, bytes) else os.fsencode(path)
    content = data if isinstance(data, bytes) else data.encode()
    return Hostile(group, place, content, frozenset(codes), counts, owner)


def client(group: str, number: int, lines: str | bytes, *codes: str, body: str = "") -> Hostile:
    """A client's note with these lines between its type and its owner."""
    middle = lines if isinstance(lines, bytes) else lines.encode()
    data = b"---\ntype: client\n" + middle + f"\nowner: {OWNER}\n---\n{body}".encode()
    return note(group, f"Clients/hx {group} {number}.md", data, *codes, counts=True, owner=True)


# ---------------------------------------------------------------------------------------- front matter

SLIPS: tuple[tuple[str, str], ...] = (
    ("goal: a: b", "front-matter-syntax"),
    ('goal: "open', "front-matter-syntax"),
    ("goal: 'open", "front-matter-syntax"),
    ("goal: [open", "front-matter-syntax"),
    ("goal: {open", "front-matter-syntax"),
    ("goal: ]", "front-matter-syntax"),
    ("goal: }", "front-matter-syntax"),
    ("goal: @x", "front-matter-syntax"),
    ("goal: `x`", "front-matter-syntax"),
    ("goal: %x", "front-matter-syntax"),
    ("goal: , x", "front-matter-syntax"),
    ('goal: "a" b', "front-matter-syntax"),
    (r'goal: "\q"', "front-matter-syntax"),
    (r'goal: "\ud800"', "front-matter-syntax"),
    (r'goal: "\uZZZZ"', "front-matter-syntax"),
    ("goal: |x", "front-matter-syntax"),
    ("goal: - a", "front-matter-syntax"),
    ("just text", "front-matter-syntax"),
    ("- a\n- b", "front-matter-syntax"),
    ("%YAML 1.2", "front-matter-syntax"),
    ("...", "front-matter-syntax"),
    ("goal：x", "full-width-colon"),
    ("目标： x", "full-width-colon"),
    ("goal:x", "colon-without-space"),
    ("goal:\n\tx: y", "tab-indent"),
    ("\tgoal: x", "tab-indent"),
    ("goal: &a x", "yaml-reference"),
    ("goal: *a", "yaml-reference"),
    ("goal: !!python/object/apply:os.system ['echo HVXSS']", "yaml-reference"),
    ("goal: !!binary aGk=", "yaml-reference"),
    ("goal: !include x.yaml", "yaml-reference"),
    ("<<: {a: b}", "yaml-reference"),
    ("<<: *a", "yaml-reference"),
    ("&a goal: x", "yaml-reference"),
    ("goal: {{goal}}", "template-placeholder"),
    ('goal: "{{goal}}"', "template-placeholder"),
    ("goal: <% tp.file.title %>", "template-placeholder"),
    ("goal: <%* await x() %>", "template-placeholder"),
    ("<<<<<<< HEAD\ngoal: a\n=======\n>>>>>>> x", "merge-conflict"),
    ("goal: a\x00b", "control-character"),
    ("goal: a\x07b", "control-character"),
    ("goal: a\x1b[31mb", "control-character"),
    ("goal: a\x7fb", "control-character"),
    ("goal: a\x85b", "control-character"),
    ("goal: a\u2028b", "control-character"),
    ("goal: a\u2029b", "control-character"),
    ("\ufeffgoal: a", "control-character"),
    ("goal: a\nGoal: b", "duplicate-property"),
    ("goal: a\n维护目标: b", "duplicate-property"),
    ("projects: x", "bad-fields"),
    ("projects:\n  - x", "bad-fields"),
    ("important_dates: [05-20]", "bad-fields"),
    ("goal: {a: b}", "bad-shape"),
    ("birthday: [05-20, 05-21]", "bad-shape"),
    ("since: {a: b}", "bad-shape"),
    ("phone: {a: b}", "bad-shape"),
    ("contact: {a: b}", "bad-link"),
    ("mute: [[a]]", "bad-fields"),
    ("mute: nonsense", "bad-mute"),
    ("important_dates: {title: x}", "bad-fields"),
    ("important_dates: {date: 05-20}", "missing-title"),
    ("important_dates: {date: 05-20, title: x, once: true}", "once-without-year"),
)
"""Lines of front matter, each of which costs only itself."""

FINE = (
    "? goal\n: x",
    "goal: no",
    "goal: 012",
    "goal: 12:30",
    "goal: 2026-02-30",
    "goal: ~",
    "goal: .inf",
    "goal: [[Nobody]]",
    "goal: # a comment",
    "goal: |\n  a\n  b",
    "goal: >-\n  a\n  b",
    "goal: 'it''s'",
    "content: x\nhandler: y\nself: z\n2026: a\nyes: b\n'': c\n.: d",
    "'goal': x",
    '"go\\x61l": x',
    "goal:\n\n\n",
    "goal: x #no comment",
    "# only a comment",
    "goal: \u00a0x",
    "goal: 😀👨‍👩‍👧‍👦",
    "toString: x\n__proto__: y\n__class__: z\nconstructor: q",
    "goal: '{0.__class__.__mro__}'\nremarks: '%s%s%n'",
    "goal: ${jndi:ldap://127.0.0.1/HVXSS}",
)
"""Lines that look wrong and are not."""


def front_matter() -> Iterator[Hostile]:
    """Slips, one to a note; each costs its own property."""
    group = "front matter"
    for number, (lines, code) in enumerate(SLIPS):
        yield client(group, number, lines, code)
    for number, lines in enumerate(FINE, len(SLIPS)):
        yield client(group, number, lines)
    whole = (
        ("---\ntype: client\n", "front-matter-unclosed"),
        ("---\ntype: client\n----\n", "front-matter-unclosed"),
        ("---\ntype: client\n...\n", "front-matter-unclosed"),
        ("---\njust text\n---\n", "front-matter-no-fields"),
        ("---\n- a\n---\n", "front-matter-no-fields"),
        ("---\n[a, b]\n---\n", "front-matter-no-fields"),
        ("---\n\x00\n---\n", "control-character"),
        ("---\n---\n", ""),
        ("---\n\n---\n", ""),
        ("---", ""),
        ("----\ntype: client\n----\n", "front-matter-unopened"),
        ("type: client\nname: Acme\n---\n", "front-matter-unopened"),
        (" ---\ntype: project\n---\n", "front-matter-late"),
        ("\n---\ntype: project\n---\n", "front-matter-late"),
        ("+++\ntype = 'project'\n+++\n", ""),
        ('{"type": "project"}\n', ""),
        ("---\r\ntype: client\r\n---\r\n", ""),
        ("---\rtype: client\r---\r", ""),
        ("---  \t\ntype: client\n--- \t\n", ""),
        ("<<<<<<< HEAD\n---\ntype: client\n---\n=======\n>>>>>>> x\n", "merge-conflict"),
        ("---\nTYPE: Client\n---\n", ""),
        ("---\ntype: [client]\n---\n", ""),
        ('---\ntype: "[[client]]"\n---\n', ""),
    )
    for number, (text, code) in enumerate(whole):
        yield note(group, f"Clients/hx whole {number}.md", text, *filter(None, [code]), counts=True)


# --------------------------------------------------------------------------------------- resource bombs


def _doublings(count: int) -> str:
    """Lists of lists by aliases: a few hundred bytes that stand for billions of values."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for step in range(1, count):
        lines.append(f"{chr(97 + step)}: &{chr(97 + step)} [{', '.join(['*' + chr(96 + step)] * 9)}]")
    return "\n".join(lines)


def _merges(count: int) -> str:
    """Merge keys of merge keys: each level multiplies the time of a loader that follows them."""
    lines = ["a: &a {x: 1}"]
    for step in range(1, count):
        lines.append(f"{chr(97 + step)}: &{chr(97 + step)} {{<<: [{', '.join(['*' + chr(96 + step)] * 9)}]}}")
    return "\n".join(lines)


def bombs() -> Iterator[Hostile]:
    """What costs a naive reader the process, minutes or gigabytes."""
    group = "bombs"
    deep = "front-matter-too-deep"
    syntax, reference = "front-matter-syntax", "yaml-reference"
    for number, (lines, code) in enumerate(
        (
            ("goal: " + "[" * 25_000, deep),
            ("goal: " + "{a: " * 15_000, deep),
            ("goal: " + "[" * 400 + "]" * 400, deep),
            ("goal: " + "- " * 30_000, syntax),
            ("? " * 30_000, syntax),
            ("goal:\n" + "".join("  " * (n + 1) + f"k{n}:\n" for n in range(100)), deep),
            ("goal:\n" + "".join("  " * (n + 1) + "-\n" for n in range(100)), deep),
            (_doublings(20), reference),
            (_merges(20), reference),
            ("goal: !" * 8000, reference),
            ("goal: " + "9" * 60_000, ""),
            ("since: " + "9" * 60_000, "bad-date"),
            ("cadence: " + "9" * 60_000 + "w", "bad-interval"),
            ("growth: " + "9" * 60_000, "bad-score"),
            ("birthday: lunar " + "闰" * 20_000, "bad-yearly-date"),
            ("refers: " + "y" * 60_000, "bad-yes-no"),
            ("status: " + "a" * 60_000, "bad-choice"),
            ("stage: " + "a" * 60_000, "unknown-stage"),
            ("tier: " + "a" * 60_000, "unknown-tier"),
            ("mute: " + "a" * 60_000, "bad-mute"),
            ("channel: " + "a" * 60_000, ""),
            ("name: " + "N" * 60_000, ""),
            ("aliases: [" + "hxa, " * 10_000 + "hxa]", ""),
            ("phone: [" + "+49 1, " * 8000 + "1]", ""),
            ("email: " + "a." * 30_000, ""),
            ("contact: " + "[[" * 30_000, deep),
            ("contact: '" + "[[" * 30_000 + "'", ""),
            ("contact: '" + "[[hx nobody]]" * 3000 + "'", "unknown-link"),
            ("referred_by: '" + "[a](" * 12_000 + "'", ""),
            ("mute: [" + "silent, " * 8000 + "silent]", ""),
            ("goal: |\n" + "  x\n" * 12_000, ""),
            ("goal: x\n" + "goal: x\n" * 7000, "duplicate-property"),
            ("goal:x\n" * 7000, "colon-without-space"),
            ("goal: *a\n" * 6000, reference),
            ("goal: {{a}}\n" * 5000, "template-placeholder"),
            ('goal: "a\nb: c\n' * 4000, syntax),
            ("projects: [" + "{title: hx}, " * 4000 + "{title: hx}]", "project-undated"),
            ("important_dates: [" + "{date: 05-20}, " * 3000 + "{date: 05-20}]", "missing-title"),
            ("contract_end: [" + "2020-01-01, " * 4000 + "2020-01-01]", ""),
        )
    ):
        yield client(group, number, lines, *filter(None, [code]))
    for number, lines in enumerate(
        ("x: " + "y" * 70_000, "x: y\n" * 20_000, "#" + "y" * 66_000, "\n" * 70_000)
    ):
        text = f"---\ntype: client\n{lines}\n---\n"
        yield note(group, f"Clients/hx large {number}.md", text, "front-matter-too-large", counts=True)
    bodies = (
        "- " * 4000,
        "> " * 4900 + "x",
        "  ".join(f"- {n}\n" for n in range(2000)),
        "".join("  " * n + "- x\n" for n in range(1000)),
        "#" * 90_000,
        "# Log\n" * 20_000,
        "```\n" * 25_001,
        "%%\n" * 30_001,
        "$$\n" * 30_001,
        "<!--\n" * 20_001,
        "<!-- vaultcrm:begin today -->\n" * 3000,
        "<!-- vaultcrm:end -->\n" * 4000,
        "<div>\n- x\n" * 9000,
        "`" * 100_000,
        "![[" * 30_000,
        "[" * 100_000,
        "[](" * 30_000,
        "| a " * 25_000,
        "\u00a0" * 50_000,
        "a\u0300" * 30_000 + "\u0300" * 30_000,
        "\r" * 100_000,
        "- [ ] " * 16_000,
        "- [ ] x 📅 2026-12-01\n" * 60,
        "* * *\n- - -\n" * 8000,
    )
    for number, body in enumerate(bodies):
        codes = ["region-broken"] if "vaultcrm:begin" in body else []
        yield note(
            group, f"Clients/hx body {number}.md", "---\ntype: client\n---\n" + body, *codes, counts=True
        )


# -------------------------------------------------------------------------------------------- encodings


ONE_ZERO = 8


def encodings() -> Iterator[Hostile]:
    """Bytes that are no UTF-8, and UTF-8 that few expect."""
    group = "encodings"
    plain = f"---\ntype: client\nowner: {OWNER}\ngoal: Köln\n---\nText: äöü\n"
    wrong = (
        plain.encode("utf-16"),
        plain.encode("utf-16-le"),
        plain.encode("utf-16-be"),
        plain.encode("utf-32"),
        plain.encode("latin-1"),
        "---\ntype: client\n---\n客户".encode("gb18030"),
        "---\ntype: client\n---\n顧客".encode("shift_jis"),
        b"\x00" * 4096,
        b"\x00" + plain.encode(),
        plain.encode() + b"\xff",
        plain.encode() + b"\xed\xa0\x80",
        plain.encode() + b"\xc0\xaf",
        plain.encode() + b"\xf4\x90\x80\x80",
        plain.encode() + b"\xe4\xbd",
        b"\x80" + plain.encode(),
        b"\xff\xfe",
        b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8,
        b"PK\x03\x04" + bytes(range(256)) * 8,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"SQLite format 3\x00" + bytes(range(256)) * 8,
    )
    for number, data in enumerate(wrong):
        path = f"Clients/hx wrong {number}.md"
        told = ["not-utf8"] if number != ONE_ZERO else []  # a single NUL is a character like any other
        yield note(group, path, data, *told, counts=True)
    right = (
        b"\xef\xbb\xbf" + plain.encode(),
        b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode(),
        plain.replace("\n", "\r").encode(),
        plain.replace("\n", "\r\n", 3).encode(),
        plain.encode() + b"\n" * 1000,
        plain.encode() + "\u2028\u2029\u0085\x0b\x0c".encode(),
        plain.encode() + "\ufffe\uffff\U0010ffff\ue000".encode(),
        plain.encode() + b"\x00\x01\x02",
        plain.encode().removesuffix(b"Text: \xc3\xa4\xc3\xb6\xc3\xbc\n"),
        plain.encode() + "\u202e\u2066\u200f".encode(),
    )
    for number, data in enumerate(right):
        yield note(group, f"Clients/hx right {number}.md", data, counts=True, owner=True)
    for number, data in enumerate((b"", b"\n", b"\xef\xbb\xbf", b" \t\r\n")):
        yield note(group, f"Clients/hx empty {number}.md", data, counts=True)
        yield note(group, f"Interactions/hx empty {number}.md", data, "missing-client", "missing-date")
