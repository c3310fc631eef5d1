"""What is held about a person, in words: for the person who opens the link, and for the curator who answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from api.catalogue import Words
from api.links import address
from api.reading import Views
from graph.answer.held import Held, HeldAll, held_about
from graph.answer.person_consents import ConsentOnRecord, consents_on_record
from graph.policy.law import law
from graph.resolve.snapshots import directory
from graph.statements.consents import SCHEME
from graph.statements.home import today
from ontology.model import ontology
from ontology.schemes import schemes

_CHARS = 400
"""Characters of one value."""
_RULES = ("personal-data-consent", "personal-data-erasure", "personal-data-kept")


@dataclass(frozen=True, slots=True)
class Row:
    """A statement: what is said, where it is from, and who may see it."""

    label: str
    value: str
    href: str | None
    where: str
    record: str | None
    visibility: str
    current: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent. ``key`` is set where it counts, so that it can be withdrawn; ``where`` says which file or load it is from."""

    purpose: str
    given: str
    until: str | None
    withdrawn: str | None
    means: str
    where: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision, and how certain it is."""

    name: str
    text: str
    certainty: str
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of it."""

    held: HeldAll
    rows: tuple[Row, ...]
    consents: tuple[ConsentRow, ...]
    basis: tuple[Basis, ...]


def consents_found(views: Views, person: str) -> list[ConsentOnRecord]:
    """The consents of a person."""
    return consents_on_record(views.home, directory(views.home, views.made_of.number), person)


def told(views: Views, person: str, words: Words) -> Told:
    """What is held about a person, and what they agreed to."""
    held = held_about(views.home, directory(views.home, views.made_of.number), person)
    return Told(
        held,
        tuple(_row(one, views, words) for one in held.statements),
        tuple(_consents(consents_found(views, person), words)),
        tuple(_basis(words)),
    )


def _row(one: Held, views: Views, words: Words) -> Row:
    label = _label(one.property, words)
    if one.names:
        label = words("held.named_by", property=label)
    elif one.event is not None:
        label = f"{ontology().label(one.event, words.language)}: {label}"
    where = words(
        "held.where", source=one.source, file=one.file or "–", line=one.line, load=one.load, day=words.day(one.date)
    )
    value, href = _value(one, views, words)
    known = views.types(f"record/{one.record}")
    return Row(label, value[:_CHARS], href, where, one.record if known else None, one.visibility, one.current)


def _label(name: str, words: Words) -> str:
    if name in ontology().properties:
        return ontology().label(name, words.language)
    return schemes().label(f"scheme/identifier-scheme/1/{name}", words.language)


def _value(one: Held, views: Views, words: Words) -> tuple[str, str | None]:
    if one.target and one.value.startswith("scheme/"):
        return schemes().label(one.value, words.language), None
    if one.target:
        # a statement names a mention, which may be one with others
        node = one.value if views.types(one.value) else views.redirect(one.value)
        return (views.ref(node, words.language).name, address(node)) if node else (one.value, None)
    return (words.day(one.value) if _is_day(one.value) else one.value), None


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _consents(found: Iterable[ConsentOnRecord], words: Words) -> Iterator[ConsentRow]:
    for one in found:
        if one.mark:
            continue
        consent = one.consent
        where = words("held.stated", day=words.day(one.date)) if one.record is None else f"{one.source}, {one.file}"
        yield ConsentRow(
            schemes().label(f"scheme/{SCHEME}/{consent.purpose}", words.language),
            consent.given,
            consent.until,
            consent.withdrawn,
            consent.means,
            where,
            consent.key if consent.stands(today()) else None,
        )


def _basis(words: Words) -> Iterator[Basis]:
    for rule in _RULES:
        for provision in law().by_rule(rule):
            text = provision.texts.get(words.language, "")
            yield Basis(provision.name(words.language), text, provision.certainty, address(provision.id))
