"""Every system call of a write fails once, or is the last one: a file is the old or the new one, whole."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.tally import Tally
from tests.support.vaults import contents
from vaultcrm.errors import NotWritable, VaultcrmError
from vaultcrm.store import exchange as exchange_module
from vaultcrm.store.files import EditResult, edit_file, replace_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="system calls of POSIX")

CALLS = (
    "open",
    "read",
    "write",
    "fsync",
    "fchmod",
    "fstat",
    "stat",
    "mkdir",
    "link",
    "rename",
    "replace",
    "unlink",
)
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
OLD, NEW = b"old\n" * 1000, b"new\n" * 1000
FAULT_NAMES = ["no space", "input/output", "no permission", "interrupted before", "interrupted behind"]


class Interruption(KeyboardInterrupt):
    """Control and C, in this very moment."""


@contextmanager
def fault(
    monkeypatch: pytest.MonkeyPatch, number: int, error: Callable[[], BaseException], after: bool = False
) -> Iterator[list[str]]:
    """Have the call of that number fail: instead of doing its work, or behind it. Yields the calls so far."""
    made: list[str] = []

    def failing(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            made.append(name)
            if len(made) != number:
                return real(*args, **options)
            if after:
                real(*args, **options)
            raise error()

        return call

    with monkeypatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, failing(name, getattr(os, name)))
        yield made


EVERY_FAULT = [
    *((partial(OSError, code, os.strerror(code)), False) for code in ERRORS),
    (Interruption, False),
    (Interruption, True),
]
Work = Callable[[Path], object]


def replace_old(root: Path) -> object:
    return replace_file(str(root), "CRM/a.md", NEW, expected=OLD)


def replace_whatever(root: Path) -> object:
    return replace_file(str(root), "CRM/a.md", NEW)


def replace_through_a_link(root: Path) -> object:
    return replace_file(str(root), "link.md", NEW)


def edit_note(root: Path) -> object:
    return edit_file(str(root), "CRM/a.md", sha256(OLD).digest(), NEW)


def fresh_vault(folder: Path) -> Path:
    (folder / "CRM").mkdir(parents=True)
    (folder / "CRM" / "a.md").write_bytes(OLD)
    os.chmod(folder / "CRM" / "a.md", 0o640)
    os.symlink("CRM/a.md", folder / "link.md")
    return folder


@pytest.mark.parametrize("means", ["exchange", "steps"])
@pytest.mark.parametrize("work", [replace_old, replace_whatever, replace_through_a_link, edit_note])
@pytest.mark.parametrize(("error", "after"), EVERY_FAULT, ids=FAULT_NAMES)
def test_the_old_or_the_new_file_is_there_and_no_other(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[], BaseException],
    after: bool,
    work: Work,
    means: str,
    tally: Tally,
) -> None:
    if means == "steps":
        monkeypatch.setattr(exchange_module, "_rename_at", lambda: None)
    for number in range(1, 100):
        root = fresh_vault(tmp_path / str(number))
        failed = False
        with fault(monkeypatch, number, error, after) as made:
            try:
                work(root)
            except (Interruption, VaultcrmError):
                failed = True
        found = contents(root)
        assert set(found) == {"CRM/a.md", "link.md"}, made
        assert found["CRM/a.md"] in (OLD, NEW), made
        assert failed or found["CRM/a.md"] == NEW or work is edit_note, made
        assert os.stat(root / "CRM" / "a.md").st_mode & 0o777 == 0o640, made
        assert os.readlink(root / "link.md") == "CRM/a.md"
        if len(made) < number:
            tally("interrupted" if error is Interruption else "refused", number - 1)
            return
    pytest.fail("it never ends")


@pytest.mark.parametrize("expected", [None, b""])
@pytest.mark.parametrize(("error", "after"), EVERY_FAULT, ids=FAULT_NAMES)
def test_a_new_file_is_there_whole_or_not_at_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[], BaseException],
    after: bool,
    expected: bytes | None,
    tally: Tally,
) -> None:
    for number in range(1, 100):
        root = tmp_path / str(number)
        root.mkdir()
        with fault(monkeypatch, number, error, after) as made:
            try:
                whole = replace_file(str(root), "CRM/Reviews/a.md", NEW, expected=expected)
            except (Interruption, VaultcrmError):
                whole = False
        assert contents(root) == {"CRM/Reviews/a.md": NEW} or (not whole and contents(root) == {}), made
        if len(made) < number:
            tally("interrupted" if error is Interruption else "refused", number - 1)
            return
    pytest.fail("it never ends")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.ENOSPC, "no space left on the disk"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EACCES, "permission denied"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EIO, "input/output error"),
    ],
)
def test_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, why: str) -> None:
    def failing(*args: object, **options: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", failing)
    with pytest.raises(NotWritable, match=f"CRM/a.md could not be written: {why}") as caught:
        replace_file(str(tmp_path), "CRM/a.md", NEW)
    assert caught.value.exit_status == 3
    assert caught.value.hint


def test_writes_that_take_only_a_part_are_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    replace_file(str(tmp_path), "a.md", NEW)
    assert contents(tmp_path) == {"a.md": NEW}


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_real_limit_of_the_system_leaves_the_old_file(tmp_path: Path) -> None:
    import resource

    (tmp_path / "a.md").write_bytes(OLD)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(NotWritable, match="larger than files may be"):
            replace_file(str(tmp_path), "a.md", NEW * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(tmp_path) == {"a.md": OLD}


KILLED = """\
import os, sys
from hashlib import sha256
from vaultcrm.store import exchange
from vaultcrm.store.files import edit_file, replace_file

