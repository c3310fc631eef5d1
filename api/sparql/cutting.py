"""Where the rows of a serialised answer end, so that it can be cut between any two of them and still be read.

The engine writes an answer in pieces. What is here counts rows without parsing them; it relies on how pyoxigraph escapes, which the tests
hold against each form.
"""


class Rows:
    """Rows of one form of answer.

    ``tail`` closes a document that was cut between two rows. ``told`` does so too and says that it was cut; ``None`` where a form has no
    place for that. ``first`` is how many ends of rows come before the first row, ``least`` how many bytes a row has at least.
    """

    tail: bytes = b""
    told: bytes | None = None
    first = 0
    least = 1

    def cut(self, text: bytes, most: int) -> tuple[int, int]:
        """Ends of rows in a text after which another row follows, at most ``most``; and where the last of those is.

        :param text: what was written since the last end that was found
        """
        raise NotImplementedError


def _nth(text: bytes, between: bytes, most: int) -> tuple[int, int]:
    """How often ``between`` is in a text, at most ``most``, and where the last one counted begins."""
    count = text.count(between)
    if count <= most:
        return count, text.rfind(between)
    at = -1
    for _ in range(most):
        at = text.index(between, at + 1)
    return most, at


def _outside(text: bytes, quote: bytes) -> bytes:
    """A text of the same length, with blanks for what stands in quotes."""
    parts = text.split(quote)
    parts[1::2] = [b" " * len(part) for part in parts[1::2]]
    return quote.join(parts)


class XmlRows(Rows):
    """SPARQL results in XML: ``<`` is escaped in values, so what looks like a tag is one."""

    tail = b"</results></sparql>"
    told = b"</results><!-- truncated --></sparql>"
    least = len(b"<result></result>")

    def cut(self, text: bytes, most: int) -> tuple[int, int]:
        count, at = _nth(text, b"</result><result>", most)
        return count, at + len(b"</result>") if count else 0


class JsonRows(Rows):
    """SPARQL results in JSON: outside of strings, ``},{`` stands between rows only."""

    tail = b"]}}"
    told = b']},"truncated":true}'
    least = len(b"{},")

    def cut(self, text: bytes, most: int) -> tuple[int, int]:
        plain = text.replace(b"\\\\", b"  ").replace(b'\\"', b"  ") if b"\\" in text else text
        count, at = _nth(_outside(plain, b'"'), b"},{", most)
        return count, at + 1 if count else 0


class TsvRows(Rows):
    """SPARQL results in TSV: ends of lines are escaped in values. The first line has the names."""

    first = 1

    def cut(self, text: bytes, most: int) -> tuple[int, int]:
        count, at = _nth(text[:-1], b"\n", most)
        return count, at + 1 if count else 0


class CsvRows(Rows):
    """SPARQL results in CSV: a value with an end of a line stands in quotes, quotes in it are doubled. The first line has the names."""

    first = 1
    least = 2

    def cut(self, text: bytes, most: int) -> tuple[int, int]:
        plain = _outside(text, b'"') if b'"' in text else text
        count, at = _nth(plain[:-2], b"\r\n", most)
        return count, at + 2 if count else 0


ROWS: dict[str, Rows] = {"JSON": JsonRows(), "XML": XmlRows(), "CSV": CsvRows(), "TSV": TsvRows()}
"""The engine's name of a form of rows → where its rows end."""
TOLD: dict[str, bytes | None] = {
    **{name: rows.told for name, rows in ROWS.items()},
    **dict.fromkeys(("TURTLE", "N_TRIPLES", "N_QUADS", "TRIG"), b"# truncated\n"),
    "RDF_XML": b"\n<!-- truncated -->",
    "JSON_LD": None,
}
"""The engine's name of a form → what says at its end that it was cut; ``None`` where nothing can."""


def say_in_head(answer: bytearray) -> None:
    """Let the head of a JSON answer say that its rows were cut."""
    answer[: len(b'{"head":{')] = b'{"head":{"truncated":true,'
