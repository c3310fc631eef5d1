"""How well mentions of persons are linked, against the persons that they are known to be: the linker itself, beside two baselines."""

import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.evaluate.linking import GoldRefused
from graph.links.records.clustering import CONSIDERED, groups_of
from graph.links.records.family_words import family_word
from graph.links.records.frequencies import LISTED, count_names
from graph.links.records.learning import learn_parameters
from graph.links.records.model import predict
from graph.links.records.names import Frequencies, read_name
from graph.links.records.parameters import RecordParameters
from graph.links.records.persons import MENTIONS, PERSONS, make_person_records
from graph.statements.loads import connect
from ontology.countries import country_code
from ontology.text import fold, name_key

_COLUMNS = ("mention_id", "given", "family", "city", "country", "organizations", "coinventors", "cpc", "title", "date")
_WORD = 3
"""Letters from which a word of a title counts."""

Partition = Mapping[str, Hashable]


def read_mentions(path: Path) -> pa.Table:
    """A file of mentions in Parquet, with the columns that README.md names.

    :raises GoldRefused: where columns are missing or it is no Parquet
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise GoldRefused(f"{path.name} can't be read as Parquet: {error}") from None
    if missing := [name for name in _COLUMNS if name not in table.column_names]:
        raise GoldRefused(f"{path.name} has no column {', '.join(missing)}")
    return table


def person_mentions(table: pa.Table) -> pa.Table:
    """The mentions of a file as the linker reads them; ``entity_id`` is not among it."""
    return pa.Table.from_pylist(
        [_mention(at, row) for at, row in enumerate(table.select(_COLUMNS).to_pylist())], schema=MENTIONS
    )


def _mention(number: int, row: dict[str, Any]) -> dict[str, Any]:
    country = _country(row["country"] or "")
    city = fold(row["city"] or "").replace(" ", "")
    cores = sorted({core for name in row["organizations"] or () if name and (core := name_key(name).core)})
    classes = [name.split("/")[0] for name in row["cpc"] or () if name]
    date = str(row["date"] or "")[:4]
    year = int(date) if date.isdigit() else None
    return {
        "number": number,
        "name": row["given"] or "",
        "family_name": row["family"] or "",
        "people": [name for name in row["coinventors"] or () if name],
        "organisations": cores,
        "organisation_words": sorted(
            {word for name in row["organizations"] or () if name and (word := family_word(name))}
        ),
        "cities": [f"{country} {city}"] if city else [],
        "countries": [country] if country else [],
        "fields": sorted({name for name in classes if len(name) > 4}),
        "broad_fields": sorted({name[:4] for name in classes}),
        "words": sorted({word for word in fold(row["title"] or "").split() if len(word) >= _WORD}),
        "first_year": year,
        "last_year": year,
    }


def _country(text: str) -> str:
    """The code of ISO 3166-1, empty where it is none."""
    try:
        return country_code(text) if text else ""
    except ValueError:
        return ""


def evaluate_mentions(table: pa.Table, parameters: RecordParameters) -> dict[str, Any]:
    """Link all mentions and compare with ``entity_id``; mentions without one are linked, and count for nothing.

    :param table: see :func:`read_mentions`
    :raises GoldRefused: where it has no ``entity_id``
    :return: the document of ``ketnoi evaluate linking --mentions``
    """
    if "entity_id" not in table.column_names:
        raise GoldRefused("the mentions have no column entity_id to compare with")
    ids = [str(one) for one in table["mention_id"].to_pylist()]
    told = zip(ids, table["entity_id"].to_pylist(), strict=True)
    gold = {one: entity for one, entity in told if entity is not None}
    started = time.perf_counter()
    found = link_mentions(table, parameters)
    seconds = time.perf_counter() - started
    return {
        "n": len(gold),
        "entities": len(set(gold.values())),
        "parameters": parameters.day,
        **compared(found, gold),
        "seconds": round(seconds, 2),
        "baselines": {name: compared(partition, gold) for name, partition in _baselines(table)},
    }


def learn_from_mentions(table: pa.Table, day: str) -> RecordParameters:
    """Learn the model of persons and how frequent names are; ``entity_id`` is not looked at.

    :param table: see :func:`read_mentions`
    :param day: of the file of parameters
    """
    read = person_mentions(table)
    with connect() as con:
        con.register("mentions_read", read)
        con.execute("CREATE TABLE person_mentions AS SELECT * FROM mentions_read")
        names = count_names(con, LISTED)
        make_person_records(con, Frequencies(0, {}, {}))
        learned = learn_parameters(con, PERSONS)
    return RecordParameters(day, _hash(read), read.num_rows, {PERSONS.name: learned}, names)


def _hash(table: pa.Table) -> str:
    digest = sha256()
    for row in table.to_pylist():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def link_mentions(table: pa.Table, parameters: RecordParameters) -> dict[str, str]:
    """Mention → the mention that stands for its person."""
    with connect() as con:
        con.register("mentions_read", person_mentions(table))
        con.execute("CREATE TABLE person_mentions AS SELECT * FROM mentions_read")
        make_person_records(con, parameters.names)
        group = groups_of(table.num_rows, predict(con, PERSONS, parameters.of(PERSONS), CONSIDERED))
    ids = [str(one) for one in table["mention_id"].to_pylist()]
    return {one: ids[first] for one, first in zip(ids, group, strict=True)}


def _baselines(table: pa.Table) -> Iterator[tuple[str, dict[str, Hashable]]]:
    """One person by the exact folded name; by family name and first initial."""
    rows: Sequence[dict[str, Any]] = table.select(["mention_id", "given", "family"]).to_pylist()
    names = {str(row["mention_id"]): (row["given"] or "", row["family"] or "") for row in rows}
    yield "exact_name", {one: (fold(given), fold(family)) for one, (given, family) in names.items()}
    yield (
        "family_and_initial",
        {
            one: (name.family, name.given[:1]) if (name := read_name(given, family)) else one
            for one, (given, family) in names.items()
        },
    )


def compared(found: Partition, gold: Partition) -> dict[str, Any]:
    """Pairwise and B-cubed precision, recall and F1 of a partition (Bagga & Baldwin 1998) against the true one."""
    together = Counter((found[one], gold[one]) for one in gold)
    ours, theirs = Counter(found[one] for one in gold), Counter(gold.values())
    right, proposed, true = (sum(n * (n - 1) // 2 for n in table.values()) for table in (together, ours, theirs))
    precise = sum(n * n / ours[mine] for (mine, _), n in together.items()) / max(len(gold), 1)
    complete = sum(n * n / theirs[known] for (_, known), n in together.items()) / max(len(gold), 1)
    return {
        "pairwise": _figures(right / proposed if proposed else 1.0, right / true if true else 1.0),
        "b_cubed": _figures(precise, complete),
    }


def _figures(precision: float, recall: float) -> dict[str, float]:
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
