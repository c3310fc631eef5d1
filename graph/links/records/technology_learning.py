"""Learning how technologies are linked, without labels: granted patents as two offices would list them.

Each of two offices knows some of the inventors, of the classes and of the holders, seldom the number of the patent; it leaves words of
the title out, turns its parts around, or types it without care. Which two records are of one patent is not looked at.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb

from graph.links.records.learning import learn_parameters
from graph.links.records.names import Frequencies
from graph.links.records.parameters import TechnologyParameters, read_record_parameters
from graph.links.records.technologies import Described, Frequent, make_technology_records
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.links.records.titles import count_title_words
from graph.statements.loads import connect
from ontology.text import fold, name_key

_HOLDERS, _INVENTORS, _CLASSES, _NUMBER = 0.8, 0.6, 0.7, 0.25
"""How often an office gives a technology's holders, its inventors, its classes, and the number of its patent."""
_EACH = 0.75
"""How often it knows one of several."""
_WORD, _TURNED, _SLIP = 0.06, 0.2, 0.15
"""How often it leaves out a word, turns the parts of a title around, and types without care."""
_JOINT = re.compile(r" (?:for|of|with|using|having|in) ")
_LISTED = 5
"""Technologies from which a patent class is written into the file of parameters; the others are rare."""


def read_patents(path: Path) -> list[Described]:
    """The patents of a file in the columns that «ketnoi load patents» reads, each once; firms by their names without legal form."""
    rows = duckdb.execute(
        "SELECT patent_id, title, cpc_subclass, coinventors, firm FROM read_parquet(?) WHERE title IS NOT NULL ORDER BY patent_id",
        [str(path)],
    ).fetchall()
    return [
        Described(
            members=[number],
            sources=frozenset({"patents"}),
            titles=(title,),
            holders=frozenset(name_key(firm).core for firm in firms or ()),
            rights=frozenset({("us-patent", number)}),
            inventors=frozenset(inventors or ()),
            classes=frozenset(classes or ()),
        )
        for number, title, classes, inventors, firms in rows
    ]


def written_twice(technologies: Iterable[Described], seed: int) -> list[tuple[str, Described]]:
    """Each technology as two offices list it, in no order: its first mention, and the description."""
    rng = random.Random(seed)
    written = [(one.first, _listed(one, office, rng)) for one in technologies for office in (0, 1)]
    rng.shuffle(written)
    return [(first, replace(one, members=[f"{at}"])) for at, (first, one) in enumerate(written)]


def _listed(one: Described, office: int, rng: random.Random) -> Described:
    def some(values: Iterable[str], often: float) -> frozenset[str]:
        known = sorted(values) if rng.random() < often else []
        return frozenset(value for value in known if rng.random() < _EACH)

    return replace(
        one,
        sources=frozenset({f"office {office}"}),
        titles=tuple(_worded(title, rng) for title in one.titles),
        holders=some(one.holders, _HOLDERS),
        rights=one.rights if rng.random() < _NUMBER else frozenset(),
        inventors=some(one.inventors, _INVENTORS),
        classes=some(one.classes, _CLASSES),
    )


def _worded(title: str, rng: random.Random) -> str:
    parts = _JOINT.split(title, maxsplit=1)
    if len(parts) == 2 and rng.random() < _TURNED:
        title = f"{parts[1]}, {parts[0]}"
    kept = [word for word in title.split() if rng.random() >= _WORD]
    title = " ".join(kept) or title
    return title if rng.random() >= _SLIP else rng.choice((fold(title), title.upper()))


def frequent_of(parameters: TechnologyParameters, names: Frequencies | None = None) -> Frequent:
    """What is frequent, as the records of technologies are made with it."""
    return Frequent(parameters.words, parameters.classes, names or read_record_parameters().names)


def learn_technologies(technologies: Sequence[Described], seed: int, day: str) -> TechnologyParameters:
    """Learn the model, and in how many technologies words and classes occur.

    :param day: of the file of parameters
    """
    words = count_title_words(title for one in technologies for title in one.titles)
    counts = Counter(code for one in technologies for code in one.classes)
    classes = {code: count for code, count in sorted(counts.items()) if count >= _LISTED}
    told = [one for _, one in written_twice(technologies, seed)]
    with connect() as con:
        make_technology_records(con, told, Frequent(words, classes, read_record_parameters().names))
        learned = learn_parameters(con, TECHNOLOGIES)
    digest = sha256("\n".join(repr((one.first, *_sorted(one))) for one in technologies).encode())
    return TechnologyParameters(day, digest.hexdigest(), len(technologies), learned, words, classes)


def _sorted(one: Described) -> Iterator[list[str]]:
    yield from map(sorted, (one.titles, one.holders, one.inventors, one.classes))
