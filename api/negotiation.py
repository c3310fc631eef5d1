"""Which form of a page a client gets: by the suffix of its address, else by its Accept header."""

from dataclasses import dataclass

HTML = "text/html"
JSON = "application/json"
JSON_LD = "application/ld+json"
TURTLE = "text/turtle"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RDF_XML = "application/rdf+xml"
PROBLEM = "application/problem+json"

SUFFIXES = {".json": JSON, ".jsonld": JSON_LD, ".ttl": TURTLE, ".csv": CSV}
OFFERED = (HTML, JSON, JSON_LD, TURTLE)

_RANGES = 50
"""Media ranges of a header that are looked at."""


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    subtype: str
    quality: float

    def fits(self, media: str) -> int:
        """How closely it names a media type: 0 not at all, 3 exactly."""
        kind, _, subtype = media.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if self.kind == kind and self.subtype == "*":
            return 2
        return int(self.kind == "*" and self.subtype == "*")


def _ranges(header: str) -> list[_Range]:
    found = []
    for part in header.split(",")[:_RANGES]:
        media, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if not slash:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        found.append(_Range(kind, subtype, quality))
    return found


def negotiate(header: str | None, offered: tuple[str, ...] = OFFERED) -> str | None:
    """The offered media type that an Accept header likes best, the first of equals; None where it takes none of them.

    The most specific range that fits a type decides its quality (RFC 9110, 12.5.1).
    """
    if header is None or not header.strip():
        return offered[0]
    ranges = _ranges(header)
    best, weight = None, 0.0
    for media in offered:
        fitting = [(one.fits(media), one.quality) for one in ranges if one.fits(media)]
        quality = max(fitting)[1] if fitting else 0.0
        if quality > weight:
            best, weight = media, quality
    return best


def split_suffix(path: str) -> tuple[str, str | None]:
    """A path without the suffix that names a form, and that form."""
    for suffix, media in SUFFIXES.items():
        if path.endswith(suffix) and len(path) > len(suffix):
            return path[: -len(suffix)], media
    return path, None


def wants_page(header: str | None) -> bool:
    """Whether an error is better said as a page than as a problem document: HTML is named and liked no less."""
    return "text/html" in (header or "").lower() and negotiate(header, (HTML, JSON, PROBLEM)) == HTML
