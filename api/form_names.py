"""What a form shows of the parts of a question: a name in the place of the id that a link carried, where the name alone means the same."""

from collections.abc import Mapping

from api.reading import Views
from graph.views.naming import identified, meant

_CLASSES = {
    "technology": "Technology",
    "need": "TechnologyNeed",
    "firm": "Organization",
    "intermediary": "Organization",
    "to": "Organization",
    "giver": "Organization",
}
"""Part of a question → the class of what may be named there."""


def shown_parts(views: Views, given: Mapping[str, str], language: str) -> dict[str, str]:
    """The parts as a form shows them.

    :param given: part → what was typed, or what a link carried
    """
    return {part: _shown(views, text, _CLASSES[part], language) for part, text in given.items()}


def _shown(views: Views, text: str, cls: str, language: str) -> str:
    node = identified(views, text, cls) if text else None
    name = views.ref(node, language).name if node else None
    return name if name and meant(views, name, cls, language) == node else text
