"""How people really write a name: in capitals, without diacritics, with the legal form cut short, by its acronym."""

import unicodedata
from collections.abc import Iterable

_SHORT_FORMS = (("Công ty Cổ phần", "CTCP"), ("Công ty TNHH", "Cty TNHH"))


def without_diacritics(name: str) -> str:
    """The name as on a keyboard without Vietnamese."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def short_form(name: str) -> str:
    """The name with its legal form cut short."""
    for form, short in _SHORT_FORMS:
        name = name.replace(form, short)
    return name


class Respeller:
    """Respells a fixed number of the names that pass through, by the rows' places, and remembers what it did.

    :param every: one in so many rows is respelled
    :param acronyms: name → acronym, where a body has one
    """

    def __init__(self, every: int, acronyms: Iterable[tuple[str, str]] = ()) -> None:
        self._every, self._acronyms = every, dict(acronyms)
        self.done: dict[str, str] = {}

    def __call__(self, at: int, name: str) -> str:
        if not name or at % self._every:
            return name
        ways = (without_diacritics(name), name.upper(), self._acronyms.get(name) or short_form(name))
        spelling = ways[at // self._every % 3]
        if spelling != name:
            self.done[spelling] = name
        return spelling
