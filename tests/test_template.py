"""The vault that `init` makes: what people find in it, in both languages, is whole and works."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policies import preset
from tests.support.command import run_cli
from vaultcrm.app.opening import template_folder
from vaultcrm.app.runs import Vault, load, open_vault
from vaultcrm.parse.schema import PROPERTIES
from vaultcrm.parse.vocabulary import fold
from vaultcrm.rules.silence import SILENCES
from vaultcrm.rules.touchpoints import TOUCHPOINTS
from vaultcrm.rules.warnings import WARNINGS
from vaultcrm.starting.starter import start_vault
from vaultcrm.writing.making import TEMPLATER, find_template

LANGUAGES = ("en", "zh")
PRESETS = ("studio", "enterprise", "sales", "retention")
KINDS = ("client", "person", "project", "interaction", "feedback")
STAGES = ("prospect", "new", "growing", "core")
COMPUTED = ("crm_tier", "crm_stage", "crm_next_contact", "crm_health")
FILES = re.compile(r"file\.\w+")
DAY = date(2026, 11, 20)
DAYS = (date(2026, 1, 1), date(2026, 2, 17), date(2026, 12, 31), date(2028, 2, 29))
"""New Year, Chinese New Year, the year's last day, a leap day."""


@pytest.fixture(scope="module", params=LANGUAGES)
def vault(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Vault:
    root = tmp_path_factory.mktemp("start") / "vault"
    start_vault(str(root), language=request.param, policy="studio", sample=False, day=DAY)
    return open_vault(str(root))


def files(language: str, suffix: str) -> list[Path]:
    return sorted((Path(template_folder()) / language).rglob(f"*{suffix}"))


def test_nothing_in_a_new_vault_is_a_client(vault: Vault) -> None:
    loaded = load(vault, 0)
    assert not loaded.portfolio.histories
    assert not loaded.diagnostics


def test_every_rule_stage_and_tier_has_a_playbook(vault: Vault) -> None:
    wanted = {row.id for row in (*TOUCHPOINTS, *WARNINGS, *SILENCES)}
    wanted |= {f"stage-{stage}" for stage in STAGES}
    wanted |= {f"tier-{tier}" for name in PRESETS for tier in preset(name).tiers.names}
    found = load(vault, 0).playbooks
    assert {fold(id_) for id_ in wanted} - {fold(id_) for id_ in found} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_template_to_fill_in_and_one_that_asks(kind: str, vault: Vault) -> None:
    chosen = find_template(vault, kind)
    assert chosen.path is not None
    assert TEMPLATER not in chosen.text
    folder, _, name = chosen.path.rpartition("/")
    asking = Path(vault.root, folder, "Templater", name).read_text(encoding="utf-8")
    assert "<% tp.file.cursor() %>" in asking
    assert asking.count("<%") == asking.count("%>")
    assert properties_of(asking) <= known_properties()
    assert properties_of(chosen.text) <= known_properties()


def properties_of(template: str) -> set[str]:
    block = template[template.index("---\n") + 4 :].partition("\n---")[0]
    return {fold(line.partition(":")[0]) for line in block.splitlines()}


def known_properties() -> set[str]:
    names = {fold(name) for row in PROPERTIES for name in row.names}
    return names | {"type", *COMPUTED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_bases_show_what_notes_have(language: str) -> None:
    bases = files(language, ".base")
    assert len(bases) == 4
    known = known_properties()
    for path in bases:
        base = yaml.safe_load(path.read_text(encoding="utf-8"))
        shown = [name for view in base["views"] for name in view["order"]]
        shown += [each["property"] for view in base["views"] for each in view.get("sort", [])]
        shown += [view["groupBy"]["property"] for view in base["views"] if "groupBy" in view]
        shown += [name.removeprefix("note.") for name in base["properties"]]
        assert {name for name in shown if not FILES.match(name)} <= known | set(COMPUTED), path.name
        folders = re.findall(r'inFolder\("([^"]+)"\)', path.read_text(encoding="utf-8"))
        assert folders
        assert len({view["name"] for view in base["views"]}) == len(base["views"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_of_obsidian_name_what_is_there(language: str, tmp_path: Path) -> None:
    start_vault(str(tmp_path / "v"), language=language, policy="studio", sample=False, day=DAY)
    settings = tmp_path / "v" / ".obsidian"

    def read(name: str) -> Any:
        return json.loads((settings / name).read_text(encoding="utf-8"))

    assert (tmp_path / "v" / read("templates.json")["folder"] / "Templater").is_dir()
    assert (tmp_path / "v" / read("daily-notes.json")["folder"]).is_dir()
    for name in read("appearance.json")["enabledCssSnippets"]:
        css = (settings / "snippets" / f"{name}.css").read_text(encoding="utf-8")
        assert css.count("{") == css.count("}")
    assert set(read("types.json")["types"]) - known_properties() - set(COMPUTED) == set()


def test_both_languages_have_the_same_files() -> None:
    counts = [
        {suffix: len(files(language, suffix)) for suffix in (".md", ".base", ".json", ".css", ".toml")}
        for language in LANGUAGES
    ]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_between_notes_of_the_template_lead_somewhere(language: str) -> None:
    names = {path.stem for path in files(language, ".md")}
    for path in files(language, ".md"):
        text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\[\[([^\]|\\$]+)", text):
            assert link in names, f"{path.name}: {link}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_sample_is_full_and_without_errors_on_any_day(language: str, day: date, tmp_path: Path) -> None:
    start_vault(str(tmp_path), language=language, policy="studio", sample=True, day=day)
    histories = load(open_vault(str(tmp_path)), 0).portfolio.histories
    assert len(histories) == 12
    assert sum(len(one.interactions) for one in histories) >= 60
    assert run_cli("check", "--vault", tmp_path, "--today", day.isoformat()).status == 0


@pytest.mark.parametrize("path", files("zh", ".md"), ids=lambda path: path.stem)
def test_no_english_sentence_in_chinese_notes(path: Path) -> None:
    text = re.sub(
        r"```.*?```|`[^`]*`|<%.*?%>|vaultcrm [^\u3000-\uffff]*", "", path.read_text("utf-8"), flags=re.DOTALL
    )
    assert re.findall(r"[A-Za-z][a-z']+(?: [A-Za-z][a-z']+){2,}", text) == []


@pytest.mark.parametrize("note", ["start/Start here.md", "join/CRM/Start here.md"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_that_the_start_note_names_can_be_made_from_within_the_vault(
    language: str, note: str, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = note if language == "en" else note.replace("Start here", "从这里开始")
    text = (Path(template_folder()) / language / name).read_text(encoding="utf-8")
    (command,) = re.findall(r"`vaultcrm (init [^`]*)`", text)
    monkeypatch.chdir(vault.root)
    outcome = run_cli(*command.split(), "--dry-run", "--today", DAY.isoformat())
    assert outcome.status == 0, outcome.text()
