"""Which vault a command line names: needed before any command is known. It must stay cheap to import."""

from __future__ import annotations

TYPE_CHECKING = False  # what typing has, without typing
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VAULT = "VAULTCRM_VAULT"
"""The variable that names the vault where no option does."""


def named_vault(arguments: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """The folder that ``--vault`` names, or else the environment; None where neither does."""
    for position, argument in enumerate(arguments):
        option, is_set, value = argument.partition("=")
        if option == "--vault":
            value = value if is_set else "".join(arguments[position + 1 : position + 2])
            return value or None
    return variables.get(VAULT) or None
