"""The command that makes notes of contacts: import.

This module must not know how a file of contacts is read, nor how notes are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from vaultcrm.app import runs
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, asked_moment, err, now_ns, opened, out
from vaultcrm.errors import UsageError, VaultcrmError
from vaultcrm.model.contacts import AddressBook
from vaultcrm.model.policy import Policy
from vaultcrm.parse.contact_tables import columns_of, meaning_of, meanings, read_table
from vaultcrm.parse.encodings import decoded_text
from vaultcrm.parse.vcards import read_vcards
from vaultcrm.parse.vocabulary import fold, nearest
from vaultcrm.render.imported import Offer, offer_lines, told_lines
from vaultcrm.render.text import terminal_text, typed_word
from vaultcrm.store.files import read_bytes
from vaultcrm.writing import importing
from vaultcrm.writing.acquainted import Proposal, names_in
from vaultcrm.writing.importing import Imported

EXTRA = "pip install 'vaultcrm[import]'"


class ContactFormat(StrEnum):
    """Formats of contacts."""

    VCF = "vcf"
    CSV = "csv"


FormatArgument = Annotated[ContactFormat, typer.Argument(metavar="vcf|csv", help="The file's format.")]
FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="vCard 2.1, 3.0, 4.0, or a table.")]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=PROPERTY", help='What a column means: --map "Firma=client".'),
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="The file's encoding, where it is guessed wrong: gbk.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show the notes as they would be, and write nothing.")
]


def import_(  # noqa: PLR0913, PLR0917 - an argument for each option
    format_: FormatArgument,
    file: FileArgument,
    map_: MapOption = None,
    encoding: EncodingOption = None,
    dry_run: DryRunOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Make notes of contacts; what exists is never changed, only what could be added is told.

    For example: vaultcrm import vcf contacts.vcf --dry-run

    A company becomes a client, and who works there a person; who works nowhere is a client. Google's and
    Outlook's tables are understood, others by --map "Column=property". A second time nothing new is made.
    """
    found = opened(vault)
    text, name = _text(file, encoding)
    book = _book(format_, text, file, map_ or [])
    moment = asked_moment(asked_day(today, found.policy), found.policy)
    if not json_:
        err().line(found.labels.get("cli.import.read", count=len(book.contacts), file=file, encoding=name))
    result = importing.import_contacts(found, book, moment, now_ns(), dry_run=dry_run)
    if json_:
        out().json(_as_dict(found, result, name, dry_run))
        return 0
    _tell(found, result, dry_run)
    first = next(filter(None, result.left_out), None)
    if format_ is ContactFormat.CSV and first is not None:
        key = "map-own" if meaning_of(first) else "map"
        err().line(found.labels.get(f"cli.import.{key}", column=terminal_text(first)))
    return 0


