"""A vCard file becomes contacts: versions 2.1, 3.0 and 4.0, as telephones and programs write them.

What each property means stands in `READERS`. This module must not know which notes there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from vaultcrm.model.contacts import REACHED_BY, AddressBook, Contact
from vaultcrm.model.frozen import dataclass, field
from vaultcrm.parse.contact_dates import yearly_text
from vaultcrm.parse.vcard_lines import Card, CardLine, cards_of, fields_of, listed, text_of
from vaultcrm.parse.vocabulary import CHANNELS

Told = list[tuple[int, str, str]]


@dataclass(slots=True)
class _Draft:
    """A contact while its card is read."""

    card: Card
    labels: Mapping[str, str]
    told: Told
    left_out: Counter[str]
    values: dict[str, list[str]] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    dates: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    name: str = ""
    composed: str = ""
    organization: str = ""
    is_company: bool = False
    is_group: bool = False

    def add(self, name: str, value: str) -> None:
        value = value.strip()
        if value and value not in self.values.setdefault(name, []):
            self.values[name].append(value)

    def label(self, line: CardLine) -> str:
        """What the user called it: Apple writes that in a line of its own, joined by the group."""
        return self.labels.get(line.group, "") if line.group else ""


def read_vcards(text: str) -> AddressBook:
    """All contacts of a vCard file, in its order; groups are none.

    A day that cannot be read stays as a remark. Nothing raises, whatever the text.
    """
    told: Told = []
    left_out: Counter[str] = Counter()
    contacts = []
    for card in cards_of(text):
        told += [(number, "line", line) for number, line in card.unread]
        if not card.closed:
            told.append((card.number, "unclosed", ""))
        contact = _contact(card, told, left_out)
        if contact is not None:
            contacts.append(contact)
    return AddressBook(tuple(contacts), dict(sorted(left_out.items())), tuple(sorted(told)))


def _contact(card: Card, told: Told, left_out: Counter[str]) -> Contact | None:
    labels = {
        line.group: text_of(line.value).removeprefix("_$!<").removesuffix(">!$_")
        for line in card.lines
        if line.name in ("X-ABLABEL", "X-ABLABELS") and line.group
    }
    draft = _Draft(card, labels, told, left_out)
    for line in sorted(card.lines, key=_preference):
        reader = READERS.get(line.name)
        if reader is not None:
            reader(draft, line)
        elif line.name not in PASSED_OVER and line.value.strip():
            left_out[line.name] += 1
    if draft.is_group:
        left_out["KIND:group"] += 1
        return None
    return _finished(draft)


def _finished(draft: _Draft) -> Contact | None:
    name = draft.name or draft.composed
    organization = draft.organization
    if organization and name in ("", organization):
        draft.is_company = True
    fallbacks = (organization, *(draft.values.get(each, [""])[0] for each in ("aliases", *REACHED_BY)))
    name = name or next((each for each in fallbacks if each), "")
    if not name:
        draft.told.append((draft.card.number, "nameless", ""))
        return None
    _keep_other_names(draft, name)
    if draft.is_company:
        organization = ""
    values = {
        key: tuple(each for each in found if each != name or key in REACHED_BY)
        for key, found in draft.values.items()
    }
    return Contact(
        line=draft.card.number,
        name=name,
        is_company=draft.is_company,
        organization=organization,
        values={key: found for key, found in values.items() if found},
        uses=draft.uses,
        dates=tuple(draft.dates),
        remarks=tuple(draft.remarks),
    )


def _keep_other_names(draft: _Draft, name: str) -> None:
    """Where a card shows another name than its parts make: a company's may be those of who is asked for."""
    if draft.is_company and draft.organization != name:
        draft.add("aliases", draft.organization)
    known = f"{name} {draft.organization if draft.is_company else ''}".casefold()
    if all(word in known for word in draft.composed.casefold().replace(",", " ").split()):
        return
    if draft.is_company:
        draft.add("contact", draft.composed)
    else:
        draft.remarks.append(draft.composed)


def _preference(line: CardLine) -> tuple[int, bool]:
    """The preferred first: 4.0 counts from 1, 3.0 has a type; mobile numbers before others."""
    said = line.said("PREF")
    number = int(said[0]) if said and said[0].isascii() and said[0].isdigit() else 101
    types = line.said("TYPE")
    return (1 if "pref" in types else min(number, 101)), not {"cell", "iphone", "mobile"} & set(types)


