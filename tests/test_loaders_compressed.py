"""Gzip files of records: read as if unpacked, refused where damaged, too large or of a table."""

import gzip
import json
from pathlib import Path

import pytest

from loaders import compressed
from loaders.compressed import unpacked
from loaders.reading import open_file
from loaders.table_reading import FileRefused
from ontology.statement import ABOUT, Record, mention_id

RECORD = {
    "id": "https://ror.org/0aaaaaa01",
    "name": "Examplebridge University",
    "types": ["Education"],
    "addresses": [{"city": "Examplebridge", "geonames_city": {"geonames_admin1": {"name": "Sampleshire"}}}],
    "country": {"country_code": "GB"},
    "relationships": [],
}


def packed(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_a_packed_register_says_what_the_unpacked_one_says(tmp_path: Path) -> None:
    plain = tmp_path / "ror.jsonl"
    plain.write_text(
        json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "id": "https://ror.org/0aaaaaa02"}), encoding="utf-8"
    )
    reading = open_file("ror", packed(tmp_path / "ror.jsonl.gz", plain.read_text(encoding="utf-8")))
    records = list(reading.items)
    assert records == list(open_file("ror", plain).items)
    assert isinstance(records[0], Record)
    about = mention_id("ror", RECORD["id"], ABOUT)
    places = [s.value for s in records[0].statements if s.subject == about and s.property == "locality"]
    assert places == ["Examplebridge", "Sampleshire"]


def test_a_withdrawn_record_names_the_one_in_its_place(tmp_path: Path) -> None:
    relation = {"label": "B", "type": "Successor", "id": "https://ror.org/0aaaaaa02"}
    for status, expected in (("withdrawn", 1), ("inactive", 0)):
        file = tmp_path / f"{status}.json"
        file.write_text(json.dumps([{**RECORD, "status": status, "relationships": [relation]}]), encoding="utf-8")
        (record,) = open_file("ror", file).items
        assert isinstance(record, Record)
        assert sum(s.property == "withdrawnFor" for s in record.statements) == expected


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path / "ror.jsonl.gz", json.dumps(RECORD) * 50)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(FileRefused, match="no whole gzip file"):
        open_file("ror", file)


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "FILE_LIMIT", 3_000_000)
    with (
        pytest.raises(FileRefused, match="more than 3000000 bytes"),
        unpacked(packed(tmp_path / "b.gz", "0" * 9_000_000)),
    ):
        pass


def test_a_packed_table_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="unpack it"):
        open_file("ror", packed(tmp_path / "t.csv.gz", "a,b\n1,2\n"))
