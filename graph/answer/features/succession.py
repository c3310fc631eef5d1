"""Succession: the intermediary's part in the first deals of firms that turned to another from one that this firm uses."""

from graph.answer.precedents import YEAR, Share

NAME = "succession"
READS: tuple[str, ...] = ("deed",)
LABEL = {
    "vi": "khách hàng chuyển sang từ bên trung gian của doanh nghiệp",
    "en": "clients that turned to it from the firm's intermediaries",
}
SENTENCES = {
    "vi": "Nhận {share} % số lần khách hàng rời bên trung gian mà doanh nghiệp từng dùng để tìm bên khác ({count} lần, gần nhất {last})",
    "en": "Of the times that clients turned from this firm's intermediaries to another, {share} % were to it ({count}, last on {last})",
}
_SHARE = Share("succession", half_life=YEAR, openings=True)
values, evidence, facts = _SHARE.values, _SHARE.evidence, _SHARE.facts
