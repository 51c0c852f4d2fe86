"""Calendar programs that are no Python libraries: what each sees in a feed, read from its file or over HTTP.

Each is asked as its own users ask it, in a folder of its own. What they need, besides a `PATH` that has them,
stands with each in `PROGRAMS`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.calendars.truth import FIRST, LAST, Seen

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
"""The Python that distributions put GObject's libraries into."""


class Asked(NamedTuple):
    """What a program is asked about: the feed's file, its address, and a folder for what the program keeps.

    The same folder again is the same program a day later.
    """

    file: Path
    url: str
    folder: Path


class Program(NamedTuple):
    """A program, how it can be had, what it needs, and what it sees."""

    name: str
    from_where: str
    needs: tuple[str, ...]
    see: Callable[[Asked], Seen]
    by_http: bool = False

    def missing(self) -> str | None:
        """Why it cannot be asked; None where it can."""
        lacking = [need for need in self.needs if not _is_there(need)]
        return f"needs {', '.join(lacking)} ({self.from_where})" if lacking else None


def _is_there(need: str) -> bool:
    kind, _, name = need.partition(":")
    if not name:
        return shutil.which(need) is not None
    if kind == "gi":
        code = f"import gi; gi.require_version({name.split(' ')[0]!r}, {name.split(' ')[1]!r})"
        return Path(SYSTEM_PYTHON).exists() and _run([SYSTEM_PYTHON, "-c", code], check=False) is not None
    if kind == "node":
        return _run(["node", "-e", f"require.resolve({name!r})"], check=False) is not None
    return Path("/usr/share/php", name).exists()


def _run(command: Sequence[str | Path], check: bool = True, **more: str | Path) -> str | None:
    """What a command prints; None where it fails and may."""
    environment = {**os.environ, **{key: str(value) for key, value in more.items()}}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        text=True,
        env=environment,
        cwd=os.environ.get("CALENDARS_NODE", HERE) if command[0] == "node" else None,
        timeout=300,
        check=False,
    )
    if done.returncode and not check:
        return None
    if done.returncode:
        raise AssertionError(f"{command[0]}: {done.returncode}\n{done.stderr[-2000:]}{done.stdout[-500:]}")
    return done.stdout


def _seen(printed: str | None) -> Seen:
    """What a helper that prints JSON has seen."""
    said = json.loads((printed or "").strip().splitlines()[-1])

    def days(pairs: list[list[str]]) -> Counter[tuple[str, date]]:
        found = ((title, date.fromisoformat(day[:10])) for title, day in pairs)
        return Counter((title, day) for title, day in found if FIRST <= day < LAST)

    return Seen(
        events=said.get("events"),
        alarms=said.get("alarms"),
        days=days(said["days"]) if "days" in said else None,
        titles=Counter(said["titles"]) if "titles" in said else None,
        links=Counter(said["links"]) if "links" in said else None,
        descriptions=Counter(said["descriptions"]) if "descriptions" in said else None,
    )


# --------------------------------------------------------------------------------------------- over HTTP


