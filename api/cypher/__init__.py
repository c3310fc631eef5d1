"""Cypher over HTTP: a visitor's query is read and refused, or run under READ access with limits, and answered on one snapshot."""
