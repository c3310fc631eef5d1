"""Harvesting: a real repository on loopback gives its records in pieces, takes some away, is busy, and misbehaves."""

import json
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import loaders.oai_pmh as oai_pmh
from api.cli import app
from graph.statements.home import Home
from graph.statements.loads import active, loads, open_statements, rejects_of, withdraw
from loaders.oai_pmh import Harvester, HarvestRefused, newest_records
from tests.oai_repository import NAME, Repository, envelope, serving

FIVE = {f"O/{n}": (f"2026-01-0{n}T00:00:00Z", f"Đơn vị {n}") for n in range(1, 6)}


@pytest.fixture
def repository() -> Iterator[Repository]:
    with serving(Repository(records=dict(FIVE))) as served:
        yield served


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited for, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(oai_pmh.Harvester.__init__, "__defaults__", (waited.append,))
    return waited


def run(home: Path, repository: Repository, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(
        app, ["harvest", repository.address, "--home", str(home), "--json", *options], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    done: dict[str, Any] = json.loads(result.stdout)
    assert done["records"] == done["accepted"] + done["refused"]
    assert done["accepted"] == done["changed"] + done["unchanged"]
    return done


def refused(home: Path, repository: Repository, *options: str) -> str:
    """Why a harvest was refused; it left no load."""
    with pytest.raises(HarvestRefused) as found:
        run(home, repository, *options)
    assert loads(Home(home)) == [] and not list(home.glob("harvest-*"))
    return str(found.value)


def names(home: Path) -> set[str]:
    opened = Home(home)
    con = open_statements(opened, active(opened))
    try:
        return {name for (name,) in con.execute("SELECT value FROM said WHERE property = 'name'").fetchall()}
    finally:
        con.close()


def test_all_pages_become_one_load(tmp_path: Path, repository: Repository) -> None:
    done = run(tmp_path, repository)
    assert (done["source"], done["records"], done["changed"], done["new"], done["pages"]) == (NAME, 5, 5, 5, 3)
    assert names(tmp_path) == {name for _, name in FIVE.values()}
    listed = [query for query in repository.asked if query["verb"] == "ListRecords"]
    assert [sorted(query) for query in listed] == [["metadataPrefix", "verb"], *[["resumptionToken", "verb"]] * 2]
    assert listed[0]["metadataPrefix"] == "p0"


def test_the_next_harvest_asks_only_for_what_changed(tmp_path: Path, repository: Repository) -> None:
    assert run(tmp_path, repository)["until"] == "2026-01-10T00:00:00Z"
    repository.records |= {"O/2": ("2026-01-11T00:00:00Z", "Tên mới"), "O/3": ("2026-01-12T00:00:00Z", None)}
    repository.now = "2026-01-13T00:00:00Z"
    done = run(tmp_path, repository)
    assert repository.asked[-1]["from"] == "2026-01-10T00:00:00Z"
    assert (done["records"], done["changed"], done["new"], done["gone"]) == (1, 1, 0, 1)
    assert names(tmp_path) == {"Đơn vị 1", "Tên mới", "Đơn vị 4", "Đơn vị 5"}
    nothing = run(tmp_path, repository)
    assert (nothing["records"], nothing["gone"], nothing["pages"]) == (0, 0, 0)
    assert nothing["until"] == "2026-01-13T00:00:00Z"


def test_a_harvest_that_was_withdrawn_is_asked_for_again(tmp_path: Path, repository: Repository) -> None:
    run(tmp_path, repository)
    withdraw(Home(tmp_path), "1")
    assert run(tmp_path, repository)["new"] == 5
    assert "from" not in repository.asked[-3]


def test_everything_anew_shows_what_the_repository_no_longer_gives(tmp_path: Path, repository: Repository) -> None:
    run(tmp_path, repository)
    del repository.records["O/1"]
    done = run(tmp_path, repository, "--full")
    assert not [query for query in repository.asked if "from" in query]
    assert (done["unchanged"], done["changed"], done["gone"]) == (4, 0, 1)
    repository.records = {}
    with pytest.raises(HarvestRefused, match="no record at all"):
        run(tmp_path, repository, "--full")
    assert len(names(tmp_path)) == 4


def test_a_set_is_remembered_for_itself_and_takes_nothing_of_others_away(
    tmp_path: Path, repository: Repository
) -> None:
    run(tmp_path, repository)
    repository.records = {"O/9": ("2026-01-02T00:00:00Z", "Đơn vị 9")}
    done = run(tmp_path, repository, "--set", "units", "--prefix", "p0", "--full")
    assert repository.asked[-1] == {"verb": "ListRecords", "metadataPrefix": "p0", "set": "units"}
    assert (done["new"], done["gone"]) == (1, 0)
    assert len(names(tmp_path)) == 6
    assert "ListMetadataFormats" not in {query["verb"] for query in repository.asked[-2:]}


def test_a_record_that_changed_meanwhile_counts_once_and_as_it_is_last(tmp_path: Path, repository: Repository) -> None:
    first = tmp_path / "1"
    second = tmp_path / "2"
    first.write_bytes(envelope(repository.answer({"verb": "ListRecords"})))
    repository.records = {"O/1": ("2026-01-09T00:00:00Z", None), "O/7": ("2026-01-09T00:00:00Z", "Bảy")}
    second.write_bytes(envelope(repository.answer({"verb": "ListRecords"})))
    shown = [
        (found.line, found.element[0].get("status"), found.element[0][0].text)
        for found in newest_records([first, second])
    ]
    assert shown == [(2, None, f"oai:{NAME}:O/2"), (3, "deleted", f"oai:{NAME}:O/1"), (4, None, f"oai:{NAME}:O/7")]


def test_a_busy_repository_is_asked_again_when_it_says(
    tmp_path: Path, repository: Repository, impatient: list[float]
) -> None:
    soon = formatdate(time.time() + 60, usegmt=True)
    repository.answers = [
        (503, {"Retry-After": "7"}, b""),
        (503, {"Retry-After": soon}, b""),
        (500, {}, b""),
        (429, {"Retry-After": "nonsense"}, b""),
    ]
    assert run(tmp_path, repository)["new"] == 5
    assert impatient[0] == 7
    assert 50 < impatient[1] <= 60
    assert impatient[2:] == [4, 8]


def test_patience_ends(tmp_path: Path, repository: Repository, impatient: list[float]) -> None:
    repository.answers = [(503, {}, b"")] * 5
    assert "answers 503" in refused(tmp_path, repository)
    assert impatient == [1, 2, 4, 8]
    repository.answers = [(503, {"Retry-After": "86400"}, b"")]
    assert "asks to wait 86400 seconds" in refused(tmp_path, repository)


def test_an_answer_that_breaks_off_is_asked_for_again(tmp_path: Path, repository: Repository) -> None:
    whole = envelope(repository.answer({"verb": "Identify"}))
    repository.answers = [(200, {"Content-Length": str(len(whole))}, whole)]
    assert run(tmp_path, repository)["new"] == 5
    repository.answers = [(200, {"Content-Length": str(len(whole) + 1), "Connection": "close"}, whole)]
    assert run(tmp_path, repository)["records"] == 0


def test_a_token_that_went_stale_begins_anew_once(tmp_path: Path, repository: Repository) -> None:
    pieces = [
        envelope(repository.answer(query))
        for query in ({"verb": "Identify"}, {"verb": "ListMetadataFormats"}, {"verb": "ListRecords"})
    ]
    stale = envelope('<error code="badResumptionToken">stale</error>')
    repository.answers = [(200, {}, piece) for piece in (*pieces, stale)]
    assert run(tmp_path, repository)["new"] == 5
    repository.answers = [(200, {}, piece) for piece in (*pieces, stale, pieces[2], stale)]
    with pytest.raises(HarvestRefused, match="badResumptionToken: stale"):
        run(tmp_path, repository)


def with_records(repository: Repository, *answers: bytes) -> None:
    first = [envelope(repository.answer({"verb": verb})) for verb in ("Identify", "ListMetadataFormats")]
    repository.answers = [(200, {}, piece) for piece in (*first, *answers)]


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><OAI-PMH><ListRecords>&b;</ListRecords></OAI-PMH>'


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"<OAI-PMH><ListRecords>", "no XML that can be read"),
        (BOMB, "declares a document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><OAI-PMH/>', "declares a document type"),
        (b"", "no XML that can be read"),
        (envelope('<error code="badArgument">no such set</error>'), "badArgument: no such set"),
        (envelope("<ListRecords>" + "<a>" * 200), "inside each other"),
    ],
)
def test_bad_answers(tmp_path: Path, repository: Repository, answer: bytes, why: str) -> None:
    with_records(repository, answer)
    said = refused(tmp_path, repository)
    assert why in said and repository.address in said


