"""Why a document is refused: a code each, so that whoever shows it says it in the reader's language."""

from typing import Final

REASONS: Final = (
    "wrong_type",
    "too_large",
    "damaged",
    "encrypted",
    "bomb",
    "too_many_pages",
    "too_long",
    "scripts",
    "embedded",
    "entities",
    "outside",
    "no_text",
    "too_costly",
)
"""All reasons. ``embedded`` is a file in the file, ``outside`` a part that would be fetched from elsewhere, ``too_costly`` that reading
took more time or memory than a document may."""


class DocumentRefused(ValueError):
    """A document is not read; ``reason`` is one of :data:`REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the document is refused: {reason}")
        self.reason = reason
