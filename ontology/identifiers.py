"""Identifiers in one form, so that the same one is the same wherever it is written; and their check digits."""

import re
from collections.abc import Callable, Mapping

from ontology.text import nfc

_ADDRESSED = {"ror", "orcid", "wikidata", "isni", "openalex"}
"""Schemes whose identifiers are also written as web addresses: the last segment is the identifier."""
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def canonical(scheme: str, value: str) -> str:
    """An identifier as it is compared and shown.

    :param scheme: its scheme, such as ``ror`` or ``tax-code``
    """
    text = nfc(value)
    if scheme in _ADDRESSED and re.match(r"^(?:https?://|(?:www\.)?[a-z]+\.org/)", text, re.IGNORECASE):
        text = text.rstrip("/").rsplit("/", 1)[-1]
    if scheme in ("isni", "tax-code"):
        text = re.sub(r"[\s.]", "", text)
    if scheme == "tax-code":
        text = re.sub(r"^(\d{10})[-–]?(\d{3})$", r"\1-\2", text)
    if scheme == "orcid":
        text = re.sub(r"^(\w{4})[- ]?(\w{4})[- ]?(\w{4})[- ]?(\w{4})$", r"\1-\2-\3-\4", text).upper()
    if scheme in ("ror", "doi"):
        text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.lower())
    return text


def _tax_code(text: str) -> str | None:
    if re.fullmatch(r"[0-9]{12}", text):
        return "is a citizen's number, which is not kept"
    if not re.fullmatch(r"[0-9]{10}(?:-[0-9]{3})?", text):
        return "has neither ten digits nor ten and three"
    rest = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, text, strict=False)) % 11
    return None if 10 - rest == int(text[9]) else "has a wrong check digit (the tenth)"


def _iso_7064_11_2(text: str) -> str | None:
    """ORCID and ISNI: ISO 7064 MOD 11-2 over sixteen characters."""
    bare = text.replace("-", "").upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", bare):
        return "has not sixteen digits"
    total = 0
    for digit in bare[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return None if bare[-1] == ("X" if check == 10 else str(check)) else "has a wrong check digit (the last)"


def _ror(text: str) -> str | None:
    """ISO 7064 MOD 97-10 over the number that six digits of base 32 write."""
    if not re.fullmatch(rf"0[{_ROR_DIGITS}]{{6}}[0-9][0-9]", text):
        return "has not the form of a ROR id"
    number = 0
    for digit in text[:7]:
        number = 32 * number + _ROR_DIGITS.index(digit)
    return None if int(text[7:]) == 98 - number * 100 % 97 else "has wrong check digits (the last two)"


def _lei(text: str) -> str | None:
    """ISO 7064 MOD 97-10, letters counted from 10."""
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9][0-9]", text):
        return "has not twenty characters"
    return (
        None if int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1 else "has wrong check digits (the last two)"
    )


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "tax-code": _tax_code,
    "orcid": _iso_7064_11_2,
    "isni": _iso_7064_11_2,
    "ror": _ror,
    "lei": _lei,
}
"""Scheme → what is wrong with an identifier in its canonical form, if anything is. Tax codes: weights of the tax office, remainder by
11 taken from 10; others as ISO 7064 and their registers describe it."""


def fault(scheme: str, value: str) -> str | None:
    """What is wrong with an identifier; ``None`` where nothing is, or nobody can tell.

    :param scheme: its scheme, such as ``ror`` or ``tax-code``
    """
    check = CHECKS.get(scheme)
    return check(canonical(scheme, value)) if check else None


def fits(scheme: str, value: str) -> bool:
    """Whether an identifier has the form of its scheme and its check digit; true of a scheme that has none."""
    return fault(scheme, value) is None
