"""What the made-up economy has and lacks: 500 technologies with their titles of protection, and 200 needs of firms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from loaders.sample.texts import Family, families, fill, unserved
from loaders.sample.world import Firm, Institution, World, day, stream

TECHNOLOGIES, NEEDS, CONFIDENTIAL = 500, 200, 12
_HELD_BY_FIRMS = 0.2


@dataclass(slots=True)
class Technology:
    """A technology of the catalogue. ``result`` is the code of the task result that it comes from."""

    code: str
    family: Family
    title: str
    english: str
    text: str
    owner: str
    owner_province: str
    by_institution: bool
    industries: tuple[str, ...]
    known_since: date
    trl: int
    trl_date: date
    assessor: str
    disclosed: date | None
    authors: tuple[str, ...]
    result: str = ""


@dataclass(frozen=True, slots=True)
class Patent:
    """A title of protection, or an application for one."""

    number: str
    kind: str
    technology: Technology
    filed: date
    granted: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """What a firm looks for."""

    code: str
    title: str
    english: str
    text: str
    firm: Firm
    field: str
    trl: int
    budget: int
    deadline: date
    confidential: bool


def combinations() -> list[tuple[Family, int, int]]:
    """Every family with each of its objects and methods: what could be made, in a fixed shuffled order."""
    rng = stream("combinations")
    found = []
    for family in families():
        pairs = [(o, m) for o in range(len(family.objects)) for m in range(len(family.methods))]
        rng.shuffle(pairs)
        found.append([(family, o, m) for o, m in pairs])
    # rank by rank, so that the first 500 spread over all families and the rest is left for tasks
    return [group[rank] for rank in range(12) for group in found]


def title_of(family: Family, an_object: int, method: int, rng: Random) -> tuple[str, str]:
    """A technology's title in Vietnamese and English."""
    vi = fill(family.title[0], rng, o=family.objects[an_object][0], m=family.methods[method][0])
    en = fill(family.title[1], rng, o=family.objects[an_object][1], m=family.methods[method][1])
    return vi, en


def build_technologies(world: World) -> list[Technology]:
    """The technologies, each with an owner whose fields or industry it is."""
    rng = stream("technologies")
    evaluators = [item.name for item in world.intermediaries if "evaluation" in item.services]
    technologies = []
    for at, (family, an_object, method) in enumerate(combinations()[:TECHNOLOGIES]):
        owner, by_institution = _owner(rng, family, world)
        vi, en = title_of(family, an_object, method, rng)
        effects = rng.sample(family.effects, 2)
        text = fill(
            " ".join((family.problem, family.how, *effects, family.use)),
            rng,
            o=family.objects[an_object][0],
            m=family.methods[method][0],
        )
        known = day(rng, date(2014, 1, 6), date(2025, 6, 30))
        staff = [expert.code for expert in world.staff.get(owner.name, []) if family.field in expert.fields]
        technologies.append(
            Technology(
                code=f"MH-CN-{at + 1:04d}",
                family=family,
                title=vi,
                english=en,
                text=text,
                owner=owner.name,
                owner_province=owner.province,
                by_institution=by_institution,
                industries=family.industries,
                known_since=known,
                trl=rng.choices(range(3, 10), (4, 8, 14, 20, 24, 18, 12))[0],
                trl_date=min(day(rng, known, known + timedelta(days=900)), date(2026, 9, 30)),
                assessor=rng.choice(evaluators) if rng.random() < 0.6 else "",
                disclosed=None,
                authors=tuple(staff[:2]),
            )
        )
    _disclose(rng, technologies)
    return technologies


def _owner(rng: Random, family: Family, world: World) -> tuple[Institution | Firm, bool]:
    homes = [item for item in world.institutions if family.field in item.fields]
    makers = [firm for firm in world.firms if firm.industry in family.industries and firm.tax_code]
    if not homes or (makers and rng.random() < _HELD_BY_FIRMS):
        return rng.choice(makers), False
    return rng.choice(homes), True


def _disclose(rng: Random, technologies: Sequence[Technology]) -> None:
    # most were shown long ago; twelve only this year, so that a deadline for filing is still running or has just passed
    recent = set(rng.sample(range(len(technologies)), 12))
    for at, technology in enumerate(technologies):
        if at in recent:
            technology.disclosed = day(rng, date(2025, 9, 1), date(2026, 9, 30))
        elif rng.random() < 0.3:
            technology.disclosed = technology.known_since + timedelta(days=rng.randrange(30, 400))


def build_patents(technologies: Sequence[Technology]) -> list[Patent]:
    """Titles of protection over about every fifth technology; none over those that were disclosed lately."""
    rng = stream("patents")
    patents: list[Patent] = []
    for technology in technologies:
        if (technology.disclosed and technology.disclosed > date(2025, 6, 1)) or rng.random() > 0.22:
            continue
        shown = min(technology.known_since, technology.disclosed or technology.known_since)
        filed = shown - timedelta(days=rng.randrange(5, 200))
        kind = "Sáng chế" if rng.random() < 0.6 else "Giải pháp hữu ích"
        granted = filed + timedelta(days=rng.randrange(700, 1500)) if rng.random() < 0.8 else None
        if granted and granted > date(2026, 9, 1):
            granted = None
        patents.append(Patent(f"MH-{filed.year}-{len(patents) + 1:05d}", kind, technology, filed, granted))
    return patents


def build_needs(world: World) -> list[Need]:
    """The needs of firms: most in the fields of some family, some in fields that nobody serves."""
    rng = stream("needs")
    wanted: list[tuple[Family, tuple[str, str]]] = []
    sought = [family for family in families() if family.sought]
    for rank in range(3):
        wanted += [(family, family.objects[(rank + at) % 4]) for at, family in enumerate(sought)]
    lacking = [(topic, topic.objects[at % len(topic.objects)]) for topic in unserved() for at in range(7)]
    wanted = wanted[: NEEDS - len(lacking)] + lacking
    hidden = set(rng.sample(range(NEEDS), CONFIDENTIAL))
    needs = []
    for at, (family, an_object) in enumerate(wanted):
        candidates = [firm for firm in world.firms if firm.industry in family.industries and firm.tax_code]
        span = (date(2026, 12, 31), date(2028, 6, 30)) if rng.random() < 0.8 else (date(2025, 3, 1), date(2026, 9, 30))
        needs.append(
            Need(
                code=f"MH-NC-{at + 1:04d}",
                title=fill(family.need[0], rng, o=an_object[0]),
                english=fill(family.need[1], rng, o=an_object[1]),
                text=fill(family.want, rng, o=an_object[0]),
                firm=rng.choice(candidates),
                field=family.field,
                trl=rng.choices((5, 6, 7, 8, 9), (10, 25, 35, 20, 10))[0],
                budget=rng.choice((300, 500, 800, 1000, 1200, 1500, 2000, 2500, 3000, 5000, 8000)),
                deadline=day(rng, *span),
                confidential=at in hidden,
            )
        )
    return needs
