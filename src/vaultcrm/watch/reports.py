"""Has the operating system report changes in a folder, through watchdog, as hints.

Its threads must never die of us, and it must be noticed where they die, or where reports are lost. This
module must not know what a change means.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from vaultcrm.store.vault import SETTINGS
from vaultcrm.watch.hints import Hints

LOGGERS = ("watchdog", "fsevents")
"""Who tells that reports were lost: nobody else does."""

IGNORED = frozenset({"opened", "closed_no_write"})
"""What reading causes; ours would never end."""

_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)
_STOP_S = 1.0


class TooManyError(Exception):
    """The system watches no more folders for this user."""


class Reports:
    """Reports of one folder and all below it. To be stopped, or used once."""

    def __init__(self, root: str, hints: Hints) -> None:
        """Begin to report.

        Raises:
            TooManyError: The system has no watches left.
            OSError: The folder cannot be watched.
        """
        self._lost = _Lost(hints)
        for name in LOGGERS:
            logging.getLogger(name).addHandler(self._lost)
        # a folder that comes back to where it was makes it warn, on the user's terminal
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")
        before = set(threading.enumerate())
        self._threads: list[threading.Thread] = []
        self._observer = Observer()
        try:
            self._observer.schedule(_Handler(root, hints), root, recursive=True)
            self._observer.start()
            self._threads = [
                each for each in threading.enumerate() if each not in before and _is_theirs(each)
            ]
            check_limit(root)
        except OSError as error:
            self.stop()
            if error.errno in _LIMITS:
                raise TooManyError from error
            raise

    def alive(self) -> bool:
        """Whether all of its threads still work."""
        return self._observer.is_alive() and all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """End all of it, within a second."""
        with suppress(RuntimeError):  # it never began
            self._observer.stop()
            self._observer.join(_STOP_S)
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(self._lost)


def _is_theirs(thread: threading.Thread) -> bool:
    return type(thread).__module__.startswith("watchdog")


class _Handler(FileSystemEventHandler):
    """Turns events into hints. An exception in here would end all reports for good, and nobody would know."""

    def __init__(self, root: str, hints: Hints) -> None:
        self._prefix = root.rstrip(os.sep) + os.sep
        self._hints = hints

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take an event of any kind."""
        try:
            if event.event_type in IGNORED or (event.is_directory and event.event_type == "modified"):
                return
            for path in (event.src_path, event.dest_path):
                if path:
                    self._take(os.fsdecode(path), event.is_directory)
        except Exception:  # whatever it was: somebody has to look
            self._hints.add_everything()

    def _take(self, path: str, is_folder: bool) -> None:
        if not path.startswith(self._prefix):
            if is_folder:  # the folder itself, or one that came from elsewhere
                self._hints.add_everything()
            return
        inside = path[len(self._prefix) :].replace(os.sep, "/")
        if _is_hidden(inside):
            return
        if is_folder:
            self._hints.add_everything()
        else:
            self._hints.add(inside)


def _is_hidden(path: str) -> bool:
    """Whether a path is hidden, or lies in a hidden folder, and is none of the settings that are read."""
    return (path.startswith(".") or "/." in path) and path not in SETTINGS


class _Lost(logging.Handler):
    """Hears what watchdog tells nobody but its log: that reports were lost, or that something broke."""

    def __init__(self, hints: Hints) -> None:
        super().__init__(logging.WARNING)
        self._hints = hints

    def emit(self, record: logging.LogRecord) -> None:
        """Take a warning, of whatever it is."""
        self._hints.add_everything()


def check_limit(folder: str) -> None:
    """See whether the system would watch one more folder.

    watchdog says nothing where it cannot watch some folder below the first: their changes would never show.

    Raises:
        OSError: It would not (ENOSPC), or it knows no such watches any more (EMFILE).
    """
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None, use_errno=True)
    begin: Callable[[], int] = library.inotify_init
    handle = begin()
    if handle < 0:
        raise OSError(ctypes.get_errno(), "no more watches")
    try:
        if library.inotify_add_watch(handle, os.fsencode(folder), _ANYTHING) < 0:
            raise OSError(ctypes.get_errno(), "no more watches")
    finally:
        os.close(handle)


_ANYTHING = 0x00000002  # IN_MODIFY