def _use(draft: _Draft, line: CardLine) -> str:
    """What a number or address is for, in the words of the card."""
    return draft.label(line) or ", ".join(each for each in line.said("TYPE") if each not in SAYS_NOTHING)


def _name(draft: _Draft, line: CardLine) -> None:
    draft.name = draft.name or text_of(line.value)
    if draft.name != text_of(line.value):  # 4.0 allows several, in other scripts for instance
        draft.add("aliases", text_of(line.value))


def _names(draft: _Draft, line: CardLine) -> None:
    """The parts of a name. Chinese, Japanese and Korean names have the family first, and no blank."""
    family, given, more, before, behind = (*fields_of(line.value), "", "", "", "", "")[:5]
    if _is_east_asian(family + given):
        draft.composed = draft.composed or family + more + given
    else:
        draft.composed = draft.composed or listed((before, given, more, family, behind)).replace(",", ", ")


def _is_east_asian(text: str) -> bool:
    return bool(text) and all("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" for sign in text)


def _organization(draft: _Draft, line: CardLine) -> None:
    first, *units = fields_of(line.value)
    draft.organization = draft.organization or first
    if first in ("", draft.organization):
        draft.add("department", listed(units, " / "))
    else:
        draft.remarks.append(listed((first, *units), " / "))


def _kind(draft: _Draft, line: CardLine) -> None:
    word = text_of(line.value).lower()
    draft.is_group = draft.is_group or word == "group"
    draft.is_company = draft.is_company or word in ("org", "company")


def _phone(draft: _Draft, line: CardLine) -> None:
    number = text_of(line.value)
    if number[:4].lower() == "tel:":
        number, _, rest = number[4:].partition(";")
        extension = rest.partition("ext=")[2].partition(";")[0]
        number += f" ext {extension}" if extension else ""
    is_fax = "fax" in line.said("TYPE")
    draft.add("fax" if is_fax else "phone", number)
    use = _use(draft, line)
    if use and not is_fax:
        draft.uses.setdefault(number.strip(), use)


def _email(draft: _Draft, line: CardLine) -> None:
    address = text_of(line.value)
    address = address[7:] if address[:7].lower() == "mailto:" else address
    draft.add("email", address)
    use = _use(draft, line)
    if use:
        draft.uses.setdefault(address.strip(), use)


def _address(draft: _Draft, line: CardLine) -> None:
    """One line of an address: in the order of the country where it is Chinese, else of an envelope."""
    box, more, street, city, region, code, country = (
        " ".join(part.split()) for part in (*fields_of(line.value), *[""] * 7)[:7]
    )
    if _is_east_asian(city or region or country):
        draft.add(
            "address", "".join((country, region, city, street, more, box)) + (f" {code}" if code else "")
        )
        return
    parts = (listed((street, more), ", "), box, listed((code, city)), region, country)
    draft.add("address", listed(parts, ", ") or " ".join(listed(line.said("LABEL")).split()))


def _birthday(draft: _Draft, line: CardLine) -> None:
    day = _yearly(line)
    if day is None:
        _unreadable_day(draft, line, "birthday")
    else:
        _take_birthday(draft, day, first=line.name == "BDAY")


def _take_birthday(draft: _Draft, day: str, *, first: bool = False) -> None:
    """Of several the one that is called so counts; the others are remarks."""
    known = draft.values.setdefault("birthday", [day])[0]
    if known != day:
        draft.remarks.append(f"birthday: {known if first else day}")
        draft.values["birthday"] = [day if first else known]


def _other_day(draft: _Draft, line: CardLine) -> None:
    title = draft.label(line) or ("Anniversary" if "ANNIVERSARY" in line.name else "")
    day = _yearly(line)
    if day is None:
        _unreadable_day(draft, line, title)
    elif title.lower() == "birthday":
        _take_birthday(draft, day)
    else:
        draft.dates.append((title, day))


def _yearly(line: CardLine) -> str | None:
    text = text_of(line.value)
    omitted = line.said("X-APPLE-OMIT-YEAR")
    if omitted and text.startswith(omitted[0]):
        text = "--" + text[len(omitted[0]) :].replace("-", "")
    scale = line.said("CALSCALE")
    if scale and scale[0] not in ("gregorian", "chinese"):
        return None
    return yearly_text(text, lunar="chinese" in scale)


def _unreadable_day(draft: _Draft, line: CardLine, what: str) -> None:
    text = text_of(line.value)
    if text:
        draft.told.append((line.number, "day", text))
        draft.remarks.append(f"{what}: {text}" if what else text)