def test_a_bad_page_in_the_middle_loads_nothing(tmp_path: Path, repository: Repository) -> None:
    with_records(repository, envelope(repository.answer({"verb": "ListRecords"})), BOMB)
    assert "document type" in refused(tmp_path, repository)


def test_going_round_in_circles(tmp_path: Path, repository: Repository) -> None:
    again = envelope("<ListRecords><resumptionToken>same</resumptionToken></ListRecords>")
    with_records(repository, again, again)
    assert "in circles" in refused(tmp_path, repository)


def test_bounds(tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai_pmh, "PAGE_LIMIT", 1000)
    with_records(repository, envelope("<ListRecords>" + " " * 1000 + "</ListRecords>"))
    assert "more than 1000 bytes" in refused(tmp_path, repository)
    repository.answers = [(200, {"Content-Encoding": "gzip"}, b"x")]
    assert "packs its answers" in refused(tmp_path, repository)


def test_a_redirect_stays_at_the_host(tmp_path: Path, repository: Repository) -> None:
    repository.answers = [(302, {"Location": f"{repository.address}/moved?verb=Identify"}, b"")]
    assert run(tmp_path, repository)["new"] == 5


@pytest.mark.parametrize(
    "to", ["http://localhost:{port}/oai", "http://127.0.0.1:9/", "file:///etc/passwd", "ftp://127.0.0.1/"]
)
def test_a_redirect_elsewhere_is_refused(tmp_path: Path, repository: Repository, to: str) -> None:
    with serving(Repository()) as canary:
        there = to.format(port=canary.address.rpartition(":")[2].partition("/")[0])
        repository.answers = [(302, {"Location": there}, b"")]
        message = refused(tmp_path, repository)
        assert "sends on to" in message or "answers 302" in message
        assert canary.asked == []


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x", "x", "http://", "http://a/b?verb=Identify", "http://u:p@a/"]
)
def test_other_addresses(address: str) -> None:
    with pytest.raises(HarvestRefused, match="no base address"):
        Harvester(address)


