"""Technologies as records: columns made of what is known of each, and the keys by which two are compared at all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb
import pyarrow as pa

from graph.links.matching import other_identifier
from graph.links.records.names import Frequencies, PersonalName, read_name
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.links.records.titles import Title, TitleWords, read_title
from ontology.text import fold

_TELLING = 20
"""Weight from which what two titles share tells one technology: three rare words, or six that are less so."""
_RAREST = 3
"""Rare words of a title by which it is compared with others."""
_PEOPLE = 6
"""Inventors of a technology by which it is compared with others."""
_TITLE_KEY = "title"
_LARGEST = 60
"""Technologies up to which a key compares; what more of them share is looked for beside something else."""
_SMALL = 20
"""Technologies up to which a holder tells a technology."""
_RARE_NAME = 0.02
"""Namesakes below which a shared inventor's name says that it is the same inventor."""
_RARE_CLASS = 0.004
"""Share of the technologies up to which a patent class tells what one is about."""


@dataclass(slots=True)
class Described:
    """A technology as offices describe it. ``members`` are its mentions, the earliest first; ``sources`` those that give it a title;
    ``rights`` titles of protection as (scheme, number); ``classes`` and ``fields`` codes of the patent classification and of fields."""

    members: list[str]
    sources: frozenset[str]
    titles: tuple[str, ...]
    holders: frozenset[str] = frozenset()
    rights: frozenset[tuple[str, str]] = frozenset()
    inventors: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    @property
    def first(self) -> str:
        return self.members[0]


def excludes(a: Described, b: Described) -> bool:
    """Whether two can't be one technology: one source describes both, one office protects them under other numbers, or each title has a
    number or a model that the other lacks."""
    return not a.sources.isdisjoint(b.sources) or other_identifier(a.rights, b.rights) or _numbered_apart(a, b)


def _numbered_apart(a: Described, b: Described) -> bool:
    mine, theirs = ({read_title(text).numbers for text in one.titles} - {frozenset()} for one in (a, b))
    if not mine or not theirs or mine & theirs:
        return False
    one, other = frozenset().union(*mine), frozenset().union(*theirs)
    return bool(one - other) and bool(other - one)


@dataclass(frozen=True, slots=True)
class Frequent:
    """What is frequent: words of titles, patent classes (in how many technologies of ``words.total``), and names of persons."""

    words: TitleWords
    classes: Mapping[str, int]
    names: Frequencies


