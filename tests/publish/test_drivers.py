"""Real servers of other kinds on this machine: SFTP, WebDAV, an object store. Skipped where not installed."""

from __future__ import annotations

import os
import socket
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.publish.test_publish import change, publish, vault
from tests.support.vaults import contents

__all__ = ["vault"]  # fixture
FEED = "CRM/follow-ups.ics"
pytestmark = pytest.mark.filterwarnings("ignore")  # what drivers warn of is theirs


def expect_all(vault: Path, target: str, folder: Path) -> None:
    """Publish, publish again, change and publish: always what stands in the vault, and nothing beside it."""
    wrote = publish(vault, target)
    assert (wrote.status, wrote.out.count("wrote")) == (0, 2), wrote.text()
    assert "hunter2" not in wrote.text()
    assert publish(vault, target).out.count("up to date") == 2
    change(vault)
    assert publish(vault, target).out.count("wrote") == 2
    assert contents(folder) == {
        "Dashboard.md": (vault / "CRM/Dashboard.md").read_bytes(),
        "follow-ups.ics": (vault / FEED).read_bytes(),
    }
    hidden = [name for name in os.listdir(folder) if name.startswith(".")]
    assert not hidden
    (folder / "Dashboard.md").write_text("mine")
    assert publish(vault, target).status == 3
    assert (folder / "Dashboard.md").read_text() == "mine"
    assert publish(vault, target, "--secret").out.count("removed") == 1
    assert not (folder / "follow-ups.ics").exists()


# -------------------------------------------------------------------------------------------------- SFTP


def sftp_server(root: Path, paramiko: Any) -> tuple[socket.socket, Any]:
    """An SFTP server for a folder, which knows one user; its socket and its key."""
    key = paramiko.RSAKey.generate(2048)

    class Login(paramiko.ServerInterface):  # type: ignore[misc]
        def check_auth_password(self, username: str, password: str) -> int:
            right = (username, password) == ("me", "hunter2")
            return int(paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED)

        def check_channel_request(self, kind: str, chanid: int) -> int:
            return int(paramiko.OPEN_SUCCEEDED)

    class Files(paramiko.SFTPServerInterface):  # type: ignore[misc]
        def full(self, path: str) -> str:
            return str(root) + self.canonicalize(path)

        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat(os.stat(self.full(path)))
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)

        lstat = stat

        def open(self, path: str, flags: int, attr: Any) -> Any:
            try:
                handle = os.open(self.full(path), flags | getattr(os, "O_BINARY", 0), 0o644)
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)
            found = paramiko.SFTPHandle(flags)
            found.readfile = found.writefile = os.fdopen(handle, "wb" if flags & os.O_WRONLY else "rb")
            return found

        def done(self, action: Any, *paths: str) -> int:
            try:
                action(*map(self.full, paths))
            except OSError as error:
                return int(paramiko.SFTPServer.convert_errno(error.errno))
            return int(paramiko.SFTP_OK)

        def posix_rename(self, old: str, new: str) -> int:
            return self.done(os.replace, old, new)

        def remove(self, path: str) -> int:
            return self.done(os.unlink, path)

        def mkdir(self, path: str, attr: Any) -> int:
            return self.done(os.mkdir, path)

        def rmdir(self, path: str) -> int:
            return self.done(os.rmdir, path)

        def list_folder(self, path: str) -> Any:
            entries = []
            for name in os.listdir(self.full(path)):
                entry = paramiko.SFTPAttributes.from_stat(os.stat(os.path.join(self.full(path), name)))
                entry.filename = name
                entries.append(entry)
            return entries

    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
            transport.start_server(server=Login())

    threading.Thread(target=serve, daemon=True).start()
    return listener, key


