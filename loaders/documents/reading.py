"""Reads documents that somebody drops: in a process that can be ended, from memory to memory, so that nothing of them is kept."""

import json
import subprocess
import sys
from threading import BoundedSemaphore

from loaders.documents import process
from loaders.documents.refusals import REASONS, DocumentRefused

MAX_DOCUMENT = 20 * 1_048_576
"""Bytes of a document."""
_LEAST = 40
"""Letters below which a text says nothing: a document of pictures has page numbers at most."""
_AT_ONCE = BoundedSemaphore(2)
"""Documents that are read at once, by one process of the service: each may take its whole memory."""
_PATIENCE = 2 * process.SECONDS
"""Seconds until the process is ended."""


def read_document(content: bytes) -> str:
    """The text of a PDF or DOCX, told by its first bytes and never by its name.

    :raises DocumentRefused: with the reason, where it is not read
    """
    if len(content) > MAX_DOCUMENT:
        raise DocumentRefused("too_large")
    command = [sys.executable, "-I", process.__file__, json.dumps([path for path in sys.path if path])]
    try:
        # a process that is ended at the deadline leaves nothing: it may write no file
        with _AT_ONCE:
            done = subprocess.run(command, input=content, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise DocumentRefused("too_costly") from None
    return _checked(_said(done))


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    if done.returncode:
        # ended by a limit of the system, or broken by what it read
        raise DocumentRefused("too_costly" if done.returncode < 0 or b"MemoryError" in done.stderr else "damaged")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise DocumentRefused("damaged") from None
    if "refused" in said:
        raise DocumentRefused(said["refused"] if said["refused"] in REASONS else "damaged")
    return str(said["text"])


def _checked(text: str) -> str:
    plain = "\n".join(" ".join(line.split()) for line in text.replace("\x00", " ").splitlines())
    plain = "".join(sign for sign in plain if sign == "\n" or sign.isprintable()).strip()
    if len(plain) > process.LONGEST:
        raise DocumentRefused("too_long")
    if sum(sign.isalpha() for sign in plain) < _LEAST:
        raise DocumentRefused("no_text")
    return plain
