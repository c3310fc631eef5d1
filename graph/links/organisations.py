"""Organisations: by rules where an identifier, a name or a site is shared, and by a model of records where nothing of these is.

The model also says how probable links by name alone are. Measured, rules and model together find more than either, see
docs/decisions/0024.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa

from graph.links.matching import SAME_NAME, Link
from graph.links.profiles import Profile
from graph.links.records.bodies import joined
from graph.links.records.comparisons import reasons
from graph.links.records.model import Pairs, predict
from graph.links.records.organisations import ORGANISATIONS, make_organization_records
from graph.links.records.parameters import OrganizationParameters

LINKED = 0.9
"""Probability from which the model links two organisations; below it a curator is asked."""
LIKELY = 0.5
"""Probability below which two of one name are rather two: the link stands, and a curator is asked."""
_CONSIDERED = 0.01
_DIGITS = 4
"""Of a probability: statements keep it as a float of 32 bits."""


def compared(
    con: duckdb.DuckDBPyConnection,
    profiles: list[Profile],
    parameters: OrganizationParameters,
    only: Sequence[int] | None = None,
) -> Pairs:
    """Pairs of profiles, by their places in the list, as the model compares them.

    :param only: places in the list; pairs are then those with at least one of them
    """
    make_organization_records(con, profiles, parameters.words)
    if only is not None:
        con.register("asked_here", pa.table({"number": pa.array(only, pa.int64())}))
        con.execute("CREATE OR REPLACE TEMP TABLE profiles_asked AS SELECT number FROM asked_here")
        con.unregister("asked_here")
    return predict(con, ORGANISATIONS, parameters.learned, _CONSIDERED, None if only is None else "profiles_asked")


def by_records(
    con: duckdb.DuckDBPyConnection,
    profiles: list[Profile],
    links: Iterable[Link],
    changed: set[str] | None,
    parameters: OrganizationParameters,
) -> Iterator[Link]:
    """The links that rules made, those by name with the model's doubts, and what the model links besides.

    :param links: of rules, and those of before between mentions that did not change
    :param changed: the mentions that are decided anew; all where it is ``None``
    """
    told = [*links]
    place = {member: at for at, profile in enumerate(profiles) for member in profile.members}
    only = None if changed is None else sorted({place[subject] for subject in changed if subject in place})
    if only == [] or not profiles:
        yield from told
        return
    pairs = compared(con, profiles, parameters, only)
    probability = dict(
        zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.probability.tolist(), strict=True)
    )
    asked = None if only is None else {*only}
    before = []
    for link in told:
        one, other = sorted((place[link.later], place[link.earlier]))
        before.append((one, other))
        if one != other and link.probability == SAME_NAME and (asked is None or not asked.isdisjoint((one, other))):
            likely = probability.get((one, other), _CONSIDERED)
            yield link if likely >= LIKELY else replace(link, probability=round(likely, _DIGITS))
        else:
            yield link
    sure = pairs.take(np.flatnonzero(pairs.probability >= LINKED))
    for at in joined(profiles, sure, before):
        later, earlier = profiles[int(sure.right[at])], profiles[int(sure.left[at])]
        why = "; ".join(reasons(ORGANISATIONS, sure.outcomes[at].tolist()))
        name = later.names[0] if later.names else later.first
        yield Link(later.first, earlier.first, round(float(sure.probability[at]), _DIGITS), f"«{name}»: {why}")
