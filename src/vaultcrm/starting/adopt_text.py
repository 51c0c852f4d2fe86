"""What a proposal says in the configuration.

This module must not know how a proposal is made, nor where the configuration lies.
"""

from __future__ import annotations

from collections.abc import Iterable

from vaultcrm.model.patterns import regex
from vaultcrm.render.text import one_line, shorten, toml_text
from vaultcrm.starting.proposed import Proposed, Row

LONGEST_EXAMPLE = 60


def mapping_text(proposed: Proposed) -> str:
    """TOML tables of the rows; behind each the number of its notes and an example. Empty for none."""
    lines: list[str] = []
    table = ""
    for row in proposed.rows:
        if row.table != table:
            lines += ["", f"[mapping.{row.table}]"]
            table = row.table
        off = "" if row.on else "# "
        meaning = toml_text(row.meaning) if row.meaning else "false"
        lines.append(f"{off}{toml_text(row.key)} = {meaning}  # {row.count}: {shown(row.example)}")
    return "\n".join(lines) + "\n" if lines else ""


def daily_text(row: Row) -> str:
    """The line of the configuration that names the folder of daily notes."""
    return f"{'' if row.on else '# '}daily = {toml_text(row.key)}  # {row.count}: {shown(row.example)}"


def currency_text(row: Row) -> str:
    """The line of the configuration that names the currency of amounts which say none."""
    return f"currency = {toml_text(row.meaning)}  # {row.count}: {shown(row.example)}"


def ignore_text(rows: Iterable[Row]) -> str:
    """The line of the configuration that names the folders which are never read."""
    globs = (toml_text("/" + _GLOB.sub(r"[\g<0>]", row.key) + "/") for row in rows)
    return f"ignore = [{', '.join(globs)}]"


def shown(text: str) -> str:
    """An example on one line, not too long."""
    return shorten(one_line(text.encode(errors="replace").decode()), LONGEST_EXAMPLE)


_GLOB = regex(r"[*?\[]")
