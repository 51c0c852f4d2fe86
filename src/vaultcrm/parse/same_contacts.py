"""Which contacts are the same one: those of a file become one, those that have notes are found.

This module must not know how a note is read or made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from vaultcrm.model.contacts import Contact
from vaultcrm.model.frozen import dataclass, replace
from vaultcrm.parse.links import link_key
from vaultcrm.parse.reach import (
    company_key,
    email_key,
    is_role,
    phone_ending,
    phone_key,
    same_phone,
    similar_names,
)

MANY = 50
"""How many may share a number, or an office's address, for it to say something of who they are."""

SINGLE = ("position", "birthday", "department")
"""Fields of which a note has one value."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells who somebody is: names, the companies that they are at, keys of addresses and numbers."""

    names: tuple[str, ...]
    companies: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: tuple[str, ...] = ()
    is_company: bool = False

    def marks(self) -> Iterable[str]:
        """What two equal ones have at least one of in common."""
        yield from (f"@{each}" for each in self.emails)
        yield from (f"+{phone_ending(each)}" for each in self.phones)
        for name in self.names:
            yield f"={company_key(name) if self.is_company else link_key(name)}"


def identity_of(contact: Contact) -> Identity:
    """Who a contact is."""
    organization = contact.name if contact.is_company else contact.organization
    return Identity(
        names=(contact.name, *contact.known("aliases")),
        companies=frozenset((company_key(organization),) if organization else ()),
        emails=email_keys(contact.known("email")),
        phones=phone_keys(contact.known("phone")),
        is_company=contact.is_company,
    )


def crowded(identities: Iterable[Identity]) -> frozenset[str]:
    """Marks by which nobody can be told apart, as a whole house shares them: a switchboard's number.

    Without them, each of thousands would be compared with each.
    """
    shared = Counter(
        mark
        for each in identities
        for mark in set(each.marks())
        if mark[0] == "+" or (mark[0] == "@" and (each.is_company or is_role(mark[1:])))
    )
    return frozenset(mark for mark, count in shared.items() if count > MANY)


def email_keys(texts: Iterable[str]) -> frozenset[str]:
    """Mail addresses as they are compared."""
    return frozenset(filter(None, map(email_key, texts)))


def phone_keys(texts: Iterable[str]) -> tuple[str, ...]:
    """Numbers as they are compared."""
    return tuple(filter(None, map(phone_key, texts)))


def shared_reach(one: Identity, other: Identity) -> str | None:
    """By what both can be reached: ``email`` for an address of a person's own, ``desk`` for an office's.

    ``phone`` for a number; None for nothing.
    """
    both = one.emails & other.emails
    if both:
        return "desk" if all(map(is_role, both)) else "email"
    return "phone" if any(same_phone(a, b) for a in one.phones for b in other.phones) else None


def sameness(one: Identity, other: Identity) -> str | None:
    """By what two are the same: ``email``, ``phone``, ``name``; None where they are not.

    A mail address of a person's own is enough; a number or an office's address is shared by colleagues and
    families, so that the names must fit, too. Equal names are enough unless they are at different companies.
    """
    if one.is_company != other.is_company:
        return None
    shared = shared_reach(one, other)
    if shared == "email" and not one.is_company:
        return shared
    if shared is not None and any(similar_names(a, b) for a in one.names for b in other.names):
        return "email" if shared == "desk" else shared
    at_odds = bool(one.companies and other.companies and not one.companies & other.companies)
    same_name = set(_names(one)) & set(_names(other))
    return "name" if same_name and (one.is_company or not at_odds) else None


def _names(one: Identity) -> Iterable[str]:
    return (company_key(name) if one.is_company else link_key(name) for name in one.names)


def without_equals(contacts: Iterable[Contact]) -> tuple[tuple[Contact, tuple[int, ...]], ...]:
    """Contacts of a file with equal ones made one, and the lines on which each was found.

    The first one's name and place count; of values that can be only one the first counts, too, and another
    stays as a remark.
    """
    groups: list[tuple[Contact, tuple[int, ...], Identity] | None] = []
    found: dict[str, list[int]] = {}
    known_contacts = [(each, identity_of(each)) for each in _with_companies(tuple(contacts))]
    crowd = crowded(known for _, known in known_contacts)
    for contact, known in known_contacts:
        near = sorted({at for key in known.marks() for at in found.get(key, ())}, reverse=True)
        whole = contact
        lines: tuple[int, ...] = (contact.line,)
        mine = len(groups)
        for at in near:
            group = groups[at]
            if group is not None and sameness(group[2], known) is not None:
                whole, lines = joined(group[0], whole), (*group[1], *lines)
                groups[at] = None
                mine = min(mine, at)
        if mine == len(groups):
            groups.append(None)
        identity = known if whole is contact else identity_of(whole)
        groups[mine] = (whole, lines, identity)
        for key in {*identity.marks()} - crowd:
            found.setdefault(key, []).append(mine)
    return tuple((group[0], tuple(sorted(group[1]))) for group in groups if group)


def _with_companies(contacts: tuple[Contact, ...]) -> Iterator[Contact]:
    """The contacts; one that is called like the company of another one is that company."""
    names = {each.name if each.is_company else each.organization for each in contacts}
    companies = {company_key(name) for name in names if name}
    for each in contacts:
        is_one = not each.organization and company_key(each.name) in companies
        yield replace(each, is_company=True) if is_one else each


def joined(first: Contact, other: Contact) -> Contact:
    """What two entries of one person say together."""
    values: dict[str, tuple[str, ...]] = dict(first.values)
    remarks = [*first.remarks, *(each for each in other.remarks if each not in first.remarks)]
    for name, more in other.values.items():
        mine = values.get(name, ())
        if name == "birthday" and mine and _whole_day(mine[0], more[0]):
            values[name] = more
        elif name in SINGLE and mine:
            known = [*mine, *(each for each in more if _whole_day(each, mine[0]))]
            remarks += [f"{name}: {each}" for each in more if each not in known]
        else:
            values[name] = (*mine, *missing(name, mine, more))
    if link_key(other.name) != link_key(first.name):
        values["aliases"] = tuple(dict.fromkeys((*values.get("aliases", ()), other.name)))
    organization = first.organization or other.organization
    if other.organization and company_key(other.organization) != company_key(organization):
        remarks.append(other.organization)
    return replace(
        first,
        organization=organization,
        values=values,
        uses={**other.uses, **first.uses},
        dates=tuple(dict.fromkeys((*first.dates, *other.dates))),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _whole_day(short: str, whole: str) -> bool:
    """Whether the second is the first day with its year."""
    return len(whole) > len(short) and whole[0].isdigit() and whole.endswith(f"-{short}")


def missing(name: str, present: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    """Of the values that are offered for a field those that are not there already, however written."""
    here = tuple(present)
    if name == "email":
        keys = email_keys(here)
        return tuple(each for each in offered if (email_key(each) or each) not in {*keys, *here})
    if name in ("phone", "fax"):
        known = phone_keys(here)
        return tuple(
            each
            for each in offered
            if each not in here and not any(same_phone(phone_key(each), one) for one in known)
        )
    folded = {link_key(each) for each in here}
    return tuple(each for each in offered if link_key(each) not in folded)
