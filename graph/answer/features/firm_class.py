"""Firm's share in the class: the part of the firm's past deals in the technology's fields and classes that the intermediary brokered."""

from graph.answer.precedents import Share

NAME = "firm_class"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc của doanh nghiệp trong lĩnh vực này", "en": "its part of the firm's deals in this field"}
SENTENCES = {
    "vi": "Trong lĩnh vực này, đã làm {share} % số việc của doanh nghiệp ({count} việc, gần nhất {last})",
    "en": "In this field it brokered {share} % of the firm's deals ({count}, last on {last})",
}
_SHARE = Share("classes", among="own")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
