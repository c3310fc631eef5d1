"""Cases of a broker's desk: what a member was brought this afternoon, stated by her. Each is a record of the source ``member/NAME``.

A case that is not published names its owner, so that only she and curators read it. To publish it is to state the same record without
that mark: it keeps its id, and from the next publish on it is a technology on offer, or a need, like any other.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from graph.statements.home import Home, day_of, now, today
from graph.statements.load_writing import write_load
from graph.statements.loads import Load, Origin, active, open_statements
from ontology.model import CURATOR, PUBLIC
from ontology.statement import ABOUT, MEMBER_PREFIX, TYPE, Gone, Mentions, concept_path, mention_id, record_id
from ontology.text import fold

KIND, PUBLISHED = "case", "published-case"
"""The kinds of the loads that hold cases: the first is on no list that others see."""
_OFFER, _LEVEL, _RIGHT, _PARTY = "offer", "level", "right", "party"
_POWERS, _LEVELS, _FORMS = "power/1", "trl/1", "transfer-form/1"

CaseKind = Literal["technology", "need"]


@dataclass(frozen=True, slots=True)
class Rights:
    """What the owner states of the rights of who gives the case: a power by its code; nothing where it is unknown.

    :param territory: concepts of places; none where that is not known
    :param fields: whether it holds within the patent classes of the case
    :param until: the last day (ISO date)
    """

    power: str | None = None
    exclusive: bool = False
    sublicensable: bool = False
    territory: tuple[str, ...] = ()
    fields: bool = False
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A technology or a need in somebody's hands.

    :param key: what makes it the same case when it is stated again
    :param owner: the member's name
    :param text: what was pasted, in ``language``
    :param fields: ids of concepts, as are ``patent_classes`` and ``region``
    :param level: a code of the readiness scale: that of a technology, or the least that a need asks for
    :param party: the entity whose technology or need it is; ``party_name`` where none is on record
    :param broker: the entity of the intermediary that acts
    :param mandate: by whose order she acts and how far that goes
    :param forms: codes of the forms of transfer
    :param price: asked, or the budget of a need, in VND; ``floor_price`` is for curators even when the case is published
    :param deadline: of a need (ISO date)
    :param day: when it was first stated (ISO date)
    """

    key: str
    owner: str
    kind: CaseKind
    title: str
    text: str
    language: Literal["vi", "en"] = "vi"
    fields: tuple[str, ...] = ()
    patent_classes: tuple[str, ...] = ()
    level: str | None = None
    keywords: tuple[str, ...] = ()
    party: str | None = None
    party_name: str | None = None
    broker: str | None = None
    mandate: str | None = None
    rights: Rights = Rights()
    forms: tuple[str, ...] = ()
    price: int | None = None
    floor_price: int | None = None
    region: tuple[str, ...] = ()
    deadline: str | None = None
    day: str = ""
    illustrative: bool = False
    published: bool = False

    @property
    def source(self) -> str:
        return f"{MEMBER_PREFIX}{self.owner}"

    @property
    def id(self) -> str:
        """The id of the technology or need, before and after it is published."""
        return mention_id(self.source, self.key, ABOUT)

    @property
    def record(self) -> str:
        """The id of the record that states it."""
        return record_id(self.source, self.key)

    @property
    def party_id(self) -> str | None:
        """Who gives it: an entity, or a mention of the case's own."""
        if self.party is None and self.party_name:
            return mention_id(self.source, self.key, f"{_PARTY}/{fold(self.party_name)}")
        return self.party

    @property
    def level_id(self) -> str:
        return mention_id(self.source, self.key, _LEVEL)

    @property
    def right_id(self) -> str:
        return mention_id(self.source, self.key, _RIGHT)

    @property
    def offer_id(self) -> str:
        return mention_id(self.source, self.key, _OFFER)

    def may_be_seen_by(self, name: str, curator: bool) -> bool:
        """Whether somebody may open it at the desk."""
        return curator or name == self.owner


