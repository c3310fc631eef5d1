"""CERIF-XML of the OpenAIRE guidelines for CRIS managers, 1.1 and 1.2 (https://openaire-guidelines-for-cris-managers.readthedocs.io)."""
