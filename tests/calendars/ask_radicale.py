"""What Radicale gives back over CalDAV of a feed, as JSON: ask_radicale.py FILE FOLDER FIRST LAST.

Radicale runs on a free port of this machine for as long as it takes.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date, datetime, timedelta
from pathlib import Path

import caldav
import icalendar

file, folder, first, last = sys.argv[1:]
begin, end = (datetime.combine(date.fromisoformat(text), datetime.min.time()) for text in (first, last))
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
store = Path(folder) / "radicale"
command = [
    sys.executable,
    "-m",
    "radicale",
    f"--server-hosts=127.0.0.1:{port}",
    f"--storage-filesystem-folder={store}",
]
server = subprocess.Popen([*command, "--auth-type=none", "--logging-level=critical"])
try:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    base = f"http://127.0.0.1:{port}/me/feed/"
    data = Path(file).read_bytes()
    kind = {"Content-Type": "text/calendar; charset=utf-8", "Authorization": "Basic bWU6"}
    request = urllib.request.Request(base, data, kind, method="PUT")
    assert urllib.request.urlopen(request, timeout=120).status == 201
    calendar = caldav.DAVClient(base, username="me", password="").calendar(url=base)
    events = [
        each for item in calendar.events() for each in icalendar.Calendar.from_ical(item.data).walk("VEVENT")
    ]
    found = calendar.search(start=begin, end=end - timedelta(seconds=1), event=True, expand=True)
    expanded = [each for item in found for each in item.icalendar_instance.walk("VEVENT")]
finally:
    server.terminate()
    server.wait(timeout=20)
said = {
    "events": len({str(each["UID"]) for each in events}),
    "alarms": sum(len(each.walk("VALARM")) for each in events),
    "titles": [str(each["SUMMARY"]) for each in events],
    "links": [str(each["URL"]) for each in events if "URL" in each],
    "descriptions": [str(each["DESCRIPTION"]) for each in events if "DESCRIPTION" in each],
    "days": [[str(each["SUMMARY"]), str(each["DTSTART"].dt)] for each in expanded],
}
sys.stdout.write(json.dumps(said) + "\n")
