"""Cells that are Unicode for the file but were typed in a TCVN3 or VNI font: "C«ng nghÖ" in a spreadsheet of today.

Each column is judged by its own words, one with too few words by those of the whole table. A cell of a column so found is converted,
unless it reads better as it is, or holds a letter that neither font has.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from loaders.formats.evidence import Evidence, weigh, words_of
from loaders.formats.fonts import FONTS

_PLAIN = "plain"
_READINGS = {_PLAIN: lambda text: text, **FONTS}
_LATIN = re.compile("[\u00a1-\u00ff]")
_UNICODE = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Letters and marks that only Unicode has: who typed them used no old font."""
_NO_LETTER = re.compile(r"(?<=\w)[^\w\s\x00-\x7f]|[^\w\s\x00-\x7f](?=\w)")
_LEAST = 2
"""Words that a font has to explain before a column or a table is converted."""

_SAMPLE = 2_000
"""Words of a column by which its font is found."""


def find_fonts(columns: Iterable[Iterable[Any]]) -> list[str | None]:
    """The font in which each column was typed; ``None`` where it is plain text, or nobody can tell.

    :param columns: the cells of each column, or a good part of them
    """
    found = [_evidence(cells) for cells in columns]
    whole = _font(_sum(found))
    return [_font(one) or (whole if one.explained[_PLAIN] < one.words and _is_open(one) else None) for one in found]


def _evidence(cells: Iterable[Any]) -> Evidence:
    words = (word for cell in cells if may_be_typed(cell) for word in words_of(cell))
    return weigh(islice(words, _SAMPLE), _READINGS)


def may_be_typed(cell: Any) -> bool:
    """Whether a cell is text that an old font could have written."""
    return type(cell) is str and not cell.isascii() and bool(_LATIN.search(cell)) and not _UNICODE.search(cell)


def _sum(found: Sequence[Evidence]) -> Evidence:
    explained = {name: sum(one.explained[name] for one in found) for name in _READINGS}
    return Evidence(sum(one.words for one in found), explained, sum(one.any for one in found))


def _font(evidence: Evidence) -> str | None:
    best = evidence.best()
    return best if best in FONTS and evidence.explained[best] >= _LEAST else None


def _is_open(evidence: Evidence) -> bool:
    """Whether a column has too few words to be judged by them, and none that contradict."""
    return 0 < evidence.words < 2 * _LEAST


def convert(cell: Any, font: str) -> Any:
    """A cell of a column that was typed in a font; what is no text or reads better as it is stays."""
    if not may_be_typed(cell):
        return [convert(part, font) for part in cell] if type(cell) is list else cell
    explained = weigh(words_of(cell), {_PLAIN: _READINGS[_PLAIN], font: FONTS[font]}).explained
    if explained[font] > explained[_PLAIN]:
        return FONTS[font](cell)
    # what is no word in either, such as an acronym, was typed like the rest where it holds what plain words don't
    undecided = explained[font] == explained[_PLAIN] and (cell.isupper() or _NO_LETTER.search(cell))
    return FONTS[font](cell) if undecided else cell


def told(fonts: Mapping[str, str]) -> list[str]:
    """Sentences that say which columns were converted.

    :param fonts: header → font
    """
    return [
        f"typed in a {font} font and converted: {', '.join(header for header, one in fonts.items() if one == font)}"
        for font in FONTS
        if font in fonts.values()
    ]
