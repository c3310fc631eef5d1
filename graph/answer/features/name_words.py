"""Words of names: the intermediary's part in first deals with firms whose names have words of the firm's: its town, form or trade."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from graph.answer.candidates import Candidates
from graph.answer.precedents import YEAR, at_places

NAME = "name_words"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên với doanh nghiệp có chung từ trong tên",
    "en": "first deals with firms whose names share words with this one's",
}
SENTENCES = {
    "vi": "Từng bắt đầu làm việc với {count} doanh nghiệp có chung từ trong tên (địa danh, loại hình, ngành), gần nhất {last}",
    "en": "First deals with firms whose names share words with this one's (a place, a form, a trade): {count}, last on {last}",
}
_HALF_LIFE = 3 * YEAR
_FEW = 2.0
"""What is added to the first deals of a word, so that few of them say little."""


def values(c: Candidates) -> np.ndarray:
    """The part in the first deals of each word's firms, each halved every three years; the mean over the words, rare ones counting more."""
    if not len(c):
        return np.empty(0)
    words, _, rarity = c.ranker.name_words
    own = csr_array(words[c.past.firms])
    said = own @ rarity
    weigh = np.divide(1.0, said, out=np.zeros(len(said)), where=said > 0)
    return at_places(csr_array(diags_array(weigh) @ (own @ parts(c))), c.past.firm, c.broker)


def parts(c: Candidates) -> csr_array:
    """Of each word the parts of intermediaries times its rarity: (words × organisations).

    They do not change with the day while nothing new is known; so they are kept between questions.
    """
    last = min(c.day if c.known is None else c.known, c.ranker.deals.newest)
    if c.without.get("deed"):
        return _parts(c, last)
    kept = c.ranker.word_parts
    if kept is None or kept[0] != last:
        kept = c.ranker.word_parts = (last, _parts(c, last))
    return kept[1]


def _parts(c: Candidates, last: int) -> csr_array:
    deals = c.ranker.deals
    counts = np.flatnonzero(c.openings & (c.decayed() > 0))
    loud = c.ranker.decay(deals.day[counts], last, _HALF_LIFE)
    shape = (deals.organisations, deals.organisations)
    pairs = coo_array((loud, (deals.client[counts], deals.broker[counts])), shape=shape).tocsr()
    _, turned, rarity = c.ranker.name_words
    found = csr_array(turned @ pairs)
    whole = np.asarray(found.sum(axis=1)).ravel()
    return csr_array(diags_array(rarity / (whole + _FEW)) @ found)


def _rows(c: Candidates, at: int) -> np.ndarray:
    """The first deals of the intermediary with firms whose names share a word."""
    deals, (words, turned, _) = c.ranker.deals, c.ranker.name_words
    sharing = np.unique(csr_array(words[[int(c.firm[at])]] @ turned).indices)
    _, deal = deals.by_broker.of(c.broker[[at]])
    counts = c.openings[deal] & (c.decayed()[deal] > 0) & np.isin(deals.client[deal], sharing)
    return np.unique(deal[counts])


def evidence(c: Candidates, at: int) -> tuple[str, frozenset[int]]:
    return "deed", frozenset(_rows(c, at).tolist())


def facts(c: Candidates, at: int, value: float) -> Mapping[str, Any]:
    rows, deals = _rows(c, at), c.ranker.deals
    last = int(deals.day[rows].max()) if len(rows) else 0
    return {"count": len(np.unique(deals.client[rows])), "last": str(np.datetime64(last, "D"))}
