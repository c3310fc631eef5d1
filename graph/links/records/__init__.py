"""Record linkage: which mentions are one person, one organisation or one technology, by models that are learned without labels (Splink on DuckDB)."""
