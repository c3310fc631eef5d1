"""What members want to be told of (a case, or a question), and what they were told: kept privately, told once.

A watch remembers the first ten of its last look, everything that was ever among them, and the last load that it knew. A look and what came
of it are one transaction that only counts where nobody else looked meanwhile; so neither a restart nor a second service tells twice.
"""

import hmac
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from graph.statements.home import Home, day_of, now
from graph.statements.private_store import reading, store_path, writing

Language = Literal["vi", "en"]
Purpose = Literal["stop", "confirm"]
MOST = 50
"""Watches of one member at a time."""


class WatchError(ValueError):
    """A watch can't be begun; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at a look: the publish, the last load that it was made of, the first ten (JSON), and what is among them.

    :param entities: ids, of which nothing is news any more
    """

    publish: int
    load: int
    first_ten: str
    entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Watch:
    """Something that a member wants to be told of.

    :param about: the id of a case; empty where it is a question
    :param question: what was asked on the page, by the names of its fields; empty where it is a case
    :param publish: of the last look, as are ``load`` and ``first_ten``
    :param trouble: why the last look found no answer, in words; empty where it did
    :param address: the id of the address to which notices are mailed; empty where they are not
    """

    id: str
    owner: str
    about: str
    question: dict[str, str]
    language: Language
    begun: str
    stopped: str | None
    publish: int
    load: int
    first_ten: str
    trouble: str
    address: str

    @property
    def day(self) -> str:
        """The day in Vietnam on which it was begun."""
        return day_of(datetime.fromisoformat(self.begun))


@dataclass(frozen=True, slots=True)
class Notice:
    """What was told of a watch after a look; ``news`` is JSON, ``day`` the day that the answer was about."""

    id: int
    watch: str
    made: str
    day: str
    snapshot: str
    news: str
    read: str | None


_WATCH = "id, owner, about, question, language, begun, stopped, publish, load, first_ten, trouble, address"
_NOTICE = "n.id, n.watch, n.made, n.day, n.snapshot, n.news, n.read"


def _watch(row: sqlite3.Row) -> Watch:
    return Watch(**{**dict(row), "question": json.loads(row["question"])})


def _mark() -> str:
    return now().isoformat(timespec="seconds")


