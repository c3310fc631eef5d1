"""What members watch: told once whoever looks, stopped at once; and mails, each sent once or said to be unclear."""

import stat
import threading
from pathlib import Path

import pytest

from graph.statements.home import Home
from graph.statements.outgoing_mail import OutgoingMail
from graph.statements.private_store import store_path
from graph.statements.watches import MOST, Look, Watch, WatchError, Watches

NOBODY = Look(1, 10, "{}", frozenset())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def begin(home: Home, owner: str = "lan", about: str = "case", look: Look = NOBODY) -> Watch:
    return Watches(home).begin(owner, about, {}, "vi", look)


def tell(home: Home, watch: Watch, publish: int = 2, entity: str = "n1") -> bool:
    look = Look(publish, publish * 10, "{}", frozenset({entity}))
    return Watches(home).looked(watch, look, "s", "2026-11-24", '{"fits": []}')


def mailed(home: Home) -> Watch:
    """A watch whose notices go to a confirmed address."""
    watch, outbox = begin(home), OutgoingMail(home)
    address = outbox.ask_for("lan", watch.id, "lan@thunghiem.example", "vi")
    (asking,) = outbox.due(10)
    outbox.settle(asking, "sent")
    assert outbox.confirm(address.id)
    return watch


def test_nothing_is_made_before_somebody_asks_and_then_nobody_else_reads_it(home: Home) -> None:
    assert (Watches(home).of("lan"), Watches(home).unread("lan"), Watches(home).notices("lan")) == ([], 0, [])
    assert (OutgoingMail(home).due(10), OutgoingMail(home).addresses("lan")) == ([], {})
    assert not store_path(home).exists()
    begin(home)
    assert stat.S_IMODE(store_path(home).stat().st_mode) == 0o600


def test_of_many_that_look_at_once_one_tells(home: Home) -> None:
    watch, told = begin(home), []
    ready = threading.Barrier(8)

    def look() -> None:
        ready.wait()
        told.append(tell(home, watch))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]
    assert len(Watches(home).notices("lan")) == Watches(home).unread("lan") == 1
    assert Watches(home).due(2, 20) == []
    # one who saw the publish before, and was late, looks at nothing
    assert [Watches(home).due(1, 10), len(Watches(home).due(3, 20))] == [[], 1]
    assert Watches(home).seen(watch.id, ["x", "n1"])
    assert not Watches(home).seen(watch.id, ["x"])


def test_a_look_without_an_answer_keeps_what_was_known(home: Home) -> None:
    watch = begin(home)
    Watches(home).no_answer(watch, 5, "no such firm")
    (after,) = Watches(home).of("lan")
    assert (after.publish, after.load, after.trouble) == (5, 10, "no such firm")
    assert Watches(home).due(5, 50) == []
    assert tell(home, after, 6)
    assert Watches(home).of("lan")[0].trouble == ""


def test_watched_twice_it_is_one_and_stopped_it_goes_on_from_where_it_is_begun_again(home: Home) -> None:
    first, again = begin(home), begin(home)
    assert first == again
    begin(home, "minh")
    assert [len(Watches(home).of(who)) for who in ("lan", "minh", "an")] == [1, 1, 0]
    Watches(home).stop(first.id)
    Watches(home).stop(first.id)
    assert not tell(home, first)
    assert (Watches(home).of("lan"), Watches(home).due(2, 20)) == ([], Watches(home).of("minh"))
    later = begin(home, look=Look(7, 70, "{}", frozenset({"n2"})))
    assert (later.id, later.load) == (first.id, 70)
    assert Watches(home).seen(later.id, ["n2"])


def test_nobody_watches_too_much(home: Home) -> None:
    for number in range(MOST):
        begin(home, about=f"case-{number}")
    with pytest.raises(WatchError, match="many"):
        begin(home, about="one more")
    begin(home, "minh")


