"""The ecosystem's views as pages show them: forms with words to choose from, figures of the funnel, a heat map, lines by year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from api.catalogue import Words
from api.charts import Bar, bars
from api.question_presenting import Field, fields
from graph.questions.ecosystem.funnel import KINDS_OF_DATA, REACHED
from graph.questions.ecosystem.reporting import REPORT_GROUPINGS, STATES
from graph.questions.ecosystem.stages import GROUPINGS, STAGES
from graph.questions.named import NamedQuestion

MILLION = 1_000_000
HEAT = 5
"""Shades of the heat map besides the one of nothing."""
_HIDDEN = ("in_group", "in_year", "each")
"""Parameters that lists are led to with; nobody types them."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _BOTTOM, _TOP = 620, 260, 44, 16, 24, 12
_DRAWN = ("approved", "accepted", "offered", "transferred", "applied")


@dataclass(frozen=True, slots=True)
class Form:
    """A view's form: what is chosen in it, and what goes with it unseen."""

    fields: list[Field]
    hidden: list[tuple[str, str]]


def form(question: NamedQuestion, given: Mapping[str, Sequence[str]], words: Words) -> Form:
    """The form of a view; a parameter that takes one of a few words offers these."""
    choices = _choices(words)
    if question.name == "reports":
        choices["by"] = tuple((name, words("eco.by." + name)) for name in REPORT_GROUPINGS)
    shown = fields(question, given, words.language)
    return Form(
        [_choosing(one, choices.get(one.name), words) for one in shown if one.name not in _HIDDEN],
        [(one.name, one.values[0]) for one in shown if one.name in _HIDDEN and one.values[0]],
    )


def _choices(words: Words) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        "by": tuple((name, words("eco.by." + name)) for name in GROUPINGS),
        "data": tuple((name, words("eco.data." + name)) for name in KINDS_OF_DATA),
        "stage": tuple((name, words("eco.stage." + name)) for name in STAGES),
        "reached": tuple((name, words("eco.reached." + name)) for name in REACHED),
        "report_state": tuple((name, words("eco.report." + name)) for name in STATES),
    }


def _choosing(one: Field, choices: tuple[tuple[str, str], ...] | None, words: Words) -> Field:
    if choices is None or not set(one.values) <= {name for name, _ in choices} | {""}:
        return one
    label = words("eco.parameter." + one.name)
    return replace(one, label=label, choices=choices)


def million(words: Words, amount: int | None) -> str:
    """An amount in million dong, as reports give it."""
    if amount is None:
        return ""
    return words.number(amount / MILLION, 0 if amount % MILLION == 0 else 1)


def funnel_picture(rows: Iterable[Mapping[str, Any]], words: Words) -> Markup:
    """A bar for each stage, as many long as reached it."""
    drawn = [
        Bar(words("eco.stage." + row["stage"]), float(row["reached"]), words.number(row["reached"])) for row in rows
    ]
    return bars(drawn, words("eco.funnel"))


def shade(value: int, highest: int) -> int:
    """The shade of a cell: 0 for nothing, then equal steps up to the highest value of its column."""
    return 0 if value == 0 else 1 + min(HEAT - 1, (value - 1) * HEAT // max(highest, 1))


def line_keys(words: Words) -> Markup:
    """Which line is which, as a list of its own: beside the lines it would lie outside a phone."""
    keys = Markup("").join(
        Markup(
            '<li><svg class="chart" width="30" height="8" aria-hidden="true"><path class="line hue-{}" d="M1 4H29"/></svg> {}</li>'
        ).format(at, words("eco.stage." + stage))
        for at, stage in enumerate(_DRAWN)
    )
    return Markup('<ul class="keys">{}</ul>').format(keys)


def lines(rows: Sequence[Mapping[str, Any]], words: Words) -> Markup | None:
    """A line by year for the stages that say most. The table beside it has all of them."""
    dated = [row for row in rows if row["year"] and row["stage"] in _DRAWN]
    if not dated:
        return None
    first, last = min(row["year"] for row in dated), max(row["year"] for row in dated)
    highest = max(row["reached"] for row in dated)
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, last - first)
    unit = (_HEIGHT - _BOTTOM - _TOP) / highest
    base = _HEIGHT - _BOTTOM
    axis = Markup("").join(
        Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            round(_LEFT + (year - first) * step, 1), _HEIGHT - 6, year
        )
        for year in range(first, last + 1, max(1, (last - first) // 10))
    )
    scale = Markup("").join(
        Markup('<path class="axis" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(
            _LEFT, y, _WIDTH - _RIGHT, _LEFT - 6, y + 4, words.number(count)
        )
        for count in sorted({0, highest // 2, highest})
        for y in [round(base - count * unit, 1)]
    )
    drawn = Markup("")
    for at, stage in enumerate(_DRAWN):
        counts = {row["year"]: row["reached"] for row in dated if row["stage"] == stage}
        places = [
            (round(_LEFT + (year - first) * step, 1), round(base - counts.get(year, 0) * unit, 1))
            for year in range(first, last + 1)
        ]
        drawn += Markup('<polyline class="line hue-{}" points="{}"/>').format(
            at, " ".join(f"{x},{y}" for x, y in places)
        )
    return Markup('<svg class="chart lines" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, _HEIGHT, words("eco.years"), axis + scale + drawn
    )
