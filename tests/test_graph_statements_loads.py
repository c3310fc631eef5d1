"""Loads are the only truth: append-only, whole records, all or nothing, and what was acknowledged survives a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from graph.statements.home import Home, HomeError
from graph.statements.load_writing import sweep, write_load
from graph.statements.loads import Load, LoadError, Origin, active, loads, open_statements, rejects_of, withdraw
from ontology.statement import ABOUT, Gone, Item, Mentions, Record, Reject, mention_id, record_id

ROOT = Path(__file__).parents[1]
State = dict[str, frozenset[tuple[str, str, str]]]
"""Record key → what it says, as (subject, property, object or value)."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def record(source: str, key: str, name: str, *hosts: str, visibility: str = "public") -> Record:
    mentions = Mentions(source, key, 1)
    about = mentions.mention(ABOUT, "Technology")
    mentions.value(about, "name", name, "vi")
    for host in hosts:
        body = mentions.mention(f"host/{host}", "Organization")
        mentions.value(body, "name", host, "vi")
        mentions.edge(about, "developedBy", body)
    mentions.record.visibility = visibility
    return mentions.record


def load(home: Home, source: str, *items: Item, whole: bool = False, dry_run: bool = False) -> Load:
    return write_load(home, Origin(source, "test", "test", "file.csv", whole=whole), items, dry_run)


def state(home: Home, known_at: datetime | None = None) -> State:
    con = open_statements(home, active(home, known_at))
    try:
        rows = con.execute(
            "SELECT v.key, s.subject, s.property, coalesce(s.object, s.value, '') FROM versions v JOIN said s USING (record, load)"
        ).fetchall()
    finally:
        con.close()
    found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for key, *said in rows:
        found[key].add(tuple(said))  # type: ignore[arg-type]
    return {key: frozenset(said) for key, said in found.items()}


def expected(*records: Record) -> State:
    return {r.key: frozenset((s.subject, s.property, s.object or s.value or "") for s in r.statements) for r in records}


def adds_up(load: Load) -> bool:
    return load.records == load.accepted + load.refused and load.accepted == load.changed + load.unchanged


def test_loading_twice_changes_nothing(home: Home) -> None:
    items = [record("a", str(n), f"CN {n}", "Viện Một") for n in range(20)]
    first = load(home, "a", *items)
    before = state(home)
    second = load(home, "a", *reversed(items))
    assert (first.changed, first.unchanged, first.gone) == (20, 0, 0)
    assert (second.changed, second.unchanged, second.gone) == (0, 20, 0)
    assert state(home) == before == expected(*items)


def test_a_record_is_replaced_whole(home: Home) -> None:
    load(home, "a", record("a", "1", "Một", "Viện A", "Viện B"), record("a", "2", "Hai"))
    corrected = record("a", "1", "Mốt", "Viện B")
    result = load(home, "a", corrected, record("a", "2", "Hai"))
    assert (result.changed, result.unchanged) == (1, 1)
    assert state(home) == expected(corrected, record("a", "2", "Hai"))


def test_a_mark_alone_is_a_change(home: Home) -> None:
    load(home, "a", record("a", "1", "Một"))
    assert load(home, "a", record("a", "1", "Một", visibility="member")).changed == 1
    con = open_statements(home, active(home))
    assert con.execute("SELECT visibility FROM versions").fetchall() == [("member",)]
    con.close()


def test_what_left_a_source_that_is_whole_is_gone_and_may_come_back(home: Home) -> None:
    one, two = record("a", "1", "Một"), record("a", "2", "Hai")
    load(home, "a", one, two, whole=True)
    left = load(home, "a", two, whole=True)
    assert (left.changed, left.unchanged, left.gone) == (0, 1, 1)
    assert state(home) == expected(two)
    assert load(home, "a", two, whole=True).gone == 0
    back = load(home, "a", one, two, whole=True)
    assert (back.changed, back.unchanged, back.gone) == (1, 1, 0)
    assert state(home) == expected(one, two)


def test_what_left_a_source_that_is_not_whole_stays(home: Home) -> None:
    one, two = record("a", "1", "Một"), record("a", "2", "Hai")
    load(home, "a", one, two)
    assert load(home, "a", two).gone == 0
    assert state(home) == expected(one, two)


