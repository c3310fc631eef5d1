"""What the nodes of an answer are called, and whether they were made up; looked up once each."""

from functools import cache

from api.links import address, known_form
from api.reading import Views
from api.workbench.pictures import Node
from ontology.model import ROOT, ontology


class Naming:
    """Names in one language.

    :param views: of the snapshot that was asked
    """

    def __init__(self, views: Views, language: str) -> None:
        self._views, self._language = views, language
        self.node = cache(self._node)
        self.illustrative = cache(self._illustrative)

    def _illustrative(self, identifier: str) -> bool:
        """Whether an entity was made up; concepts and records are not."""
        entity = "/" not in identifier and known_form(identifier)
        return entity and self._views.illustrative(identifier)

    def _node(self, identifier: str) -> Node:
        """A node by its id; without a kind where there is none of that id."""
        if not known_form(identifier):
            return Node(identifier)
        ref = self._views.ref(identifier, self._language)
        kind = "" if ref.type == ROOT else ontology().label(ref.type, self._language)
        return Node(ref.name or identifier, kind, address(identifier), self.illustrative(identifier))