@pytest.fixture
def sftp(tmp_path: Path, home: Path) -> Iterator[tuple[str, Path, Path, str]]:
    """Where the server is, its folder, the file of known hosts, and the line that makes it known."""
    paramiko = pytest.importorskip("paramiko", reason="paramiko is not installed")
    pytest.importorskip("fsspec", reason="the extra `publish` is not installed")
    root = tmp_path / "sftp"
    root.mkdir()
    listener, key = sftp_server(root, paramiko)
    port = listener.getsockname()[1]
    known = home / ".ssh" / "known_hosts"
    known.parent.mkdir()
    yield f"me:hunter2@127.0.0.1:{port}", root, known, f"[127.0.0.1]:{port} ssh-rsa {key.get_base64()}\n"
    listener.close()


def test_sftp(vault: Path, sftp: tuple[str, Path, Path, str]) -> None:
    where, root, known, line = sftp
    known.write_text(line)
    expect_all(vault, f"sftp://{where}/var/crm", root / "var" / "crm")


def test_an_unknown_host_gets_nothing(vault: Path, sftp: tuple[str, Path, Path, str]) -> None:
    where, root, _, _ = sftp
    outcome = publish(vault, f"sftp://{where}/crm")
    assert outcome.status == 3
    assert "connect once with ssh" in outcome.err
    assert "hunter2" not in outcome.text()
    assert not os.listdir(root)


def test_a_password_may_come_from_the_environment(
    vault: Path, sftp: tuple[str, Path, Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where, root, known, line = sftp
    known.write_text(line)
    target = f"sftp://{where.replace(':hunter2', '')}/crm"
    monkeypatch.setenv("VAULTCRM_PUBLISH_PASSWORD", "wrong")
    assert publish(vault, target).status == 3
    monkeypatch.setenv("VAULTCRM_PUBLISH_PASSWORD", "hunter2")
    assert publish(vault, target).status == 0
    assert (root / "crm" / "follow-ups.ics").exists()


# ------------------------------------------------------------------------------------------------ WebDAV


@pytest.fixture
def webdav(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a WebDAV server that knows one user, and its folder."""
    wsgidav = pytest.importorskip("wsgidav.wsgidav_app", reason="wsgidav is not installed")
    wsgi = pytest.importorskip("cheroot.wsgi", reason="cheroot is not installed")
    pytest.importorskip("webdav4", reason="webdav4 is not installed")
    root = tmp_path / "dav"
    root.mkdir()
    application = wsgidav.WsgiDAVApp(
        {
            "provider_mapping": {"/": str(root)},
            "simple_dc": {"user_mapping": {"*": {"me": {"password": "hunter2"}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), application)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    yield server.bind_addr[1], root
    server.stop()


def test_webdav(vault: Path, webdav: tuple[int, Path]) -> None:
    port, root = webdav
    expect_all(vault, f"webdav://me:hunter2@127.0.0.1:{port}/files/crm", root / "files" / "crm")


# ---------------------------------------------------------------------------------------- object stores


def test_an_object_store(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        moto = pytest.importorskip("moto.server", reason="moto is not installed")
        s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        for name, value in {
            "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
            "FSSPEC_S3_KEY": "key",
            "FSSPEC_S3_SECRET": "hunter2",
        }.items():
            monkeypatch.setenv(name, value)
        from fsspec.config import conf, set_conf_env

        set_conf_env(conf)
        store = s3fs.S3FileSystem()
        store.mkdir("crm-feeds")
        assert publish(vault, "s3://crm-feeds/a").out.count("wrote") == 2
        assert publish(vault, "s3://crm-feeds/a").out.count("up to date") == 2
        change(vault)
        assert publish(vault, "s3://crm-feeds/a").out.count("wrote") == 2
        store.invalidate_cache()
        assert store.cat_file("crm-feeds/a/follow-ups.ics") == (vault / FEED).read_bytes()
        said = store.info("crm-feeds/a/follow-ups.ics")
        assert said["ContentType"] == "text/calendar; charset=utf-8"
        assert publish(vault, "s3://crm-feeds/a", "--secret").out.count("removed") == 2
        assert "s3://crm-feed/a is not there" in publish(vault, "s3://crm-feed/a").err
        assert [each["name"] for each in store.ls("", detail=True, refresh=True)] == ["crm-feeds"]
    finally:
        server.stop()
