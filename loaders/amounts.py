"""Numbers and amounts of money as Vietnamese and English offices write them.

Each reader takes the text of one cell and gives the canonical form, or raises ``ValueError`` with a reason for the sender.
"""

import re
from decimal import Decimal, InvalidOperation

from ontology.text import fold, nfc

_UNITS = {
    **dict.fromkeys(("ty", "ti", "billion", "bn"), 10**9),
    **dict.fromkeys(("trieu", "tr", "trd", "million", "mil"), 10**6),
    **dict.fromkeys(("nghin", "ngan", "thousand"), 10**3),
}
_DONG = {"dong", "vnd", "d", "viet", "nam", "viet nam"}
_PART = re.compile(r"(-?\d[\d.,\s\u00a0]*\d|-?\d)\s*([^\d]*)")
_FOREIGN = re.compile(
    r"[$€£¥]|\b(?:usd|eur|euro|gbp|jpy|yen|krw|won|cny|ndt|rub|aud|sgd|đô la|do la|đô|nhân dân tệ)\b", re.IGNORECASE
)


def read_number(text: str) -> Decimal:
    """A number with Vietnamese (633.092,5) or English (633,092.5) separators."""
    raw = text.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", raw) and len({c for c in raw if c in ".,"}) == 1:
        raw = re.sub(r"[.,]", "", raw)
    elif "," in raw and "." in raw:
        decimal = max(raw.rfind(","), raw.rfind("."))
        raw = re.sub(r"[.,]", "", raw[:decimal]) + "." + raw[decimal + 1 :]
    else:
        raw = raw.replace(",", ".")
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError(f"«{text}» is not understood as a number") from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 18:
        raise ValueError(f"«{text}» is no number that can be kept")
    return number


def exact(number: float) -> str:
    """A number cell as text that :func:`read_number` reads as that number: 1.234 of a spreadsheet is no thousand."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    plain = format(Decimal(repr(number)), "f")
    return f"{plain}0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", plain) else plain


def read_integer(text: str, factor: int = 1) -> str:
    """A whole number; amounts may say their unit ("633.092 triệu đồng", "2 tỷ", "1 tỷ 200 triệu"), else ``factor`` is the column's."""
    plain = nfc(text)
    if foreign := _FOREIGN.search(plain):
        raise ValueError(f"«{text}» is in {foreign[0].upper()}; amounts are kept in dong, give this one in dong")
    parts = _PART.findall(plain)
    if not parts or plain[: plain.index(parts[0][0])].strip():
        raise ValueError(f"«{text}» is not understood as a number")
    found = [(read_number(number), _unit(text, unit)) for number, unit in parts]
    sizes = [unit or 0 for _, unit in found]
    # "1 tỷ 200 triệu" adds up, "2 - 3 tỷ" doesn't
    if len(found) > 1 and (0 in sizes or sorted(set(sizes), reverse=True) != sizes):
        raise ValueError(f"«{text}» is not understood as one number")
    total = sum((number * (factor if unit is None else unit) for number, unit in found), Decimal(0))
    if total != total.to_integral_value():
        raise ValueError(f"«{text}» is no whole number")
    return str(int(total))


def _unit(text: str, unit: str) -> int | None:
    """What one of a number stands for; ``None`` where nothing is said."""
    words = fold(unit).split()
    sizes = [word for word in words if word not in _DONG]
    if not sizes:
        return 1 if words or "₫" in unit else None
    if len(sizes) > 1 or sizes[0] not in _UNITS:
        raise ValueError(f"«{text}» has the unknown unit «{unit.strip()}»")
    return _UNITS[sizes[0]]
