"""Firm's recent share: the part of the firm's past deals that the intermediary brokered, each halved every year."""

from graph.answer.precedents import YEAR, Share

NAME = "firm_recent"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc gần đây của doanh nghiệp", "en": "its part of the firm's recent deals"}
SENTENCES = {
    "vi": "Tính theo việc gần đây, đã làm {share} % số việc của doanh nghiệp này ({count} việc, gần nhất {last})",
    "en": "Of this firm's deals, recent ones counting most, it brokered {share} % ({count}, last on {last})",
}
_SHARE = Share("own", half_life=YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
