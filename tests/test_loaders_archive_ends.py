"""Archives with something behind them: one end that agrees with its directory is the end, and nothing else is guessed."""

import io
import zipfile
from pathlib import Path

import pytest

from loaders.formats.archive_ends import archive_bytes


def archive(name: str = "a.txt") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr(name, "content")
    return file.getvalue()


@pytest.mark.parametrize(
    "behind",
    [
        b"",
        b"\0" * 300,
        archive("other.txt")[-22:],  # an end record whose directory lies elsewhere
        b"\0" * 90 + b"docProps/app.xml" + archive()[-22:],
    ],
)
def test_what_lies_behind_the_archive_is_left_aside(tmp_path: Path, behind: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(archive() + behind)
    assert archive_bytes(path) == archive()


def test_a_comment_is_part_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a.txt", "content")
        opened.comment = b"a comment"
    assert archive_bytes(path) == path.read_bytes()


def test_where_no_single_end_agrees_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"PK\x03\x04 no archive", archive()[:-5], b"x" + archive(), archive() + archive("b.txt")):
        path.write_bytes(content)
        assert archive_bytes(path) == content


def test_two_ends_that_agree_leave_it_to_the_reader(tmp_path: Path) -> None:
    first = archive()
    # the second end record points at a directory right before it, as the first one does
    second = bytearray(archive("second.txt"))
    at = second.rindex(b"PK\x05\x06")
    second[at + 16 : at + 20] = (len(first) + int.from_bytes(second[at + 16 : at + 20], "little")).to_bytes(4, "little")
    path = tmp_path / "file"
    path.write_bytes(first + bytes(second))
    assert archive_bytes(path) == first + bytes(second)
