"""Technologies that stand apart and may be one, as the model of records compares them today: what all that is known of each says."""

from collections.abc import Iterator

import numpy as np

from graph.answer.compared_records import said_of
from graph.answer.review_pairs import LEAST, Found, Ground
from graph.links.records.parameters import read_technology_parameters
from graph.links.records.technology_comparisons import TECHNOLOGIES
from graph.links.records.technology_mentions import describe_technologies, described_twice
from graph.links.technologies import Rivals, compared


def uncertain_technologies(ground: Ground) -> Iterator[Found]:
    """The pairs of a snapshot; where several ways to link one are as sure, each is as probable as that leaves it.

    :param ground: what the queue is made of
    """
    if not described_twice(ground.con):
        return
    # whatever is one technology today says together what it knows
    told = describe_technologies(ground.con, ground.entity, ground.entity)
    parameters = read_technology_parameters()
    pairs = compared(ground.con, told, parameters)
    rivals = Rivals(told, pairs)
    for at in np.flatnonzero(pairs.probability >= LEAST).tolist():
        probability = rivals.probability(at)
        earlier, later = (ground.entity.get(told[int(end[at])].first, "") for end in (pairs.left, pairs.right))
        if probability >= LEAST and earlier and later and earlier != later:
            why = said_of(TECHNOLOGIES, parameters.learned, pairs, at, probability)
            yield Found(later, earlier, False, probability, why, "", ((), ()))
