"""A mail is handed over once: what is surely not taken is said to be refused, what may have been taken is said to be unclear."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from api.mailing import MailRefused, MailUnclear, composed, send
from api.settings import Settings
from tests.conftest import free_port
from tests.mailbox import Mailbox

URL = "https://ketnoi.example"
LINK = f"{URL}/notices/stop/{'x' * 100}"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


def settings(mailbox: Mailbox, **more: object) -> Settings:
    told = {"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_from": "bao-tin@ketnoi.example", "url": URL}
    return Settings.model_validate(told | {"smtp_starttls": False} | more)


def hand_over(chosen: Settings, text: str = "Có nhu cầu mới.\n.\n..hết") -> list[str]:
    marked: list[str] = []

    def mark() -> bool:
        marked.append("text goes out")
        return True

    message = composed(chosen, "lan@thunghiem.example", "a1", "Tin\nmới", text, LINK)
    assert send(chosen, message, mark)
    return marked


def test_a_mail_arrives_whole_with_what_stops_it(mailbox: Mailbox) -> None:
    assert hand_over(settings(mailbox)) == ["text goes out"]
    ((to, message),) = mailbox.given
    assert (to, message["To"], message["Subject"]) == ("lan@thunghiem.example", "lan@thunghiem.example", "Tin mới")
    assert message.get_content().splitlines() == ["Có nhu cầu mới.", ".", "..hết"]
    assert message["List-Unsubscribe"] == f"<{LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"] == "<a1@ketnoi.example>"
    # on one line, as mail programs look for it
    assert f"\r\nList-Unsubscribe: <{LINK}>\r\n".encode() in mailbox.raw[0]


@pytest.mark.parametrize(("fault", "said"), [("busy", "451"), ("no_such_user", "550")])
def test_what_the_server_refuses_is_not_marked(mailbox: Mailbox, fault: str, said: str) -> None:
    mailbox.fault = fault  # type: ignore[assignment]
    marked: list[str] = []
    message = composed(settings(mailbox), "lan@thunghiem.example", "a1", "x", "y", None)
    with pytest.raises(MailRefused, match=said):
        send(settings(mailbox), message, lambda: bool(marked.append("")))
    assert (marked, mailbox.given) == ([], [])


def test_a_server_that_dies_after_the_text_leaves_it_unclear(mailbox: Mailbox) -> None:
    mailbox.fault = "dies_after_text"
    with pytest.raises(MailUnclear):
        hand_over(settings(mailbox))
    assert len(mailbox.given) == 1


def test_nothing_goes_out_where_it_was_taken_back_at_the_last_moment(mailbox: Mailbox) -> None:
    message = composed(settings(mailbox), "lan@thunghiem.example", "a1", "x", "y", None)
    assert not send(settings(mailbox), message, lambda: False)
    assert [len(part.get_content()) for _, part in mailbox.given] in ([], [0])


def test_a_server_that_does_not_encrypt_gets_nothing_unless_that_is_allowed(mailbox: Mailbox) -> None:
    with pytest.raises(MailRefused, match="STARTTLS"):
        hand_over(settings(mailbox, smtp_starttls=True, smtp_user="a", smtp_password="b"))
    assert mailbox.given == []


def test_no_server_is_a_refusal() -> None:
    chosen = Settings(smtp_host="127.0.0.1", smtp_port=free_port(), smtp_from="a@ketnoi.example", url=URL)
    with pytest.raises(MailRefused, match="refused"):
        hand_over(chosen)


def test_settings_name_all_or_nothing_is_mailed() -> None:
    told = {"smtp_host": "mail.example", "smtp_from": "a@ketnoi.example", "url": URL}
    assert Settings.model_validate(told).mails
    assert not any(Settings.model_validate({k: v for k, v in told.items() if k != left}).mails for left in told)
    for wrong in ({"url": "ketnoi.example"}, {"url": "javascript:x"}, {"smtp_from": "a"}, {"smtp_from": "a@b>\nX: y"}):
        with pytest.raises(ValidationError):
            Settings.model_validate(told | wrong)
