"""Puts the note of the policy between preset and configuration: what it gives counts, where it fits.

Precedence, the last wins: preset, note, ``vaultcrm.toml``. Where the configuration overrules a row, that is
told, so that no number is silently not in force. This module must not know how the note is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import replace
from vaultcrm.model.note import Place, VaultPath
from vaultcrm.model.policy import Policy
from vaultcrm.parse.policy_note import Key, PolicyRow, merged_rows, read_policy_note
from vaultcrm.parse.toml_lines import key_lines, line_of
from vaultcrm.parse.toml_table import CONFIG_NAME, ConfigProblem, as_interval, read_toml
from vaultcrm.parse.vocabulary import fold

LIMIT = 256 * 1024
"""Bytes beyond which a note is no policy."""

Reader = Callable[[str | None, Mapping[str, object]], tuple[Policy, tuple[ConfigProblem, ...]]]
"""Reads a policy from a configuration and what a note gives, and tells what is wrong."""


def applied(
    policy: Policy, config: str | None, data: bytes, path: VaultPath, read: Reader, say: Callable[[str], str]
) -> tuple[Policy, tuple[Diagnostic, ...]]:
    """The policy with what its note gives, and what is wrong with the note.

    Args:
        policy: The policy without the note.
        config: The text of ``vaultcrm.toml``, which is fine; None where there is none.
        data: The note.
        path: Where it stands.
        read: Reads a policy.
        say: Says what is wrong with a configuration in the vault's language.
    """
    if len(data) > LIMIT:
        return policy, (Diagnostic("policy-too-large", Place(path)),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[begin : error.start].decode("utf-8", "replace")) + 1
        place = Place(path, data.count(b"\n", 0, error.start) + 1, column)
        return policy, (Diagnostic("not-utf8", place, f"0x{data[error.start]:02X}"),)
    rows, told = read_policy_note(text, path, policy)
    kept, misfits = _fitting(rows, config, read, say)
    user = read_toml(config or "")
    overruled = {key: value for row in kept for key, value in row.values if _given(user, key) is not None}
    clashes = [each for row in kept for each in _overruled(row, user, config or "")]
    noted, _ = read(config, merged_rows(kept))
    origins = {".".join(key): row.place for row in kept for key, _ in row.values if key not in overruled}
    return replace(noted, origins=origins), (*told, *misfits, *clashes)


def origins_of(policy: Policy, config: str | None) -> dict[str, Place]:
    """Where each value that is not the preset's stands, by the path of its key."""
    lines = key_lines(config or "")
    given = {key: Place(CONFIG_NAME, line) for key, line in lines.items()}
    return {**policy.origins, **given}


def _fitting(
    rows: tuple[PolicyRow, ...], config: str | None, read: Reader, say: Callable[[str], str]
) -> tuple[tuple[PolicyRow, ...], tuple[Diagnostic, ...]]:
    """The rows that make a policy together; each that fits no policy with those before it is told."""
    if not read(config, merged_rows(rows))[1]:
        return rows, ()
    kept: list[PolicyRow] = []
    told = []
    for row in rows:
        problems = read(config, merged_rows([*kept, row]))[1]
        if problems:
            told.append(Diagnostic("policy-misfit", row.place, _shown(row), say(problems[0].message)))
        else:
            kept.append(row)
    return tuple(kept), tuple(told)


def _overruled(row: PolicyRow, user: Mapping[str, object], config: str) -> Iterable[Diagnostic]:
    """What the configuration says otherwise; once for a row."""
    for key, value in row.values:
        theirs = _given(user, key)
        if theirs is not None and not _same(theirs, value):
            name = ".".join(key)
            line = line_of(name, config)
            where = f"{CONFIG_NAME}:{line}" if line else CONFIG_NAME
            yield Diagnostic("policy-overruled", row.place, row.read, name, (where,))
            return


def _given(user: Mapping[str, object], key: Key) -> object:
    """What the configuration says for a key; None for nothing."""
    found: object = user
    for name in key:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _same(one: object, other: object) -> bool:
    if isinstance(one, list) or isinstance(
        other, list
    ):  # one word may stand for a list of it; none has an order
        lists = (each if isinstance(each, list) else [each] for each in (one, other))
        wanted, given = (frozenset(map(_meant, each)) for each in lists)
        return wanted == given
    return _meant(one) == _meant(other)


def _meant(value: object) -> object:
    """A value of one's own, without the ways in which a configuration may write it."""
    if isinstance(value, Mapping):  # a rhythm
        every = _meant(value.get("every"))
        return (every, True) if value.get("any_time") else every
    if not isinstance(value, str):
        return value
    length = as_interval(value)
    return fold(value) if length is None else length


def _shown(row: PolicyRow) -> str:
    values = [value for _, value in row.values if not isinstance(value, dict | list)]
    return str(values[0]) if values else row.read
