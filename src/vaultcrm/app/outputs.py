"""Every output of an index run: where it goes under a policy, and what makes its bytes.

A new output is a row of `RENDERERS`. This module must not write anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

from vaultcrm.app.beside import templates_of
from vaultcrm.app.opening import Vault, decoded, read_text
from vaultcrm.model.diagnostics import Diagnostic
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.model.overview import Overview
from vaultcrm.model.policy import Feed, Policy
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.render.dashboard import dashboard_section, is_dashboard, render_dashboard
from vaultcrm.render.generated import merge_dashboard
from vaultcrm.render.regions import Region, digest

if TYPE_CHECKING:
    from vaultcrm.render.feed import Write  # only a feed needs what says and writes its events

STEM = 48
"""How many characters of a note's name the name of a rescued text takes over: names may have 255 bytes."""


@dataclass(frozen=True, slots=True)
class Output:
    """A generated file: its path in the vault, and its bytes.

    ``rescued`` is what a person had written where only generated text belongs, to be kept in files of its
    own. ``notice`` is what to tell of the output, in the vault's language.
    """

    path: VaultPath
    data: bytes
    rescued: tuple[tuple[VaultPath, bytes], ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    notice: str | None = None


class Workshop(NamedTuple):
    """What outputs are made with: ``blocks``, parts of them that were made before, by their digest.

    Those made now are added to them. ``write`` writes new ones of a feed; None: it is done here.
    """

    blocks: MutableMapping[str, bytes]
    write: Write | None = None


def _dashboard(
    vault: Vault, overview: Overview, path: VaultPath, old: bytes | None, workshop: Workshop
) -> Output:
    del workshop
    labels, paths = vault.labels, vault.policy.paths
    if old is not None and b"\n>>>>>>> " in old:
        from vaultcrm.app.merging import mended  # conflicts are rare

        old = mended(vault.root, path, old)

    def section(region: Region) -> str | None:
        """A section to which a person gave options, such as ``agenda days=30``."""
        try:
            return dashboard_section(region.name, overview, labels, dict(region.options))
        except KeyError:
            return None

    fresh = render_dashboard(overview, labels, paths.vault, _own_template(vault))
    merged = merge_dashboard(old, fresh, path, section)
    rescued = tuple(rescued_copy(paths.rescued, path, name, text) for name, text in merged.rescued)
    return Output(path, merged.data, rescued, merged.problems)


def _own_template(vault: Vault) -> str | None:
    """The user's template for the dashboard, None where the folder of templates has none."""
    for path in templates_of(vault.policy):
        if vault.snapshot is not None and vault.snapshot.held(path):
            return decoded(vault.snapshot.file(path), path)
        full = os.path.join(vault.root, path)
        if os.path.lexists(full):
            return read_text(full)
    return None


def rescued_copy(folder: VaultPath, path: VaultPath, region: str, text: str) -> tuple[VaultPath, bytes]:
    """Where a person's text from a region is kept, and what is kept there.

    The name tells where from, and is the same for the same text.
    """
    stem = path.rpartition("/")[2].removesuffix(".md")[:STEM]
    return f"{folder}/{stem} {region} {digest(text)}.md", text.encode("utf-8", "surrogateescape")


def _feed(vault: Vault, overview: Overview, path: VaultPath, old: bytes | None, workshop: Workshop) -> Output:
    # only a feed needs what says and writes its events
    from vaultcrm.render.feed import feed_warning, make_feed

    del old
    feed = next((feed for feed in vault.policy.feeds if feed.path == path), None) or Feed(path)
    name, (blocks, write) = vault.policy.paths.vault, workshop
    made = make_feed(overview, feed, vault.labels, name, blocks=blocks, write=write)
    return Output(path, made.data, notice=feed_warning(made, path, vault.labels))


Renderer = Callable[[Vault, Overview, VaultPath, "bytes | None", Workshop], Output]
"""Takes the file that stands there, for text of people that is to stay."""


class RendererRow(NamedTuple):
    """An output: its name, where it goes under a policy, and what makes it."""

    name: str
    paths: Callable[[Policy], tuple[VaultPath, ...]]
    make: Renderer


def _dashboard_paths(policy: Policy) -> tuple[VaultPath, ...]:
    return (policy.paths.dashboard,) if policy.paths.dashboard else ()


def feed_paths(policy: Policy) -> tuple[VaultPath, ...]:
    """The files of all feeds, the main one first."""
    main = (policy.paths.feed,) if policy.paths.feed else ()
    return tuple(dict.fromkeys((*main, *(feed.path for feed in policy.feeds))))


RENDERERS: tuple[RendererRow, ...] = (
    RendererRow("dashboard", _dashboard_paths, _dashboard),
    RendererRow("feed", feed_paths, _feed),
)
"""Every output."""


def render(
    vault: Vault,
    overview: Overview,
    existing: Mapping[VaultPath, bytes | None],
    workshop: Workshop | None = None,
) -> Iterator[Output]:
    """Make every output that is switched on, one after the other: what is read first is made first.

    Args:
        vault: The vault.
        overview: What was computed.
        existing: The bytes that stand at each output's path now.
        workshop: What they are made with.
    """
    given = Workshop({}) if workshop is None else workshop
    outputs = [(row, path) for row in RENDERERS for path in row.paths(vault.policy)]
    for number, (row, path) in enumerate(outputs, 1):
        if number == len(outputs):
            overview.assessments.look_last()
        yield row.make(vault, overview, path, existing.get(path), given)


def is_ours(path: VaultPath, data: bytes) -> bool:
    """Whether a file that stands where an output goes was made by vaultcrm, or is empty."""
    if not data.strip():
        return True
    if path.endswith(".ics"):
        return b"PRODID:-//vaultcrm" in data[:2000]
    return is_dashboard(data)
