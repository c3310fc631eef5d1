"""Near technologies from the same country: the intermediary's part in past deals of others about them."""

from graph.answer.precedents import Share

NAME = "home_near"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc về công nghệ gần, cùng quốc gia",
    "en": "its part of the deals about near technologies from the same country",
}
SENTENCES = {
    "vi": "Đã làm {share} % số việc của các bên khác về công nghệ gần, cùng quốc gia ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of others' deals about near technologies from the same country ({count}, last on {last})",
}
_SHARE = Share("home_near", among="others")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
