"""RDF out of a file in any syntax, with nothing fetched: Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD with bundled contexts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.hardened_xml import elements, root_of
from loaders.table_reading import FileRefused, read_text
from ontology.model import ontology

SIZE_LIMIT = 512 * 1024**2
QUAD_LIMIT = 5_000_000
_JSON_DEPTH = 100
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_SCHEMA = {"@vocab": "https://schema.org/"}
_BUNDLED: dict[str, dict[str, Any]] = {
    f"{scheme}://{host}{end}": _SCHEMA
    for scheme in ("http", "https")
    for host in ("schema.org", "www.schema.org")
    for end in ("", "/")
}
"""Contexts that are known here by their address; no other is read, and none is fetched."""

_OWN_CONTEXT = "https://w3id.org/ketnoi/ontology"


def read_quads(path: Path) -> Iterator[ox.Quad]:
    """The statements of a file, in its order.

    :raises FileRefused: where it is no RDF, asks for something from elsewhere, or goes past a bound
    """
    if path.stat().st_size > SIZE_LIMIT:
        raise FileRefused(f"{path.name} has more than {SIZE_LIMIT} bytes")
    start = path.read_bytes()[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        for number, quad in enumerate(_parse(path, start), 1):
            if number > QUAD_LIMIT:
                raise FileRefused(f"{path.name} has more than {QUAD_LIMIT} statements")
            yield quad
    except (SyntaxError, UnicodeError) as error:
        raise FileRefused(f"{path.name} can't be read as RDF: {str(error)[:300]}") from None


def _parse(path: Path, start: bytes) -> Iterator[ox.Quad]:
    if start[:5] == b"<?xml" or (start[:1] == b"<" and _is_xml(path)):
        if root_of(path) != _RDF:
            raise FileRefused(f"{path.name} is XML, but no RDF/XML")
        for _ in elements(
            path, frozenset()
        ):  # looks it through for document types and for depth before another parser does
            pass
        return iter(ox.parse(path=str(path), format=ox.RdfFormat.RDF_XML))
    if start[:1] in (b"{", b"[") and (document := _json(path)) is not None:
        return iter(ox.parse(input=json.dumps(_bundled(document, path)).encode(), format=ox.RdfFormat.JSON_LD))
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    return iter(ox.parse(input=content, format=_text_format(content)))


def _is_xml(path: Path) -> bool:
    try:
        return bool(root_of(path))
    except FileRefused as refused:
        if "document type" in str(refused):
            raise
        return False


def _text_format(content: bytes) -> ox.RdfFormat:
    """TriG, which Turtle and N-Triples are a part of; or N-Quads, where only that can be read to its end."""
    try:
        for _ in ox.parse(input=content, format=ox.RdfFormat.TRIG):
            pass
    except SyntaxError:
        try:
            for _ in ox.parse(input=content, format=ox.RdfFormat.N_QUADS):
                pass
        except SyntaxError:
            return ox.RdfFormat.TRIG  # whose message is the better one
        return ox.RdfFormat.N_QUADS
    return ox.RdfFormat.TRIG


def _json(path: Path) -> Any:
    """The JSON document; ``None`` of what is none, and may be Turtle that begins with a bracket."""
    try:
        return json.loads(read_text(path))
    except RecursionError:
        raise FileRefused(f"{path.name} is nested too deep") from None
    except ValueError:
        return None


def _bundled(node: Any, path: Path, depth: int = 0) -> Any:
    """The document with each named context in place of its address, wherever in it one stands."""
    if depth > _JSON_DEPTH:
        raise FileRefused(f"{path.name} is nested too deep")
    if isinstance(node, list):
        return [_bundled(one, path, depth + 1) for one in node]
    if not isinstance(node, dict):
        return node
    if "@import" in node:
        raise FileRefused(
            f"{path.name} imports the context {str(node['@import'])[:200]}; only bundled contexts are read"
        )
    return {
        key: _context(value, path, depth + 1) if key == "@context" else _bundled(value, path, depth + 1)
        for key, value in node.items()
    }


def _context(context: Any, path: Path, depth: int) -> Any:
    if isinstance(context, list):
        return [_context(one, path, depth + 1) for one in context]
    if not isinstance(context, str):
        return _bundled(context, path, depth)
    if context in _BUNDLED:
        return _BUNDLED[context]
    if context == _OWN_CONTEXT:
        return dict(ontology().context)
    known = ", ".join(["https://schema.org", _OWN_CONTEXT])
    raise FileRefused(
        f"{path.name} names the context {context[:200]}; only bundled contexts are read ({known}): write it into the file"
    )
