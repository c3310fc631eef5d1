"""Firm's activity: the firm's part in all past deals, each halved every two years."""

from graph.answer.precedents import YEAR, Share

NAME = "client_popularity"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần của doanh nghiệp trong tất cả", "en": "the firm's part of all deals"}
SENTENCES = {
    "vi": "Doanh nghiệp chiếm {share} % tổng số việc trước đây ({count} việc, gần nhất {last})",
    "en": "The firm had {share} % of all past deals ({count}, last on {last})",
}
_SHARE = Share("everything", half_life=2 * YEAR, end="client")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
