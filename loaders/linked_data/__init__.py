"""Linked data in any syntax of RDF, read by what the ontology's alignments say of its terms: ORG, FOAF, VIVO, schema.org, our own."""
