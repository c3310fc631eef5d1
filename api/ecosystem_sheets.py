"""Sheets by which reports on application are asked for: what is known is filled in, and the answers load as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from api.catalogue import Language, Words
from api.reading import Views
from graph.questions.ecosystem import ecosystem_questions
from loaders.mapping import shipped_mappings
from loaders.spreadsheet_templates import write_template

SHAPE = "application-reports"
_YES = "có"
_RESULT_CODE = "result-code"


def report_sheet(views: Views, rows: Sequence[Mapping[str, Any]], language: Language, target: BinaryIO) -> None:
    """Write the sheet for one responsible body, and one beside it that says which results and tasks are meant, and until when.

    :param rows: reports due, of the view ``due_reports``; a result without a code can't be told again and is left out
    """
    mapping = next(one for one in shipped_mappings() if one.shape == SHAPE)
    words = Words(language)
    columns = ecosystem_questions()["due_reports"].columns
    said = ("result", "task", "due_on", "provision")
    told: list[list[Any]] = [
        [words("eco.sheet_code"), *(columns[name].label.said(language) for name in ("period", *said))]
    ]
    filled = []
    for row in rows:
        code = _code(views, row["result"])
        if code is None:
            continue
        known = {"ma_ket_qua": code, "ky": row["period"], "don_vi": views.ref(row["responsible"], "vi").name}
        # what is asked about made-up things stays marked as made up
        filled.append(known | ({"minh_hoa": _YES} if views.illustrative(row["result"]) else {}))
        names = (views.ref(row[name], language).name if row[name] else None for name in ("result", "task"))
        provision = views.ref(row["provision"], language).name if row["provision"] else None
        told.append([code, row["period"], *names, words.day(row["due_on"]), provision])
    write_template(mapping, language, target, filled, (words("eco.sheet_due"), told))


def _code(views: Views, result: str) -> str | None:
    for identifier in views.values(result, "hasIdentifier"):
        if _RESULT_CODE in views.values(identifier, "identifierScheme"):
            return next(iter(views.values(identifier, "identifierValue")), None)
    return None
