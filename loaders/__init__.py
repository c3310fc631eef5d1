"""Records in: a loader is a pure function from a file to records and rejects. It knows the ontology and nothing of the graph."""
