"""Sheets by which reports on application are asked for: what is known is filled in, and the answers load as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from api.reading import Views
from loaders.mapping import shipped_mappings
from loaders.spreadsheet_templates import write_template

SHAPE = "application-reports"
_YES = "có"
_RESULT_CODE = "result-code"


def report_sheet(views: Views, rows: Sequence[Mapping[str, Any]], language: str, target: BinaryIO) -> None:
    """Write the sheet for one responsible body.

    :param rows: reports due, of the view ``due_reports``; a result without a code can't be told again and is left out
    """
    mapping = next(one for one in shipped_mappings() if one.shape == SHAPE)
    filled = []
    for row in rows:
        code = _code(views, row["result"])
        if code is None:
            continue
        known = {"ma_ket_qua": code, "ky": row["period"], "don_vi": views.ref(row["responsible"], "vi").name}
        # what is asked about made-up things stays marked as made up
        filled.append(known | ({"minh_hoa": _YES} if views.illustrative(row["result"]) else {}))
    write_template(mapping, language, target, filled)


def _code(views: Views, result: str) -> str | None:
    for identifier in views.values(result, "hasIdentifier"):
        if _RESULT_CODE in views.values(identifier, "identifierScheme"):
            return next(iter(views.values(identifier, "identifierValue")), None)
    return None
