"""Which language a command speaks where no vault is open yet, and what it says in it.

The language of the vault that the command line is about, as its ``vaultcrm.toml`` says; without one that of
the environment. It is asked only where something is to be said: most runs never need to know. This module
must not know any command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from vaultcrm.app.opening import ENGLISH, book, words
from vaultcrm.cli.answering import RUN
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.named import named_vault
from vaultcrm.parse.policy import LANGUAGES
from vaultcrm.parse.toml_table import CONFIG_NAME
from vaultcrm.render.labels import Labels
from vaultcrm.store.files import read_bytes
from vaultcrm.store.root import find_vault, marks_above

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says which language messages have, the first that is set first (POSIX, chapter 8.2)."""


@dataclass(slots=True)
class Asked:
    """The command line of this process, as far as it tells which vault it is about."""

    arguments: tuple[str, ...] = ()


ASKED = Asked()


def say(text: str) -> str:
    """An English text in the language of this run."""
    return book(language()).say(text)


def texts() -> Labels:
    """The labels of this run's language."""
    return words(language())


def language() -> str:
    """The language of this run: that of its vault, else that of the environment."""
    if RUN.vault is not None:
        return RUN.vault.labels.language
    named = named_vault(ASKED.arguments, os.environ)
    try:
        here = os.getcwd() if named is None else named
        found = read_bytes(os.path.join(find_vault(here, named), CONFIG_NAME))
    except (OSError, ValueError, VaultcrmError):  # that there is no vault is told by who needs one
        found = None
    return environment_language(os.environ) if found is None else _configured(found)


def decided_by() -> tuple[str, ...]:
    """The files that decide the language of this run; some are not there."""
    named = named_vault(ASKED.arguments, os.environ)
    try:
        return marks_above(os.getcwd()) if named is None else (os.path.join(named, CONFIG_NAME),)
    except OSError:  # the folder is gone
        return ()


def environment_language(variables: Mapping[str, str]) -> str:
    """What the environment asks for: ``zh_CN.UTF-8`` is Chinese; ``C`` and unknown ones are English."""
    locale = next((variables[name] for name in VARIABLES if variables.get(name)), "")
    if not locale and sys.platform == "win32":
        locale = _windows_locale()
    word = locale.replace("-", "_").split("_")[0].split(".")[0].lower()
    return word if word in LANGUAGES else ENGLISH


def _configured(config: bytes) -> str:
    """The language that a configuration names, however broken the rest of it is."""
    for line in config.decode("utf-8-sig", "replace").splitlines():
        key, _, value = line.partition("=")
        if line.lstrip().startswith("["):
            break
        if key.strip() == "language":
            word = value.partition("#")[0].strip().strip("\"'").lower()
            return word if word in LANGUAGES else ENGLISH
    return ENGLISH


def _windows_locale() -> str:
    """The language of Windows, which sets none of the variables: it says ``Chinese (Simplified)_China``."""
    import locale

    name = locale.getlocale()[0] or ""
    return "zh" if name.startswith("Chinese") else name
