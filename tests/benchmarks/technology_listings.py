"""Technologies listed twice, for measuring how they are linked: real titles, reworded by rules that the comparisons were not made from.

There is no gold: no two Vietnamese offices publish lists with one number. So the first list has titles as they are, of granted patents
and of the sample's technologies (made up, in the wording of real lists), and the second one words them as lists do that are kept by
other hands: other words for one thing, words put before and behind, parts in another order, letters exchanged, no diacritics, capitals,
the title cut off, or in the other language alone. Of the holders, inventors, classes and numbers each list knows some. Beside many a
Vietnamese technology stands another one by the same team with another model, capacity or version, in both lists: they are two.
All holders and inventors of the Vietnamese ones are made up.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.links.records.technologies import Described
from loaders.sample.catalogue import combinations, title_of
from ontology.text import fold

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
_MIDDLE = ("Văn", "Thị", "Minh", "Đức", "Thanh", "Quốc", "Hữu", "Ngọc", "Xuân", "Kim")
_GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hùng", "Khoa", "Lan", "Linh", "Long", "Mai", "Nam", "Phúc",
          "Quân", "Sơn", "Thảo", "Thủy", "Trang", "Tuấn", "Vinh", "Yến")  # fmt: skip
_VIETNAMESE = (
    ("Quy trình", "Công nghệ"), ("Hệ thống", "Thiết bị"), ("Chế tạo", "Sản xuất"), ("Máy", "Thiết bị"), ("trừ", "phòng trừ"),
    ("bằng", "sử dụng"), ("từ", "có nguồn gốc từ"), ("dùng", "ứng dụng"), ("làm", "để làm"), ("Màng", "Vật liệu màng"), ("gà", "gà nuôi"),
    ("tự động", "tự hành"), ("giám sát", "theo dõi"), ("xử lý", "xử lí"), ("cây", "cây trồng"), ("nhận dạng", "nhận diện"),
)  # fmt: skip
_ENGLISH = (
    ("apparatus", "device"), ("method", "process"), ("system", "arrangement"), ("manufacturing", "producing"), ("using", "by means of"),
    ("semiconductor", "semi-conductor"), ("vehicle", "motor vehicle"), ("determining", "detecting"), ("for", "used for"),
    ("circuit", "circuitry"), ("and method thereof", ""), ("same", "thereof"), ("display", "displaying"), ("controlling", "control of"),
)  # fmt: skip
_BEFORE = {
    "vi": ("Công nghệ", "Giải pháp", "Hoàn thiện", "Nghiên cứu,", "Sản phẩm:"),
    "en": ("Improved", "Novel", "A", "Technology:"),
}
_BEHIND = {
    "vi": ("quy mô công nghiệp", "chất lượng cao", "tại Hà Nội", "phù hợp điều kiện Việt Nam"),
    "en": ("thereof", "with high efficiency", "and related method"),
}
_JOINTS = {
    "vi": (" bằng ", " cho ", " từ ", " trên ", " với "),
    "en": (" for ", " using ", " with ", " having ", " of "),
}
_SHORT = (("công nghệ", "CN"), ("hệ thống", "HT"), ("vi sinh vật", "VSV"), ("bảo vệ thực vật", "BVTV"), ("and", "&"))
_VARIANTS = (
    ("công suất 50 m3/ngày", "công suất 500 m3/ngày"), ("phiên bản 1", "phiên bản 2"), ("VD1", "VD2"), ("thế hệ I", "thế hệ II"),
    ("model TX-100", "model TX-300"), ("loại 5 kW", "loại 15 kW"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knows:
    """How often a list gives a technology's holders, inventors, classes, fields and numbers."""

    holders: float
    inventors: float
    classes: float
    fields: float
    rights: float


FIRST = Knows(holders=0.95, inventors=0.7, classes=0.8, fields=0.8, rights=0.15)
SECOND = Knows(holders=0.8, inventors=0.5, classes=0.4, fields=0.7, rights=0.15)


def vietnamese(seed: int) -> list[Described]:
    """The sample's 840 titles in both languages, and siblings of a third of them that a number alone tells apart."""
    rng = random.Random(seed)
    teams: dict[object, list[tuple[str, list[str]]]] = defaultdict(list)
    found: list[Described] = []
    for family, an_object, method in combinations():
        vi, en = title_of(family, an_object, method, rng)
        if len(teams[family.title]) < 3:
            people = [" ".join(map(rng.choice, (_FAMILY, _MIDDLE, _GIVEN))) for _ in range(5)]
            teams[family.title].append((f"Viện Ví Dụ {rng.randrange(120)}", people))
        holder, people = rng.choice(teams[family.title])
        one = Described(
            members=[],
            sources=frozenset(),
            titles=(vi, en),
            holders=frozenset({holder}),
            inventors=frozenset(rng.sample(people, rng.randrange(1, 4))),
            classes=frozenset(family.ipc),
            fields=frozenset({family.field}),
        )
        kinds = rng.choice(_VARIANTS) if rng.random() < 1 / 3 else ("",)
        for kind in kinds:
            number = f"vi-{len(found)}"
            titles = (f"{vi} {kind}".strip(), f"{en} {fold(kind)}".strip() if kind.isascii() else en)
            found.append(
                replace(one, members=[number], titles=titles, rights=frozenset({("protection-title", number)}))
            )
    return found


