"""SHA-256 is the same whoever makes it."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from vaultcrm.model import sums


@pytest.mark.parametrize("data", [b"", b"abc", bytes(range(256)) * 4096])
def test_all_implementations_agree(data: bytes) -> None:
    expected = hashlib.sha256(data)
    for sha256 in (sums.sha256, sums.sha256_of_much()):
        assert (sha256(data).digest(), sha256(data).hexdigest()) == (expected.digest(), expected.hexdigest())


def test_an_interpreter_without_its_own_asks_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, name, None)
    assert sums._found("_sha2", "_sha256", "hashlib") is hashlib.sha256
    with pytest.raises(ImportError):
        sums._found("_sha2", "_sha256")


def test_few_bytes_are_summed_without_openssl() -> None:
    code = "import sys; from vaultcrm.model.sums import *; sha256(b'a'); print('_hashlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
