"""Resolve: from statements and entities to one table, a pure function with one build path for everything that reads it."""
