"""The Vietnamese of before Unicode: bytes to which a font gave Vietnamese shapes. Read as Latin text it is "C«ng nghÖ" or "Coâng ngheä".

TCVN3 (also ABC, fonts .VnTime …) has one byte a letter, after TCVN 5712:1993. Capitals with a tone live in another font (.VnTimeH …),
in the places of the small letters, and a cell does not say its font: a letter is made a capital where the other letters of its word
or cell are capitals, and stays small where they don't tell ("µ" alone may have been "À"). A name written wholly in small letters of
the capital font reads as small letters.

VNI (fonts VNI-Times …) writes a letter and behind it one byte for its marks; only đ, ơ, ư, the i with a tone and ỵ have bytes of
their own. It keeps capitals.
"""

import re
from unicodedata import normalize

_TCVN3_SMALL = (
    "ă:A8 â:A9 ê:AA ô:AB ơ:AC ư:AD đ:AE à:B5 ả:B6 ã:B7 á:B8 ạ:B9 ằ:BB ẳ:BC ẵ:BD ắ:BE ặ:C6 ầ:C7 ẩ:C8 ẫ:C9 ấ:CA ậ:CB "
    "è:CC ẻ:CE ẽ:CF é:D0 ẹ:D1 ề:D2 ể:D3 ễ:D4 ế:D5 ệ:D6 ì:D7 ỉ:D8 ĩ:DC í:DD ị:DE ò:DF ỏ:E1 õ:E2 ó:E3 ọ:E4 ồ:E5 ổ:E6 ỗ:E7 ố:E8 ộ:E9 "
    "ờ:EA ở:EB ỡ:EC ớ:ED ợ:EE ù:EF ủ:F1 ũ:F2 ú:F3 ụ:F4 ừ:F5 ử:F6 ữ:F7 ứ:F8 ự:F9 ỳ:FA ỷ:FB ỹ:FC ý:FD ỵ:FE"
)
_TCVN3_CAPITAL = (
    "Ă:A1 Â:A2 Ê:A3 Ô:A4 Ơ:A5 Ư:A6 Đ:A7 Ằ:AF Ẳ:BA Ẵ:BF Ắ:C0 Ầ:C1 Ẩ:C2 Ẫ:C3 Ấ:C4 Ề:C5 Ể:CD Ễ:D9 Ế:DA Ồ:DB Ổ:E0 Ỗ:F0 Ố:FF"
)
TCVN3 = {
    chr(int(code, 16)): letter
    for letter, code in (entry.split(":") for entry in f"{_TCVN3_SMALL} {_TCVN3_CAPITAL}".split())
}
"""Latin-1 character → letter. 0xB0 to 0xB4, which the standard gives to marks that are combined, are left as ° ± ² ³ ´: no font's
keyboard wrote them, but people write "m²"."""

_TCVN3_TABLE = str.maketrans(TCVN3)
_NO_TONE, _GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_BREVE, _CIRCUMFLEX = "\u0306", "\u0302"
_TONES = {_GRAVE: "ø", _ACUTE: "ù", _HOOK: "û", _TILDE: "õ", _DOT: "ï"}
_WITH_CIRCUMFLEX = {_NO_TONE: "â", _GRAVE: "à", _ACUTE: "á", _HOOK: "å", _TILDE: "ã", _DOT: "ä"}
_WITH_BREVE = {_NO_TONE: "ê", _GRAVE: "è", _ACUTE: "é", _HOOK: "ú", _TILDE: "ü", _DOT: "ë"}
_ALONE = {"đ": "ñ", "ơ": "ô", "ư": "ö", "ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def _vni() -> dict[str, str]:
    """VNI's writing → letter, small letters and capitals."""
    small = {written: letter for letter, written in _ALONE.items()}
    for base in "aeouôöy":
        letter = small.get(base, base)
        small |= {base + written: normalize("NFC", letter + tone) for tone, written in _TONES.items()}
    for bases, marks, quality in (("aeo", _WITH_CIRCUMFLEX, _CIRCUMFLEX), ("a", _WITH_BREVE, _BREVE)):
        for base in bases:
            small |= {base + written: normalize("NFC", base + quality + tone) for tone, written in marks.items()}
    del small["yï"]  # written with a byte of its own
    capitals = {written.upper(): letter.upper() for written, letter in small.items()}
    # a capital may have the mark of a small letter behind it
    mixed = {written.capitalize(): letter.upper() for written, letter in small.items() if len(written) == 2}
    return {**mixed, **small, **capitals}


VNI = _vni()
"""VNI's writing, as Latin-1 text of one or two characters → letter."""

_VNI_WRITTEN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_WORD = re.compile(r"[^\W\d_]+")


def from_tcvn3(text: str) -> str:
    """What text typed in a TCVN3 font says.

    :param text: its bytes as Latin-1 or windows-1252 characters
    """
    read = text.translate(_TCVN3_TABLE)
    if _only_capitals(text, 3):
        return read.upper()
    return _WORD.sub(lambda word: word[0].upper() if _only_capitals(text[slice(*word.span())], 2) else word[0], read)


def _only_capitals(text: str, least: int) -> bool:
    """Whether the letters that tell, which are the unmarked ones, are all capitals, and enough of them."""
    plain = [character for character in text if character.isascii() and character.isalpha()]
    return len(plain) >= least and not any(map(str.islower, plain))


def from_vni(text: str) -> str:
    """What text typed in a VNI font says.

    :param text: its bytes as Latin-1 or windows-1252 characters
    """
    return _VNI_WRITTEN.sub(lambda written: VNI[written[0]], text)


FONTS = {"TCVN3": from_tcvn3, "VNI": from_vni}
"""Name of a font family → its reading."""
