"""One CERIF entity being read: its mentions, and the organisations and persons that its relations name."""

from xml.etree.ElementTree import Element

from loaders.hardened_xml import child, children, language_of, text_of
from loaders.stating import (
    Name,
    person_names,
    state_homepage,
    state_identifiers,
    state_names,
)
from ontology.statement import ABOUT, Mentions
from ontology.text import fold

ORGANISATION_TYPES = {
    "AcademicInstitute": "University",
    "University": "University",
    "UniversityCollege": "University",
    "HigherEducation": "University",
    "ResearchInstitute": "ResearchInstitute",
    "StrategicResearchInstitute": "ResearchInstitute",
    "Commercial": "Enterprise",
    "Company": "Enterprise",
    "SME": "Enterprise",
    "Government": "PublicAuthority",
}
"""Class of an organisation by https://w3id.org/cerif/vocab/OrganisationTypes; of another type it is an Organization."""

_ORGANISATION_IDENTIFIERS = {"RORID": "ror", "GRID": "grid", "ISNI": "isni", "FundRefID": "fundref"}
_PERSON_IDENTIFIERS = {
    "ORCID": "orcid",
    "ISNI": "isni",
    "ScopusAuthorID": "scopus-author",
    "ResearcherID": "researcher-id",
}


class Entity:
    """The entity of one record.

    :param element: the entity's element
    :param source: who sends it
    :param key: its key there
    :param scheme: the scheme of the identifiers that the repository gives to its entities
    """

    def __init__(self, element: Element, source: str, key: str, line: int, scheme: str) -> None:
        self.element, self.mentions, self._scheme = element, Mentions(source, key, line), scheme

    def texts(self, name: str, element: Element | None = None) -> list[Name]:
        """Texts of the children of a name, with their languages."""
        parent = self.element if element is None else element
        return [(text, language_of(one)) for one in children(parent, name) if (text := text_of(one))]

    def text(self, name: str) -> str | None:
        """The text of the first child of a name."""
        return text_of(child(self.element, name)) or None

    def about(self, cls: str, role: str = ABOUT) -> str:
        """The mention of the entity itself, with the identifier that its repository gave it."""
        subject = self.mentions.mention(role, cls)
        if identifier := self.element.get("id"):
            self.mentions.identifier(subject, self._scheme, identifier)
        return subject

    def refer(self, element: Element, cls: str, name: str) -> str:
        """The mention of an entity that a relation names: by its id in the repository, else by its name."""
        identifier = element.get("id")
        subject = self.mentions.mention(f"{cls}/{identifier or fold(name) or name}", cls)
        if identifier:
            self.mentions.identifier(subject, self._scheme, identifier)
        return subject

    def organisation(self, element: Element, depth: int = 0) -> str:
        """An organisation that a relation names, with the one that it is a part of."""
        names = self.texts("Name", element) or [(text, None) for text, _ in self.texts("Acronym", element)]
        subject = self.refer(element, "Organization", names[0][0] if names else "")
        self.describe_organisation(subject, element, depth)
        return subject

    def describe_organisation(self, subject: str, element: Element, depth: int = 0) -> None:
        """State names, identifiers and the larger organisation of an OrgUnit."""
        mentions = self.mentions
        acronyms = self.texts("Acronym", element)
        state_names(mentions, subject, self.texts("Name", element) or [(text, None) for text, _ in acronyms])
        for text, _ in acronyms:
            mentions.value(subject, "acronym", text)
        self._identify(subject, element, _ORGANISATION_IDENTIFIERS)
        for parent in children(child(element, "PartOf"), "OrgUnit"):
            if depth < 10:
                mentions.edge(subject, "unitOf", self.organisation(parent, depth + 1))

    def addresses(self, subject: str) -> None:
        """State the electronic addresses of an organisation: its site, and public contact points."""
        for text, _ in self.texts("ElectronicAddress"):
            scheme, _, rest = text.partition(":")
            if scheme.casefold() in ("mailto", "tel") and rest:
                self.mentions.contact(subject, "email" if scheme.casefold() == "mailto" else "telephone", rest)
            elif scheme.casefold() in ("http", "https"):
                state_homepage(self.mentions, subject, text)

    def person(self, element: Element, shown: str | None = None) -> str:
        """A person whom a relation names."""
        names = self.names_of_person(element, shown)
        subject = self.refer(element, "Person", names[0][0] if names else "")
        self.describe_person(subject, element, shown)
        return subject

    def names_of_person(self, element: Element, shown: str | None = None) -> list[Name]:
        """How a person is called: each of the names in both orders, the shown one first."""
        found: list[Name] = []
        for name in children(element, "PersonName"):
            given, family = (text_of(child(name, part)) for part in ("FirstNames", "FamilyNames"))
            found += person_names(given, family, shown)
            found += [(text, None) for text, _ in self.texts("OtherNames", name)]
        return found or person_names(None, None, shown)

    def describe_person(self, subject: str, element: Element, shown: str | None = None) -> None:
        """State names and public identifiers of a person; addresses need a consent, which no file of this kind records."""
        state_names(self.mentions, subject, self.names_of_person(element, shown))
        self._identify(subject, element, _PERSON_IDENTIFIERS)

    def _identify(self, subject: str, element: Element, schemes: dict[str, str]) -> None:
        found = [(scheme, text) for field, scheme in schemes.items() for text, _ in self.texts(field, element)]
        state_identifiers(
            self.mentions,
            subject,
            ((scheme, text.rpartition("10.13039/")[2] if scheme == "fundref" else text) for scheme, text in found),
        )
