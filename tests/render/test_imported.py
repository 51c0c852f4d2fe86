"""What came of a file of contacts, as it is told."""

from __future__ import annotations

from vaultcrm.app.opening import words
from vaultcrm.render.imported import Offer, offer_lines, told_lines


def test_offers_say_what_could_be_added_and_what_differs() -> None:
    first = Offer("People/Ann.md", "Ann", "email", {"phone": ("1", "2")}, {"position": ("baker", "head")})
    second = Offer("Clients/Oak.md", "Oak", "name", {"website": ("https://x.example",)}, {})
    assert list(offer_lines((first, second), words("en"))) == [
        "Notes that exist stay as they are. The file knows more about:",
        "  People/Ann.md (same e-mail: Ann)",
        "    + phone: 1",
        "    + phone: 2",
        "    ? position: the note says baker, the file head",
        "  Clients/Oak.md (same name: Oak)",
        "    + website: https://x.example",
    ]
    assert "    + 网址: https://x.example" in offer_lines((second,), words("zh"))


def test_what_could_not_be_read_is_told_shortly_and_steers_no_terminal() -> None:
    lines = list(
        told_lines(((3, "line", "x" * 99), (4, "day", "\x1b[2J")), {"PHOTO": 2, "\x1b": 1}, words("en"))
    )
    assert lines[0] == f"line 3: this is no line of a vCard: {'x' * 59}…"
    assert "\x1b" not in "".join(lines)
    assert lines[-1].startswith("left out: PHOTO (2), ")
