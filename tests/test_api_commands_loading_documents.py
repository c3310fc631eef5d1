"""Exchange files through the program: each KIND from a file to a load, twice, on an empty home and without a graph."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.statements.home import Home
from graph.statements.loads import active, open_statements
from loaders.document_shapes import KINDS_OF_DOCUMENTS
from loaders.table_reading import FileRefused

CERIF = (
    '<CERIF xmlns="https://www.openaire.eu/cerif-profile/1.2/"><OrgUnit id="O/1"><Name xml:lang="vi">Đơn vị</Name></OrgUnit>'
    "<OrgUnit><Name>Không mã</Name></OrgUnit></CERIF>"
)
ORCID = (
    '<r:record xmlns:r="http://www.orcid.org/ns/record"><orcid-identifier><path>0000-0002-1825-0097</path></orcid-identifier>'
    '<person><name visibility="public"><given-names>Ann</given-names></name></person></r:record>'
)
OPENALEX = '{"id": "https://openalex.org/A1", "display_name": "Ann"}\n{"id": "https://openalex.org/T1"}\n'
TECHPORT = '[{"id": 1, "title": "Device", "technologyMaturityStart": "3"}, {"id": null}]'
GLEIF = '{"data": [{"type": "lei-records", "attributes": {"lei": "2549007VAEQKB7BGXH31", "entity": {"legalName": {"name": "Firm"}}}}]}'
RDF = '<https://vidu.example/o> a <https://schema.org/Organization> ; <https://schema.org/name> "Body" . [] a <https://schema.org/Person> .'

FILES = {
    "cerif": (CERIF, "cerif/cerif", "Đơn vị", 1),
    "orcid": (ORCID, "orcid", "Ann", 0),
    "openalex": (OPENALEX, "openalex", "Ann", 1),
    "techport": (TECHPORT, "techport", "Device", 1),
    "gleif": (GLEIF, "gleif", "Firm", 0),
    "rdf": (RDF, "rdf/linked-data", "Body", 1),
}
"""KIND → a file, the source that it becomes, a name that it gives, and how many of its records are refused."""


def test_each_kind_has_a_file() -> None:
    assert set(FILES) == {*KINDS_OF_DOCUMENTS, "gleif"}


def load(home: Path, kind: str, path: Path, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(
        app, ["load", kind, str(path), "--home", str(home), "--json", *options], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    done: dict[str, Any] = json.loads(result.stdout)
    return done


def names(home: Path) -> set[str]:
    opened = Home(home)
    con = open_statements(opened, active(opened))
    try:
        return {name for (name,) in con.execute("SELECT value FROM said WHERE property = 'name'").fetchall()}
    finally:
        con.close()


@pytest.mark.parametrize("kind", FILES)
def test_from_a_file_to_a_load_and_again(tmp_path: Path, kind: str) -> None:
    content, source, name, refused = FILES[kind]
    path = tmp_path / "whatever.it.is.called"
    path.write_text(content, encoding="utf-8")
    home = tmp_path / "home"
    counts = ("source", "records", "accepted", "refused", "changed", "new", "unchanged", "gone")
    expected = dict(zip(counts, (source, 1 + refused, 1, refused, 1, 1, 0, 0), strict=True))
    dry = load(home, kind, path, "--dry-run")
    assert {key: dry[key] for key in counts} == expected
    done = load(home, kind, path)
    assert {key: done[key] for key in counts} == expected
    assert name in names(home)
    if refused:
        lines = Path(done["rejects"]).read_text(encoding="utf-8").splitlines()
        assert len(lines) == refused and json.loads(lines[0])["reason"]
    again = load(home, kind, path)
    assert {key: again[key] for key in counts} == expected | {"changed": 0, "new": 0, "unchanged": 1}


@pytest.mark.parametrize("kind", KINDS_OF_DOCUMENTS)
def test_a_table_under_a_kind_of_documents_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Mã,Tên\n1,A\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"table\.csv"):
        load(tmp_path / "home", kind, path)


def test_a_register_whole_and_a_stranger_who_has_to_name_himself(tmp_path: Path) -> None:
    path = tmp_path / "projects"
    home = tmp_path / "home"
    path.write_text(TECHPORT, encoding="utf-8")
    load(home, "techport", path)
    path.write_text('[{"id": 2, "title": "Other", "technologyMaturityStart": "3"}]', encoding="utf-8")
    assert load(home, "techport", path, "--full")["gone"] == 1
    path.write_text(CERIF, encoding="utf-8")
    with pytest.raises(FileRefused, match="--source"):
        load(home, "cerif", path, "--full")
    assert load(home, "cerif", path, "--full", "--source", "cris.vidu.example")["source"] == "cris.vidu.example"


@pytest.mark.parametrize(
    ("kind", "other"),
    [("cerif", "university"), ("orcid", "university"), ("openalex", "university"), ("gleif", "enterprise")],
)
def test_a_kind_of_senders_reads_what_they_send(tmp_path: Path, kind: str, other: str) -> None:
    path = tmp_path / "file"
    path.write_text(FILES[kind][0], encoding="utf-8")
    assert load(tmp_path / "home", other, path)["accepted"] == 1
