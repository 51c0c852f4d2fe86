"""Notes as people and programs write them: front matter in all styles, line ends of all systems."""

from __future__ import annotations

import random
from collections.abc import Callable

Rng = random.Random
WORDS = (
    "Acme", "no", "012", "12:30", "2026-02-30", "重点客户", "a b", "x: y", "# not a comment", "it's", '"q"',
    "[[Ann Keller]]", "http://a.example/b#c", "100%", "@home", "`x`", "~", "null", "-", "- x", "…", "🎉",
    "trailing  ", "a#b", "{{x}}", "é", "e\u0301", "&a", "*b", "!c", "|", ">", "?", "yes", "0x1F", "1e5",
)  # fmt: skip
NAMES = (
    "name", "type", "tags", "aliases", "owner", "since", "phone", "Next Contact", "next-contact", "cssclass",
    "公司名称", "tier", "a.b", "created", "date", "source", "rating", "priority", "number", "dg-publish",
    "A_B", "crm", "crm_", "x-crm_tier", "Über", "key with spaces", "2026", "client", "notes",
)  # fmt: skip


def _plain(rng: Rng) -> str:
    word = rng.choice(WORDS)
    fits = word[0] not in "#[{\"'%@`&*!|>?-" and ": " not in word and word == word.strip()
    return word if fits else "plain text"


def _single(rng: Rng) -> str:
    return "'" + rng.choice(WORDS).replace("'", "''") + "'"


def _double(rng: Rng) -> str:
    return '"' + rng.choice(WORDS).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _scalar(rng: Rng) -> str:
    return rng.choice((_plain, _single, _double))(rng)


def _comment(rng: Rng) -> str:
    return rng.choice(("", "", "", "  # a comment", " #tag", "\t# behind a tab"))


def _one_line(rng: Rng, name: str) -> list[str]:
    gap = rng.choice((" ", " ", " ", "  ", "\t"))
    return [f"{name}:{gap}{_scalar(rng)}{_comment(rng)}{rng.choice(('', '', ' ', '   '))}"]


def _empty(rng: Rng, name: str) -> list[str]:
    return [f"{name}:{rng.choice(('', ' ', ' # nothing', ' ~'))}"]


def _list(rng: Rng, name: str) -> list[str]:
    indent = rng.choice(("", "  ", "    "))
    return [f"{name}:", *(f"{indent}- {_scalar(rng)}" for _ in range(rng.randint(1, 4)))]


def _flow_list(rng: Rng, name: str) -> list[str]:
    return [f"{name}: [{', '.join(_double(rng) for _ in range(rng.randint(0, 3)))}]{_comment(rng)}"]


def _long_flow(rng: Rng, name: str) -> list[str]:
    return [f"{name}: [", *(f"  {_double(rng)}," for _ in range(2)), "  ]"]


def _fields(rng: Rng, name: str) -> list[str]:
    inner = [f"  {rng.choice(NAMES)}{index}: {_scalar(rng)}" for index in range(rng.randint(1, 3))]
    return [f"{name}:", *inner]


def _list_of_fields(rng: Rng, name: str) -> list[str]:
    return [
        f"{name}:",
        f"  - title: {_double(rng)}",
        f"    date: {_plain(rng)}",
        f"  - {{a: {_double(rng)}}}",
    ]


def _block_text(rng: Rng, name: str) -> list[str]:
    style = rng.choice(("|", "|-", "|+", ">", ">-", ">+", "|2", "|  # text"))
    lines = [rng.choice(("  first", "  # no comment", "   deeper", "", "  key: value")) for _ in range(4)]
    return [f"{name}: {style}", "  begin", *lines]


def _folded(rng: Rng, name: str) -> list[str]:
    return [f"{name}: begins here", "  and goes on", *rng.choice(([], ["", "  after a gap"]))]


def _folded_quotes(rng: Rng, name: str) -> list[str]:
    return [f'{name}: "begins here', '  and ends"']


def _quoted_name(rng: Rng, name: str) -> list[str]:
    return [f'"{name}" : {_scalar(rng)}']


def _remark(rng: Rng, name: str) -> list[str]:
    return [rng.choice(("# " + name, "", "   ", "  # indented", "#"))]


def _slip(rng: Rng, name: str) -> list[str]:
    return [rng.choice(_SLIPS).format(name)]


_SLIPS = (
    "{}：full width", "{}:tight", "\t{}: tab", "{}: [open", "just words", "{}: a: b", "{}: {{{{date}}}}",
    "{}: &anchor x", "<<: *x", "...", "--- x", "? {}", "{}: !!int 3",
)  # fmt: skip


_PARTS: tuple[Callable[[Rng, str], list[str]], ...] = (
    *(_one_line,) * 6, _empty, _list, _list, _flow_list, _long_flow, _fields, _list_of_fields, _block_text,
    _folded, _folded_quotes, _quoted_name, *(_remark,) * 3,
)  # fmt: skip

BODIES = (
    "", "# Acme\n\nText.\n", "text without an end", "\n\n\n", "---\n\nRule.\n", "- [ ] call 📅 2026-11-25\n",
    "```\n---\n```\n", "a\tb  \n", "=======\n", "\u2028odd\u0085\n", "x" * 500,
)  # fmt: skip
STYLES = ("block", "block", "block", "block", "indented", "empty", "none", "slip", "fences", "own")


def some_note(rng: Rng, styles: tuple[str, ...] = STYLES) -> bytes:
    """A note, the same for the same random numbers."""
    style = rng.choice(styles)
    lines = _block_lines(rng, style)
    blanks = rng.choice(("", " ", "\t", "   ")) if style == "fences" else ""
    text = (
        "" if style == "none" else "\n".join([f"---{blanks}", *lines, f"---{rng.choice(('', blanks))}", ""])
    )
    text += rng.choice(BODIES)
    if rng.random() < 0.1:
        text = text.rstrip("\n")
    text = _with_line_ends(rng, text)
    return (b"\xef\xbb\xbf" if rng.random() < 0.15 else b"") + text.encode()


def _block_lines(rng: Rng, style: str) -> list[str]:
    if style in ("empty", "none"):
        return []
    names = rng.sample(NAMES, rng.randint(0 if style == "fences" else 1, 8))
    lines = [line for name in names for line in rng.choice(_PARTS)(rng, name)]
    if style == "slip":
        lines[rng.randint(0, len(lines)) : 0] = _slip(rng, "slip")
    if style == "own":
        lines.append(
            rng.choice(("crm: tier", "crm_tiers: A", "'crm_tier ': x", "Crm_Tier: x", "crm_other: 1"))
        )
    return ["  " + line if line else line for line in lines] if style == "indented" else lines


def _with_line_ends(rng: Rng, text: str) -> str:
    how = rng.random()
    if how < 0.25:
        return text.replace("\n", "\r\n")
    if how < 0.3:
        return text.replace("\n", "\r")
    if how < 0.4:
        return "".join(line + rng.choice(("\n", "\r\n")) for line in text.split("\n"))
    return text