def _text(file: str, encoding: str | None) -> tuple[str, str]:
    try:
        data = read_bytes(file)
    except VaultcrmError as error:
        raise UsageError(error.message, "export your contacts first, then name the file") from error
    if data is None:
        raise UsageError(f"there is no file {file}", "export your contacts first, then name the file")
    if encoding is None:
        return decoded_text(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff"), encoding
    except LookupError as error:
        raise UsageError(
            f"--encoding: {encoding!r} is not known", "such as utf-8, gb18030, latin-1"
        ) from error
    except UnicodeError as error:
        raise UsageError(
            f"{file} is not in the encoding {encoding}", "leave --encoding away to have it found"
        ) from error


def _book(format_: ContactFormat, text: str, file: str, mapped: Sequence[str]) -> AddressBook:
    """The contacts of the file.

    Raises:
        UsageError: There are none, or a mapping means nothing; the hint says what to type.
    """
    if format_ is ContactFormat.CSV:
        book = read_table(text, dict(_mapped(text, mapped)))
        columns = ", ".join(columns_of(text)[:12])
        hint = f'say which column is the name: --map "Column=name"; columns: {columns}'
        if not text.strip():
            hint = "it is empty"
        elif text.lstrip("\ufeff \r\n")[:11].upper() == "BEGIN:VCARD":
            hint = f"it is a vCard: vaultcrm import vcf {typed_word(file)}"
    else:
        if mapped:
            raise UsageError("--map is for tables", "leave it away, or: vaultcrm import csv FILE --map …")
        try:
            book = read_vcards(text)
        except ModuleNotFoundError as error:
            raise UsageError(f"import vcf needs {error.name}, which is not installed", EXTRA) from error
        hint = "a vCard begins with the line BEGIN:VCARD; a table is read by: vaultcrm import csv"
    if not book.contacts:
        raise UsageError(f"there are no contacts in {file}", hint)
    return book


def _mapped(text: str, mapped: Sequence[str]) -> Iterator[tuple[str, str]]:
    columns = {fold(each): each for each in columns_of(text)}
    for each in mapped:
        column, equals, name = each.rpartition("=")
        if not equals or not column.strip():
            raise UsageError(f"--map {each!r} maps nothing", 'write it like --map "Firma=client"')
        if fold(column) not in columns:
            near = nearest(column, columns.values()) or tuple(columns.values())[:12]
            raise UsageError(f"there is no column {column!r}", "columns: " + ", ".join(near))
        meaning = meaning_of(name)
        if meaning is None:
            near = nearest(name, meanings()) or ("name", "client", "phone", "email", "birthday", "remarks")
            raise UsageError(f"--map: there is no property {name!r}", "perhaps " + ", ".join(near))
        yield fold(column), meaning


def _tell(vault: runs.Vault, result: Imported, dry_run: bool) -> None:
    labels, printed = vault.labels, out()
    for note in result.notes:
        key = "would" if dry_run else "wrote"
        printed.line(labels.get(f"cli.log.{key}", path=terminal_text(note.path)))
        for line in note.text.splitlines() if dry_run else ():
            printed.line(f"  {terminal_text(line)}".rstrip())
    for line in offer_lines((_offer(each, vault.policy) for each in result.proposals), labels):
        printed.line(terminal_text(line))
    kinds = [note.kind for note in result.notes]
    counts = {"clients": kinds.count("client"), "people": kinds.count("person"), "same": result.same}
    key = "nothing" if not kinds else "would" if dry_run else "done"
    printed.line(labels.get(f"cli.import.{key}", **counts))
    for line in _hints(vault, result):
        err().line(line)


def _hints(vault: runs.Vault, result: Imported) -> Iterator[str]:
    labels = vault.labels
    for name, lines in result.equal:
        where = ", ".join(map(str, lines))
        yield terminal_text(labels.get("cli.import.equal", name=name, lines=where))
    for name, path in result.companies:
        yield terminal_text(labels.get("cli.import.company", name=name, path=path))
    for name, path in result.sharing:
        yield terminal_text(labels.get("cli.import.sharing", name=name, path=path))
    yield from told_lines(result.told, result.left_out, labels)


def _offer(each: Proposal, policy: Policy) -> Offer:
    return Offer(each.path, each.name, each.because, each.add, each.differs, names_in(each, policy))


def _as_dict(vault: runs.Vault, result: Imported, encoding: str, dry_run: bool) -> dict[str, Any]:
    return {
        "written": not dry_run,
        "encoding": encoding,
        "contacts": result.contacts,
        "same": result.same,
        "notes": [
            {"path": each.path, "kind": each.kind, "name": each.name, "lines": each.lines, "note": each.text}
            for each in result.notes
        ],
        "proposals": [
            {
                "path": each.path,
                "name": each.name,
                "because": each.because,
                "add": each.add,
                "differs": {
                    key: {"note": here, "file": there} for key, (here, there) in each.differs.items()
                },
            }
            for each in result.proposals
        ],
        "equal": [{"name": name, "lines": lines} for name, lines in result.equal],
        "left_out": result.left_out,
        "told": [
            {"line": line, "code": key, "read": read, "message": message}
            for (line, key, read), message in zip(
                result.told, told_lines(result.told, {}, vault.labels), strict=True
            )
        ],
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command("import", rich_help_panel="Vault")(import_)
