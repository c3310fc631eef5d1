"""Harvests a repository over OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).

The answers are brought to files first and read afterwards: a harvest that breaks off changes nothing. The address is the operator's own;
what a repository answers may lead to no other host.
"""

import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from loaders.hardened_xml import Found, child, children, elements, local_name, text_of
from loaders.table_reading import FileRefused

PAGE_LIMIT = 100_000_000
"""Bytes of one answer."""
TOTAL_LIMIT = 5 * 1024**3
"""Bytes of all answers of a harvest."""
PAGES_LIMIT = 100_000
ATTEMPTS = 5
LONGEST_WAIT = 300.0
"""Seconds that a repository may ask to be left alone for before the harvest gives up."""
_TIME_OUT = 60.0
_AGAIN = (429, 500, 502, 503, 504)
_CERIF = "https://www.openaire.eu/cerif-profile/"
_RECORD = frozenset(["record", "resumptionToken", "responseDate", "error"])


class HarvestRefused(FileRefused):
    """A repository can't be harvested; the message says why and what to do."""


class _ProtocolError(Exception):
    """An answer of the protocol that is an error, by its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository says of itself: its name, and whether it tells seconds apart or days alone."""

    identifier: str
    seconds: bool


@dataclass(slots=True)
class Harvest:
    """The answers of a harvest, as files in their order, and the moment from which the next one goes on."""

    pages: list[Path] = field(default_factory=list)
    until: str | None = None


