"""Holders' share: the intermediary's part in the past deals of those who own the technology, each deal halved every two years."""

from graph.answer.precedents import YEAR, Share

NAME = "holder_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc của các chủ sở hữu công nghệ",
    "en": "its part of the deals of those who own the technology",
}
SENTENCES = {
    "vi": "Làm {share} % số việc của các chủ sở hữu công nghệ ({count} việc, gần nhất {last})",
    "en": "It had {share} % of the past deals of those who own the technology ({count}, last on {last})",
}
_SHARE = Share("holders", half_life=2 * YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
