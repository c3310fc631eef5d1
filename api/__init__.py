"""The ways in: HTTP, pages, SPARQL, Cypher, command line. Nobody imports this package."""
