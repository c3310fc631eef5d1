"""Popularity: the intermediary's part in all past deals, each halved every two years."""

from graph.answer.precedents import YEAR, Share

NAME = "popularity"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc trong tất cả", "en": "its part of all deals"}
SENTENCES = {
    "vi": "Đã làm {share} % tổng số việc trước đây ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of all past deals ({count}, last on {last})",
}
_SHARE = Share("everything", half_life=2 * YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
