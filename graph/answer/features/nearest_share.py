"""Nearest technologies: as near technologies, for the few that are nearest."""

from graph.answer.precedents import Share

NAME = "nearest_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc về công nghệ gần nhất", "en": "its part of the deals about the nearest technologies"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc của các bên khác về những công nghệ gần nhất ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of others' deals about the nearest technologies ({count}, last on {last})",
}
_SHARE = Share("nearest", among="others")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
