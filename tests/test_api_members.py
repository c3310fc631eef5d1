"""Members: links that end and are used once, passwords, sessions that end, roles, closing; and that each is written down."""

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher

from api import kept_sessions, members, passwords
from api.access_log import _Masked
from api.kept_sessions import IDLE, LONGEST, begin, end, session_of
from api.members import (
    MemberError,
    change_password,
    change_role,
    check_password,
    close,
    invitation,
    invite,
    join,
    renew,
    withdraw_invitation,
)
from api.passwords import Tries, WeakPassword, hashed, is_password
from api.tokens import Identity, Role, check_token, create_token, token_mark
from graph.statements.audit import newest, verify
from graph.statements.home import Home, now
from graph.statements.watches import Look, Watches
from tests.desk import form_token
from tests.test_api_app import Named, served

CURATOR = Identity("Lan", "curator")
PASSWORD = "một câu dễ nhớ 7"
OTHER = "một câu khác hẳn 8"


CHEAP = PasswordHasher(time_cost=1, memory_cost=1024)
"""What is tried here many times must not take long; where the cost matters, it is asked for."""


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        passwords._stand_in.cache_clear()
        yield
    passwords._stand_in.cache_clear()


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._stand_in.cache_clear()
    yield
    passwords._stand_in.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def soon() -> datetime:
    return now() + timedelta(days=1)


def joined(home: Home, name: str = "Bình", role: Role = "member") -> Identity:
    return join(home, invite(home, name, role, soon(), CURATOR), PASSWORD)


def acts(home: Home) -> list[tuple[str, str, str]]:
    return [(one.who, one.act, one.subject) for one in reversed(newest(home, 100))]


def test_a_link_is_used_once(home: Home) -> None:
    secret = invite(home, "Bình", "member", soon(), CURATOR)
    assert join(home, secret, PASSWORD) == Identity("Bình", "member")
    with pytest.raises(MemberError, match="link"):
        join(home, secret, OTHER)
    assert check_password(home, "Bình", PASSWORD) == Identity("Bình", "member")
    assert check_password(home, "Bình", OTHER) is None


