"""Openings in class and country: the intermediary's part in first deals of pairs about such technologies."""

from graph.answer.precedents import YEAR, Share

NAME = "home_class_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên với khách hàng mới trong lĩnh vực này, cùng quốc gia",
    "en": "first deals with new clients in this field from the same country",
}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới trong lĩnh vực này, cùng quốc gia ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients in this field from the same country ({count}, last on {last})",
}
_SHARE = Share("home_classes", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
