"""The workbench: one page with an editor for SPARQL and one for Cypher, their answers, and links to share."""
