"""Links by which persons see what is held about them without signing in, and what they ask for: in one private file of the home.

A link is a random secret that is shown once and kept as a keyed hash. What a person asks waits for a curator; the words are kept until
the person is erased.
"""

import hmac
import json
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from api.tokens import keyed_hash
from graph.statements.home import Home, HomeError, now, today, write_durably

_FILE = "persons.json"
_LONGEST = 100
"""Characters of a secret that are looked at; a real one has 43."""
TEXT = 2_000
"""Characters of what a person asks."""
MOST_WAITING = 5
"""Things that one person may be waiting for."""
Kind = Literal["correction", "erasure"]
KINDS: tuple[Kind, ...] = ("correction", "erasure")
Answer = Literal["done", "partly", "refused"]
ANSWERS: tuple[Answer, ...] = ("done", "partly", "refused")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a person.

    :param id: by which a curator ends it
    :param hash: of its secret
    :param person: the id of an entity; ``None`` once the person was erased
    :param until: the last day on which it opens (ISO date)
    :param erased: the day of the erasure, and ``reason`` its code
    """

    id: str
    hash: str = field(repr=False)
    person: str | None
    by: str
    made: str
    until: str
    erased: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for, and what a curator answered; ``ground`` says why it was not done, or not wholly."""

    id: str
    person: str | None
    kind: Kind
    text: str
    on: str
    answer: Answer | None = None
    ground: str = ""
    by: str | None = None
    answered: str | None = None


@dataclass(slots=True)
class _Kept:
    secret: str
    links: list[Link] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


class TooManyAsked(ValueError):
    """A person waits for as much as may wait."""


def make_link(home: Home, person: str, who: str, until: str) -> str:
    """Make a link for a person; the secret can't be read again.

    :param person: the id of an entity
    :param who: the curator's name
    :param until: the last day on which it opens (ISO date)
    :raises HomeError: where the home can't be written
    """
    secret = secrets.token_urlsafe(32)
    with _changing(home) as kept:
        kept.links.append(
            Link(
                secrets.token_urlsafe(6),
                keyed_hash(kept.secret, secret),
                person,
                who,
                now().isoformat(timespec="seconds"),
                until,
            )
        )
    return secret


def open_link(home: Home, secret: str) -> Link | None:
    """The link of a secret, if it still opens. All hashes are compared, each in constant time."""
    kept = _read(home)
    if kept is None or not secret or len(secret) > _LONGEST:
        return None
    mark, found = keyed_hash(kept.secret, secret), None
    for link in kept.links:
        if hmac.compare_digest(link.hash, mark):
            found = link
    return found if found is not None and found.until >= today() else None


def links_of(home: Home, persons: Collection[str]) -> list[Link]:
    """The links of a person that open, the newest first.

    :param persons: all ids that the person has had
    """
    kept = _read(home)
    return [link for link in reversed(kept.links if kept else []) if link.person in persons and link.until >= today()]


def known_persons(home: Home) -> set[str]:
    """The ids of all who have links or asked for something."""
    kept = _read(home)
    if kept is None:
        return set()
    return {person for person in (*(one.person for one in kept.links), *(one.person for one in kept.asked)) if person}


def end_link(home: Home, persons: Collection[str], identifier: str) -> None:
    """End a link of a person at once."""
    with _changing(home) as kept:
        kept.links = [link for link in kept.links if link.person not in persons or link.id != identifier]


def ask_for(home: Home, person: str, kind: Kind, text: str) -> Asked:
    """Note what a person asks for; it waits for a curator.

    :raises TooManyAsked: where the person waits for :data:`MOST_WAITING` already
    """
    with _changing(home) as kept:
        if sum(one.person == person and one.answer is None for one in kept.asked) >= MOST_WAITING:
            raise TooManyAsked
        made = Asked(secrets.token_urlsafe(6), person, kind, text[:TEXT], now().isoformat(timespec="seconds"))
        kept.asked.append(made)
    return made


def asked_for(home: Home, persons: Collection[str] | None = None) -> list[Asked]:
    """What was asked for, by a person or by anybody, the newest first."""
    kept = _read(home)
    return [one for one in reversed(kept.asked if kept else []) if persons is None or one.person in persons]


def answer_asked(home: Home, persons: Collection[str], identifier: str, answer: Answer, ground: str, who: str) -> None:
    """Note what became of something that a person asked for.

    :raises LookupError: where nothing of the kind waits
    """
    with _changing(home) as kept:
        waiting = [one for one in kept.asked if one.person in persons and one.id == identifier and one.answer is None]
        if not waiting:
            raise LookupError(identifier)
        said: dict[str, Any] = {"answer": answer, "ground": ground[:TEXT], "by": who, "answered": today()}
        kept.asked = [replace(one, **said) if one in waiting else one for one in kept.asked]


def forget_person(home: Home, persons: Collection[str], on: str, reason: str) -> None:
    """Forget whose links and wishes these were. A link goes on telling that something was erased, and when."""
    if _read(home) is None:
        return
    with _changing(home) as kept:
        kept.links = [
            replace(link, person=None, erased=on, reason=reason) if link.person in persons else link
            for link in kept.links
        ]
        kept.asked = [
            replace(one, person=None, text="", ground="", answer=one.answer or "done", answered=one.answered or on)
            if one.person in persons
            else one
            for one in kept.asked
        ]


def _read(home: Home) -> _Kept | None:
    path = home.path / _FILE
    if not path.exists():
        return None
    content: dict[str, Any] = home.read_json(path)
    links, asked = [Link(**one) for one in content["links"]], [Asked(**one) for one in content["asked"]]
    return _Kept(content["secret"], links, asked)


@contextmanager
def _changing(home: Home) -> Iterator[_Kept]:
    """What is kept, to be changed by one at a time.

    :raises HomeError: where the home can't be written
    """
    try:
        with home.lock("persons"):
            kept = _read(home) or _Kept(secrets.token_hex(32))
            yield kept
            write_durably(home.path / _FILE, json.dumps(asdict(kept), ensure_ascii=False, indent=1), private=True)
    except OSError as error:
        raise HomeError(f"it was not kept: {error}") from None
