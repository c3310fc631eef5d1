"""Answers are cut between rows, whatever stands in them: a cut answer is what the engine itself writes for the first rows."""

import json
from typing import Any

import pyoxigraph as ox
import pytest

from api.sparql import outlet as outlets
from api.sparql.cutting import ROWS
from api.sparql.outlet import Full, Outlet, RowTooLong
from api.sparql.wire import Head
from api.workers.wire import DATA, HEAD

# values that hold what ends a row in one form or the other
NASTY = (
    '"}},{\\"a\\":{"',
    '"},{"',
    '"\\\\"',
    '"\\\\\\\\\\""',
    '"a\\n"',
    '"a\\r\\nb,c"',
    '"\\"\\r\\n\\""',
    '"</result><result>"',
    '"x"@vi',
    "<http://example.org/,>",
    "UNDEF",
    "1",
)
VALUES = " ".join(f"({one} {other})" for one in NASTY for other in NASTY)
QUERY = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {VALUES} }} }}"
ONE = f"SELECT ?x {{ VALUES ?x {{ {' '.join(NASTY)} }} }}"
ALL = len(NASTY) ** 2


def written(query: str, form: str) -> bytes:
    results = ox.Store().query(query)
    assert isinstance(results, ox.QuerySolutions)
    content = results.serialize(format=getattr(ox.QueryResultsFormat, form))
    assert content is not None
    return content


def passed(content: bytes, form: str, rows: int, size: int, step: int = 97) -> tuple[list[Head], bytes, bool]:
    """What an outlet sends of an answer that is written in pieces: heads, data, whether it says that it cut."""
    heads: list[Head] = []
    data = bytearray()

    def send(kind: bytes, part: bytes | bytearray) -> None:
        if kind == HEAD:
            heads.append(json.loads(part))
        else:
            assert kind == DATA
            data.extend(part)

    outlet = Outlet(send, {"form": form, "shape": "rows", "truncated": None, "length": None}, rows, size)
    try:
        for at in range(0, len(content), step):
            outlet.write(content[at : at + step])
    except Full:
        pass
    outlet.finish()
    return heads, bytes(data), outlet.truncated


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at every piece."""
    monkeypatch.setattr(outlets, "_LOOK", 1)


@pytest.fixture
def streaming(monkeypatch: pytest.MonkeyPatch, hasty: None) -> None:
    """Pass everything on at once."""
    monkeypatch.setattr(outlets, "HELD_SECONDS", 0.0)


@pytest.mark.parametrize("query", [QUERY, ONE])
@pytest.mark.parametrize("form", ROWS)
def test_cut_after_any_row(query: str, form: str, hasty: None) -> None:
    whole = written(query, form)
    count = ALL if query == QUERY else len(NASTY)
    for rows in range(1, count):
        heads, data, truncated = passed(whole, form, rows, 10**9)
        expected = written(f"{query} LIMIT {rows}", form)
        if form == "JSON":
            expected = expected.replace(b'{"head":{', b'{"head":{"truncated":true,', 1)
        assert (data, truncated) == (expected, True), rows
        assert heads == [{"form": form, "shape": "rows", "truncated": True, "length": len(data)}]


@pytest.mark.parametrize("form", ROWS)
def test_exactly_as_many_rows_as_allowed_are_all_of_them(form: str, hasty: None) -> None:
    whole = written(QUERY, form)
    assert passed(whole, form, ALL, 10**9)[1:] == (whole, False)


@pytest.mark.parametrize("step", [1, 7, 8192])
@pytest.mark.parametrize("form", ROWS)
def test_cut_by_bytes(form: str, step: int, hasty: None) -> None:
    whole = written(QUERY, form)
    _, data, truncated = passed(whole, form, 10**6, len(whole) // 2, step)
    possible = [written(f"{QUERY} LIMIT {rows}", form) for rows in range(1, ALL)]
    if form == "JSON":
        possible = [one.replace(b'{"head":{', b'{"head":{"truncated":true,', 1) for one in possible]
    assert truncated
    assert data in possible
    assert len(whole) // 2 - 200 < len(data) <= len(whole) // 2 + 60


@pytest.mark.parametrize(
    ("form", "end"), [("JSON", b']},"truncated":true}'), ("XML", b"</results><!-- truncated --></sparql>")]
)
def test_what_was_begun_says_at_its_end_that_it_was_cut(form: str, end: bytes, streaming: None) -> None:
    whole = written(QUERY, form)
    for rows in (50, 99, ALL - 1):
        heads, data, _ = passed(whole, form, rows, 10**9)
        limited = written(f"{QUERY} LIMIT {rows}", form)
        assert data == limited.removesuffix(b"]}}").removesuffix(b"</results></sparql>") + end
        assert (heads[0]["truncated"], heads[0]["length"]) == (None, None)
    assert passed(whole, form, ALL, 10**9)[1:] == (whole, False)


@pytest.mark.parametrize("form", ["CSV", "TSV"])
def test_forms_that_can_say_nothing_wait_for_their_end(form: str, streaming: None) -> None:
    heads, data, _ = passed(written(QUERY, form), form, 3, 10**9)
    assert heads == [{"form": form, "shape": "rows", "truncated": True, "length": len(data)}]


@pytest.mark.parametrize("form", ROWS)
def test_a_row_longer_than_all_that_is_allowed(form: str) -> None:
    content = written(f'SELECT ?x {{ BIND("{"a" * 200_000}" AS ?x) }}', form)
    with pytest.raises(RowTooLong):
        passed(content, form, 10, 100_000)


def test_a_long_row_is_not_looked_at_again_and_again(streaming: None) -> None:
    content = written(f'SELECT ?x {{ BIND("{"},{" * 1_000_000}" AS ?x) }}', "JSON")
    looks = 0
    rows: Any = ROWS["JSON"]

    class Counted(type(rows)):  # type: ignore[misc]
        def cut(self, text: bytes, most: int) -> tuple[int, int]:
            nonlocal looks
            looks += 1
            found: tuple[int, int] = super().cut(text, most)
            return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ROWS, "JSON", Counted())
        assert passed(content, "JSON", 10, 10**9, 8192)[1:] == (content, False)
    assert looks < 30
