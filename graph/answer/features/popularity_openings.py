"""Openings: the intermediary's part in the first deals of all pairs, each halved every two years."""

from graph.answer.precedents import YEAR, Share

NAME = "popularity_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "việc đầu tiên với khách hàng mới", "en": "first deals with new clients"}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients ({count}, last on {last})",
}
_SHARE = Share("everything", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
