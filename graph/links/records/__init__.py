"""Record linkage: which mentions are one person or one organisation, by models that are learned without labels (Splink on DuckDB)."""
