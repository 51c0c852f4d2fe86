"""Keeps the documentation true: writes the tables that come from the code, and follows the links.

    python tools/docs.py           write them
    python tools/docs.py --check   tell what is wrong, exit 1 if anything is

A table stands between `<!-- made from the code: NAME -->` and `<!-- end of NAME -->`, and is made by
the function that `TABLES` names. Pictures that are drawn from the code are files of their own (`pictures`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import reference
import yaml
from pictures import PICTURES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ERRORS = ROOT / "tests" / "errors"

SHOWN = 2000
"""How long a note may be to stand on a page, in characters."""

_REGION = re.compile(r"(<!-- made from the code: (\S+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
_LINK = re.compile(r"\[[^\]\[]*\]\(<?([^)<>\s]+)>?\)")
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def errors() -> str:
    """Every diagnostic: what it says, what helps, and a note that causes it with what is printed."""
    from vaultcrm.model.diagnostics import CODES

    return "\n".join(_error(row.code, str(row.severity), row.template, row.remedy) for row in CODES.values())


def _error(code: str, severity: str, template: str, remedy: str) -> str:
    says, helps = (re.sub(r"'?\{\w+\}'?", "…", text) for text in (template, remedy))
    lines = [f"### {code}", "", f"{severity.capitalize()}: {says}."]
    if helps != "…":
        lines[-1] += f" What helps: {helps}."
    for case in [ERRORS / code, *sorted(ERRORS.glob(f"{code}--*"))]:
        note, expected = case / "note.md", case / "expected.txt"
        if note.exists() and _is_shown(note):
            lines += ["", *_fenced(note.read_text(encoding="utf-8"), "markdown")]
        if expected.exists():
            lines += ["", *_fenced(expected.read_text(encoding="utf-8"), "text")]
    return "\n".join([*lines, ""])


def _is_shown(path: Path) -> bool:
    """Whether a page can show this note as it is: short, and nothing in it that cannot be seen."""
    text = path.read_bytes().decode(errors="replace")
    visible = all(each.isprintable() or each in "\n\t" for each in text)
    return len(text) < SHOWN and visible and "\ufffd" not in text


def _fenced(text: str, language: str) -> list[str]:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return [f"{fence}{language}", *text.rstrip("\n").split("\n"), fence]


def commands() -> str:
    """Every command: what it does, its arguments and options."""
    from typer.main import get_command

    from vaultcrm.cli.commands import command_line

    groups: dict[str, list[str]] = {}
    for word, command in getattr(get_command(command_line()), "commands", {}).items():
        if not getattr(command, "hidden", False):
            group = getattr(command, "rich_help_panel", None) or "Commands"
            groups.setdefault(group, []).extend(_commands(f"vaultcrm {word}", command))
    return "\n".join(line for group, lines in groups.items() for line in (f"## {group}\n", *lines))


def _commands(name: str, command: object) -> Iterator[str]:
    subcommands: Mapping[str, object] = getattr(command, "commands", {})
    if not subcommands:
        yield _command(name, command)
    for word, each in subcommands.items():
        if not getattr(each, "hidden", False):
            yield from _commands(f"{name} {word}", each)


def _command(name: str, command: object) -> str:
    lines = [f"### {name}", "", (getattr(command, "help", None) or "").strip(), ""]
    rows = [_parameter(each) for each in getattr(command, "params", ()) if not getattr(each, "hidden", False)]
    if rows:
        lines += ["| option | does |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _parameter(parameter: object) -> str:
    kind: str = getattr(parameter, "param_type_name", "option")
    names: list[str] = [*getattr(parameter, "opts", []), *getattr(parameter, "secondary_opts", [])]
    shown = (
        getattr(parameter, "metavar", None) or names[0].upper() if kind == "argument" else ", ".join(names)
    )
    told = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    choices = getattr(getattr(parameter, "type", None), "choices", ())
    if choices and kind != "argument":
        told += f" One of {reference.code(str(getattr(each, 'value', each)) for each in choices)}."
    cells = (f"`{shown}`".replace("|", "\\|"), told)
    return f"| {' | '.join(cells)} |"


TABLES: dict[str, Callable[[], str]] = {"errors": errors, "commands": commands, **reference.TABLES}


def pages() -> list[Path]:
    """Everything that people read: the documentation, and what lies beside it."""
    beside = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [path for path in [*beside, *sorted(DOCS.rglob("*.md"))] if path.exists()]


def with_tables(text: str) -> str:
    """The text of a page with all of its tables made anew."""
    return _REGION.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]().strip()}\n\n{found[3]}", text)


def dead_links(page: Path) -> Iterator[str]:
    """Links of a page to files that are not there. Addresses elsewhere are not asked."""
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for found in _LINK.finditer(text):
        target = unquote(found[1].partition("#")[0])
        if (
            target
            and "://" not in target
            and not target.startswith("mailto:")
            and not (page.parent / target).exists()
        ):
            yield f"{page.relative_to(ROOT).as_posix()}: {found[1]} leads nowhere"


def forgotten_pages() -> Iterator[str]:
    """Pages that the site's navigation does not name, and names without a page."""
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    named = set(_named(navigation))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    yield from (f"mkdocs.yml: {name} is not there" for name in sorted(named - there))
    yield from (f"mkdocs.yml: docs/{name} is not in the navigation" for name in sorted(there - named))


def _named(item: object) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        for each in item.values():
            yield from _named(each)
    elif isinstance(item, list):
        for each in item:
            yield from _named(each)


def made() -> Iterator[tuple[Path, bytes]]:
    """Every file that comes from the code, in full or in part, with the bytes that it should have."""
    for name, draw in PICTURES.items():
        yield ROOT / name, draw().encode()
    for page in pages():
        yield page, with_tables(page.read_bytes().decode()).encode()


def main() -> int:
    """Write or check; the exit status."""
    check = "--check" in sys.argv[1:]
    problems = [*forgotten_pages(), *(problem for page in pages() for problem in dead_links(page))]
    for path, wanted in made():
        name = path.relative_to(ROOT).as_posix()
        if path.exists() and path.read_bytes() == wanted:
            continue
        if check:
            problems.append(f"{name}: lags behind the code; run: python tools/docs.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted)
            print(f"wrote {name}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
