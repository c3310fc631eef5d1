"""Firm and nearest technologies: the firm's part in past deals about the few technologies that are nearest."""

from graph.answer.precedents import Share

NAME = "client_nearest"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần của doanh nghiệp về công nghệ gần nhất",
    "en": "the firm's part of the deals about the nearest technologies",
}
SENTENCES = {
    "vi": "Doanh nghiệp chiếm {share} % số việc về những công nghệ gần nhất ({count} việc, gần nhất {last})",
    "en": "The firm had {share} % of the deals about the nearest technologies ({count}, last on {last})",
}
_SHARE = Share("nearest", end="client")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
