"""Organisations as records: columns made of what is known of each, and how two of them are compared.

Names are compared as written, in any order, in canonical words of either language ("Trường Đại học Khoa học" beside "University of
Science") and by initials; what a name weighs depends on how many bodies have its words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import duckdb
import pyarrow as pa

from graph.links.profiles import Profile
from graph.links.records.comparisons import Block, Comparison, Kind, Level, either_empty, shared
from graph.links.records.word_counts import RARE, WordCounts
from graph.links.strings.reading import STOP
from ontology.institution_words import institution_words
from ontology.text import NameKey, fold, name_key

_INITIALS, _LONGEST = 3, 12
"""Letters of a short form that tells something, and of initials at most."""
_LONG = 5
"""Letters from which a short form is hardly any other body's."""
_SHORT = 8
"""Letters up to which a name in capitals is taken for a short form."""
_RAREST = 3
"""Rare words of a body by which it is compared with others."""


def _initials_of(acronyms: str) -> str:
    """Whether a short form of one may be made of the initials of the other, as SQL."""
    return f"(list_has_any({acronyms}_l, initials_r) OR list_has_any(initials_l, {acronyms}_r))"


ORGANISATIONS = Kind(
    name="organization",
    table="organization_records",
    comparisons=(
        Comparison(
            "name",
            "false",
            (
                Level("list_has_any(rare_names_l, meets_r)", "same name, of rare words"),
                Level("list_has_any(telling_names_l, meets_r)", "same name, with a rare word or a place"),
                Level("list_has_any(names_l, meets_r)", "same name"),
                Level(shared("telling_meanings"), "same words in another order or language, with a rare word"),
                Level(shared("meanings"), "same words in another order or language"),
                Level(shared("rare_words", 3), "three shared rare words and more"),
                Level(shared("rare_words", 2), "two shared rare words"),
                Level(shared("rare_words"), "a shared rare word"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "acronym",
            "false",
            (
                Level(shared("long_acronyms"), "same short form, a long one"),
                Level(shared("acronyms"), "same short form"),
                Level(_initials_of("long_acronyms"), "short form made of the other's initials, a long one"),
                Level(_initials_of("acronyms"), "short form made of the other's initials"),
                # to have another one, too, never counts against a body: it may have both
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "site",
            "false",
            # sites move: another one counts no more against a body than none
            (Level(shared("hosts"), "the same web site"), Level("ELSE", "")),
        ),
        Comparison(
            "place",
            either_empty("places"),
            (Level(shared("places"), "the same place"), Level("ELSE", "")),
        ),
    ),
    blocks=(
        Block((), sharing="cores"),
        Block((), sharing="meanings"),
        Block((), sharing="rarest"),
        Block((), sharing="hosts"),
        Block((), sharing="short_forms"),
    ),
    never="l.country <> r.country",
    learned_in=None,
)


@lru_cache(maxsize=200_000)
def canonical_words(core: str, name: str) -> tuple[str, ...]:
    """The canonical words of a name without its legal form, whatever language it is in.

    :param core: folded, see :func:`ontology.text.name_key`
    :param name: as written
    """
    found = institution_words().canonical(core.split(), institution_words().is_vietnamese(name, fold(name)))
    return tuple(word for _, _, meaning in found for word in meaning if word not in STOP)


def count_words(profiles: Iterable[Profile]) -> WordCounts:
    """Count the canonical words of bodies' names."""
    counts: Counter[str] = Counter()
    total, places = 0, set[str]()
    for profile in profiles:
        total += 1
        counts.update({word for name in profile.names for word in canonical_words(name_key(name).core, name)})
        places |= {word for place in profile.places for word in fold(place).split()}
    common = {word: count for word, count in sorted(counts.items()) if count > RARE * total}
    return WordCounts(total, common, sorted(places - {*common}))


def make_organization_records(con: duckdb.DuckDBPyConnection, profiles: list[Profile], counts: WordCounts) -> None:
    """Make ``organization_records``; a profile's number is its place in the list."""
    ambiguous = ambiguous_cores(profiles)
    rows = [_row(number, profile, counts, ambiguous) for number, profile in enumerate(profiles)]
    con.register("rows_here", pa.Table.from_pylist(rows, schema=_COLUMNS))
    lists = ", ".join(f"list_transform({name}, lambda item: hash(item)) AS {name}" for name in _LISTS)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {ORGANISATIONS.table} AS SELECT number, country, {lists} FROM rows_here")
    con.unregister("rows_here")


def ambiguous_cores(profiles: Iterable[Profile]) -> frozenset[str]:
    """Folded names that are spelled in several ways: typed without diacritics, such a name may be any of them, and is none."""
    spelled: dict[str, set[str]] = {}
    for profile in profiles:
        for name in profile.names:
            key = name_key(name)
            if key.typed:
                spelled.setdefault(key.core, set()).add(key.spelling)
    return frozenset(core for core, several in spelled.items() if len(several) > 1)


_LISTS = (
    "names", "telling_names", "rare_names", "meets", "cores", "meanings", "telling_meanings", "rare_words", "rarest", "acronyms",
    "long_acronyms", "initials", "short_forms", "hosts", "places",
)  # fmt: skip
_COLUMNS = pa.schema(
    [("number", pa.int64()), ("country", pa.string())] + [(name, pa.list_(pa.string())) for name in _LISTS]
)


def _row(number: int, profile: Profile, counts: WordCounts, ambiguous: frozenset[str]) -> dict[str, object]:
    named = [_Named(name, key, counts) for name in profile.names if (key := name_key(name)).core]
    usable = [one for one in named if one.key.typed or one.key.core not in ambiguous]
    rare = {word for one in named for word in one.rare}
    short = {fold(text).replace(" ", "") for text in profile.acronyms} | {one.key.core for one in named if one.is_short}
    acronyms = {text for text in short if len(text) >= _INITIALS}
    initials = {made for one in named for made in _initials(one)}
    return {
        "number": number,
        "country": profile.country,
        "names": _tokens(usable, 0),
        "telling_names": _tokens(usable, 1),
        "rare_names": _tokens(usable, 2),
        "meets": sorted({token for one in usable for token in _wanted(one.key)}),
        "cores": sorted({one.key.core for one in named}),
        "meanings": sorted({one.meaning for one in named if len(one.words) > 1}),
        "telling_meanings": sorted({one.meaning for one in named if len(one.words) > 1 and one.rare}),
        "rare_words": sorted(rare),
        "rarest": sorted(rare)[:_RAREST],
        "acronyms": sorted(acronyms),
        "long_acronyms": sorted(text for text in acronyms if len(text) >= _LONG),
        "initials": sorted(initials),
        "short_forms": sorted(acronyms | initials),
        "hosts": sorted(profile.hosts),
        "places": sorted({fold(place).replace(" ", "") for place in profile.places}),
    }


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    key: NameKey
    counts: WordCounts

    @property
    def words(self) -> tuple[str, ...]:
        return canonical_words(self.key.core, self.name)

    @property
    def rare(self) -> list[str]:
        return [word for word in self.words if self.counts.is_rare(word)]

    @property
    def telling(self) -> int:
        """Rare words of the name; all places in it together are one."""
        return len(self.rare) + any(self.counts.is_place(word) for word in self.words)

    @property
    def meaning(self) -> str:
        """Canonical words in one order; rare ones keep theirs, for "Minh Anh" is not "Anh Minh"."""
        common = sorted(word for word in self.words if not self.counts.is_rare(word))
        return " ".join((self.key.form or "", *common, *self.rare))

    @property
    def is_short(self) -> bool:
        return self.name.isupper() and self.key.core.isalpha() and len(self.key.core) <= _SHORT


def _tokens(named: list[_Named], least: int) -> list[str]:
    return sorted({token for one in named if one.telling >= least for token in _said(one.key)})


def _said(key: NameKey) -> Iterator[str]:
    """What a name offers to be recognised by: its spelling where it was typed with diacritics, and its legal form where it has one."""
    yield f"any {key.core}"
    if key.typed and key.form:
        yield from (f"typed {key.spelling} {key.form}", f"typed {key.spelling} *", f"typed core {key.core} {key.form}")
    elif key.typed:
        yield from (f"typed {key.spelling}", f"typed core {key.core}")
    elif key.form:
        yield from (f"plain {key.core} {key.form}", f"plain {key.core} *")
    else:
        yield f"plain {key.core}"


def _wanted(key: NameKey) -> Iterator[str]:
    """What another name has to offer to be the same one: diacritics and legal forms are equal, or unknown to one of the two
    (:func:`ontology.text.same_name`)."""
    if key.typed and key.form:
        yield from (f"typed {key.spelling} {key.form}", f"typed {key.spelling}")
        yield from (f"plain {key.core} {key.form}", f"plain {key.core}")
    elif key.typed:
        yield from (f"typed {key.spelling} *", f"typed {key.spelling}", f"plain {key.core} *", f"plain {key.core}")
    elif key.form:
        yield from (f"typed core {key.core} {key.form}", f"typed core {key.core}")
        yield from (f"plain {key.core} {key.form}", f"plain {key.core}")
    else:
        yield f"any {key.core}"


def _initials(named: _Named) -> Iterator[str]:
    """Initials of a name's syllables: all of them, without those that join ("of", "và"), and without "trường" before them."""
    words = named.key.core.split()
    telling = [word for word in words if word not in STOP and word != "va"]
    for run in (
        words,
        telling,
        words[1:] if words[:1] == ["truong"] else [],
        telling[1:] if telling[:1] == ["truong"] else [],
    ):
        made = "".join(word[0] for word in run)
        if _INITIALS <= len(made) <= _LONGEST:
            yield made
