"""Firm and class: the firm's part in past deals in the technology's fields and classes."""

from graph.answer.precedents import YEAR, Share

NAME = "client_class"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần của doanh nghiệp trong lĩnh vực này", "en": "the firm's part of the deals in this field"}
SENTENCES = {
    "vi": "Doanh nghiệp chiếm {share} % số việc trong lĩnh vực này ({count} việc, gần nhất {last})",
    "en": "The firm had {share} % of the deals in this field ({count}, last on {last})",
}
_SHARE = Share("classes", half_life=2 * YEAR, end="client")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
