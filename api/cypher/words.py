"""What a visitor's Cypher may say: reading clauses, functions and procedures. Whatever is not listed is refused.

The functions are those that Neo4j 5.26 lists (SHOW FUNCTIONS) without ``file`` and ``linenumber``, which belong to LOAD CSV, and
without ``graph.*``. Of its procedures only those that describe the graph are here: among those that it calls reading are some that
clear caches, resample indexes or collect other people's queries.
"""

from collections.abc import Mapping
from types import MappingProxyType


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


CLAUSES = _words("MATCH OPTIONAL WITH UNWIND RETURN CALL FINISH ORDER SKIP OFFSET LIMIT UNION WHERE YIELD USING")
"""Words that may begin a clause, or a part of one, behind a whole expression."""

OPENINGS = CLAUSES - {"WHERE", "YIELD", "USING"}
"""Words that may stand where nothing but a clause can."""

INFIX = _words("AND OR XOR IN IS STARTS ENDS CONTAINS AS")
"""Words between two operands."""

PREFIX = _words("NOT DISTINCT")
"""Words before an operand."""

ORDERS = _words("ASC ASCENDING DESC DESCENDING")
"""Words behind an operand, with nothing behind them."""

CASES = _words("WHEN THEN ELSE END")
"""Words that go on with CASE."""

SUBQUERIES = _words("EXISTS COUNT COLLECT")
"""Words that make an expression of a query in braces."""

PATHS = _words("ALL ANY SHORTEST PATH PATHS GROUP GROUPS")
"""Words that say which paths of a pattern are meant."""

TYPES = _words(
    "BOOL BOOLEAN STRING VARCHAR INT INTEGER SIGNED FLOAT DATE LOCAL ZONED TIME DATETIME TIMESTAMP WITH WITHOUT",
    "TIMEZONE ZONE DURATION POINT NODE VERTEX RELATIONSHIP EDGE MAP LIST ARRAY PATH PATHS ANY PROPERTY VALUE NOTHING",
    "NULL NOT",
)
"""Words of a type, behind IS TYPED or IS ::."""

NORMAL_FORMS = _words("NFC NFD NFKC NFKD")

TRIMS = _words("BOTH LEADING TRAILING FROM")
"""Words among the arguments of trim."""

HINTS = _words("INDEX RANGE TEXT POINT SEEK SCAN JOIN ON")
"""Words of a hint, behind USING."""

FUNCTIONS = _words(
    # numbers
    "abs ceil floor isnan rand round sign acos asin atan atan2 cos cosh cot coth degrees haversin pi radians sin sinh",
    "tan tanh e exp log log10 sqrt",
    # predicates and lists
    "all any exists isempty none single keys labels nodes range reduce relationships tail",
    "tobooleanlist tofloatlist tointegerlist tostringlist",
    # aggregates
    "avg collect count max min percentilecont percentiledisc stdev stdevp sum",
    # text
    "btrim left lower ltrim normalize replace reverse right rtrim split substring tolower tostring tostringornull",
    "toupper trim upper char_length character_length",
    # single values
    "coalesce elementid endnode head id last length nullif properties randomuuid size startnode timestamp toboolean",
    "tobooleanornull tofloat tofloatornull tointeger tointegerornull type valuetype",
    # days and times
    "date date.realtime date.statement date.transaction date.truncate",
    "datetime datetime.fromepoch datetime.fromepochmillis datetime.realtime datetime.statement datetime.transaction",
    "datetime.truncate duration duration.between duration.indays duration.inmonths duration.inseconds",
    "localdatetime localdatetime.realtime localdatetime.statement localdatetime.transaction localdatetime.truncate",
    "localtime localtime.realtime localtime.statement localtime.transaction localtime.truncate",
    "time time.realtime time.statement time.transaction time.truncate",
    # places and vectors
    "point point.distance point.withinbbox vector.similarity.cosine vector.similarity.euclidean",
    # paths
    "shortestpath allshortestpaths",
)
"""Functions that may be called, in small letters."""

PROCEDURES = _words(
    "db.labels db.relationshiptypes db.propertykeys",
    "db.schema.visualization db.schema.nodetypeproperties db.schema.reltypeproperties",
)
"""Procedures that may be called, in small letters."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            _words("CREATE MERGE SET DELETE DETACH NODETACH REMOVE FOREACH INSERT"),
            "This address only reads; {word} writes",
        ),
        **dict.fromkeys(
            _words("SHOW TERMINATE ALTER DROP GRANT DENY REVOKE RENAME START STOP ENABLE DRYRUN REALLOCATE DEALLOCATE"),
            "{word} is a command for those who run the database",
        ),
        **dict.fromkeys(
            _words("EXPLAIN PROFILE CYPHER"), "How a query is planned is not for visitors; leave {word} out"
        ),
        "LOAD": "{word} CSV reads files and addresses, which is closed to visitors",
        "USE": "There is one graph here; {word} is not needed",
        "USING": "{word} PERIODIC COMMIT is for writing",
    }
)
"""Why a clause that stands where only reading clauses may is refused, for those that are known."""
