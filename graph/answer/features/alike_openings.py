"""Openings with firms named alike: the intermediary's part in the first deals of pairs, among firms with names like the firm's."""

from graph.answer.precedents import YEAR, Share

NAME = "alike_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "việc đầu tiên với các doanh nghiệp có tên gần giống", "en": "first deals with firms named alike"}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với các doanh nghiệp có tên gần giống ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with firms named alike ({count}, last on {last})",
}
_SHARE = Share("alike", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
