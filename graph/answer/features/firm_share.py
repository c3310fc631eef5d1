"""Firm's share: the part of the firm's past deals that the intermediary brokered, each halved every five years."""

from graph.answer.precedents import Share

NAME = "firm_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc của doanh nghiệp do bên trung gian làm",
    "en": "the intermediary's part of the firm's past deals",
}
SENTENCES = {
    "vi": "Đã làm {share} % số việc trước đây của doanh nghiệp này ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of this firm's past deals ({count}, last on {last})",
}
_SHARE = Share("own")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
