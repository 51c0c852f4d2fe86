"""What evolution-data-server sees in a feed, as JSON: ask_evolution.py URL FIRST LAST, on a bus of its own.

It subscribes to the address in the way GNOME Calendar does. With a home that had it before it refreshes.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import gi

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib  # noqa: E402
from gi.repository import ICalGLib as ICal  # noqa: E402

url, first, last = sys.argv[1:]
NAME = "vaultcrm-feed"


def subscribed(registry: Any) -> Any:
    """The source of the feed, made where it is not there yet."""
    found = registry.ref_source(NAME)
    if found is not None:
        return found
    parts = urlsplit(url)
    source = EDataServer.Source.new_with_uid(NAME, None)
    source.set_display_name("feed")
    source.set_parent("webcal-stub")
    source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
    source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION).set_host(parts.hostname)
    source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION).set_port(parts.port)
    place = source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)
    place.set_resource_path(parts.path)
    source.get_extension(EDataServer.SOURCE_EXTENSION_SECURITY).set_secure(False)
    registry.commit_source_sync(source, None)
    for _ in range(50):
        if registry.ref_source(NAME) is not None:
            break
        time.sleep(0.1)
    return registry.ref_source(NAME)


def settled(client: Any) -> list[Any]:
    """The events, once they stay the same for a while after a refresh."""
    client.refresh_sync(None)
    context, last_seen, since = GLib.MainContext.default(), None, time.monotonic()
    begin = time.monotonic()
    while time.monotonic() - begin < 60:
        while context.iteration(False):
            pass
        _, found = client.get_object_list_sync("#t", None)
        seen = sorted(each.as_ical_string() for each in found)
        if seen != last_seen:
            last_seen, since = seen, time.monotonic()
        elif time.monotonic() - since > 2.5:
            break
        time.sleep(0.2)
    return list(found)


registry = EDataServer.SourceRegistry.new_sync(None)
client = ECal.Client.connect_sync(subscribed(registry), ECal.ClientSourceType.EVENTS, 30, None)
events = settled(client)


def stamp(text: str) -> int:
    return int(GLib.DateTime.new_from_iso8601(text + "T00:00:00Z", None).to_unix())


days: list[list[str]] = []


def each(component: Any, start: Any, end: Any, *_: Any) -> bool:
    days.append(
        [component.get_summary(), f"{start.get_year():04}-{start.get_month():02}-{start.get_day():02}"]
    )
    return True


client.generate_instances_sync(stamp(first), stamp(last), None, each)


def alarms(event: Any) -> int:
    return int(event.count_components(ICal.ComponentKind.VALARM_COMPONENT))


def link(event: Any) -> list[str]:
    given = event.get_first_property(ICal.PropertyKind.URL_PROPERTY)
    return [given.get_url()] if given else []


sys.stdout.write(
    json.dumps(
        {
            "events": len({event.get_uid() for event in events}),
            "alarms": sum(map(alarms, events)),
            "titles": [event.get_summary() for event in events],
            "links": [found for event in events for found in link(event)],
            "descriptions": [event.get_description() for event in events if event.get_description()],
            "days": days,
        }
    )
    + "\n"
)