def make_technology_records(con: duckdb.DuckDBPyConnection, told: Sequence[Described], frequent: Frequent) -> int:
    """Make ``technology_records``; a technology's number is its place in the list. Those that share no key with another source's are
    left out. Returns how many there are."""
    titles = [[title for text in one.titles if (title := read_title(text)).words] for one in told]
    inventors = [_whole_names(one.inventors) for one in told]
    keys = _shared_keys(
        [[*_keys(one, read, names, frequent.words)] for one, read, names in zip(told, titles, inventors, strict=True)],
        [one.sources for one in told],
    )
    held = Counter(holder for one in told for holder in one.holders)
    rows = [
        _row(number, one, titles[number], inventors[number], keys[number], held, frequent)
        for number, one in enumerate(told)
        if keys[number] and titles[number]
    ]
    con.register("rows_here", pa.Table.from_pylist(rows, schema=_COLUMNS))
    lists = ", ".join(f"list_transform({name}, lambda item: hash(item)) AS {name}" for name in _LISTS)
    # a word and its weight in one number
    words = ", ".join(
        f"{name} := list_transform(title.{name}, lambda word: ((hash(word) >> 4) << 4) + right(word, 1)::UBIGINT), "
        f"{name}_weight := list_sum(list_transform(title.{name}, lambda word: right(word, 1)::INTEGER))"
        for name in _TITLE_LISTS
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {TECHNOLOGIES.table} AS SELECT number, unsaid, {lists}, list_transform(titles, lambda title: "
        f"struct_pack(typed := title.typed, vietnamese := title.vietnamese, telling := title.telling, {words})) AS titles FROM rows_here"
    )
    con.unregister("rows_here")
    return len(rows)


_LISTS = (
    "keys", "title_keys", "described_in", "numbers", "number_keys", "rights", "offices", "holders", "small_holders", "inventors",
    "rare_inventors",
    "classes", "rare_classes", "broad_classes", "fields", "broad_fields", "kinds",
)  # fmt: skip
_TITLE_LISTS = ("spelled", "folded", "meant")
_TITLE = pa.struct(
    [(name, pa.bool_()) for name in ("typed", "vietnamese", "telling")]
    + [(name, pa.list_(pa.string())) for name in _TITLE_LISTS]
)
_COLUMNS = pa.schema(
    [("number", pa.int64()), ("unsaid", pa.bool_()), ("titles", pa.list_(_TITLE))]
    + [(name, pa.list_(pa.string())) for name in _LISTS]
)


def _row(
    number: int,
    one: Described,
    titles: Sequence[Title],
    inventors: Mapping[str, PersonalName | None],
    keys: Sequence[str],
    held: Counter[str],
    frequent: Frequent,
) -> dict[str, object]:
    classes, fields = ({code.rpartition("/")[2] for code in codes} for codes in (one.classes, one.fields))
    often = _RARE_CLASS * frequent.words.total
    return {
        "number": number,
        "keys": keys,
        "title_keys": [key for key in keys if key.startswith(_TITLE_KEY)],
        "titles": [_columns(title, frequent.words) for title in titles],
        "described_in": sorted(one.sources),
        "numbers": sorted({number for title in titles for number in title.numbers}),
        "number_keys": sorted({" ".join(sorted(title.numbers)) for title in titles if title.numbers}),
        "rights": sorted(f"{scheme} {value}" for scheme, value in one.rights),
        "offices": sorted({scheme for scheme, _ in one.rights}),
        "holders": sorted(one.holders),
        "small_holders": sorted(holder for holder in one.holders if held[holder] <= _SMALL),
        "inventors": sorted(inventors),
        "rare_inventors": sorted(
            whole for whole, name in inventors.items() if name and frequent.names.namesakes(name) < _RARE_NAME
        ),
        "classes": sorted(classes),
        "rare_classes": sorted(code for code in classes if frequent.classes.get(code, 0) <= often),
        "broad_classes": sorted({code[:3] for code in classes}),
        "fields": sorted(fields),
        "broad_fields": sorted({code.partition(".")[0] for code in fields}),
        "kinds": sorted({kind for title in titles for kind in title.kinds}),
        "unsaid": any(not title.kinds for title in titles),
    }


def _columns(title: Title, words: TitleWords) -> dict[str, object]:
    return {
        "typed": title.typed,
        "vietnamese": title.vietnamese,
        "telling": sum(map(words.weight, title.words)) >= _TELLING,
        "spelled": [f"{word} {words.weight(word)}" for word in title.spelled],
        "folded": [f"{word} {words.weight(word)}" for word in title.words],
        "meant": [f"{word} {words.weight(word)}" for word in title.terms],
    }


def _whole_names(inventors: Iterable[str]) -> dict[str, PersonalName | None]:
    """Inventors by the key under which others recognise them."""
    return {name.whole if (name := read_name(text)) else fold(text): name for text in inventors}


def _keys(
    one: Described, titles: Iterable[Title], inventors: Iterable[str], words: TitleWords
) -> Iterator[tuple[str, ...]]:
    """What two technologies have to share one of, to be compared: a title's words, two rare ones of them, a title of protection, two
    inventors, or an inventor or holder beside a word."""
    beside: set[str] = set()
    for title in titles:
        said = sorted(
            {fold(word) for word in title.words if word[0] != "#"}, key=lambda word: (-words.weight(word), word)
        )
        yield (_TITLE_KEY, *sorted(said))
        yield from ((_TITLE_KEY, *pair) for pair in combinations(sorted(said[:_RAREST]), 2))
        beside |= {*said[:_RAREST], *(term for term in title.terms if term[0] == "=")}
    yield from (("right", *right) for right in one.rights)
    people = sorted(inventors)[:_PEOPLE]
    yield from (("inventors", *pair) for pair in combinations(people, 2))
    yield from ((body, word) for body in (*sorted(one.holders), *people) for word in beside)


def _shared_keys(keys: list[list[tuple[str, ...]]], sources: list[frozenset[str]]) -> list[list[str]]:
    """The keys of each that some other source has too, and not too many."""
    count = Counter(key for several in keys for key in {*several})
    among: dict[tuple[str, ...], set[frozenset[str]]] = defaultdict(set)
    for several, of in zip(keys, sources, strict=True):
        for key in several:
            if 1 < count[key] <= _LARGEST:
                among[key].add(of)
    kept = {key for key, several in among.items() if len(several) > 1}
    return [sorted(" ".join(key) for key in {*several} & kept) for several in keys]