def test_sources_do_not_touch_each_other(home: Home) -> None:
    load(home, "a", record("a", "1", "Một"), whole=True)
    result = load(home, "b", record("b", "1", "Một"), whole=True)
    assert (result.changed, result.gone) == (1, 0)
    assert record_id("a", "1") != record_id("b", "1")
    assert mention_id("a", "1", ABOUT) != mention_id("b", "1", ABOUT)


def test_a_gone_mention_keeps_the_rank_of_its_founding(home: Home) -> None:
    load(home, "a", record("a", "1", "Một", "Viện A"), whole=True)
    load(home, "a", record("a", "1", "Một", "Viện B"), whole=True)
    con = open_statements(home, active(home))
    ranks = dict(con.execute("SELECT subject, rank >> 36 FROM founded").fetchall())
    con.close()
    assert ranks == {
        mention_id("a", "1", ABOUT): 1,
        mention_id("a", "1", "host/Viện A"): 1,
        mention_id("a", "1", "host/Viện B"): 2,
    }


def test_withdrawing_gives_the_state_before(home: Home) -> None:
    one, two, three = record("a", "1", "Một"), record("a", "2", "Hai"), record("a", "3", "Ba")
    load(home, "a", one, two, whole=True)
    before = state(home)
    second = load(home, "a", record("a", "1", "Mốt"), three, whole=True)
    assert set(state(home)) == {"1", "3"}
    taken = withdraw(home, second.load)
    assert taken.withdrawn is not None
    assert state(home) == before == expected(one, two)
    again = load(home, "a", record("a", "1", "Mốt"), three, whole=True)
    assert (again.changed, again.gone) == (2, 1)


def test_withdrawing_the_first_of_two(home: Home) -> None:
    first = load(home, "a", record("a", "1", "Một"))
    load(home, "a", record("a", "1", "Mốt"))
    withdraw(home, first.load)
    assert state(home) == expected(record("a", "1", "Mốt"))


@pytest.mark.parametrize("number", ["7", "x", "", "-1", "../1", "000002"])
def test_what_can_not_be_withdrawn(home: Home, number: str) -> None:
    load(home, "a", record("a", "1", "Một"))
    with pytest.raises(LoadError, match="no load"):
        withdraw(home, number)


def test_a_load_is_withdrawn_once(home: Home) -> None:
    load(home, "a", record("a", "1", "Một"))
    withdraw(home, "1")
    with pytest.raises(LoadError, match="before"):
        withdraw(home, "000001")


def test_on_any_day_it_says_what_was_known_that_day(home: Home) -> None:
    first = load(home, "a", record("a", "1", "Một"))
    second = load(home, "a", record("a", "1", "Mốt"))
    withdrawn = withdraw(home, second.load).withdrawn
    assert withdrawn is not None
    one, two, after = (datetime.fromisoformat(text) for text in (first.instant, second.instant, withdrawn))
    assert state(home, one) == expected(record("a", "1", "Một"))
    assert state(home, two) == expected(record("a", "1", "Mốt"))
    assert state(home, after) == state(home) == expected(record("a", "1", "Một"))


def test_numbers_add_up_and_refusals_are_kept_with_file_line_and_reason(home: Home) -> None:
    items: list[Item] = [
        record("a", "1", "Một"),
        Reject(3, "ten", "is empty", "<img onerror=x>"),
        record("a", "1", "Một"),
        Reject(9, "", "no key"),
    ]
    result = load(home, "a", *items)
    assert (result.records, result.accepted, result.refused, result.changed, result.unchanged) == (4, 2, 2, 1, 1)
    assert adds_up(result)
    assert list(rejects_of(loads(home)[0])) == [
        {"file": "file.csv", "line": 3, "field": "ten", "reason": "is empty", "row": "<img onerror=x>"},
        {"file": "file.csv", "line": 9, "field": "", "reason": "no key", "row": ""},
    ]
    assert result.rejects == loads(home)[0].rejects


def test_a_home_can_be_moved(home: Home, tmp_path: Path) -> None:
    load(home, "a", Reject(3, "ten", "is empty", ""))
    moved = Home(home.path.rename(tmp_path / "moved"))
    assert [reject["line"] for reject in rejects_of(loads(moved)[0])] == [3]


