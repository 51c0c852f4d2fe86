"""What `vaultcrm init` does: a new vault out of the template, or the first files in one that exists.

Nothing is ever overwritten. What the template says is data (``vault_template/``), and this module must not
know it, nor any rule. The sample's dates are relative to the day that is given: the same day gives the same
bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from vaultcrm.app.opening import read_policy, template_folder, words
from vaultcrm.errors import ChangedOnDisk, NotWritable, UsageError
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.model.note import SourceFile, VaultPath
from vaultcrm.model.patterns import regex
from vaultcrm.model.sums import sha256
from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.frontmatter import parse_note
from vaultcrm.parse.policy import LANGUAGES, PRESETS
from vaultcrm.parse.toml_table import CONFIG_NAME
from vaultcrm.render.dashboard import is_dashboard
from vaultcrm.render.text import toml_text, typed_word
from vaultcrm.rules.days import ONE_DAY, add_months
from vaultcrm.starting.adopt import propose
from vaultcrm.starting.adopt_text import currency_text, daily_text, ignore_text, mapping_text
from vaultcrm.starting.proposed import Proposed
from vaultcrm.store.files import read_bytes, replace_file
from vaultcrm.store.folders import Folder
from vaultcrm.store.vault import Listing, daily_folder, read_notes, walk

ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Started:
    """What was made, or would be: paths of files in the vault, sorted.

    ``skipped`` are those that were there already. ``proposed`` is how the notes of a joined vault are to be
    understood, None for a new one; ``config`` the text of the configuration, None where there was one.
    """

    written: tuple[VaultPath, ...]
    skipped: tuple[VaultPath, ...]
    proposed: Proposed | None = None
    config: str | None = None


class Blank(NamedTuple):
    """A blank of the template that is to be filled in: ``offset`` is 0 where none stands there.

    ``path`` is the file's own in the template.
    """

    day: date
    offset: int
    path: str


def start_vault(
    target: str, *, language: str, policy: str, sample: bool, day: date, dry_run: bool = False
) -> Started:
    """Make a vault in a folder, or join the notes that it holds (specification 4, ``init``).

    A folder with notes gets ``vaultcrm.toml``, and below ``CRM/`` a start note and the note of the policy;
    any other the whole template, too: folders for all kinds, note templates, playbooks. One with a
    ``vaultcrm.toml`` is left as it is.

    Args:
        target: The folder; it is made where it is missing.
        language: ``en`` or ``zh``.
        policy: The preset to start from.
        sample: Put the sample studio in, too.
        day: The day that the sample's dates are relative to.
        dry_run: Write nothing, and make no folder.

    Raises:
        UsageError: An unknown language or policy, no folder's name, a folder within a vault or around one, or
            a sample where there are notes.
        NotWritable: A file or folder could not be made; what was made before stays.
    """
    if language not in LANGUAGES:
        raise UsageError(f"unknown language: {language!r}", f"one of {', '.join(LANGUAGES)}")
    if policy not in PRESETS:
        raise UsageError(f"unknown policy: {policy!r}", f"one of {', '.join(PRESETS)}")
    if not target.strip():
        raise UsageError("an empty name is no folder", "for the folder that you are in write a point")
    root = os.path.abspath(target)
    _check_outside(root)
    try:
        if not dry_run:
            os.makedirs(root, exist_ok=True)
        listing = walk(root) if os.path.isdir(root) else Listing(root, {})
        has_notes = bool(listing.unreadable) or any(not _is_generated(root, path) for path in listing.notes)
        started = os.path.lexists(os.path.join(root, CONFIG_NAME))
        if sample and (has_notes or started):
            raise UsageError(f"there are notes in {root} already", "name a new folder for the sample")
        if started:
            return Started((), (CONFIG_NAME,))
        _check_around(root, listing.notes)
        parts = ("join",) if has_notes else ("start", "sample") if sample else ("start",)
        for folder in () if has_notes or dry_run else FOLDERS[language]:
            if not os.path.lexists(os.path.join(root, folder)):
                Folder(root, folder, create=True).close()
        texts = {path: text for part in parts for path, text in _texts(language, part, day)}
        proposed = _proposed(root, listing.notes, policy) if has_notes else None
        config = _config(root, language, policy, proposed)
        files = {**texts, CONFIG_NAME: config, **_policy_note(config, language, policy)}
        made = _write(root, files, dry_run)
        return replace(made, proposed=proposed, config=config)
    except OSError as error:
        why = f"{root} cannot be used: {error.strerror or error}"
        raise NotWritable(why, "name a folder that you may write to") from error


def _is_generated(root: str, path: VaultPath) -> bool:
    """Whether a note is a dashboard of ours: somebody began with ``vaultcrm index``."""
    return is_dashboard(read_bytes(os.path.join(root, path)) or b"")


def fill(text: str, path: str, day: date) -> str:
    """A text of the template with its blanks filled in, as `BLANKS` has them; others, as Obsidian's, stay.

    ``{{day-12}}`` is the day twelve days before ``day``. ``path`` is the file's own in the template.
    """

    def filled(match: re.Match[str]) -> str:
        filler = BLANKS.get(match[1])
        return match[0] if filler is None else filler(Blank(day, int(match[2] or 0), path))

    return _BLANK.sub(filled, text)


def _check_outside(root: str) -> None:
    """A vault in a vault would be read twice, once as a part of the other."""
    parent = os.path.dirname(os.path.realpath(root))
    while True:
        if os.path.lexists(os.path.join(parent, CONFIG_NAME)):
            hint = f"name a folder outside of it, or go on there: vaultcrm index --vault {typed_word(parent)}"
            raise UsageError(f"{root} lies in the vault {parent}", hint)
        if os.path.dirname(parent) == parent:
            return
        parent = os.path.dirname(parent)


def _check_around(root: str, notes: Iterable[VaultPath]) -> None:
    """The notes of a vault below would become those of this one, too."""
    folders = {above for path in notes for above in _above(path)}
    for folder in sorted(folders):
        inner = os.path.join(root, *folder.split("/"))
        if os.path.lexists(os.path.join(inner, CONFIG_NAME)):
            hint = f"name a folder beside it, or go on there: vaultcrm index --vault {typed_word(inner)}"
            raise UsageError(f"{root} holds the vault {inner}", hint)


def _above(path: VaultPath) -> Iterator[VaultPath]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _write(root: str, texts: Mapping[VaultPath, str], dry_run: bool) -> Started:
    written: list[VaultPath] = []
    skipped: list[VaultPath] = []
    for path in sorted(texts):
        is_new = not os.path.lexists(os.path.join(root, *path.split("/")))
        is_new = is_new and (dry_run or _make(root, path, texts[path]))
        (written if is_new else skipped).append(path)
    return Started(tuple(written), tuple(skipped))


def _make(root: str, path: VaultPath, text: str) -> bool:
    try:
        return replace_file(root, path, text.encode(), expected=b"")
    except ChangedOnDisk:  # another program was faster
        return False


def _texts(language: str, part: str, day: date) -> Iterator[tuple[VaultPath, str]]:
    """The files of a part of the template, filled in.

    ``{{year}}`` in a folder's name is that of the date which the file's name begins with.
    """
    base = os.path.join(template_folder(), language, part)
    for folder, _, names in os.walk(base):
        for name in names:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, base).replace(os.sep, "/")
            folders, slash, _ = path.rpartition("/")
            filled_name = fill(name, path, day)
            filled_path = folders.replace("{{year}}", filled_name[:4]) + slash + filled_name
            yield filled_path, fill(_text(full), f"{language}/{path}", day)


def _proposed(root: str, notes: Iterable[VaultPath], policy: str) -> Proposed:
    sources = (each.content for each in read_notes(root, notes))
    read = (parse_note(source)[0] for source in sources if isinstance(source, SourceFile))
    given, _ = read_policy(f"policy = {toml_text(policy)}")
    return propose(read, daily_folder(root), given.tiers)


def _config(root: str, language: str, policy: str, proposed: Proposed | None) -> str:
    """The configuration: its head, and what only a new or only a joined vault has."""

    def text(name: str) -> str:
        return _text(os.path.join(template_folder(), language, "config", f"{name}.toml"))

    vault = toml_text(os.path.basename(root) or "vault")
    part = text("start" if proposed is None else "join")
    if proposed is not None and proposed.daily is not None:
        line = daily_text(proposed.daily)
        part = _DAILY.sub(lambda _: line, part, count=1)
    if proposed is not None:
        part += mapping_text(proposed) or text("mapping")
    head = text("head").replace("{{policy}}", policy).replace("{{vault}}", vault)
    if proposed is not None and proposed.currency is not None:
        amounts = currency_text(proposed.currency)
        head = _CURRENCY.sub(lambda _: amounts, head, count=1)
    if proposed is not None and proposed.ignored:
        ignored = ignore_text(proposed.ignored)
        head = _IGNORE.sub(lambda _: ignored, head, count=1)
    texts = [head, part]
    return "\n".join(texts)


def _policy_note(config: str, language: str, policy: str) -> dict[VaultPath, str]:
    """The note with the policy's tables, and amounts that fit the vault's currency; by its path."""
    import tomllib  # only who makes a vault needs these

    from vaultcrm.render.policy_note import policy_note

    scale = "zh" if read_policy(config)[0].currency == "CNY" else "en"
    amounts = _text(os.path.join(template_folder(), scale, "amounts", f"{policy}.toml"))
    given, _ = read_policy(f"{config}\n{amounts}")
    path = given.paths.policy
    return {} if path is None else {path: policy_note(given, words(language), tomllib.loads(config))}


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _iso(blank: Blank) -> str:
    return _offset(blank).isoformat()


def _offset(blank: Blank) -> date:
    return blank.day + timedelta(days=blank.offset)


def _workday(blank: Blank) -> str:
    """That day, or the next from Monday to Friday that is further away: few talk to clients on a Sunday."""
    day = _offset(blank)
    step = ONE_DAY if blank.offset > 0 else -ONE_DAY
    while day.weekday() > FRIDAY:
        day += step
    return day.isoformat()


def _month(blank: Blank) -> str:
    return add_months(blank.day, blank.offset).isoformat()


def _yearly(blank: Blank) -> str:
    return _iso(blank)[5:]


def _lunar(blank: Blank) -> str:
    from lunardate import LunarDate  # only a sample with lunar dates pays for it

    day = _offset(blank)
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    leap = "闰" if lunar.is_leap_month else ""
    return f"农历{leap}{LUNAR_MONTHS[lunar.month - 1]}月{_lunar_day(lunar.day)}"


def _lunar_day(day: int) -> str:
    tens, ones = divmod(day, 10)
    if ones == 0:
        return ("初十", "二十", "三十")[tens - 1]
    return "初十廿"[tens] + NUMERALS[ones - 1]


def _id(blank: Blank) -> str:
    """A client's permanent id: it looks like any other, and is the same on every machine."""
    return sha256(blank.path.encode()).hexdigest()[:ID_DIGITS]


FRIDAY = 4
NUMERALS = "一二三四五六七八九"
LUNAR_MONTHS = ("正", *NUMERALS[1:], "十", "冬", "腊")

FOLDERS: Mapping[str, tuple[str, ...]] = {
    "en": ("Clients", "People", "Projects", "Interactions", "Feedback", "Daily"),
    "zh": ("客户", "联系人", "项目", "沟通记录", "反馈", "日记"),
}
"""The folders of a new vault that begin empty, and which no template can hold for that reason."""

_IGNORE = regex(r"^# ignore = .*$", re.MULTILINE)
_CURRENCY = regex(r"^currency = .*$", re.MULTILINE)
_DAILY = regex(r"^# daily = .*$", re.MULTILINE)
_BLANK = regex(r"\{\{([a-z]+)([+-][0-9]{1,4})?\}\}")

BLANKS: Mapping[str, Callable[[Blank], str]] = {
    "day": _iso,
    "workday": _workday,
    "month": _month,
    "yearly": _yearly,
    "lunar": _lunar,
    "id": _id,
}
"""The blanks of the template: days, working days and months from the day on, the same day every year (by the
lunar calendar too), and the note's own id."""
