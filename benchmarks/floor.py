"""A measuring stick: what any program in Python has to do at least, and nothing that is of use to anybody.

    floor.py nothing VAULT       look at each note, and compare with what was kept
    floor.py one VAULT           the same; then take what was kept of each note apart, and put it back
    floor.py cold VAULT          the same; then read each note, and parse its front matter with libyaml

It keeps two files beside the vault.
"""

from __future__ import annotations

import marshal
import os
import sys


def main() -> None:
    """Do what the first argument says to the vault that the second one names."""
    state, root = sys.argv[1:]
    kept = root.rstrip("/") + ".floor"
    notes = look(root)
    if state == "nothing":
        sys.exit(int(load(kept + ".notes") != notes))
    said = {path: read(path) for path in notes} if state == "cold" else load(kept)
    save(kept + ".notes", notes)
    save(kept, said)


def load(path: str) -> object:
    """What was kept."""
    with open(path, "rb") as file:
        return marshal.loads(file.read())


def save(path: str, value: object) -> None:
    """Keep it for the next run."""
    with open(path + ".new", "wb") as file:
        file.write(marshal.dumps(value))  # type: ignore[arg-type]
    os.replace(path + ".new", path)


def look(root: str) -> dict[str, tuple[int, int]]:
    """The notes, with their times and sizes."""
    found, folders = {}, [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".md"):
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = status.st_mtime_ns, status.st_size
                elif entry.is_dir(follow_symlinks=False) and entry.name[0] != ".":
                    folders.append(entry.path)
    return found


def read(path: str) -> object:
    """The front matter's words in their order, and the lines that may be open tasks."""
    import yaml

    with open(path, "rb", buffering=0) as file:
        data = file.read()
    end = data.find(b"\n---\n", 3)
    words = []
    if data[:4] == b"---\n" and end > 0:
        words = [each.value for each in yaml.parse(data[4:end], yaml.CSafeLoader) if hasattr(each, "value")]
    tasks = [line for line in data.decode().split("\n") if "[ ] " in line] if b"[ ] " in data else []
    return words, tasks


main()
