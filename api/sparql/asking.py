"""What a client asks of ``/sparql``, taken from its request as the SPARQL 1.1 Protocol says."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import Headers

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_MOST_GRAPHS = 1_000


class BadRequest(Exception):
    """A request that the protocol does not know.

    :param status: the HTTP status that says so
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    :param query: ``None`` where nothing is asked, which asks for the service's description
    :param default: IRIs of the graphs that are the default graph, :param named: of the named graphs; both ``None`` where the query says,
        and both there as soon as the request names any
    :param snapshot: a kept snapshot, or ``None`` for the one that is served
    """

    query: str | None
    default: list[str] | None
    named: list[str] | None
    snapshot: str | None

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What an address says besides the query."""
        graphs = [("default-graph-uri", one) for one in self.default or ()]
        graphs += [("named-graph-uri", one) for one in self.named or ()]
        return (*graphs, *((("snapshot", self.snapshot),) if self.snapshot else ()))


def read(method: str, target: bytes, headers: Headers, body: bytes) -> Asked:
    """A request's query and dataset.

    :param target: the address's query string
    :raises BadRequest: 400, 405 or 415
    """
    parameters = _pairs(target)
    if method == "GET":
        return _asked(parameters)
    if method != "POST":
        raise BadRequest(405, "GET and POST are answered.")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM:
        return _asked(parameters + _pairs(body))
    if kind == QUERY:
        if any(name == "query" for name, _ in parameters):
            raise BadRequest(400, "The query is given twice: in the address and as the body.")
        return _asked([*parameters, ("query", _text(body))])
    if kind == UPDATE:
        raise BadRequest(400, "This is an update; only queries are answered here.")
    raise BadRequest(415, f"A query is sent as {QUERY} or as {FORM}.")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(400, "The query is not UTF-8.") from None


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_GRAPHS)
    except UnicodeDecodeError:
        raise BadRequest(400, "The parameters are not UTF-8 in percent encoding.") from None
    except ValueError:
        raise BadRequest(400, f"More than {_MOST_GRAPHS} parameters are not read.") from None


def _asked(parameters: list[tuple[str, str]]) -> Asked:
    if any(name == "update" for name, _ in parameters):
        raise BadRequest(400, "This is an update; only queries are answered here.")
    query = _once(parameters, "query")
    default = [value for name, value in parameters if name == "default-graph-uri"]
    named = [value for name, value in parameters if name == "named-graph-uri"]
    own = bool(default or named)
    return Asked(query, default if own else None, named if own else None, _once(parameters, "snapshot"))


def _once(parameters: list[tuple[str, str]], wanted: str) -> str | None:
    values = [value for name, value in parameters if name == wanted]
    if len(values) > 1:
        raise BadRequest(400, f"«{wanted}» is given more than once.")
    return values[0] if values else None
