"""Mails that wait, and addresses that members confirmed: each mail is sent once, or it is said that nobody knows whether it was.

A mail is marked just before its text goes out. What is found marked later was interrupted there: it may have arrived, so it is not sent
again but shown as unclear. Whatever failed before is tried again, later and later.
"""

import re
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from graph.statements.home import Home, now
from graph.statements.private_store import reading, store_path, writing
from graph.statements.watches import Language, WatchError

State = Literal["waiting", "sending", "sent", "unclear", "given_up"]
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""The form of an address as browsers check it (HTML, ``input type=email``), with a dot in the domain."""
_FIRST, _LAST = timedelta(minutes=1), timedelta(hours=6)
_TRIES = 24
"""Tries of a mail: with the pauses between them some four days."""
_ASKED_AGAIN = timedelta(days=1)
_VALID = timedelta(days=7)
_UNCONFIRMED = 5
"""Addresses of one member that wait to be confirmed: nobody's mailbox is filled from here."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a member; ``asked`` is when a mail asked last whether it is hers, ``confirmed`` when she said so."""

    id: str
    owner: str
    address: str
    language: Language
    asked: str
    confirmed: str | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to an address: of a notice, or, without one, to ask whether the address is hers."""

    id: str
    to: Address
    notice: int | None
    state: State
    tries: int
    error: str


_ROW = "m.id, m.notice, m.state, m.tries, m.error, a.id AS address_id, a.owner, a.address, a.language, a.asked, a.confirmed"


def _mail(row: sqlite3.Row) -> Mail:
    to = Address(row["address_id"], row["owner"], row["address"], row["language"], row["asked"], row["confirmed"])
    return Mail(row["id"], to, row["notice"], row["state"], row["tries"], row["error"])


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


class OutgoingMail:
    """The addresses and mails of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def ask_for(self, owner: str, watch: str, address: str, language: Language) -> Address:
        """Let notices of a watch go to an address, once a link in a first mail to it was followed.

        :raises WatchError: where it is no address, or too many of hers are not confirmed yet
        """
        if len(address) > 254 or not _ADDRESS.fullmatch(address):
            raise WatchError("address")
        with writing(self._home) as con:
            row = con.execute(
                "SELECT id, asked, confirmed FROM address WHERE owner = ? AND address = ?", (owner, address)
            ).fetchone()
            if row is None:
                (waiting,) = con.execute(
                    "SELECT count(*) FROM address WHERE owner = ? AND confirmed IS NULL", (owner,)
                ).fetchone()
                if waiting >= _UNCONFIRMED:
                    raise WatchError("addresses")
            id_ = row["id"] if row else secrets.token_urlsafe(9)
            again = row is None or (
                row["confirmed"] is None and datetime.fromisoformat(row["asked"]) + _ASKED_AGAIN < now()
            )
            con.execute(
                "INSERT INTO address (id, owner, address, language, asked) VALUES (?,?,?,?,?) "
                "ON CONFLICT (id) DO UPDATE SET language = excluded.language",
                (id_, owner, address, language, _written(now())),
            )
            if again:
                con.execute("UPDATE address SET asked = ? WHERE id = ?", (_written(now()), id_))
                con.execute(
                    "INSERT INTO mail (id, address, state, due) VALUES (?, ?, 'waiting', ?)",
                    (secrets.token_hex(12), id_, _written(now())),
                )
            con.execute("UPDATE watch SET address = ? WHERE id = ? AND owner = ?", (id_, watch, owner))
            return Address(**con.execute("SELECT * FROM address WHERE id = ?", (id_,)).fetchone())

    def no_more(self, owner: str, watch: str) -> None:
        """Mail nothing of a watch any more; it is told on the page."""
        with writing(self._home) as con:
            con.execute("UPDATE watch SET address = '' WHERE id = ? AND owner = ?", (watch, owner))
            con.execute(
                "DELETE FROM mail WHERE state = 'waiting' AND notice IN (SELECT id FROM notice WHERE watch = ?)",
                (watch,),
            )

    def confirm(self, address: str) -> bool:
        """An address is hers, as who reads its mails says; False where she was asked too long ago."""
        with writing(self._home) as con:
            earliest = _written(now() - _VALID)
            done = con.execute(
                "UPDATE address SET confirmed = coalesce(confirmed, ?) WHERE id = ? AND (confirmed IS NOT NULL OR asked >= ?)",
                (_written(now()), address, earliest),
            )
            return bool(done.rowcount)

    def addresses(self, owner: str) -> dict[str, Address]:
        """The addresses of a member by their ids."""
        if not store_path(self._home).exists():
            return {}
        with reading(self._home) as con:
            rows = con.execute("SELECT * FROM address WHERE owner = ?", (owner,))
            return {row["id"]: Address(**row) for row in rows}

    def of_notices(self, owner: str) -> Mapping[int, Mail]:
        """The mails of a member's notices, by the notice."""
        return {mail.notice: mail for mail in self._mails("a.owner = ?", owner) if mail.notice is not None}

    def asking(self, owner: str) -> Mapping[str, Mail]:
        """The last mail that asked about each address of a member, by the address."""
        found = self._mails("a.owner = ? AND m.notice IS NULL ORDER BY m.rowid", owner)
        return {mail.to.id: mail for mail in found}

    def interrupted(self) -> int:
        """Say of mails that somebody was just sending when he died that nobody knows; who calls holds the lock of senders."""
        with writing(self._home) as con:
            return con.execute("UPDATE mail SET state = 'unclear' WHERE state = 'sending'").rowcount

    def due(self, most: int, all_waiting: bool = False) -> list[Mail]:
        """Mails to be sent now, those that wait longest first.

        :param all_waiting: also those whose next try is later
        """
        until = "9999" if all_waiting else _written(now())
        return self._mails("m.state = 'waiting' AND m.due <= ? ORDER BY m.due, m.rowid LIMIT ?", until, most)

    def waiting(self) -> int:
        """How many wait to be sent."""
        return len(self._mails("m.state = 'waiting'"))

    def pending(self, all_waiting: bool = False) -> bool:
        """Whether there is something to be sent now, or to be said of one that was interrupted."""
        return bool(self.due(1, all_waiting) or self._mails("m.state = 'sending' LIMIT 1"))

    def _mails(self, which: str, *values: str | int) -> list[Mail]:
        if not store_path(self._home).exists():
            return []
        with reading(self._home) as con:
            rows = con.execute(f"SELECT {_ROW} FROM mail m JOIN address a ON a.id = m.address WHERE {which}", values)
            return [_mail(row) for row in rows]

    def sending(self, mail: Mail) -> bool:
        """Mark a mail whose text goes out now; False where it was taken back meanwhile."""
        with writing(self._home) as con:
            done = con.execute("UPDATE mail SET state = 'sending' WHERE id = ? AND state = 'waiting'", (mail.id,))
            return bool(done.rowcount)

    def settle(self, mail: Mail, state: State, error: str = "") -> None:
        """Write down what became of a mail that was marked."""
        with writing(self._home) as con:
            con.execute("UPDATE mail SET state = ?, error = ? WHERE id = ?", (state, error[:300], mail.id))

    def failed(self, mail: Mail, error: str) -> State:
        """Write down that it could not be handed over: it is tried again later, or at last given up."""
        state: State = "waiting" if mail.tries + 1 < _TRIES else "given_up"
        pause = min(_FIRST * 2 ** min(mail.tries, 20), _LAST)
        with writing(self._home) as con:
            con.execute(
                "UPDATE mail SET state = ?, tries = tries + 1, due = ?, error = ? WHERE id = ?",
                (state, _written(now() + pause), error[:300], mail.id),
            )
        return state

    def drop(self, mail: Mail) -> None:
        """A mail that has nothing to say any more."""
        with writing(self._home) as con:
            con.execute("DELETE FROM mail WHERE id = ?", (mail.id,))
