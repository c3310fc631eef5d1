"""What experts of the made-up economy claim to know besides the fields that the list of experts gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.sample.world import Expert, World, day, stream

CLAIMS = 24
NEW_MATERIALS = "2.5"
"""The field of the first claims, so that a question about new materials finds experts by list and by claim."""
_ABOUT_MATERIALS, _YEARS = 8, 3
_PROOFS = ("Sáng chế đã nộp đơn", "Đề tài đã nghiệm thu", "Bài báo khoa học", "Dự án đã bàn giao cho doanh nghiệp")


@dataclass(frozen=True, slots=True)
class Claim:
    """That an expert claims a field. Every third claim counts for three years only."""

    code: str
    expert: Expert
    field: str
    proof: str
    since: date
    until: date | None


def build_claims(world: World) -> list[Claim]:
    """Claims of experts whom the list does not give the field."""
    rng = stream("expertise")
    known = sorted({field for item in world.institutions for field in item.fields})
    found = []
    for at in range(CLAIMS):
        field = NEW_MATERIALS if at < _ABOUT_MATERIALS else rng.choice(known)
        expert = rng.choice(_without(world.experts, field))
        since = day(rng, date(2018, 1, 8), date(2026, 6, 30))
        until = since + timedelta(days=365 * _YEARS) if at % 3 == 0 else None
        found.append(Claim(f"MH-KB-{at + 1:02d}", expert, field, rng.choice(_PROOFS), since, until))
    return found


def _without(experts: Sequence[Expert], field: str) -> list[Expert]:
    return [expert for expert in experts if field not in expert.fields]