def see_khal(asked: Asked) -> Seen:
    """khal, which shows what vdirsyncer has fetched into a folder."""
    folder = asked.folder / "khal"
    folder.mkdir(parents=True, exist_ok=True)
    sync, show = folder / "vdirsyncer.ini", folder / "khal.ini"
    sync.write_text(
        f'[general]\nstatus_path = "{folder}/status"\n\n[pair feed]\na = "here"\nb = "there"\n'
        f'collections = null\nconflict_resolution = "b wins"\n\n[storage here]\ntype = "filesystem"\n'
        f'path = "{folder}/events"\nfileext = ".ics"\n\n[storage there]\ntype = "http"\nurl = "{asked.url}"\n'
    )
    show.write_text(
        f"[calendars]\n[[feed]]\npath = {folder}/events\n\n[locale]\nlongdateformat = %Y-%m-%d\n"
        f"dateformat = %Y-%m-%d\ntimeformat = %H:%M\nlocal_timezone = Europe/Berlin\n"
        f"default_timezone = Europe/Berlin\n\n[sqlite]\npath = {folder}/khal.db\n"
    )
    (folder / "events").mkdir(exist_ok=True)
    _run(["sh", "-c", f"yes | vdirsyncer -c {sync} discover >/dev/null"])
    _run(["vdirsyncer", "-c", sync, "sync", "--force-delete"])
    form = "{start-date}|{title}"
    last = LAST - timedelta(days=1)
    printed = _run(
        ["khal", "-c", show, "list", "--format", form, "--day-format", "", str(FIRST), str(last)],
        TERM="dumb",
        LC_ALL="C.UTF-8",
    )
    days: Counter[tuple[str, date]] = Counter()
    for line in _khal_lines(printed or ""):
        day, _, title = line.partition("|")
        days[title, date.fromisoformat(day)] += 1
    files = list((folder / "events").glob("*.ics"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return Seen(events=len(files), days=days, alarms=text.count("\nBEGIN:VALARM"))


def _khal_lines(printed: str) -> list[str]:
    """One line for each event; a title with line breaks takes several."""
    found: list[str] = []
    for line in printed.split("\n"):
        if re.match(r"\d{4}-\d\d-\d\d\|", line):
            found.append(line)
        elif found:
            found[-1] += "\n" + line
    return [line.rstrip("\n") for line in found]


def see_radicale(asked: Asked) -> Seen:
    """Radicale, into which the feed is put as a calendar, asked over CalDAV for expanded events."""
    return _seen(_run([_python(), HERE / "ask_radicale.py", asked.file, asked.folder, str(FIRST), str(LAST)]))


def see_evolution(asked: Asked) -> Seen:
    """evolution-data-server, the store of Evolution and GNOME Calendar, subscribed to the feed's address."""
    folder = asked.folder / "evolution"
    folder.mkdir(parents=True, exist_ok=True)
    names = {
        name: folder / name.lower() for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    }
    for path in names.values():
        path.mkdir(exist_ok=True)
    command = [
        "dbus-run-session",
        "--",
        SYSTEM_PYTHON,
        HERE / "ask_evolution.py",
        asked.url,
        str(FIRST),
        str(LAST),
    ]
    return _seen(_run(command, **names))


def see_thunderbird(asked: Asked) -> Seen:
    """Thunderbird, without a window, subscribed to the feed's address."""
    profile = asked.folder / "thunderbird"
    profile.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, HERE / "ask_thunderbird.py", asked.url, profile, str(FIRST), str(LAST)]
    return _seen(_run(command, HOME=profile))


# ---------------------------------------------------------------------------------------------- from files


def see_libical(asked: Asked) -> Seen:
    """libical, with the check of its own that a calendar keeps the standard's rules."""
    return _seen(_run([SYSTEM_PYTHON, HERE / "ask_libical.py", asked.file, str(FIRST), str(LAST)]))


def see_sabre(asked: Asked) -> Seen:
    """sabre/vobject, which Nextcloud is built on; the release of Debian is an old one."""
    return _seen(_run(["php", HERE / "ask_sabre.php", asked.file, str(FIRST), str(LAST)]))


def see_calcurse(asked: Asked) -> Seen:
    """calcurse, a calendar in the terminal; it takes no event with a line break in its title."""
    folder = asked.folder / "calcurse"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(["calcurse", "-D", folder, "-q", "-i", asked.file], check=False, LC_ALL="C.UTF-8")
    days: Counter[tuple[str, date]] = Counter()
    count = (LAST - FIRST).days
    command = ["calcurse", "-D", folder, "-q", "-Q", "--from", f"{FIRST:%m/%d/%Y}", "--days", str(count)]
    day = FIRST
    for line in (
        _run([*command, "--format-event", "|%m\n", "--format-recur-event", "|%m\n"], LC_ALL="C.UTF-8") or ""
    ).split("\n"):
        if re.fullmatch(r"\d\d/\d\d/\d\d:", line):
            day = datetime.strptime(line, "%m/%d/%y:").date()
        elif line.startswith("|"):
            days[line[1:], day] += 1
    return Seen(days=days)


def see_ical_js(asked: Asked) -> Seen:
    """ical.js, the reader in Thunderbird and Nextcloud's front end, in its strict mode."""
    return _seen(_run(["node", HERE / "ask_node.mjs", "ical.js", asked.file, str(FIRST), str(LAST)]))


def see_node_ical(asked: Asked) -> Seen:
    """node-ical; it takes an escaped backslash before an n for a line break."""
    return _seen(_run(["node", HERE / "ask_node.mjs", "node-ical", asked.file, str(FIRST), str(LAST)]))


def see_ts_ics(asked: Asked) -> Seen:
    """ts-ics."""
    return _seen(_run(["node", HERE / "ask_node.mjs", "ts-ics", asked.file, str(FIRST), str(LAST)]))


def _python() -> str:
    """The Python that has Radicale and caldav: the one whose programs are first in the `PATH`."""
    radicale = shutil.which("radicale")
    return str(Path(radicale).resolve().parent / "python") if radicale else sys.executable


PROGRAMS = (
    Program("khal by vdirsyncer", "pip: khal, vdirsyncer", ("khal", "vdirsyncer"), see_khal, True),
    Program("Radicale by caldav", "pip: Radicale, caldav", ("radicale",), see_radicale),
    Program(
        "Evolution",
        "apt: evolution-data-server, gir1.2-ecal-2.0, gir1.2-edataserver-1.2, python3-gi, dbus",
        ("dbus-run-session", "gi:ECal 2.0"),
        see_evolution,
        True,
    ),
    Program("Thunderbird", "apt: thunderbird", ("thunderbird",), see_thunderbird, True),
    Program("libical", "apt: gir1.2-ical-3.0, python3-gi", ("gi:ICalGLib 3.0",), see_libical),
    Program("sabre/vobject", "apt: php-cli, php-sabre-vobject", ("php", "php:Sabre/VObject"), see_sabre),
    Program("calcurse", "apt: calcurse", ("calcurse",), see_calcurse),
    Program("ical.js", "npm: ical.js", ("node", "node:ical.js"), see_ical_js),
    Program("node-ical", "npm: node-ical", ("node", "node:node-ical"), see_node_ical),
    Program("ts-ics", "npm: ts-ics", ("node", "node:ts-ics"), see_ts_ics),
)
