"""Opens a vault: its folder, the policy in force, and the words of its language.

This module must not know what is read from a vault, nor what is written into one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.model.policy import Policy
from vaultcrm.parse.policy import parse_policy
from vaultcrm.parse.toml_lines import line_of
from vaultcrm.parse.toml_table import CONFIG_NAME, ConfigProblem, ReadToml, read_toml
from vaultcrm.render.labels import Labels, labels
from vaultcrm.render.phrases import Phrasebook, phrasebook
from vaultcrm.rules.days import is_known_country
from vaultcrm.store.files import read_bytes
from vaultcrm.store.kept import digest
from vaultcrm.store.places import cache_folder, shared_folder
from vaultcrm.store.root import find_vault
from vaultcrm.store.tables import kept_tables
from vaultcrm.store.walk import PassedOver, Walk, walk_through

if TYPE_CHECKING:
    from vaultcrm.store.snapshot import Snapshot  # it loads what calls other programs

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TEMPLATE = "vault_template"
ENGLISH = "en"


CONFIG_LIMIT = 256 * 1024
"""Bytes beyond which no configuration is read: `tomllib` takes a hundred times their size."""


@dataclass(frozen=True, slots=True)
class Vault:
    """An opened vault: its folder, its policy and the words of its language.

    ``snapshot`` has its notes as git has them; None: those on the disk count. ``told`` is what is wrong with
    the note of its policy. ``made_of`` stands for all that the policy and the language follow from.
    ``walk`` finds the notes on the disk; a run may have begun with that before.
    """

    root: str
    policy: Policy
    labels: Labels
    snapshot: Snapshot | None = None
    told: tuple[Diagnostic, ...] = ()
    made_of: bytes = b""
    walk: Callable[[str, PassedOver], Walk] = field(default=walk_through, repr=False, compare=False)


def package_texts(folder: str, suffix: str = ".toml") -> dict[str, str]:
    """The data files of a folder in the package, by name."""
    base = os.path.join(PACKAGE, folder)
    found = {}
    for name in sorted(os.listdir(base)):
        if name.endswith(suffix):
            with open(os.path.join(base, name), encoding="utf-8") as file:
                found[name] = file.read()
    return found


@cache
def book(language: str) -> Phrasebook:
    """What is said in a language, by its English."""
    if language == ENGLISH:
        return Phrasebook(ENGLISH, {})
    (text,) = package_texts("phrases", f"{language}.toml").values()
    with kept_tables(os.path.join(shared_folder(), f"phrases.{language}"), read_toml) as toml:
        return phrasebook(language, text, toml)


def template_folder() -> str:
    """Where the notes of a new vault stand: in the package once installed, beside ``src`` in development."""
    installed = os.path.join(PACKAGE, TEMPLATE)
    return installed if os.path.isdir(installed) else os.path.join(PACKAGE, "..", "..", TEMPLATE)


@cache
def words(language: str) -> Labels:
    """The texts of a language; read once, since the package does not change while it runs."""
    with kept_tables(os.path.join(shared_folder(), f"labels.{language}"), read_toml) as toml:
        return labels(package_texts("labels", f"{language}.toml"), language, toml)


def read_policy(
    config: str | None, noted: Mapping[str, object] | None = None, toml: ReadToml = read_toml
) -> tuple[Policy, tuple[ConfigProblem, ...]]:
    """A policy from the text of a configuration, with everything that is wrong with it.

    Args:
        config: The text, None for none.
        noted: What a note gives, as `parse_policy` takes it.
        toml: Reads TOML.
    """
    presets = {name.removesuffix(".toml"): text for name, text in package_texts("presets").items()}
    policy, problems = parse_policy(presets, config, noted, toml)
    if policy.holidays is not None and not is_known_country(policy.holidays):
        message = f"no public holidays are known for {policy.holidays!r}; write an ISO country code"
        problem = ConfigProblem("holidays", message, line_of("holidays", config or ""))
        problems = (*problems, problem)
    return policy, problems


def open_vault(start: str, explicit: str | None = None) -> Vault:
    """Find a vault and its policy.

    Args:
        start: The folder from which the vault is looked for upwards.
        explicit: The folder that a user named, None where none was.

    Raises:
        VaultcrmError: There is no such folder (3), or the configuration is wrong (2; the message has every
        problem).
    """
    root = find_vault(start, explicit)
    return configured(root, _settings(os.path.join(root, CONFIG_NAME)))


def config_of(vault: Vault) -> str | None:
    """The text of a vault's configuration, which could be read; None where it has none."""
    data = read_bytes(os.path.join(vault.root, CONFIG_NAME))
    return None if data is None else data.decode("utf-8-sig", "replace")


