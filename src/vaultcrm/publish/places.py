"""Where files are published: a folder of this machine, or whatever ``fsspec`` has a driver for.

A file is replaced in one step where the target can: by a rename in folders, over SFTP and WebDAV; object
stores do it by themselves. This module must not know what is published, and never repeats a password.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.patterns import regex
from vaultcrm.parse.vocabulary import nearest
from vaultcrm.sharing import is_loopback
from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.store.target import reason_and_hint

PASSWORD = "VAULTCRM_PUBLISH_PASSWORD"
SFTP = ("sftp", "ssh")
USUAL = ("sftp", "s3", "gs", "az", "webdavs", "ftp", "smb")
"""What people publish to; fsspec knows more."""

FOLDER = ("file", "local")
BY_PASSWORD = ("ftp", "smb")
"""Where fsspec's own driver takes a password."""

FOLDERS = (*SFTP, "webdav", "dav", "ftp", "smb", "memory", "hdfs", "webhdfs")
"""Where missing folders are made; elsewhere the first of them may be a bucket, and open to everybody."""

UNENCRYPTED = ("webdav", "dav", "ftp")
WEBDAV = {"webdav": "http", "dav": "http", "webdavs": "https", "davs": "https"}
TYPES = {".ics": "text/calendar; charset=utf-8", ".md": "text/markdown; charset=utf-8"}


class Place(Protocol):
    """A folder somewhere; ``shown`` is its address without a password.

    ``is_overheard``: whoever is on the way there can read the password, and what is published.
    """

    shown: str
    is_overheard: bool

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, or another in its place; missing folders are made, but never a bucket."""

    def remove(self, name: str) -> None:
        """Remove a file, and its folder if that is empty then."""


class LocalPlace:
    """A folder of this machine."""

    is_overheard = False

    def __init__(self, folder: str) -> None:
        self.shown = folder

    def read(self, name: str) -> bytes | None:
        """What a file holds."""
        with _told_of(name, self.shown):
            return read_bytes(os.path.join(self.shown, name))

    def write(self, name: str, data: bytes) -> None:
        """Put a file there."""
        with _told(self.shown):
            os.makedirs(self.shown, exist_ok=True)
        with _told_of(name, self.shown):
            replace_file(self.shown, name, data)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with _told(self.shown), suppress(FileNotFoundError):
            os.unlink(os.path.join(self.shown, name))
        folder = os.path.dirname(name)
        if folder:
            with suppress(OSError):
                os.rmdir(os.path.join(self.shown, folder))


class RemotePlace:
    """A folder that ``fsspec`` reaches; ``base`` is its path there, ``secrets`` is never to be shown."""

    def __init__(self, system: Any, base: str, shown: str, secrets: tuple[str, ...] = ()) -> None:
        self._system = system
        self._base = base.rstrip("/")
        self._secrets = secrets
        self.shown = shown
        self.is_overheard = _is_overheard(shown)
        kinds = (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)
        self._is_sftp = any(kind in SFTP for kind in kinds)
        self._is_webdav = any(kind in WEBDAV for kind in kinds)
        self._is_s3 = "s3" in kinds
        self._has_folders = any(kind in FOLDERS for kind in kinds)

    def read(self, name: str) -> bytes | None:
        """What a file holds."""
        with self._told():
            try:
                return bytes(self._system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file there."""
        with self._told():
            try:
                self._put(name, data)
            except FileNotFoundError as error:
                # its folder is not there, or the bucket: object stores need none
                if not self._has_folders:
                    raise VaultcrmError(
                        f"{self.shown} is not there",
                        "is the name right? A bucket is never made: make it first",
                    ) from error
                self._system.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
                self._put(name, data)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._told(), suppress(FileNotFoundError):
            self._system.rm_file(self._path(name))
        if "/" in name:
            with suppress(Exception):  # it is not empty, or there are no folders there
                self._system.rmdir(self._path(name).rpartition("/")[0])

    def _put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        if not (self._is_sftp or self._is_webdav):
            self._system.pipe_file(path, data, **self._said_of(name))
            return
        folder, _, last = path.rpartition("/")
        spare = f"{folder}/.{last}.{os.urandom(8).hex()}.tmp"
        try:
            self._system.pipe_file(spare, data)
            if self._is_webdav:
                self._system.client.move(spare, path, overwrite=True)
            else:
                self._system.mv(spare, path)
        except BaseException:
            with suppress(Exception):
                self._system.rm_file(spare)
            raise

    def _said_of(self, name: str) -> dict[str, str]:
        """What a bucket tells browsers of a file."""
        kind = TYPES.get(os.path.splitext(name)[1])
        return {"ContentType": kind, "CacheControl": "no-cache"} if self._is_s3 and kind else {}

    def _path(self, name: str) -> str:
        return f"{self._base}/{name}"

    def _told(self) -> AbstractContextManager[None]:
        return _told(self.shown, self._secrets)


