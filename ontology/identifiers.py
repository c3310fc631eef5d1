"""Identifiers in one form, so that the same one is the same wherever it is written."""

import re

from ontology.text import nfc

_ADDRESSED = {"ror", "orcid", "wikidata", "isni", "openalex"}
"""Schemes whose identifiers are also written as web addresses: the last segment is the identifier."""


def canonical(scheme: str, value: str) -> str:
    """An identifier as it is compared and shown.

    :param scheme: its scheme, such as ``ror`` or ``tax-code``
    """
    text = nfc(value)
    if scheme in _ADDRESSED and re.match(r"^https?://", text, re.IGNORECASE):
        text = text.rstrip("/").rsplit("/", 1)[-1]
    if scheme in ("isni", "tax-code"):
        text = re.sub(r"[\s.]", "", text)
    if scheme in ("ror", "doi"):
        text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.lower())
    return text