def _note(draft: _Draft, line: CardLine) -> None:
    draft.remarks += [each for each in text_of(line.value).splitlines() if each.strip()]


def _nicknames(draft: _Draft, line: CardLine) -> None:
    for each in fields_of(line.value, ","):
        draft.add("aliases", each)


def _categories(draft: _Draft, line: CardLine) -> None:
    for each in fields_of(line.value, ","):
        draft.add("categories", each)


def _chat(draft: _Draft, line: CardLine) -> None:
    """A name on some messenger: WeChat's is a property of ours, others are remarks."""
    services = (*line.said("X-SERVICE-TYPE"), *line.said("TYPE"), line.name.removeprefix("X-").lower())
    scheme, colon, address = text_of(line.value).partition(":")
    name = (address if colon and not address.startswith("//") else text_of(line.value)).strip()
    words = {*services, scheme.lower() if colon else ""}
    if any("wechat" in word or "weixin" in word or CHANNELS.get(word[:2]) == "wechat" for word in words):
        draft.add("wechat", name)
    elif name:
        said = [each for each in services if each not in (*SAYS_NOTHING, "impp", "socialprofile")]
        draft.remarks.append(f"{said[0]}: {name}" if said else text_of(line.value))


def _related(draft: _Draft, line: CardLine) -> None:
    name = text_of(line.value)
    if name and not name.lower().startswith(("urn:", "http")):
        of_its_own = line.name.removeprefix("X-").lower() if line.name in ("X-SPOUSE", "X-ASSISTANT") else ""
        what = draft.label(line) or listed(line.said("TYPE"), ", ") or of_its_own
        draft.remarks.append(f"{what}: {name}" if what else name)


def _text_reader(name: str) -> Callable[[_Draft, CardLine], None]:
    def read(draft: _Draft, line: CardLine) -> None:
        draft.add(name, text_of(line.value))

    return read


def _role(draft: _Draft, line: CardLine) -> None:
    """What somebody does there; beside a title, which says more, a remark."""
    role = text_of(line.value)
    titles = [text_of(each.value) for each in draft.card.lines if each.name == "TITLE" and each.value.strip()]
    if not titles:
        draft.add("position", role)
    elif role and role not in titles:
        draft.remarks.append(role)


READERS: Mapping[str, Callable[[_Draft, CardLine], None]] = {
    "FN": _name,
    "N": _names,
    "NICKNAME": _nicknames,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "X-ABSHOWAS": _kind,
    "ORG": _organization,
    "TITLE": _text_reader("position"),
    "ROLE": _role,
    "TEL": _phone,
    "EMAIL": _email,
    "ADR": _address,
    "BDAY": _birthday,
    "X-ALTBDAY": _birthday,
    "ANNIVERSARY": _other_day,
    "X-ANNIVERSARY": _other_day,
    "X-ABDATE": _other_day,
    "NOTE": _note,
    "URL": _text_reader("website"),
    "CATEGORIES": _categories,
    "HOBBY": _text_reader("interests"),
    "INTEREST": _text_reader("interests"),
    "IMPP": _chat,
    "X-SOCIALPROFILE": _chat,
    "X-WECHAT": _chat,
    "X-QQ": _chat,
    "X-SKYPE": _chat,
    "X-SKYPE-USERNAME": _chat,
    "RELATED": _related,
    "X-ABRELATEDNAMES": _related,
    "X-SPOUSE": _related,
    "X-ASSISTANT": _related,
}
"""What each property of a card is for us."""

PASSED_OVER = frozenset(
    (
        *("VERSION", "PRODID", "REV", "UID", "SORT-STRING", "CLASS", "SOURCE", "PROFILE", "NAME", "LABEL"),
        *("MAILER", "LANG", "GENDER", "CLIENTPIDMAP", "MEMBER", "X-ABLABEL", "X-ABLABELS", "X-ABADR"),
        *("X-ABUID", "X-IMAGETYPE", "X-IMAGEHASH", "X-SHARED-PHOTO-DISPLAY-PREF"),
        *(
            "X-ADDRESSBOOKSERVER-MEMBER",
            "X-PHONETIC-FIRST-NAME",
            "X-PHONETIC-LAST-NAME",
            "X-EVOLUTION-FILE-AS",
        ),
    )
)
"""What is about the card itself, or says twice what another line says."""

SAYS_NOTHING = frozenset(("voice", "internet", "pref", "x400", "other", "x-evolution-ui-slot", "impp"))
