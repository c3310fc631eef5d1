"""The inventors here: the part that the intermediary had in past deals of the firm about technologies by the same people."""

from graph.answer.precedents import Share

NAME = "people_here"
READS: tuple[str, ...] = ("deed",)
LABEL = {"vi": "việc cho cùng tác giả tại doanh nghiệp này", "en": "deals of this firm by the same people"}
SENTENCES = {
    "vi": "Đã làm {share} % số việc của doanh nghiệp về công nghệ của cùng tác giả ({count} việc, gần nhất {last})",
    "en": "It brokered {share} % of the firm's deals about technologies by the same people ({count}, last on {last})",
}
_SHARE = Share("people", among="own")
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