def new_key() -> str:
    """The key of a case that is stated for the first time; nobody can guess the id that is made of it."""
    return f"case/{secrets.token_urlsafe(12)}"


def write_case(home: Home, case: Case) -> Load:
    """State a case; stated again it says what it says now, and its history stays.

    :raises graph.statements.home.HomeError: where the disk is full or can't be written
    """
    mentions = Mentions(case.source, case.key, 1)
    mentions.record.visibility = PUBLIC if case.published else CURATOR
    mentions.record.owner = None if case.published else case.owner
    about = mentions.mention(ABOUT, "Technology" if case.kind == "technology" else "TechnologyNeed")
    mentions.value(about, "name", case.title, case.language)
    mentions.value(about, "description", case.text, case.language)
    for keyword in case.keywords:
        mentions.value(about, "keyword", keyword, case.language)
    for prop, concepts in (("hasField", case.fields), ("hasPatentClass", case.patent_classes)):
        for concept in concepts:
            mentions.edge(about, prop, concept)
    party = _party(mentions, case)
    if case.kind == "technology":
        _technology(mentions, case, about, party)
    else:
        _need(mentions, case, about, party)
    if case.illustrative:
        for subject in {said.subject for said in mentions.record.statements if said.property == TYPE}:
            mentions.value(subject, "illustrative", "true")
    kind = PUBLISHED if case.published else KIND
    return write_load(home, Origin(case.source, kind, "case"), iter([mentions.record]))


def _party(mentions: Mentions, case: Case) -> str | None:
    if case.party or not case.party_name:
        return case.party
    # an organisation that only a private case speaks of is nobody yet: linking compares what is said to be an organisation
    party = mentions.mention(f"{_PARTY}/{fold(case.party_name)}", "Organization" if case.published else "Entity")
    mentions.value(party, "name", case.party_name, case.language)
    return party


def _technology(mentions: Mentions, case: Case, about: str, party: str | None) -> None:
    offer = mentions.mention(_OFFER, "TechnologyOffer")
    mentions.edge(offer, "offers", about)
    for prop, body in (("offeredBy", party), ("broker", case.broker)):
        if body:
            mentions.edge(offer, prop, body)
    mentions.value(offer, "mandate", case.mandate)
    mentions.value(offer, "validFrom", case.day or today())
    mentions.value(offer, "price", _amount(case.price))
    mentions.value(offer, "floorPrice", _amount(case.floor_price))
    for form in case.forms:
        mentions.edge(offer, "transferForm", concept_path(_FORMS, form))
    for place in case.region:
        mentions.edge(offer, "territory", place)
    if case.level:
        level = mentions.mention(_LEVEL, "MaturityAssessment")
        mentions.edge(level, "assesses", about)
        mentions.edge(level, "level", concept_path(_LEVELS, case.level))
        mentions.value(level, "date", case.day or today())
    if case.rights.power and party:
        _right(mentions, case, about, party)


def _right(mentions: Mentions, case: Case, about: str, party: str) -> None:
    rights = case.rights
    right = mentions.mention(_RIGHT, "RightsHolding")
    mentions.edge(right, "over", about)
    mentions.edge(right, "holder", party)
    mentions.edge(right, "power", concept_path(_POWERS, str(rights.power)))
    mentions.value(right, "exclusive", "true" if rights.exclusive else None)
    mentions.value(right, "sublicensable", "true" if rights.sublicensable else None)
    mentions.value(right, "validUntil", rights.until)
    for place in rights.territory:
        mentions.edge(right, "territory", place)
    for concept in case.patent_classes if rights.fields else ():
        mentions.edge(right, "fieldOfUse", concept)


def _need(mentions: Mentions, case: Case, about: str, party: str | None) -> None:
    if party:
        mentions.edge(about, "needOf", party)
    if case.broker:
        mentions.edge(about, "broker", case.broker)
    mentions.value(about, "mandate", case.mandate)
    mentions.value(about, "date", case.day or today())
    mentions.value(about, "budget", _amount(case.price))
    mentions.value(about, "deadline", case.deadline)
    if case.level:
        mentions.edge(about, "requiredLevel", concept_path(_LEVELS, case.level))
    for place in case.region:
        mentions.edge(about, "locatedIn", place)


