"""``vaultcrm index``: the run, and what is told of it. A commit waits for it, so it must not load typer."""

from __future__ import annotations

from vaultcrm.app import runs
from vaultcrm.cli.answering import RUN
from vaultcrm.cli.printing import asked_day, err, now_ns, opened, out, tell_nobody
from vaultcrm.cli.progress import Bar, Timings
from vaultcrm.cli.speech import say
from vaultcrm.model.diagnostics import Diagnostic, Severity
from vaultcrm.model.frozen import dataclass
from vaultcrm.render.agenda import contacts_due


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: an option of the command each."""

    vault: str | None = None
    today: str | None = None
    check: bool = False
    full: bool = False
    strict: bool = False
    accept_loss: bool = False
    quiet: bool = False
    timings: bool = False
    staged: bool = False
    git_add: bool = False


def run(asked: Request) -> int:
    """Read what changed, compute, write; tell what was done.

    Returns:
        The exit status: 1 where ``check`` finds a stale output or ``strict`` an error, 3 where an output had
        to stay as it is.
    """
    stages = Timings() if asked.timings else Bar(err())
    stages.begin("open")
    if asked.staged or asked.git_add:
        from vaultcrm.cli.staged import Asked, index_in_git, repository_told  # it loads what calls git

        in_git = Asked(
            asked.today,
            check=asked.check,
            full=asked.full,
            accept_loss=asked.accept_loss,
            add=asked.git_add,
            from_index=asked.staged,
        )
        found, result, added, _ = index_in_git(asked.vault, in_git, stages, repository_told())
        for path in () if asked.quiet else added:
            out().line(found.labels.get("cli.index.added", path=path))
    else:
        found = opened(asked.vault)
        result = runs.index(
            found,
            asked_day(asked.today, found.policy),
            now_ns(),
            check=asked.check,
            full=asked.full,
            accept_loss=asked.accept_loss,
            stages=stages,
            helper=RUN.helper,
        )
    RUN.result = found, result  # to give them back takes as long as to assess ten clients
    if isinstance(stages, Timings):
        err().text("".join(line + "\n" for line in stages.lines(found.labels)))
    return _tell_run(found, result, check=asked.check, strict=asked.strict, quiet=asked.quiet)


def _tell_run(found: runs.Vault, result: runs.Indexed, *, check: bool, strict: bool, quiet: bool) -> int:
    """Tell what an index run did; its exit status."""
    _tell_problems(found, result.overview.diagnostics, quiet)
    tell(found, result.told)
    if result.withheld is not None:
        err().line(say("error: " + result.withheld))
        err().line("  " + found.labels.get("cli.withheld.remedy"))
        return 3
    if not quiet:
        for notice in result.notices:
            err().line(say("warning: " + notice))
        _tell_result(found, result, check)
    if any(each.code == "output-foreign" for each in result.told):
        return 3
    stale = check and bool(result.stale)
    return 1 if stale or (strict and errors_in(result.overview.diagnostics)) else 0


def errors_in(diagnostics: tuple[Diagnostic, ...]) -> int:
    """How many of them are errors."""
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _tell_problems(vault: runs.Vault, diagnostics: tuple[Diagnostic, ...], quiet: bool) -> None:
    """A line that counts: the problems themselves stand in the dashboard and in `check`."""
    if diagnostics and not quiet:
        err().line(problems_line(vault, diagnostics))


def problems_line(vault: runs.Vault, diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many errors and warnings there are, and what tells them."""
    errors = errors_in(diagnostics)
    return vault.labels.get("cli.index.problems", errors=errors, warnings=len(diagnostics) - errors)


def tell(vault: runs.Vault, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Diagnostics on standard error, each with what to do."""
    if diagnostics:
        from vaultcrm.render.terminal import problem_text  # most runs have nothing to tell
    for each in diagnostics:
        err().text(problem_text(each, vault.labels))


def _tell_result(vault: runs.Vault, result: runs.Indexed, check: bool) -> None:
    labels, overview = vault.labels, result.overview
    paths = result.stale if check else result.written
    key = "stale" if check else "wrote"
    for path in paths:
        out().line(labels.get(f"cli.index.{key}", path=path))
    due, clients = contacts_due(overview), len(overview.assessments)
    counts = {"clients": clients, "notes": overview.notes_read, "due": due}
    out().line(labels.get("cli.index.unchanged" if not paths else "cli.index.done", **counts))
    tell_nobody(vault, overview)
