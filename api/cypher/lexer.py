"""Cypher as tokens, as Neo4j 5 reads it; what could be read in two ways is refused.

Neo4j replaces ``\\uXXXX`` anywhere in a query before it reads tokens, so an escape can end a string or a comment. The escapes are
replaced here first, and the engine is given the replaced text with its comments blanked: it never sees what was not read here.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from api.cypher.errors import NotCypher, Place, place_in


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    QUOTED = auto()
    STRING = auto()
    NUMBER = auto()
    PARAMETER = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``text`` is as written, without its backticks where it is a quoted name; ``at`` is its offset."""

    kind: Kind
    text: str
    at: int

    @property
    def word(self) -> str:
        """A bare name in capitals, for comparing with keywords; of anything else, nothing."""
        return self.text.upper() if self.kind is Kind.NAME else ""

    def is_sign(self, sign: str) -> bool:
        """Whether it is this sign."""
        return self.kind is Kind.SIGN and self.text == sign


# The whitespace of Neo4j's lexer; its names also take control characters and invisible ones, which are refused here.
_SPACE = r"[\t-\r\x1c-\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_NAME = r"[^\W\d][\w\u0300-\u036f$]*"
_QUOTED = r"`(?:[^`]|``)*`"
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "space": _SPACE,
            "comment": r"//[^\n\r]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/",
            "NAME": _NAME,
            "NUMBER": r"0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+(?![0-9.])|(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?",
            "STRING": r"""'(?:[^'\\]|\\[bfnrt'"\\`])*'|"(?:[^"\\]|\\[bfnrt'"\\`])*\"""",
            "QUOTED": _QUOTED,
            "PARAMETER": rf"\$(?:{_NAME}|\d+|{_QUOTED})",
            "SIGN": r"\.\.|::|/(?!\*)|[()\[\]{},.;:|&!=<>+\-*%^$~]",
        }.items()
    )
)
_ESCAPE = re.compile(r"\\(?:u(?P<digits>[0-9a-fA-F]{4})?|[^u])", re.DOTALL)
_STRUCTURE = "'\"`\\"


class Source:
    """A query with its unicode escapes replaced, which remembers where things stood.

    :raises NotCypher: where an escape is broken, or stands for a sign that would change what the query means
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self._ends: list[int] = []  # offsets in ``text`` behind each replaced escape
        self.text = _ESCAPE.sub(self._replaced, written) if "\\u" in written else written
        try:
            self.text.encode()
        except UnicodeEncodeError:
            # two escapes may make one character of the higher planes
            self.text = self._joined()

    def _replaced(self, found: "re.Match[str]") -> str:
        if found[0][1:2] != "u":
            return found[0]
        if found["digits"] is None:
            raise NotCypher("An escape \\u takes four hexadecimal digits", place_in(self.written, found.start()))
        character = chr(int(found["digits"], 16))
        if character in _STRUCTURE:
            raise NotCypher("A quote or backslash is not written as an escape", place_in(self.written, found.start()))
        self._ends.append(found.start() - 5 * len(self._ends) + 1)
        return character

    def _joined(self) -> str:
        try:
            return self.text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise NotCypher("The query holds half a character (an unpaired surrogate)") from None

    def place(self, at: int) -> Place:
        """Line and column in the query as written, of an offset in ``text``."""
        return place_in(self.written, at + 5 * bisect_right(self._ends, at))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens, the last of them the end.

        :raises NotCypher: where a character, string or comment is not understood
        """
        return self._read[0]

    @property
    def bare(self) -> str:
        """The text with blanks in place of its comments: what the engine is given."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[tuple[Token, ...], str]:
        tokens: list[Token] = []
        kept: list[str] = []
        at, text = 0, self.text
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise NotCypher(self._strange(at), self.place(at))
            group, piece = str(found.lastgroup), found[0]
            if group == "comment":
                piece = re.sub(r"[^\n\r]", " ", piece)
            elif group != "space":
                self._alone(tokens, found)
                tokens.append(_token(Kind[group], piece, at))
            kept.append(piece)
            at = found.end()
        return (*tokens, Token(Kind.END, "", len(text))), "".join(kept)

    def _alone(self, before: list[Token], found: "re.Match[str]") -> None:
        """Refuse a number that a name grows out of: lexers differ in where the one ends."""
        if before and before[-1].kind is Kind.NUMBER and found.lastgroup in ("NAME", "NUMBER", "PARAMETER"):
            last = before[-1]
            if last.at + len(last.text) == found.start():
                raise NotCypher("A number runs into what follows it", self.place(found.start()))

    def _strange(self, at: int) -> str:
        begun = {"'": "A string", '"': "A string", "`": "A quoted name", "/": "A comment"}.get(self.text[at])
        if begun:
            return f"{begun} does not end, or holds an unknown escape"
        return f"The character U+{ord(self.text[at]):04X} is not understood outside strings and quoted names"


def _token(kind: Kind, piece: str, at: int) -> Token:
    return Token(kind, piece[1:-1].replace("``", "`") if kind is Kind.QUOTED else piece, at)
