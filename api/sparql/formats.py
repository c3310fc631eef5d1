"""Forms of an answer: media types and the engine's names for them, and which one a client gets."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from api.negotiation import HTML, JSON, JSON_LD, TURTLE, negotiate

Shape = Literal["rows", "truth", "triples"]
"""What a query answers: the rows of SELECT, the truth of ASK, the triples of CONSTRUCT and DESCRIBE."""


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A form of an answer.

    :param engine: its name in pyoxigraph
    :param aliases: media types that are asked for and get it, answered under ``media``
    """

    media: str
    engine: str
    title: str
    iri: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


_W3 = "http://www.w3.org/ns/formats/"
ROWS = (
    Format("application/sparql-results+json", "JSON", "JSON", f"{_W3}SPARQL_Results_JSON", (JSON,)),
    Format("application/sparql-results+xml", "XML", "XML", f"{_W3}SPARQL_Results_XML", ("application/xml", "text/xml")),
    Format("text/csv", "CSV", "CSV", f"{_W3}SPARQL_Results_CSV"),
    Format("text/tab-separated-values", "TSV", "TSV", f"{_W3}SPARQL_Results_TSV"),
)
TRIPLES = (
    Format(TURTLE, "TURTLE", "Turtle", f"{_W3}Turtle", ("application/x-turtle",)),
    Format("application/n-triples", "N_TRIPLES", "N-Triples", f"{_W3}N-Triples", ("text/plain",)),
    Format("application/rdf+xml", "RDF_XML", "RDF/XML", f"{_W3}RDF_XML", ("application/xml", "text/xml")),
    Format(JSON_LD, "JSON_LD", "JSON-LD", f"{_W3}JSON-LD", (JSON,)),
    Format("application/n-quads", "N_QUADS", "N-Quads", f"{_W3}N-Quads"),
    Format("application/trig", "TRIG", "TriG", f"{_W3}TriG"),
)
FORMATS: dict[Shape, tuple[Format, ...]] = {"rows": ROWS, "truth": ROWS, "triples": TRIPLES}
ENGINE = {form.engine: form for form in (*ROWS, *TRIPLES)}


@lru_cache(maxsize=1_000)
def choose(header: str | None, offered: tuple[Format, ...]) -> Format | None:
    """The form that an Accept header likes best, the first of equals; ``None`` where it takes none."""
    if not header or header == "*/*":
        return offered[0]
    media = {name: form for form in offered for name in (form.media, *form.aliases)}
    # own names before aliases, so that of equals the form's own name wins
    names = (*(form.media for form in offered), *(name for form in offered for name in form.aliases))
    best = negotiate(header, names)
    return None if best is None else media[best]


@lru_cache(maxsize=1_000)
def page_is_preferred(header: str | None) -> bool:
    """Whether a browser asks: HTML is named and liked no less than what else there is."""
    return (
        HTML in (header or "").lower()
        and negotiate(header, (HTML, *(form.media for form in (*ROWS, *TRIPLES)))) == HTML
    )
