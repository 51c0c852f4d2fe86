"""A link as a QR code in a terminal, dark on light whatever the terminal's colours are.

This module must not know what is linked.
"""

from __future__ import annotations

import segno

BORDER = 2
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BLACK_ON_WHITE, _PLAIN = "\x1b[38;5;16;48;5;231m", "\x1b[0m"


def qr_text(link: str, color: bool) -> str:
    """Lines of half blocks, two rows of the code in each; without ``color`` as for a dark terminal.

    Scanners want dark on light. A terminal that shows no colours is taken to be light on dark: there the
    light modules are drawn.
    """
    rows = [
        [bool(module) for module in row] for row in segno.make(link, error="m").matrix_iter(border=BORDER)
    ]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    drawn = rows if color else [[not module for module in row] for row in rows]
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    lines = ("".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
    begin, end = (_BLACK_ON_WHITE, _PLAIN) if color else ("", "")
    return "".join(f"{begin}{line}{end}\n" for line in lines)
