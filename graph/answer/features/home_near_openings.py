"""Openings nearby from the same country: the intermediary's part in first deals of pairs about near technologies."""

from graph.answer.precedents import YEAR, Share

NAME = "home_near_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên với khách hàng mới về công nghệ gần, cùng quốc gia",
    "en": "first deals with new clients about near technologies from the same country",
}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới về công nghệ gần, cùng quốc gia ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients about near technologies from the same country ({count}, last on {last})",
}
_SHARE = Share("home_near", half_life=2 * YEAR, among="others", openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
