"""Options that several commands have, each declared once."""

from __future__ import annotations

from typing import Annotated

import typer

VaultOption = Annotated[
    str | None,
    typer.Option(
        "--vault",
        metavar="DIR",
        envvar="VAULTCRM_VAULT",
        help="The vault; found upwards from here if not given.",
    ),
]
TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="Compute for this day instead of today, like 2026-11-20."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OwnerOption = Annotated[
    str | None, typer.Option("--owner", metavar="NAME", help="Only clients of this owner.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
