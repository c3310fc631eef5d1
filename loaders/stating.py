"""What the exchange formats say alike: names in several languages, identifiers with check digits, persons, and stays at organisations."""

from collections.abc import Iterable

from loaders.values import read_uri
from ontology.identifiers import fits
from ontology.schemes import schemes
from ontology.statement import Mentions
from ontology.text import fold, nfc

Name = tuple[str, str | None]
"""A text and its language."""

_ROLES = "membership-role/1"


class Unfit(ValueError):
    """What a record says of itself can't be taken.

    :param field: where it stands
    :param reason: a sentence for the sender
    :param text: what was found there
    """

    def __init__(self, field: str, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.field, self.reason, self.text = field, reason, text


def state_names(mentions: Mentions, subject: str, names: Iterable[Name]) -> None:
    """State names in their order: the first of each language is the name, the others are alternative names."""
    named: set[str | None] = set()
    said: set[str] = set()
    for given, language in names:
        text = nfc(given)
        if text and language not in named:
            named.add(language)
            mentions.value(subject, "name", text, language)
        elif text and text not in said:
            mentions.value(subject, "alternativeName", text, language)
        said.add(text)


def person_names(given: str | None, family: str | None, shown: str | None = None) -> list[Name]:
    """How a person is called whose names are given in parts: as shown, else given name first; and the other order too."""
    first, last = nfc(given or ""), nfc(family or "")
    names = dict.fromkeys([nfc(shown or ""), f"{first} {last}".strip(), f"{last} {first}".strip()])
    return [(name, None) for name in names if name]


def state_own_identifier(mentions: Mentions, subject: str, scheme: str, value: str | None, field: str) -> None:
    """State the identifier by which a register knows the body that its record is about.

    :raises Unfit: where the form or the check digit is wrong
    """
    text = nfc(value or "")
    if text and not fits(scheme, text):
        raise Unfit(field, f"has not the form or the check digit that an identifier of the kind {scheme} has", text)
    if text:
        mentions.identifier(subject, scheme, text)


def state_identifiers(mentions: Mentions, subject: str, identifiers: Iterable[tuple[str, str | None]]) -> None:
    """State identifiers that other registers gave; one whose form or check digit is wrong tells nobody apart and is left out."""
    for scheme, value in identifiers:
        text = nfc(value or "")
        if text and fits(scheme, text):
            mentions.identifier(subject, scheme, text)


def state_homepage(mentions: Mentions, subject: str, address: str | None) -> None:
    """State a web address, where it is one that may become a link."""
    try:
        mentions.value(subject, "homepage", read_uri(address) if address else None)
    except ValueError:
        return


def state_country(mentions: Mentions, subject: str, code: str | None, place: str | None = None) -> None:
    """State a country by its two letters, and of Viet Nam the place too, where it is known.

    :param place: name or code of a province, city or commune
    """
    text = (code or "").strip().upper()
    if len(text) == 2 and text.isascii() and text.isalpha():
        mentions.value(subject, "country", text)
    found = schemes().find("place/2025", place) if place and text == "VN" else None
    if found:
        mentions.edge(subject, "locatedIn", found)


def state_stay(
    mentions: Mentions,
    person: str,
    organization: str,
    begin: str | None,
    end: str | None,
    title: str = "",
    part: str = "",
) -> None:
    """State that a person belongs to an organisation for a time.

    :param begin: the first day, ``end`` the last, as ISO dates
    :param title: the role as the record words it; ``part`` the department
    :raises Unfit: where it ends before it begins
    """
    if begin and end and end < begin:
        raise Unfit("endDate", f"is before the first day, {begin}", end)
    # one stay is another than the next at the same body by when it began and as what
    stay = mentions.mention(f"stay/{person}/{organization}/{begin or ''}/{fold(title)}/{fold(part)}", "Membership")
    mentions.edge(stay, "member", person)
    mentions.edge(stay, "organization", organization)
    role = schemes().find(_ROLES, title) if title else None
    if role:
        mentions.edge(stay, "role", role)
    mentions.value(stay, "description", ", ".join(text for text in (nfc(title), nfc(part)) if text))
    mentions.value(stay, "validFrom", begin)
    mentions.value(stay, "validUntil", end)
