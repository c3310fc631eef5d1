"""What is on record about the rights over a technology or a result, in the form that the rules of law take."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.answer.hops import valid
from graph.answer.reading import Reading
from graph.policy.case import Case

COUNTRY = "VN"
"""The code of the country whose law this is."""
NOBODY = {"vi": "chủ sở hữu chưa rõ", "en": "an owner not on record"}
"""Stands for who would give, where nobody is known who could."""
DISPUTED = {
    "vi": "Các nguồn nêu chủ sở hữu khác nhau; cần làm rõ trước",
    "en": "Sources name different owners; that has to be cleared first",
}

Rights = Mapping[str, Any]
"""A row of the query ``technology_rights``."""


def code_of(concept: str) -> str:
    """The code at the end of a concept's id."""
    return concept.rsplit("/", 1)[-1]


def place_code(concept: str) -> str:
    """A place as the rules know it: ``VN-HN``, ``VN-79``, ``LA``."""
    code = code_of(concept)
    return f"VN-{code}" if code.isdigit() else code


def place_of(reading: Reading, body: str) -> tuple[str | None, str | None]:
    """Province (as a place code) and country of an organisation."""
    # of most bodies that are judged nothing else is asked
    places = [place for place in reading.views.values_alone(body, "locatedIn") if place.startswith("scheme/place/")]
    codes = [code_of(place) for place in places]
    stated = reading.views.values_alone(body, "country")
    province = next((code for code in codes if code.startswith("VN-") or code.isdigit()), None)
    country = stated[0] if stated else ("VN" if province else next((code for code in codes if len(code) == 2), None))
    return (f"VN-{province}" if province and not province.startswith("VN") else province), country


def on_record(rights: Rights, day: str) -> dict[str, Any]:
    """The keys of a case that the record fills in: all but its id, its day and what is asked.

    Of several comparisons with the lists the newest that is valid counts; of several permits one that is valid that day.

    :param day: an ISO date
    """
    listed = [item for item in rights["listings"] if item["listing"] and valid(item, day)]
    listing = code_of(max(listed, key=lambda item: str(item["from"] or ""))["listing"]) if listed else None
    permits = list(rights["permits"])
    best = next((item for item in permits if valid(item, day)), permits[0] if permits else None)
    known = [item for item in rights["holdings"] if item["holder"] and item["power"]]
    case: dict[str, Any] = {
        "listed": None if listing in (None, "unassessed") else listing,
        "permit": {"from": best["from"], "until": best["until"]} if best else None,
        "holdings": [holding_in_form(item) for item in known if not is_decision(item)] or None,
        "decisions": [_decision(item) for item in known if is_decision(item)] or None,
        "consents": rights["consents"] or None,
        "authors": rights["authors"] or None,
    }
    if task := next(iter(rights["tasks"]), None):
        case |= {"approved": task["approved"], "host": task["host"], "funding": task["funding"] or None}
        case["certificate"] = task["certified"] or None
    return case


def bodies_in(case: Case) -> set[str]:
    """Whoever the rules may name: those who hold, decide, host or pay."""
    named = [item.holder for item in case.holdings or ()] + [item.to for item in case.decisions or ()]
    payers = [item.by for item in case.funding or ()]
    return {node for node in (*named, *payers, case.host) if node}


def named_by_name(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence of the rules with bodies by name: the rules know them by id."""
    for node, name in names.items():
        sentence = sentence.replace(node, name)
    return sentence


def owns(item: Mapping[str, Any]) -> bool:
    """Whether a holding says who owns."""
    return bool(item["holder"] and str(item["power"] or "").endswith("/own"))


def is_decision(item: Mapping[str, Any]) -> bool:
    """Whether a holding in the register is an authority's decision under the older regime."""
    return str(item["regime"] or "").endswith("/on-request") and code_of(item["power"] or "") in ("own", "use")


def _decision(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"to": item["holder"], "power": code_of(item["power"]), "on": item["from"]}


def holding_in_form(item: Mapping[str, Any]) -> dict[str, Any]:
    """A holding as a case holds it."""
    return {
        "holder": item["holder"],
        "power": code_of(item["power"]),
        "share": item["share"],
        "exclusive": item["exclusive"],
        "sublicensable": item["sublicensable"],
        "territory": _codes(map(place_code, item["territory"])),
        "field": _codes(map(code_of, item["field"])),
        "from": item["from"],
        "until": item["until"],
    }


def _codes(codes: Iterable[str]) -> list[str] | None:
    return list(codes) or None
