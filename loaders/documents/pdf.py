"""The text of a PDF, by pypdf; what could run or fetch something, or is a file in the file, is a reason to refuse it."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from loaders.documents.refusals import DocumentRefused

PAGES = 200
"""Pages that a document may have."""
_OBJECTS = 200_000
_DEEPEST = 40
_TAIL = 2_048
"""Bytes at the end in which a whole file says where its table stands."""
_RUNS = frozenset(("/JavaScript", "/Launch", "/Rendition", "/ImportData", "/SubmitForm", "/RichMediaExecute"))
_FETCHES = frozenset(("/GoToR", "/GoToE"))


def text_of_pdf(content: bytes, most: int) -> str:
    """The text of all pages.

    :param most: characters; where there are more, reading ends soon after
    :raises DocumentRefused: where it is none that can be read, or holds what no plain document holds
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    tail = content[-_TAIL:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise DocumentRefused("damaged")
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise DocumentRefused("encrypted")
        if len(reader.pages) > PAGES:
            raise DocumentRefused("too_many_pages")
        _look_through(reader)
        return "\n".join(_pages(reader, most))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError) as error:
        if isinstance(error, DocumentRefused):
            raise
        # a damaged file breaks its reader in many ways
        raise DocumentRefused("damaged") from None


def _pages(reader: PdfReader, most: int) -> Iterator[str]:
    length = 0
    for page in reader.pages:
        text = page.extract_text()
        length += len(text)
        yield text
        if length > most:
            return


def _look_through(reader: PdfReader) -> None:
    """Look at every object, also at those that no page leads to."""
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > _OBJECTS:
        raise DocumentRefused("too_costly")
    _check(reader.trailer, 0)
    for number, generation in sorted(numbers):
        if generation < 65_535:
            found = reader.get_object(IndirectObject(number, generation, reader))
            _check(found, 0)


def _check(found: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise DocumentRefused("too_costly")
    if isinstance(found, DictionaryObject | StreamObject):
        _check_dictionary(found)
        for value in dict.values(found):
            _check(value, depth + 1)
    elif isinstance(found, ArrayObject):
        for value in list.__iter__(found):
            _check(value, depth + 1)


def _check_dictionary(found: DictionaryObject) -> None:
    kind = _name(found, "/S")
    if kind in _RUNS or "/JS" in found or "/XFA" in found or "/AA" in found:
        raise DocumentRefused("scripts")
    if kind in _FETCHES or ("/FS" in found and _name(found, "/Subtype") != "/FileAttachment"):
        raise DocumentRefused("outside")
    if "/EF" in found or _name(found, "/Type") == "/EmbeddedFile" or _name(found, "/Subtype") == "/FileAttachment":
        raise DocumentRefused("embedded")


def _name(found: DictionaryObject, key: str) -> str:
    value = dict.get(found, NameObject(key))
    return str(value) if isinstance(value, NameObject) else ""
