"""Openings in the class: the intermediary's part in the first deals of pairs in the technology's fields and classes."""

from graph.answer.precedents import YEAR, Share

NAME = "class_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên với khách hàng mới trong lĩnh vực này",
    "en": "first deals with new clients in this field",
}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới trong lĩnh vực này ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients in this field ({count}, last on {last})",
}
_SHARE = Share("classes", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
