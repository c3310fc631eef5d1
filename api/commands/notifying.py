"""notify."""

from collections.abc import Iterator
from dataclasses import asdict

from api.commands.terminal import CommandError, HomeOption, JsonOption, open_engine, settings, show
from api.noticing import Noticing, Round
from api.serving import LiveSource


def notify(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Tell members what is new among the first ten of what they watch, and send the mails that wait; a running service does so by itself."""
    chosen = settings(home)
    with open_engine(home) as (opened, engine):
        noticing = Noticing(opened, LiveSource(opened, engine), chosen)
        done = noticing.go_round(all_mails=True, budget=float("inf"))
    show(asdict(done) | {"mail": chosen.mails}, as_json, _lines(done, chosen.mails))
    if done.failed:
        raise CommandError(
            f"{done.failed} mails could not be sent; they are tried again by the service and by the next «ketnoi notify»"
        )


def _lines(done: Round, mails: bool) -> Iterator[str]:
    yield f"watches looked at {done.looked} (no answer {done.no_answer}), new notices {done.notices}"
    if mails:
        yield f"mails sent {done.sent}, failed {done.failed}, unclear {done.unclear}, waiting {done.waiting}"
    else:
        yield "mail is not set up: no mail is sent (KETNOI_SMTP_HOST, KETNOI_SMTP_FROM and KETNOI_URL)"