def distinct(patents: Iterable[Described]) -> list[Described]:
    """One patent of those of one firm and title: the others continue it, and nothing but their numbers would tell them apart."""
    seen: dict[tuple[str, frozenset[str]], Described] = {}
    for one in patents:
        seen.setdefault((fold(one.titles[0]), one.holders), one)
    return [*seen.values()]


def listed_twice(technologies: Sequence[Described], seed: int, alone: float = 0.1) -> list[tuple[str, Described]]:
    """Technologies in both lists, or in one of them, in no order: which it is, and the description.

    :param alone: the share of those that are in one list
    """
    rng = random.Random(seed)
    listed: list[tuple[str, Described]] = []
    for one in technologies:
        once = rng.random() < alone
        if not once or rng.random() < 0.5:
            titles = one.titles[: 1 + (rng.random() < 0.6)]
            listed.append((one.first, _known(replace(one, titles=titles, sources=frozenset({"first"})), FIRST, rng)))
            if once:
                continue
        titles = _titles(one.titles, rng)
        listed.append((one.first, _known(replace(one, titles=titles, sources=frozenset({"second"})), SECOND, rng)))
    rng.shuffle(listed)
    return [(first, replace(one, members=[f"{at}"])) for at, (first, one) in enumerate(listed)]


def _known(one: Described, knows: Knows, rng: random.Random) -> Described:
    def some(values: frozenset[str], often: float) -> frozenset[str]:
        there = sorted(values) if rng.random() < often else []
        return frozenset(rng.sample(there, rng.randint(1, len(there)))) if there else frozenset()

    return replace(
        one,
        holders=some(one.holders, knows.holders),
        inventors=frozenset(_named(name, rng) for name in some(one.inventors, knows.inventors)),
        classes=some(one.classes, knows.classes),
        fields=some(one.fields, knows.fields),
        rights=one.rights if rng.random() < knows.rights else frozenset(),
    )


def _named(name: str, rng: random.Random) -> str:
    """A person's name with a degree, or in capitals."""
    return rng.choices((name, f"TS. {name}", name.upper()), (0.8, 0.1, 0.1))[0]


def _titles(titles: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    if len(titles) == 1:
        return (_reworded(titles[0], "en", rng),)
    vi, en = _reworded(titles[0], "vi", rng), _reworded(titles[1], "en", rng)
    return rng.choices(((vi,), (vi, en), (en,)), (0.6, 0.3, 0.1))[0]


def _reworded(title: str, language: str, rng: random.Random) -> str:
    for often, change in _changes(language):
        if rng.random() < often:
            title = change(title, rng)
    return title


def _changes(language: str) -> Iterator[tuple[float, Callable[[str, random.Random], str]]]:
    """What a second hand does to a title, and how often."""
    yield 0.4, lambda title, rng: _other_words(title, _VIETNAMESE if language == "vi" else _ENGLISH)
    yield 0.25, lambda title, rng: _turned(title, _JOINTS[language])
    yield 0.2, lambda title, rng: f"{rng.choice(_BEFORE[language])} {title[:1].lower()}{title[1:]}"
    yield 0.15, lambda title, rng: f"{title} {rng.choice(_BEHIND[language])}"
    yield 0.1, lambda title, rng: _other_words(title, _SHORT)
    yield 0.08, _mistyped
    yield 0.06, lambda title, rng: " ".join(title.split()[: max(4, len(title.split()) * 2 // 3)])
    yield 0.15, lambda title, rng: fold(title) if language == "vi" else title.lower()
    yield 0.1, lambda title, rng: title.upper()


def _other_words(title: str, pairs: Iterable[tuple[str, str]]) -> str:
    around = f" {title} "
    for one, other in pairs:
        written = next((word for word in (one, one.lower(), one.capitalize()) if f" {word} " in around), one)
        around = around.replace(f" {written} ", f" {other} ", 1)
    return " ".join(around.split()) or title


def _turned(title: str, joints: Iterable[str]) -> str:
    for joint in joints:
        before, found, behind = title.partition(joint)
        if found:
            return f"{behind[:1].upper()}{behind[1:]}: {before[:1].lower()}{before[1:]}"
    return title


def _mistyped(title: str, rng: random.Random) -> str:
    """Two neighbouring letters of a word exchanged."""
    words = title.split()
    at = rng.randrange(len(words))
    if len(words[at]) > 3:
        cut = rng.randrange(1, len(words[at]) - 1)
        words[at] = words[at][:cut] + words[at][cut + 1] + words[at][cut] + words[at][cut + 2 :]
    return " ".join(words)
