"""Openings in the country: the intermediary's part in first deals of pairs about technologies from the same country."""

from graph.answer.precedents import YEAR, Share

NAME = "home_openings"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên với khách hàng mới, cùng quốc gia",
    "en": "first deals with new clients about technologies from the same country",
}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới về công nghệ cùng quốc gia ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients about technologies from the same country ({count}, last on {last})",
}
_SHARE = Share("home", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
