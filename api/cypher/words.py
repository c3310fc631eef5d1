"""What a visitor's Cypher may say: reading clauses, functions and procedures. Whatever is not listed is refused.

The functions are those that Neo4j 5.26 lists (SHOW FUNCTIONS) without ``file`` and ``linenumber``, which belong to LOAD CSV, and
without ``graph.*``. Of its procedures only those that describe the graph are here: among those that it calls reading are some that
clear caches, resample indexes or collect other people's queries.
"""

from collections.abc import Mapping
from types import MappingProxyType

CLAUSES = frozenset(
    "MATCH OPTIONAL WITH UNWIND RETURN CALL FINISH ORDER SKIP OFFSET LIMIT UNION WHERE YIELD USING".split()
)
"""Words that may begin a clause, or a part of one, behind a whole expression."""

OPENINGS = CLAUSES - {"WHERE", "YIELD", "USING"}
"""Words that may stand where nothing but a clause can."""

INFIX = frozenset("AND OR XOR IN IS STARTS ENDS CONTAINS AS".split())
"""Words between two operands."""

PREFIX = frozenset(("NOT", "DISTINCT"))
"""Words before an operand."""

ORDERS = frozenset("ASC ASCENDING DESC DESCENDING".split())
"""Words behind an operand, with nothing behind them."""

SUBQUERIES = frozenset("EXISTS COUNT COLLECT".split())
"""Words that make an expression of a query in braces."""

PATHS = frozenset("ALL ANY SHORTEST PATH PATHS GROUP GROUPS".split())
"""Words that say which paths of a pattern are meant."""

TYPES = frozenset(
    "BOOL BOOLEAN STRING VARCHAR INT INTEGER SIGNED FLOAT DATE LOCAL ZONED TIME DATETIME TIMESTAMP WITH WITHOUT TIMEZONE ZONE "
    "DURATION POINT NODE VERTEX RELATIONSHIP EDGE MAP LIST ARRAY PATH PATHS ANY PROPERTY VALUE NOTHING NULL NOT".split()
)
"""Words of a type, behind IS TYPED or IS ::."""

NORMAL_FORMS = frozenset("NFC NFD NFKC NFKD".split())

TRIMS = frozenset("BOTH LEADING TRAILING".split())

HINTS = frozenset("INDEX RANGE TEXT POINT SEEK SCAN JOIN ON".split())
"""Words of a hint, behind USING."""

FUNCTIONS = frozenset(
    (
        # numbers
        "abs ceil floor isnan rand round sign acos asin atan atan2 cos cosh cot coth degrees haversin pi radians sin sinh "
        "tan tanh e exp log log10 sqrt "
        # predicates and lists
        "all any exists isempty none single keys labels nodes range reduce relationships tail "
        "tobooleanlist tofloatlist tointegerlist tostringlist "
        # aggregates
        "avg collect count max min percentilecont percentiledisc stdev stdevp sum "
        # text
        "btrim left lower ltrim normalize replace reverse right rtrim split substring tolower tostring tostringornull "
        "toupper trim upper char_length character_length "
        # single values
        "coalesce elementid endnode head id last length nullif properties randomuuid size startnode timestamp toboolean "
        "tobooleanornull tofloat tofloatornull tointeger tointegerornull type valuetype "
        # days and times
        "date date.realtime date.statement date.transaction date.truncate datetime datetime.fromepoch "
        "datetime.fromepochmillis datetime.realtime datetime.statement datetime.transaction datetime.truncate duration "
        "duration.between duration.indays duration.inmonths duration.inseconds localdatetime localdatetime.realtime "
        "localdatetime.statement localdatetime.transaction localdatetime.truncate localtime localtime.realtime "
        "localtime.statement localtime.transaction localtime.truncate time time.realtime time.statement "
        "time.transaction time.truncate "
        # places and vectors
        "point point.distance point.withinbbox vector.similarity.cosine vector.similarity.euclidean "
        # paths
        "shortestpath allshortestpaths"
    ).split()
)
"""Functions that may be called, in small letters."""

PROCEDURES = frozenset(
    (
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.schema.visualization",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
    )
)
"""Procedures that may be called, in small letters."""

_WRITES = "This address only reads; {word} writes"
_COMMAND = "{word} is a command for those who run the database"

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("CREATE MERGE SET DELETE DETACH NODETACH REMOVE FOREACH INSERT".split(), _WRITES),
        "LOAD": "{word} CSV reads files and addresses, which is closed to visitors",
        "USE": "There is one graph here; {word} is not needed",
        **dict.fromkeys(
            "SHOW TERMINATE ALTER DROP GRANT DENY REVOKE RENAME START STOP ENABLE DRYRUN REALLOCATE DEALLOCATE".split(),
            _COMMAND,
        ),
        **dict.fromkeys(
            ("EXPLAIN", "PROFILE", "CYPHER"), "How a query is planned is not for visitors; leave {word} out"
        ),
    }
)
"""Why a clause that stands where only reading clauses may is refused, for those that are known."""
