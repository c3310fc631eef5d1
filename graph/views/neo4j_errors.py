"""What asking the property graph may come to, and which of the driver's errors means which."""

from __future__ import annotations

import neo4j.exceptions

from ontology.errors import Explained

NOT_SHOWN = "A value of the answer can't be shown, such as a day before the year 1"


class GraphError(Explained):
    """The property graph did not do what it was asked."""


class GraphUnavailable(GraphError):
    """There is no Neo4j that answers. Asking again later may help."""


class CommitUnknown(GraphUnavailable):
    """The connection was lost while a transaction was committed: look whether it was."""


class NoRoom(GraphUnavailable):
    """The disk is too full to write; reading goes on."""


class QueryTimeout(GraphError):
    """The query was ended at its deadline."""


class QueryTooLarge(GraphError):
    """The query was ended at the limit of its memory."""


class QueryRefused(GraphError):
    """The query writes, or reaches for what a reader may not have."""


class QueryInvalid(GraphError):
    """The query is no Cypher, or does not fit its parameters."""


class QueryStopped(GraphError):
    """The query was ended because somebody asked for that."""


# What a part of Neo4j's status code means, the first match counts.
_KINDS: tuple[tuple[str, type[GraphError]], ...] = (
    ("TransactionTimedOut", QueryTimeout),
    ("OutOfMemory", QueryTooLarge),
    ("Transaction.Terminated", QueryStopped),
    ("Statement.AccessMode", QueryRefused),
    ("ExternalResourceFailed", QueryRefused),
    ("TransactionLogError", CommitUnknown),
    ("TransactionCommitFailed", CommitUnknown),
    ("TransactionStartFailed", GraphUnavailable),
    ("ClientError.Security.Forbidden", QueryRefused),
    ("ClientError.Security", GraphUnavailable),
    ("ClientError", QueryInvalid),
    ("Unavailable", GraphUnavailable),
)

# The connection is gone, and others to the same server are likely to be.
LOST = (neo4j.exceptions.ServiceUnavailable, neo4j.exceptions.SessionExpired)
# A database that could not write its log, say on a full disk, answers nothing more until it is started anew.
BROKEN = ("TransactionLogError", "TransactionStartFailed")


def worth_again(error: neo4j.exceptions.Neo4jError | neo4j.exceptions.DriverError) -> bool:
    """Whether asking once more may help, and the error was not the question's own fault."""
    if isinstance(error, LOST):
        return not _fell_silent(error)  # as after a query that killed its thread: it would do so again
    code = getattr(error, "code", None) or ""
    if isinstance(error, neo4j.exceptions.TransientError):
        return "MemoryPool" not in code and "Terminated" not in code
    return code.endswith("TransactionStartFailed")


def _fell_silent(error: BaseException | None) -> bool:
    """Whether a connection was given up because the server no longer said that it still works."""
    while error is not None:
        if isinstance(error, TimeoutError):
            return True
        error = error.__cause__ or error.__context__
    return False


def translated(error: neo4j.exceptions.Neo4jError | neo4j.exceptions.DriverError) -> GraphError:
    """Our error for one of the driver's."""
    if isinstance(error, neo4j.exceptions.BrokenRecordError):
        return QueryInvalid(NOT_SHOWN)
    if isinstance(error, neo4j.exceptions.DriverError):
        return GraphUnavailable(f"Neo4j cannot be reached: {error}")
    code, said = error.code or "", error.message or str(error)
    for part, kind in _KINDS:
        if part in code:
            return kind(said)
    return GraphError(said)