def configured(root: str, data: bytes | None, snapshot: Snapshot | None = None) -> Vault:
    """The vault in a folder with the configuration that these bytes hold, None for none.

    Raises:
        UsageError: The configuration is wrong; the message has every problem.
    """
    if data is not None and len(data) > CONFIG_LIMIT:
        message = f"{CONFIG_NAME} has {len(data)} bytes; at most {CONFIG_LIMIT} are read"
        raise UsageError(message, f"is it the right file? {os.path.join(root, CONFIG_NAME)}")
    try:
        config = None if data is None else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{CONFIG_NAME}: this is not UTF-8 text", "save it as UTF-8 in your editor"
        ) from error
    with kept_tables(os.path.join(cache_folder(root), "tables"), read_toml) as toml:
        policy, problems = read_policy(config, toml=toml)
    if problems:
        raise UsageError("\n".join(str(problem) for problem in problems), f"mend {CONFIG_NAME} in {root}")
    note = _policy_note(root, policy, snapshot)
    policy, told = _with_note(policy, config, note)
    return Vault(root, policy, words(policy.language), snapshot, told, digest((data, note)))


def with_policy_note(root: str, policy: Policy, config: str | None) -> tuple[Policy, tuple[Diagnostic, ...]]:
    """The policy of a configuration together with the vault's note of it, and what is wrong with the note.

    Raises:
        VaultcrmError: The note is there, and cannot be read.
    """
    return _with_note(policy, config, _policy_note(root, policy, None))


def _policy_note(root: str, policy: Policy, snapshot: Snapshot | None) -> bytes | None:
    path = policy.paths.policy
    if path is None:
        return None
    if snapshot is not None and snapshot.is_unmerged(path):
        raise VaultcrmError(f"{path} is in conflict", "merge it, and add it to git's index")
    return _settings(os.path.join(root, path)) if snapshot is None else snapshot.file(path)


def _settings(path: str) -> bytes | None:
    """What a file of settings holds; None where there is none.

    Raises:
        VaultcrmError: It cannot be read, or is a link to what is not there, as on a disk that is not mounted:
            without it all figures would be others.
    """
    data = read_bytes(path)
    if data is None and os.path.islink(path):
        hint = f"bring back {os.path.realpath(path)}, or delete the link"
        raise VaultcrmError(f"{path} cannot be read: the link leads nowhere", hint)
    return data


def _with_note(
    policy: Policy, config: str | None, note: bytes | None
) -> tuple[Policy, tuple[Diagnostic, ...]]:
    path = policy.paths.policy
    if path is None or note is None:
        return policy, ()
    from vaultcrm.app.policy_note import applied  # few vaults have one

    return applied(policy, config, note, path, read_policy, book(policy.language).say)


def read_text(path: str) -> str:
    """The text of a file that a user named.

    Raises:
        UsageError: It cannot be read, or is not UTF-8.
    """
    try:
        data = read_bytes(path)
    except VaultcrmError as error:
        raise UsageError(error.message, error.hint) from error
    return decoded(data, path)


def decoded(data: bytes | None, path: str) -> str:
    """The text that the bytes of a file say.

    Raises:
        UsageError: There is no such file, or it is not UTF-8.
    """
    if data is None:
        raise UsageError(f"there is no file {path}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error
