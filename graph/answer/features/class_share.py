"""Class: the part that the intermediary had in past deals in the technology's fields and classes."""

from graph.answer.precedents import YEAR, Share

NAME = "class_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc trong lĩnh vực này", "en": "its part of the deals in this field"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc trong lĩnh vực này ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of the deals in this field ({count}, last on {last})",
}
_SHARE = Share("classes", half_life=2 * YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
