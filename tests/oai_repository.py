"""A little repository of OAI-PMH on loopback, which misbehaves as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CERIF = "https://www.openaire.eu/cerif-profile/1.2/"
NAME = "cris.vidu.example"
PAGE = 2


@dataclass
class Repository:
    """Records by local id, in the order of their days; ``None`` in place of a name is a deletion.

    ``answers`` are given before any other, each once: status, headers and body; ``asked`` are the requests, as they came.
    """

    records: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    now: str = "2026-01-10T00:00:00Z"
    formats: tuple[str, ...] = (CERIF,)
    version: str = "2.0"
    address: str = ""

    def answer(self, query: dict[str, str]) -> str:
        verb = query.get("verb", "")
        if verb == "Identify":
            return (
                f"<Identify><protocolVersion>{self.version}</protocolVersion><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>"
                f"<description><oai-identifier><repositoryIdentifier>{NAME}</repositoryIdentifier></oai-identifier></description></Identify>"
            )
        if verb == "ListMetadataFormats":
            listed = "".join(
                f"<metadataFormat><metadataPrefix>p{at}</metadataPrefix><metadataNamespace>{name}</metadataNamespace></metadataFormat>"
                for at, name in enumerate(self.formats)
            )
            return f"<ListMetadataFormats>{listed}</ListMetadataFormats>"
        return self._list(query)

    def _list(self, query: dict[str, str]) -> str:
        start, since = 0, query.get("from", "")
        if token := query.get("resumptionToken"):
            since, _, at = token.partition("|")
            start = int(at)
        found = [one for one in self.records.items() if one[1][0] >= since]
        if not found:
            return '<error code="noRecordsMatch">nothing</error>'
        listed = "".join(_record(key, *one) for key, one in found[start : start + PAGE])
        more = start + PAGE < len(found)
        token = f"{since}|{start + PAGE}" if more else ""
        resumption = f"<resumptionToken>{token}</resumptionToken>" if more or start else ""
        return f"<ListRecords>{listed}{resumption}</ListRecords>"


def _record(key: str, day: str, name: str | None) -> str:
    deleted = " status='deleted'" if name is None else ""
    header = f"<header{deleted}><identifier>oai:{NAME}:{key}</identifier><datestamp>{day}</datestamp></header>"
    entity = f'<metadata><OrgUnit xmlns="{CERIF}" id="{key}"><Name xml:lang="vi">{name}</Name></OrgUnit></metadata>'
    return f"<record>{header}{'' if name is None else entity}</record>"


def envelope(content: str, now: str = "2026-01-10T00:00:00Z") -> bytes:
    return (
        f'<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{now}</responseDate>{content}</OAI-PMH>'
    ).encode()


@contextmanager
def serving(repository: Repository) -> Iterator[Repository]:
    """The repository at an address of its own, on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            repository.asked.append(query)
            status, headers, body = (
                repository.answers.pop(0)
                if repository.answers
                else (200, {}, envelope(repository.answer(query), repository.now))
            )
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    repository.address = f"http://127.0.0.1:{server.server_port}/oai"
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
