"""Reads a visitor's Cypher before the engine does, and refuses with certainty whatever is not known to read.

Between two operands stands an operator, a comma or a clause. So a bare word behind a whole operand has to be an infix word or a
reading clause, a word before a parenthesis a known function, and a word where only a clause may stand a reading clause; every other
word is a name, however it is spelt. Writing, LOAD CSV, commands and procedures all begin with a word that is none of these.
The engine's own READ access, time-out and memory limit stand behind this; it closes what they let through.
"""

from enum import Enum, auto
from functools import lru_cache

from api.cypher import words
from api.cypher.errors import NotAllowed, NotCypher, QueryProblem, TooLong
from api.cypher.lexer import Kind, Source, Token
from api.cypher.shape import Frame, Shape

MAX_CHARACTERS = 50_000

_OPEN = {"(": ")", "[": "]", "{": "}"}


class _Next(Enum):
    """What may come."""

    CLAUSE = auto()
    OPERAND = auto()
    OPERATOR = auto()
    EITHER = auto()  # behind a star or a quantifier, which may be an operand, an operator, or end a pattern


@lru_cache(maxsize=2_000)
def checked(query: str) -> str:
    """The text that the engine is given: the same query, with blanks in place of its comments.

    :raises TooLong: above the limit of characters
    :raises NotCypher: where the query is not understood, or is too deep, too heavy or too much to plan
    :raises NotAllowed: where it writes, or is or calls what visitors may not
    """
    if len(query) > MAX_CHARACTERS:
        raise TooLong(f"The query has {len(query)} characters; at most {MAX_CHARACTERS} are read")
    source = Source(query)
    _Reading(source).read()
    return source.bare


