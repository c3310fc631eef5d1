"""Record linkage: which mentions of persons are one person, by a model that is learned without labels (Splink on DuckDB)."""
