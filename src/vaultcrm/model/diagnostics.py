"""What can be wrong with what people write, as data: every code with its summary and remedy.

A diagnostic is a value, never an exception: a parser returns what it could read and the diagnostics beside it.
Codes are kebab-case and never change their meaning. The texts here are the English ones; other languages
translate the same templates in ``labels/``.
"""

from __future__ import annotations

from enum import StrEnum

from vaultcrm.model.note import Place, Word
from vaultcrm.model.patterns import regex
from vaultcrm.model.tuples import NamedTuple


class Severity(StrEnum):
    """``error``: a value or note is left out. ``warning``: it counts, but perhaps not as meant."""

    ERROR = "error"
    WARNING = "warning"


class Code(NamedTuple):
    """One kind of problem.

    ``template`` is the message with ``{read}`` (what was read), ``{about}`` (the property or thing concerned),
    ``{hints}`` (nearest valid spellings, joined) and ``{first}`` (the first of these); ``remedy`` says what to
    do about it.
    """

    code: str
    severity: Severity
    template: str
    remedy: str


class Diagnostic(NamedTuple):
    """One problem in one place.

    ``read`` is what stands there, cut to a line; ``about`` names the property or thing; ``hints`` are the
    nearest valid spellings, best first.
    """

    code: Word
    place: Place
    read: str = ""
    about: Word = ""
    hints: tuple[Word, ...] = ()

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return CODES[self.code].severity

    @property
    def message(self) -> str:
        """The English message: what was read, and what it costs."""
        return compose(CODES[self.code].template, self)

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return compose(CODES[self.code].remedy, self)


_CLAUSE = regex("[;；]?[^;；]+")

SHOWN = 60
"""How many characters of what was read a message quotes."""


def compose(template: str, diagnostic: Diagnostic, comma: str = ", ") -> str:
    """Fill a template; what was read is cut to `SHOWN` characters and its control characters are made visible.

    Where there are no hints, the clause (up to a ``;``) that would name them is left out; ``comma`` stands
    between several.
    """
    if not diagnostic.hints and "{hints}" in template:
        template = "".join(clause for clause in _CLAUSE.findall(template) if "{hints}" not in clause)
    read = visible(diagnostic.read)
    hints = comma.join(visible(hint) for hint in diagnostic.hints)
    filled = template.replace("{about}", visible(diagnostic.about)).replace("{hints}", hints)
    if diagnostic.hints:
        filled = filled.replace("{first}", visible(diagnostic.hints[0]))
    return filled.replace("{read}", read)


def visible(text: str) -> str:
    r"""The text on one line, without anything that could steer a terminal, at most `SHOWN` characters.

    C0 and C1 controls, bidirectional controls, line separators and lone surrogates become ``\xNN`` or ``\uNNNN``.
    """
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else _escape(c) for c in cut)


