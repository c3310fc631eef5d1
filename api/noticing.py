"""Looks at what members watch after each publish, and mails what they are to be told: in the background of a service, or by a command."""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from api.mailing import MailRefused, MailUnclear, send
from api.notice_mails import mail_of
from api.reading import Views, ViewsSource
from api.settings import Settings
from api.watching import look_again, watched_of
from graph.answer.errors import AnswerError
from graph.statements.audit import OPERATOR, member, record
from graph.statements.cases import Case, cases_by_id
from graph.statements.home import Home, HomeError
from graph.statements.outgoing_mail import Mail, OutgoingMail
from graph.statements.watches import Watch, Watches
from graph.views.errors import NotReady
from graph.views.neo4j_errors import GraphError

_PAUSE = 3.0
"""Seconds between looks at whether something was published."""
_BUDGET = 60.0
"""Seconds of one round; what it does not come to is done by the next."""
_MAILS, _MOST = 50, 10_000
"""Mails of one round in the background, and of a command."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """What one round did: watches that were looked at, notices made, mails sent, failed, unclear, and those that still wait."""

    looked: int = 0
    notices: int = 0
    no_answer: int = 0
    sent: int = 0
    failed: int = 0
    unclear: int = 0
    waiting: int = 0
    left: int = 0


class Noticing:
    """Goes round after each publish. Of several processes over one home one does at a time; the others find nothing left to do.

    :param source: where the newest snapshot is read
    """

    def __init__(self, home: Home, source: ViewsSource, settings: Settings) -> None:
        self._home, self._source, self._settings = home, source, settings
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Go round in the background until closed."""
        self._thread = threading.Thread(target=self._watch, name="notices", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._closing.wait(_PAUSE):
            try:
                self.go_round()
            except (NotReady, GraphError, HomeError) as error:
                _log.info("no notices now: %s", type(error).__name__)
            except Exception as error:
                # what it was about may be private, and a trace may hold it
                _log.error("a round of notices failed: %s", type(error).__name__)

    def go_round(self, all_mails: bool = False, budget: float = _BUDGET) -> Round:
        """One round.

        :param all_mails: send also those whose next try is later
        :param budget: seconds after which it is left to the next round
        :raises NotReady: where nothing is published
        :raises GraphError: where the property graph does not answer
        :raises HomeError: where nothing can be written
        """
        done = Round()
        if not Watches(self._home).any:
            return done
        until = time.monotonic() + budget
        outbox = OutgoingMail(self._home)
        if not (self._due(self._source.current()) or (self._settings.mails and outbox.pending(all_mails))):
            return done
        with self._home.lock("notices"):
            # whoever held it before may have looked at a newer one
            views = self._source.current()
            self._look(views, done, until)
            if self._settings.mails:
                self._send(views, outbox, done, all_mails, until)
        done.waiting = outbox.waiting()
        return done

    def _due(self, views: Views) -> list[Watch]:
        return Watches(self._home).due(views.made_of.number, views.made_of.last_load)

    def _look(self, views: Views, done: Round, until: float) -> None:
        watches, due = Watches(self._home), self._due(views)
        cases = cases_by_id(self._home) if any(watch.about for watch in due) else {}
        for at, watch in enumerate(due):
            if self._closing.is_set() or time.monotonic() > until:
                done.left = len(due) - at
                return
            done.looked += 1
            try:
                done.notices += self._look_at(views, watches, watch, cases)
            except AnswerError as error:
                watches.no_answer(watch, views.made_of.number, str(error))
                done.no_answer += 1
            except (NotReady, GraphError, HomeError):
                raise
            except Exception as error:
                _log.error("a watch found no answer: %s", type(error).__name__)
                watches.no_answer(watch, views.made_of.number, type(error).__name__)
                done.no_answer += 1

    def _look_at(self, views: Views, watches: Watches, watch: Watch, cases: Mapping[str, Case]) -> int:
        """Look at one; how many notices came of it."""
        watched = watched_of(watch, cases)
        if watched is None:
            watches.forget(watch.about)
            return 0
        found = look_again(views, watched, watch, partial(watches.seen, watch.id))
        news = found.news.model_dump_json(exclude_none=True) if found.news else None
        return int(watches.looked(watch, found.look, found.snapshot, found.day, news) and news is not None)

    def _send(self, views: Views, outbox: OutgoingMail, done: Round, all_mails: bool, until: float) -> None:
        done.unclear += outbox.interrupted()
        mails = outbox.due(_MOST if all_mails else _MAILS, all_mails)
        cases = cases_by_id(self._home) if any(mail.notice is not None for mail in mails) else {}
        for mail in mails:
            if self._closing.is_set() or time.monotonic() > until:
                return
            message = mail_of(self._home, self._settings, views, mail, cases)
            if message is None:
                outbox.drop(mail)
                continue
            try:
                gone = send(self._settings, message, partial(self._goes_out, outbox, mail))
            except MailRefused as error:
                outbox.failed(mail, str(error))
                done.failed += 1
            except MailUnclear as error:
                outbox.settle(mail, "unclear", str(error))
                done.unclear += 1
            else:
                # one that was taken back at the last moment is no more
                outbox.settle(mail, "sent")
                done.sent += gone

    def _goes_out(self, outbox: OutgoingMail, mail: Mail) -> bool:
        """Write down that a mail is sent, before it is; whether it may be."""
        if mail.notice is not None:
            record(self._home, OPERATOR, "notice.sent", member(mail.to.owner))
        return outbox.sending(mail)

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            with suppress(RuntimeError):
                self._thread.join(timeout=30)
