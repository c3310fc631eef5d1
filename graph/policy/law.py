"""The law as data: provisions by the rule that they carry, and those behind each gate, from ``ontology/law.ttl``.

No day, share or number of an article stands in code: a changed law is a changed Turtle file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import ontology.schemes
from ontology.schemes import read_turtle
from ontology.statement import TYPE, Record

Language = Literal["vi", "en"]
Regime = Literal["automatic", "on_request", "unknown"]
_REGIMES: Mapping[str, Regime] = {"automatic-regime": "automatic", "on-request-regime": "on_request"}
"""The rules that say which regime a task falls under, by the day of its approval."""


class LawError(ValueError):
    """The law file lacks what a rule needs; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Provision:
    """A provision with its parameters. ``certainty``: v opened and read, s from secondary texts, g general knowledge.

    ``names``, ``titles`` and ``texts`` are by language; ``id`` is the path of the IRI, ``instrument`` that of
    the law or decree that it is part of, ``refers_to`` that of the provision whose numbers it takes over.
    """

    id: str
    certainty: str
    names: Mapping[str, str]
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    instrument: str | None = None
    refers_to: str | None = None
    article: str | None = None
    rule: str | None = None
    regime: str | None = None
    listing: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    applies_from: date | None = None
    applies_until: date | None = None
    minimum_share: float | None = None
    grace_months: int | None = None

    def name(self, language: Language) -> str:
        return self.names.get(language) or self.names.get("en") or self.id

    def applies_to(self, approved: date) -> bool:
        """Whether it applies to what was approved that day: inclusive at both ends, a missing end is open."""
        return within(approved, self.applies_from, self.applies_until)

    def in_force(self, on: date) -> bool:
        return within(on, self.valid_from, self.valid_until)


def within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a period: inclusive at both ends, a missing end is open."""
    return (first is None or first <= day) and (last is None or day <= last)


class Law:
    """All provisions by id, in the file's order, and which of them each gate rests on."""

    def __init__(
        self, provisions: Iterable[Provision], bases: Mapping[tuple[str, str | None], tuple[str, ...]]
    ) -> None:
        self.provisions = {item.id: item for item in provisions}
        self._bases = bases

    def by_rule(self, rule: str) -> tuple[Provision, ...]:
        """The provisions that carry a rule.

        :raises LawError: where there is none
        """
        found = tuple(item for item in self.provisions.values() if item.rule == rule)
        if not found:
            raise LawError(f"no provision in the law file carries the rule {rule!r}")
        return found

    def provision(self, rule: str, listing: str | None = None) -> Provision:
        """The first provision that carries a rule, for a list of technologies where one is named.

        :raises LawError: where there is none
        """
        for item in self.by_rule(rule):
            if item.listing == listing:
                return item
        raise LawError(f"no provision in the law file carries the rule {rule!r} for the list {listing!r}")

    def least_share(self, provision: Provision) -> float | None:
        """The least share that a provision grants, itself or by the one that it refers to; None where it grants none.

        :raises LawError: where it refers to a provision that the file lacks
        """
        if provision.minimum_share is not None or provision.refers_to is None:
            return provision.minimum_share
        if provision.refers_to not in self.provisions:
            raise LawError(f"{provision.id} refers to {provision.refers_to}, which the law file does not describe")
        return self.provisions[provision.refers_to].minimum_share

    def regime(self, approved: date | None) -> Regime:
        """The regime of a task by the day of its approval; unknown without one, or where no provision covers it."""
        if approved is not None:
            for rule, regime in _REGIMES.items():
                if any(item.applies_to(approved) for item in self.by_rule(rule)):
                    return regime
        return "unknown"

    def basis(self, gate: str, regime: Regime | None = None) -> tuple[Provision, ...]:
        """The provisions that a gate rests on: the general ones and, where a regime is named, those of that regime.

        :raises LawError: where the gate has no basis
        """
        keys = [(gate, None), *([(gate, regime)] if regime else [])]
        ids = [identifier for key in keys for identifier in self._bases.get(key, ())]
        if not ids:
            raise LawError(f"the law file gives no basis for the gate {gate!r}")
        return tuple(self.provisions[identifier] for identifier in dict.fromkeys(ids))


def read_law(path: Path) -> Law:
    """The law that a Turtle file says.

    :raises LawError: where a gate rests on a provision that the file lacks, or a value is no day or number
    :raises SyntaxError: where the file is no Turtle
    """
    records = list(read_turtle(path))
    provisions = {item.id: item for item in map(_provision, records) if item is not None}
    bases: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for record in records:
        if _types(record) & {"GateBasis"}:
            regime = _code(_object(record, "regime"))
            key = (_required(record, "gate"), regime and regime.replace("-", "_"))
            bases[key] += [said.object for said in record.statements if said.property == "basis" and said.object]
    for identifier in {identifier for ids in bases.values() for identifier in ids}:
        if identifier not in provisions:
            raise LawError(f"a gate rests on {identifier}, which the law file does not describe")
    return Law(provisions.values(), {key: tuple(ids) for key, ids in bases.items()})


@cache
def law() -> Law:
    """The law as shipped."""
    return read_law(Path(ontology.schemes.__file__).with_name("law.ttl"))


def _provision(record: Record) -> Provision | None:
    if "LegalProvision" not in _types(record):
        return None
    share, months = _value(record, "minimumShare"), _value(record, "graceMonths")
    try:
        return Provision(
            id=record.key,
            certainty=_required(record, "certainty"),
            names=_languages(record, "name"),
            titles=_languages(record, "title"),
            texts=_languages(record, "text"),
            instrument=_object(record, "partOf"),
            refers_to=_object(record, "basis"),
            article=_value(record, "article"),
            rule=_value(record, "rule"),
            regime=_code(_object(record, "regime")),
            listing=_code(_object(record, "listing")),
            valid_from=_day(record, "validFrom"),
            valid_until=_day(record, "validUntil"),
            applies_from=_day(record, "appliesFrom"),
            applies_until=_day(record, "appliesUntil"),
            minimum_share=None if share is None else float(share),
            grace_months=None if months is None else int(months),
        )
    except ValueError as error:
        raise LawError(f"{record.key}: {error}") from error


def _types(record: Record) -> set[str | None]:
    return {said.value for said in record.statements if said.property == TYPE}


def _value(record: Record, name: str) -> str | None:
    return next((said.value for said in record.statements if said.property == name), None)


def _object(record: Record, name: str) -> str | None:
    return next((said.object for said in record.statements if said.property == name), None)


def _required(record: Record, name: str) -> str:
    value = _value(record, name)
    if value is None:
        raise LawError(f"{record.key} has no {name}")
    return value


def _languages(record: Record, name: str) -> dict[str, str]:
    return {
        said.language or "en": said.value
        for said in record.statements
        if said.property == name and said.value is not None
    }


def _day(record: Record, name: str) -> date | None:
    value = _value(record, name)
    return date.fromisoformat(value) if value else None


def _code(identifier: str | None) -> str | None:
    return identifier.rsplit("/", 1)[-1] if identifier else None
