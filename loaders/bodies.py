"""Several bodies in one cell, as offices write them: "Bộ Tài chính; các bộ, ngành; VTV, VOV"."""

import re

from ontology.text import fold, nfc

_HEADS = (
    "bộ",
    "sở",
    "ban",
    "cục",
    "vụ",
    "tổng cục",
    "viện",
    "trường",
    "đại học",
    "học viện",
    "ủy ban",
    "uỷ ban",
    "ubnd",
    "tập đoàn",
    "tổng công ty",
    "công ty",
    "liên hiệp",
    "hội",
    "hiệp hội",
    "đài",
    "văn phòng",
    "ngân hàng",
    "thanh tra",
    "kiểm toán",
    "tòa án",
    "trung tâm",
    "thông tấn",
    "quỹ",
    "chi cục",
    "mặt trận",
    "đoàn",
    "phòng",
    "khoa",
    "các",
    "một số",
    "địa phương",
    "bộ,",
)
_HEAD = "|".join(re.escape(head) for head in sorted(_HEADS, key=len, reverse=True))
_ACRONYM = r"[A-ZĐ][A-ZĐ0-9&-]{1,11}(?=\s*(?:[,;.]|$|\svà\s))"
_BREAK = re.compile(
    rf"\s*;\s*|\s*\n\s*[-–•+*]\s+|\s*[,\n]\s*(?=(?i:{_HEAD})(?=[\s,]|$)|{_ACRONYM})|\s+và\s+(?=(?:{_HEAD.title()}|{_HEAD})\s+[A-ZĐ]|các\s|{_ACRONYM})"
    r"|(?<=[^\s,;])\s+(?=Bộ\s[A-ZĐ])"
)
_COLLECTIVE = re.compile(
    r"^(?:(?:va )?(?:cac|mot so|nhung|dia phuong)\b.*|(?:cac )?(?:bo|nganh|dia phuong|co quan|don vi|to chuc)(?: nganh| dia phuong| lien quan| co lien quan"
    r"| va| duoc lua chon)*|tap doan doanh nghiep.*|bo nganh.*|doanh nghiep)$"
)


def split_bodies(cell: str) -> list[str]:
    """The bodies that a cell names, each once, in their order.

    A comma or a line break inside a name ("Bộ Văn hóa, Thể thao và Du lịch") does not part it. Collective words ("các bộ, ngành, địa phương") are no
    bodies and are left out; whoever needs the cell as it stands keeps it as a text.
    """
    found: dict[str, str] = {}
    for part in _BREAK.split("\n".join(map(nfc, cell.splitlines()))):
        name = nfc(part).strip(" ,.;-")
        folded = fold(name)
        if folded and not _COLLECTIVE.match(folded):
            found.setdefault(folded, name)
    return list(found.values())


_TITLE_WORDS = (
    r"(?:phó\s+)?giáo\s+sư|viện\s+sĩ|tiến\s+s[ĩỹ](?:\s+khoa\s+học)?|thạc\s+s[ĩỹ]|kỹ\s+sư|cử\s+nhân|bác\s+s[ĩỹ]|dược\s+s[ĩỹ]"
    r"|nhà\s+giáo\s+(?:nhân\s+dân|ưu\s+tú)|PGS|GS|VS|TSKH|T\.?S|Th\.?S|CN|KS|KTS|BS\.?CK\.?(?:II|I|2|1)|BSNT|BS|DS|NCS|GVC|NGND|NGƯT|TTND|TTƯT"
    r"|Ph\.?D|Dr|Prof|Assoc|Assist|Mr|Mrs|Ms|Ông|Bà"
)
_TITLE = re.compile(rf"^((?:(?:{_TITLE_WORDS})(?![^\W\d_])[.,–-]*\s*)+)(?=\S)", re.IGNORECASE)
_TITLE_BEHIND = re.compile(r",\s*((?:Ph\.?D|M\.?Sc|MBA|M\.?D|Dr|TS|ThS|PGS\.?\s?TS|GS\.?\s?TS)\.?)$", re.IGNORECASE)


def split_title(cell: str) -> tuple[str, str]:
    """A person's academic title and name: "PGS.TS. Nguyễn Văn A" is ("PGS.TS.", "Nguyễn Văn A"). The title is kept as written."""
    name = nfc(cell)
    found = _TITLE.match(name)
    if found is not None and found.end() < len(name):
        return found[1].strip(" ,–-"), name[found.end() :].strip()
    behind = _TITLE_BEHIND.search(name)
    if behind is not None and behind.start() > 0:
        return behind[1], name[: behind.start()].strip()
    return "", name
