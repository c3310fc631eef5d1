"""A dossier as DOCX, by python-docx."""

from io import BytesIO

from docx import Document
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from api.catalogue import Words
from api.dossier import Dossier, Line

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def dossier_docx(dossier: Dossier, words: Words) -> bytes:
    """The file."""
    document = Document()
    document.core_properties.title = dossier.title
    document.core_properties.author = words("app.name")
    document.core_properties.language = words.language
    document.add_heading(dossier.title, 0)
    document.add_paragraph(dossier.subtitle).runs[0].bold = True
    if dossier.illustrative:
        document.add_paragraph(words("dossier.illustrative"))
    for section in dossier.sections:
        document.add_heading(section.title, 1)
        for line in section.lines:
            _add(document.add_paragraph(style="List Bullet"), line)
    document.add_paragraph(dossier.note).runs[0].font.size = Pt(8)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _add(paragraph: Paragraph, line: Line) -> None:
    if line.label:
        paragraph.add_run(f"{line.label}: ").bold = True
    paragraph.add_run(line.text)
    if line.source:
        source = paragraph.add_run(f" — {line.source}")
        source.italic, source.font.size = True, Pt(8)