def test_a_dry_run_counts_and_leaves_nothing(home: Home) -> None:
    load(home, "a", record("a", "1", "Một"), record("a", "2", "Hai"))
    before = sorted(path.name for path in home.loads.iterdir())
    result = load(home, "a", record("a", "1", "Mốt"), whole=True, dry_run=True)
    assert (result.changed, result.gone) == (1, 1)
    assert sorted(path.name for path in home.loads.iterdir()) == before
    assert state(home) == expected(record("a", "1", "Một"), record("a", "2", "Hai"))


def test_texts_are_stored_word_for_word(home: Home) -> None:
    texts = [
        "Robby' WITH true MATCH (n) DETACH DELETE n //",
        "=1+1",
        "\t",
        "đường\u0301",
        "😀",
        "\x1f\x1e",
        "a\nb",
        "'; DROP TABLE x; --",
    ]
    items = [record("a's", str(at), text) for at, text in enumerate(texts)]
    load(home, "a's", *items)
    assert state(home) == expected(*items)


def test_any_history_says_what_a_plain_dictionary_says(tmp_path: Path) -> None:
    """Random loads and withdrawals against a model that is nothing but dictionaries."""
    for seed in range(3):
        random, home = Random(seed), Home(tmp_path / str(seed))
        history: list[tuple[str, dict[str, Record | None]]] = []
        counted: list[bool] = []

        def now(
            source: str, history: list[tuple[str, dict[str, Record | None]]] = history, counted: list[bool] = counted
        ) -> dict[str, Record]:
            said: dict[str, Record | None] = {}
            for (sender, change), counts in zip(history, counted, strict=True):
                if counts and sender == source:
                    said |= change
            return {key: r for key, r in said.items() if r}

        for _ in range(15):
            if counted and random.random() < 0.2:
                at = random.randrange(len(counted))
                if counted[at]:
                    withdraw(home, str(at + 1))
                    counted[at] = False
                continue
            source, whole = random.choice("ab"), random.random() < 0.5
            items = {
                key: record(source, key, f"v{random.randrange(3)}")
                for key in random.sample("123456", k=random.randint(0, 5))
            }
            known = now(source)
            change: dict[str, Record | None] = {
                k: r for k, r in items.items() if k not in known or known[k].fingerprint() != r.fingerprint()
            }
            gone = {key for key in known if key not in items} if whole else set()
            result = load(home, source, *items.values(), whole=whole)
            assert (result.changed, result.gone) == (len(change), len(gone))
            assert adds_up(result)
            history.append((source, change | dict.fromkeys(gone)))
            counted.append(True)
        con = open_statements(home, active(home))
        stands = {record for (record,) in con.execute("SELECT DISTINCT record FROM said").fetchall()}
        con.close()
        assert stands == {record_id(source, key) for source in "ab" for key in now(source)}


# Faults


class FaultError(Exception):
    """A fault in the middle of a file."""


def test_a_fault_in_the_middle_leaves_nothing(home: Home) -> None:
    load(home, "a", record("a", "0", "Không"))
    before = state(home)

    def items(count: int) -> Iterator[Item]:
        for n in range(count):
            yield record("a", str(n), f"CN {n}")
        raise FaultError

    for count in (0, 1, 700):
        with pytest.raises(FaultError):
            write_load(home, Origin("a", "test", "test", whole=True), items(count))
        assert [path.name for path in home.loads.iterdir()] == ["000001"]
        assert state(home) == before
    assert load(home, "a", record("a", "1", "Một")).load == "000002"


def test_a_disk_that_can_not_be_written_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(HomeError, match="No space left"):
        load(home, "a", record("a", "1", "Một"))
    monkeypatch.undo()
    assert state(home) == {}
    assert load(home, "a", record("a", "1", "Một")).load == "000001"


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from graph.statements.home import Home
from graph.statements.load_writing import write_load
from graph.statements.loads import Origin
from ontology.statement import ABOUT, Mentions

def items(version):
    for n in range(1500):
        mentions = Mentions("a", str(n), n)
        about = mentions.mention(ABOUT, "Technology")
        mentions.value(about, "name", f"CN {version}")
        yield mentions.record

