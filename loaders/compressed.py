"""Unpacks a gzip file beside nothing: into a temporary file that is gone when it was read, and no further than a limit."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from loaders.formats.table import FILE_LIMIT, FileRefused

_BLOCK = 1 << 20


def is_gzip(path: Path) -> bool:
    """Whether a file begins as gzip files do."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The unpacked file, under the name that it has without ``.gz``, as long as the block lasts.

    :raises FileRefused: where it is damaged, or holds more than a file may
    """
    suffix = f"-{path.name.removesuffix('.gz')}"
    with NamedTemporaryFile(prefix="ketnoi-", suffix=suffix) as target:
        written = 0
        try:
            with gzip.open(path) as source:
                while block := source.read(_BLOCK):
                    written += len(block)
                    if written > FILE_LIMIT:
                        raise FileRefused(f"{path.name} holds more than {FILE_LIMIT} bytes")
                    target.write(block)
        except (OSError, EOFError, zlib.error) as error:
            raise FileRefused(f"{path.name} is no whole gzip file: {error}") from None
        target.flush()
        yield Path(target.name)
