"""Who may do what with the technologies of the sample: holdings, licences, lists and permits, offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from loaders.sample.catalogue import Technology
from loaders.sample.projects import NEW_LAW, Task
from loaders.sample.world import TODAY, Firm, Intermediary, World, day, stream

OWN, USE = "Sở hữu", "Sử dụng"
COUNTRY, ONE_PROVINCE, ELSEWHERE = "Việt Nam", "Hà Nội", "Thành phố Hồ Chí Minh"
UNKNOWN, CO_OWNED, ONLY_HANOI, NO_SCOPE = 20, 35, 12, 10
"""Technologies of no task: how many have no holding on record, two owners, one province only, no scope on record."""
EXCLUSIVE, EXCLUSIVE_ENDED, EXCLUSIVE_ELSEWHERE, LICENSED = 20, 6, 6, 15
RESTRICTED, PROHIBITED, ENCOURAGED, NOT_LISTED = 12, 3, 40, 380
PERMIT_VALID, PERMIT_ENDED = 5, 3
OFFERED, BROKERED = 410, 60
UNASKED_EVERY, ANNOUNCED_EVERY, NEWLY_ANNOUNCED = 5, 3, 3
REQUESTED, UNASSIGNED = "Đã đề nghị giao quyền", "Chưa giao quyền"
_GRANTED = ("Đã giao quyền sở hữu", "Đã giao quyền sử dụng")

_FORMS = (
    "Chuyển giao quyền sử dụng",
    "Chuyển nhượng quyền sở hữu",
    "Chuyển giao quyền sử dụng; Chuyển nhượng quyền sở hữu",
)
_PRICES = (250, 400, 600, 800, 950, 1200, 1500, 1800, 1950, 2400, 3000, 4500, 7000)


@dataclass(frozen=True, slots=True)
class Holding:
    """A line of the register of rights."""

    code: str
    technology: Technology
    holder: str
    power: str
    share: float | None
    exclusive: bool
    sublicensable: bool
    territory: str
    field: str
    since: date
    until: date | None
    regime: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A host's written request to be assigned a result."""

    number: str
    result: str
    host: str
    power: str
    on: date


@dataclass(frozen=True, slots=True)
class Announcement:
    """That a result was made public so that somebody might take it up."""

    number: str
    result: str
    on: date


@dataclass(frozen=True, slots=True)
class Status:
    """That a technology was compared with the lists of law."""

    technology: Technology
    listing: str
    since: date


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit of the made-up city for a restricted technology."""

    number: str
    technology: Technology
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of a technology; prices in million dong."""

    code: str
    technology: Technology
    broker: str
    forms: str
    price: int | None
    price_kind: str
    floor: int | None
    since: date
    until: date


class _Register:
    def __init__(self) -> None:
        self.holdings: list[Holding] = []

    def add(
        self,
        technology: Technology,
        holder: str,
        power: str,
        since: date,
        *,
        share: float | None = None,
        exclusive: bool = False,
        sublicensable: bool = False,
        scope: tuple[str, str] | None = None,
        until: date | None = None,
        regime: str = "",
        consent: str = "",
    ) -> None:
        territory, field = scope if scope is not None else (COUNTRY, ";".join(technology.family.ipc))
        code = f"MH-Q-{len(self.holdings) + 1:04d}"
        self.holdings.append(
            Holding(
                code,
                technology,
                holder,
                power,
                share,
                exclusive,
                sublicensable,
                territory,
                field,
                since,
                until,
                regime,
                consent,
            )
        )


