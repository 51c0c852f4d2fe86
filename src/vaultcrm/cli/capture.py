"""Commands that write new notes: log, new.

This package's other modules show or compute; what these write is new, and never takes another note's place.
"""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from vaultcrm.cli import noted
from vaultcrm.cli.clients import ClientArgument, complete_client
from vaultcrm.cli.editor import EditOption, check_edit, open_in_editor
from vaultcrm.cli.help import HelpedCommand
from vaultcrm.cli.noted import tell_path
from vaultcrm.cli.options import JsonOption, TodayOption, VaultOption
from vaultcrm.cli.printing import asked_day, asked_moment, now_ns, opened, out
from vaultcrm.model.patterns import regex
from vaultcrm.render.text import shell_text
from vaultcrm.writing import making

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the note, and write nothing.")]
MoreClients = Annotated[
    list[str] | None,
    typer.Option("--client", metavar="CLIENT", help="One more client.", autocompletion=complete_client),
]


class TextCommand(HelpedCommand):
    """A command whose words may look like options: ``-1`` is a mark, ``- 2026-11-20 …`` a line of a log."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's
        """Put the options first, and the words behind ``--``; what looks like a misspelt option stays one."""
        valued = {name: not getattr(each, "is_flag", False) for each in self.params for name in each.opts}
        valued["--help"] = valued["-h"] = False
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for each in rest:
            name, equals, _ = each.partition("=")
            if each == "--":
                words += rest
            elif name.startswith("-") and name in valued:
                options.append(each)
                options += [next(rest, "")] if valued[name] and not equals else []
            else:
                (options if _LIKE_AN_OPTION.fullmatch(each) else words).append(each)
        return super().parse_args(ctx, [*options, "--", *words])


_LIKE_AN_OPTION = regex(r"--?[A-Za-z][A-Za-z-]*(=\S*)?")


TextArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="TEXT...", help="What was said; marks as in a log: #insight +2 next:friday"),
]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", help="How: phone, email, wechat, meeting, visit, video, message.")
]
KindOption = Annotated[
    str | None, typer.Option("--kind", help="What it was, such as check-in, review, visit, gift, complaint.")
]
AboutOption = Annotated[
    list[str] | None,
    typer.Option("--about", help="progress, insight, resource, care, personal, opportunity."),
]
NextOption = Annotated[
    str | None, typer.Option("--next", metavar="DAY", help="The next contact: 2026-12-04, friday, +2w.")
]
DateOption = Annotated[
    str | None, typer.Option("--date", metavar="DAY", help="When it was: yesterday, monday, -3d.")
]
SentimentOption = Annotated[
    str | None, typer.Option("--sentiment", help="positive, neutral, negative, or -2 to 2.")
]
DirectionOption = Annotated[
    str | None, typer.Option("--direction", help="out (from us), in (from them) or both.")
]


def log(  # noqa: PLR0913, PLR0917 - an argument for each option
    client: ClientArgument,
    text: TextArgument = None,
    more: MoreClients = None,
    channel: ChannelOption = None,
    kind: KindOption = None,
    about: AboutOption = None,
    next_: NextOption = None,
    on: DateOption = None,
    sentiment: SentimentOption = None,
    direction: DirectionOption = None,
    edit: EditOption = False,
    dry_run: DryRunOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Note a conversation down, and say what follows.

    For example: vaultcrm log Acme "phone: the launch moves to May #progress +1 next:friday"
    """
    check_edit(edit, dry_run)
    return noted.run(
        noted.Request(
            client=client,
            text=tuple(text or ()),
            clients=tuple(more or ()),
            channel=channel,
            kind=kind,
            about=tuple(about or ()),
            next=next_,
            date=on,
            sentiment=sentiment,
            direction=direction,
            edit=edit,
            dry_run=dry_run,
            vault=vault,
            today=today,
            json=json_,
        )
    )


NewKindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help=", ".join(making.EXAMPLES), autocompletion=lambda: list(making.EXAMPLES)
    ),
]
NameArgument = Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="What it is called.")]
OfClients = Annotated[
    list[str] | None,
    typer.Option("--client", metavar="CLIENT", help="Whose it is.", autocompletion=complete_client),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A property, such as phone=+49301234567."),
]


def new(  # noqa: PLR0913, PLR0917 - an argument for each option
    kind: NewKindArgument,
    name: NameArgument = None,
    client: OfClients = None,
    set_: SetOption = None,
    edit: EditOption = False,
    dry_run: DryRunOption = False,
    vault: VaultOption = None,
    today: TodayOption = None,
    json_: JsonOption = False,
) -> int:
    """Make a note from the vault's own template: client, person, project, order, interaction, feedback.

    For example: vaultcrm new client "Pine Bakery" --set phone="+49 30 1234567" --edit
    """
    check_edit(edit, dry_run)
    found = opened(vault)
    moment = asked_moment(asked_day(today, found.policy), found.policy)
    wanted = making.Wanted(kind, tuple(name or ()), tuple(client or ()), tuple(set_ or ()))
    made = making.make(found, wanted, moment, now_ns(), dry_run=dry_run)
    if edit:
        open_in_editor(os.path.join(found.root, *made.path.split("/")))
    if json_:
        out().json(_made_dict(made, written=not dry_run))
        return 0
    tell_path(found, made.path, made.text, dry_run)
    if made.kind == "client" and not dry_run:
        out().line(found.labels.get("cli.new.next", name=shell_text(made.name)))
    return 0


def _made_dict(made: making.Made, written: bool) -> dict[str, Any]:
    return {
        "path": made.path,
        "written": written,
        "kind": made.kind,
        "name": made.name,
        "template": made.template,
        "note": made.text,
    }


def add_commands(to: typer.Typer) -> None:
    """Add this module's commands."""
    to.command(cls=TextCommand, rich_help_panel="Every day")(log)
    to.command(rich_help_panel="Every day")(new)
