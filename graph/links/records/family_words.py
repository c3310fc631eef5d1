"""The word by which organisations of one family are told: "Samsung" of "Samsung Display Co., Ltd."."""

from functools import cache, lru_cache

from ontology.institution_words import institution_words
from ontology.text import fold, name_key


@cache
def _generic() -> frozenset[str]:
    """Words that begin names of many bodies: "university", "viện"."""
    words = institution_words()
    return words.first_words | {phrase[0] for phrase in (*words.anywhere, *words.anywhere.values())}


@lru_cache(maxsize=200_000)
def family_word(name: str) -> str | None:
    """The first word of a name without its legal form, where it tells anything."""
    folded = fold(name)
    core = name_key(name).core.split()
    if not core or core[0] in _generic() or institution_words().is_vietnamese(name, folded):
        return None
    return core[0]