class Watches:
    """The watches of a home and their notices."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def any(self) -> bool:
        """Whether anybody ever asked to be told of anything."""
        return store_path(self._home).exists()

    def begin(self, owner: str, about: str, question: dict[str, str], language: Language, look: Look) -> Watch:
        """Watch a case or a question from a look on. One that is watched stays as it is; one that was stopped goes on from here.

        :raises WatchError: where a member has too many
        """
        asked = json.dumps(question, ensure_ascii=False, sort_keys=True)
        with writing(self._home) as con:
            (count,) = con.execute(
                "SELECT count(*) FROM watch WHERE owner = ? AND stopped IS NULL", (owner,)
            ).fetchone()
            key = (owner, about, asked)
            row = con.execute(
                f"SELECT {_WATCH} FROM watch WHERE owner = ? AND about = ? AND question = ?", key
            ).fetchone()
            if row is not None and row["stopped"] is None:
                return _watch(row)
            if count >= MOST:
                raise WatchError("many")
            id_ = row["id"] if row is not None else secrets.token_urlsafe(9)
            con.execute(
                "INSERT INTO watch (id, owner, about, question, language, begun, publish, load, first_ten) VALUES (?,?,?,?,?,?,?,?,?) "
                "ON CONFLICT (id) DO UPDATE SET stopped = NULL, publish = excluded.publish, load = excluded.load, "
                "first_ten = excluded.first_ten, trouble = ''",
                (id_, *key, language, _mark(), look.publish, look.load, look.first_ten),
            )
            _see(con, id_, look.entities)
            return _watch(con.execute(f"SELECT {_WATCH} FROM watch WHERE id = ?", (id_,)).fetchone())

    def of(self, owner: str, stopped: bool = False) -> list[Watch]:
        """What a member watches, the newest first.

        :param stopped: also what she stopped
        """
        which = "" if stopped else "AND stopped IS NULL "
        return self._watches(f"WHERE owner = ? {which}ORDER BY begun DESC, id", owner)

    def due(self, publish: int, load: int) -> list[Watch]:
        """Watches whose last look was at another publish, the one that waits longest first; none that knew later loads already.

        :param load: the last load that the publish was made of
        """
        which = "WHERE publish <> ? AND load <= ? AND stopped IS NULL ORDER BY publish, id"
        return self._watches(which, publish, load)

    def find(self, watch: str) -> Watch | None:
        """A watch by its id, stopped or not."""
        return next(iter(self._watches("WHERE id = ?", watch)), None)

    def _watches(self, which: str, *values: str | int) -> list[Watch]:
        if not self.any:
            return []
        with reading(self._home) as con:
            return [_watch(row) for row in con.execute(f"SELECT {_WATCH} FROM watch {which}", values)]

    def stop(self, watch: str) -> None:
        """Tell nothing of it any more; mails that wait are not sent. Stopped twice it is stopped."""
        with writing(self._home) as con:
            con.execute("UPDATE watch SET stopped = ? WHERE id = ? AND stopped IS NULL", (_mark(), watch))
            con.execute(
                "DELETE FROM mail WHERE state = 'waiting' AND notice IN (SELECT id FROM notice WHERE watch = ?)",
                (watch,),
            )

    def forget(self, about: str) -> None:
        """A case is no more: drop that it is watched, with all that was told of it."""
        if self.any:
            with writing(self._home) as con:
                con.execute("DELETE FROM watch WHERE about = ?", (about,))

    def reword(self, change: Callable[[str], str]) -> None:
        """Change the words of what members ask and of what they were told; what stood there before is overwritten."""
        if not self.any:
            return
        with writing(self._home, overwriting=True) as con:
            for table, column in (("watch", "question"), ("notice", "news")):
                for key, said in con.execute(f"SELECT id, {column} FROM {table}").fetchall():
                    if (now_said := change(said)) != said:
                        con.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (now_said, key))

    def seen(self, watch: str, entities: Iterable[str]) -> bool:
        """Whether one of some ids was among the first ten before."""
        with reading(self._home) as con:
            found = (
                con.execute("SELECT 1 FROM seen WHERE watch = ? AND entity = ?", (watch, entity)).fetchone()
                for entity in entities
            )
            return any(found)

    def looked(self, watch: Watch, look: Look, snapshot: str, day: str, news: str | None) -> bool:
        """Write down a look, with a notice where there is news and a mail of it where she wants one.

        :returns: whether it counts; False where somebody else looked meanwhile, or it was stopped
        """
        with writing(self._home) as con:
            done = con.execute(
                "UPDATE watch SET publish = ?, load = ?, first_ten = ?, trouble = '' WHERE id = ? AND publish = ? AND load = ? "
                "AND stopped IS NULL",
                (look.publish, look.load, look.first_ten, watch.id, watch.publish, watch.load),
            )
            if not done.rowcount:
                return False
            _see(con, watch.id, look.entities)
            if news is not None:
                made = con.execute(
                    "INSERT INTO notice (watch, made, day, snapshot, publish, news) VALUES (?,?,?,?,?,?)",
                    (watch.id, _mark(), day, snapshot, look.publish, news),
                ).lastrowid
                con.execute(
                    "INSERT INTO mail (id, address, notice, state, due) SELECT ?, a.id, ?, 'waiting', ? FROM watch w "
                    "JOIN address a ON a.id = w.address WHERE w.id = ? AND a.confirmed IS NOT NULL",
                    (secrets.token_hex(12), made, _mark(), watch.id),
                )
            return True

    def no_answer(self, watch: Watch, publish: int, trouble: str) -> None:
        """Write down that a look found no answer; what is new since the one before is told by the next that does."""
        with writing(self._home) as con:
            con.execute("UPDATE watch SET publish = ?, trouble = ? WHERE id = ?", (publish, trouble[:500], watch.id))

    def notices(self, owner: str, most: int = 100) -> list[Notice]:
        """What a member was told, the newest first."""
        if not self.any:
            return []
        with reading(self._home) as con:
            rows = con.execute(
                f"SELECT {_NOTICE} FROM notice n JOIN watch w ON w.id = n.watch WHERE w.owner = ? ORDER BY n.id DESC LIMIT ?",
                (owner, most),
            )
            return [Notice(**row) for row in map(dict, rows)]

    def notice(self, number: int) -> Notice | None:
        """A notice by its number."""
        with reading(self._home) as con:
            row = con.execute(f"SELECT {_NOTICE} FROM notice n WHERE n.id = ?", (number,)).fetchone()
            return Notice(**dict(row)) if row else None

    def unread(self, owner: str) -> int:
        """How many notices a member has not marked as read."""
        if not self.any:
            return 0
        with reading(self._home) as con:
            row = con.execute(
                "SELECT count(*) FROM notice n JOIN watch w ON w.id = n.watch WHERE w.owner = ? AND n.read IS NULL",
                (owner,),
            ).fetchone()
            return int(row[0])

    def mark_read(self, owner: str, up_to: int) -> None:
        """Mark what a member was told as read, up to a number: what came since she opened the page stays new."""
        with writing(self._home) as con:
            con.execute(
                "UPDATE notice SET read = ? WHERE read IS NULL AND id <= ? AND watch IN (SELECT id FROM watch WHERE owner = ?)",
                (_mark(), up_to, owner),
            )

    def token(self, purpose: Purpose, subject: str) -> str:
        """A token that lets whoever holds it do one thing with one subject, and nothing else."""
        return f"{subject}.{self._keyed(purpose, subject)}"

    def subject(self, purpose: Purpose, token: str) -> str | None:
        """What a token is for, or None where it is not one of ours."""
        subject, _, keyed = token.rpartition(".")
        if not self.any or not keyed.isascii():
            return None
        return subject if hmac.compare_digest(keyed, self._keyed(purpose, subject)) else None

    def _keyed(self, purpose: Purpose, subject: str) -> str:
        with reading(self._home) as con:
            (secret,) = con.execute("SELECT value FROM secret").fetchone()
        return hmac.new(bytes.fromhex(secret), f"{purpose}\x1f{subject}".encode(), sha256).hexdigest()[:40]


def _see(con: sqlite3.Connection, watch: str, entities: Iterable[str]) -> None:
    con.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", [(watch, entity) for entity in entities])
