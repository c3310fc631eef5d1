"""Writes names as people write them in affiliations, so that a model can be learned from a register alone, without labels.

A string is made of one body's name, shortened, misspelled or not, with a unit before or behind it and its place. What is drawn how
often is a judgement about affiliations in general, written down here.
"""

from dataclasses import dataclass
from random import Random

from graph.links.strings.bodies import ACRONYM, ALIAS, NAME, Body
from ontology.countries import country_names
from ontology.institution_words import institution_words
from ontology.text import fold

_FIELDS = [
    "Physics",
    "Chemistry",
    "Mathematics",
    "Biology",
    "Computer*Science",
    "Electrical*Engineering",
    "Medicine",
    "Surgery",
    "Economics",
    "Law",
    "Geography",
    "Psychology",
    "Mechanical*Engineering",
    "Civil*Engineering",
    "Materials*Science",
    "Information*Technology",
    "Agriculture",
    "Pharmacy",
    "Nursing",
    "Education",
    "Business",
    "Applied*Mathematics",
    "Pediatrics",
    "Neurology",
    "Radiology",
    "Environmental*Science",
    "Food*Technology",
    "Management",
    "Statistics",
]
_UNITS = ("Department of {}", "School of {}", "Faculty of {}", "Institute of {}", "{} Department", "Laboratory of {}", "Division of {}",
    "College of {}", "Center for {} Research", "Khoa {}")  # fmt: skip
_STREETS = (
    "Main",
    "Park",
    "Nguyen Trai",
    "University",
    "Victoria",
    "Science",
    "Dai Co Viet",
    "Broad",
    "Zhongguancun",
    "King",
)
_ROOMS = ("", "", "", "Room ", "Building B, ", "ECE 12, ", "CA ", "Block C, ", "PO Box ")
_BEHIND = ("School of {}", "College of {}", "Department of {}", "Faculty of {}")
_SHORT = {
    "university": "Univ.",
    "department": "Dept.",
    "national": "Nat.",
    "international": "Int.",
    "center": "Ctr.",
    "centre": "Ctr.",
}
_KINDS = {NAME: 6.0, ALIAS: 2.0, ACRONYM: 1.0}


@dataclass(frozen=True, slots=True)
class Written:
    """A string, the body that it names, and the ids of others that it names besides."""

    text: str
    body: int
    others: frozenset[str]


def write_string(body: Body, number: int, parents: list[Body], neighbour: Body, random: Random) -> Written:
    """A string that names a body.

    :param number: of the body
    :param parents: those of its parents that are known
    :param neighbour: another body of its country, at whose place a branch of it may be
    """
    weights = [_KINDS[prop] for prop, _, _ in body.names]
    prop, name, _ = random.choices(body.names, weights)[0]
    name = name.split(" (")[0]
    short = random.random() < 0.2
    if prop != ACRONYM:
        name = _vary(name, short, random)
    if (
        prop != ACRONYM
        and (acronyms := [text for kind, text, _ in body.names if kind == ACRONYM])
        and random.random() < 0.08
    ):
        name = f"{name} ({random.choice(acronyms)})"
    if random.random() < 0.12:
        name = f"{name}{random.choice((' ', ', '))}{_unit(random.choice(_BEHIND), short, random)}"
    beside: frozenset[str] = frozenset()
    if random.random() < 0.1:
        other = neighbour.names[0][1].split(" (")[0]
        name = f"{name} and {other}" if random.random() < 0.5 else f"{other} and {name}"
        beside = frozenset({neighbour.id})
    parts = [name]
    named: frozenset[str] = frozenset()
    if random.random() < 0.5:
        unit = _unit(random.choice(_UNITS), short, random)
        if random.random() < 0.15:
            parts[0] = f"{unit}{random.choice((' ', ' ', ' of the ', ' - '))}{parts[0]}"
        else:
            parts.insert(0, unit)
        if random.random() < 0.2:
            parts.insert(0, _unit(random.choice(_UNITS), short, random))
    if parents and random.random() < 0.3:
        parent = random.choice(parents)
        parts.append(parent.names[0][1].split(" (")[0])
        named = frozenset({parent.id})
    # one in five has another seat than the register has, as branches and units do
    elsewhere = random.random() < 0.2
    parts += _place(neighbour if elsewhere else body, random)
    if random.random() < 0.06:
        parts.append(_address(body if random.random() < 0.7 else neighbour, random))
    return Written(fold_some(_join(parts, random), random), number, named | beside)


