"""XML that wants more than to be read: what declares a document type, reaches out, or has no end is refused, and says why."""

import time
from pathlib import Path

import pytest

from loaders import hardened_xml
from loaders.hardened_xml import Found, elements, read_elements, root_of, text_of
from loaders.table_reading import FileRefused

ENTITIES = '<!ENTITY e0 "ha">' + "".join("<!ENTITY e{} '{}'>".format(n, f"&e{n - 1};" * 10) for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE r [{ENTITIES}]><r><a>&e11;</a></r>'


def read(text: str | bytes, *names: str) -> list[Found]:
    raw = text.encode() if isinstance(text, str) else text
    step = 7 if len(raw) < 10_000 else 1 << 16
    return list(read_elements([raw[at : at + step] for at in range(0, len(raw), step)], "file", frozenset(names)))


def refused(text: str | bytes, *names: str) -> str:
    with pytest.raises(FileRefused) as found:
        read(text, *names)
    return str(found.value)


def test_elements_come_with_their_line_and_what_is_around_them() -> None:
    found = read('<r xmlns="urn:x">\n<k>\n<a n="1">x<b/> y </a></k>\n<a/></r>', "a", "b")
    assert [(one.line, one.element.tag, one.around) for one in found] == [
        (3, "{urn:x}a", ("r", "k")),
        (4, "{urn:x}a", ("r",)),
    ]
    assert [one.element.get("n") for one in found] == ["1", None]
    assert [text_of(one.element) for one in found] == ["x y", ""]


def test_nothing_is_kept_of_what_is_not_asked_for() -> None:
    assert read("<r>" + "<other>text</other>" * 1000 + "</r>", "a") == []


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r><a/></r>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><a>&x;</a></r>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd">%p;]><r><a/></r>',
        '<!DOCTYPE r PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd"><r><a/></r>',
    ],
)
def test_a_document_type_is_refused_before_anything_else(text: str) -> None:
    assert "declares a document type" in refused(text, "a")
    assert "declares a document type" in refused(text.encode("utf-16"), "a")


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_text(BOMB, encoding="utf-8")
    started = time.monotonic()
    for read_file in (root_of, lambda file: list(elements(file, frozenset("a")))):
        with pytest.raises(FileRefused, match="declares a document type"):
            read_file(path)
    assert time.monotonic() - started < 1


def test_an_entity_that_nobody_declared() -> None:
    assert "undefined entity" in refused("<r><a>&nbsp;</a></r>", "a")


def test_depth() -> None:
    assert len(read("<a>" * 100 + "</a>" * 100, "a")) == 1
    assert "inside each other" in refused("<a>" * 101 + "</a>" * 101, "a")
    assert "inside each other" in refused("<a>" * 1_000_000, "other")


def test_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a text of more than" in refused(f"<r><a>{'x' * 1_000_001}</a></r>", "a")
    assert "an attribute of more than" in refused(f'<r><a b="{"x" * 1_000_001}"/></r>', "a")
    many = " ".join(f"a{n}='x'" for n in range(501))
    assert "more than 500 attributes" in refused(f"<a {many}/>", "a")
    monkeypatch.setattr(hardened_xml, "ELEMENT_LIMIT", 10)
    assert "a record of more than 10 elements" in refused(f"<a>{'<b/>' * 10}</a>", "a")
    assert len(read(f"<r>{'<a><b/></a>' * 10}</r>", "a")) == 10
    monkeypatch.setattr(hardened_xml, "RECORD_LIMIT", 10)
    assert "a record of more than 10 characters" in refused("<a><b>123456</b><b>123456</b></a>", "a")


@pytest.mark.parametrize(
    "text", ["", "<r>", "<r></s>", "no xml", "<r>\x00</r>", "<r/><r/>", "<r a='1' a='2'/>", b"<r>\xff</r>"]
)
def test_what_is_no_xml(text: str | bytes) -> None:
    assert refused(text, "r").startswith("file is no XML that can be read")


def test_what_breaks_off_in_the_middle_gives_what_was_whole_and_then_says_so() -> None:
    reading = read_elements([b"<r><a>1</a><a>2"], "file", frozenset("a"))
    assert text_of(next(reading).element) == "1"
    with pytest.raises(FileRefused):
        next(reading)
