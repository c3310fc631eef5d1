"""Binds what somebody asks with to a question's parameters: types, defaults, names to ids, codes to concepts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from graph.questions.errors import QuestionError
from graph.questions.named import AS_OF, NamedQuestion, Parameter
from graph.questions.parsing import parse
from graph.statements.home import today
from graph.views.naming import Names, called, identified, near
from graph.views.rdf import identifier_of
from ontology.schemes import schemes

MOST_VALUES = 100
"""Values of one parameter."""
Bound = Mapping[str, Any]
"""Parameter → ``str`` (texts, ids), ``int``, ``float``, ``bool``, ``date``, a tuple of these, or ``None`` where it is left out."""


def bind(question: NamedQuestion, given: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What a question is asked with, ``as_of`` among it.

    :param given: parameter → value, or values where it takes several; text is read by the parameter's type, an empty one is none
    :param names: of the snapshot that is asked, to find ids
    :raises QuestionError: where a parameter is unknown, missing or not of its type
    """
    if set(given) - set(question.parameters) - {AS_OF}:
        known = ", ".join((*question.parameters, AS_OF))
        raise QuestionError(f"{question.name} takes {known}; leave other parameters out")
    bound = {
        name: _bind(question, name, parameter, given.get(name), names)
        for name, parameter in question.parameters.items()
    }
    days = _listed(given.get(AS_OF))
    bound[AS_OF] = _typed(AS_OF, "day", days[0]) if days else date.fromisoformat(today())
    return bound


def _listed(given: Any) -> list[Any]:
    """Values as a list, without the empty ones of a form."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    values = list(given) if several else [given]
    return [value for value in values if value is not None and not (isinstance(value, str) and not value.strip())]


def _bind(question: NamedQuestion, name: str, parameter: Parameter, given: Any, names: Names) -> Any:
    values = _listed(given) or _listed(parameter.default)
    if not values:
        if parameter.optional:
            return None
        wanted = f" (a {parameter.class_})" if parameter.class_ else ""
        raise QuestionError(f"{question.name} needs {name}: {parameter.label.en}{wanted}")
    if len(values) > (MOST_VALUES if parameter.several else 1):
        raise QuestionError(f"{name}: give {f'at most {MOST_VALUES} values' if parameter.several else 'one value'}")
    # a value given twice would double the rows of VALUES
    found = tuple(dict.fromkeys(_value(name, parameter, value, names) for value in values))
    return found if parameter.several else found[0]


def _typed(name: str, kind: str, value: Any) -> Any:
    try:
        return parse(kind, value)
    except ValueError as error:
        raise QuestionError(f"{name}: {error}") from None


def _value(name: str, parameter: Parameter, given: Any, names: Names) -> Any:
    value = _typed(name, parameter.type, given)
    if parameter.type == "id":
        return _node(name, value, parameter.class_ or "", names)
    if parameter.type == "concept":
        return _concept(name, value, parameter.scheme or "", names)
    return value


def _node(name: str, text: str, cls: str, names: Names) -> str:
    node = identified(names, text, cls)
    if node is not None:
        return node
    exact, hits = called(names, text, cls)
    if len(exact) == 1:
        return exact[0]
    if exact:
        several = near([hit for hit in hits if hit.id in exact])
        raise QuestionError(f"{name}: several of class {cls} are called so; give the id of one: {several}")
    hint = f"near are {near(hits)}" if hits else "search for it first"
    raise QuestionError(f"{name}: no {cls} is called so; {hint}")


def _concept(name: str, text: str, scheme: str, names: Names) -> str:
    prefix = f"scheme/{scheme}/"
    identifier = identifier_of(text) or text
    # a scheme that was loaded from a file is not among the shipped ones, but its concepts are nodes under their codes
    candidates = (schemes().find(scheme, text), identifier, f"{prefix}{text}")
    for candidate in candidates:
        if candidate and candidate.startswith(prefix) and identified(names, candidate, "Concept"):
            return candidate
    raise QuestionError(f"{name}: the scheme {scheme} has no such concept; give its code, name, id or IRI")