class _Reading:
    """One pass over the tokens, with the open brackets as a stack."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = source.tokens
        self._at = 0
        self._next = _Next.CLAUSE
        self._shape = Shape(self._tokens[0], source.place)
        self._name: list[Token] = []  # the dotted name that was just read, which a parenthesis would call

    # tokens

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    @property
    def _following(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    @property
    def _before(self) -> Token | None:
        return self._tokens[self._at - 1] if self._at else None

    @property
    def _frame(self) -> Frame:
        return self._shape.frame

    def _advance(self) -> Token:
        token = self._token
        if token.kind is not Kind.END:
            self._at += 1
            self._shape.weigh(1, token)
        return token

    def _accept(self, *allowed: str) -> bool:
        """Take the token where it is one of these words."""
        if self._token.word in allowed:
            self._advance()
            return True
        return False

    def _expect(self, word: str, behind: Token) -> None:
        if not self._accept(word):
            raise self._error(NotCypher, f"{behind.word} is followed by {word}", self._token)

    def _error(self, kind: type[QueryProblem], reason: str, token: Token) -> QueryProblem:
        return kind(reason, self._source.place(token.at))

    def _push(self, frame: Frame) -> None:
        self._shape.open(frame)
        self._next = _Next.CLAUSE if frame.query else _Next.OPERAND
        self._name = []

    def _pop(self, token: Token, sign: str) -> None:
        closed = self._shape.close(token, sign)
        self._next = _Next.CLAUSE if closed.call else _Next.OPERATOR
        self._name = []

    # reading

    def read(self) -> None:
        """Read the whole query."""
        if len(self._tokens) == 1:
            raise NotCypher("The query is empty")
        while (token := self._token).kind is not Kind.END:
            if token.kind is Kind.SIGN:
                self._sign(self._advance())
            elif token.kind is Kind.NAME:
                self._word(token)
            elif token.kind is Kind.QUOTED:
                self._quoted(token)
            else:
                self._value(token)
        if self._shape.depth > 1:
            raise self._error(NotCypher, f"What opens here has no {self._frame.closes}", self._frame.opened)

    def _value(self, token: Token) -> None:
        if self._next is _Next.CLAUSE:
            raise self._error(NotCypher, "A clause is expected here", token)
        self._advance()
        self._next, self._name = _Next.OPERATOR, []

    def _quoted(self, token: Token) -> None:
        if self._next is _Next.OPERATOR or (self._next is _Next.CLAUSE and not self._opens_pattern()):
            raise self._error(NotCypher, "A name is not expected here", token)
        self._take_name(token)

    def _take_name(self, token: Token) -> None:
        dotted = self._before is not None and self._before.is_sign(".")
        if dotted and self._name:
            self._name.append(token)
        else:
            self._name = [token]
        self._advance()
        self._next = _Next.OPERATOR

    def _opens_pattern(self) -> bool:
        """Whether a pattern, not a clause, begins a subquery here: a path that gets a name."""
        begins = self._before is not None and self._before is self._frame.opened
        return self._frame.pattern and begins and self._following.is_sign("=")

    # signs

    def _sign(self, token: Token) -> None:
        sign = token.text
        if sign in ")]}":
            self._pop(token, sign)
        elif sign == ";":
            self._end(token)
        elif self._next is _Next.CLAUSE and not (sign == "(" and self._frame.pattern):
            raise self._error(NotCypher, "A clause is expected here", token)
        elif sign in _OPEN:
            self._open(token)
        else:
            self._operator(token)

    def _end(self, token: Token) -> None:
        if self._token.kind is not Kind.END or self._shape.depth > 1:
            raise self._error(NotAllowed, "One statement at a time", token)

    def _open(self, token: Token) -> None:
        function = ".".join(part.text for part in self._name).lower() if token.text == "(" else ""
        if function and function not in words.FUNCTIONS:
            known = words.REFUSED.get(function.upper())
            reason = known.format(word=function.upper()) if known else f"The function {function} may not be called"
            raise self._error(NotAllowed, reason, self._name[0])
        if token.text == "[" and self._next is _Next.OPERATOR:
            self._shape.link(token)
        self._push(Frame(token, _OPEN[token.text], function=function))

    def _operator(self, token: Token) -> None:
        sign, last = token.text, self._tokens[self._at - 2] if self._at > 1 else token
        if sign == ",":
            self._shape.part(token)
        elif sign == ".":
            self._shape.link(token)
        elif sign == "|":
            self._shape.count("signs |", token)
        elif not (sign in "-<>" and last.kind is Kind.SIGN and last.text in "-<>]"):
            self._shape.step(token)  # of an arrow the first sign counts
        if sign == "-" and (self._token.is_sign("[") or self._token.is_sign("-")):
            self._shape.count("relationships in patterns", token)
        elif sign in "&|!:":
            self._label(token, last)
        self._next = _Next.EITHER if sign == "*" or (sign == "+" and last.is_sign(")")) else _Next.OPERAND
        if sign == "::":
            self._type(token)
        elif sign != ".":
            self._name = []

    def _label(self, token: Token, last: Token) -> None:
        """A sign of a label expression; in braces and behind a list it is none, which does no harm."""
        sign, frame = token.text, self._frame
        if sign in "&!":
            self._shape.count("signs & and ! in labels", token)
        if sign == ":" and frame.closes != "}":
            self._shape.label()
        elif sign == "&":
            self._shape.alternative(token, further=False)  # of alternatives, where ! stands before the whole
        elif sign == "|" and frame.closes != "]" and frame.function != "reduce":
            before = self._tokens[self._at - 3] if self._at > 2 else token
            self._shape.alternative(token, further=last.kind is not Kind.SIGN and before.is_sign("|"))

    # words

    def _word(self, token: Token) -> None:
        if self._next is _Next.CLAUSE:
            self._at_clause(token)
        elif self._next is _Next.OPERATOR or (self._next is _Next.EITHER and self._joins(token.word)):
            self._name = []
            self._behind_operand(token)
        else:
            self._as_operand(token)

    def _joins(self, word: str) -> bool:
        return word in words.CLAUSES or word in words.INFIX or word in words.ORDERS or word in words.CASES

    def _at_clause(self, token: Token) -> None:
        if self._opens_pattern():
            self._take_name(token)
        elif self._frame.pattern and token.word in words.PATHS and self._before is self._frame.opened:
            self._as_operand(token)
        elif token.word in words.OPENINGS:
            self._clause(self._advance())
        else:
            raise self._refused(token, f"{token.text} begins no clause that reads")

    def _refused(self, token: Token, otherwise: str) -> QueryProblem:
        if token.word == "IN" and self._next is _Next.CLAUSE:
            return self._error(NotAllowed, "CALL … IN TRANSACTIONS is for writing", token)
        known = words.REFUSED.get(token.word)
        if known:
            return self._error(NotAllowed, known.format(word=token.word), token)
        return self._error(NotCypher, otherwise, token)

    def _behind_operand(self, token: Token) -> None:
        word, frame = token.word, self._frame
        if word in words.INFIX:
            self._infix(self._advance())
        elif word in words.CASES and frame.closes == "END":
            self._case(self._advance())
        elif word == "WHERE" and frame.closes != "END":
            self._advance()
            self._shape.part(token)
            self._next = _Next.OPERAND
        elif word in words.CLAUSES and frame.query:
            self._clause(self._advance())
        elif word in words.ORDERS:
            self._advance()
            self._next = _Next.OPERATOR
        elif word == "FROM" and frame.function == "trim":
            self._advance()
            self._next = _Next.OPERAND
        else:
            raise self._refused(token, f"{token.text} does not fit behind what stands before it")

    def _infix(self, token: Token) -> None:
        word = token.word
        if word == "XOR":
            self._shape.count("times XOR", token)
        elif word in ("AND", "OR"):
            self._shape.choose(token)
        elif word != "AS":
            self._shape.step(token)
        if word in ("STARTS", "ENDS"):
            self._expect("WITH", token)
        self._next = _Next.OPERAND
        if word == "IS":
            self._is(token)

    def _is(self, token: Token) -> None:
        """IS [NOT] NULL, TYPED or :: a type, a normal form, or a label."""
        self._accept("NOT")
        if self._accept("NULL", "NORMALIZED"):
            self._next = _Next.OPERATOR
        elif self._token.word in words.NORMAL_FORMS and self._following.word == "NORMALIZED":
            self._advance()
            self._advance()
            self._next = _Next.OPERATOR
        elif self._accept("TYPED"):
            self._type(token)

    def _type(self, token: Token) -> None:
        """A type, such as LIST<INTEGER NOT NULL> | STRING."""
        if self._token.word not in words.TYPES:
            raise self._error(NotCypher, "A type is expected here", self._token)
        while self._token.word in words.TYPES or (self._token.kind is Kind.SIGN and self._token.text in "<>|!"):
            if self._token.word == "WITH" and self._before is not None and self._before.word != "TIMESTAMP":
                break  # the next clause
            if self._token.is_sign("<"):
                self._shape.step(token)
            self._advance()
        self._next, self._name = _Next.OPERATOR, []

    def _case(self, token: Token) -> None:
        if token.word == "END":
            self._pop(token, "END")
            return
        if token.word == "WHEN":
            self._shape.branch(token)
        self._shape.part(token)
        self._next = _Next.OPERAND

    def _as_operand(self, token: Token) -> None:
        word, before = token.word, self._before
        if self._is_name(token, before):
            self._take_name(token)
        elif word in words.PREFIX:
            self._shape.step(self._advance())
            self._next, self._name = _Next.OPERAND, []
        elif word == "CASE":
            self._push(Frame(self._advance(), "END"))
        elif word == "WHEN" and before is self._frame.opened and self._frame.closes == "END":
            self._case(self._advance())
        elif word in words.SUBQUERIES and self._following.is_sign("{"):
            self._advance()
            self._push(Frame(self._advance(), "}", query=True, pattern=True))
        elif word in words.PATHS and not self._following.is_sign("("):
            self._paths()
        elif word in ("IS", "STARTS", "ENDS", "CONTAINS", "IN") and before is not None and before.word == "WHEN":
            self._infix(self._advance())
        elif (word == "WHERE" and before is not None and before.kind is Kind.SIGN and before.text in "([") or (
            word in words.TRIMS and self._frame.function == "trim"
        ):
            self._advance()
        else:
            self._take_name(token)

    def _is_name(self, token: Token, before: Token | None) -> bool:
        """Whether a word is a name whatever it says: a key, a label, an alias, or one that nothing could follow."""
        if before is not None and (before.word == "AS" or before.is_sign(".")):
            return True
        if before is not None and before.is_sign(":") and not self._in_map:
            return True
        following = self._following
        return following.kind is Kind.END or (following.kind is Kind.SIGN and following.text in ":,)]}.=")

    @property
    def _in_map(self) -> bool:
        """Whether a colon stands before a value and not before a label."""
        return self._frame.closes == "}" and not self._frame.query

    def _paths(self) -> None:
        """Which paths are meant: ALL, ANY 2 PATHS, SHORTEST 3 GROUPS and so on."""
        if self._following.word not in words.PATHS and self._following.kind not in (Kind.NUMBER, Kind.PARAMETER):
            self._take_name(self._token)
            return
        while self._token.word in words.PATHS or self._token.kind in (Kind.NUMBER, Kind.PARAMETER):
            self._advance()
        self._next, self._name = _Next.OPERAND, []

    # clauses

    def _clause(self, token: Token) -> None:
        self._shape.count("clauses", token)
        self._shape.part(token)
        self._next = _Next.OPERAND
        word = token.word
        if word == "OPTIONAL":
            self._optional(token)
        elif word == "ORDER":
            self._expect("BY", token)
        elif word == "CALL":
            self._call(token)
        elif word == "UNION":
            self._accept("ALL", "DISTINCT")
            self._next = _Next.CLAUSE
        elif word == "FINISH":
            self._next = _Next.CLAUSE
        elif word == "USING":
            self._hint(token)

    def _optional(self, token: Token) -> None:
        if self._token.word == "CALL":
            self._call(self._advance())
        else:
            self._expect("MATCH", token)

    def _call(self, token: Token) -> None:
        if self._token.is_sign("("):
            self._scope()
        if self._token.is_sign("{"):
            self._push(Frame(self._advance(), "}", query=True, call=True))
            return
        self._procedure(token)

    def _scope(self) -> None:
        """The variables that a subquery may use: CALL (a, b) { … }."""
        self._advance()
        while self._token.kind in (Kind.NAME, Kind.QUOTED) or (
            self._token.kind is Kind.SIGN and self._token.text in ",*"
        ):
            self._advance()
        if not self._token.is_sign(")") or not self._following.is_sign("{"):
            raise self._error(NotCypher, "The names of CALL are followed by ) {", self._token)
        self._advance()

    def _procedure(self, token: Token) -> None:
        first, parts = self._token, []
        while self._token.kind in (Kind.NAME, Kind.QUOTED):
            parts.append(self._advance().text)
            if not self._token.is_sign("."):
                break
            self._advance()
        name = ".".join(parts)
        if not name:
            raise self._error(NotCypher, "CALL is followed by a procedure or a subquery in braces", token)
        if name.lower() not in words.PROCEDURES:
            raise self._error(NotAllowed, f"The procedure {name} may not be called", first)
        self._next, self._name = _Next.OPERATOR, []

    def _hint(self, token: Token) -> None:
        """USING INDEX n:Label(key), SCAN n:Label, JOIN ON n."""
        if not self._accept(*words.HINTS):
            raise self._error(NotAllowed, "USING names an index, a scan or a join to read by", self._token)
        while self._accept(*words.HINTS):
            pass
        names = 0
        while names < 2 and self._token.kind in (Kind.NAME, Kind.QUOTED):
            self._advance()
            names += 1
            if not self._token.is_sign(":"):
                break
            self._advance()
        if self._token.is_sign("(") and names == 2:
            self._push(Frame(self._advance(), ")"))
        else:
            self._next, self._name = _Next.OPERATOR, []
