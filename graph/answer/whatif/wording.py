"""A scenario in words, and what a reader has to know of it."""

from graph.answer.reading import Reading
from graph.answer.rights_on_record import code_of
from graph.answer.whatif.scenario import Supposed
from graph.answer.whatif.store import Difference
from graph.policy.broker import BROKERING

_ADDED = {
    "vi": "Thêm trung gian «{name}» với dịch vụ {services} trong lĩnh vực {fields}{place}",
    "en": "Add the intermediary “{name}” with {services} in {fields}{place}",
}
_AT = {"vi": ", địa bàn {place}", "en": ", located in {place}"}
_ASSIGNED = {
    "vi": "Giao {power} {count} kết quả cho {holder} từ {day}: {results}",
    "en": "Assign ({power}) {count} results to {holder} from {day}: {results}",
}
_CLOSED = {"vi": "Đóng cửa {closed} từ {day}", "en": "Close {closed} from {day}"}
_MERGED = {"vi": "Sáp nhập {merged} vào {into}", "en": "Merge {merged} into {into}"}
_NOTHING_ENDS = {
    "vi": "Không có công nhận hay dịch vụ nào của trung gian này để chấm dứt: những việc đã làm chỉ nói là chưa rõ, nên các tuyến vẫn còn.",
    "en": "This intermediary has no recognition or service on record that could end: its past work alone says unknown, so its routes stay.",
}
_NO_BROKER = {
    "vi": "Không dịch vụ nào là môi giới hay tư vấn chuyển giao: lĩnh vực không được coi là có trung gian.",
    "en": "No service is brokerage or consulting: the fields do not count as covered by a broker.",
}
_NAMED = 5
"""Results that are named in a sentence."""


def supposed_in_words(reading: Reading, supposed: Supposed, language: str) -> tuple[str, ...]:
    """What is supposed, a sentence each."""

    def name(node: str | None) -> str:
        return reading.ref(node, language).name if node else ""

    found = []
    if supposed.fields:
        place = _AT[language].format(place=name(supposed.place)) if supposed.place else ""
        services, fields = (", ".join(map(name, several)) for several in (supposed.services, supposed.fields))
        found.append(_ADDED[language].format(name=supposed.name, services=services, fields=fields, place=place))
    if supposed.results:
        more = ", …" if len(supposed.results) > _NAMED else ""
        found.append(
            _ASSIGNED[language].format(
                power=name(supposed.power),
                count=len(supposed.results),
                holder=name(supposed.holder),
                day=supposed.day,
                results="; ".join(map(name, supposed.results[:_NAMED])) + more,
            )
        )
    if supposed.closed:
        found.append(_CLOSED[language].format(closed=name(supposed.closed), day=supposed.day))
    if supposed.merged:
        found.append(_MERGED[language].format(merged=name(supposed.merged), into=name(supposed.into)))
    return tuple(found)


def notes(reading: Reading, supposed: Supposed, difference: Difference, language: str) -> tuple[str, ...]:
    """What might surprise about the outcome."""
    found = []
    alone = not (supposed.fields or supposed.results or supposed.merged)
    if supposed.closed and alone and not difference.added:
        found.append(_NOTHING_ENDS[language])
    if supposed.fields and not BROKERING & set(map(code_of, supposed.services)):
        found.append(_NO_BROKER[language])
    return tuple(found)
