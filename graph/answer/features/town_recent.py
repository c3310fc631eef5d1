"""Recent openings in the town: the intermediary's part in first deals about technologies made there, each halved every quarter."""

from graph.answer.precedents import YEAR, Share

NAME = "town_recent"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên gần đây với khách hàng mới, công nghệ tạo ra ở cùng nơi",
    "en": "recent first deals with new clients about technologies made in the same town",
}
SENTENCES = {
    "vi": "Gần đây có {share} % số lần bắt đầu làm việc với khách hàng mới về công nghệ tạo ra ở cùng nơi ({count} lần, gần nhất {last})",
    "en": "Of late it had {share} % of the first deals with new clients about technologies made in the same town ({count}, last on {last})",
}
_SHARE = Share("town", half_life=YEAR / 4, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
