"""The tables of the sample, row by row. Every row of a made-up table says so in its last column."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from loaders.sample import market
from loaders.sample.catalogue import Need, Patent, Technology
from loaders.sample.expertise import build_claims
from loaders.sample.projects import CITY, NATURAL, SOCIAL, TRIAL, Task
from loaders.sample.readiness import Assessment
from loaders.sample.rights import Announcement, Holding, Offer, Permit, Request, Status
from loaders.sample.sheets import Cell, Sheet
from loaders.sample.spelling import Respeller
from loaders.sample.texts import read_toml
from loaders.sample.world import NO, YES, World

MARK = "Minh họa"
SOURCE = "minh-hoa"
"""Sources of made-up files begin so."""

REPORT_SHORT_BY = 250
"""Million dong by which the report's budget is wrong besides the tasks that it leaves out."""
REPORT_UNTIL = date(2020, 12, 31)
FAILED = "Không đạt"
UNCLASSIFIED, STRADDLING, SECOND_FIELD = 60, 40, "5.2"
"""Last two figures of the codes of tasks without a field and of tasks with two, and the second field of these."""
PROGRAMMES = {
    "1": "Chương trình MH-01 Công nghệ số và dữ liệu (hư cấu)",
    "2": "Chương trình MH-02 Công nghiệp và vật liệu (hư cấu)",
    "3": "Chương trình MH-03 Y dược (hư cấu)",
    "4": "Chương trình MH-04 Nông nghiệp công nghệ cao (hư cấu)",
}
CERTIFIED_EVERY = 4
"""Of the results that technologies come from, every so many have a registration certificate, and those of transfers abroad."""
CONSENT = date(2026, 1, 5)
"""The day on which the experts agreed that their contacts are kept: the first Monday under the Personal Data Law."""
DISPUTED = 4
"""Technologies of firms of which a university says that it owns them."""


def _sheet(name: str, rows: Iterable[Sequence[Cell]]) -> Sheet:
    tables = read_toml("tables.toml")
    spec = tables[name]
    headers = tables[spec.get("like", name)]["headers"].replace("\n", " ").split(" | ")
    marked = [[*row, YES] for row in rows]
    return Sheet(spec["kind"], name, f"{SOURCE}/{name}", [*headers, MARK], marked, spec.get("title", ()))


def _yes_no(value: bool | None) -> str:
    return "" if value is None else YES if value else NO


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.0f} %"


def society(world: World) -> list[Sheet]:
    """Authorities, universities and institutes, firms, intermediaries, experts with where they worked and what they claim."""
    note = "Cơ quan của một thành phố hư cấu, không có địa giới."
    authorities: list[Sequence[Cell]] = []
    for a in world.authorities:
        authorities.append((a["name"], a["english"], a["acronym"], a["kind"], a["site"], a["unit_of"], note))
    institutions: list[Sequence[Cell]] = []
    for at, i in enumerate(world.institutions, 1):
        home = f"https://truong-{at:02d}.minh-hoa.example"
        fields = ";".join(i.fields)
        institutions.append(
            (i.name, i.english, i.acronym, i.kind, i.founded, fields, i.province, home, f"024 0001 {at:04d}")
        )
    firms: list[Sequence[Cell]] = []
    for at, f in enumerate(world.firms, 1):
        address = f"Số {at}, đường Minh Họa, {f.province}"
        place = (f.province, address, f.park)
        size = (f.founded, f.employees, f.revenue)
        firms.append((f"MH-DN-{at:03d}", f.name, f.english, f.tax_code, f.industry, *place, *size))
    return [
        _sheet("co-quan-thanh-pho-minh-hoa", authorities),
        _sheet("truong-vien", institutions),
        _sheet("doanh-nghiep", firms),
        _sheet("danh-ba-to-chuc-trung-gian", _directory(world)),
        _sheet(
            "chuyen-gia",
            [
                (e.code, e.name, e.title, ";".join(e.fields), e.languages, e.telephone, e.email, CONSENT)
                for e in world.experts
            ],
        ),
        _sheet(
            "qua-trinh-cong-tac",
            [(e.code, s.organization, s.role, s.since, s.until) for e in world.experts for s in e.stays],
        ),
        _sheet(
            "khai-bao-chuyen-mon",
            [(c.code, c.expert.code, c.field, c.proof, c.since, c.until) for c in build_claims(world)],
        ),
    ]


