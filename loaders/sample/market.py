"""What happened in the made-up economy: recognitions, services, transfers, engagements, appointments, mergers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.sample.catalogue import Technology
from loaders.sample.projects import Task
from loaders.sample.world import Expert, Firm, Intermediary, World, day, stream

TRANSFERS, ENGAGEMENTS = 150, 250
UNRECOGNISED = ("Trung tâm Ứng dụng và chuyển giao công nghệ Cầu Ảnh", "Công ty Môi giới công nghệ Cửa Ảnh")
"""Brokers without a recognition, whose services are offered all the same."""
LAPSED = ("Trung tâm Giao dịch công nghệ Tùng Mộng", "Trung tâm Hỗ trợ đổi mới sáng tạo Biển Mộng")
"""Intermediaries whose only recognition has expired and whose services have ended: the gate shuts them out."""
REVOKED = ("Tổ chức Tăng tốc khởi nghiệp Nhịp Huyễn", "Cơ sở ươm tạo công nghệ Đá Mộng")
"""Intermediaries whose only recognition was revoked and whose services have ended."""
SILENT = ("Trung tâm Hỗ trợ khởi nghiệp sáng tạo Lửa Mộng",)
"""An intermediary with nothing but past engagements: neither recognised nor offering."""

GENERALIST = "Công ty Giám định công nghệ Gương Mộng"
"""An inspector that offers its service once more for all of engineering, not field by field."""
_LAPSED_ON, _REVOKED_ON = date(2023, 5, 9), date(2025, 3, 17)
_SERVICE_LABELS = {
    "brokerage": "Môi giới chuyển giao công nghệ",
    "consulting": "Tư vấn chuyển giao công nghệ",
    "evaluation": "Đánh giá công nghệ",
    "price-appraisal": "Thẩm định giá công nghệ",
    "inspection": "Giám định công nghệ",
    "promotion": "Xúc tiến chuyển giao công nghệ",
    "ip-representation": "Đại diện sở hữu công nghiệp",
}
_KIND_LABELS = {
    "technology-exchange": "Sàn giao dịch công nghệ",
    "technology-transaction-centre": "Trung tâm giao dịch công nghệ",
    "transfer-promotion-centre": "Trung tâm xúc tiến và hỗ trợ hoạt động chuyển giao công nghệ",
    "ip-valuation-support-centre": "Trung tâm hỗ trợ định giá tài sản trí tuệ",
    "innovation-support-centre": "Trung tâm hỗ trợ đổi mới sáng tạo",
    "incubator": "Cơ sở ươm tạo công nghệ",
    "innovation-centre": "Trung tâm đổi mới sáng tạo",
    "startup-support-centre": "Trung tâm hỗ trợ khởi nghiệp sáng tạo",
    "accelerator": "Tổ chức thúc đẩy kinh doanh",
    "university-tto": "Văn phòng chuyển giao công nghệ",
    "evaluation-body": "Tổ chức đánh giá công nghệ",
    "valuation-body": "Tổ chức thẩm định giá công nghệ",
    "inspection-body": "Tổ chức giám định công nghệ",
    "ip-representative": "Tổ chức đại diện sở hữu công nghiệp",
    "fund": "Quỹ",
}


@dataclass(frozen=True, slots=True)
class Recognition:
    number: str
    holder: str
    kind: str
    since: date
    until: date | None
    revoked: date | None


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    provider: str
    kind: str
    fields: str
    industries: str
    areas: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A signed contract; the price in million dong."""

    number: str
    technology: Technology
    giver: str
    taker: Firm
    broker: str
    form: str
    territory: str
    price: int
    broker_share: float | None
    signed: date


@dataclass(frozen=True, slots=True)
class Engagement:
    number: str
    provider: str
    client: str
    kind: str
    technology: Technology
    on: date


@dataclass(frozen=True, slots=True)
class Appointment:
    number: str
    expert: Expert
    role: str
    task: str
    policy: str
    on: date


def kind_label(kind: str) -> str:
    """What an office calls a kind of intermediary."""
    return _KIND_LABELS[kind]


def build_recognitions(world: World) -> list[Recognition]:
    """One for every kind that an intermediary is of; some have expired, some were revoked."""
    rng = stream("recognitions")
    found: list[Recognition] = []
    for item in world.intermediaries:
        if item.name in UNRECOGNISED or item.name in SILENT:
            continue
        for at, kind in enumerate(item.kinds):
            since = day(rng, date(max(item.founded, 2015), 3, 2), date(2024, 12, 20))
            until = (
                date(since.year + 5, since.month, 1)
                if since.year >= 2022
                else date(2027, 12, 31)
                if rng.random() < 0.6
                else None
            )
            revoked = None
            if item.name in LAPSED or (at == 1 and rng.random() < 0.5):
                since, until = date(2018, 5, 10), _LAPSED_ON
            elif item.name in REVOKED:
                revoked = _REVOKED_ON
            found.append(Recognition(f"{len(found) + 11}/QĐ-MH-{since.year}", item.name, kind, since, until, revoked))
    return found