def build_holdings(world: World, technologies: Sequence[Technology], tasks: Sequence[Task]) -> list[Holding]:
    """The register of rights. What passes to a host by law is on no register: there is no line for it."""
    rng = stream("rights")
    register = _Register()
    by_result = {task.result.code: task for task in tasks if task.result}
    free = [item for item in technologies if not item.result]
    for technology in technologies:
        if technology.result:
            _decision(rng, register, technology, by_result[technology.result])
    rng.shuffle(free)
    groups = _cut(free, UNKNOWN, CO_OWNED, ONLY_HANOI, NO_SCOPE)
    next(groups)
    for at, technology in enumerate(next(groups)):
        partner, share = _firm(rng, world, technology), rng.choice((0.6, 0.7, 0.5))
        for holder, part in ((technology.owner, share), (partner.name, round(1 - share, 2))):
            # in every second case the other owner has agreed to a transfer
            agreed = technology.code if holder == partner.name and at % 2 == 0 else ""
            register.add(technology, holder, OWN, technology.known_since, share=part, consent=agreed)
    for technology in next(groups):
        register.add(
            technology,
            technology.owner,
            OWN,
            technology.known_since,
            share=1.0,
            scope=(ONE_PROVINCE, ";".join(technology.family.ipc)),
        )
    for technology in next(groups):
        register.add(technology, technology.owner, OWN, technology.known_since, share=1.0, scope=("", ""))
    rest = list(next(groups))
    for technology in rest:
        register.add(technology, technology.owner, OWN, technology.known_since, share=1.0)
    _licences(rng, register, world, rest)
    return register.holdings


def _cut(items: Sequence[Technology], *sizes: int) -> Iterator[Sequence[Technology]]:
    at = 0
    for size in sizes:
        yield items[at : at + size]
        at += size
    yield items[at:]


def _firm(rng: Random, world: World, technology: Technology) -> Firm:
    users = [firm for firm in world.firms if firm.industry in technology.industries and firm.tax_code]
    return rng.choice([firm for firm in users if firm.name != technology.owner])


def _decision(rng: Random, register: _Register, technology: Technology, task: Task) -> None:
    assert task.result is not None
    decided = task.result.accepted + timedelta(days=rng.randrange(40, 220))
    if task.approved >= NEW_LAW or decided > TODAY:
        return
    if task.result.rights == _GRANTED[0]:
        register.add(technology, task.host, OWN, decided, share=1.0, regime="Giao quyền theo đề nghị")
    elif task.result.rights == _GRANTED[1]:
        register.add(technology, task.host, USE, decided, regime="Giao quyền theo đề nghị")


def build_requests(tasks: Sequence[Task]) -> list[Request]:
    """Requests for results whose register says that they were requested or decided; some of the latter have no request on record.

    All come before the decision, which is taken forty days after acceptance or later.
    """
    asked = []
    for at, task in enumerate(tasks):
        result = task.result
        if result is None or task.approved >= NEW_LAW or (result.rights in _GRANTED and at % UNASKED_EVERY == 0):
            continue
        if result.rights in _GRANTED or result.rights == REQUESTED:
            power = USE if result.rights == _GRANTED[1] else OWN
            number = f"{result.code}/ĐN"
            asked.append(Request(number, result.code, task.host, power, result.accepted + timedelta(days=10 + at % 25)))
    return [item for item in asked if item.on <= TODAY]


def build_announcements(tasks: Sequence[Task], technologies: Sequence[Technology]) -> list[Announcement]:
    """Every third result that nobody was assigned, half a year after its acceptance; and the latest whose technology nobody has shown.

    These last, under the new law, are announced at once, so that their deadline for filing runs from the announcement.
    """
    waiting = [task.result for task in tasks if task.result and task.result.rights == UNASSIGNED]
    announced = [(item.code, item.accepted + timedelta(days=180)) for item in waiting[::ANNOUNCED_EVERY]]
    unseen = {item.result for item in technologies if item.disclosed is None}
    new = [task.result for task in tasks if task.result and task.approved >= NEW_LAW and task.result.code in unseen]
    new.sort(key=lambda result: result.accepted)
    announced += [(item.code, item.accepted + timedelta(days=20)) for item in new[-NEWLY_ANNOUNCED:]]
    past = sorted((on, code) for code, on in announced if on <= TODAY)
    return [Announcement(f"MH-TB-{at:03d}", code, on) for at, (on, code) in enumerate(past, 1)]


