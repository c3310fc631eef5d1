"""The S&T tasks of the made-up city: 350 of 2016–2020 and 40 approved since, with results and acceptances."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from loaders.sample.catalogue import TECHNOLOGIES, Technology, combinations, title_of
from loaders.sample.texts import Family, fill, read_toml
from loaders.sample.world import TODAY, Expert, Institution, World, day, stream

NATURAL, SOCIAL, TRIAL = "Khoa học tự nhiên và công nghệ", "Khoa học xã hội và nhân văn", "Dự án sản xuất thử nghiệm"
CITY, BASE = "Cấp thành phố", "Cấp cơ sở"
REGISTER_2016 = {
    (NATURAL, CITY): 208,
    (NATURAL, BASE): 6,
    (SOCIAL, CITY): 83,
    (SOCIAL, BASE): 2,
    (TRIAL, CITY): 49,
    (TRIAL, BASE): 2,
}
"""How many tasks of each type and level were approved from 2016 to 2020: 350."""
REGISTER_2021 = {(NATURAL, CITY): 24, (SOCIAL, CITY): 8, (TRIAL, CITY): 8}
"""Since 2021: 40, of which 12 from 1 October 2025 on."""
NEW_LAW = date(2025, 10, 1)
NEW_LAW_DAYS = (
    date(2025, 9, 30),
    date(2025, 10, 1),
    date(2025, 10, 2),
    date(2025, 10, 20),
    date(2025, 11, 14),
    date(2025, 12, 12),
    date(2026, 1, 15),
    date(2026, 2, 6),
    date(2026, 3, 10),
    date(2026, 4, 17),
    date(2026, 5, 22),
    date(2026, 6, 30),
    date(2026, 8, 14),
)
"""Days of approval around the change of law: one the day before it, then the first day and eleven more."""

_RIGHTS = ("Đã giao quyền sở hữu", "Đã giao quyền sử dụng", "Đã đề nghị giao quyền", "Chưa giao quyền")
_FINAL = {
    "Đã nghiệm thu": 0.9,
    "Đã hoàn thành, chờ nghiệm thu": 0.05,
    "Nghiệm thu không đạt": 0.03,
    "Dừng thực hiện": 0.02,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a task brought. ``applicable`` is None where nobody assessed it, ``adopter`` empty where no use is known."""

    code: str
    name: str
    grade: str
    accepted: date
    applicable: bool | None
    rights: str
    adopter: str = ""
    place: str = ""
    applied: date | None = None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the register. Amounts are in million dong."""

    code: str
    name: str
    field: str
    kind: str
    level: str
    host: str
    leader: Expert
    approved: date
    start: date
    end: date
    state_money: float
    own_money: float
    partner: str
    state: str
    result: Result | None

    @property
    def budget(self) -> float:
        return self.state_money + self.own_money

    @property
    def proposed(self) -> date:
        """Six weeks to a third of a year before the approval."""
        return self.approved - timedelta(days=45 + int(self.code[-3:]) % 80)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A task before its details: what it is about, and the technology that comes of it."""

    kind: str
    level: str
    name: str
    field: str
    industries: tuple[str, ...]
    host: Institution
    technology: Technology | None


def build_tasks(world: World, technologies: Sequence[Technology]) -> tuple[list[Task], list[Task]]:
    """Both registers. A technology that comes out of a task learns its result's code and is known since then."""
    rng = stream("tasks")
    sources = [item for item in technologies if item.by_institution]
    rng.shuffle(sources)
    spare = iter(combinations()[TECHNOLOGIES:])
    subjects = _social_subjects(rng)
    early = _plans(rng, world, REGISTER_2016, sources[:170], spare, subjects)
    late = _plans(rng, world, REGISTER_2021, sources[170:192], spare, subjects)
    days = sorted(day(rng, date(2016, 1, 11), date(2020, 12, 25)) for _ in early)
    first = [_task(rng, world, plan, on, at) for at, (plan, on) in enumerate(zip(early, days, strict=True), 1)]
    # those approved under the new law are mostly about a technology, so that its rule has something to work on
    late.sort(key=lambda plan: plan.technology is not None and rng.random() < 0.6)
    days = sorted(
        [*(day(rng, date(2021, 1, 4), date(2025, 6, 30)) for _ in range(len(late) - len(NEW_LAW_DAYS))), *NEW_LAW_DAYS]
    )
    second = [_task(rng, world, plan, on, at) for at, (plan, on) in enumerate(zip(late, days, strict=True), 501)]
    return first, second


def _social_subjects(rng: Random) -> Iterator[tuple[str, str]]:
    data = read_toml("social_tasks.toml")
    names = [(frame.replace("{s}", subject), field) for frame in data["frames"] for subject, field in data["subjects"]]
    rng.shuffle(names)
    # the sample needs more social tasks than there are pairs: the second time they are follow-ups
    return iter([*names, *((f"{name} (giai đoạn 2)", field) for name, field in names)])


