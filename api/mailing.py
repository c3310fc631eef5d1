"""Hands mails to the SMTP server that the settings name. Nothing of a mail is ever logged."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from api.settings import Settings

_TIMEOUT = 20.0
"""Seconds that each step of a conversation may take."""
_READY, _DONE = 354, 250
_WIRE = SMTP.clone(max_line_length=998)
"""As long as a line may be: an address of a header that is folded would be encoded, and no mail program finds it then."""


class MailRefused(RuntimeError):
    """A mail was certainly not taken; the message says why."""


class MailUnclear(RuntimeError):
    """The text was sent and nobody answered: it may have been taken."""


def composed(settings: Settings, to: str, identifier: str, subject: str, text: str, stop: str | None) -> EmailMessage:
    """A mail of plain text.

    :param identifier: the same for a mail whenever it is tried, so that a second copy is known as one
    :param stop: the address that stops such mails, by a button or by one click (RFC 8058)
    """
    message = EmailMessage()
    message["From"] = str(settings.smtp_from)
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{identifier}@{str(settings.smtp_from).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="base64")
    return message


def send(settings: Settings, message: EmailMessage, mark: Callable[[], bool]) -> bool:
    """Hand a mail over; whether it was.

    :param mark: called just before the text goes out; where it says False nothing does
    :raises MailRefused: where it was certainly not taken
    :raises MailUnclear: where nobody knows
    """
    # what the lines of an address hold is the settings' and checked; nothing but ASCII is left after encoding
    text = smtplib.quotedata(message.as_bytes(policy=_WIRE).decode("ascii"))
    try:
        server = smtplib.SMTP(str(settings.smtp_host), settings.smtp_port, timeout=_TIMEOUT)
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(_told(error)) from None
    try:
        return _hand_over(server, settings, str(message["To"]), text, mark)
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, settings: Settings, to: str, text: str, mark: Callable[[], bool]) -> bool:
    try:
        _greet(server, settings)
        _asked(server.mail(str(settings.smtp_from)), _DONE)
        _asked(server.rcpt(to), _DONE, 251)
        _asked(server.docmd("DATA"), _READY)
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(_told(error)) from None
    if not mark():
        return False
    try:
        server.send(text if text.endswith("\r\n") else text + "\r\n")
        server.send(".\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnclear(_told(error)) from None
    # it is taken or not, whatever becomes of the connection
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    _asked(answer, _DONE)
    return True


def _greet(server: smtplib.SMTP, settings: Settings) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.smtp_starttls:
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    if settings.smtp_user:
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        server.login(settings.smtp_user, password)


def _asked(answer: tuple[int, bytes], *good: int) -> None:
    code, said = answer
    if code not in good:
        raise MailRefused(f"{code} {said.decode('utf-8', 'replace')}")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
