"""The loop of a watcher: hints come in, the vault is looked at, and indexed where it is not as it was.

Hints make it fast, the comparison of the folder makes it right: that happens at the start, every quarter of
an hour, after bursts, and whenever a hint may have been lost. Nothing that goes wrong in a run ends the loop.
This module reads the clock; it must not know how a vault is indexed.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from vaultcrm.app import runs
from vaultcrm.app.beside import generated_paths
from vaultcrm.app.memory import Memory, recall
from vaultcrm.app.opening import Vault
from vaultcrm.app.upkeep import Rest
from vaultcrm.errors import VaultcrmError
from vaultcrm.model.frozen import dataclass
from vaultcrm.model.note import VaultPath
from vaultcrm.parse.toml_table import CONFIG_NAME
from vaultcrm.store.packed import Stamp
from vaultcrm.store.readings import without_collector
from vaultcrm.store.stamps import Stamps
from vaultcrm.watch.hints import Batch, Hints
from vaultcrm.watch.reports import Reports, TooManyError
from vaultcrm.watch.sight import (
    Look,
    as_put,
    as_written,
    beside,
    check_there,
    differs,
    is_note_name,
    look,
    stamp_at,
)

EVERYTHING = Batch(everything=True)
MANY = 50
"""From how many paths on it is quicker to look at everything."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a watcher waits for what, in seconds.

    ``first`` after the first hint, ``quiet`` for the end of a burst, ``longest`` for one that does not end;
    ``rescan`` between two looks at everything; ``beat`` between two looks at the day, the folder and the
    reports; ``retry`` after a run that failed; ``rest`` until a note that somebody has saved is written into;
    ``poll`` at least between two looks where nothing is reported.
    """

    first: float = 0.005
    quiet: float = 0.3
    longest: float = 2.0
    rescan: float = 900.0
    beat: float = 2.0
    retry: float = 30.0
    rest: float = 30.0
    poll: float = 1.0


class Listener(Protocol):
    """Is told what happens."""

    def indexed(self, vault: Vault, result: runs.Indexed) -> None:
        """A run has ended, with or without anything written."""

    def failed(self, error: Exception) -> None:
        """A run could not be done; the next one comes by itself."""

    def noted(self, key: str, **values: str) -> None:
        """Something has changed in how it watches: ``gone``, ``back``, ``limit``, ``unwatched``."""


class Watcher:
    """Watches one vault until it is stopped."""

    def __init__(
        self,
        open_vault: Callable[[], Vault],
        listener: Listener,
        *,
        poll: bool = False,
        day: date | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Get ready.

        Args:
            open_vault: Opens the vault with the configuration as it is then.
            listener: Is told what happens.
            poll: Look at everything again and again instead of having changes reported.
            day: The day to compute for; None: each day as it comes.
            timing: How long to wait for what.

        Raises:
            VaultcrmError: The vault is not there, or its configuration is wrong.
        """
        self._open = open_vault
        vault = open_vault()
        self._root = os.path.realpath(vault.root)
        self._vault: Vault | None = vault
        self._noted = vault.policy.paths.policy
        self._configured = self._settings()
        self._beside = frozenset(beside(vault))
        self._ruling = self._beside.difference(generated_paths(vault.policy))
        self._looked_by: tuple[Stamp | None, ...] | None = None
        self._zone = vault.policy.timezone
        self._listener = listener
        self._timing = timing or Timing()
        self._day = day
        self._hints = Hints(self._weighs)
        self._reports: Reports | None = None
        self._polls = poll
        self._poll_s = self._timing.poll
        self._stopped = False
        self._seen = Look()
        self._left: Memory | None = None
        self._ours: Mapping[VaultPath, bytes] = {}
        self._indexed_for: date | None = None
        self._folder = _identity(self._root)
        self._failure = ""
        self._busy_until = self._rescan_at = 0.0
        self._run_at: float | None = None

    def stop(self) -> None:
        """Have `run` end soon; may be called from any thread."""
        self._stopped = True
        self._hints.stop()

    def run(self) -> None:
        """Watch until stopped. An exception that is none of a run, as an interrupt, ends it too."""
        try:
            self._look_and_index(EVERYTHING, even_if_same=True)
            self._begin_reports()
            while not self._stopped:
                self._step()
        finally:
            self._end_reports()

    def _step(self) -> None:
        timing = self._timing
        batch = Batch()
        if self._hints.wait(self._until_next()):
            batch = self._hints.collect(timing.first, timing.quiet, timing.longest, self._busy_until)
        if self._stopped or not self._is_there():
            return
        now = time.monotonic()
        if self._reports is not None and not self._reports.alive():
            self._end_reports()
            self._begin_reports()
            batch = EVERYTHING
        due = (self._run_at is not None and now >= self._run_at) or self._indexed_for != self._today()
        if due or now >= self._rescan_at or self._polls:
            batch = EVERYTHING
        self._look_and_index(batch, even_if_same=due)

    def _until_next(self) -> float:
        """Seconds until there is something to do, whatever is reported."""
        if self._polls:
            return self._poll_s
        now = time.monotonic()
        times = [self._timing.beat, self._rescan_at - now]
        return min(times if self._run_at is None else [*times, self._run_at - now])

    # ------------------------------------------------------------------------------------------ the runs

    def _look_and_index(self, batch: Batch, *, even_if_same: bool) -> None:
        """Look at what may have changed, and index where something has, or in any case."""
        try:
            if self._has_changed(batch) or even_if_same:
                self._index()
        except VaultcrmError as error:
            self._fail(error, f"{error.message} {error.hint}")
        except Exception as error:  # a bug of ours must not end the watching
            self._fail(error, repr(error))

    def _has_changed(self, batch: Batch) -> bool:
        """Whether the vault is not as it was seen; if so, it is seen as it is now from here on."""
        if batch == Batch():
            return False
        changed = None
        if not batch.everything and len(batch.paths) < MANY and self._rules_hold(batch.paths):
            changed = differs(self._root, self._seen, batch.paths)
        if changed is False:
            return False
        began = time.monotonic()
        if changed is None:
            vault = self._current()
            self._looked_by = self._configured
            now = look(vault)
            check_there(vault, self._seen, now)
            self._rescan_at = time.monotonic() + self._timing.rescan
            self._poll_s = max(self._timing.poll, 20 * (time.monotonic() - began))
            changed = now != self._seen
            self._seen = now
        else:
            self._see(batch.paths)
        return changed

    def _rules_hold(self, paths: frozenset[VaultPath]) -> bool:
        """Whether what decides which files are notes is as it was when everything was looked at."""
        return self._ruling.isdisjoint(paths) and self._settings() == self._looked_by

    def _see(self, paths: Iterable[VaultPath]) -> None:
        """Take these files for seen as they are now."""
        self._seen.see({path: stamp_at(self._root, path) for path in paths})

    def _index(self) -> None:
        """Index, and take what was written for seen."""
        vault = self._current()
        self._run_at = None
        today = self._today()
        rest = Rest(time.time_ns() - int(self._timing.rest * 1e9), self._ours)
        with without_collector():
            self._left = self._left or recall(vault, today)
            seen = self._known_stamps()
            result = runs.index(vault, today, time.time_ns(), rest=rest, before=self._left, seen=seen)
        self._left = result.left
        self._take_written(result)
        self._indexed_for = today
        if result.notes.postponed:
            self._run_at = time.monotonic() + self._timing.rest
        self._failure = ""
        self._listener.indexed(vault, result)
        gc.collect()  # nobody waits for anything now
        self._busy_until = time.monotonic() + self._timing.quiet

    def _known_stamps(self) -> Stamps | None:
        """The stamps of all notes as they were seen; None where not all of them are known."""
        seen, is_by_these_rules = self._seen, self._looked_by == self._configured
        is_known = is_by_these_rules and seen.others.keys() <= self._beside
        return seen.notes if self._left is not None and is_known else None

    def _weighs(self, path: VaultPath) -> bool:
        """Whether a path is not only one of those that editors save to before they rename."""
        return is_note_name(path) or path in self._beside

    def _current(self) -> Vault:
        """The vault, opened anew where what its policy is read from has changed."""
        stamps = self._settings()
        if self._vault is None or stamps != self._configured:
            self._vault = None
            vault = self._open()
            if vault.policy.paths.policy != self._noted:
                self._noted = vault.policy.paths.policy
                stamps = self._settings()
            self._vault, self._configured, self._beside = vault, stamps, frozenset(beside(vault))
            self._ruling = self._beside.difference(generated_paths(vault.policy))
            self._zone = vault.policy.timezone
        return self._vault

    def _settings(self) -> tuple[Stamp | None, ...]:
        """The stamps of the configuration, and of the note of the policy."""
        return tuple(stamp_at(self._root, path) for path in (CONFIG_NAME, self._noted) if path is not None)

    def _take_written(self, result: runs.Indexed) -> None:
        """What we wrote ourselves needs no run; what somebody wrote over it since does."""
        notes, outputs = result.notes.changed, result.outputs
        self._hints.drop((*notes, *outputs))
        still = {**as_written(self._root, notes), **as_put(self._root, outputs)}
        self._seen.see(still)
        self._ours = {**self._ours, **notes}
        for path in {*notes, *outputs}.difference(still):
            self._hints.add(path)

    def _fail(self, error: Exception, text: str) -> None:
        """Tell what went wrong, once; try again after a while."""
        self._run_at = time.monotonic() + self._timing.retry
        self._rescan_at = max(self._rescan_at, self._run_at)
        self._indexed_for = self._today()
        if text != self._failure:
            self._failure = text
            self._listener.failed(error)

    def _today(self) -> date:
        if self._day is not None:
            return self._day
        return datetime.now(ZoneInfo(self._zone) if self._zone else None).date()

    # --------------------------------------------------------------------------- the folder and the reports

    def _is_there(self) -> bool:
        """Whether the folder is; where it is another than before, all is begun anew."""
        now = _identity(self._root)
        if now == self._folder:
            return now is not None
        was, self._folder = self._folder, now
        self._end_reports()
        if now is None:
            self._listener.noted("gone", folder=self._root)
            return False
        if was is None:
            self._listener.noted("back", folder=self._root)
        self._begin_reports()
        self._hints.add_everything()
        return True

    def _begin_reports(self) -> None:
        """Have changes reported; where the system cannot, look for them."""
        if self._polls:
            return
        try:
            self._reports = Reports(self._root, self._hints)
        except TooManyError:
            self._polls = True
            self._listener.noted("limit")
        except OSError as error:  # the folder went away in this very moment, or cannot be watched at all
            self._polls = _identity(self._root) is not None
            self._listener.noted("unwatched", reason=error.strerror or str(error))
        self._hints.add_everything()  # what changed before the first report could come

    def _end_reports(self) -> None:
        reports, self._reports = self._reports, None
        if reports is not None:
            reports.stop()


def _identity(folder: str) -> tuple[int, int] | None:
    """What tells a folder from another one of the same name; None where there is none."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino
