"""The inventors elsewhere: the part that the intermediary had in other bodies' past deals about technologies by people of the same name."""

from graph.answer.precedents import Share

NAME = "people_elsewhere"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "việc cho cùng tác giả ở nơi khác", "en": "deals elsewhere by people of the same name"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc ở nơi khác về công nghệ của tác giả cùng tên ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of the deals elsewhere about technologies by people of the same name ({count}, last on {last})",
}
_SHARE = Share("people", among="others")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
