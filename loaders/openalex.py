"""OpenAlex institutions, authors and works, as its snapshots' JSON lines or its API's JSON (https://docs.openalex.org/api-entities).

A work says where its authors worked on the day it was published, and in which fields they know their way. It is no research result:
that is what a task brings forth, and OpenAlex knows no tasks.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.json_records import Json, json_items, part, parts, read_keyed, text, texts
from loaders.partial_days import first_day, last_day
from loaders.ror import CLASSES
from loaders.stating import (
    Name,
    Unfit,
    state_country,
    state_homepage,
    state_identifiers,
    state_names,
    state_own_identifier,
    state_stay,
)
from loaders.values import read_year
from ontology.identifiers import canonical
from ontology.schemes import schemes
from ontology.statement import ABOUT, Item, Mentions

SHAPE, SOURCE, LICENCE = "openalex", "openalex", "CC0-1.0"
_KEY = re.compile(r"https://openalex\.org/([IAW][1-9][0-9]*)")
_FIELDS = "ford/2015"


def recognises(item: Json) -> bool:
    """Whether the first object of a JSON file is one of OpenAlex."""
    return str(item.get("id", "")).startswith("https://openalex.org/")


def read(path: Path, source: str) -> Iterator[Item]:
    """Records and rejects of a file."""
    return read_keyed(json_items(path), source, "id", _key, _state)


def _key(entity: Json) -> str | None:
    found = _KEY.fullmatch(text(entity.get("id"), "id"))
    return found.group(1) if found else None


def _state(mentions: Mentions, entity: Json) -> None:
    key = _key(entity) or ""
    {"I": _institution, "A": _author, "W": _work}[key[0]](mentions, entity)


def _institution(mentions: Mentions, entity: Json) -> None:
    about = mentions.mention(ABOUT, _class(entity))
    state_own_identifier(mentions, about, "openalex", _key(entity), "id")
    state_names(mentions, about, _institution_names(entity))
    for acronym in texts(entity.get("display_name_acronyms"), "display_name_acronyms"):
        mentions.value(about, "acronym", acronym)
    identifiers = part(entity.get("ids"), "ids")
    state_identifiers(
        mentions,
        about,
        [
            ("ror", text(entity.get("ror") or identifiers.get("ror"), "ror")),
            ("grid", text(identifiers.get("grid"), "grid")),
            ("wikidata", text(identifiers.get("wikidata"), "wikidata")),
        ],
    )
    state_homepage(mentions, about, text(entity.get("homepage_url"), "homepage_url"))
    place = part(entity.get("geo"), "geo")
    code = text(entity.get("country_code") or place.get("country_code"), "country_code")
    state_country(mentions, about, code, text(place.get("city"), "city"))
    for other in parts(entity.get("associated_institutions"), "associated_institutions"):
        if text(other.get("relationship"), "relationship").casefold() == "parent":
            mentions.edge(about, "unitOf", _referred_institution(mentions, other))


def _class(entity: Json) -> str:
    return CLASSES.get(text(entity.get("type"), "type").casefold(), "Organization")


def _institution_names(entity: Json) -> list[Name]:
    shown = text(entity.get("display_name"), "display_name")
    international = part(part(entity.get("international"), "international").get("display_name"), "international")
    by_language = [(text(name, "international"), language) for language, name in international.items()]
    # the name shown has no language of its own: it is one of the names that have, where it is among them
    unnamed = [(shown, None)] if shown not in [name for name, _ in by_language] else []
    alternatives = texts(entity.get("display_name_alternatives"), "display_name_alternatives")
    others = [(name, None) for name in alternatives if name != shown]
    if not unnamed and others:
        # without a language the first would become the name
        others = [(shown, None), *others]
    return [*unnamed, *by_language, *others]


def _referred_institution(mentions: Mentions, entity: Json) -> str:
    identifier = canonical("openalex", text(entity.get("id"), "id"))
    name = text(entity.get("display_name"), "display_name")
    if not identifier:
        raise Unfit("institutions", "has no id", name)
    body = mentions.mention(f"institution/{identifier}", _class(entity))
    state_identifiers(mentions, body, [("openalex", identifier), ("ror", text(entity.get("ror"), "ror"))])
    state_names(mentions, body, [(name, None)])
    state_country(mentions, body, text(entity.get("country_code"), "country_code"))
    return body


def _author(mentions: Mentions, entity: Json) -> None:
    about = mentions.mention(ABOUT, "Person")
    state_own_identifier(mentions, about, "openalex", _key(entity), "id")
    _describe_person(mentions, about, entity)
    alternatives = texts(entity.get("display_name_alternatives"), "display_name_alternatives")
    state_names(
        mentions, about, [(text(entity.get("display_name"), "display_name"), None), *((n, None) for n in alternatives)]
    )
    for affiliation in parts(entity.get("affiliations"), "affiliations"):
        institution = part(affiliation.get("institution"), "institution")
        body = _referred_institution(mentions, institution)
        for begin, end in _spells(affiliation.get("years") or []):
            state_stay(mentions, about, body, f"{begin:04d}-01-01", f"{end:04d}-12-31")
    _expertise(mentions, about, entity, "")


def _spells(years: Iterable[object]) -> Iterator[tuple[int, int]]:
    """Runs of years without a gap, as (first, last)."""
    run: list[int] = []
    for year in sorted({_year(one) for one in years}):
        if run and year > run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(year)
    if run:
        yield run[0], run[-1]


def _year(value: object) -> int:
    try:
        return int(read_year(text(value, "years")))
    except ValueError as error:
        raise Unfit("years", str(error)) from None


def _describe_person(mentions: Mentions, person: str, entity: Json) -> None:
    identifiers = part(entity.get("ids"), "ids")
    scopus = re.search(r"authorI[Dd]=([0-9]+)", text(identifiers.get("scopus"), "scopus"))
    state_identifiers(
        mentions,
        person,
        [
            ("orcid", text(entity.get("orcid") or identifiers.get("orcid"), "orcid")),
            ("scopus-author", scopus.group(1) if scopus else ""),
        ],
    )


def _work(mentions: Mentions, entity: Json) -> None:
    given = text(entity.get("publication_date") or entity.get("publication_year"), "publication_date")
    begin, end = first_day(given), last_day(given)
    title = text(entity.get("title") or entity.get("display_name"), "title")
    for authorship in parts(entity.get("authorships"), "authorships"):
        author = part(authorship.get("author"), "author")
        name = text(author.get("display_name") or authorship.get("raw_author_name"), "author")
        identifier = canonical("openalex", text(author.get("id"), "author"))
        if not identifier:
            continue  # a string that nobody has told apart yet
        person = mentions.mention(f"author/{identifier}", "Person")
        state_identifiers(mentions, person, [("openalex", identifier)])
        _describe_person(mentions, person, author)
        state_names(mentions, person, [(name, None)])
        for institution in parts(authorship.get("institutions"), "institutions"):
            body = _referred_institution(mentions, institution)
            if begin and end:  # an undated work does not say when
                state_stay(mentions, person, body, begin, end)
        _expertise(mentions, person, entity, title, begin if begin == end else None)


def _expertise(mentions: Mentions, person: str, entity: Json, basis: str, day: str | None = None) -> None:
    """That OpenAlex finds a person's topics in fields of the scheme; what rests on a work says which."""
    topics = parts(entity.get("topics"), "topics")
    names = [text(topic.get("display_name"), "topics") for topic in topics]
    fields: dict[str, None] = {}
    for topic in topics:
        for level in ("subfield", "field"):
            label = text(part(topic.get(level), level).get("display_name"), level)
            if found := schemes().find(_FIELDS, label, strict=True) if label else None:
                fields[found] = None
                break
    if not fields:
        return
    claim = mentions.mention(f"expertise/{person}", "ExpertiseClaim")
    mentions.edge(claim, "person", person)
    for concept in fields:
        mentions.edge(claim, "hasField", concept)
    mentions.value(claim, "description", basis or "; ".join(filter(None, names)), None if basis else "en")
    mentions.value(claim, "date", day)
