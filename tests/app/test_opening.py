"""A vault is opened: its configuration, its policy, its words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.policies import preset
from vaultcrm.app import runs
from vaultcrm.app.opening import CONFIG_LIMIT, decoded, open_vault
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.policy import NoteMapping


def test_a_folder_without_configuration_is_a_studio(make_vault: MakeVault) -> None:
    vault = runs.open_vault(str(make_vault({"a.md": ""})))
    assert (vault.policy, vault.labels.language, vault.snapshot) == (preset(), "en", None)


def test_the_language_is_the_configuration_s(make_vault: MakeVault) -> None:
    vault = runs.open_vault(str(make_vault({"vaultcrm.toml": 'language = "zh"'})))
    assert vault.labels.get("section.today") == "今天"


def test_a_byte_order_mark_and_windows_line_ends(make_vault: MakeVault) -> None:
    vault = runs.open_vault(
        str(make_vault({"vaultcrm.toml": b'\xef\xbb\xbfpolicy = "sales"\r\nwindow = 3\r\n'}))
    )
    assert (vault.policy.preset, vault.policy.window) == ("sales", 3)


def test_every_problem_is_told_with_the_folder(make_vault: MakeVault) -> None:
    root = make_vault({"vaultcrm.toml": 'window = "x"\nholidays = "XX"\ncapacity = -1\n'})
    with pytest.raises(UsageError) as caught:
        runs.open_vault(str(root))
    assert caught.value.exit_status == 2
    assert [line.partition(": ")[0] for line in caught.value.message.splitlines()] == [
        "vaultcrm.toml:1",
        "vaultcrm.toml:3",
        "vaultcrm.toml:2",
    ]
    assert caught.value.hint == f"mend vaultcrm.toml in {root}"


def test_a_configuration_that_is_no_text(make_vault: MakeVault) -> None:
    with pytest.raises(UsageError, match="not UTF-8"):
        runs.open_vault(str(make_vault({"vaultcrm.toml": b"\xff"})))


@pytest.mark.parametrize("name", ["vaultcrm.toml", "CRM/Policy.md"])
def test_settings_that_are_a_link_to_nothing_are_told(name: str, make_vault: MakeVault) -> None:
    root = make_vault({"Notes/a.md": "", "CRM/b.md": ""})
    (root / name).symlink_to("elsewhere")
    with pytest.raises(VaultcrmError, match="the link leads nowhere") as caught:
        runs.open_vault(str(root))
    assert (caught.value.exit_status, "elsewhere" in caught.value.hint) == (3, True)


def test_a_configuration_that_is_a_link_to_nothing_marks_the_vault(make_vault: MakeVault) -> None:
    root = make_vault({"Notes/a.md": ""})
    (root / "vaultcrm.toml").symlink_to("elsewhere")
    with pytest.raises(VaultcrmError, match="the link leads nowhere"):
        runs.open_vault(str(root / "Notes"))


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(VaultcrmError, match="does not exist") as caught:
        runs.open_vault(str(tmp_path / "missing"))
    assert caught.value.exit_status == 3


@pytest.mark.parametrize(("country", "known"), [("CN", True), ("de", True), ("XX", False)])
def test_countries_whose_holidays_are_known(country: str, known: bool) -> None:
    assert (runs.read_policy(f'holidays = "{country}"')[1] == ()) is known


def test_files_that_a_user_names(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    with pytest.raises(UsageError, match="there is no file"):
        runs.read_text(str(file))
    file.write_bytes(b"\xef\xbb\xbfa\r\n")
    assert runs.read_text(str(file)) == "a\r\n"
    file.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        runs.read_text(str(file))
    with pytest.raises(UsageError):
        runs.read_text(str(tmp_path))
    assert decoded(b"x", "a") == "x"


# What a cached reading depends on


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "EUR"},
        {"timezone": "Europe/Berlin"},
        {"daily": "Daily"},
        {"mapping": NoteMapping(folders={"A": "client"})},
        {"mapping": NoteMapping(tags={"a": "client"})},
        {"mapping": NoteMapping(values={("a", "b"): "client"})},
        {"mapping": NoteMapping(properties={"a": "since"})},
    ],
)
def test_another_configuration_reads_notes_anew(change: dict[str, object]) -> None:
    plain = runs.read_config(preset())
    changed = runs.read_config(replace(preset(), **change))  # type: ignore[arg-type]  # fields of the policy
    assert runs.fingerprint(plain) != runs.fingerprint(changed)


def test_a_number_of_a_rule_does_not_read_notes_anew() -> None:
    other = preset("studio", "window = 3\n[health]\nhealthy = 80")
    assert runs.fingerprint(runs.read_config(preset())) == runs.fingerprint(runs.read_config(other))


def test_scores_and_touchpoints_of_one_s_own_are_read() -> None:
    config = runs.read_config(
        preset(
            "studio",
            "[[tiers.dimensions]]\nname = 'Warm heart'\n[[tiers.dimensions]]\nname = 'growth'\n"
            "[[tiers.dimensions]]\nname = 'amount'\nsource = 'amount'\n"
            "[touchpoints.coffee]\nevery = '1 month'\nsettled_by = ['visit']",
        )
    )
    assert config.dimensions == ("warm_heart",)
    assert {"coffee", "survey", "silent"} <= config.mutable


def test_a_configuration_of_no_sane_size_is_told_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "vaultcrm.toml").write_bytes(b"a" * (CONFIG_LIMIT + 1))
    with pytest.raises(UsageError, match="at most 262144 are read"):
        open_vault(str(tmp_path))
