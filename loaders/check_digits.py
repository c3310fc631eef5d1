"""The check digits of identifiers: ROR (https://ror.readme.io/docs/identifier), ISNI and ORCID iD (ISO 7064 MOD 11-2), LEI (ISO 17442), tax code."""

import re
from collections.abc import Callable

from ontology.identifiers import canonical

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def _ror(text: str) -> bool:
    if not re.fullmatch(r"0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}", text):
        return False
    number = 0
    for sign in text[:7]:
        number = number * 32 + _CROCKFORD.index(sign)
    return int(text[7:]) == 98 - number * 100 % 97


def _isni(text: str) -> bool:
    signs = text.replace("-", "")
    if not re.fullmatch(r"[0-9]{15}[0-9X]", signs):
        return False
    total = 0
    for sign in signs[:-1]:
        total = (total + int(sign)) * 2
    return "0123456789X".index(signs[-1]) == (12 - total % 11) % 11


def _orcid(text: str) -> bool:
    return re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", text) is not None and _isni(text)


def _lei(text: str) -> bool:
    return (
        re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", text) is not None
        and int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1
    )


def _tax_code(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{10}(?:-[0-9]{3})?", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _TAX_WEIGHTS, strict=False))
    return int(text[9]) == 10 - total % 11


_CHECKS: dict[str, Callable[[str], bool]] = {
    "ror": _ror,
    "isni": _isni,
    "orcid": _orcid,
    "lei": _lei,
    "tax-code": _tax_code,
}


def fits(scheme: str, value: str) -> bool:
    """Whether an identifier has the form of its scheme and its check digit; true of a scheme that has none."""
    check = _CHECKS.get(scheme)
    return check is None or check(canonical(scheme, value))
