"""What curators say: corrections of values, and whether two nodes are one body. Each is a record of the source ``curator/NAME``."""

from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin
from ontology.statement import ABOUT, CURATOR_PREFIX, DIFFERENT_FROM, SAME_AS, Mentions, Record, Statement

PROPOSED = "proposed-correction"
"""The shape of the loads of corrections that somebody who speaks for the organisation proposed."""
_BY_THE_BODY = "proposed by who speaks for the organisation, and accepted by the curator"


def correct(
    home: Home,
    entity: str,
    types: tuple[str, ...],
    prop: str,
    value: str,
    language: str | None,
    who: str,
    proposal: str | None = None,
) -> Load:
    """Write a curator's value of a property; it goes before those of all sources from the next publish on.

    :param entity: the id of the entity, which is also that of its earliest mention
    :param types: the most specific classes that it has
    :param who: the curator's name
    :param proposal: the id of the proposal of who speaks for the organisation, where the curator accepted one
    """
    source = f"{CURATOR_PREFIX}{who}"
    shape, found = ("correction", []) if proposal is None else (PROPOSED, [f"{_BY_THE_BODY}: {proposal}"])
    mentions = Mentions(source, f"{entity}/{prop}/{language or ''}", 1)
    about = mentions.mention(ABOUT, types[0])
    mentions.value(about, prop, value, language)
    mentions.record.statements.append(Statement(about, SAME_AS, entity, probability=1.0, reason="said by the curator"))
    return write_load(home, Origin(source, "judgement", shape, found=found), iter([mentions.record]))


def judge_pair(home: Home, later: str, earlier: str, same: bool, who: str, reason: str) -> Load:
    """Write a curator's decision on two mentions."""
    prop = SAME_AS if same else DIFFERENT_FROM
    said = Statement(later, prop, earlier, probability=1.0, reason=reason)
    source = f"{CURATOR_PREFIX}{who}"
    return write_load(home, Origin(source, "judgement", "pair"), iter([Record(f"{later}/{earlier}", 1, [said])]))
