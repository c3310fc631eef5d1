"""Consents: what a person agreed to, since when, by what means, until when, and when it was withdrawn.

Each is a record of one source, for curators alone; stated again it says what it says now, and its history stays.
"""

import secrets
from dataclasses import dataclass, replace

from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin
from ontology.model import CURATOR
from ontology.statement import ABOUT, Mentions, concept_path

KIND = "consent"
"""The kind of the loads that hold them, which is on no list."""
SOURCE = "ketnoi/consents"
PURPOSES: dict[str, tuple[str, ...]] = {
    "contact": ("telephone", "email"),
    "email": ("email",),
    "telephone": ("telephone",),
}
"""Codes of the scheme of purposes, and the properties that each lets members see."""
SCHEME = "consent-purpose/1"


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent of a person, or a withdrawal of what a file says was agreed to.

    :param key: what makes it the same consent when it is stated again
    :param person: the id of an entity
    :param purpose: a code of :data:`PURPOSES`
    :param given: the day on which it was given (ISO date)
    :param means: how, or in which document
    :param until: the last day on which it counts (ISO date); without one it counts until it is withdrawn
    :param withdrawn: the day from which it does not count any more (ISO date)
    """

    key: str
    person: str
    purpose: str
    given: str
    means: str
    until: str | None = None
    withdrawn: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The properties that it lets members see."""
        return PURPOSES[self.purpose]

    def stands(self, day: str) -> bool:
        """Whether it counts on a day: from the day on which it was given to its last, both included."""
        begun = self.given <= day
        ended = (self.until is not None and self.until < day) or (self.withdrawn is not None and self.withdrawn <= day)
        return begun and not ended


def new_consent(person: str, purpose: str, given: str, means: str, until: str | None = None) -> Consent:
    """A consent that was not on record yet."""
    return Consent(f"consent/{secrets.token_urlsafe(9)}", person, purpose, given, means, until)


def write_consent(home: Home, consent: Consent, who: str) -> Load:
    """Put a consent on record.

    :param who: who states it: a member's name, or the person by the link
    :raises graph.statements.home.HomeError: where the disk is full or can't be written
    """
    mentions = Mentions(SOURCE, consent.key, 1)
    mentions.record.visibility = CURATOR
    about = mentions.mention(ABOUT, "Consent")
    mentions.edge(about, "consentOf", consent.person)
    mentions.edge(about, "consentPurpose", concept_path(SCHEME, consent.purpose))
    mentions.value(about, "consentMeans", consent.means)
    mentions.value(about, "validFrom", consent.given)
    mentions.value(about, "validUntil", consent.until)
    mentions.value(about, "withdrawnOn", consent.withdrawn)
    return write_load(home, Origin(SOURCE, KIND, "consent", sender=who), iter([mentions.record]))


def parted(consent: Consent, kinds: tuple[str, ...], day: str) -> list[Consent]:
    """What becomes of a consent where some of its kinds are withdrawn on a day: it ends, and what is left of it is one of its own."""
    left = tuple(kind for kind in consent.kinds if kind not in kinds)
    if left == consent.kinds:
        return []
    ended = replace(consent, withdrawn=day)
    return [ended, *(replace(consent, key=f"{consent.key}/{kind}", purpose=kind) for kind in left)]