home = Home(Path(sys.argv[1]))
print("ready", flush=True)
for version in range(1000):
    load = write_load(home, Origin("a", "test", "test", whole=True), items(version))
    print(load.load, version, flush=True)
"""


def test_kill_9_in_the_middle_leaves_nothing_half_written(home: Home) -> None:
    """At random moments, eight times and more: what was acknowledged is there, whole, and the next load goes on from it."""
    random, longest, turn = Random(int(time.time())), 0.5, 0
    while turn < 8 or not loads(home):
        assert turn < 60, "no load ends"
        turn += 1
        if turn > 4 and not loads(home):
            longest *= 1.5  # on a machine that is busy
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(home.path), str(ROOT)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(random.uniform(0.02, longest))
        os.kill(child.pid, signal.SIGKILL)
        told = child.stdout.read().splitlines()
        child.wait()
        child.stdout.close()
        acknowledged = [line.split()[0] for line in told if len(line.split()) == 2]
        known = loads(home)
        assert [load.number for load in known] == list(range(1, len(known) + 1))
        assert set(acknowledged) <= {load.load for load in known}
        assert all(adds_up(load) and load.records == 1500 for load in known)
        con = open_statements(home, active(home))
        versions = con.execute("SELECT DISTINCT value FROM said WHERE property = 'name'").fetchall()
        present = con.execute("SELECT count(*) FROM versions WHERE present").fetchall()
        con.close()
        assert len(versions) == (1 if known else 0)
        assert present == [(1500 if known else 0,)]


def test_what_a_crash_left_is_swept_when_it_is_old(home: Home) -> None:
    old, young = home.loads / ".old", home.loads / ".young"
    for path in (old, young):
        path.mkdir()
        (path / "records.parquet").write_bytes(b"half")
    os.utime(old, (1, 1))
    assert loads(home) == []
    sweep(home)
    assert [path.name for path in home.loads.iterdir()] == [".young"]


def test_two_at_once_get_two_numbers(home: Home) -> None:
    """Another source may be loaded while one is read."""

    def items() -> Iterator[Item]:
        yield record("a", "1", "Một")
        load(home, "b", record("b", "1", "Hai"))
        yield record("a", "2", "Hai")

    result = write_load(home, Origin("a", "test", "test"), items())
    assert [(load.load, load.source) for load in loads(home)] == [("000001", "b"), ("000002", "a")]
    assert result.load == "000002"


def test_a_load_keeps_how_its_file_was_read(home: Home) -> None:
    """Sentences that are added while the items are read are kept, too; a load of before that knew none is still read."""
    found = ["csv in TCVN3"]

    def items() -> Iterator[Item]:
        yield record("a", "1", "CN 1")
        found.append("footer from line 9 on is left aside: Tổng cộng")

    done = write_load(home, Origin("a", "test", "test", found=found), items())
    assert done.found == ["csv in TCVN3", "footer from line 9 on is left aside: Tổng cộng"]
    path = home.loads / done.load / "load.json"
    assert [load.found for load in loads(home)] == [done.found]
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["found"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [load.found for load in loads(home)] == [[]]


def test_a_record_that_its_source_took_away_is_gone_and_comes_back(home: Home) -> None:
    one, two = record("a", "1", "Một"), record("a", "2", "Hai")
    load(home, "a", one, two)
    taken = load(home, "a", Gone("2"), Gone("never there"))
    assert (taken.records, taken.accepted, taken.changed, taken.unchanged, taken.gone) == (0, 0, 0, 0, 1)
    assert state(home) == expected(one)
    assert load(home, "a", Gone("2")).gone == 0
    back = load(home, "a", two)
    assert (back.changed, back.new, back.gone) == (1, 1, 0)
    assert state(home) == expected(one, two)


def test_what_is_gone_counts_dry_as_wet_and_can_be_withdrawn(home: Home) -> None:
    one = record("a", "1", "Một")
    load(home, "a", one)
    dry = load(home, "a", Gone("1"), dry_run=True)
    wet = load(home, "a", Gone("1"))
    assert (dry.gone, wet.gone) == (1, 1)
    assert state(home) == {}
    withdraw(home, wet.load)
    assert state(home) == expected(one)
