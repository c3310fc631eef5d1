"""Firm's share nearby: the part of the firm's past deals about near technologies that the intermediary brokered."""

from graph.answer.precedents import Share

NAME = "firm_near"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc của doanh nghiệp về công nghệ gần",
    "en": "its part of the firm's deals about near technologies",
}
SENTENCES = {
    "vi": "Về công nghệ gần với công nghệ này, đã làm {share} % số việc của doanh nghiệp ({count} việc, gần nhất {last})",
    "en": "Of the firm's deals about near technologies it brokered {share} % ({count}, last on {last})",
}
_SHARE = Share("near", among="own")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
