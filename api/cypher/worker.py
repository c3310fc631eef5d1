"""A worker process for Cypher, from its command line on."""

import sys

_UNUSED = ("numpy", "pandas", "pyarrow")
"""What Neo4j's driver imports where it is installed: 100 MB in each worker, for nothing."""


def main() -> None:
    """Answer queries. The arguments are where Neo4j is and bytes of memory; the socket is standard input."""
    for name in _UNUSED:
        sys.modules[name] = None  # type: ignore[assignment]  # counts as not installed
    from api.cypher.answering import serve

    serve(sys.argv[1], int(sys.argv[2]))


if __name__ == "__main__":
    main()