def build_services(world: World, industries: Mapping[str, Sequence[str]]) -> list[Service]:
    """What intermediaries offer. ``industries``: field of science → the industries that its technologies aim at."""
    found: list[Service] = []
    for item in world.intermediaries:
        if item.name in SILENT:
            continue
        until = date(2025, 6, 30) if item.name in LAPSED or item.name in REVOKED else None
        aims = sorted({code for field in item.fields for code in industries.get(field, ())})
        for kind in item.services:
            found.append(
                Service(
                    f"MH-DV-{len(found) + 1:03d}",
                    item.name,
                    _SERVICE_LABELS[kind],
                    ";".join(item.fields),
                    ";".join(aims[:6]),
                    ";".join(item.areas),
                    date(max(item.founded, 2016), 1, 4),
                    until,
                )
            )
    label = _SERVICE_LABELS["inspection"]
    code = f"MH-DV-{len(found) + 1:03d}"
    return [*found, Service(code, GENERALIST, label, "2", "", "Việt Nam", date(2021, 3, 1), None)]


def _appeal(item: Intermediary, technology: Technology, firm: Firm, met: Counter[tuple[str, str]]) -> float:
    """How likely an intermediary is to handle a case: field first, then area, then acquaintance and size."""
    field = technology.family.field
    near = 6.0 if field in item.fields else 0.6 if field[0] in {code[0] for code in item.fields} else 0.05
    here = 2.5 if firm.province in item.areas or "Việt Nam" in item.areas else 0.4
    if item.unit_of:
        return near * here * 4 if item.unit_of == technology.owner else 0.0
    return near * here * item.weight * (1 + 5 * met[item.name, firm.name])


def _brokerage(item: Intermediary, on: date) -> float:
    """How much of its work an intermediary puts into brokerage on a day; what has lapsed or was revoked gets none."""
    ended = (item.name in LAPSED and on > _LAPSED_ON) or (item.name in REVOKED and on > _REVOKED_ON)
    return 0.0 if ended else 1.0 if "brokerage" in item.services else 0.2


def build_transfers(world: World, technologies: Sequence[Technology]) -> list[Transfer]:
    """Past transfers, in the order of signing. Which broker handled one follows field, area and acquaintance."""
    rng = stream("transfers")
    brokers = [item for item in world.intermediaries if item.brokers]
    met: Counter[tuple[str, str]] = Counter()
    sought = [item for item in technologies if item.family.sought and item.trl >= 5]
    weights = [3.0 if item.result else 1.0 for item in sought]
    days = sorted(day(rng, date(2016, 3, 1), date(2026, 9, 30)) for _ in range(TRANSFERS))
    found: list[Transfer] = []
    for at, signed in enumerate(days):
        ready = [(item, weight) for item, weight in zip(sought, weights, strict=True) if item.known_since < signed]
        technology = rng.choices([item for item, _ in ready], [weight for _, weight in ready])[0]
        taker = rng.choice(_takers(world, technology))
        broker = ""
        if rng.random() < 0.9:
            broker = rng.choices(
                brokers, [_brokerage(item, signed) * _appeal(item, technology, taker, met) for item in brokers]
            )[0].name
            met[broker, taker.name] += 1
        form = rng.choices(("Chuyển giao quyền sử dụng", "Chuyển nhượng quyền sở hữu"), (88, 12))[0]
        price = rng.choice((180, 250, 320, 450, 600, 750, 900, 1100, 1400, 1800, 2300, 3200))
        share = rng.choice((0.05, 0.08, 0.1, 0.12)) if broker and rng.random() < 0.7 else None
        territory = "Việt Nam" if rng.random() < 0.6 or not taker.tax_code else taker.province
        found.append(
            Transfer(
                f"MH-HĐ-{signed.year}-{at + 1:03d}",
                technology,
                technology.owner,
                taker,
                broker,
                form,
                territory,
                price,
                share,
                signed,
            )
        )
    return found


def _takers(world: World, technology: Technology) -> list[Firm]:
    firms = [firm for firm in world.firms if firm.industry in technology.industries and firm.name != technology.owner]
    # near firms take more often than far ones
    return [firm for firm in firms for _ in range(3 if firm.province == technology.owner_province else 1)]