def _licences(rng: Random, register: _Register, world: World, technologies: Sequence[Technology]) -> None:
    for at, technology in enumerate(technologies[: EXCLUSIVE + EXCLUSIVE_ENDED + EXCLUSIVE_ELSEWHERE + LICENSED]):
        firm = _firm(rng, world, technology)
        since = day(rng, technology.known_since + timedelta(days=60), date(2025, 12, 31))
        scope = (COUNTRY, ";".join(technology.family.ipc))
        if at < EXCLUSIVE:
            register.add(technology, firm.name, USE, since, exclusive=True, scope=scope, until=date(2030, 12, 31))
        elif at < EXCLUSIVE + EXCLUSIVE_ENDED:
            register.add(technology, firm.name, USE, since, exclusive=True, scope=scope, until=date(2026, 3, 31))
        elif at < EXCLUSIVE + EXCLUSIVE_ENDED + EXCLUSIVE_ELSEWHERE:
            register.add(
                technology, firm.name, USE, since, exclusive=True, scope=(ELSEWHERE, scope[1]), until=date(2029, 6, 30)
            )
        else:
            register.add(
                technology, firm.name, USE, since, sublicensable=at % 2 == 0, scope=scope, until=date(2031, 6, 30)
            )


def build_statuses(technologies: Sequence[Technology]) -> tuple[list[Status], list[Permit]]:
    """Which technologies were compared with the lists, and permits for restricted ones. The others are not assessed."""
    rng = stream("lists")
    shuffled = list(technologies)
    rng.shuffle(shuffled)
    groups = _cut(shuffled, RESTRICTED, PROHIBITED, ENCOURAGED, NOT_LISTED)
    restricted = next(groups)
    statuses = [
        Status(item, "Hạn chế chuyển giao", day(rng, date(2021, 1, 4), date(2025, 12, 31))) for item in restricted
    ]
    for listing in ("Cấm chuyển giao", "Khuyến khích chuyển giao", "Không thuộc danh mục"):
        statuses += [Status(item, listing, day(rng, date(2021, 1, 4), date(2025, 12, 31))) for item in next(groups)]
    permits = []
    for at, technology in enumerate(restricted[: PERMIT_VALID + PERMIT_ENDED]):
        until = date(2028, 12, 31) if at < PERMIT_VALID else date(2025, 12, 31)
        permits.append(Permit(f"MH-GP-{at + 1:02d}", technology, date(2024, 1, 15), until))
    return sorted(statuses, key=lambda status: status.technology.code), permits


def build_offers(world: World, technologies: Sequence[Technology]) -> list[Offer]:
    """Offers of most technologies; some through a broker of the field, some already ended."""
    rng = stream("offers")
    offered = sorted(rng.sample(range(len(technologies)), OFFERED))
    brokered = set(rng.sample(offered, BROKERED))
    offers = []
    for at, index in enumerate(offered):
        technology = technologies[index]
        price = rng.choice(_PRICES) if rng.random() < 0.9 else None
        since = max(technology.known_since, day(rng, date(2022, 1, 4), date(2026, 8, 31)))
        ended = rng.random() < 0.08
        offers.append(
            Offer(
                code=f"MH-CB-{at + 1:04d}",
                technology=technology,
                broker=_broker(rng, world, technology).name if index in brokered else "",
                forms=rng.choices(_FORMS, (70, 12, 18))[0],
                price=price,
                price_kind="" if price is None else rng.choice(("tham khảo", "tham khảo", "cố định")),
                floor=None if price is None else int(price * rng.choice((0.6, 0.7, 0.75, 0.8))),
                since=since,
                until=since + timedelta(days=30) if ended else date(2027, 12, 31),
            )
        )
    return offers


def _broker(rng: Random, world: World, technology: Technology) -> Intermediary:
    brokers = [item for item in world.intermediaries if item.brokers and not item.unit_of]
    return rng.choice([item for item in brokers if technology.family.field in item.fields] or brokers)
