"""Chinese throughout: what a command says in a Chinese vault, or to a Chinese reader, is Chinese."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.conftest import MakeVault
from tests.support.command import Outcome, run_cli
from vaultcrm.cli.commands import GROUPS, command_line
from vaultcrm.cli.speech import book, environment_language
from vaultcrm.starting.starter import start_vault
from vaultcrm.store.answers import Question

SOURCE = Path(__file__).resolve().parents[2] / "src" / "vaultcrm"
DAY = date(2026, 11, 20)

SENTENCE = re.compile(r"[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*){2,}")
"""Three English words in a row."""

NO_SENTENCE = re.compile(
    r"(?:vaultcrm|pip|git|sudo|brew) [^\u3000-\uffff]*"  # a command to be typed
    r"|“[^”]*”|\"[^\"]*\"|'[^']*'"  # what somebody wrote
    r"|^.*\.(?:json|csv|ics)$",
    re.MULTILINE,
)

ERRORS = ("VaultcrmError", "UsageError", "NotWritable", "VaultMissing", "ChangedOnDisk", "Locked")
TELLING = (*ERRORS, "BadTemplateError", "wrong", "read")
"""Who is given a text for people in English, which must be in the book."""

FILLED = "7"
"""What stands for a value in a template; a number may stand for anything."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("zh") / "库"
    start_vault(str(root), language="zh", policy="studio", sample=True, day=DAY)
    run_cli("index", "--vault", root, "--today", DAY.isoformat())
    return root


def english_in(text: str) -> list[str]:
    return SENTENCE.findall(NO_SENTENCE.sub(" ", text))


def all_commands() -> Iterator[tuple[str, ...]]:
    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        for name, each in getattr(command, "commands", {}).items():
            yield from below(each, (*words, name))

    yield from below(typer.main.get_command(command_line()), ())


