"""Who lives in the made-up economy: universities and institutes, firms, intermediaries, experts. All is invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from loaders.sample.texts import read_toml

YES, NO = "có", "không"
SEED = "ketnoi-sample-1"
TODAY = date(2026, 11, 1)
"""The day on which the offices of the sample drew up their files."""

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_TAX_PREFIX = "99"
"""No tax office has this number, so no real firm has such a code."""
_FORMS = ("Công ty Cổ phần", "Công ty TNHH", "Công ty TNHH", "Công ty Cổ phần")
_ENGLISH_FORMS = {"Công ty Cổ phần": "Joint Stock Company", "Công ty TNHH": "Company Limited"}
_PARKS = (
    "Khu công nghệ cao Hòa Lạc",
    "Khu công nghiệp Thăng Long",
    "Khu công nghiệp Nội Bài",
    "Khu công nghiệp Quang Minh",
    "Khu công nghệ cao Hòa Lạc",
    "Khu công nghệ thông tin tập trung Cầu Giấy",
    "Khu công nghiệp Thạch Thất – Quốc Oai",
)
_ROLES = ("Giảng viên", "Nghiên cứu viên", "Giảng viên", "Nghiên cứu viên", "Lãnh đạo")
_ABROAD = ("Nhật Bản", "Hàn Quốc", "Đức", "Singapore")
_ABROAD_ENDS = ("Kikaku KK", "Saram Gisul", "Werkbild GmbH", "Pixelton Pte Ltd")


@dataclass(frozen=True, slots=True)
class Institution:
    """A university or institute."""

    name: str
    english: str
    acronym: str
    kind: str
    founded: int
    fields: tuple[str, ...]
    province: str

    @property
    def is_university(self) -> bool:
        return self.kind == "Trường đại học"


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise."""

    name: str
    english: str
    tax_code: str
    industry: str
    province: str
    park: str
    founded: int
    employees: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Intermediary:
    """An intermediary. ``weight`` is how much of the market goes through its hands."""

    name: str
    english: str
    kinds: tuple[str, ...]
    services: tuple[str, ...]
    fields: tuple[str, ...]
    areas: tuple[str, ...]
    province: str
    unit_of: str
    controlled_by: str
    founded: int
    weight: float

    @property
    def brokers(self) -> bool:
        return "brokerage" in self.services or "consulting" in self.services


@dataclass(frozen=True, slots=True)
class Stay:
    """That an expert belonged to an organisation for a time."""

    organization: str
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Expert:
    """A person with fields of work."""

    code: str
    name: str
    title: str
    fields: tuple[str, ...]
    languages: str
    telephone: str
    email: str
    stays: tuple[Stay, ...]

    @property
    def employer(self) -> str:
        return self.stays[-1].organization


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, in a fixed order."""

    institutions: tuple[Institution, ...]
    firms: tuple[Firm, ...]
    intermediaries: tuple[Intermediary, ...]
    experts: tuple[Expert, ...]
    authorities: tuple[dict[str, str], ...]
    staff: dict[str, list[Expert]] = field(default_factory=dict)

    @property
    def department(self) -> str:
        """The made-up city's department of science and technology."""
        return self.authorities[1]["name"]


def stream(topic: str) -> Random:
    """A source of numbers for one topic, so that a change of one leaves the others as they were."""
    return Random(f"{SEED}/{topic}")


def day(rng: Random, first: date, last: date) -> date:
    """A working day between two days."""
    found = first + timedelta(days=rng.randrange((last - first).days + 1))
    weekend = max(0, found.weekday() - 4)
    return found - timedelta(days=weekend) if found - timedelta(days=weekend) >= first else found


def tax_code(number: int) -> str | None:
    """A tax code with its check digit; there is none for one number in eleven."""
    digits = f"{_TAX_PREFIX}{number:07d}"
    rest = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits, strict=True)) % 11
    return None if rest == 0 else f"{digits}{10 - rest}"


def build_world() -> World:
    """Build everybody."""
    data = read_toml("world.toml")
    institutions = tuple(
        Institution(name, english, acronym, kind, founded, tuple(fields.split()), province)
        for name, english, acronym, kind, founded, fields, province in data["universities"]["rows"]
    )
    firms = tuple(_firms(data["firms"]))
    intermediaries = tuple(_intermediaries(data["intermediaries"]["rows"], institutions, firms))
    experts = tuple(_experts(data["persons"], institutions, firms, intermediaries))
    world = World(institutions, firms, intermediaries, experts, tuple(data["authority"]))
    for expert in experts:
        world.staff.setdefault(expert.employer, []).append(expert)
    return world


