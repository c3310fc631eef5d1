"""Firm of the inventors: the firm's part in past deals about technologies by people of the same name."""

from graph.answer.precedents import Share

NAME = "client_people"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "doanh nghiệp của cùng tác giả", "en": "the firm's part of the deals by the same people"}
SENTENCES = {
    "vi": "Doanh nghiệp chiếm {share} % số việc về công nghệ của tác giả cùng tên ({count} việc, gần nhất {last})",
    "en": "The firm had {share} % of the deals about technologies by people of the same name ({count}, last on {last})",
}
_SHARE = Share("people", end="client")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
