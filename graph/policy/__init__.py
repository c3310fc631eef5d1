"""Policy: the rules of law as pure functions over what is on record. The law is data: ``ontology/law.ttl``."""