def test_what_is_no_repository_that_we_can_use(tmp_path: Path, repository: Repository) -> None:
    repository.formats = ("http://www.openarchives.org/OAI/2.0/oai_dc/", "x")
    assert "gives no CERIF" in refused(tmp_path, repository)
    repository.version = "1.1"
    assert "OAI-PMH 2.0" in refused(tmp_path, repository)
    repository.answers = [(404, {}, b"")]
    assert "404" in refused(tmp_path, repository)


def test_nobody_there(tmp_path: Path) -> None:
    with serving(Repository()) as gone:
        pass
    assert "does not answer" in refused(tmp_path, gone)


def test_records_of_another_format_are_refused_one_by_one(tmp_path: Path, repository: Repository) -> None:
    strange = "<record><header><identifier>oai:x:1</identifier></header><metadata><dc/></metadata></record>"
    with_records(
        repository,
        envelope(
            repository.answer({"verb": "ListRecords"})
            .replace("</ListRecords>", f"{strange}</ListRecords>")
            .replace("<resumptionToken>|2</resumptionToken>", "")
        ),
    )
    done = run(tmp_path, repository)
    assert (done["accepted"], done["refused"]) == (2, 1)
    (reject,) = rejects_of(loads(Home(tmp_path))[0])
    assert (reject["line"], reject["field"], reject["row"]) == (3, "metadata", "oai:x:1")


def test_the_readable_summary(tmp_path: Path, repository: Repository) -> None:
    result = CliRunner().invoke(app, ["harvest", repository.address, "--home", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0
    for part in (
        "3 answers",
        f"source {NAME}",
        "records 5 = accepted 5 + refused 0",
        "goes on from 2026-01-10T00:00:00Z",
    ):
        assert part in result.output
