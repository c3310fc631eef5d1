"""What a written Vietnamese syllable looks like: by this a wrong reading of bytes is told from the right one, and Vietnamese that was
typed without diacritics from English.

The inventory of onsets and rhymes is that of school grammar; rhymes of loan words alone (oong, ooc) are left out, because other
writings of other words look like them.
"""

from functools import lru_cache
from unicodedata import normalize

from ontology.text import fold

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = {"\u0301", "\u0323"}
"""Acute and dot below: the only tones of a syllable that ends in p, t, c or ch."""
_WRITTEN_ONSETS = "ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x"
_WRITTEN_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong op ot oc
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh uêu ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uyn uynh
uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""
_ONSETS = tuple(_WRITTEN_ONSETS.split())
_RHYMES = frozenset(_WRITTEN_RHYMES.split())
_AFTER_QU = frozenset(rhyme for rhyme in _RHYMES if rhyme[0] in "aăâeêioôơy") | {"ynh", "yt", "ych"}
_VOWELS = frozenset("aăâeêioôơuưy")
_BARE_ONSETS = ("", *dict.fromkeys(map(fold, _ONSETS)))
_BARE_RHYMES = frozenset(map(fold, _RHYMES | _AFTER_QU))
_EITHER_BEARS = {"oa", "oe", "uy"}
_SECOND_BEARS = {"uê", "uơ"}


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether a word is one well-formed syllable: onset, rhyme, and at most one tone, where a tone may stand.

    :param word: composed (NFC); lower case, capitalised or all capitals
    """
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    letters, tones = "", []
    for character in normalize("NFC", word.lower()):
        parts = normalize("NFD", character)
        found = [part for part in parts if part in _TONES]
        tones += [(mark, len(letters)) for mark in found]
        letters += normalize("NFC", "".join(part for part in parts if part not in _TONES))
    if len(tones) > 1:
        return False
    return any(_fits(letters, onset, tones) for onset in ("", *_ONSETS) if letters.startswith(onset))


@lru_cache(maxsize=50_000)
def is_bare_syllable(word: str) -> bool:
    """Whether a word may be a syllable typed without its diacritics; "in" and "may" are, which is English too.

    :param word: folded
    """
    return any(word.startswith(onset) and word[len(onset) :] in _BARE_RHYMES for onset in _BARE_ONSETS)


def _fits(letters: str, onset: str, tones: list[tuple[str, int]]) -> bool:
    rhyme = letters[len(onset) :]
    if rhyme not in (_AFTER_QU if onset == "qu" else _RHYMES):
        return False
    vowels = next((at for at, letter in enumerate(rhyme) if letter not in _VOWELS), len(rhyme))
    stopped = rhyme[vowels:] in ("p", "t", "c", "ch")
    if not tones:
        return not stopped
    mark, at = tones[0]
    if stopped and mark not in _STOPPED:
        return False
    # "qúy" was the older way
    return at - len(onset) in _bearers(rhyme[:vowels], vowels < len(rhyme)) or (onset == "qu" and at == 1)


@lru_cache(maxsize=1_000)
def _bearers(vowels: str, closed: bool) -> tuple[int, ...]:
    """Which of the vowels may bear the tone, in the older way or the newer ("hòa", "hoà")."""
    if len(vowels) == 1:
        return (0,)
    if len(vowels) == 3:
        return (2,) if vowels == "uyê" else (1,)
    if closed or vowels in _SECOND_BEARS:
        return (1,)
    return (0, 1) if vowels in _EITHER_BEARS else (0,)
