"""Share in the town: the intermediary's part in past deals about technologies made in the same town, each halved every two years."""

from graph.answer.precedents import YEAR, Share

NAME = "town_share"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "phần việc về công nghệ tạo ra ở cùng nơi",
    "en": "its part of the deals about technologies made in the same town",
}
SENTENCES = {
    "vi": "Làm {share} % số việc về công nghệ tạo ra ở cùng nơi ({count} việc, gần nhất {last})",
    "en": "It had {share} % of the deals about technologies made in the same town ({count}, last on {last})",
}
_SHARE = Share("town", half_life=2 * YEAR)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
