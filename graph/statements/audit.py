"""Who did what to private data, and when: a file that only grows, each line of which holds the hash of the one before it.

A line that is edited, removed, put in or moved no longer fits its neighbours. The newest hash is kept in a file of its own, so that a
log whose tail was cut off doesn't fit either; who may write both files can still write both anew, which shows where a hash that was
noted elsewhere is no longer in the log (``noted`` of :func:`verify`). The method is that of Haber and Stornetta (1991).
"""

import json
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

from graph.statements.home import Home, HomeError, now, write_durably

ACTS = (
    "cases.listed",
    "case.opened",
    "case.changed",
    "case.published",
    "case.taken_back",
    "case.forgotten",
    "dossier.read",
    "outcome.told",
    "outcomes.read",
    "contact.seen",
    "refused.read",
    "member.invited",
    "member.invitation_withdrawn",
    "member.joined",
    "member.role_changed",
    "member.closed",
    "member.password_changed",
    "member.signed_in",
    "member.sign_in_refused",
    "member.signed_out",
    "members.read",
    "token.made",
    "claims.read",
    "claim.made",
    "claim.accepted",
    "claim.refused",
    "correction.proposed",
    "correction.accepted",
    "correction.refused",
    "audit.read",
    # saved searches and their notices
    "search.saved",
    "search.stopped",
    "notice.sent",
    "notice.read",
    # persons
    "held.linked",
    "held.link_ended",
    "held.shown",
    "held.asked",
    "held.answered",
    "held.wishes_read",
    "consent.given",
    "consent.withdrawn",
    "erased",
)
"""What is written down; each has its words in the catalogue, below ``act.``."""
OPERATOR = "ketnoi/cli"
"""Who acts by the command line. No member's name has a slash."""
NOBODY = ""
"""Somebody who is not signed in: who opens a link, or gives a wrong password."""
_MEMBER = "member/"
_LOG, _HEAD = "audit.jsonl", "audit.head"
_FIRST = "0" * 64
_ID = re.compile(r"[A-Za-z0-9_./:-]{0,200}")
_LONGEST, _LONGEST_LINE = 200, 8 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log.

    :param number: the first is 1
    :param at: the instant (ISO, UTC)
    :param who: a member's name, :data:`OPERATOR` or :data:`NOBODY`
    :param act: one of :data:`ACTS`
    :param subject: the id of what it was done to
    :param before: the hash of the line before
    :param hash: of this line, SHA-256 over all that stands above
    """

    number: int
    at: str
    who: str
    act: str
    subject: str
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: how many lines it has, how many bytes, and the hash of the last."""

    lines: int
    bytes: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found.

    :param lines: how many lines fit, from the first
    :param hash: of the last that fits; noted elsewhere, it proves the log up to there
    :param broken: the number of the first line that doesn't fit, if there is one
    :param reason: why it doesn't
    """

    lines: int
    hash: str
    broken: int | None = None
    reason: str | None = None


def member(name: str) -> str:
    """A member as the subject of an act."""
    return f"{_MEMBER}{name}"


def record(home: Home, who: str, act: str, subject: str, when: datetime | None = None) -> Entry:
    """Write down an act, before it is answered. It is on disk when this returns; threads and processes may write at once.

    :param who: a member's name, :data:`OPERATOR` or :data:`NOBODY`
    :param act: one of :data:`ACTS`
    :param subject: an id or an address without its query, or :func:`member`; never a text
    :param when: now where it is left out
    :raises ValueError: where the act is unknown or the subject is no id
    :raises HomeError: where it can't be written; then the act must not happen
    """
    if act not in ACTS:
        raise ValueError(f"there is no act «{act}»")
    if not (_ID.fullmatch(subject) or (subject.startswith(_MEMBER) and subject.isprintable())):
        raise ValueError("the subject of an act is an id, never a text")
    try:
        with home.lock("audit"):
            head = _settled(home)
            at = (when or now()).astimezone(UTC).isoformat(timespec="milliseconds")
            entry = _entry(head.lines + 1, at, who[:_LONGEST], act, subject[:_LONGEST], head.hash)
            line = _line(entry)
            handle = os.open(home.path / _LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            _keep(home, Head(entry.number, size, entry.hash))
    except OSError as error:
        raise HomeError(f"the act was not written down: {error}") from None
    return entry


def verify(home: Home, noted: str | None = None) -> Verified:
    """Go through the log from the first line to the last, and compare its end with the head.

    :param noted: a hash that was noted elsewhere earlier and has to be one of the log's
    """
    with home.lock("audit"):
        head = _settled(home)
        path = home.path / _LOG
        size = path.stat().st_size if path.exists() else 0
    # what stands there now stays as it is, so that acts need not wait for this
    lines, before, seen = 0, _FIRST, noted is None
    for number, line in enumerate(_lines(home, size), 1):
        entry = _parsed(line)
        reason = _fault(entry, number, before)
        if entry is None or reason:
            return Verified(lines, before, number, reason)
        lines, before = number, entry.hash
        seen = seen or before == noted
    if head.lines > lines:
        return Verified(lines, before, lines + 1, f"{head.lines - lines} lines at the end are gone")
    if head.lines < lines or head.hash != before:
        return Verified(lines, before, min(head.lines + 1, lines), "the head doesn't know it")
    if not seen:
        return Verified(lines, before, max(lines, 1), "the hash that was noted is not in the log")
    return Verified(lines, before)


def newest(home: Home, limit: int, who: str | None = None, before: int | None = None) -> list[Entry]:
    """Lines that can be read, the newest first; whether they fit says :func:`verify`.

    :param who: only what they did
    :param before: only lines before this one
    """
    path = home.path / _LOG
    size = path.stat().st_size if path.exists() else 0
    found: deque[bytes] = deque(maxlen=limit)
    mark = json.dumps(who, ensure_ascii=False).encode("utf-8", "surrogatepass") if who is not None else b""
    for number, line in enumerate(_lines(home, size), 1):
        if before is not None and number >= before:
            break
        if b'"who": ' + mark in line:
            found.append(line)
    return [entry for entry in map(_parsed, reversed(found)) if entry is not None]


def _fault(entry: Entry | None, number: int, before: str) -> str | None:
    if entry is None:
        return "it is not a line of the log"
    if entry.number != number:
        return f"it says that it is line {entry.number}"
    if entry.before != before:
        return "it does not follow from the line before"
    if entry.hash != _hash(entry):
        return "it was changed"
    return None


def _settled(home: Home) -> Head:
    """The head, brought up to a line that was written when the machine stopped; half a line was never acknowledged, and goes.

    Whatever else stands behind the head stays, and is found by verifying.
    """
    path, log = home.path / _HEAD, home.path / _LOG
    head = Head(**home.read_json(path)) if path.exists() else Head(0, 0, _FIRST)
    if not log.exists() or log.stat().st_size <= head.bytes:
        return head
    with log.open("rb") as file:
        file.seek(head.bytes)
        rest = file.read(_LONGEST_LINE)
    if b"\n" not in rest and len(rest) < _LONGEST_LINE:
        os.truncate(log, head.bytes)
        return head
    entry = _parsed(rest)
    if entry is None or _fault(entry, head.lines + 1, head.hash) is not None:
        return head
    return Head(entry.number, head.bytes + len(rest), entry.hash)


def _keep(home: Home, head: Head) -> None:
    write_durably(home.path / _HEAD, json.dumps(asdict(head)), private=True)


def _lines(home: Home, size: int) -> Iterator[bytes]:
    """The lines of the first bytes of the log."""
    if size:
        with (home.path / _LOG).open("rb") as file:
            while size > 0 and (line := file.readline(size)):
                size -= len(line)
                yield line


def _parsed(line: bytes) -> Entry | None:
    """An entry of its line, where it is written as the log writes it."""
    try:
        entry = Entry(**json.loads(line))
        return entry if _line(entry) == line else None
    except (ValueError, TypeError):
        return None


def _entry(number: int, at: str, who: str, act: str, subject: str, before: str) -> Entry:
    entry = Entry(number, at, who, act, subject, before, "")
    return Entry(number, at, who, act, subject, before, _hash(entry))


def _hash(entry: Entry) -> str:
    said = [entry.number, entry.at, entry.who, entry.act, entry.subject, entry.before]
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