def _firms(data: dict[str, Any]) -> list[Firm]:
    rng = stream("firms")
    brands = [a + b for a in data["first"] for b in data["second"]]
    rng.shuffle(brands)
    provinces = [str(name) for name, _ in data["provinces"]]
    shares = [int(share) for _, share in data["provinces"]]
    codes = (code for code in map(tax_code, range(1, 10_000)) if code)
    firms: list[Firm] = []
    for industry, sector, english, count in data["rows"]:
        for _ in range(int(count)):
            brand, form = brands.pop(), rng.choice(_FORMS)
            province = rng.choices(provinces, shares)[0]
            employees = int(rng.lognormvariate(4.2, 1.1)) + 5
            firms.append(
                Firm(
                    name=f"{form} {sector} {brand}",
                    english=f"{brand} {english} {_ENGLISH_FORMS[form]}",
                    tax_code=next(codes),
                    industry=industry,
                    province=province,
                    park=rng.choice(_PARKS) if province == "Hà Nội" and rng.random() < 0.45 else "",
                    founded=rng.randint(1992, 2022),
                    employees=employees,
                    revenue=employees * rng.randrange(250, 1500, 10),
                )
            )
    for at, (country, ending) in enumerate(zip(_ABROAD, _ABROAD_ENDS, strict=True)):
        place = 40 + 60 * at
        old = firms[place]
        brand = old.name.rsplit(" ", 1)[1]
        name = f"{brand} {ending}"
        firms[place] = replace(old, name=name, english=name, tax_code="", province=country, park="")
    return firms


def _intermediaries(
    rows: list[list[str]], institutions: Sequence[Institution], firms: Sequence[Firm]
) -> list[Intermediary]:
    rng = stream("intermediaries")
    owner = next(firm for firm in firms if firm.industry == "25" and firm.province == "Hà Nội")
    found: list[Intermediary] = []
    for at, (name, english, kind, further, services, fields, areas, province, unit) in enumerate(rows):
        found.append(
            Intermediary(
                name=name,
                english=english,
                kinds=(kind, *further.split()),
                services=tuple(services.split()),
                fields=tuple(fields.split()),
                areas=tuple(areas.split(";")),
                province=province,
                unit_of=institutions[int(unit) - 1].name if unit else "",
                controlled_by=owner.name if at == len(rows) - 1 else "",
                founded=rng.randint(2003, 2021),
                weight=rng.choice((1.0, 1.0, 1.5, 2.0, 3.0)),
            )
        )
    return found


def _experts(
    data: dict[str, list[str]],
    institutions: Sequence[Institution],
    firms: Sequence[Firm],
    intermediaries: Sequence[Intermediary],
) -> list[Expert]:
    rng = stream("experts")
    names = [f"{a} {b} {c}" for a in data["surnames"] for b in data["middles"] for c in data["given"]]
    rng.shuffle(names)
    experts: list[Expert] = []
    for at in range(400):
        if at < 330:
            home = institutions[at % len(institutions)]
            fields, organization, academic = home.fields, home.name, True
        elif at < 365:
            broker = intermediaries[at % len(intermediaries)]
            fields, organization, academic = broker.fields, broker.name, False
        else:
            firm = firms[rng.randrange(len(firms))]
            fields, organization, academic = (rng.choice(institutions).fields[0],), firm.name, False
        titles = data["titles"] if academic else ["KS", "CN", "ThS", "ThS", "TS"]
        experts.append(
            Expert(
                code=f"MH-CG-{at + 1:04d}",
                name=names[at],
                title=rng.choice(titles),
                fields=tuple(sorted(rng.sample(fields, min(len(fields), rng.choice((1, 1, 2, 3)))))),
                languages="Tiếng Việt; Tiếng Anh" if rng.random() < 0.8 else "Tiếng Việt; Tiếng Nhật",
                telephone=f"024 0000 {at + 1:04d}" if rng.random() < 0.6 else "",
                email=f"cg{at + 1:04d}@minh-hoa.example" if rng.random() < 0.6 else "",
                stays=tuple(_stays(rng, organization, academic, institutions)),
            )
        )
    return experts


def _stays(rng: Random, organization: str, academic: bool, institutions: Sequence[Institution]) -> list[Stay]:
    role = rng.choice(_ROLES) if academic else "Nhân viên"
    since = day(rng, date(2005, 1, 3), date(2023, 12, 29))
    stays = []
    if rng.random() < 0.4:
        others = [item.name for item in institutions if item.name != organization]
        left = since - timedelta(days=rng.randrange(1, 120))
        stays.append(Stay(rng.choice(others), "Nghiên cứu viên", left - timedelta(days=rng.randrange(900, 3500)), left))
    return [*stays, Stay(organization, role, since, None)]
