"""Strings to organisations: what an affiliation, a cell or a request names, linked to the bodies that are known."""
