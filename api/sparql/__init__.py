"""Visitors' SPARQL: looked at before any parser sees it, run in worker processes that can be killed, answered by the W3C protocol."""
