"""Near technologies of the town: the intermediary's part in first deals of pairs about near technologies made in the same town."""

from graph.answer.precedents import YEAR, Share

NAME = "town_near"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên về công nghệ gần, tạo ra ở cùng nơi",
    "en": "first deals about near technologies made in the same town",
}
SENTENCES = {
    "vi": "Có {share} % số lần bắt đầu làm việc với khách hàng mới về công nghệ gần, tạo ra ở cùng nơi ({count} lần, gần nhất {last})",
    "en": "It had {share} % of the first deals with new clients about near technologies made in the same town ({count}, last on {last})",
}
_SHARE = Share("town_near", half_life=2 * YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
