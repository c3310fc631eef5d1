"""How deep, how heavy and how ambiguous a query is, counted while its brackets open and close.

Neo4j plans recursively and copies while it plans, without a look at its deadline. A tree of expressions some 200 high kills the thread of
its connection; the subject of a CASE is planned once for each WHEN, the sides of an XOR twice, and alternatives of labels that stand
beside each other are multiplied out: twenty pairs filled the heap and took minutes. So what is counted is the height of the tree, its
weight after such copying, and the product of the alternatives, not the length of the text. The figures were found on Neo4j 5.26.
"""

from collections.abc import Callable
from dataclasses import dataclass

from api.cypher.errors import NotCypher, Place
from api.cypher.lexer import Token

MAX_HEIGHT = 80
"""Expressions inside expressions; chains of operators count too."""
MAX_WEIGHT = 10_000
"""Tokens, those that the planner copies counted as often."""
MAX_FORMS = 4_096
"""Product of the alternatives of labels."""
MAX_NESTED_QUERIES = 6
MAX_COUNTS = {
    "clauses": 100,
    "relationships in patterns": 50,
    "times AND and OR (a list with IN is planned at once)": 100,
    "times XOR": 8,
    "signs & and ! in labels": 24,
    "signs |": 200,
}


@dataclass(slots=True)
class Frame:
    """What an opened bracket, a CASE or the whole query has come to so far.

    ``closes`` is what ends it; ``query`` says that clauses may stand in it, ``pattern`` that it may begin with a pattern; ``call`` that
    it is a subquery of CALL; ``function`` is the function whose arguments it holds.
    """

    opened: Token
    closes: str
    query: bool = False
    pattern: bool = False
    call: bool = False
    function: str = ""
    steps: int = 0
    links: int = 0
    inner: int = 0
    tallest: int = 0
    weight: int = 0
    subject: int = -1
    branches: int = 0
    labelled: bool = False
    choices: int = 0

    @property
    def height(self) -> int:
        """The height of the tree so far."""
        return max(self.tallest, self.steps + max(self.inner, self.links)) + 1

    def flatten(self) -> None:
        """What comes next stands beside what came, not below."""
        self.tallest = self.height - 1
        self.steps = self.links = self.inner = 0

    @property
    def whole_weight(self) -> int:
        """The weight with what the planner copies."""
        return self.weight + max(self.subject, 0) * self.branches


class Shape:
    """The open brackets of a query, the outermost first, and what they have come to.

    :param first: the query's first token
    :param place: where a token stands in the query as written
    """

    def __init__(self, first: Token, place: Callable[[int], Place]) -> None:
        self._place = place
        self._frames = [Frame(first, "", query=True)]
        self._counts = dict.fromkeys(MAX_COUNTS, 0)
        self._forms = 1
        self._alternatives = 1

    @property
    def frame(self) -> Frame:
        """The innermost open one."""
        return self._frames[-1]

    @property
    def depth(self) -> int:
        """How many are open, the whole query among them."""
        return len(self._frames)

    def _error(self, reason: str, token: Token) -> NotCypher:
        return NotCypher(reason, self._place(token.at))

    def open(self, frame: Frame) -> None:
        """A bracket opens."""
        self._frames.append(frame)
        if len(self._frames) > MAX_HEIGHT:
            raise self._error(f"Brackets stand more than {MAX_HEIGHT} deep in each other", frame.opened)
        if frame.query and sum(one.query for one in self._frames) > MAX_NESTED_QUERIES + 1:
            raise self._error(f"Subqueries stand more than {MAX_NESTED_QUERIES} deep in each other", frame.opened)

    def close(self, token: Token, sign: str) -> Frame:
        """A bracket closes, or a CASE ends."""
        closed = self.frame
        if closed.closes != sign or len(self._frames) == 1:
            missing = "CASE has no END" if closed.closes == "END" else f"{sign} closes nothing that is open"
            raise self._error(missing, token)
        self.part(token)
        labelled = closed.labelled
        self._frames.pop()
        self.frame.inner = max(self.frame.inner, closed.height)
        self.frame.labelled |= labelled and not closed.query and closed.closes != "]"
        self.weigh(closed.whole_weight, token)
        self._measure(token)
        return closed

    def weigh(self, weight: int, token: Token) -> None:
        """Something more stands here."""
        self.frame.weight += weight
        if self.frame.weight > MAX_WEIGHT:
            raise self._error(f"The query is more than {MAX_WEIGHT} words and signs to plan", token)

    def step(self, token: Token) -> None:
        """An operator makes the tree one higher, and a new operand begins."""
        frame = self.frame
        frame.inner, frame.links = max(frame.inner, frame.links), 0
        frame.steps += 1
        self._measure(token)

    def link(self, token: Token) -> None:
        """A key or an index makes the operand one higher."""
        self.frame.links += 1
        self._measure(token)

    def _measure(self, token: Token) -> None:
        if self.frame.height > MAX_HEIGHT:
            raise self._error(f"Expressions stand more than {MAX_HEIGHT} deep in each other", token)

    def part(self, token: Token) -> None:
        """An expression ends; the next one stands beside it, not below."""
        frame = self.frame
        frame.flatten()
        if frame.labelled:
            self._multiply(frame.choices + 1, token)
        frame.choices, frame.labelled = 0, frame.labelled and frame.closes == ")"

    def branch(self, token: Token) -> None:
        """A WHEN: what stood before the first one is compared in each."""
        if self.frame.subject < 0:
            self.frame.subject = self.frame.weight
        self.frame.branches += 1
        self.part(token)

    def count(self, what: str, token: Token) -> None:
        """One more of something of which there may be so many."""
        self._counts[what] += 1
        if self._counts[what] > MAX_COUNTS[what]:
            raise self._error(f"There are more than {MAX_COUNTS[what]} {what}", token)

    def choose(self, token: Token) -> None:
        """An AND or OR; which of the two makes alternatives is for NOT to say, so both do."""
        self.frame.choices += 1
        self.frame.flatten()  # many of them are one list
        self.count("times AND and OR (a list with IN is planned at once)", token)

    def label(self) -> None:
        """A label is tested."""
        self.frame.labelled = True

    def alternative(self, token: Token, further: bool) -> None:
        """A label is given another to choose from; ``further`` where there was a choice already."""
        if further:
            self._forms //= self._alternatives
        self._alternatives = self._alternatives + 1 if further else 2
        self._multiply(self._alternatives, token)

    def _multiply(self, factor: int, token: Token) -> None:
        self._forms *= factor
        if self._forms > MAX_FORMS:
            raise self._error(f"The labels can be read in more than {MAX_FORMS} ways", token)
