"""Users' text made harmless for where it is shown: Markdown, links, calendars, tables of numbers, terminals.

Whatever a client is called, it stays text: it cannot become markup, a query, a script, an embed or a
formula, and it shows as the same characters. This module must not know what any text is about.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from unicodedata import combining, east_asian_width, is_normalized, normalize

from vaultcrm.model.patterns import regex

ELLIPSIS = "…"


def clean_text(text: str) -> str:
    """The text in NFC without control characters but newline and tab; a lone surrogate becomes U+FFFD.

    CR LF, CR, U+0085, U+2028 and U+2029 become newlines. ``clean_text`` of its result is the result.
    """
    if text.replace("\n", "").isprintable() and is_normalized("NFC", text):
        return text
    lines = text.replace("\r\n", "\n").translate(_CONTROLS)
    return normalize("NFC", _SURROGATE.sub("\ufffd", lines))


def one_line(text: str) -> str:
    """The clean text on one line: newlines, tabs and runs of blanks are one blank, none at either end."""
    if "  " not in text and text.isprintable() and is_normalized("NFC", text):
        return text.strip(" ")  # as nearly all texts are: the one blank that is printable is U+0020
    return _BLANKS.sub(" ", clean_text(text)).strip(" ")


def plain_value(text: str, length: int) -> str:
    """A stranger's text for a property of a note: one line of at most so many characters, no markup.

    What Obsidian, Templater or Dataview would act upon, even within a property, is taken apart.
    """
    line = one_line(_TURNS.sub("", text))
    for sign, harmless in _ACTING:
        line = line.replace(sign, harmless)
    return shorten(line, length)


def shorten(text: str, length: int) -> str:
    """At most ``length`` (one or more) characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + ELLIPSIS


def without(text: str, words: str) -> str:
    """The text with a blank for some words, wherever these stand as such and not within a word."""
    found, begin = "", 0
    at = text.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        if _ends_word(text[:at][-1:]) and _ends_word(text[end : end + 1]):
            found, begin = f"{found}{text[begin:at]} ", end
            at = text.find(words, end)
        else:
            at = text.find(words, at + 1)
    return found + text[begin:]


def _ends_word(character: str) -> bool:
    """Whether a word ends before, and begins behind, a character or the end of a text."""
    return character != "_" and not character.isalnum()


# -------------------------------------------------------------------------------------------- Markdown


def markdown_text(text: str) -> str:
    """The text on one line of Markdown; it shows as itself in Obsidian and on GitHub, whatever it is.

    What programs look for in the raw file (``<%``, ``%%``, ``![[``, ``$=``, ``<!--``, backticks) is written
    as character references: a backslash would keep it from Markdown, but not from Templater or Dataview.
    Bare addresses do not become links. Characters that turn the direction of what follows are left out.
    """
    line = one_line(_TURNS.sub("", text))
    if line.isalnum():
        return line
    escaped = _MARKUP.sub(_escaped, line)
    first = _BLOCK_START.match(escaped)
    return escaped if first is None else f"{first[1]}&#{ord(first[2])};{escaped[first.end() :]}"


def markdown_cell(text: str) -> str:
    """The text for a cell of a table; like `markdown_text`, which leaves neither ``|`` nor newline."""
    return markdown_text(text)


def wikilink(path: str, shown: str, *, in_table: bool = False) -> str:
    r"""An Obsidian link to a note that shows a text.

    Args:
        path: The note's path in the vault; ``.md`` is left out.
        shown: What a reader sees. Where it cannot stand in a link, it stands before one that shows an arrow.
        in_table: Write the ``|`` as ``\|``, or it would end the cell.

    Returns:
        Markdown: the link, or the text alone where the path cannot be linked (``# ^ [ ] |`` and the like).
    """
    target = normalize("NFC", note_name(path))
    text = one_line(shown) or one_line(target)
    if _UNLINKABLE.search(target) or target != target.strip():
        return markdown_text(text)
    bar = "\\|" if in_table else "|"
    if _UNLINKABLE.search(text):
        return f"{markdown_text(text)} [[{target}{bar}↗]]"
    return f"[[{target}{bar}{text}]]"


def note_name(path: str) -> str:
    """A path as links write it, without ``.md``."""
    return path[:-3] if path[-3:].lower() == ".md" else path


def tel_link(number: str) -> str:
    """A Markdown link that dials a number, the first of several; the text alone where it is none.

    A ``(0)`` behind the code of a country is for calls from within it: nobody is reached with both.
    """
    text = one_line(number)
    first, _, other = text.partition("/")
    dialled = first if min(_digits(first), _digits(other)) >= _WHOLE_NUMBER else text
    if not _NUMBER.fullmatch(dialled) or _digits(dialled) < 3:
        return markdown_text(text)
    if dialled.startswith(_ABROAD):
        dialled = dialled.replace("(0)", "")
    plus = "+" if dialled.startswith("+") else ""
    return f"[{markdown_text(text)}](tel:{plus}{''.join(filter(str.isdigit, dialled))})"


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


_ABROAD = ("+", "00")
_WHOLE_NUMBER = 7  # digits on either side of a slash: fewer before it are a dialling code


