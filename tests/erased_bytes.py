"""Everything that can be read in the files below a home, also in what is packed: for tests that look for what must not be there."""

import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb


def texts_of(path: Path) -> Iterator[str]:
    """What a file holds: its bytes as text, unpacked where it is packed, and the rows of a Parquet file."""
    content = path.read_bytes()
    yield content.decode("utf-8", "replace")
    # Neo4j and Java may keep a text in two bytes a character
    yield content.decode("utf-16-le", "replace")
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content).decode("utf-8", "replace")
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    if path.suffix == ".parquet":
        with duckdb.connect() as con:
            yield str(con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())


def holding(home: Path, words: Iterable[str], *, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The files below a home that hold one of the words.

    :param but: names of files and directories at the top of the home that are not looked into
    """
    wanted, apart, found = [word.casefold() for word in words], set(but), []
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).parts[0]
        if name in apart or path.is_symlink() or not path.is_file():
            continue
        for text in texts_of(path):
            folded = text.casefold()
            found += [(str(path.relative_to(home)), word) for word in wanted if word in folded]
    return found