def build_engagements(
    world: World, technologies: Sequence[Technology], transfers: Sequence[Transfer]
) -> list[Engagement]:
    """Services rendered: to the parties of transfers before they signed, and to others."""
    rng = stream("engagements")
    met = Counter((item.broker, item.taker.name) for item in transfers if item.broker)
    found: list[Engagement] = []
    for at in range(ENGAGEMENTS):
        if at < 90:
            transfer = transfers[at]
            technology, firm, until = transfer.technology, transfer.taker, transfer.signed
        else:
            technology = rng.choice([item for item in technologies if item.known_since < date(2026, 1, 1)])
            firm, until = rng.choice(_takers(world, technology)), date(2026, 9, 30)
        client = technology.owner if at % 3 == 2 else firm.name
        provider = rng.choices(
            world.intermediaries, [_appeal(item, technology, firm, met) for item in world.intermediaries]
        )[0]
        if at in (120, 160):
            provider = next(item for item in world.intermediaries if item.name in SILENT)
        kind = _SERVICE_LABELS[rng.choice(provider.services)]
        first = max(technology.known_since, until - timedelta(days=900))
        found.append(Engagement("", provider.name, client, kind, technology, day(rng, min(first, until), until)))
    found.sort(key=lambda item: (item.on, item.technology.code))
    return [
        Engagement(f"MH-DVHĐ-{at:03d}", item.provider, item.client, item.kind, item.technology, item.on)
        for at, item in enumerate(found, 1)
    ]


POLICIES = (
    ("MH-12/2017", "Quyết định 12/2017/QĐ-MH về hỗ trợ ươm tạo công nghệ (minh họa)", date(2017, 6, 1)),
    ("MH-05/2019", "Quyết định 05/2019/QĐ-MH về phát triển thị trường công nghệ (minh họa)", date(2019, 3, 15)),
    ("MH-21/2021", "Nghị quyết 21/2021/NQ-MH về đặt hàng nghiên cứu (minh họa)", date(2021, 9, 1)),
    ("MH-08/2023", "Quyết định 08/2023/QĐ-MH về sàn giao dịch công nghệ (minh họa)", date(2023, 5, 10)),
    ("MH-03/2026", "Nghị quyết 03/2026/NQ-MH về quỹ đổi mới sáng tạo (minh họa)", date(2026, 2, 2)),
)


def build_appointments(world: World, tasks: Sequence[Task]) -> list[Appointment]:
    """Reviewers and council members of tasks, and advisers on policies. Every twelfth reviewer works at the host."""
    rng = stream("appointments")
    found: list[Appointment] = []
    scholars = [expert for expert in world.experts if expert.title not in ("KS", "CN")]

    def add(expert: Expert, role: str, task: str, policy: str, on: date) -> None:
        found.append(Appointment(f"MH-BN-{len(found) + 1:03d}", expert, role, task, policy, on))

    for at, task in enumerate([item for item in tasks if item.result][:72]):
        assert task.result is not None
        on = task.result.accepted - timedelta(days=20)
        inside = [
            item for item in world.staff[task.host] if item.code != task.leader.code and item.stays[-1].since < on
        ]
        outside = [item for item in scholars if all(stay.organization != task.host for stay in item.stays)]
        pool = inside if at % 12 == 0 and inside else outside
        add(rng.choice(pool), "Phản biện", task.code, "", on)
        add(rng.choice(outside), "Thành viên hội đồng", task.code, "", on)
    for _, policy, on in POLICIES:
        for role in ("Tư vấn chính sách", "Tư vấn chính sách", "Phản biện"):
            add(rng.choice(scholars), role, "", policy, on - timedelta(days=90))
    return found


def reorganisations(world: World) -> list[tuple[str, str, str, str, date]]:
    """What was merged or is going to be: code, text, predecessor, successor, day."""
    same = [firm for firm in world.firms if firm.industry == "62"]
    machines = next(item for item in world.institutions if item.name == "Viện Cơ khí và Tự động hóa Kim Ảnh")
    into = next(item for item in world.institutions if item.name == "Trường Đại học Bách nghệ Vân Mộng")
    return [
        ("MH-SX-01", "Sáp nhập doanh nghiệp", same[0].name, same[1].name, date(2024, 7, 1)),
        ("MH-SX-03", "Sáp nhập doanh nghiệp đã kế thừa", same[1].name, same[2].name, date(2026, 3, 1)),
        ("MH-SX-02", "Sáp nhập viện nghiên cứu vào trường đại học", machines.name, into.name, date(2027, 1, 1)),
    ]