def mail_link(address: str) -> str:
    """A Markdown link that writes to an address; the text alone where it is none."""
    text = one_line(address)
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        return markdown_text(text)
    return f"[{markdown_text(text)}](mailto:{text})"


def obsidian_uri(vault_name: str, path: str) -> str:
    """The address that opens a note in Obsidian: ASCII, both values percent-encoded, ``/`` and blanks too.

    (https://help.obsidian.md/Extending+Obsidian/Obsidian+URI: ``.md`` may be left out.) The path is in
    NFC, as Obsidian has it, however the file system of a machine spells it.
    """
    return f"obsidian://open?vault={_quoted(vault_name)}&file={_quoted(normalize('NFC', note_name(path)))}"


def _quoted(text: str) -> str:
    """What `urllib.parse.quote` makes of it with nothing else safe; that loads all that knows addresses."""
    return "".join([_ENCODED[byte] for byte in text.encode("utf-8", "replace")])


_SAFE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~"
_ENCODED = tuple(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in range(256))


# ------------------------------------------------------------------------------- spreadsheets, terminals


def csv_cell(text: str) -> str:
    """The clean text, with a ``'`` before it where a spreadsheet would take it for a formula.

    Some leave out blanks, and signs that nobody sees, before they look.
    """
    cell = clean_text(text)
    return f"'{cell}" if cell.lstrip(_UNSEEN).startswith(_FORMULA) else cell


def terminal_text(text: str) -> str:
    r"""The text with all that could steer a terminal, or turn its direction, made visible: ``\x1b``."""
    return text if text.isprintable() else _STEERING.sub(_visible, text)


def shell_text(text: str) -> str:
    """A text for the terminal as it may be typed there between double quotes: nothing in it is run."""
    return terminal_text(_SHELL.sub(r"\\\g<0>", text))


def typed_word(text: str) -> str:
    """A name as one word of a command that a person may copy, in quotes where it needs them."""
    shown = terminal_text(text)
    return f'"{_ACTIVE.sub(_behind_backslash, shown)}"' if _APART.search(shown) else shown


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes: wide East Asian characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text with blanks behind it (with ``right``: before it) up to a number of columns."""
    blanks = " " * max(0, width - display_width(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """The text in at most so many columns, with an ellipsis at the end where something was cut."""
    if display_width(text) <= width:
        return text
    taken = sum(columns < width for columns in accumulate(map(_columns, text)))
    return text[:taken] + ELLIPSIS if width > 0 else ""


def toml_text(text: str) -> str:
    """A text as TOML writes it, on one line; a lone surrogate, as file names may hold, is a question mark."""
    clean = text.encode(errors="replace").decode()
    return f'"{"".join(c if c.isprintable() and c not in _QUOTED else _toml_escape(c) for c in clean)}"'


def _toml_escape(character: str) -> str:
    if character in _QUOTED:
        return f"\\{character}"
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


@lru_cache(4096)
def _columns(character: str) -> int:
    if combining(character) or character in _INVISIBLE:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return f"\\{character}" if character in "*_~" else f"&#{ord(character)};"


def _behind_backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _visible(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


_APART = regex(r"""[\s&;|<>()*?\[\]{}#~!'"`$^]|^$""")
"""What ends a word in one shell or another, or means something there."""
_ACTIVE = regex(r'["$`]')
"""What means something to a shell within quotes, too."""
_QUOTED = frozenset('"\\')
_NEWLINES = (0x0D, 0x85, 0x2028, 0x2029)
_CONTROLS: dict[int, str | None] = {
    **{point: None for point in (*range(0x20), *range(0x7F, 0xA0)) if point not in (0x09, 0x0A)},
    **dict.fromkeys(_NEWLINES, "\n"),
}
_SURROGATE = regex("[\ud800-\udfff]")
_BLANKS = regex(r"[ \t\n]+")
_TURNS = regex("[\u202a-\u202e\u2066-\u2069]")
_ACTING = (
    ("<%", "< %"),
    ("%>", "% >"),
    ("[[", "[ ["),
    ("]]", "] ]"),
    ("`", "'"),
    ("<!--", "< !--"),
    ("{{", "{ {"),
)
_STEERING = regex("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")
_UNSEEN = " \u00a0\u200b\u200e\u200f\u2060\u3000\ufeff"
_SHELL = regex(r'[\\"$`]')
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
_NUMBER = regex(r"\+?\(?[0-9][0-9 ()/.\-]{1,30}")
_ADDRESS = regex(r"[A-Za-z0-9._+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
# Of signs that mean something only in company, the first of each pair: && is text, &amp; is not.
_MARKUP = regex(
    r"[<>\[\]|`$#^{}\\*_~]|&(?=#|[A-Za-z][A-Za-z0-9]*;)|%(?=%)|=(?==)|:(?=:|//|[\w+\-]+:)|(?<=[wW]{3})\."
)
_BLOCK_START = regex(r"([0-9]+(?=[.)](?: |$))|(?=[-+=]))([.)\-+=])")
_UNLINKABLE = regex(
    "[#^\\[\\]|\\\\<>`${}*~\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|%%|==|::|//"
)
