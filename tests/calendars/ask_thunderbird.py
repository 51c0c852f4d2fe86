"""What Thunderbird sees in a feed, as JSON: ask_thunderbird.py URL PROFILE FIRST LAST.

Thunderbird runs without a window, and is told over its Marionette port what a person would do: subscribe to
the address (once for a profile), refresh, look.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

url, profile, first, last = sys.argv[1:]
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
Path(profile, "user.js").write_text(
    f'user_pref("marionette.port", {port});\n'
    'user_pref("app.update.enabled", false);\n'
    'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
    'user_pref("mail.provider.suppress_dialog_on_startup", true);\n'
    'user_pref("mailnews.start_page.enabled", false);\n'
    'user_pref("network.dns.disableIPv6", true);\n'
    'user_pref("network.proxy.type", 0);\n'
    'user_pref("calendar.timezone.local", "Europe/Berlin");\n'
)
SCRIPT = """
const [url, first, last, done] = arguments;
(async () => {
  const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const { CalRecurrenceInfo } = ChromeUtils.importESModule("resource:///modules/CalRecurrenceInfo.sys.mjs");
  let calendar = cal.manager.getCalendars().find((each) => each.type === "ics");
  if (!calendar) {
    calendar = cal.manager.createCalendar("ics", Services.io.newURI(url));
    calendar.name = "feed";
    calendar.readOnly = true;
    cal.manager.registerCalendar(calendar);
  }
  const loaded = new Promise((resolve) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
      onLoad: () => resolve(), onError: () => resolve(), onStartBatch() {}, onEndBatch() {}, onAddItem() {},
      onModifyItem() {}, onDeleteItem() {}, onPropertyChanged() {}, onPropertyDeleting() {},
    };
    calendar.addObserver(listener);
  });
  calendar.refresh();
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 60000))]);
  const all = Ci.calICalendar.ITEM_FILTER_TYPE_EVENT | Ci.calICalendar.ITEM_FILTER_COMPLETED_ALL;
  const events = await calendar.getItemsAsArray(all, 0, null, null);
  const from = cal.createDateTime(first.replaceAll("-", "") + "T000000");
  const to = cal.createDateTime(last.replaceAll("-", "") + "T000000");
  const occurrences = await calendar.getItemsAsArray(
    all | Ci.calICalendar.ITEM_FILTER_CLASS_OCCURRENCES, 0, from, to);
  const day = (date) => date.icalString.replace(/^(\\d{4})(\\d\\d)(\\d\\d).*/, "$1-$2-$3");
  return {
    events: new Set(events.map((each) => each.id)).size,
    alarms: events.flatMap((each) => each.getAlarms()).length,
    titles: events.map((each) => each.title),
    links: events.map((each) => each.getProperty("URL")).filter(Boolean),
    descriptions: events.map((each) => each.getProperty("DESCRIPTION")).filter(Boolean),
    days: occurrences.map((each) => [each.title, day(each.startDate)]),
  };
})().then((value) => done(value), (error) => done({ error: String(error) + error.stack }));
"""


class Marionette:
    """The port on which Thunderbird takes orders: lengths, a colon, JSON."""

    def __init__(self) -> None:
        for _ in range(600):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=150)
                break
            except OSError:
                time.sleep(0.1)
        self._stream = self._socket.makefile("rb")
        self._read()
        self._number = 0

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            part = self._stream.read(1)
            assert part, "Thunderbird has ended"
            length += part
        return json.loads(self._stream.read(int(length[:-1])))

    def order(self, name: str, **what: Any) -> Any:
        self._number += 1
        text = json.dumps([0, self._number, name, what]).encode()
        self._socket.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, answer = self._read()
        assert not error, error
        return answer


command = [
    "thunderbird",
    "--headless",
    "--marionette",
    "--remote-allow-system-access",
    "--no-remote",
    "--profile",
]
process = subprocess.Popen([*command, profile], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    marionette = Marionette()
    marionette.order("WebDriver:NewSession", capabilities={})
    marionette.order("Marionette:SetContext", value="chrome")
    marionette.order("WebDriver:SetTimeouts", script=120_000)
    answer = marionette.order("WebDriver:ExecuteAsyncScript", script=SCRIPT, args=[url, first, last])
    said = answer["value"]
    assert "error" not in said, said
    marionette.order("Marionette:Quit", flags=["eForceQuit"])
    process.wait(timeout=30)
finally:
    process.terminate()
    process.wait(timeout=30)
sys.stdout.write(json.dumps(said) + "\n")
