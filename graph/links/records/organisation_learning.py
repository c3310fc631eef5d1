"""Learning how organisations are linked, without labels: a register's bodies as two registers would write them.

Each of two writers knows some of a body's names, of its short forms, its site, its places and its country; one writer in seven has
lost the diacritics of a name, or types in capitals. Which two records are of one body is not looked at.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from graph.links.profiles import Profile
from graph.links.records.learning import learn_parameters
from graph.links.records.organisations import ORGANISATIONS, count_words, make_organization_records
from graph.links.records.parameters import OrganizationParameters
from graph.links.strings.bodies import ACRONYM, Body
from graph.statements.loads import connect
from ontology.text import fold

_SHORT, _SITE, _PLACE, _COUNTRY = 0.5, 0.4, 0.6, 0.8
"""How often a writer gives a body's short forms, its site, its places, its country."""
_BOTH, _SLIP = 0.5, 0.15
"""How often both writers know the main name, and how often a name is typed without care."""


def written_twice(bodies: Iterable[Body], seed: int) -> list[tuple[str, Profile]]:
    """Each body as two writers know it, in no order: its id, and the profile."""
    rng = random.Random(seed)
    written = [one for body in bodies for one in _writers(body, rng)]
    rng.shuffle(written)
    return [(body, replace(profile, members=[f"{at}"], rank=at)) for at, (body, profile) in enumerate(written)]


def _writers(body: Body, rng: random.Random) -> Iterator[tuple[str, Profile]]:
    names = [text for prop, text, _ in body.names if prop != ACRONYM]
    if not names:
        return
    main, *others = names
    rng.shuffle(others)
    known: tuple[list[str], list[str]] = ([], [])
    for name in others:
        known[rng.randrange(2)].append(name)
    both = rng.random() < _BOTH or not all(known)
    for of in (0, 1) if both else (rng.randrange(2),):
        known[of].append(main)
    short = [text for prop, text, _ in body.names if prop == ACRONYM]
    for of in (0, 1):
        yield (
            body.id,
            Profile(
                members=[],
                rank=0,
                source=f"writer {of}",
                names=tuple(sorted({_typed(name, rng) for name in known[of]})),
                classes=frozenset({"Organization"}),
                country=body.country if rng.random() < _COUNTRY else None,
                hosts=frozenset(body.hosts if rng.random() < _SITE else ()),
                acronyms=frozenset(short if rng.random() < _SHORT else ()),
                places=frozenset(body.places if rng.random() < _PLACE else ()),
            ),
        )


def _typed(name: str, rng: random.Random) -> str:
    return name if rng.random() >= _SLIP else rng.choice((fold(name), name.upper()))


def learn_organisations(bodies: list[Body], seed: int, day: str) -> OrganizationParameters:
    """Learn the model, and in how many bodies words occur.

    :param day: of the file of parameters
    """
    profiles = [profile for _, profile in written_twice(bodies, seed)]
    words = count_words(profiles)
    with connect() as con:
        make_organization_records(con, profiles, words)
        learned = learn_parameters(con, ORGANISATIONS)
    digest = sha256(
        "\n".join(repr((body.id, body.names, body.country, body.places, body.hosts)) for body in bodies).encode()
    )
    return OrganizationParameters(day, digest.hexdigest(), len(bodies), learned, words)
