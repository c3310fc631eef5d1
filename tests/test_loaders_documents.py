"""Documents: the text of good ones, and that bad ones are refused with a reason, leaving nothing behind."""

import tempfile
from pathlib import Path

import pytest

from loaders.documents import process
from loaders.documents.reading import read_document
from loaders.documents.refusals import REASONS, DocumentRefused
from tests.bad_documents import PLAIN, TEXT, bad_documents, docx, paragraphs, pdf

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")


def test_the_text_of_good_documents() -> None:
    assert read_document(docx()).splitlines() == [TEXT, PLAIN]
    assert read_document(pdf(pages=2)).splitlines() == [PLAIN, PLAIN]
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="'
        'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://a.example/" TargetMode="External"/>'
        "</Relationships>"
    )
    assert read_document(docx({"word/_rels/document.xml.rels": link}, paragraphs(TEXT))) == TEXT
    # a link that somebody may click is no action that runs by itself
    assert read_document(pdf(("<< /S /URI /URI (https://a.example/) >>",))) == PLAIN


# the same documents are sent to the service by a test of cases
@pytest.mark.long
def test_bad_documents_are_refused_each_for_its_reason_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    refused: dict[str, str] = {}
    for bad in bad_documents():
        with pytest.raises(DocumentRefused) as error:
            read_document(bad.content)
        refused[bad.name] = error.value.reason
        assert error.value.reason in bad.reasons, bad.name
    assert len(refused) >= 100
    # every reason is met; none is left to be believed
    assert set(refused.values()) | {"too_costly"} == set(REASONS)
    assert list(tmp_path.iterdir()) == []


def test_what_takes_too_long_or_too_much_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for body in ("while True: pass", "a = bytes(3 * 1024**3)", "open('left', 'w').write('x' * 100)"):
        hungry = tmp_path / "hungry.py"
        limits = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); resource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
        hungry.write_text(f"{limits}; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n{body}\n")
        monkeypatch.setattr(process, "__file__", str(hungry))
        monkeypatch.chdir(tmp_path)
        with pytest.raises(DocumentRefused):
            read_document(pdf())
    assert (tmp_path / "left").stat().st_size == 0
