"""Class and country: the intermediary's part in past deals about technologies of the class from the same country."""

from graph.answer.precedents import YEAR, Share

NAME = "home_class"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc trong lĩnh vực này, cùng quốc gia",
    "en": "its part of the deals in this field from the same country",
}
SENTENCES = {
    "vi": "Đã làm {share} % số việc trong lĩnh vực này, cùng quốc gia ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of the deals in this field from the same country ({count}, last on {last})",
}
_SHARE = Share("home_classes", half_life=2 * YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