def _amount(value: int | None) -> str | None:
    return None if value is None else str(value)


def forget_case(home: Home, case: Case) -> Load:
    """Close a case for good: from now on, and from the next publish on, nothing says it."""
    return write_load(home, Origin(case.source, KIND, "case"), iter([Gone(case.key)]))


def published(case: Case, public: bool) -> Case:
    """The case as everybody may see it, or private again."""
    return replace(case, published=public)


def read_cases(home: Home) -> list[Case]:
    """All cases as they stand, the newest first."""
    counted = [load for load in active(home) if load.kind in (KIND, PUBLISHED)]
    if not counted:
        return []
    con = open_statements(home, counted)
    rows = con.execute(
        """
        SELECT s.record, v.key, v.visibility, l.source, s.subject, s.property, coalesce(s.object, s.value), s.language
        FROM said s JOIN versions v ON v.record = s.record JOIN loads l ON l.load = s.load ORDER BY s.load DESC, s.record, s.pos
        """
    ).fetchall()
    con.close()
    by_record: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for record, *said in rows:
        by_record[record].append(tuple(said))
    return [_read(said) for said in by_record.values()]


def cases_by_id(home: Home) -> dict[str, Case]:
    """All cases by their ids."""
    return {case.id: case for case in read_cases(home)}


def _read(rows: Iterable[tuple[str, ...]]) -> Case:
    """A case of what its record says: (key, visibility, source, subject, property, value, language)."""
    rows = list(rows)
    key, visibility, source = rows[0][:3]
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for _, _, _, subject, prop, value, _ in rows:
        said[subject, prop].append(value)
    about, offer, level, right = (mention_id(source, key, role) for role in (ABOUT, _OFFER, _LEVEL, _RIGHT))

    def one(subject: str, prop: str) -> str | None:
        return next(iter(said.get((subject, prop), ())), None)

    def code(subject: str, prop: str) -> str | None:
        found = one(subject, prop)
        return found.rsplit("/", 1)[-1] if found else None

    need = one(about, TYPE) == "TechnologyNeed"
    deal = about if need else offer
    party = one(about, "needOf") if need else one(offer, "offeredBy")
    name = one(party, "name") if party else None
    price = one(deal, "budget" if need else "price")
    floor = one(deal, "floorPrice")
    return Case(
        key=key,
        owner=source.removeprefix(MEMBER_PREFIX),
        kind="need" if need else "technology",
        title=one(about, "name") or "",
        text=one(about, "description") or "",
        language="en" if any(row[4] == "name" and row[6] == "en" for row in rows) else "vi",
        fields=tuple(said.get((about, "hasField"), ())),
        patent_classes=tuple(said.get((about, "hasPatentClass"), ())),
        level=code(about, "requiredLevel") if need else code(level, "level"),
        keywords=tuple(said.get((about, "keyword"), ())),
        party=None if name else party,
        party_name=name,
        broker=one(deal, "broker"),
        mandate=one(deal, "mandate"),
        rights=Rights(
            power=code(right, "power"),
            exclusive=one(right, "exclusive") == "true",
            sublicensable=one(right, "sublicensable") == "true",
            territory=tuple(said.get((right, "territory"), ())),
            fields=(right, "fieldOfUse") in said,
            until=one(right, "validUntil"),
        ),
        forms=tuple(form.rsplit("/", 1)[-1] for form in said.get((offer, "transferForm"), ())),
        price=int(price) if price else None,
        floor_price=int(floor) if floor else None,
        region=tuple(said.get((deal, "locatedIn" if need else "territory"), ())),
        deadline=one(about, "deadline"),
        day=one(about, "date") or one(offer, "validFrom") or day_of(now()),
        illustrative=one(about, "illustrative") == "true",
        published=visibility == PUBLIC,
    )
