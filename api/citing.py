"""How a kept snapshot is cited: its address, a sentence in the manner of APA, and an entry for BibTeX."""

from datetime import date, datetime

from api.catalogue import Words
from graph.statements.home import day_of
from graph.views.kept import Kept
from ontology.model import BASE

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPED = str.maketrans(
    {sign: f"\\{sign}" for sign in "{}&%$#_"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def kept_iri(kept: Kept) -> str:
    """The IRI of a kept snapshot; the same path is served locally."""
    return f"{BASE}snapshots/{kept.snapshot}"


def published_on(kept: Kept) -> date:
    """The day in Vietnam on which it was published."""
    return date.fromisoformat(day_of(datetime.fromisoformat(kept.instant)))


def title(kept: Kept, words: Words) -> str:
    """The title that it was given, else one that names its day."""
    return kept.title or words("kept.title", day=words.day(published_on(kept).isoformat()))


def citation(kept: Kept, words: Words) -> str:
    """Author, year, title, version, kind and address, as APA (7th edition, 10.9) orders them for data sets."""
    return words(
        "kept.citation_text",
        year=published_on(kept).year,
        title=title(kept, words),
        snapshot=kept.snapshot,
        iri=kept_iri(kept),
    )


def bibtex(kept: Kept, words: Words) -> str:
    """An entry for BibTeX, with the sum that the data can be checked by."""
    day = published_on(kept)
    return (
        f"@misc{{ketnoi-{kept.snapshot[:12]},\n"
        f"  author = {{{{{words('app.name')}}}}},\n"
        f"  title = {{{title(kept, words).translate(_ESCAPED)}}},\n"
        f"  year = {{{day.year}}},\n"
        f"  month = {_MONTHS[day.month - 1]},\n"
        f"  note = {{Snapshot {kept.snapshot}, SHA-256 of its N-Quads {kept.sha256}}},\n"
        f"  url = {{{kept_iri(kept)}}}\n"
        "}\n"
    )
