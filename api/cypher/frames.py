"""How deep and how heavy a query is, counted while its brackets open and close.

Neo4j plans recursively: a tree of expressions some 200 high kills the thread of its connection, and some shapes are copied while they
are planned (the subject of CASE once for each WHEN, both sides of XOR twice), past any deadline. So what is counted is the height of
the tree and its weight after such copying, not the length of the text.
"""

from dataclasses import dataclass

from api.cypher.lexer import Token

MAX_HEIGHT = 80
"""Expressions inside expressions; chains of operators count too. Neo4j 5.26 takes 100 of every kind, and not 200 of some."""
MAX_WEIGHT = 20_000
"""Tokens, those that the planner copies counted as often."""


@dataclass(slots=True)
class Frame:
    """What an opened bracket, a CASE or the whole query has come to so far.

    ``closes`` is what ends it; ``query`` says that clauses may stand in it, ``pattern`` that it may begin with a pattern;
    ``call`` that it is a subquery of CALL; ``function`` is the function whose arguments it holds.
    """

    opened: Token
    closes: str
    query: bool = False
    pattern: bool = False
    call: bool = False
    function: str = ""
    steps: int = 0
    inner: int = 0
    tallest: int = 0
    weight: int = 0
    subject: int = -1
    branches: int = 0

    def part(self) -> None:
        """An expression ends; the next one stands beside it, not below."""
        self.tallest = max(self.tallest, self.steps + self.inner)
        self.steps = self.inner = 0

    def branch(self) -> None:
        """A WHEN: what stood before the first one is compared in each."""
        if self.subject < 0:
            self.subject = self.weight
        self.branches += 1
        self.part()

    @property
    def height(self) -> int:
        """The height of the tree so far."""
        return max(self.tallest, self.steps + self.inner) + 1

    @property
    def whole_weight(self) -> int:
        """The weight with what the planner copies."""
        return self.weight + max(self.subject, 0) * max(self.branches - 1, 0)

    def take(self, child: "Frame") -> None:
        """Take in one that was closed."""
        self.inner = max(self.inner, child.height)
        self.weight += child.whole_weight
