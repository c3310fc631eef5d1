"""Writes Vietnamese text in the encodings of before Unicode, by tables of its own: what the loaders read is written here.

TCVN 5712:1993 (VN3 with the capitals that its fonts have) and the key table of VNI are typed here letter by letter from the published
tables, not taken from the code that is tested.
"""

from unicodedata import normalize

TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Grave, hook, tilde, acute, dot below: the order of the tables."""

_TCVN3_ROWS = {
    "a": "B5 B6 B7 B8 B9",
    "ă": "BB BC BD BE C6",
    "â": "C7 C8 C9 CA CB",
    "e": "CC CE CF D0 D1",
    "ê": "D2 D3 D4 D5 D6",
    "i": "D7 D8 DC DD DE",
    "o": "DF E1 E2 E3 E4",
    "ô": "E5 E6 E7 E8 E9",
    "ơ": "EA EB EC ED EE",
    "u": "EF F1 F2 F3 F4",
    "ư": "F5 F6 F7 F8 F9",
    "y": "FA FB FC FD FE",
}
TCVN3 = dict(zip("ĂÂÊÔƠƯĐăâêôơưđ", bytes.fromhex("A1A2A3A4A5A6A7A8A9AAABACADAE"), strict=True))
TCVN3 |= {
    normalize("NFC", base + tone): code
    for base, codes in _TCVN3_ROWS.items()
    for tone, code in zip(TONES, bytes.fromhex(codes), strict=True)
}

_VNI_BASE = {"ă": ("a", "êèúüéë"), "â": ("a", "âàåãáä"), "ê": ("e", "âàåãáä"), "ô": ("o", "âàåãáä")}
"""Letter → what it is written by: without a tone, and with each."""
_VNI_PLAIN = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ơ": "ô", "ư": "ö"}
VNI = {"đ": "ñ", "ơ": "ô", "ư": "ö"}
VNI |= dict(zip("ìỉĩíị", "ìæóíò", strict=True))
for _letter, (_base, _marks) in _VNI_BASE.items():
    VNI[_letter] = _base + _marks[0]
    VNI |= {normalize("NFC", _letter + tone): _base + mark for tone, mark in zip(TONES, _marks[1:], strict=True)}
for _letter, _written in _VNI_PLAIN.items():
    VNI |= {normalize("NFC", _letter + tone): _written + mark for tone, mark in zip(TONES, "øûõùï", strict=True)}
VNI["ỵ"] = "î"
VNI |= {letter.upper(): written.upper() for letter, written in VNI.items()}


def accented() -> list[str]:
    """The 134 letters of Vietnamese that have a mark, small and capital."""
    bases = "aăâeêioôơuưy"
    small = {normalize("NFC", base + tone) for base in bases for tone in ["", *TONES]} | {"đ"}
    small = {letter for letter in small if not letter.isascii()}
    return sorted(small) + sorted(letter.upper() for letter in small)


def tcvn3(text: str) -> bytes:
    """A capital that the font has no place for is written by its small letter, which the capital font draws as a capital."""
    return bytes(
        TCVN3.get(letter, TCVN3.get(letter.lower())) or ord(letter.encode("cp1252").decode("latin-1"))
        for letter in text
    )


def vni(text: str) -> bytes:
    return "".join(VNI.get(letter, letter) for letter in text).encode("cp1252")


def windows_1258(text: str) -> bytes:
    """Precomposed where the code page has the letter, with the tone as a mark behind it elsewhere."""
    found = b""
    for letter in text:
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = normalize("NFD", letter)
            tone = "".join(part for part in parts if part in TONES)
            base = normalize("NFC", "".join(part for part in parts if part not in TONES))
            found += (base + tone).encode("cp1258")
    return found


ENCODERS = {
    "windows-1258": windows_1258,
    "TCVN3": tcvn3,
    "VNI": vni,
}