def _directory(world: World) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for at, i in enumerate(world.intermediaries, 1):
        host = f"trung-gian-{at:02d}.minh-hoa.example"
        languages = "Tiếng Việt; Tiếng Anh" if at % 3 else "Tiếng Việt; Tiếng Anh; Tiếng Nhật"
        ties = (i.unit_of, i.controlled_by, i.founded, ";".join(i.fields), i.province)
        contacts = (f"https://{host}", f"024 0002 {at:04d}", f"lien-he@{host}")
        rows.append((i.name, i.english, market.kind_label(i.kinds[0]), *ties, *contacts, languages))
    return rows


def _fields(task: Task) -> str:
    """The register's cell of fields: one in a hundred lacks it, one in a hundred names a second field besides."""
    place = int(task.code.rsplit(".", 1)[1]) % 100
    return "" if place == UNCLASSIFIED else f"{task.field};{SECOND_FIELD}" if place == STRADDLING else task.field


def _programme(task: Task) -> str:
    """The programme of a city task by the group of its field; social science and base tasks belong to none."""
    return PROGRAMMES.get(task.field.split(".")[0], "") if task.level == CITY else ""


def _task_row(world: World, task: Task, host: str) -> list[Cell]:
    row: list[Cell] = [task.code, task.name, _fields(task), task.kind, task.level, host, world.department]
    row += [task.leader.code, task.leader.name, _programme(task), task.proposed, task.approved, task.start, task.end]
    row += [task.budget, task.state_money, task.own_money or None, task.partner, task.state]
    result = task.result
    if result is None:
        return [*row, *[None] * 11]
    row += [
        result.accepted,
        f"{result.code}/QĐ-NT",
        result.grade,
        result.code,
        result.name,
        _yes_no(result.applicable),
        result.rights,
    ]
    return [*row, result.adopter, result.place, result.applied, result.effect]


def registers(world: World, early: Sequence[Task], late: Sequence[Task]) -> list[Sheet]:
    """The registers of tasks, and the report that the made-up city drew up from the first one."""
    respell = Respeller(40, ((item.name, item.acronym) for item in world.institutions))
    period = ("01/01/2016", "31/12/2020", "", world.department, "Báo cáo tổng hợp của thành phố hư cấu.")
    first = [_task_row(world, task, respell(at, task.host)) for at, task in enumerate(early, 1)]
    return [
        _sheet("nhiem-vu-khcn-2016-2020", first),
        _sheet("nhiem-vu-khcn-2021-2026", [_task_row(world, task, task.host) for task in late]),
        _sheet("bao-cao-tong-hop-2020", [(*row, *period) for row in report_figures(early)]),
    ]


def left_out_of_report(early: Sequence[Task]) -> list[Task]:
    """Two tasks that the report forgot: the last natural-science and the last trial-production task of city level."""
    city = [task for task in early if task.level == CITY]
    return [[task for task in city if task.kind == kind][-1] for kind in (NATURAL, TRIAL)]


