"""The merge driver for generated files: git hands it three versions of one, and takes what comes back.

This module must not know how they are merged.
"""

from __future__ import annotations

import os

from vaultcrm.app.merging import merged_output
from vaultcrm.store.files import read_bytes, replace_file


def merge_files(base: str, ours: str, theirs: str, path: str) -> bool:
    """Merge the file ``theirs`` into the file ``ours``; False where conflicts are left in it.

    Args:
        base: What both began with; an empty file where there was none.
        ours: Our version, which is replaced by the merged one.
        theirs: Their version.
        path: What the file is called in the repository.

    Raises:
        VaultcrmError: A file cannot be read or written.
    """
    before, mine, other = (read_bytes(os.path.abspath(each)) or b"" for each in (base, ours, theirs))
    merged, clean = merged_output(before, mine, other, path)
    if merged != mine:
        folder, name = os.path.split(os.path.abspath(ours))
        replace_file(folder, name, merged)
    return clean