def test_of_two_who_use_a_link_at_once_one_does(home: Home) -> None:
    secret = invite(home, "Bình", "member", soon(), CURATOR)
    done: list[str] = []

    def use(password: str) -> None:
        try:
            join(home, secret, password)
            done.append(password)
        except MemberError:
            pass

    threads = [threading.Thread(target=use, args=(password,)) for password in (PASSWORD, OTHER)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(done) == 1
    assert check_password(home, "Bình", done[0])


def test_a_link_ends(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = invite(home, "Bình", "member", soon(), CURATOR)
    assert invitation(home, secret)
    monkeypatch.setattr(members, "now", lambda: soon() + timedelta(seconds=1))
    assert invitation(home, secret) is None
    with pytest.raises(MemberError, match="link"):
        join(home, secret, PASSWORD)


@pytest.mark.parametrize("days", [-1, 31])
def test_a_link_has_an_end_within_a_month(home: Home, days: int) -> None:
    with pytest.raises(MemberError, match="until"):
        invite(home, "Bình", "member", now() + timedelta(days=days), CURATOR)


def test_a_link_is_taken_back_or_replaced(home: Home) -> None:
    first = invite(home, "Bình", "member", soon(), CURATOR)
    second = invite(home, "bình", "member", soon(), CURATOR)
    assert invitation(home, first) is None
    (one,) = members.invitations(home)
    withdraw_invitation(home, one.id, CURATOR)
    assert invitation(home, second) is None


@pytest.mark.parametrize("name", ["Bình", "BÌNH", "Bi\u0300nh", " Bình "])
def test_nobody_gets_a_name_that_somebody_has_or_had(home: Home, name: str) -> None:
    joined(home)
    close(home, "Bình", CURATOR)
    with pytest.raises(MemberError, match="taken"):
        invite(home, name, "member", soon(), CURATOR)


def test_nobody_joins_by_the_name_of_who_got_a_token_meanwhile(home: Home) -> None:
    """She would open the cases of the other."""
    secret = invite(home, "Bình", "member", soon(), CURATOR)
    create_token(home, "member", "Bình")
    with pytest.raises(MemberError, match="link"):
        join(home, secret, PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [("ngắn quá", "length"), ("x" * 201, "length"), ("aaaaaaaaaaaaab", "guessed"), ("tôi là BÌNH đây mà", "guessed")],
)
def test_weak_passwords_are_not_taken_and_use_no_link_up(home: Home, password: str, reason: str) -> None:
    secret = invite(home, "Bình", "member", soon(), CURATOR)
    with pytest.raises(WeakPassword, match=reason):
        join(home, secret, password)
    assert invitation(home, secret)


@pytest.mark.usefixtures("dear")
def test_a_password_is_hashed_by_argon2_and_kept_privately(home: Home) -> None:
    joined(home)
    path = home.path / "members.json"
    assert path.stat().st_mode & 0o777 == 0o600
    (kept,) = json.loads(path.read_text(encoding="utf-8"))["members"]
    assert kept["password"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in path.read_text(encoding="utf-8")


def test_accents_typed_apart_are_the_same_password() -> None:
    kept = hashed("một câu dễ nhớ 7", "Bình")
    assert is_password(kept, "mo\u0323\u0302t ca\u0302u de\u0302\u0303 nho\u031b\u0301 7")
    assert not is_password(kept, "mot cau de nho 7")
    assert not is_password(kept, "\ud800" * 10_000)


@pytest.mark.usefixtures("dear")
def test_time_does_not_tell_whether_there_is_a_name(home: Home) -> None:
    joined(home)
    joined(home, "Chi")
    close(home, "Chi", CURATOR)
    took: dict[str, list[float]] = {"Bình": [], "Chi": [], "ai đó": []}
    for _ in range(5):
        for name, times in took.items():
            begun = time.process_time()
            assert check_password(home, name, OTHER) is None
            times.append(time.process_time() - begun)
    medians = {name: statistics.median(times) for name, times in took.items()}
    # without a hash to compare it would be a hundredth
    assert min(medians.values()) > 0.5 * max(medians.values()), medians


def test_wrong_passwords_are_limited_for_a_name_for_an_address_and_from_anywhere() -> None:
    tries = Tries()
    assert [tries.wait("An", "1.1.1.1", 0) for _ in range(5)] == [0] * 5
    assert 0 < tries.wait("AN", "1.1.1.1", 0) <= 60
    # the right one may sign in from elsewhere meanwhile, and here after a minute
    assert tries.wait("An", "2.2.2.2", 0) == 0
    assert tries.wait("An", "1.1.1.1", 61) == 0
    # many names from one address, and many addresses for one name
    assert sum(tries.wait(f"n{number}", "3.3.3.3", 0) == 0 for number in range(100)) == 30
    assert sum(tries.wait("Chi", f"4.4.{number}.4", 0) == 0 for number in range(200)) == 100
    tries.wait("Duy", "5.5.5.5", 0)
    tries.forget("Duy", "5.5.5.5")
    assert [tries.wait("Duy", "5.5.5.5", 0) for _ in range(5)] == [0] * 5
    # who signs in rightly, often, uses nothing up
    for _ in range(200):
        assert tries.wait("Em", "6.6.6.6", 0) == 0
        tries.forget("Em", "6.6.6.6")


def test_a_session_ends_when_nothing_is_asked(home: Home) -> None:
    who = joined(home)
    secret, begun = begin(home, who.name), now()
    for hours in (1, 2, 3):
        assert session_of(home, secret, begun + timedelta(hours=hours)) == who
    assert session_of(home, secret, begun + timedelta(hours=3) + IDLE + timedelta(seconds=1)) is None


def test_a_session_ends_after_a_working_day_whatever_is_asked(home: Home) -> None:
    who = joined(home)
    secret, at = begin(home, who.name), now()
    hour = timedelta(hours=1)
    for hours in range(1, LONGEST // hour):
        assert session_of(home, secret, at + hours * hour) == who
    assert session_of(home, secret, at + LONGEST) is None


def test_sessions_end_by_signing_out_a_new_password_and_closing(home: Home) -> None:
    who = joined(home)
    first, second = begin(home, who.name), begin(home, who.name)
    end(home, first)
    assert (session_of(home, first), session_of(home, second)) == (None, who)
    change_password(home, who.name, OTHER)
    assert session_of(home, second) is None
    third = begin(home, who.name)
    assert session_of(home, third) == who
    close(home, who.name, CURATOR)
    assert session_of(home, third) is None
    assert check_password(home, who.name, OTHER) is None


def test_a_forgotten_password_is_set_anew_by_a_link(home: Home) -> None:
    who = joined(home)
    session = begin(home, who.name)
    change_role(home, who.name, "curator", CURATOR)
    link = renew(home, who.name, soon(), CURATOR)
    assert session_of(home, session) == Identity("Bình", "curator")
    assert join(home, link, OTHER) == Identity("Bình", "curator")
    assert session_of(home, session) is None
    assert check_password(home, who.name, PASSWORD) is None
    closing = renew(home, who.name, soon(), CURATOR)
    close(home, who.name, CURATOR)
    with pytest.raises(MemberError, match="link"):
        join(home, closing, OTHER)
    with pytest.raises(MemberError, match="unknown"):
        renew(home, who.name, soon(), CURATOR)


def test_roles_change_at_once_for_sessions_and_tokens(home: Home) -> None:
    who = joined(home)
    session, token = begin(home, who.name), create_token(home, "member", "Chi")
    by_token = begin(home, "Chi", token_mark(home, token))
    for name in ("Bình", "Chi"):
        change_role(home, name, "curator", CURATOR)
    assert session_of(home, session) == Identity("Bình", "curator")
    assert session_of(home, by_token) == check_token(home, token) == Identity("Chi", "curator")
    close(home, "Chi", CURATOR)
    assert (session_of(home, by_token), check_token(home, token)) == (None, None)


def test_who_is_closed_is_told_nothing_more(home: Home) -> None:
    joined(home, "Mai")
    watch = Watches(home).begin("Mai", "case", {}, "vi", Look(1, 1, "{}", frozenset()))
    close(home, "Mai", CURATOR)
    assert Watches(home).of("Mai") == []
    assert [one.id for one in Watches(home).of("Mai", stopped=True)] == [watch.id]


def test_links_of_a_curator_who_is_closed_lead_nowhere(home: Home) -> None:
    for name, end_it in (
        ("Bình", lambda: close(home, "Bình", CURATOR)),
        ("Chi", lambda: change_role(home, "Chi", "member", CURATOR)),
    ):
        secret = invite(home, f"khách của {name}", "curator", soon(), joined(home, name, "curator"))
        assert invitation(home, secret)
        end_it()
        assert invitation(home, secret) is None


def test_nobody_closes_or_changes_herself(home: Home) -> None:
    create_token(home, "curator", "Lan")
    for change in (lambda: close(home, "Lan", CURATOR), lambda: change_role(home, "Lan", "member", CURATOR)):
        with pytest.raises(MemberError, match="self"):
            change()
    with pytest.raises(MemberError, match="unknown"):
        close(home, "ai đó", CURATOR)


def test_many_sessions_of_one_end_the_oldest(home: Home) -> None:
    who, other = joined(home), joined(home, "Chi")
    theirs = begin(home, other.name)
    secrets = [begin(home, who.name) for _ in range(kept_sessions._EACH + 1)]
    assert [session_of(home, one) for one in secrets] == [None, *[who] * kept_sessions._EACH]
    assert session_of(home, theirs) == other


def test_what_was_done_to_members_is_written_down(home: Home) -> None:
    joined(home)
    change_role(home, "Bình", "curator", CURATOR)
    change_password(home, "Bình", OTHER)
    close(home, "Bình", CURATOR)
    create_token(home, "member", "Chi")
    subject = "member/Bình"
    assert acts(home) == [
        ("Lan", "member.invited", subject),
        ("", "member.joined", subject),
        ("Lan", "member.role_changed", subject),
        ("Bình", "member.password_changed", subject),
        ("Lan", "member.closed", subject),
        ("ketnoi/cli", "token.made", "member/Chi"),
    ]


def test_nothing_happens_that_can_not_be_written_down(home: Home) -> None:
    (home.path / "audit.jsonl").mkdir()
    with pytest.raises(Exception, match="not written down"):
        invite(home, "Bình", "member", soon(), CURATOR)
    with pytest.raises(Exception, match="not written down"):
        create_token(home, "member", "Chi")
    assert not members.members(home)
    assert not members.invitations(home)


# over HTTP


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def url(installed: Home) -> Iterator[httpx.URL]:
    with served(installed, Named()) as client:
        yield client.base_url


Open = Callable[[], httpx.Client]


@pytest.fixture
def opened(url: httpx.URL) -> Iterator[Open]:
    """Opens browsers, each with cookies of its own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            httpx.Client(base_url=url, timeout=20, follow_redirects=True, headers={"accept-language": "en"})
        )


def sent(client: httpx.Client, path: str, to: str = "", **data: str) -> httpx.Response:
    """Send a form of a page."""
    return client.post(to or path, data={**data, "form_token": form_token(client.get(path).text)})


def curator(opened: Open, home: Home) -> httpx.Client:
    client = opened()
    sent(client, "/sign-in", token=create_token(home, "curator", "Lan"))
    return client


def link_of(page: str) -> str:
    return "/join/" + page.split("/join/")[1].split("<")[0]


def test_from_an_invitation_to_a_closed_member(opened: Open, installed: Home) -> None:
    boss, guest = curator(opened, installed), opened()
    answer = sent(boss, "/members", action="invite", name="Mai", role="member")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    link = link_of(answer.text)
    # a machine that looks at the link does not use it
    assert [guest.get(link).status_code for _ in range(2)] == [200, 200]
    assert sent(guest, link, password=PASSWORD, again=OTHER).status_code == 422
    assert sent(guest, link, password="ngắn", again="ngắn").status_code == 422
    assert str(sent(guest, link, password=PASSWORD, again=PASSWORD).url).endswith("/sign-in?joined=true")
    assert guest.get(link).status_code == 410
    assert sent(guest, "/sign-in", name="Mai", password=OTHER).status_code == 403
    assert "Mai" in sent(guest, "/sign-in", name="Mai", password=PASSWORD).text
    assert "Mai" in guest.get("/sign-in").text
    # a member sees no list of members and no log, and changes none
    for path in ("/members", "/audit"):
        assert guest.get(path).status_code == 403
    form = form_token(guest.get("/sign-in").text)
    assert guest.post("/members", data={"action": "close", "name": "Lan", "form_token": form}).status_code == 403
    assert sent(boss, "/members", action="role", name="Mai", role="curator").status_code == 200
    assert guest.get("/members").status_code == 200
    assert sent(boss, "/members", action="close", name="Mai").status_code == 200
    assert guest.get("/members").status_code == 403
    assert sent(guest, "/sign-in", name="Mai", password=PASSWORD).status_code == 403
    done = {act for _, act, subject in acts(installed) if subject == "member/Mai"}
    assert done == {
        "member.invited",
        "member.joined",
        "member.sign_in_refused",
        "member.signed_in",
        "member.role_changed",
        "member.closed",
    }
    text = (installed.path / "audit.jsonl").read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert link.removeprefix("/join/") not in text


def test_another_password_ends_the_other_browsers(opened: Open, installed: Home) -> None:
    joined(installed, "Nga")
    first, second = opened(), opened()
    for client in (first, second):
        assert sent(client, "/sign-in", name="Nga", password=PASSWORD).status_code == 200
    assert sent(first, "/password", old=OTHER, password=OTHER, again=OTHER).status_code == 422
    assert sent(first, "/password", old=PASSWORD, password=OTHER, again=OTHER).status_code == 200
    assert "Nga" in first.get("/sign-in").text
    assert "Nga" not in second.get("/sign-in").text
    # who signs out leaves nothing behind that could be used again
    kept = first.cookies["ketnoi_token"]
    sent(first, "/sign-in", "/sign-out")
    assert "Nga" not in first.get("/sign-in", headers={"cookie": f"ketnoi_token={kept}"}).text


def test_signing_in_by_token_is_a_session_too(opened: Open, installed: Home) -> None:
    token = create_token(installed, "member", "Oanh")
    client = opened()
    answer = client.post(
        "/sign-in", data={"token": token, "form_token": form_token(client.get("/sign-in").text)}, follow_redirects=False
    )
    assert token not in answer.headers["set-cookie"]
    assert "Max-Age=43200" in answer.headers["set-cookie"]
    assert "Oanh" in client.get("/sign-in").text
    sent(client, "/sign-in", "/sign-out")
    assert "Oanh" not in client.get("/sign-in").text


def test_trying_too_often_is_answered_alike_for_names_that_there_are_and_are_not(opened: Open, installed: Home) -> None:
    joined(installed, "Phúc")
    client = opened()
    for name in ("Phúc", "không có ai"):
        answers = [sent(client, "/sign-in", name=name, password=OTHER) for _ in range(6)]
        assert [one.status_code for one in answers] == [403] * 5 + [429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    # the right one has to wait too, or who tries would learn it
    assert sent(client, "/sign-in", name="Phúc", password=PASSWORD).status_code == 429


def test_what_is_typed_in_the_place_of_a_name_is_not_written_down(opened: Open, installed: Home) -> None:
    client = opened()
    sent(client, "/sign-in", name="matkhaugonham99", password="x")
    assert "matkhaugonham99" not in (installed.path / "audit.jsonl").read_text(encoding="utf-8")
    assert acts(installed)[-1] == ("", "member.sign_in_refused", "")


@pytest.mark.parametrize("path", ["/members", "/join/x", "/password", "/claims", "/claims/corrections"])
def test_forms_of_other_sites_are_refused(opened: Open, installed: Home, path: str) -> None:
    boss = curator(opened, installed)
    good = form_token(boss.get("/members").text)
    data = {"action": "invite", "name": "Q", "organization": "x", "property": "y", "value": "z", "kind": "claim"}
    data |= {"id": "x", "accepted": "yes", "password": PASSWORD, "again": PASSWORD}
    assert boss.post(path, data=data).status_code == 403
    assert (
        boss.post(path, data=data | {"form_token": good}, headers={"origin": "https://evil.example"}).status_code == 403
    )
    assert "Q" not in {one.name for one in members.invitations(installed)}


def test_the_log_is_a_page_that_says_whether_it_fits(opened: Open, installed: Home) -> None:
    boss = curator(opened, installed)
    page = boss.get("/audit?proved=true").text
    assert verify(installed).broken is None
    assert "signed in" in page
    assert newest(installed, 1)[0].hash in page
    path = installed.path / "audit.jsonl"
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    assert "from line 4:" in boss.get("/audit?proved=true").text
    path.write_bytes(whole)


def test_links_do_not_stand_in_the_log_of_requests() -> None:
    import logging

    line = logging.LogRecord(
        "uvicorn.access", 20, "", 0, "%s %s %s", ("1.1.1.1:1", "GET", "/join/abc?lang=vi", "1.1", 200), None
    )
    assert _Masked().filter(line)
    assert line.args == ("1.1.1.1:1", "GET", "/join/…?lang=vi", "1.1", 200)


def test_hashing_takes_the_memory_of_two_at_most(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now_running, most, lock = 0, 0, threading.Lock()

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            nonlocal now_running, most
            with lock:
                now_running += 1
                most = max(most, now_running)
            time.sleep(0.02)
            try:
                return super().verify(hash, password)
            finally:
                with lock:
                    now_running -= 1

    monkeypatch.setattr(passwords, "_hasher", Counted(time_cost=1, memory_cost=1024))
    threads = [threading.Thread(target=check_password, args=(home, "An", PASSWORD)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 2
