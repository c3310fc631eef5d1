"""Near technologies: the part that the intermediary had in past deals of others about technologies near this one."""

from graph.answer.precedents import Share

NAME = "near_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "phần việc về công nghệ gần", "en": "its part of the deals about near technologies"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc của các bên khác về công nghệ gần ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of others' deals about near technologies ({count}, last on {last})",
}
_SHARE = Share("near", among="others")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