def open_place(text: str, environment: Mapping[str, str]) -> Place:
    """The folder that a user named, by a path or an address such as ``sftp://host/folder``.

    A password comes from the variable ``VAULTCRM_PUBLISH_PASSWORD``, else from the address; a key from the
    driver's own settings.

    Raises:
        UsageError: There is no driver for it, or it is no address.
        VaultcrmError: It cannot be reached.
    """
    kind, found, rest = text.partition("://")
    if not found:
        return LocalPlace(os.path.abspath(os.path.expanduser(text)))
    if kind in FOLDER:
        return LocalPlace(os.path.abspath(unquote(rest)))
    if _SPLIT_PASSWORD.match(rest):
        raise UsageError(
            f"the {kind}:// address has a / in its password, or an @ in its path",
            f"write %2F or %40 for it; a password may stand in {PASSWORD}",
        )
    shown = re.sub(r"(?<=//)[^/]*@|[?#].*", "", text)
    given = environment.get(PASSWORD)
    secrets = _secrets(rest, given)
    with _told(shown, secrets):
        try:
            system, base = _system(kind, text, given)
        except ImportError as error:
            raise _no_driver(kind, error) from error
    return RemotePlace(system, base, shown, secrets)


def _secrets(rest: str, given: str | None) -> tuple[str, ...]:
    """What must never be shown, the longest first: the password of an address, as it stands and as meant."""
    user, found, _ = rest.partition("/")[0].rpartition("@")
    typed = user.partition(":")[2] if found else ""
    return tuple(sorted({each for each in (given, typed, unquote(typed)) if each}, key=len, reverse=True))


def _system(kind: str, text: str, password: str | None) -> tuple[Any, str]:
    """The file system behind an address, and the path in it."""
    import fsspec

    parts = urlsplit(text)
    if kind in WEBDAV:
        from webdav4.fsspec import WebdavFileSystem

        server = f"{WEBDAV[kind]}://{parts.netloc.rpartition('@')[2]}"
        user, secret = unquote(parts.username or ""), password or unquote(parts.password or "")
        return WebdavFileSystem(server, auth=(user, secret) if user else None), unquote(parts.path)
    if kind in SFTP:
        return _known_host(parts, password), unquote(parts.path)
    if kind not in fsspec.available_protocols():
        near = nearest(kind, (*fsspec.available_protocols(), *WEBDAV))
        hint = f"the nearest: {', '.join(near)}" if near else f"one of: {', '.join(USUAL)}"
        raise UsageError(f"{kind}:// is no kind of target", hint)
    if password and kind in BY_PASSWORD:
        text = re.sub(r"(?<=//)([^/:@]*):[^/]*@", r"\1@", text)
        system, base = fsspec.core.url_to_fs(text, password=password)
    else:
        system, base = fsspec.core.url_to_fs(text)
    return system, str(base)


def _known_host(parts: Any, password: str | None) -> Any:
    """SFTP to a host whose key is known to ssh; the driver alone would trust whoever answers."""
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    class KnownHosts(SFTPFileSystem):  # type: ignore[misc]
        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()

    secret = password or (unquote(parts.password) if parts.password else None)
    given = {"port": parts.port, "username": parts.username, "password": secret, "timeout": 30}
    named = {key: value for key, value in given.items() if value is not None}
    return KnownHosts(parts.hostname, **named, skip_instance_cache=True)


def _no_driver(kind: str, error: ImportError) -> UsageError:
    if (error.name or "").partition(".")[0] == "fsspec":
        return UsageError("publish needs fsspec, which is not installed", "pip install 'vaultcrm[publish]'")
    package = _DRIVERS.get(kind, error.name or "a driver")
    return UsageError(f"{kind}:// needs {package}, which is not installed", f"pip install {package}")


def _is_overheard(shown: str) -> bool:
    parts = urlsplit(shown)
    return parts.scheme in UNENCRYPTED and not is_loopback(parts.hostname or "")


@contextmanager
def _told(shown: str, secrets: tuple[str, ...] = ()) -> Iterator[None]:
    """Say in a line what a driver could not do, whatever it raises, and whatever it says in it."""
    try:
        yield
    except (VaultcrmError, ImportError):
        raise
    except Exception as error:
        said = (error.strerror if isinstance(error, OSError) else None) or str(error)
        why = " ".join(said.split()) or type(error).__name__
        for secret in secrets:
            why = why.replace(secret, "***")
        why = re.sub(r"(?<=//)[^/\s]*@", "", why)[:300]
        raise VaultcrmError(f"{shown} cannot be used: {why}", _hint(error)) from error


@contextmanager
def _told_of(name: str, folder: str) -> Iterator[None]:
    """Say what cannot be done with a file of a folder, which is no vault's, whatever the writer says of it.

    Of a name only the last part is told: what stands before it may be a secret.
    """
    try:
        yield
    except VaultcrmError as error:
        cause = error.__cause__
        why = reason_and_hint(cause)[0] if isinstance(cause, OSError) else "it is a link that leads elsewhere"
        last = name.rpartition("/")[2]
        raise VaultcrmError(f"the {last} at {folder} cannot be used: {why}") from error


def _hint(error: Exception) -> str:
    return "connect once with ssh to make it known" if "known_hosts" in str(error) else ""


_SPLIT_PASSWORD = regex(r"[^/@:]*:[^/@]*/.*@")
"""A name, and perhaps a password that a ``/`` ends too early: what stands behind the colon may be a port."""

_DRIVERS = {
    **dict.fromkeys(SFTP, "paramiko"),
    **dict.fromkeys(WEBDAV, "webdav4"),
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
    "smb": "smbprotocol",
}