COMMANDS = tuple(all_commands())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_chinese(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    page = run_cli(*words, "--help")
    assert page.status == 0
    assert page.out.startswith("用法：vaultcrm ")
    assert english_in(page.out.split("\n", 1)[1]) == []
    assert not re.search(r"\b(Options|Arguments|Commands|Usage|required|default|env var)\b", page.out)
    columns = [sum(2 if ord(each) > 0x2E7F else 1 for each in line) for line in page.out.splitlines()]
    assert max(columns) <= 80


def test_every_command_is_in_a_group_of_help() -> None:
    named = {words[0] for words in COMMANDS if words}
    assert named == {command for _, commands in GROUPS for command in commands}


MISTAKES = (
    ("lgo",),
    ("nonsense",),
    ("agenda", "--dayz", "3"),
    ("agenda", "--q"),
    ("agenda", "--days", "x"),
    ("agenda", "--days", "0"),
    ("agenda", "--days"),
    ("agenda", "--json=1"),
    ("init", "--lang", "fr"),
    ("show",),
    ("export",),
    ("export", "xml"),
    ("policy",),
    ("policy", "xx"),
    ("index", "extra", "words"),
    ("agenda", "--today", "2026-13-01"),
    ("agenda", "--vault", ""),
    ("agenda", "--owner", "nobody"),
    ("show", "nobody"),
    ("explain", "康禾口腔", "nothing"),
    ("metrics", "--period", "never"),
    ("log", "康禾口腔"),
    ("log", "康禾口腔", "x", "--date", "never"),
    ("log", "康禾口腔", "x severity:9"),
    ("new", "thing", "x"),
    ("new", "person", "x"),
    ("new", "client", "康禾口腔"),
    ("new", "client", "x", "--set", "phon=1"),
    ("draft", "康禾口腔", "nothing"),
    ("draft", "康禾口腔"),
    ("done",),
    ("done", "nothing like it"),
    ("snooze", "康禾口腔"),
    ("snooze", "康禾口腔", "yesterday"),
    ("writeback",),
    ("history", "--since", "tomorrow"),
    ("check", "nowhere"),
    ("check", "--format", "yaml"),
    ("serve", "--port", "99999"),
    ("serve", "--feed", "nothing"),
    ("publish", "ftpx://nowhere"),
    ("hook", "status"),
    ("hook", "run", "nothing"),
)


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_mistakes_are_told_in_chinese(
    words: tuple[str, ...], sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample)
    told = run_cli(*words, today=DAY)
    assert told.status == 2
    assert told.err.startswith(("错误：", "用法："))
    assert english_in(told.err) == []


READING = (
    ("index", "--timings"),
    ("index", "--check"),
    ("check",),
    ("check", "--format", "github"),
    ("agenda", "--days", "60"),
    ("show", "康禾口腔"),
    ("show", "康禾口腔", "--markdown"),
    ("explain", "康禾口腔"),
    ("explain", "听澜茶坊"),
    ("metrics",),
    ("metrics", "--period", "quarter"),
    ("history", "--every", "quarter"),
    ("history", "康禾口腔"),
    ("log", "康禾口腔", "电话：周三见面 +1 next:+2w", "--dry-run"),
    ("new", "客户", "松果面馆", "--dry-run"),
    ("new", "反馈", "康禾口腔", "--dry-run"),
    ("draft", "--list"),
    ("draft", "康禾口腔", "--list"),
    ("draft", "听澜茶坊", "referral-ask"),
    ("draft", "康禾口腔", "apology"),
    ("done", "书面方案", "--dry-run"),
    ("snooze", "康禾口腔", "2周", "--dry-run"),
    ("policy", "check"),
    ("policy", "show"),
    ("policy", "simulate", "vaultcrm.toml"),
    ("serve", "--links"),
    ("publish", "../away", "--dry-run"),
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_answers_are_chinese(words: tuple[str, ...], sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample)
    said = run_cli(*words, today=DAY)
    assert said.status == 0, said.err
    assert english_in(said.out + said.err) == []


@pytest.mark.parametrize("name", ["Dashboard.md", "follow-ups.ics"])
def test_outputs_are_chinese(name: str, sample: Path) -> None:
    text = (sample / "CRM" / name).read_text(encoding="utf-8").replace("\r\n ", "")
    text = re.sub(r"<!-- vaultcrm:\w+ [^>]*-->|^[A-Z-]+[;:](?=[A-Z]|-//|https?:)[^\n]*", "", text, flags=re.M)
    assert english_in(text) == []


def test_a_wrong_configuration_is_told_in_the_language_that_it_names(make_vault: MakeVault) -> None:
    root = make_vault(
        {
            "vaultcrm.toml": 'language = "zh"\ncapacity = "many"\nworkdays = []\nholidays = "XX"\n'
            '[paths]\nfeed = "../x"\n[tiers]\nscheme = "krit"\n[cadence]\nnew = 3\n[[feeds]]\n'
            'color = "blau"\n[loyalty]\nper_amount = 0\n[health.weights]\nrecencyy = 1\n'
        }
    )
    told = run_cli("check", "--vault", root)
    assert told.status == 2
    assert english_in(told.err) == []
    assert len(told.err.splitlines()) > 8


@pytest.mark.parametrize(
    "broken",
    [
        "a",
        "a = ",
        "a = [1",
        "a = 'x",
        "a = 'x\nb = 'y'",
        "<<<<<<< HEAD",
        f"a = {'[' * 5000}",
        'a = "\\q"',
        "[x",
        "a = 1\na = 2",
        "[a]\n[a]",
        "键 = 1",
        "a = 1 2",
    ],
)
def test_what_is_no_toml_is_told_in_chinese(broken: str, make_vault: MakeVault) -> None:
    told = run_cli("check", "--vault", make_vault({"vaultcrm.toml": f'language = "zh"\n{broken}\n'}))
    assert told.status == 2
    assert told.err.startswith(("错误：vaultcrm.toml:", "错误：vaultcrm.toml: 不是 TOML：括号"))
    assert english_in(told.err) == []


def test_a_key_that_is_nearest_stays_as_it_is_written(make_vault: MakeVault) -> None:
    told = run_cli("check", "--vault", make_vault({"vaultcrm.toml": 'language = "zh"\nPolice = 1\n'}))
    assert "最接近的：policy" in told.err


def templates_of(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        yield from _texts(argument)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else FILLED for each in values)
        case ast.IfExp():
            yield from (*_texts(node.body), *_texts(node.orelse))
        case ast.BoolOp():
            yield from (text for each in node.values for text in _texts(each))
        case ast.BinOp():
            yield "".join(next(_texts(each), FILLED) for each in (node.left, node.right))


def test_every_error_in_the_code_is_in_the_book() -> None:
    known = book("zh")
    missing = [
        f"{path.name}:{call.lineno}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call)
        and (getattr(call.func, "id", None) or getattr(call.func, "attr", None)) in TELLING
        for text in templates_of(call)
        if " " in text.strip() and not text.startswith(("vaultcrm ", "pip ")) and not known.knows(text)
    ]
    assert missing == []


LOCALES = {
    "zh_CN.UTF-8": "zh",
    "zh-Hans": "zh",
    "zh": "zh",
    "ZH_TW": "zh",
    "C": "en",
    "C.UTF-8": "en",
    "POSIX": "en",
    "de_DE": "en",
    "en_GB": "en",
}


@pytest.mark.parametrize(("locale", "language"), LOCALES.items())
def test_language_of_the_environment(locale: str, language: str) -> None:
    assert environment_language({"LANG": locale}) == language
    assert environment_language({"LANG": "C", "LC_MESSAGES": locale}) == language
    assert environment_language({"LANG": "C", "LC_MESSAGES": "C", "LC_ALL": locale}) == language
    assert environment_language({"LC_ALL": "", "LANG": locale}) == language


def said_of(words: tuple[str, ...]) -> Outcome:
    return run_cli(*words)


def test_a_vault_decides_before_the_environment(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chinese = make_vault({"vaultcrm.toml": 'language = "zh"\n'})
    monkeypatch.chdir(tmp_path)
    assert run_cli("lgo").err.startswith("error: ")
    assert run_cli("show", "x", f"--vault={chinese}").err.startswith("错误：")
    assert run_cli("agenda", "--days", "x", "--vault", chinese).err.startswith("错误：")
    monkeypatch.setenv("VAULTCRM_VAULT", str(chinese))
    assert run_cli("--help").out.startswith("用法：")
    monkeypatch.delenv("VAULTCRM_VAULT")
    monkeypatch.chdir(chinese)
    assert run_cli("lgo").err.startswith("错误：")
    (chinese / "vaultcrm.toml").write_text('language = "en" # not "zh"\n', encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run_cli("lgo").err.startswith("error: ")
    (chinese / "vaultcrm.toml").write_text('[x]\nlanguage = "zh"\n', encoding="utf-8")
    assert run_cli("lgo").err.startswith("error: ")
    (chinese / "vaultcrm.toml").unlink()
    assert run_cli("lgo").err.startswith("错误：")


def test_init_takes_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    run_cli("init", tmp_path / "库")
    assert (tmp_path / "库" / "客户").is_dir()
    run_cli("init", tmp_path / "vault", "--lang", "en")
    assert (tmp_path / "vault" / "Clients").is_dir()


@pytest.mark.parametrize("variable", ["LANG", "LC_ALL", "LC_MESSAGES"])
def test_an_answer_in_one_language_is_none_in_another(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "C")
    one = Question(["--help"])._path
    monkeypatch.setenv(variable, "zh_CN.UTF-8")
    assert Question(["--help"])._path != one


def test_examples_in_hints_are_chinese(make_vault: MakeVault) -> None:
    root = make_vault({"vaultcrm.toml": 'language = "zh"\n', "客户/青禾.md": "---\ntype: client\n---\n"})
    hint = run_cli("log", "青禾", "--vault", root).err.splitlines()[-1].strip()
    words = shlex.split(hint)
    assert words[:3] == ["vaultcrm", "log", "青禾"]
    done = run_cli(*words[1:], "--vault", root, "--today", "2026-11-20")
    assert done.status == 0
    assert "11月27日" in done.out
