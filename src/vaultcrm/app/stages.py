"""Tells how far a run has come: its stages, and how many notes are read.

This module must not know what a stage does, nor where anything is shown.
"""

from __future__ import annotations


class Stages:
    """Is told what begins, and says nothing; the command line has others that do."""

    def begin(self, stage: str) -> None:
        """A stage begins, and the one before has ended: walk, read, join, assess, render, write."""

    def read(self, done: int, total: int) -> None:
        """So many of the notes that have to be read are read."""


SILENT = Stages()
"""For whom nobody waits."""