def _escape(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


_E, _W = Severity.ERROR, Severity.WARNING

# fmt: off
_ROWS = (
    # Files
    Code("note-unreadable", _E, "this note cannot be read: {read}", "check its permissions, or wait until it is downloaded"),
    Code("note-too-large", _E, "this note has more than 2 MiB and is left out", "split it, or move it out of the vault"),
    Code("not-utf8", _E, "this note is not UTF-8 text: {read}", "save it as UTF-8 in your editor"),
    Code("conflict-copy", _W, "this is a copy of {read}; only one of them is counted", "merge what is missing into {read}, then delete this file"),
    Code("conflict-copy-alone", _W, "this copy counts, since {read} itself is not there", "call it {read}"),
    Code("link-outside", _W, "this link leads out of the vault and is not followed", "put the notes themselves into the vault"),
    Code("odd-name", _W, "the name of this file cannot be linked: {read}", "rename it without # ^ [ ] | %% and invisible characters"),
    Code("merge-conflict", _E, "a merge left conflict markers here", "keep the lines that are right and delete the <<<<<<<, ======= and >>>>>>> lines"),
    # Front matter
    Code("front-matter-late", _E, "the properties do not stand at the note's very beginning, and are not read", "delete the blanks and blank lines before them"),
    Code("front-matter-unopened", _E, "no line --- stands above these properties, so they are not read", "put a line --- above the first and one behind the last"),
    Code("front-matter-unclosed", _E, "the properties are never closed", "put a line --- behind the last property; delete what stands before the --- in line {hints}"),
    Code("front-matter-syntax", _E, "this is no property: {read}", "{about}"),
    Code("front-matter-too-large", _E, "the properties have more than 64 KiB and are left out", "move long texts below the closing ---"),
    Code("front-matter-too-deep", _E, "lists or fields stand more than 32 deep in one another; {about} is left out", "write it flat"),
    Code("front-matter-no-fields", _E, "between the --- lines stand no properties: {read}", "write 'name: value' lines"),
    Code("full-width-colon", _E, "a full-width colon does not separate name and value: {read}", "write an ordinary colon and a space"),
    Code("colon-without-space", _E, "a colon without a space behind it does not separate name and value: {read}", "put a space behind the colon"),
    Code("tab-indent", _E, "a tab cannot indent a property: {read}", "use spaces"),
    Code("yaml-reference", _E, "anchors, aliases, merge keys and tags are not read: {read}", "write the value itself, or put it in quotes"),
    Code("template-placeholder", _W, "a template's placeholder was not filled in: {read}", "fill it in, or move the note into the templates folder"),
    Code("control-character", _E, "an invisible control character stands here: {read}", "delete it"),
    Code("duplicate-property", _W, "line {hints} gives {about} already, and counts; this '{read}' does not", "delete one of the two lines"),
    Code("property-elsewhere", _W, "'{read}' is read in a client's note, and says nothing here", "write it into the client's note"),
    Code("unknown-property", _W, "'{read}' is no property of such a note, and says nothing", "write {hints} if you meant it"),
    Code("inline-field", _W, "'{read}' in the text is Dataview's, and not read as a property", "write it between the --- lines at the top: {hints}"),
    Code("unknown-type", _W, "'{read}' is no kind of note that is known, so this note is left alone", "write {hints} if you meant it"),
    # Values
    Code("bad-date", _E, "'{read}' is no date — {about}", "write it like {hints}"),
    Code("doubtful-date", _W, "{read} is no likely day for a conversation, and counts as it is written", "mend the year, if it is a slip"),
    Code("bad-yearly-date", _E, "'{read}' is no yearly date — {about}", "write it like 05-20, 1988-05-20 or lunar 08-15"),
    Code("bad-interval", _E, "'{read}' is no interval — {about}", "write it like 2w, 10 days, 1 month or P1M"),
    Code("bad-money", _E, "'{read}' is no amount of money — {about}", "write it like 12000, 12,000.50 or 12000 EUR"),
    Code("doubtful-money", _W, "'{read}' counts as {hints}: a point separates decimals — {about}", "write it without the point if it separates thousands"),
    Code("bad-score", _E, "'{read}' is no score — {about}", "write a number, {hints}"),
    Code("bad-yes-no", _E, "'{read}' is neither yes nor no — {about}", "write yes or no"),
    Code("bad-choice", _E, "'{read}' is no word for {about}", "write one of: {hints}"),
    Code("unknown-channel", _W, "'{read}' is none of the known channels, but nearly: {hints} — {about}", "write {hints} if you meant it"),
    Code("first-only", _W, "only the first counts, not {read} — {about}", "leave one, and write a note of its own for what concerns others"),
    Code("bad-shape", _E, "a single value was expected — {about}", "write one value, not {read}"),
    Code("bad-fields", _E, "'{read}' lacks fields that it needs — {about}", "write it like {hints}"),
    Code("several-in-one", _E, "'{read}' is read as one name, and seems to be several — {about}", "write {hints}"),
    Code("bad-link", _E, "'{read}' is no link to a note — {about}", 'write it like "[[Acme]]", in quotes'),
    Code("missing-title", _W, "this date has no title — {about}", "add title: …"),
    Code("once-without-year", _W, "this date is to be once, but has no year; it counts every year: {read} — {about}", "write the year, like 2026-12-05"),
    Code("bad-mute", _E, "'{read}' names no warning or touchpoint — {about}", "write an id, such as silent or birthday; the nearest: {hints}"),
    # What does not fit together
    Code("missing-client", _E, "this note names no client, and does not count", 'add client: "[[Name]]"'),
    Code("missing-date", _E, "this note has no date that can be read, and does not count", "add date: 2026-11-20, or begin the file's name with the date"),
    Code("unknown-link", _W, "no note is called '{read}' — {about}", "mend the name, or write that note; the nearest: {hints}"),
    Code("unknown-client", _E, "no client is called '{read}' — {about}", "mend the name, or write that client's note; the nearest: {hints}"),
    Code("person-without-client", _E, "'{read}' is a person whose note leads to no client — {about}", "write the client into {hints}"),
    Code("daily-unknown", _W, "this line counts for nobody: no client or person is called '{read}'", "mend the name; the nearest: {hints}"),
    Code("daily-below", _W, "this stands below a line that counts, and is not read: {read}", "write both as one item: '- [[Acme]] phone: … +1 next:2026-12-04'"),
    Code("ambiguous-link", _W, "'{read}' could be several notes; {first} is taken — {about}", "write the path, one of: {hints}"),
    Code("client-by-folder", _W, "this note lies in the folder of '{read}', and counts as a client of its own", "write type: note at its top, if it is none; the client: {hints}"),
    Code("duplicate-client", _W, "another client has the name '{read}' too", "rename one, or add what tells them apart; the other: {hints}"),
    Code("duplicate-id", _W, "another note has the id '{read}' too; calendars would mix them up", "delete the id of the copy; the other: {hints}"),
    Code("project-undated", _W, "this project says neither when it was signed, nor start or delivered, and never counts", "add start: 2026-11-20"),
    Code("project-reversed", _W, "this project was delivered on {read}, before its start on {hints}", "mend one of the two days"),
    Code("lost-on-without-status", _W, "lost_on says nothing without status: lost", "add status: lost, or delete lost_on"),
    Code("contracts-unequal", _W, "contract_start and contract_end have different numbers of dates; the starts are left out", "write one start for each end"),
    Code("contract-reversed", _W, "this contract begins on {read}, after its end on {hints}", "mend the day on which it begins, or the one on which it ends"),
    Code("unknown-stage", _E, "'{read}' is no lifecycle stage; the computed one is used", "write one of: {hints}"),
    Code("unknown-tier", _E, "'{read}' is no tier of this policy; the computed one is used", "write one of: {hints}"),
    Code("unknown-currency", _E, "no rate is known for {read}; this amount is left out of sums", "add it to [currency.rates] in vaultcrm.toml"),
    Code("day-unmarked", _W, "'{read}' is part of the task's text, and not the day on which it is due", "write {hints} if you meant it"),
    Code("log-item-undated", _W, "this log item does not begin with a date: {read}", "begin it like '- 2026-11-20 phone: …'"),
    Code("log-item-boxed", _W, "this log item has a box, which makes it a task and no conversation: {read}", "take the box away: '- 2026-11-20 phone: …'"),
    Code("log-line-lost", _W, "this line begins like an item of the log, but is none: {read}", "begin it with '- ', as in '- 2026-11-20 phone: …'"),
    Code("log-undeclared", _W, "this looks like a conversation, but no heading Log stands above it: {read}", "put a line '## Log' above such items; or add \"{hints}\" = \"log\" below [mapping.sections] in vaultcrm.toml"),
    Code("log-elsewhere", _W, "conversations are read in a client's note, and not here: {read}", "move them below '## Log' in the client's note, or give each a note with type: interaction"),
    Code("mark-first", _W, "'{read}' stands before what was said, and is not read there", "write it at the end of the line"),
    Code("mark-inside", _W, "'{read}' is part of the text: a mark has a date behind it, and only marks", "write it last, like next:2026-12-04"),
    Code("mark-misspelt", _W, "'{read}' is part of the text, but nearly a mark", "write {hints} if you meant it"),
    Code("unknown-tag", _W, "'{read}' is none of the known hashtags, but nearly", "write {hints} if you meant it"),
    Code("next-not-after", _W, "the next contact on {read} is not after this one, and says nothing", "write the day that you agreed on"),
    Code("mark-glued", _W, "'{read}' stands right behind another word or sign, so it is part of the text", "put a blank before it"),
    Code("holidays-uncertain", _W, "the public holidays of {read} are not published yet; they are computed", "once they are published, get the newer library that knows them: pip install -U holidays"),
    Code("lunar-out-of-range", _E, "lunar dates are known from 1900 to 2099 only: {read}", "write the date of the solar calendar"),
    # The policy's note
    Code("policy-row-unknown", _E, "this table has no row '{read}'; it does not count", "write one of: {hints}"),
    Code("policy-number", _E, "'{read}' is no number that fits here — {about}", "write it like 4, 20000 or 20,000"),
    Code("policy-misfit", _E, "'{read}' does not fit, and the row does not count — {about}", "take it out, or write what fits the other rows"),
    Code("policy-column", _W, "no column of this table is called '{read}', and it is not read", "write one of: {hints}"),
    Code("policy-table", _W, "no table of the policy begins with '{read}', and this one is not read", "write {hints} there"),
    Code("policy-overruled", _W, "{hints} says otherwise and counts; this row '{read}' does not — {about}", "delete the line there, or write the same here"),
    Code("policy-too-large", _E, "this note is too large to be the policy, and is not read", "keep only the tables in it, or name another note: [paths] policy in vaultcrm.toml"),
    # Generated files and regions
    Code("region-broken", _E, "a marked region is not closed, nested or opened twice: {read}", "write one vaultcrm:begin and one vaultcrm:end line for each region"),
    Code("region-unknown", _E, "no section '{read}' can stand here", "write one of: {hints}"),
    Code("region-option", _W, "the section {about} does not know '{read}', and goes without it", "take it out; what it knows: {hints}"),
    Code("region-edited", _W, "text within a marked region was edited; it is kept in {read}", "write below the region's end marker"),
    # Writing into people's notes
    Code("changed-on-disk", _W, "this note was saved in the very moment in which it was to be changed; what could not be placed is kept in {read}", "take over what is missing, then delete that file"),
    Code("note-busy", _W, "this note was saved again and again while it was to be changed, and is left as it is", "run it again"),
    Code("note-left-alone", _W, "the computed properties are not written here: {about}", "make its properties plain: the --- lines at the top, each property of ours once and on one line"),
    Code("output-foreign", _E, "{read} was not made by vaultcrm and is not overwritten", "move it away, or set another path in vaultcrm.toml"),
)
# fmt: on

CODES: dict[str, Code] = {row.code: row for row in _ROWS}
"""Every code by its name, in the order of the documentation."""