def _plans(
    rng: Random,
    world: World,
    counts: dict[tuple[str, str], int],
    technologies: Sequence[Technology],
    spare: Iterator[tuple[Family, int, int]],
    subjects: Iterator[tuple[str, str]],
) -> list[_Plan]:
    slots = [slot for slot, count in counts.items() for _ in range(count)]
    rng.shuffle(slots)
    homes = {item.name: item for item in world.institutions}
    humanists = [item for item in world.institutions if item.fields[0][0] in "56"]
    known = {field for item in world.institutions for field in item.fields}
    ready = iter(technologies)
    plans = []
    for kind, level in slots:
        if kind == SOCIAL:
            name, field = next(subjects)
            plans.append(_Plan(kind, level, name, field, (), rng.choice(humanists), None))
            continue
        technology = next(ready, None)
        if technology is not None:
            family, title, host = technology.family, technology.title, homes[technology.owner]
        else:
            family, an_object, method = next(item for item in spare if item[0].field in known)
            title = title_of(family, an_object, method, rng)[0]
            host = rng.choice([item for item in world.institutions if family.field in item.fields])
        plans.append(
            _Plan(kind, level, _task_name(rng, kind, title), family.field, family.industries, host, technology)
        )
    rng.shuffle(plans)
    return plans


def _task_name(rng: Random, kind: str, title: str) -> str:
    beginning = rng.choice(("Nghiên cứu phát triển", "Nghiên cứu thử nghiệm", "Nghiên cứu hoàn thiện"))
    if kind == TRIAL:
        beginning = "Sản xuất thử nghiệm"
    return f"{beginning} {title[0].lower() if title[1:2].islower() else title[0]}{title[1:]}"


def _task(rng: Random, world: World, plan: _Plan, approved: date, at: int) -> Task:
    start = approved + timedelta(days=rng.randrange(10, 60))
    quick = approved >= NEW_LAW and plan.technology is not None
    end = start + timedelta(days=rng.randrange(110, 170) if quick else rng.randrange(540, 920))
    accepted = end + timedelta(days=rng.randrange(20, 50) if quick else rng.randrange(30, 160))
    state, result = "Đang thực hiện", None
    if accepted <= TODAY:
        state = "Đã nghiệm thu" if quick else rng.choices(list(_FINAL), list(_FINAL.values()))[0]
    code = f"MH.{approved.year}.{at:03d}"
    if state in ("Đã nghiệm thu", "Nghiệm thu không đạt"):
        result = _result(rng, world, plan, code, accepted, state == "Đã nghiệm thu", approved)
        if plan.technology is not None and state == "Đã nghiệm thu":
            technology = plan.technology
            technology.result, technology.known_since = result.code, accepted
            technology.trl_date = min(accepted + timedelta(days=rng.randrange(0, 200)), TODAY - timedelta(days=20))
            if technology.disclosed and technology.disclosed < date(2025, 9, 1):
                technology.disclosed = min(accepted + timedelta(days=rng.randrange(10, 100)), TODAY)
    state_money, own_money, partner = _money(rng, world, plan)
    staff = world.staff[plan.host.name]
    team = [expert for expert in staff if expert.stays[-1].since <= approved] or staff
    able = [expert for expert in team if plan.field in expert.fields] or team
    return Task(
        code,
        plan.name,
        plan.field,
        plan.kind,
        plan.level,
        plan.host.name,
        rng.choice(able),
        approved,
        start,
        end,
        state_money,
        own_money,
        partner,
        state,
        result,
    )


def _money(rng: Random, world: World, plan: _Plan) -> tuple[float, float, str]:
    if plan.level == BASE:
        return float(rng.randrange(80, 250, 5)), 0.0, ""
    if plan.kind == SOCIAL:
        return rng.randrange(700, 1900) / 2 + 200, 0.0, ""
    if plan.kind == NATURAL:
        return float(rng.randrange(900, 3200, 10)), 0.0, ""
    partners = [firm for firm in world.firms if firm.industry in plan.industries and firm.tax_code]
    return float(rng.randrange(1500, 4200, 20)), float(rng.randrange(900, 4200, 20)), rng.choice(partners).name


def _result(rng: Random, world: World, plan: _Plan, task: str, accepted: date, passed: bool, approved: date) -> Result:
    name = plan.technology.title if plan.technology else " ".join(plan.name.split()[4:])
    if plan.kind == SOCIAL:
        name = rng.choice(read_toml("social_tasks.toml")["results"])
    name = f"Kết quả nhiệm vụ {task}: {name[0].lower()}{name[1:]}"
    code = f"KQ.{task}"
    if not passed:
        return Result(code, name, "Không đạt", accepted, False, "")
    grade = rng.choices(("Xuất sắc", "Khá", "Đạt"), (15, 55, 30))[0]
    applicable = True if plan.technology else rng.choices((True, False, None), (74, 15, 11))[0]
    rights = ""
    if approved < NEW_LAW:
        rights = rng.choices(_RIGHTS, (58, 12, 8, 22))[0]
    if not applicable or rng.random() > 0.8:
        return Result(code, name, grade, accepted, applicable, rights)
    adopter, place = world.department, ""
    users = [firm for firm in world.firms if firm.industry in plan.industries and firm.tax_code]
    if users and plan.kind != SOCIAL:
        firm = rng.choice(users)
        adopter, place = firm.name, firm.province
    effects = ("làm căn cứ cho {2-8} quy định", "tập huấn {20-90} cán bộ")
    if place:
        effects = ("giảm chi phí {5-30} %", "tăng năng suất {5-30} %")
    effect = fill(rng.choice(effects), rng)
    applied = min(accepted + timedelta(days=rng.randrange(30, 700)), TODAY)
    return Result(code, name, grade, accepted, applicable, rights, adopter, place, applied, effect)
