"""What came of bringing a technology to a firm, as members tell it: each is a record of the source ``member/NAME``, for members
alone; of a private case for who told it and curators."""

from dataclasses import dataclass

from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin
from ontology.model import CURATOR, MEMBER
from ontology.statement import ABOUT, MEMBER_PREFIX, Mentions, concept_path

KIND = "outcome"
"""The kind of the loads that hold them, which no list of loads shows to the public."""
SIGNED = "signed"
DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An introduction and what came of it, or a signed transfer.

    :param technology: the id of an entity, as are ``intermediary`` and ``firm``
    :param day: when the firm was told of it, or when the contract was signed (ISO date)
    :param result: a code of the scheme of outcomes, ``signed`` for a transfer, or nothing while there is no answer
    :param reason: a code of the scheme of reasons, where it was declined
    :param answered: when the firm said yes or no (ISO date)
    :param private: of a case that is not published: for who tells it and curators alone
    """

    technology: str
    intermediary: str
    firm: str
    day: str
    result: str | None = None
    reason: str | None = None
    answered: str | None = None
    illustrative: bool = False
    private: bool = False

    @property
    def key(self) -> str:
        """What makes it the same record when it is told again: the same three, for a contract its day too."""
        ends = f"{self.technology}/{self.intermediary}/{self.firm}"
        return f"transfer/{ends}/{self.day}" if self.result == SIGNED else f"introduction/{ends}"


def write_outcome(home: Home, outcome: Outcome, who: str) -> Load:
    """Write what a member tells; told again, an introduction says what it says now, and its history stays.

    :param who: the member's name
    :raises graph.statements.home.HomeError: where the disk is full or can't be written
    """
    source = f"{MEMBER_PREFIX}{who}"
    mentions = Mentions(source, outcome.key, 1)
    mentions.record.visibility = CURATOR if outcome.private else MEMBER
    mentions.record.owner = who if outcome.private else None
    if outcome.result == SIGNED:
        about = mentions.mention(ABOUT, "TechnologyTransfer")
        mentions.value(about, "signedOn", outcome.day)
        mentions.edge(about, "object", outcome.technology)
        mentions.edge(about, "transferee", outcome.firm)
    else:
        about = mentions.mention(ABOUT, "Introduction")
        mentions.value(about, "date", outcome.day)
        mentions.edge(about, "introduces", outcome.technology)
        mentions.edge(about, "introducedTo", outcome.firm)
        if outcome.result:
            mentions.edge(about, "outcome", concept_path("outcome/1", outcome.result))
            mentions.value(about, "answeredOn", outcome.answered)
        if outcome.reason:
            mentions.edge(about, "declineReason", concept_path("decline-reason/1", outcome.reason))
    mentions.edge(about, "broker", outcome.intermediary)
    if outcome.illustrative:
        mentions.value(about, "illustrative", "true")
    return write_load(home, Origin(source, KIND, "told"), iter([mentions.record]))
