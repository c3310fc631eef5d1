"""Recent openings at home: the intermediary's part in first deals with clients from the country, each halved every quarter."""

from graph.answer.precedents import YEAR, Share

NAME = "home_recent"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "việc đầu tiên gần đây với khách hàng mới cùng quốc gia",
    "en": "recent first deals with new clients from the same country",
}
SENTENCES = {
    "vi": "Gần đây có {share} % số lần bắt đầu làm việc với khách hàng mới cùng quốc gia ({count} lần, gần nhất {last})",
    "en": "Of late it had {share} % of the first deals with new clients from the same country ({count}, last on {last})",
}
_SHARE = Share("home", half_life=YEAR / 4, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
