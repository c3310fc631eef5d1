"""The texts of mails: whether an address is hers, and what is new for something that she watches, in the language that she chose."""

from collections.abc import Iterator, Mapping
from email.message import EmailMessage

from api.catalogue import Words
from api.links import address
from api.mailing import composed
from api.notice_showing import ShownNotice, shown
from api.reading import Views
from api.settings import Settings
from api.watching import watched_of
from graph.statements.cases import Case
from graph.statements.home import Home
from graph.statements.outgoing_mail import Mail
from graph.statements.watches import Watches


def mail_of(home: Home, settings: Settings, views: Views, mail: Mail, cases: Mapping[str, Case]) -> EmailMessage | None:
    """A mail as it goes out; None where it has nothing to say any more: stopped, another address chosen, its case dropped, what was
    new withdrawn.

    :param cases: all of the desk by their ids
    """
    words = Words(mail.to.language)
    base = str(settings.url).rstrip("/")
    watches = Watches(home)
    if mail.notice is None:
        if mail.to.confirmed:
            return None
        # nobody knows yet whose mailbox it is: it hears of no case and no question
        link = f"{base}/notices/confirm/{watches.token('confirm', mail.to.id)}"
        text = "\n\n".join((words("notices.mail.confirm", url=base), link, words("notices.mail.confirm_not")))
        return composed(settings, mail.to.address, mail.id, words("notices.mail.confirm_subject"), text, None)
    notice = watches.notice(mail.notice)
    watch = watches.find(notice.watch) if notice else None
    if notice is None or watch is None or watch.stopped or watch.address != mail.to.id or not mail.to.confirmed:
        return None
    watched = watched_of(watch, cases)
    if watched is None:
        return None
    said = shown(notice, watched, views, words)
    count = sum(len(fit.new) for fit in said.fits)
    if not count:
        return None
    stop = f"{base}/notices/stop/{watches.token('stop', watch.id)}"
    text = "\n".join(_lines(said, base, stop, words))
    return composed(
        settings, mail.to.address, mail.id, words("notices.mail.subject", count=words.number(count)), text, stop
    )


def _lines(said: ShownNotice, base: str, stop: str, words: Words) -> Iterator[str]:
    yield words("notices.mail.lead", title=said.title)
    yield ""
    for fit in said.fits:
        if not fit.new:
            continue
        for node in fit.new:
            made_up = f" ({words('illustrative')})" if node.illustrative else ""
            yield f"* {words('notices.kind.' + node.kind)}: {node.name}{made_up}"
            yield f"  {base}{address(node.id)}"
        yield "  " + words("notices.rank", rank=fit.rank)
        if fit.route:
            yield "  " + words("notices.through", route=fit.route)
        if fit.instead:
            yield "  " + fit.instead
        if fit.reason:
            yield "  " + words("notices.because", reason=fit.reason)
        yield ""
    if said.left:
        yield words("notices.left", names="; ".join(said.left))
        yield ""
    yield f"{words('notices.answer')}: {base}{said.href}"
    if said.lasting:
        yield f"{words('notices.of_day', day=words.day(said.day))}: {base}{said.lasting}"
    else:
        yield words("answer.as_of", day=words.day(said.day))
    yield ""
    yield f"{words('notices.stop')}: {stop}"
