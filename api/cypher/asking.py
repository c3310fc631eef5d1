"""What a client asks of ``/cypher``, taken from its request: ``query``, ``params`` and ``format``, as a form or as JSON."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from api.cypher import typed
from api.cypher.wire import Form
from api.problems import Problem

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_MOST_FIELDS = 100
_DEEPEST = 50
"""Lists and maps in each other in one parameter."""
_INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    :param query: ``None`` where there is none, which asks for the page or how to ask
    """

    query: str | None
    params: dict[str, Any]
    form: Form


def read(method: str, target: bytes, headers: Headers, body: bytes) -> Asked:
    """A request's query, parameters and form.

    :param target: the address's query string
    :raises Problem: 400 where it is not understood, 405 or 415
    """
    fields: dict[str, Any] = _fields(target)
    if method == "POST":
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == JSON:
            fields |= _object(body, "The body")
        elif kind == FORM:
            fields |= _fields(body)
        else:
            raise Problem(415, f"A query is sent as {FORM} or {JSON}.")
    elif method != "GET":
        raise Problem(405, "GET and POST are answered.", {"allow": "GET, HEAD, POST, OPTIONS"})
    return _asked(fields)


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "The parameters are not UTF-8 in percent encoding.") from None
    except ValueError:
        raise Problem(400, f"More than {_MOST_FIELDS} fields are not read.") from None
    for name in ("query", "params", "format"):
        if sum(one == name for one, _ in pairs) > 1:
            raise Problem(400, f"«{name}» is given more than once.")
    return dict(pairs)


def _object(text: str | bytes, what: str) -> dict[str, Any]:
    """A JSON object; no NaN, which is none of JSON's, and no name twice, of which one would be lost."""
    try:
        value = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise Problem(400, f"{what} is no JSON: {reason}.") from None
    if not isinstance(value, dict):
        raise Problem(400, f"{what} is no JSON object.")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number there")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return value


def _asked(fields: dict[str, Any]) -> Asked:
    query, params, form = fields.get("query"), fields.get("params"), fields.get("format", "rows")
    if query is not None and not isinstance(query, str):
        raise Problem(400, "«query» is no text.")
    if fields.get("snapshot"):
        raise Problem(400, "Cypher is asked of the newest snapshot; kept ones answer at /sparql.")
    if form not in ("rows", "graph"):
        raise Problem(400, "«format» is rows or graph.")
    if isinstance(params, str):
        params = _object(params, "«params»") if params.strip() else None
    if params is not None and not isinstance(params, dict):
        raise Problem(400, "«params» is no JSON object.")
    _check(params or {})
    return Asked(query, params or {}, cast(Form, form))


def _check(params: dict[str, Any]) -> None:
    """Refuse values that can't be sent.

    :raises Problem: 400
    """
    layer: list[Any] = [params]
    for _ in range(_DEEPEST):
        following: list[Any] = []
        for value in layer:
            if isinstance(value, dict):
                if typed.TYPE in value:
                    _read_typed(value)
                following.extend([*value, *value.values()])
            elif isinstance(value, list):
                following.extend(value)
            elif isinstance(value, str) and not _whole(value):
                raise Problem(400, "A parameter holds half a character (an unpaired surrogate).")
            elif isinstance(value, int) and value not in _INTEGERS:
                raise Problem(400, "A parameter is an integer of more than 64 bits.")
        if not following:
            return
        layer = following
    raise Problem(400, f"Lists and maps stand more than {_DEEPEST} deep in a parameter.")


def _read_typed(value: dict[str, Any]) -> None:
    try:
        typed.read(value)
    except ValueError as error:
        raise Problem(400, f"A parameter has a type, but {error}.") from None


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
