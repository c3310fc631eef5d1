"""The views of a snapshot: property graph, RDF dataset, search index, arrays; each rebuilt or changed by one publish."""