def report_figures(early: Sequence[Task]) -> list[tuple[str, str, Cell, str]]:
    """The figures of the made-up city's report: those of its register, but for what is planted."""
    missing = left_out_of_report(early)
    counted = [task for task in early if task.level == CITY and task not in missing]
    by_kind = {kind: sum(1 for task in counted if task.kind == kind) for kind in (NATURAL, SOCIAL, TRIAL)}
    budget = sum(task.budget for task in counted) - REPORT_SHORT_BY
    results = [task.result for task in counted if task.result and task.result.accepted <= REPORT_UNTIL]
    accepted = [result for result in results if result.grade != FAILED]
    applied = [result for result in accepted if result.applied and result.applied <= REPORT_UNTIL]
    return [
        ("tasks.total", "Số nhiệm vụ khoa học và công nghệ cấp thành phố", len(counted), "nhiệm vụ"),
        ("tasks.natural-st", "Số nhiệm vụ khoa học tự nhiên và công nghệ", by_kind[NATURAL], "nhiệm vụ"),
        ("tasks.social", "Số nhiệm vụ khoa học xã hội và nhân văn", by_kind[SOCIAL], "nhiệm vụ"),
        ("tasks.trial-production", "Số dự án sản xuất thử nghiệm", by_kind[TRIAL], "nhiệm vụ"),
        ("tasks.budget", "Tổng kinh phí nhiệm vụ", budget, "triệu đồng"),
        (
            "results.applied-share",
            "Tỷ lệ kết quả nghiệm thu được ứng dụng (trên)",
            100 * len(applied) // len(accepted),
            "%",
        ),
    ]


def catalogue(
    technologies: Sequence[Technology],
    assessments: Sequence[Assessment],
    patents: Sequence[Patent],
    offers: Sequence[Offer],
    needs: Sequence[Need],
) -> list[Sheet]:
    """Technologies of institutions and of firms, later assessments, their protection, offers, and needs."""
    rows: dict[bool, list[Sequence[Cell]]] = {True: [], False: []}
    for t in technologies:
        classes = (t.family.field, ";".join(t.family.ipc), ";".join(t.industries))
        maturity = (t.trl, t.trl_date, t.assessor)
        texts = (t.code, t.title, t.english, t.text)
        rows[t.by_institution].append((*texts, *classes, *maturity, t.disclosed, ";".join(t.authors), t.result))
    offered: list[Sequence[Cell]] = []
    for o in offers:
        price = (o.price, o.price_kind, o.floor)
        offered.append((o.code, o.technology.code, o.technology.owner, o.broker, o.forms, *price, o.since, o.until))
    wanted: list[Sequence[Cell]] = []
    for n in needs:
        terms = (n.field, n.firm.industry, n.trl, n.budget, n.deadline, _yes_no(n.confidential))
        wanted.append((n.code, n.title, n.english, n.text, n.firm.name, *terms))
    return [
        _sheet("cong-nghe-truong-vien", rows[True]),
        _sheet("cong-nghe-doanh-nghiep", rows[False]),
        _sheet("phieu-danh-gia-trl", [(a.code, a.technology.code, a.trl, a.on, a.assessor) for a in assessments]),
        _sheet("van-bang-bao-ho", [(p.number, p.kind, p.technology.code, p.filed, p.granted) for p in patents]),
        _sheet("chao-ban-cong-nghe", offered),
        _sheet("nhu-cau-cong-nghe", wanted),
    ]


def _right_row(item: Holding) -> list[Cell]:
    row: list[Cell] = [item.code, item.technology.code, item.holder, item.power, _percent(item.share)]
    row += [_yes_no(item.exclusive), _yes_no(item.sublicensable), item.territory, item.field]
    decided = item.code.replace("MH-Q", "MH-QĐ") if item.regime else ""
    return [*row, item.since, item.until, item.regime, item.consent, decided]


def claims(world: World, holdings: Sequence[Holding]) -> list[list[Cell]]:
    """What universities declare against the register: another owner of the same technology."""
    firms = {firm.name for firm in world.firms}
    lines = Counter(item.technology.code for item in holdings)
    whole = [item for item in holdings if item.share == 1.0 and lines[item.technology.code] == 1]
    taken = [item for item in whole if item.holder in firms and item.territory == "Việt Nam"]
    rows = []
    for at, item in enumerate(taken[:DISPUTED], 1):
        row = _right_row(item)
        row[0] = f"MH-KK-{at:02d}"
        row[2] = next(home.name for home in world.institutions if item.technology.family.field in home.fields)
        rows.append(row)
    return rows