root, work, means, calls = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
old, new = b"old\\n" * 1000, b"new\\n" * 1000
if means == "steps":
    exchange._rename_at = lambda: None

def run(number, after):
    count = 0
    def dying(real):
        def call(*args, **options):
            nonlocal count
            count += 1
            if count == number and not after:
                os._exit(9)
            result = real(*args, **options)
            if count == number:
                os._exit(9)
            return result
        return call
    for name in calls:
        setattr(os, name, dying(getattr(os, name)))
    if work == "edit":
        edit_file(root, "a.md", sha256(old).digest(), new)
    else:
        replace_file(root, "a.md", new)
    os._exit(0)

for number in range(1, 100):
    for after in (False, True):
        with open(root + "/a.md", "wb") as file:
            file.write(old)
        child = os.fork()
        if child == 0:
            run(number, after)
        status = os.waitpid(child, 0)[1]
        with open(root + "/a.md", "rb") as file:
            assert file.read() in (old, new), (number, after)
        strays = [name for name in os.listdir(root) if name != "a.md"]
        assert len(strays) <= 2, strays
        print(status, after, *strays)
        for name in strays:
            os.unlink(os.path.join(root, name))
    if status == 0:
        break
else:
    raise SystemExit("it never ends")
"""


@pytest.mark.parametrize("means", ["exchange", "steps"])
@pytest.mark.parametrize("work", ["edit", "replace"])
def test_a_kill_at_any_call_leaves_a_whole_file_and_names_to_be_swept(
    tmp_path: Path, work: str, means: str
) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), work, means, ",".join(CALLS)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    strays = {name for line in output.splitlines() for name in line.split()[2:]}
    assert strays
    assert all(
        re.fullmatch(r"\.vaultcrm-[0-9a-f]{24}(\.tmp|-[0-9a-f]{16}-[0-9a-f]{16}\.swap)", name)
        for name in strays
    )


EDITOR = """\
import os, sys, time
path, how = sys.argv[1:]
buffer = b"ours 0\\n"
for number in range(300):
    line = b"- mine %d\\n" % number
    if how == "appends":
        with open(path, "ab") as file:
            file.write(line)
    else:
        buffer += line
        with open(path + ".new", "wb") as file:
            file.write(buffer)
        os.replace(path + ".new", path)
    time.sleep(0.001)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tell who writes")
@pytest.mark.parametrize("how", ["appends", "renames"])
def test_no_line_that_an_editor_saves_is_lost(tmp_path: Path, how: str) -> None:
    note = tmp_path / "a.md"
    note.write_bytes(b"ours 0\n")
    number = written = 0
    with subprocess.Popen([sys.executable, "-c", EDITOR, str(note), how]) as editor:
        while editor.poll() is None:
            number += 1
            old = note.read_bytes()
            new = re.sub(rb"\Aours \d+", b"ours %d" % number, old)
            outcome = edit_file(str(tmp_path), "a.md", sha256(old).digest(), new)
            written += outcome.result is EditResult.WRITTEN
    assert editor.returncode == 0
    assert written
    found = contents(tmp_path)
    assert all(name == "a.md" or "(kept by vaultcrm" in name for name in found)
    lines = {line for data in found.values() for line in data.splitlines()}
    assert {b"- mine %d" % line for line in range(300)} <= lines