class Harvester:
    """Asks one repository.

    :param address: its base address
    :param sleep: waits a number of seconds
    :raises HarvestRefused: where that is no http or https address
    """

    def __init__(self, address: str, sleep: Callable[[float], None] = time.sleep) -> None:
        parts = urlsplit(address)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise HarvestRefused(
                f"{address} is no base address of a repository; it begins with http:// or https:// and has no «?»"
            )
        self._address, self._sleep = address, sleep
        self._opener = urllib.request.build_opener(_SameHost(parts.scheme, parts.netloc))
        self._total = 0

    def identify(self, work: Path) -> Repository:
        """Ask who it is.

        :param work: a directory for the answer
        :raises HarvestRefused: where it is no repository of OAI-PMH 2.0
        """
        found = next(iter(self._answer({"verb": "Identify"}, work / "identify", ["Identify"])), None)
        if found is None or text_of(child(found, "protocolVersion")) != "2.0":
            raise HarvestRefused(f"{self._address} does not answer as a repository of OAI-PMH 2.0")
        named = next((text_of(one) for one in found.iter() if local_name(one.tag) == "repositoryIdentifier"), "")
        host = urlsplit(self._address).hostname or ""
        identifier = named if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", named) else host
        return Repository(identifier, text_of(child(found, "granularity")).endswith("Z"))

    def cerif_prefix(self, work: Path) -> str:
        """The prefix under which it gives CERIF, the newest version.

        :raises HarvestRefused: where it gives none; the message lists what it gives
        """
        formats = self._answer({"verb": "ListMetadataFormats"}, work / "formats", ["metadataFormat"])
        by_namespace = {
            text_of(child(one, "metadataNamespace")): text_of(child(one, "metadataPrefix")) for one in formats
        }
        known = sorted(name for name in by_namespace if name.startswith(_CERIF))
        if not known:
            offered = ", ".join(sorted(by_namespace.values()))[:300]
            raise HarvestRefused(
                f"{self._address} gives no CERIF of the OpenAIRE guidelines, but {offered}; name one with --prefix"
            )
        return by_namespace[known[-1]]

    def list_records(
        self, work: Path, prefix: str, chosen: str | None, since: str | None, progress: Callable[[int], None]
    ) -> Harvest:
        """Bring all records, or those that changed since a moment.

        :param work: a directory for the answers
        :param chosen: the set, where not all are meant
        :param since: as :attr:`Harvest.until` of an earlier harvest
        :param progress: called with the number of answers
        """
        first = {"verb": "ListRecords", "metadataPrefix": prefix}
        first |= {"set": chosen} if chosen else {}
        first |= {"from": since} if since else {}
        for last_try in (False, True):
            try:
                return self._pages(work, first, progress)
            except _ProtocolError as error:
                if error.code != "badResumptionToken" or last_try:
                    raise HarvestRefused(f"{self._address} answers {error.code}: {error.message}") from None
        raise AssertionError

    def _pages(self, work: Path, first: dict[str, str], progress: Callable[[int], None]) -> Harvest:
        harvest, asked, seen = Harvest(), first, set[str]()
        while True:
            path = work / f"page-{len(harvest.pages):06d}"
            self._fetch(asked, path)
            token = ""
            for element in self._elements(path, _RECORD):
                name = local_name(element.tag)
                if name == "error":
                    if element.get("code") == "noRecordsMatch":
                        return harvest
                    raise _ProtocolError(element.get("code") or "", text_of(element)[:300])
                if name == "responseDate" and not harvest.pages:
                    harvest.until = text_of(element) or None
                elif name == "resumptionToken":
                    token = (element.text or "").strip()
            harvest.pages.append(path)
            progress(len(harvest.pages))
            if not token:
                return harvest
            if token in seen or len(harvest.pages) >= PAGES_LIMIT:
                raise HarvestRefused(
                    f"{self._address} goes round in circles: it gave the resumption token {token[:80]} twice"
                )
            seen.add(token)
            asked = {"verb": "ListRecords", "resumptionToken": token}

    def _answer(self, asked: dict[str, str], path: Path, names: list[str]) -> list[Element]:
        self._fetch(asked, path)
        found = list(self._elements(path, frozenset([*names, "error"])))
        for element in found:
            if local_name(element.tag) == "error":
                raise HarvestRefused(f"{self._address} answers {element.get('code')}: {text_of(element)[:300]}")
        return found

    def _elements(self, path: Path, names: frozenset[str]) -> Iterator[Element]:
        try:
            yield from (found.element for found in elements(path, names))
        except FileRefused as refused:
            raise HarvestRefused(f"{self._address}: the answer {refused}") from None

    def _fetch(self, asked: dict[str, str], path: Path) -> None:
        """Bring one answer to a file; where the repository is busy or the line breaks, wait and ask again."""
        wait = 1.0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._bring(asked, path)
                return
            except urllib.error.HTTPError as error:
                with error:
                    if error.code not in _AGAIN or attempt == ATTEMPTS:
                        raise HarvestRefused(f"{self._address} answers {error.code} {error.reason}") from None
                    pause = _asked_wait(error.headers) or wait
            except (OSError, http.client.HTTPException) as error:
                if attempt == ATTEMPTS:
                    raise HarvestRefused(f"{self._address} does not answer: {error}") from None
                pause = wait
            if pause > LONGEST_WAIT:
                raise HarvestRefused(f"{self._address} asks to wait {pause:.0f} seconds; come back then")
            self._sleep(pause)
            wait *= 2

    def _bring(self, asked: dict[str, str], path: Path) -> None:
        request = urllib.request.Request(
            f"{self._address}?{urlencode(asked)}", headers={"Accept-Encoding": "identity", "User-Agent": "Ketnoi"}
        )
        with self._opener.open(request, timeout=_TIME_OUT) as answer, path.open("wb") as file:
            if (answer.headers.get("Content-Encoding") or "identity").strip().lower() != "identity":
                raise HarvestRefused(f"{self._address} packs its answers, though it was asked not to")
            size = 0
            while chunk := answer.read(1 << 16):
                size += len(chunk)
                if size > PAGE_LIMIT or self._total + size > TOTAL_LIMIT:
                    raise HarvestRefused(
                        f"{self._address} gives more than {PAGE_LIMIT} bytes at once or {TOTAL_LIMIT} in all"
                    )
                file.write(chunk)
            expected = answer.headers.get("Content-Length")
            if expected and expected.isdigit() and int(expected) != size:
                raise http.client.IncompleteRead(b"", int(expected) - size)
        self._total += size


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within the repository's own host alone."""

    def __init__(self, scheme: str, netloc: str) -> None:
        self._scheme, self._netloc = scheme, netloc

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        parts = urlsplit(newurl)
        upgraded = (self._scheme, parts.scheme) == ("http", "https")
        if parts.netloc != self._netloc or not (parts.scheme == self._scheme or upgraded):
            fp.close()
            raise HarvestRefused(f"the repository sends on to {newurl[:200]}; if that is right, harvest that address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _asked_wait(headers: Message) -> float | None:
    """Seconds that Retry-After asks for."""
    value = (headers.get("Retry-After") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def since(until: str | None, repository: Repository) -> str | None:
    """The moment from which to go on, in the unit that the repository knows."""
    if until is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]{8}Z)?", until):
        return None
    return until if repository.seconds and "T" in until else until[:10]


def newest_records(pages: list[Path]) -> Iterator[Found]:
    """The records of all answers, each in its newest form: one that changed during the harvest is given twice.

    Their line is their number in the harvest.
    """
    last: dict[str, int] = {}
    for number, record in _records(pages):
        last[_identifier(record)] = number
    for number, record in _records(pages):
        if last[_identifier(record)] == number:
            yield Found(number, record, ("ListRecords",))


def _records(pages: list[Path]) -> Iterator[tuple[int, Element]]:
    number = 0
    for path in pages:
        for _, element, _ in elements(path, frozenset(["record"])):
            number += 1
            yield number, element


def _identifier(record: Element) -> str:
    return text_of(next(iter(children(child(record, "header"), "identifier")), None))
