"""Watches a vault and indexes it whenever something in it has changed."""

from vaultcrm.watch.loop import Listener, Timing, Watcher

__all__ = ["Listener", "Timing", "Watcher"]