def _join(parts: list[str], random: Random) -> str:
    """Most separate all parts by one sign; some forget it here and there: "University of Bern Sidlerstrasse 5"."""
    if random.random() < 0.85:
        return random.choices((", ", " ", "; "), (8, 1, 0.5))[0].join(parts)
    text = parts[0]
    for part in parts[1:]:
        text += random.choices((", ", " ", " - "), (6, 3, 0.5))[0] + part
    return text


def fold_some(text: str, random: Random) -> str:
    """Some type without diacritics, few in capitals."""
    drawn = random.random()
    if drawn < 0.25 and not text.isascii():
        return fold(text) if drawn < 0.02 else " ".join(w if w.isascii() else fold(w) for w in text.split())
    return text.upper() if drawn > 0.98 else text


def _unit(pattern: str, short: bool, random: Random) -> str:
    unit = pattern.format(random.choice(_FIELDS).replace("*", " "))
    return _shorten(unit, random) if short else unit


def _vary(name: str, short: bool, random: Random) -> str:
    words = name.split()
    if len(words) >= 3 and words[0] == "University" and words[1] == "of" and random.random() < 0.15:
        words = [*words[2:], "University"]
    elif len(words) >= 2 and words[-1] == "University" and random.random() < 0.15:
        words = ["University", "of", *words[:-1]]
    elif len(words) >= 4 and random.random() < 0.08:
        at = random.choice((0, -1))
        # who leaves a word out seldom leaves out what kind of body it is
        if fold(words[at]) not in institution_words().kinds or random.random() < 0.2:
            del words[at]
    if random.random() < 0.05:
        at = random.randrange(len(words))
        words[at] = _slip(words[at], random)
    text = " ".join(words)
    return _shorten(text, random) if short else text


def _slip(word: str, random: Random) -> str:
    if len(word) < 5:
        return word
    at = random.randrange(1, len(word) - 2)
    return random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        )
    )


def _shorten(text: str, random: Random) -> str:
    return " ".join(_SHORT.get(word.casefold()) or _shortened(word, random) for word in text.split())


def _shortened(word: str, random: Random) -> str:
    if len(word) < 7 or not word.isalpha() or random.random() < 0.35:
        return word
    return word[: random.randint(3, 6)] + "."


def _place(body: Body, random: Random) -> list[str]:
    parts = []
    if random.random() < 0.15:
        parts.append(
            f"{random.choice(_ROOMS)}{random.randrange(1, 3000)} {random.choice(_STREETS)} {random.choice(('Street', 'Road', 'St.', 'Ave', 'Str.'))}"
        )
    if body.places and random.random() < 0.7:
        parts.append(body.places[0])
        if len(body.places) > 1 and random.random() < 0.3:
            parts.append(body.places[1])
    if body.country and random.random() < 0.75:
        names = [" ".join(words) for words, code in country_names().items() if code == body.country]
        parts.append(random.choice(names[:1] * 6 + names[-2:]).title())
    if parts and random.random() < 0.3:
        at = random.randrange(len(parts))
        parts[at] = f"{parts[at]} {_postcode(random)}"
    return parts


def _postcode(random: Random) -> str:
    letters = "".join(random.choice("ABCDEFGHIKLMNOPRSTVW") for _ in range(2))
    number = str(random.randrange(1000, 999999))
    return random.choice(
        (number, number, f"{letters} {number[:5]}", letters, f"{letters[0]}-{number}", f"{letters}{number[:2]}")
    )


def _address(body: Body, random: Random) -> str:
    host = random.choice(body.hosts) if body.hosts else "mail.com"
    return (
        f"E-mail: {random.choice(('nguyen', 'office', 'j.smith', 'info'))}@{random.choice(('', 'cs.', 'mail.'))}{host}"
    )
