"""On which lines of a TOML text its keys stand, which ``tomllib`` does not tell.

The text is known to be TOML when it comes here, but for `lookalike`; what is found serves to lead a person to
the place. This module must not know any key.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaultcrm.model.patterns import regex

_PART = r"""\s*(?:"[^"]*"|'[^']*'|[\w-]+)\s*"""
_HEAD = regex(rf"\s*(\[\[?)({_PART}(?:\.{_PART})*)\]")
_KEY = regex(rf"({_PART}(?:\.{_PART})*)=")
_NAME = regex(r""""[^"]*"|'[^']*'|[\w-]+""")


def line_of(key: str, config: str) -> int | None:
    """The line of a key's path, such as ``stages.new`` or ``feeds[2].path``; None where it is not found.

    A key that stands within a value, such as an inline table, has the line of the nearest key around it.
    """
    lines = key_lines(config)
    while key:
        if key in lines:
            return lines[key]
        key = key.removesuffix("]").rpartition("[")[0] if key.endswith("]") else key.rpartition(".")[0]
    return None


def key_lines(config: str) -> dict[str, int]:
    """The line of each key's path that the text shows, the first of each."""
    lines: dict[str, int] = {}
    for path, number in _paths(config):
        lines.setdefault(path, number)
    return lines


def _paths(config: str) -> Iterator[tuple[str, int]]:
    """Every path that a line begins, the tables' own and those of their keys."""
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(config.split("\n"), 1):
        head = _HEAD.match(line)
        key = None if head else _KEY.match(line)
        if head:
            names = _names(head[2])
            plain = ".".join(names)
            if head[1] == "[[":
                counts[plain] = counts.get(plain, 0) + 1
            table = _counted(names, counts)
            yield table, number
        elif key:
            path = table
            for name in _names(key[1]):
                path = f"{path}.{name}" if path else name
                yield path, number


def _counted(names: list[str], counts: dict[str, int]) -> str:
    """A table's path with the number that each list of tables on the way has reached."""
    path, plain = "", ""
    for name in names:
        path = f"{path}.{name}" if path else name
        plain = f"{plain}.{name}" if plain else name
        path += f"[{counts[plain]}]" if plain in counts else ""
    return path


def _names(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _NAME.findall(dotted)]


def lookalike(line: str) -> str | None:
    """The first sign of a line that only looks like one of TOML's, outside of texts and comments."""
    bare = _COMMENT.sub("", _TEXT.sub("", line))
    is_open = '"' in bare or "'" in bare  # a text that goes on, or that a curved quote was to end
    return next((c for c in bare if c in LOOKALIKES and (not is_open or c in _QUOTES)), None)


_TEXT = regex(r""""[^"]*"|'[^']*'""")
_COMMENT = regex(r"#.*")
_QUOTES = "“”‘’＂＇"
LOOKALIKES = {
    **dict.fromkeys(_QUOTES, '"'),
    **dict(zip("：＝，【】［］｛｝．＃", "==,[][]{}.#", strict=True)),
}
"""What input methods and word processors write, and what is meant by it in TOML."""