def test_what_came_since_the_page_was_opened_stays_unread_and_others_read_nothing_for_her(home: Home) -> None:
    tell(home, begin(home))
    (seen,) = Watches(home).notices("lan")
    tell(home, Watches(home).of("lan")[0], 3, "n2")
    Watches(home).mark_read("minh", seen.id)
    assert Watches(home).unread("lan") == 2
    Watches(home).mark_read("lan", seen.id)
    assert [one.read is None for one in Watches(home).notices("lan")] == [True, False]
    Watches(home).forget("case")
    assert Watches(home).notices("lan") == []


def test_a_token_does_one_thing_with_one_watch(home: Home) -> None:
    watches, watch = Watches(home), begin(home)
    token = watches.token("stop", watch.id)
    assert watches.subject("stop", token) == watch.id
    other = begin(home, "minh")
    changed = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in (changed, token.replace(watch.id, other.id), watch.id, "", "é.é", f"{watch.id}."):
        assert watches.subject("stop", wrong) is None, wrong
    assert watches.subject("confirm", token) is None
    assert Watches(home).token("stop", watch.id) == token


def test_no_mail_before_the_address_is_confirmed_and_one_for_each_notice_after(home: Home) -> None:
    watch, outbox = begin(home), OutgoingMail(home)
    address = outbox.ask_for("lan", watch.id, "lan@thunghiem.example", "en")
    tell(home, watch)
    (asking,) = outbox.due(10)
    assert (asking.notice, asking.to.language) == (None, "en")
    outbox.settle(asking, "sent")
    # asked again at once nothing is sent again
    outbox.ask_for("lan", watch.id, "lan@thunghiem.example", "vi")
    assert outbox.due(10) == []
    assert outbox.confirm(address.id)
    assert not outbox.confirm("another")
    tell(home, Watches(home).of("lan")[0], 3, "n2")
    (mail,) = outbox.due(10)
    assert (mail.to.address, mail.to.language, mail.notice) == ("lan@thunghiem.example", "vi", 2)
    Watches(home).stop(watch.id)
    assert outbox.due(10, all_waiting=True) == []


@pytest.mark.parametrize(
    "wrong", ["", "lan", "lan@", "@x.example", "lan@x", "lan@x.example\nBcc: minh@x.example", "lan@x.example, a@x.example", "l" * 300]
)  # fmt: skip
def test_what_is_no_address_is_refused(home: Home, wrong: str) -> None:
    with pytest.raises(WatchError, match="address"):
        OutgoingMail(home).ask_for("lan", begin(home).id, wrong, "vi")


def test_nobodys_mailbox_is_filled_from_here(home: Home) -> None:
    watch, outbox = begin(home), OutgoingMail(home)
    for number in range(5):
        outbox.ask_for("lan", watch.id, f"a{number}@thunghiem.example", "vi")
    with pytest.raises(WatchError, match="addresses"):
        outbox.ask_for("lan", watch.id, "a5@thunghiem.example", "vi")


def test_a_mail_that_failed_waits_longer_each_time_and_is_given_up_at_last(home: Home) -> None:
    tell(home, mailed(home))
    outbox = OutgoingMail(home)
    for tried in range(24):
        assert outbox.due(10) == [] or tried == 0
        (mail,) = outbox.due(10, all_waiting=True)
        assert (mail.tries, mail.error) == (tried, f"451 later {tried - 1}" if tried else "")
        assert outbox.failed(mail, f"451 later {tried}") == ("waiting" if tried < 23 else "given_up")
    assert outbox.due(10, all_waiting=True) == []
    assert [mail.state for mail in outbox.of_notices("lan").values()] == ["given_up"]


def test_a_mail_that_was_interrupted_is_never_sent_again(home: Home) -> None:
    tell(home, mailed(home))
    outbox = OutgoingMail(home)
    (mail,) = outbox.due(10)
    assert outbox.sending(mail)
    assert not outbox.sending(mail)
    assert outbox.pending()
    assert outbox.interrupted() == 1
    assert (outbox.pending(True), outbox.due(10, all_waiting=True)) == (False, [])
    assert [one.state for one in outbox.of_notices("lan").values()] == ["unclear"]
