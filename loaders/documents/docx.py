"""The text of a DOCX: a zip archive, looked through part by part before anything in it is understood.

Nothing is fetched and nothing is run: macros, files in the file, document types and parts that lie elsewhere are reasons to refuse.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from loaders.documents.refusals import DocumentRefused
from loaders.formats.archives import unpack
from loaders.formats.table import FileRefused
from loaders.hardened_xml import local_name, read_elements

_DOCUMENT = "word/document.xml"
_TYPES = "[Content_Types].xml"
UNPACKED_LIMIT = 60_000_000
"""Bytes that all parts may unpack to."""
_PART_LIMIT = 20_000_000
_PARTS = 2_000
_RATIO = 200
"""Times that a part larger than a megabyte may be larger than packed."""
_ARCHIVES = {
    ".zip",
    ".docx",
    ".docm",
    ".xlsx",
    ".pptx",
    ".jar",
    ".7z",
    ".rar",
    ".gz",
    ".tar",
    ".exe",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".ps1",
}
_EMBEDDED = ("word/embeddings/", "word/activex/", "word/afchunk")
_LINK = "/hyperlink"
"""The end of the kind of relation that only says where a link leads."""
_MAGIC = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")


def text_of_docx(content: bytes) -> str:
    """The paragraphs of a document, one a line.

    :raises DocumentRefused: where it is none, or holds what no plain document holds
    """
    parts = _parts(content)
    if _DOCUMENT not in parts or _TYPES not in parts:
        raise DocumentRefused("wrong_type")
    try:
        unpacked = {name: _unpacked(item, content) for name, item in parts.items()}
    except FileRefused:
        raise DocumentRefused("bomb") from None
    for name, part in unpacked.items():
        _check(name, part)
    return "\n".join(_paragraphs(unpacked[_DOCUMENT]))


def _parts(content: bytes) -> dict[str, zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            items = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise DocumentRefused("damaged") from None
    if any(item.flag_bits & 1 for item in items):
        raise DocumentRefused("encrypted")
    if len(items) > _PARTS or sum(item.file_size for item in items) > UNPACKED_LIMIT:
        raise DocumentRefused("bomb")
    for item in items:
        if item.file_size > _PART_LIMIT or (
            item.file_size > 1_000_000 and item.file_size > _RATIO * max(item.compress_size, 1)
        ):
            raise DocumentRefused("bomb")
    found = {item.filename: item for item in items}
    if len(found) < len(items):
        raise DocumentRefused("damaged")
    return found


def _unpacked(item: zipfile.ZipInfo, content: bytes) -> bytes:
    found = b"".join(unpack(Path(item.filename), item, content))
    if len(found) != item.file_size or zlib.crc32(found) != item.CRC:
        raise DocumentRefused("damaged")
    return found


def _check(name: str, part: bytes) -> None:
    """Refuse a part that no plain document has."""
    folded = name.casefold()
    suffix = PurePosixPath(folded).suffix
    if "vbaproject" in folded or "vbadata" in folded:
        raise DocumentRefused("scripts")
    if folded.startswith(_EMBEDDED) or suffix in _ARCHIVES or part[:8].startswith(_MAGIC):
        raise DocumentRefused("embedded")
    if suffix not in (".xml", ".rels"):
        return
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentRefused("entities")
    if name == _TYPES and b"macroEnabled" in part:
        raise DocumentRefused("scripts")
    if suffix == ".rels":
        for relation in _elements(part, "Relationship"):
            if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(_LINK):
                raise DocumentRefused("outside")
            if relation.get("Type", "").endswith(("/aFChunk", "/oleObject", "/package", "/control")):
                raise DocumentRefused("embedded")


def _elements(part: bytes, name: str) -> Iterator[Element]:
    try:
        for found in read_elements([part], name, frozenset({name})):
            yield found.element
    except FileRefused:
        raise DocumentRefused("damaged") from None


def _paragraphs(part: bytes) -> Iterator[str]:
    for paragraph in _elements(part, "p"):
        text = "".join(_texts(paragraph)).strip()
        if text:
            yield text


def _texts(element: Element) -> Iterator[str]:
    """The texts below an element in their order; what stands for readers that know less is said once already."""
    for child in element:
        name = local_name(child.tag)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "br", "cr"):
            yield " "
        elif name not in ("Fallback", "instrText", "delText"):
            yield from _texts(child)
