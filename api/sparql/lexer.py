"""Tokens of a SPARQL query, no finer than the guard needs: strings, IRIs and comments are whole, everything else is a word or a sign.

The engine's parser reads keywords without looking at what stands before or behind them (``trueSERVICE:x``), and decides by the grammar
whether ``<`` opens an IRI or compares. Both are dealt with here, so that nothing can hide from the guard inside what only looks like an IRI.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["string", "iri", "variable", "language", "blank", "name", "number", "word", "open", "close", "sign"]

_NAME = r"[\w\u00b7\u203f\u2040-]"
_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|{_ESCAPED})"
_LONG, _SHORT = r"(?:[^{0}\\]++|\\.|{0}(?!{0}{0}))*+", r"(?:[^{0}\\\n\r]++|\\.)*+"
_PATTERN = re.compile(
    "|".join(
        (
            r"(?:[ \t\r\n]+|#[^\r\n]*)+",
            r"(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)",
            "(?P<string>"
            + "|".join(f"{q * 3}{_LONG.format(q)}{q * 3}|{q}{_SHORT.format(q)}{q}" for q in ('"', "'"))
            + ")",
            r"(?P<variable>[?$]\w[\w\u00b7\u203f\u2040]*)",
            r"(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)",
            rf"(?P<blank>_:\w{_NAME}*(?:\.+{_NAME}+)*)",
            rf"(?P<name>(?:[^\W\d_]{_NAME}*(?:\.+{_NAME}+)*)?:(?:{_LOCAL}+(?:\.+{_LOCAL}+)*)?)",
            r"(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)",
            r"(?P<word>[^\W\d]\w*)",
            r"(?P<open><<|[({\[])",
            r"(?P<close>>>|[)}\]])",
            r"(?P<sign>.)",
        )
    ),
    re.DOTALL,
)
_WHOLE_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
"""No expression begins like this, so it is an IRI wherever it stands."""
_HIDING = re.compile(r"['#()\[]")
_OPERAND = ("string", "iri", "variable", "language", "blank", "name", "number", "word", "close")


class Unclear(ValueError):
    """A place that can be read in two ways."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Token(NamedTuple):
    """One token; ``at`` counts characters from the beginning of the query."""

    kind: Kind
    text: str
    at: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, comments and blanks left out. Anything is taken: what no grammar knows is a sign.

    :raises Unclear: where a string is not closed, or ``<…>`` could be an IRI or a comparison and hides a string, comment or bracket
    """
    brackets: list[str] = []
    last: Kind = "sign"
    for match in _PATTERN.finditer(query):
        kind: Kind | None = match.lastgroup  # type: ignore[assignment]
        if kind is None:
            continue
        text = match[0]
        if kind == "open":
            brackets.append(text)
        elif kind == "close" and brackets:
            brackets.pop()
        elif kind == "iri" and last in _OPERAND and brackets[-1:] == ["("] and _hides(text):
            raise Unclear(
                "This can be an IRI or a comparison; write blanks around «<», or the IRI as a prefixed name.",
                match.start(),
            )
        elif text in ("'", '"'):
            raise Unclear("This string is not closed.", match.start())
        yield Token(kind, text, match.start())
        last = kind


def _hides(iri: str) -> bool:
    return not _WHOLE_IRI.match(iri) and _HIDING.search(iri) is not None
