"""The audit log: what was edited, removed, put in, moved or cut off is found, by whoever it was written."""

import json
import multiprocessing
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.statements.audit import NOBODY, OPERATOR, Entry, member, newest, record, verify
from graph.statements.home import Home, HomeError

Change = Callable[[list[bytes]], list[bytes]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    record(home, "An", "member.invited", member("Bình"))
    record(home, "Bình", "case.opened", "TdT5APT7asje")
    record(home, "Bình", "case.published", "TdT5APT7asje")
    record(home, OPERATOR, "token.made", member("An"))
    record(home, NOBODY, "member.sign_in_refused", "")
    return home


def lines(home: Home) -> list[bytes]:
    return (home.path / "audit.jsonl").read_bytes().splitlines(keepends=True)


def rewritten(home: Home, change: Change) -> None:
    (home.path / "audit.jsonl").write_bytes(b"".join(change(lines(home))))


def test_a_log_that_nobody_touched_fits(home: Home) -> None:
    found = verify(home)
    assert (found.lines, found.broken, found.reason) == (5, None, None)
    assert [one.act for one in newest(home, 2)] == ["member.sign_in_refused", "token.made"]
    assert [one.number for one in newest(home, 9, who="Bình")] == [3, 2]
    assert [one.number for one in newest(home, 1, before=3)] == [2]


def test_an_empty_one_fits(tmp_path: Path) -> None:
    assert verify(Home(tmp_path)).lines == 0


def test_its_files_are_private(home: Home) -> None:
    for name in ("audit.jsonl", "audit.head"):
        assert stat.S_IMODE((home.path / name).stat().st_mode) == 0o600


def _edited(found: list[bytes]) -> list[bytes]:
    found[1] = found[1].replace("Bình".encode(), b"Chi")
    return found


def _spaced(found: list[bytes]) -> list[bytes]:
    found[1] = found[1].replace(b'"who": ', b'"who":  ')
    return found


def _hashed_anew(found: list[bytes]) -> list[bytes]:
    """Edited by somebody who knows how a hash is made."""
    from graph.statements import audit

    entry = Entry(**json.loads(found[1]))
    found[1] = audit._line(audit._entry(entry.number, entry.at, "Chi", entry.act, entry.subject, entry.before))
    return found


@pytest.mark.parametrize(
    ("change", "at"),
    [
        pytest.param(_edited, 2, id="edited"),
        pytest.param(_spaced, 2, id="spaced"),
        pytest.param(_hashed_anew, 3, id="edited and hashed anew"),
        pytest.param(lambda found: found[:1] + found[2:], 2, id="removed"),
        pytest.param(lambda found: found[1:], 1, id="the first removed"),
        pytest.param(lambda found: [found[0], found[2], found[1], *found[3:]], 2, id="moved"),
        pytest.param(lambda found: [*found[:2], found[1], *found[2:]], 3, id="twice"),
        pytest.param(lambda found: found[:-1], 5, id="the last cut off"),
        pytest.param(lambda found: found[:2], 3, id="the tail cut off"),
        pytest.param(lambda found: [], 1, id="emptied"),
        pytest.param(lambda found: [*found[:-1], found[-1][:-9]], 5, id="half of the last cut off"),
        pytest.param(lambda found: [*found, b"{}\n"], 6, id="something put behind"),
        pytest.param(lambda found: [*found, b"\xff" * 10_000], 6, id="nonsense put behind"),
    ],
)
def test_what_was_changed_is_found_with_its_line(home: Home, change: Change, at: int) -> None:
    rewritten(home, change)
    assert verify(home).broken == at
    # what is written after it neither hides nor heals it
    record(home, "An", "audit.read", "")
    assert verify(home).broken == at


def test_a_log_without_its_head_is_found(home: Home) -> None:
    (home.path / "audit.head").unlink()
    assert verify(home).broken == 1


def test_one_that_was_written_anew_from_the_start_lacks_the_hash_that_was_noted(home: Home) -> None:
    noted = verify(home).hash
    record(home, "An", "audit.read", "")
    assert verify(home, noted).broken is None
    for name in ("audit.jsonl", "audit.head"):
        (home.path / name).unlink()
    for _ in range(6):
        record(home, "An", "audit.read", "")
    assert verify(home).broken is None
    assert verify(home, noted).broken == 6


def test_a_machine_that_stopped_between_line_and_head_loses_nothing(home: Home) -> None:
    head = (home.path / "audit.head").read_bytes()
    record(home, "An", "audit.read", "")
    (home.path / "audit.head").write_bytes(head)
    assert verify(home).lines == 6
    record(home, "An", "audit.read", "")
    assert (verify(home).lines, verify(home).broken) == (7, None)


def test_half_a_line_was_never_acknowledged(home: Home) -> None:
    with (home.path / "audit.jsonl").open("ab") as file:
        file.write(b'{"number": 6, "at": "2026')
    assert (verify(home).lines, verify(home).broken) == (5, None)
    record(home, "An", "audit.read", "")
    assert (verify(home).lines, verify(home).broken) == (6, None)


def test_text_is_no_subject_and_unknown_acts_are_refused(home: Home) -> None:
    with pytest.raises(ValueError, match="subject"):
        record(home, "An", "case.opened", "Màng lọc nước")
    with pytest.raises(ValueError, match="no act"):
        record(home, "An", "case.read", "TdT5APT7asje")
    assert verify(home).lines == 5


def test_names_are_kept_whatever_they_are(home: Home) -> None:
    for name in ("Nguyễn Văn A", '"}\n{', "\ud800", "🙂" * 300):
        record(home, name, "case.opened", "x")
    assert (verify(home).lines, verify(home).broken) == (9, None)


def test_where_it_can_not_be_written_the_act_must_not_happen(home: Home) -> None:
    (home.path / "audit.jsonl").unlink()
    (home.path / "audit.jsonl").mkdir()
    with pytest.raises(HomeError, match="not written down"):
        record(home, "An", "case.opened", "x")


def _write(path: str, who: str, times: int) -> None:
    home = Home(Path(path))
    for number in range(times):
        record(home, who, "case.opened", f"{who}/{number}")


def test_many_write_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(str(home.path), f"p{one}", 20)) for one in range(2)]
    threads = [threading.Thread(target=_write, args=(str(home.path), f"t{one}", 20)) for one in range(4)]
    for one in (*processes, *threads):
        one.start()
    for one in (*processes, *threads):
        one.join()
    assert (verify(home).lines, verify(home).broken) == (120, None)
    written = {one.subject for one in newest(home, 200)}
    assert written == {f"{who}/{number}" for who in ("p0", "p1", "t0", "t1", "t2", "t3") for number in range(20)}
    assert [path.name for path in home.path.glob("*audit.head*")] == ["audit.head"]
