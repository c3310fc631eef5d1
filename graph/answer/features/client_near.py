"""Firm and near technologies: the firm's part in past deals about near technologies."""

from graph.answer.precedents import Share

NAME = "client_near"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần của doanh nghiệp về công nghệ gần", "en": "the firm's part of the deals about near technologies"}
SENTENCES = {
    "vi": "Doanh nghiệp chiếm {share} % số việc về công nghệ gần ({count} việc, gần nhất {last})",
    "en": "The firm had {share} % of the deals about near technologies ({count}, last on {last})",
}
_SHARE = Share("near", end="client")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
