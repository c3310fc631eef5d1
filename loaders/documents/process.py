"""Reads one document in a process of its own, from its standard input: it prints the text, or why there is none, as JSON.

It has a limit of memory, of processor time and of what it may write, and nothing else to lose. It is run alone (``-I``), and looks for
modules where whoever starts it does, as that is given.
"""

import json
import sys

MEMORY = 1536 * 1024**2
"""Bytes of address space."""
SECONDS = 20
"""Of processor time."""
LONGEST = 60_000
"""Characters of a text."""


def read(content: bytes) -> str:
    """The text of a document.

    :raises loaders.documents.refusals.DocumentRefused: where it is not read
    """
    from loaders.documents.refusals import DocumentRefused

    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:5] == b"%PDF-":
        from loaders.documents.pdf import text_of_pdf

        return text_of_pdf(content, LONGEST)
    if content[:4] == b"PK\x03\x04":
        from loaders.documents.docx import text_of_docx

        return text_of_docx(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and "EncryptedPackage".encode("utf-16-le") in content:
        raise DocumentRefused("encrypted")
    raise DocumentRefused("wrong_type")


def main(paths: list[str]) -> None:
    """Print ``{"text": …}`` or ``{"refused": REASON}``."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.path[:] = paths
    from loaders.documents.refusals import DocumentRefused

    try:
        said = {"text": read(sys.stdin.buffer.read())}
    except DocumentRefused as refused:
        said = {"refused": refused.reason}
    except (MemoryError, RecursionError):
        said = {"refused": "too_costly"}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
