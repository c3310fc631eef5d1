"""Firms named alike: the part that the intermediary had in the past deals of firms whose names are like the firm's (subsidiaries, older spellings)."""

from graph.answer.precedents import Share

NAME = "alike_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc của các doanh nghiệp có tên gần giống", "en": "its part of the deals of firms named alike"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc của các doanh nghiệp có tên gần giống ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of the deals of firms named alike ({count}, last on {last})",
}
_SHARE = Share("alike")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