def law(
    world: World, holdings: Sequence[Holding], statuses: Sequence[Status], permits: Sequence[Permit]
) -> list[Sheet]:
    """The register of rights, what universities declare besides, lists, permits."""
    permitted = [(p.number, p.technology.code, world.department, p.since, p.until) for p in permits]
    return [
        _sheet("dang-ky-quyen-cong-nghe", map(_right_row, holdings)),
        _sheet("ke-khai-quyen-cong-nghe", claims(world, holdings)),
        _sheet("doi-chieu-danh-muc", [(s.technology.code, s.listing, s.since) for s in statuses]),
        _sheet("giay-phep-chuyen-giao", permitted),
    ]


def steps_to_rights(world: World, requests: Sequence[Request], announcements: Sequence[Announcement]) -> list[Sheet]:
    """Who asked to be assigned a result, and results that were made public so that somebody might take them up."""
    asked = [(r.number, r.result, r.host, r.power, r.on) for r in requests]
    announced = [(a.number, a.result, world.department, a.on) for a in announcements]
    return [_sheet("de-nghi-giao-quyen", asked), _sheet("cong-bo-ket-qua", announced)]


def certified(technologies: Sequence[Technology], transfers: Sequence[market.Transfer]) -> list[Sheet]:
    """Certificates of registration of results of tasks."""
    results = [item.result for item in technologies if item.result]
    abroad = {item.technology.result for item in transfers if not item.taker.tax_code} - {""}
    chosen = sorted({*results[::CERTIFIED_EVERY], *abroad})
    return [_sheet("chung-nhan-ket-qua", [(f"MH-GCN-{at:03d}", code) for at, code in enumerate(chosen, 1)])]


def recognised(
    world: World, recognitions: Sequence[market.Recognition], services: Sequence[market.Service]
) -> list[Sheet]:
    """Recognitions and services of intermediaries."""
    acts: list[Sequence[Cell]] = []
    for r in recognitions:
        acts.append((r.number, r.holder, market.kind_label(r.kind), world.department, r.since, r.until, r.revoked))
    return [
        _sheet("cong-nhan-to-chuc-trung-gian", acts),
        _sheet(
            "dich-vu-chuyen-giao",
            [(s.code, s.provider, s.kind, s.fields, s.industries, s.areas, s.since, s.until) for s in services],
        ),
    ]


def trade(
    world: World,
    transfers: Sequence[market.Transfer],
    engagements: Sequence[market.Engagement],
    appointments: Sequence[market.Appointment],
) -> list[Sheet]:
    """Transfers, engagements, councils, policies, reorganisations. Some parties are spelt as people spell them."""
    acronyms = [(item.name, item.acronym) for item in world.institutions]
    giver, taker, client = Respeller(15, acronyms), Respeller(11), Respeller(12, acronyms)
    contracts: list[Sequence[Cell]] = []
    for at, t in enumerate(transfers, 1):
        parties = (giver(at, t.giver), taker(at, t.taker.name), t.broker)
        terms = (t.form, t.territory, t.price, _percent(t.broker_share), t.signed)
        contracts.append((t.number, t.technology.code, *parties, *terms))
    services: list[Sequence[Cell]] = []
    for at, e in enumerate(engagements, 1):
        services.append((e.number, e.provider, client(at, e.client), e.kind, e.technology.code, e.on))
    council = world.authorities[0]["name"]
    return [
        _sheet("hop-dong-chuyen-giao", contracts),
        _sheet("hop-dong-dich-vu", services),
        _sheet("hoi-dong-tu-van", [(a.number, a.expert.code, a.role, a.task, a.policy, a.on) for a in appointments]),
        _sheet("van-ban-chinh-sach", [(number, title, council, on) for number, title, on in market.POLICIES]),
        _sheet("sap-xep-to-chuc", market.reorganisations(world)),
    ]
