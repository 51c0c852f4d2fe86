"""What stops a command: errors of the machine or of usage, each with a hint and an exit status.

They are raised by the shell only and caught once, at the command line. What is wrong in a note is no error
but a `Diagnostic`. This module must not know anything of the package.
"""

from __future__ import annotations


class VaultcrmError(Exception):
    """A command cannot go on. ``message`` says why, ``hint`` what to do (empty: nothing to add).

    ``exit_status``: 2 for wrong usage or configuration, 3 where the vault cannot be read or written.
    """

    status = 3

    def __init__(self, message: str, hint: str = "", exit_status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_status = self.status if exit_status is None else exit_status


class UsageError(VaultcrmError):
    """The command line or the configuration asks for something that there is not."""

    status = 2


class BadTemplateError(UsageError):
    """A user's own template cannot be filled in; ``line`` is None where it is not known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        place = "the dashboard's template" if line is None else f"the dashboard's template, line {line}"
        super().__init__(f"{place}: {message}", "mend it, or take dashboard_templates out of vaultcrm.toml")
        self.line = line


class VaultMissing(VaultcrmError):  # noqa: N818 - it is said as it is caught
    """The vault's folder is not there, or cannot be read."""


class NotWritable(VaultcrmError):  # noqa: N818 - as above
    """A file could not be written; what stood there before stands there still."""


class ChangedOnDisk(NotWritable):
    """A file is no longer what it was when it was read; the other version was left in place."""


class Locked(VaultcrmError):  # noqa: N818 - as above
    """Another vaultcrm is at work in this vault."""
